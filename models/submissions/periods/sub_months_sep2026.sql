-- Months and kinds of event that DHSC's method of September 2026 sees in each submission, with whether
-- each month is complete for the kind, or allowed as a single gap between two complete ones.
with

dated_events as (
    select * from {{ ref('sub_dated_events') }}
    where event_kind is not null
),

month_counts as (
    select
        dated_events.submission_id,
        dated_events.reading,
        dated_events.la_code,
        dated_events.event_kind,
        dated_events.month_ended as month_start,
        count(*) as ended_count
    from dated_events
    where dated_events.month_ended >= cast('2020-04-01' as date)
    group by
        dated_events.submission_id,
        dated_events.reading,
        dated_events.la_code,
        dated_events.event_kind,
        dated_events.month_ended
),

-- Services without an end count in the total of their kind, but in no month.
kind_totals as (
    select
        dated_events.submission_id,
        dated_events.reading,
        dated_events.event_kind,
        count(*) as kind_total
    from dated_events
    where
        dated_events.month_ended >= cast('2020-04-01' as date)
        or (dated_events.event_kind = {{ cld_value('service', 'key') }} and dated_events.is_open)
    group by dated_events.submission_id, dated_events.reading, dated_events.event_kind
),

median_totals as (
    select
        kind_totals.submission_id,
        kind_totals.reading,
        percentile_cont(0.5) within group (order by kind_totals.kind_total) as median_total
    from kind_totals
    group by kind_totals.submission_id, kind_totals.reading
),

median_months as (
    select
        month_counts.submission_id,
        month_counts.reading,
        month_counts.event_kind,
        percentile_cont(0.5) within group (order by month_counts.ended_count) as median_month
    from month_counts
    group by month_counts.submission_id, month_counts.reading, month_counts.event_kind
),

judged_months as (
    select
        month_counts.submission_id,
        month_counts.reading,
        month_counts.event_kind,
        month_counts.month_start,
        month_counts.ended_count,
        kind_totals.kind_total >= 0.05 * median_totals.median_total
        -- The City of London is too small for ten events a month; DHSC lets it off.
        and (month_counts.ended_count >= 10 or month_counts.la_code = '714')
        and month_counts.ended_count >= 0.2 * median_months.median_month as is_complete
    from month_counts
    inner join kind_totals
        on
            month_counts.submission_id = kind_totals.submission_id
            and month_counts.reading = kind_totals.reading
            and month_counts.event_kind = kind_totals.event_kind
    inner join median_totals
        on
            month_counts.submission_id = median_totals.submission_id
            and month_counts.reading = median_totals.reading
    inner join median_months
        on
            month_counts.submission_id = median_months.submission_id
            and month_counts.reading = median_months.reading
            and month_counts.event_kind = median_months.event_kind
),

gap_months as (
    select
        earlier.submission_id,
        earlier.reading,
        earlier.event_kind,
        cast({{ dbt.dateadd('month', 1, 'earlier.month_start') }} as date) as month_start
    from judged_months as earlier
    inner join judged_months as later
        on
            earlier.submission_id = later.submission_id
            and earlier.reading = later.reading
            and earlier.event_kind = later.event_kind
            and later.month_start
            = cast({{ dbt.dateadd('month', 2, 'earlier.month_start') }} as date)
    where earlier.is_complete and later.is_complete
)

select
    coalesce(judged_months.submission_id, gap_months.submission_id) as submission_id,
    coalesce(judged_months.reading, gap_months.reading) as reading,
    coalesce(judged_months.event_kind, gap_months.event_kind) as event_kind,
    coalesce(judged_months.month_start, gap_months.month_start) as month_start,
    coalesce(judged_months.ended_count, 0) as ended_count,
    coalesce(judged_months.is_complete, false) as is_complete,
    coalesce(judged_months.is_complete, false)
    or gap_months.month_start is not null as is_counted
from judged_months
full outer join gap_months
    on
        judged_months.submission_id = gap_months.submission_id
        and judged_months.reading = gap_months.reading
        and judged_months.event_kind = gap_months.event_kind
        and judged_months.month_start = gap_months.month_start
