-- The extract contact: forms whose design the seed calls a contact.
with

forms as (

    select * from {{ ref('forms') }}
    where extract = 'contact'

),

answers as (

    select
        event_id,
        max(case when column_name = 'route_code' then value end) as route_code,
        max(case when column_name = 'outcome_code' then value end) as outcome_code,
        max(case when column_name = 'description' then value end) as description,
        max(case when column_name = 'team_id' then value end) as team_id,
        max(case when column_name = 'received_at' then value end) as received_at
    from {{ ref('answers') }}
    where extract = 'contact'
    group by event_id

)

select
    forms.event_id as contact_id,
    forms.person_id,
    forms.subject_role,
    forms.code as contact_type_code,
    coalesce(answers.received_at, forms.started_at) as received_at,
    forms.completed_at,
    forms.status,
    answers.route_code,
    answers.outcome_code,
    answers.description,
    coalesce(forms.is_conversation, 'N') as is_conversation,
    answers.team_id
from forms
left join answers on forms.event_id = answers.event_id
order by forms.event_id
