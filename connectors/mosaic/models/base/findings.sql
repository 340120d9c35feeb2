-- One row is one thing that the connector did not understand; `stop` ends the run. No row holds a value of a person.
with

steps as (

    select * from {{ source('landed', 'dm_workflow_steps') }}

),

step_types as (

    select * from {{ ref('step_types') }}

),

unknown_steps as (

    select
        'stop' as severity,
        'step type ' || steps.workflow_step_type_id
        || coalesce(' (' || max(type_names.description) || ')', '') as what,
        count(*) as records,
        'is not in step_types.csv' as said
    from steps
    left join {{ source('landed', 'dm_workflow_step_types') }} as type_names
        on steps.workflow_step_type_id = type_names.workflow_step_type_id
    where
        steps.workflow_step_type_id not in (
            select cast(step_types.workflow_step_type_id as varchar) from step_types
        )
    group by steps.workflow_step_type_id

),

unknown_statuses as (

    select
        'stop' as severity,
        'DM_WORKFLOW_STEPS.STEP_STATUS' as what,
        count(*) as records,
        'is blank or none of PROPOSED, INCOMING, STARTED, REOPENED, COMPLETED, CANCELLED' as said
    from steps
    where
        coalesce(upper(step_status), '')
        not in ('PROPOSED', 'INCOMING', 'STARTED', 'REOPENED', 'COMPLETED', 'CANCELLED')
    having count(*) > 0

),

proposed as (

    select
        'note' as severity,
        'DM_WORKFLOW_STEPS' as what,
        count(*) as records,
        'are proposed only and were left out' as said
    from steps
    where upper(step_status) = 'PROPOSED'
    having count(*) > 0

),

without_people as (

    select
        'stop' as severity,
        'DM_WORKFLOW_STEPS.SUBGROUP_ID' as what,
        count(*) as records,
        'steps of mapped types lead to no person of DM_SUBGROUP_SUBJECTS' as said
    from steps
    inner join
        step_types
        on steps.workflow_step_type_id = cast(step_types.workflow_step_type_id as varchar)
    left join {{ ref('subjects') }} as subjects on steps.subgroup_id = subjects.subgroup_id
    where
        subjects.person_id is null
        and lower(step_types.extract) in ('contact', 'assessment', 'review')
        and upper(steps.step_status) <> 'PROPOSED'
    having count(*) > 0

),

unknown_forms as (

    select
        'stop' as severity,
        'form template ' || coalesce(forms.template_id, 'blank') as what,
        count(distinct forms.form_id) as records,
        'is used on assessments and reviews, and none of its questions is in questions.csv' as said
    from {{ source('landed', 'mo_forms') }} as forms
    inner join {{ ref('steps') }} as mapped on forms.workflow_step_id = mapped.workflow_step_id
    left join {{ ref('answers') }} as answers
        on forms.workflow_step_id = answers.workflow_step_id and mapped.extract = answers.extract
    where mapped.extract in ('assessment', 'review')
    group by forms.template_id
    having count(answers.value) = 0

),

unknown_references as (

    select
        'stop' as severity,
        'reference type ' || coalesce(reference_type, 'blank') as what,
        count(*) as records,
        'is not in reference_types.csv' as said
    from {{ source('landed', 'dm_person_references') }}
    where
        coalesce(reference_type, '') not in (
            select cast(known.reference_type as varchar)
            from {{ ref('reference_types') }} as known
        )
    group by reference_type

),

unknown_relationships as (

    select
        'stop' as severity,
        'relationship type ' || coalesce(personal_rel_type_id, 'blank') as what,
        count(*) as records,
        'is not in relationship_types.csv' as said
    from {{ ref('relationships') }}
    where meaning is null
    group by personal_rel_type_id

),

unknown_meanings as (

    select
        'stop' as severity,
        'step_types.csv, type ' || cast(workflow_step_type_id as varchar) as what,
        1 as records,
        'extract is not contact, assessment, review, form or ignore, or subject_role is not'
        || ' CLIENT or CARER' as said
    from step_types
    where
        coalesce(lower(extract), '') not in ('contact', 'assessment', 'review', 'form', 'ignore')
        or (
            lower(extract) in ('contact', 'assessment', 'review')
            and coalesce(upper(subject_role), '') not in ('CLIENT', 'CARER')
        )
    union all
    select
        'stop' as severity,
        'relationship_types.csv, type ' || cast(personal_rel_type_id as varchar) as what,
        1 as records,
        'meaning is not carer, relation, reciprocal, merged_into or ignore' as said
    from {{ ref('relationship_types') }}
    where
        coalesce(lower(meaning), '') not in (
            'carer', 'relation', 'reciprocal', 'merged_into', 'ignore'
        )

),

by_size as (

    select * from unknown_steps
    union all
    select * from unknown_forms
    union all
    select * from unknown_references
    union all
    select * from unknown_relationships

)

select
    case when records >= {{ var('many') }} then severity else 'note' end as severity,
    what,
    records,
    said
from by_size
union all
select * from unknown_statuses
union all
select * from proposed
union all
select * from without_people
union all
select * from unknown_meanings
order by severity desc, records desc, what
