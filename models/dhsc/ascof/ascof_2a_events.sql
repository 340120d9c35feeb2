-- Events of service users for ASCOF 2A, with the rank 2A gives their outcome: 100 and more cannot be
-- classified, 999 is missing or invalid.
with

events as (

    select * from {{ ref('ascof_events') }}

),

outcomes as (

    select * from {{ ref('dhsc_event_outcomes') }}

)

select
    events.la_code,
    events.der_nhs_la_combined_person_id,
    events.der_unique_record_id,
    events.event_type,
    events.is_service,
    events.is_long_term,
    events.is_assessment_or_review,
    coalesce(
        events.is_service and events.service_type = {{ dhsc_value('st_max') }}, false
    ) as is_st_max,
    events.event_start_date,
    events.event_end_date,
    events.service_type,
    events.service_component,
    events.client_rank,
    coalesce(events.event_outcome, {{ dhsc_value('invalid') }}) as event_outcome,
    events.outcome_rank
    + case when outcomes.is_unable_to_classify then 100 else 0 end as outcome_rank_2a
from events
left join outcomes
    on events.event_outcome = outcomes.event_outcome
where events.client_type = {{ dhsc_value('service_user') }}
