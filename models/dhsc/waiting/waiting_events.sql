-- Events that take part in DHSC's waiting times: client services, short and long term assessments of
-- anybody, and requests of service users; people aged 25 or over at the start of requests.
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
    events.der_nhs_la_combined_person_id,
    events.la_person_unique_identifier,
    events.der_unique_record_id,
    events.imported_at,
    case
        when lower(events.event_type) like {{ dhsc_value('request', 'holds') }}
            then {{ dhsc_value('request') }}
        when lower(events.event_type) like {{ dhsc_value('assessment', 'holds') }}
            then {{ dhsc_value('assessment') }}
        else {{ dhsc_value('service') }}
    end as event_type,
    case
        when lower(events.event_type) like {{ dhsc_value('request', 'holds') }} then 1
        when lower(events.event_type) like {{ dhsc_value('assessment', 'holds') }} then 2
        else 3
    end as type_order,
    events.event_start_date,
    events.der_event_end_date as event_end_date,
    events.event_outcome_cleaned as event_outcome,
    events.assessment_type_cleaned as assessment_type,
    events.service_type_cleaned as service_type,
    service_types.earlier_support_months,
    events.der_conversation,
    -- The band is taken at the end of the event though the age limit is taken at its start.
    case
        when events.der_working_age_band = {{ dhsc_value('working_age') }} then '25 to 64'
        else events.der_working_age_band
    end as modified_working_age_band,
    coalesce(
        events.der_age_event_start_date >= {{ dhsc_number('dhsc_waiting_from_age') }}, false
    ) as is_old_enough,
    coalesce(outcomes.starts_a_wait, false) as starts_a_wait,
    case when outcomes.is_progress then 1 else 0 end as indicates_progress,
    -- An outcome that only Release 1 had counts for a request, but not for an assessment.
    case
        when outcomes.is_progress_to_service then 1
        when
            lower(events.event_type) like {{ dhsc_value('request', 'holds') }}
            and events.event_outcome_cleaned = {{ dhsc_value('outcome_of_release_1_only') }}
            then 1
        else 0
    end as indicates_progress_to_service
from events
left join service_types
    on events.service_type_cleaned = service_types.service_type
left join outcomes
    on events.event_outcome_cleaned = outcomes.event_outcome
where
    (
        lower(events.event_type) like {{ dhsc_value('request', 'holds') }}
        and events.client_type_cleaned = {{ dhsc_value('service_user') }}
        and events.event_start_date >= {{ date_setting('joined_period_start') }}
    )
    or (
        lower(events.event_type) like {{ dhsc_value('assessment', 'holds') }}
        and events.assessment_type_cleaned
        in ({{ dhsc_value(['short_term_assessment', 'long_term_assessment']) }})
    )
    or (
        lower(events.event_type) like {{ dhsc_value('service', 'holds') }}
        and service_types.client_rank is not null
    )
