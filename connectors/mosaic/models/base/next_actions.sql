-- One row is one step and the one next action that says how it ended.
with

links as (

    select * from {{ source('landed', 'dm_workflow_links') }}

),

action_types as (

    select * from {{ source('landed', 'dm_workflow_nxt_action_types') }}

),

steps as (

    select * from {{ source('landed', 'dm_workflow_steps') }}

)

select
    links.source_step_id as workflow_step_id,
    links.workflow_next_action_type_id as outcome_code
from links
left join action_types
    on links.workflow_next_action_type_id = action_types.workflow_next_action_type_id
left join steps on links.target_step_id = steps.workflow_step_id
where
    links.workflow_next_action_type_id is not null
    -- What was planned and never came to pass is no outcome.
    and coalesce(upper(steps.step_status), '') not in ('CANCELLED', 'PROPOSED')
-- What leads on says more than that nothing more was done.
qualify row_number() over (
        partition by links.source_step_id
        order by
            case when upper(action_types.is_no_further_action) = 'Y' then 1 else 0 end,
            links.workflow_next_action_type_id
    ) = 1
