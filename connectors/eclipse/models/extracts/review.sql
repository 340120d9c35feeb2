-- The extract review: forms whose design the seed calls a review.
with

forms as (

    select * from {{ ref('forms') }}
    where extract = 'review'

),

answers as (

    select
        event_id,
        max(case when column_name = 'package_id' then value end) as package_id,
        max(case when column_name = 'due_date' then value end) as due_date,
        max(case when column_name = 'method_code' then value end) as method_code,
        max(case when column_name = 'outcomes_achieved_code' then value end) as outcomes_achieved_code,
        max(case when column_name = 'outcome_code' then value end) as outcome_code,
        max(case when column_name = 'description' then value end) as description,
        max(case when column_name = 'team_id' then value end) as team_id,
        max(case when column_name = 'reason_code' then value end) as reason_code
    from {{ ref('answers') }}
    where extract = 'review'
    group by event_id

)

select
    forms.event_id as review_id,
    forms.person_id,
    forms.subject_role,
    answers.package_id,
    coalesce(answers.reason_code, forms.code) as reason_code,
    answers.due_date,
    forms.started_at,
    forms.completed_at,
    forms.status,
    answers.method_code,
    answers.outcomes_achieved_code,
    answers.outcome_code,
    answers.description,
    answers.team_id
from forms
left join answers on forms.event_id = answers.event_id
order by forms.event_id
