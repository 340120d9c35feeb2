-- Joined events that ASCOF looks at: with a start, and not ended before it. An open end is the year
-- 9999, as in DHSC's code.
with

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

service_types as (

    select * from {{ ref('dhsc_service_types') }}

),

outcomes as (

    select * from {{ ref('dhsc_event_outcomes') }}

)

select
    events.la_code,
    events.kept_row_id,
    events.der_unique_record_id,
    events.der_nhs_la_combined_person_id,
    events.la_person_unique_identifier,
    events.event_type,
    events.client_type_cleaned as client_type,
    events.event_start_date,
    coalesce(events.der_event_end_date, cast('9999-01-01' as date)) as event_end_date,
    events.event_outcome_cleaned as event_outcome,
    coalesce(outcomes.hierarchy, 999) as outcome_rank,
    events.service_type_cleaned as service_type,
    service_types.service_group,
    service_types.client_rank,
    lower({{ end_trimmed('events.event_type') }}) = {{ dhsc_value('service', 'key') }} as is_service,
    lower({{ end_trimmed('events.event_type') }}) in ({{ dhsc_value(['assessment', 'review'], 'key') }})
        as is_assessment_or_review,
    lower({{ end_trimmed('events.event_type') }}) = {{ dhsc_value('request', 'key') }} as is_request,
    coalesce(service_types.is_long_term, false) as is_long_term,
    coalesce(service_types.is_care_home, false) as is_care_home,
    events.service_component_cleaned as service_component,
    events.delivery_mechanism_cleaned as delivery_mechanism,
    events.der_birth_date,
    events.date_of_death
from events
left join service_types
    on events.service_type_cleaned = service_types.service_type
left join outcomes
    on events.event_outcome_cleaned = outcomes.event_outcome
where
    events.der_event_end_date is null
    or events.der_event_end_date >= events.event_start_date
