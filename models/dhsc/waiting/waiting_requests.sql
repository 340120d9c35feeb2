-- Requests that start a wait: an outcome other than no further action or hospital, and no support
-- before. A missing outcome is dropped by DHSC's code though its page does not say so, an invalid one
-- is kept; reproduced because the published figure depends on it.
with

events as (

    select * from {{ ref('waiting_events') }}

)

select
    events.la_code,
    events.der_unique_record_id
from events
where
    events.event_type = {{ dhsc_value('request') }}
    and events.is_old_enough
    and events.starts_a_wait
    and not exists (
        select 1
        from events as earlier
        where
            earlier.la_code = events.la_code
            and earlier.der_nhs_la_combined_person_id = events.der_nhs_la_combined_person_id
            and earlier.event_type = {{ dhsc_value('service') }}
            and earlier.event_start_date < events.event_start_date
            and (
                (
                    earlier.earlier_support_months = 12
                    and (
                        earlier.event_end_date is null
                        or earlier.event_end_date >= cast(
                            {{ dbt.dateadd('month', -12, 'events.event_start_date') }} as date
                        )
                    )
                )
                or (
                    earlier.earlier_support_months = 3
                    and (
                        earlier.event_end_date is null
                        or earlier.event_end_date >= cast(
                            {{ dbt.dateadd('month', -3, 'events.event_start_date') }} as date
                        )
                    )
                )
            )
    )
