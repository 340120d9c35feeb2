-- The period DHSC derives from the events of a file, by the method in force (method_version).
-- Two readings: 'dhsc' takes every date that can be read and DHSC's own count of event types;
-- 'rule' takes dates as the specification wants them, as rule FIL-07 is read.
{% set is_june_method = setting('method_version') == 'jun2026' %}
with

submitted_rows as (
    select * from {{ ref('sub_rows') }}
),

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

dated_rows as (
    select
        submitted_rows.submission_id,
        'dhsc' as reading,
        submitted_rows.event_type,
        submitted_rows.event_end_date_date as end_date
    from submitted_rows
    union all
    select
        submitted_rows.submission_id,
        'rule' as reading,
        submitted_rows.event_type,
        case
            when submitted_rows.event_end_date like '__/__/____'
                then submitted_rows.event_end_date_date
        end as end_date
    from submitted_rows
),

events as (
    select
        dated_rows.submission_id,
        dated_rows.reading,
        dated_rows.event_type,
        case
            when lower(dated_rows.event_type) like 'request%' then 'request'
            when lower(dated_rows.event_type) like 'assessment%' then 'assessment'
            when lower(dated_rows.event_type) like 'service%' then 'service'
        end as event_kind,
        case
            when dated_rows.end_date < date_trunc('month', submissions.imported_at)
                then dated_rows.end_date
        end as end_date,
        dated_rows.end_date is null as is_open,
        submissions.la_code
    from dated_rows
    inner join submissions on dated_rows.submission_id = submissions.submission_id
),

event_months as (
    select
        events.submission_id,
        events.reading,
        events.event_type,
        events.event_kind,
        events.la_code,
        events.is_open,
        events.end_date,
        extract(year from events.end_date) * 12
        + extract(month from events.end_date) - 1 as month_number
    from events
),

file_totals as (
    select
        event_months.submission_id,
        event_months.reading,
        count(event_months.end_date) as ended_event_count,
        count(distinct event_months.event_type) as event_type_count
    from event_months
    group by event_months.submission_id, event_months.reading
),

{% if is_june_method %}
    month_totals as (
        select
            event_months.submission_id,
            event_months.reading,
            event_months.month_number,
            count(*) as ended_event_count,
            count(distinct event_months.event_type) as event_type_count
        from event_months
        where event_months.end_date is not null
        group by
            event_months.submission_id, event_months.reading, event_months.month_number
    ),

    best_months as (
        select
            month_totals.submission_id,
            month_totals.reading,
            max(month_totals.event_type_count) as event_type_count
        from month_totals
        group by month_totals.submission_id, month_totals.reading
    ),

    periods as (
        select
            month_totals.submission_id,
            month_totals.reading,
            min(month_totals.month_number) as first_month,
            max(month_totals.month_number) as last_month
        from month_totals
        inner join file_totals
            on
                month_totals.submission_id = file_totals.submission_id
                and month_totals.reading = file_totals.reading
        inner join best_months
            on
                month_totals.submission_id = best_months.submission_id
                and month_totals.reading = best_months.reading
        where
            file_totals.ended_event_count < 100
            or (
                100 * month_totals.ended_event_count >= 2 * file_totals.ended_event_count
                and month_totals.event_type_count
                >= case
                    when month_totals.reading = 'rule' then file_totals.event_type_count
                    else best_months.event_type_count
                end - 1
            )
        group by month_totals.submission_id, month_totals.reading
    )
{% else %}
kind_months as (
    select
        event_months.submission_id,
        event_months.reading,
        event_months.la_code,
        event_months.event_kind,
        event_months.month_number,
        count(*) as ended_event_count
    from event_months
    where
        event_months.event_kind is not null
        and event_months.end_date >= cast('2020-04-01' as date)
    group by
        event_months.submission_id,
        event_months.reading,
        event_months.la_code,
        event_months.event_kind,
        event_months.month_number
),

open_services as (
    select
        event_months.submission_id,
        event_months.reading,
        count(*) as open_count
    from event_months
    where event_months.event_kind = 'service' and event_months.is_open
    group by event_months.submission_id, event_months.reading
),

