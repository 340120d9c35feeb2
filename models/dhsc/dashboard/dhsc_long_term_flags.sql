-- Whether a request, assessment or review of the single table started during long term support of the
-- person: one row per event. Support that ended before the period cannot flag, as it is not there.
with

events as (

    select * from {{ ref('dhsc_events_single') }}
    where lower(event_type) not like {{ dhsc_value('service', 'holds') }}

),

services as (

    select * from {{ ref('dhsc_events_single') }}
    where
        lower({{ end_trimmed('event_type') }}) = {{ dhsc_value('service', 'key') }}
        and service_type_grouped = {{ dhsc_value('long_term_support_group') }}

)

select
    events.la_code,
    events.kept_row_id,
    case
        when exists (
                select 1
                from services
                where
                    services.la_code = events.la_code
                    and services.der_nhs_la_combined_person_id
                    = events.der_nhs_la_combined_person_id
                    and services.event_start_date <= events.event_start_date
                    and (
                        services.der_event_end_date >= events.event_start_date
                        or services.der_event_end_date is null
                    )
            )
            then 'Yes'
        else 'No'
    end as lts_flag
from events
