-- The extract contact: workflow steps whose type the seed calls a contact.
with

steps as (

    select * from {{ ref('steps') }}
    where extract = 'contact'

),

answers as (

    select
        workflow_step_id,
        max(case when column_name = 'received_at' then value end) as received_at,
        max(case when column_name = 'route_code' then value end) as route_code,
        max(case when column_name = 'description' then value end) as description
    from {{ ref('answers') }}
    where extract = 'contact'
    group by workflow_step_id

),

routes as (

    select
        workflow_step_id,
        min(source_type_id) as source_type_id
    from {{ source('landed', 'dm_step_source_details') }}
    group by workflow_step_id

)

select
    steps.event_id as contact_id,
    steps.person_id,
    steps.subject_role,
    steps.code as contact_type_code,
    coalesce(answers.received_at, steps.started_at) as received_at,
    steps.completed_at,
    steps.status,
    coalesce(routes.source_type_id, answers.route_code) as route_code,
    next_actions.outcome_code,
    answers.description,
    coalesce(steps.is_conversation, 'N') as is_conversation,
    steps.team_id
from steps
left join answers on steps.workflow_step_id = answers.workflow_step_id
left join routes on steps.workflow_step_id = routes.workflow_step_id
left join {{ ref('next_actions') }} as next_actions
    on steps.workflow_step_id = next_actions.workflow_step_id
order by steps.event_id
