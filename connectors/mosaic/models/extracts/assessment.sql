-- The extract assessment: workflow steps whose type the seed calls an assessment.
with

steps as (

    select * from {{ ref('steps') }}
    where extract = 'assessment'

),

answers as (

    select
        workflow_step_id,
        max(case when column_name = 'form_start_date' then value end) as form_start_date,
        max(case when column_name = 'form_end_date' then value end) as form_end_date,
        max(case when column_name = 'eligible_needs_code' then value end) as eligible_needs_code,
        max(case when column_name = 'method_code' then value end) as method_code,
        max(case when column_name = 'description' then value end) as description
    from {{ ref('answers') }}
    where extract = 'assessment'
    group by workflow_step_id

),

contacts as (

    select
        links.target_step_id as workflow_step_id,
        min(steps_before.event_id) as contact_id
    from {{ source('landed', 'dm_workflow_links') }} as links
    inner join {{ ref('steps') }} as steps_before
        on links.source_step_id = steps_before.workflow_step_id
    where steps_before.extract = 'contact'
    group by links.target_step_id

)

select
    steps.event_id as assessment_id,
    steps.person_id,
    steps.subject_role,
    contacts.contact_id,
    steps.code as assessment_type_code,
    steps.started_at,
    steps.completed_at,
    answers.form_start_date,
    answers.form_end_date,
    steps.status,
    answers.eligible_needs_code,
    answers.method_code,
    next_actions.outcome_code,
    answers.description,
    steps.team_id
from steps
left join answers on steps.workflow_step_id = answers.workflow_step_id
left join contacts on steps.workflow_step_id = contacts.workflow_step_id
left join {{ ref('next_actions') }} as next_actions
    on steps.workflow_step_id = next_actions.workflow_step_id
order by steps.event_id
