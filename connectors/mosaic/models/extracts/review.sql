-- The extract review: workflow steps whose type the seed calls a review; the type says the reason unless a form
-- does.
with

steps as (

    select * from {{ ref('steps') }}
    where extract = 'review'

),

answers as (

    select
        workflow_step_id,
        max(case when column_name = 'package_id' then value end) as package_id,
        max(case when column_name = 'due_date' then value end) as due_date,
        max(case when column_name = 'reason_code' then value end) as reason_code,
        max(case when column_name = 'method_code' then value end) as method_code,
        max(case when column_name = 'outcomes_achieved_code' then value end)
            as outcomes_achieved_code,
        max(case when column_name = 'description' then value end) as description
    from {{ ref('answers') }}
    where extract = 'review'
    group by workflow_step_id

)

select
    steps.event_id as review_id,
    steps.person_id,
    steps.subject_role,
    answers.package_id,
    coalesce(answers.reason_code, steps.code) as reason_code,
    answers.due_date,
    steps.started_at,
    steps.completed_at,
    steps.status,
    answers.method_code,
    answers.outcomes_achieved_code,
    next_actions.outcome_code,
    answers.description,
    steps.team_id
from steps
left join answers on steps.workflow_step_id = answers.workflow_step_id
left join {{ ref('next_actions') }} as next_actions
    on steps.workflow_step_id = next_actions.workflow_step_id
order by steps.event_id
