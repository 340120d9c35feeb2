-- One row is one thing that the connector did not understand; `stop` ends the run. No row holds a value of a person.
with

answers as (

    select * from {{ source('landed', 'formanswerpersonview') }}

),

designs as (

    select * from {{ ref('form_designs') }}

),

unknown_designs as (

    select
        'form design ' || coalesce(answers.designguid, 'blank')
        || coalesce(' (' || max(answers.designsubname) || ')', '') as what,
        count(distinct answers.instanceid) as records,
        'is not in form_designs.csv' as said
    from answers
    left join designs on answers.designguid = designs.designguid
    where designs.designguid is null
    group by answers.designguid

),

unanswered_designs as (

    select
        'form design ' || designs.designguid || coalesce(' (' || max(designs.description) || ')', '') as what,
        count(distinct forms.event_id) as records,
        'is used, and none of its controls is in controls.csv' as said
    from {{ ref('forms') }} as forms
    inner join answers on forms.event_id = answers.instanceid
    inner join designs on answers.designguid = designs.designguid
    left join {{ ref('answers') }} as understood
        on forms.event_id = understood.event_id and forms.extract = understood.extract
    where forms.extract in ('contact', 'assessment', 'review')
    group by designs.designguid
    having count(understood.value) = 0

),

unknown_references as (

    select
        'reference type ' || coalesce(numbers.referencetypecode, 'blank') as what,
        count(*) as records,
        'is not in reference_types.csv' as said
    from {{ source('landed', 'referencenumberpersonview') }} as numbers
    left join {{ ref('reference_types') }} as types
        on numbers.referencetypecode = types.reference_type
    where types.reference_type is null
    group by numbers.referencetypecode

),

unknown_relationships as (

    select
        'relationship ' || coalesce(relationship, 'blank') as what,
        count(*) as records,
        'is not in relationship_types.csv' as said
    from {{ ref('relationships') }}
    where meaning is null
    group by relationship

),

unknown_paths as (

    select
        'classification path ' || coalesce(classifications.classificationpathid, 'blank') as what,
        count(*) as records,
        'is not in classification_paths.csv' as said
    from {{ source('landed', 'classificationpersonview') }} as classifications
    left join {{ ref('classification_paths') }} as paths
        on classifications.classificationpathid = paths.classificationpathid
    where paths.classificationpathid is null
    group by classifications.classificationpathid

),

by_size as (

    select * from unknown_designs
    union all
    select * from unanswered_designs
    union all
    select * from unknown_references
    union all
    select * from unknown_relationships
    union all
    select * from unknown_paths

),

unknown_states as (

    select
        'form state ' || coalesce(answers.instancestate, 'blank') as what,
        count(distinct answers.instanceid) as records,
        'is not in instance_states.csv as OPEN, COMPLETED, CANCELLED or DELETED' as said
    from answers
    left join {{ ref('instance_states') }} as states
        on upper(answers.instancestate) = upper(states.instancestate)
    where coalesce(upper(states.status), '') not in ('OPEN', 'COMPLETED', 'CANCELLED', 'DELETED')
    group by answers.instancestate

),

unknown_meanings as (

    select
        'form_designs.csv, design ' || designguid as what,
        1 as records,
        'extract is not contact, assessment, review or ignore, or subject_role is not CLIENT or CARER' as said
    from designs
    where
        coalesce(lower(extract), '') not in ('contact', 'assessment', 'review', 'ignore')
        or (
            lower(extract) <> 'ignore'
            and coalesce(upper(subject_role), '') not in ('CLIENT', 'CARER')
        )
    union all
    select
        'relationship_types.csv, ' || relationship as what,
        1 as records,
        'meaning is not carer, relation, reciprocal or ignore' as said
    from {{ ref('relationship_types') }}
    where coalesce(lower(meaning), '') not in ('carer', 'relation', 'reciprocal', 'ignore')

)

select
    case when records >= {{ var('many') }} then 'stop' else 'note' end as severity,
    what,
    records,
    said
from by_size
union all
select
    'stop' as severity,
    what,
    records,
    said
from unknown_states
union all
select
    'stop' as severity,
    what,
    records,
    said
from unknown_meanings
order by severity desc, records desc, what