kind_totals as (
    select
        kind_months.submission_id,
        kind_months.reading,
        kind_months.event_kind,
        sum(kind_months.ended_event_count)
        + coalesce(
            max(
                case
                    when kind_months.event_kind = 'service' then open_services.open_count
                end
            ),
            0
        ) as event_count,
        percentile_cont(0.5) within group (
            order by kind_months.ended_event_count
        ) as median_month
    from kind_months
    left join open_services
        on
            kind_months.submission_id = open_services.submission_id
            and kind_months.reading = open_services.reading
    group by kind_months.submission_id, kind_months.reading, kind_months.event_kind
),

median_totals as (
    select
        kind_totals.submission_id,
        kind_totals.reading,
        percentile_cont(0.5) within group (order by kind_totals.event_count) as median_total
    from kind_totals
    group by kind_totals.submission_id, kind_totals.reading
),

complete_months as (
    select
        kind_months.submission_id,
        kind_months.reading,
        kind_months.event_kind,
        kind_months.month_number
    from kind_months
    inner join kind_totals
        on
            kind_months.submission_id = kind_totals.submission_id
            and kind_months.reading = kind_totals.reading
            and kind_months.event_kind = kind_totals.event_kind
    inner join median_totals
        on
            kind_months.submission_id = median_totals.submission_id
            and kind_months.reading = median_totals.reading
    where
        kind_totals.event_count >= 0.05 * median_totals.median_total
        -- DHSC exempts the City of London (714) from the smallest count.
        and (kind_months.ended_event_count >= 10 or kind_months.la_code = '714')
        and kind_months.ended_event_count >= 0.2 * kind_totals.median_month
),

months_that_count as (
    select
        complete_months.submission_id,
        complete_months.reading,
        complete_months.event_kind,
        complete_months.month_number
    from complete_months
    union
    -- One incomplete month between two complete ones is allowed.
    select
        complete_months.submission_id,
        complete_months.reading,
        complete_months.event_kind,
        complete_months.month_number + 1 as month_number
    from complete_months
    inner join complete_months as month_after_next
        on
            complete_months.submission_id = month_after_next.submission_id
            and complete_months.reading = month_after_next.reading
            and complete_months.event_kind = month_after_next.event_kind
            and complete_months.month_number + 2 = month_after_next.month_number
),

months_of_all_kinds as (
    select
        months_that_count.submission_id,
        months_that_count.reading,
        months_that_count.month_number,
        months_that_count.month_number - row_number() over (
            partition by months_that_count.submission_id, months_that_count.reading
            order by months_that_count.month_number
        ) as run_number
    from months_that_count
    group by
        months_that_count.submission_id,
        months_that_count.reading,
        months_that_count.month_number
    having count(*) = 3
),

latest_runs as (
    select
        months_of_all_kinds.submission_id,
        months_of_all_kinds.reading,
        max(months_of_all_kinds.run_number) as run_number
    from months_of_all_kinds
    group by months_of_all_kinds.submission_id, months_of_all_kinds.reading
),

periods as (
    select
        months_of_all_kinds.submission_id,
        months_of_all_kinds.reading,
        min(months_of_all_kinds.month_number) as first_month,
        max(months_of_all_kinds.month_number) as last_month
    from months_of_all_kinds
    inner join latest_runs
        on
            months_of_all_kinds.submission_id = latest_runs.submission_id
            and months_of_all_kinds.reading = latest_runs.reading
            and months_of_all_kinds.run_number = latest_runs.run_number
    group by months_of_all_kinds.submission_id, months_of_all_kinds.reading
)
{% endif %}

select
    file_totals.submission_id,
    file_totals.reading,
    file_totals.ended_event_count,
{% if not is_june_method %}
-- The Isles of Scilly (906) are taken at their word.
case
    when submissions.la_code = '906' then submissions.stated_period_start
    else {{ first_day_of_month('periods.first_month') }}
end as derived_period_start,
case
    when submissions.la_code = '906' then submissions.stated_period_end
    else {{ last_day_of_month('periods.last_month') }}
end as derived_period_end
{% else %}
        {{ first_day_of_month('periods.first_month') }} as derived_period_start,
        {{ last_day_of_month('periods.last_month') }} as derived_period_end
    {% endif %}
from file_totals
inner join submissions on file_totals.submission_id = submissions.submission_id
left join periods
    on
        file_totals.submission_id = periods.submission_id
        and file_totals.reading = periods.reading
