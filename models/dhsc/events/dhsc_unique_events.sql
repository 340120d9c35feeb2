-- DHSC's unique events: which row of each is kept, its end date after cropping and its age.
with

identified as (

    select * from {{ ref('dhsc_identified_events') }}

),

-- The last period is the one that starts last, even where another file's span ends later: so DHSC.
last_periods as (

    select
        identified.events_table,
        identified.la_code,
        max(identified.ref_period_start) as last_period_start
    from identified
    group by identified.events_table, identified.la_code

),

periods_of_events as (

    select distinct
        identified.events_table,
        identified.la_code,
        identified.event_hash,
        identified.ref_period_start
    from identified

),

-- Joined table only: a service that runs past its period and is not in the period that starts the
-- next day is cut off. A quarter without a file therefore cuts off every open service before it.
cropped as (

    select
        identified.*,
        identified.events_table = 'joined'
        and identified.is_service
        and identified.ref_period_start < last_periods.last_period_start
        and (
            identified.der_event_end_date is null
            or identified.der_event_end_date > identified.ref_period_end
        )
        and periods_of_events.event_hash is null as is_cropped
    from identified
    inner join last_periods
        on
            identified.events_table = last_periods.events_table
            and identified.la_code = last_periods.la_code
    left join periods_of_events
        on
            identified.events_table = periods_of_events.events_table
            and identified.la_code = periods_of_events.la_code
            and identified.event_hash = periods_of_events.event_hash
            and periods_of_events.ref_period_start = identified.ref_period_end + 1

),

ended as (

    select
        cropped.events_table,
        cropped.la_code,
        cropped.submission_id,
        cropped.row_id,
        cropped.ref_period_start,
        cropped.ref_period_end,
        cropped.is_service,
        cropped.is_cropped,
        cropped.event_hash,
        cropped.package_hash,
        cropped.outcome_rank,
        cropped.der_conversation,
        cropped.der_unique_record_id,
        cropped.der_birth_date,
        case
            when cropped.is_cropped then cropped.ref_period_end
            else cropped.der_event_end_date
        end as der_event_end_date
    from cropped

),

-- Most events stand on one row: only the others are put in order.
repeated_events as (

    select
        ended.events_table,
        ended.la_code,
        ended.event_hash,
        ended.package_hash
    from ended
    group by ended.events_table, ended.la_code, ended.event_hash, ended.package_hash
    having count(*) > 1

),

kept_of_repeated as (

    select
        ended.events_table,
        ended.row_id,
        first_value(ended.row_id) over (
            partition by
                ended.events_table, ended.la_code, ended.event_hash, ended.package_hash
            order by
                case when ended.events_table = 'joined' then ended.ref_period_end end desc,
                case when ended.der_event_end_date is null then 0 else 1 end,
                ended.der_event_end_date desc,
                ended.outcome_rank,
                ended.der_conversation desc,
                ended.der_unique_record_id desc
        ) as kept_row_id
    from ended
    inner join repeated_events
        on
            ended.events_table = repeated_events.events_table
            and ended.la_code = repeated_events.la_code
            and ended.event_hash = repeated_events.event_hash
            and ended.package_hash = repeated_events.package_hash

)

select
    ended.events_table,
    ended.la_code,
    ended.submission_id,
    ended.row_id,
    ended.ref_period_start,
    ended.ref_period_end,
    ended.der_event_end_date,
    ended.is_cropped,
    ended.la_code || '_' || ended.event_hash as der_unique_event_ref,
    {{ dhsc_age(
        'ended.der_birth_date', 'coalesce(ended.der_event_end_date, ended.ref_period_end)'
    ) }} as der_latest_age,
    coalesce(kept_of_repeated.kept_row_id, ended.row_id) as kept_row_id
from ended
left join kept_of_repeated
    on
        ended.events_table = kept_of_repeated.events_table
        and ended.row_id = kept_of_repeated.row_id
