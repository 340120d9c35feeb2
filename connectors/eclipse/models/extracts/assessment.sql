-- The extract assessment: forms whose design the seed calls an assessment.
with

forms as (

    select * from {{ ref('forms') }}
    where extract = 'assessment'

),

answers as (

    select
        event_id,
        max(case when column_name = 'contact_id' then value end) as contact_id,
        max(case when column_name = 'form_start_date' then value end) as form_start_date,
        max(case when column_name = 'form_end_date' then value end) as form_end_date,
        max(case when column_name = 'eligible_needs_code' then value end) as eligible_needs_code,
        max(case when column_name = 'method_code' then value end) as method_code,
        max(case when column_name = 'outcome_code' then value end) as outcome_code,
        max(case when column_name = 'description' then value end) as description,
        max(case when column_name = 'team_id' then value end) as team_id
    from {{ ref('answers') }}
    where extract = 'assessment'
    group by event_id

)

select
    forms.event_id as assessment_id,
    forms.person_id,
    forms.subject_role,
    answers.contact_id,
    forms.code as assessment_type_code,
    forms.started_at,
    forms.completed_at,
    answers.form_start_date,
    answers.form_end_date,
    forms.status,
    answers.eligible_needs_code,
    answers.method_code,
    answers.outcome_code,
    answers.description,
    answers.team_id
from forms
left join answers on forms.event_id = answers.event_id
order by forms.event_id
