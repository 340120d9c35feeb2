-- Months and event types that DHSC's method of September 2026 sees in each submission, with whether
-- each month is complete for the type, or allowed as a single gap between two complete ones.
with files as (

    select * from {{ ref('sub_files') }}

),

rows_ as (

    select * from {{ ref('sub_rows') }}

),

typed_events as (

    select
        rows_.submission_id,
        files.la_code,
        case
            when {{ dhsc_key('rows_.event_type') }} like 'request%' then 'Request'
            when {{ dhsc_key('rows_.event_type') }} like 'assessment%' then 'Assessment'
            when {{ dhsc_key('rows_.event_type') }} like 'service%' then 'Service'
        end as event_type,
        rows_.event_end_date_date as event_end_date,
        coalesce(
            rows_.event_end_date_date >= cast('2020-04-01' as date)
            and rows_.event_end_date_date < cast(date_trunc('month', files.imported_at) as date),
            false
        ) as is_dated
    from rows_
    inner join files
        on rows_.submission_id = files.submission_id

),

type_totals as (

    select
        typed_events.submission_id,
        typed_events.event_type,
        count(*) as type_total
    from typed_events
    where
        typed_events.is_dated
        or (typed_events.event_type = 'Service' and typed_events.event_end_date is null)
    group by typed_events.submission_id, typed_events.event_type

),

type_medians as (

    select
        type_totals.submission_id,
        percentile_cont(0.5) within group (order by type_totals.type_total) as median_total
    from type_totals
    where type_totals.event_type is not null
    group by type_totals.submission_id

),

month_counts as (

    select
        typed_events.submission_id,
        typed_events.la_code,
        typed_events.event_type,
        cast(date_trunc('month', typed_events.event_end_date) as date) as month_start,
        count(*) as ended_count
    from typed_events
    where typed_events.is_dated and typed_events.event_type is not null
    group by
        typed_events.submission_id,
        typed_events.la_code,
        typed_events.event_type,
        cast(date_trunc('month', typed_events.event_end_date) as date)

),

month_medians as (

    select
        month_counts.submission_id,
        month_counts.event_type,
        percentile_cont(0.5) within group (order by month_counts.ended_count) as median_month
    from month_counts
    group by month_counts.submission_id, month_counts.event_type

),

complete_months as (

    select
        month_counts.submission_id,
        month_counts.event_type,
        month_counts.month_start,
        month_counts.ended_count,
        type_totals.type_total >= 0.05 * type_medians.median_total
        -- The City of London is too small for ten events a month; DHSC lets it off.
        and (month_counts.ended_count >= 10 or month_counts.la_code = '714')
        and month_counts.ended_count >= 0.2 * month_medians.median_month as is_complete
    from month_counts
    inner join type_totals
        on
            month_counts.submission_id = type_totals.submission_id
            and month_counts.event_type = type_totals.event_type
    inner join type_medians
        on month_counts.submission_id = type_medians.submission_id
    inner join month_medians
        on
            month_counts.submission_id = month_medians.submission_id
            and month_counts.event_type = month_medians.event_type

),

gap_months as (

    select
        earlier.submission_id,
        earlier.event_type,
        cast({{ dbt.dateadd('month', 1, 'earlier.month_start') }} as date) as month_start
    from complete_months as earlier
    inner join complete_months as later
        on
            earlier.submission_id = later.submission_id
            and earlier.event_type = later.event_type
            and later.month_start
            = cast({{ dbt.dateadd('month', 2, 'earlier.month_start') }} as date)
    where earlier.is_complete and later.is_complete

)

select
    coalesce(complete_months.submission_id, gap_months.submission_id) as submission_id,
    coalesce(complete_months.event_type, gap_months.event_type) as event_type,
    coalesce(complete_months.month_start, gap_months.month_start) as month_start,
    coalesce(complete_months.ended_count, 0) as ended_count,
    coalesce(complete_months.is_complete, false) as is_complete,
    coalesce(complete_months.is_complete, false)
    or gap_months.month_start is not null as is_counted
from complete_months
full outer join gap_months
    on
        complete_months.submission_id = gap_months.submission_id
        and complete_months.event_type = gap_months.event_type
        and complete_months.month_start = gap_months.month_start
