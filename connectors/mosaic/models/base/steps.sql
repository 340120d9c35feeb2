-- One row is one workflow step of a type that the seed knows, and one person it is about.
with

steps as (

    select * from {{ source('landed', 'dm_workflow_steps') }}

),

step_types as (

    select * from {{ ref('step_types') }}

),

subjects as (

    select * from {{ ref('subjects') }}

),

group_sizes as (

    select
        subgroup_id,
        count(*) as people
    from subjects
    group by subgroup_id

)

select
    steps.workflow_step_id,
    -- A step about several people is an event of each of them: its number alone is then no key.
    case
        when group_sizes.people > 1 then steps.workflow_step_id || '-' || subjects.person_id
        else steps.workflow_step_id
    end as event_id,
    subjects.person_id,
    lower(step_types.extract) as extract,
    upper(step_types.subject_role) as subject_role,
    coalesce(step_types.code, steps.workflow_step_type_id) as code,
    step_types.is_conversation,
    coalesce(steps.started_on, steps.incoming_on) as started_at,
    steps.completed_on as completed_at,
    case upper(steps.step_status)
        when 'INCOMING' then 'OPEN'
        when 'STARTED' then 'OPEN'
        when 'REOPENED' then 'OPEN'
        else upper(steps.step_status)
    end as status,
    steps.responsible_team_id as team_id
from steps
inner join
    step_types
    on steps.workflow_step_type_id = cast(step_types.workflow_step_type_id as varchar)
inner join subjects on steps.subgroup_id = subjects.subgroup_id
inner join group_sizes on steps.subgroup_id = group_sizes.subgroup_id
-- A proposed step has not begun and may never do so.
where upper(steps.step_status) <> 'PROPOSED'
