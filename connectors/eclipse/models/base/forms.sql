-- One row is one form filled in, of a design that the seed knows; the view has one row an answer.
with

answers as (

    select distinct
        instanceid,
        answerforsubjectid,
        designguid,
        instancestate,
        datestarted,
        datecompleted
    from {{ source('landed', 'formanswerpersonview') }}

),

designs as (

    select * from {{ ref('form_designs') }}

),

states as (

    select * from {{ ref('instance_states') }}

)

select
    answers.instanceid as event_id,
    answers.answerforsubjectid as person_id,
    lower(designs.extract) as extract,
    upper(designs.subject_role) as subject_role,
    coalesce(designs.code, designs.designguid) as code,
    designs.is_conversation,
    upper(states.status) as status,
    answers.datestarted as started_at,
    answers.datecompleted as completed_at
from answers
inner join designs on answers.designguid = designs.designguid
inner join states on upper(answers.instancestate) = upper(states.instancestate)
-- A form taken back is no event.
where upper(states.status) <> 'DELETED'
