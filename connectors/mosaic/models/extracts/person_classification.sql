-- The extract person_classification: the support reason from the service user groups, all others from the
-- questions that the seed names.
with

dated as (

    select
        workflow_step_id,
        max(case when column_name = 'start_date' then value end) as start_date,
        max(case when column_name = 'end_date' then value end) as end_date
    from {{ ref('answers') }}
    where extract = 'person_classification' and column_name in ('start_date', 'end_date')
    group by workflow_step_id

),

from_answers as (

    select
        steps.person_id,
        answers.column_name as classification,
        answers.value as code,
        coalesce(dated.start_date, steps.completed_at) as start_date,
        dated.end_date,
        steps.completed_at as recorded_at
    from {{ ref('answers') }} as answers
    inner join {{ ref('steps') }} as steps on answers.workflow_step_id = steps.workflow_step_id
    left join dated on answers.workflow_step_id = dated.workflow_step_id
    where
        answers.extract = 'person_classification'
        and answers.column_name not in ('start_date', 'end_date')
        and steps.status = 'COMPLETED'

),

from_groups as (

    select
        person_id,
        'PRIMARY_SUPPORT_REASON' as classification,
        full_group_type as code,
        start_date,
        end_date,
        created_on as recorded_at
    from {{ source('landed', 'dm_service_user_groups') }}
    where
        lower(full_group_type) not like '%duplicate%'
        and lower(full_group_type) not like '%do not use%'
        and lower(full_group_type) not like 'test%'

)

select * from from_answers
union all
select * from from_groups
order by person_id, classification, start_date, recorded_at, code
