-- Months that DHSC's method of June 2026 sees in each submission, and whether each one counts.
with

dated_events as (
    select * from {{ ref('sub_dated_events') }}
),

months as (
    select
        dated_events.submission_id,
        dated_events.reading,
        dated_events.month_ended as month_start,
        count(*) as ended_count,
        count(distinct dated_events.event_type) as type_count
    from dated_events
    where dated_events.month_ended is not null
    group by dated_events.submission_id, dated_events.reading, dated_events.month_ended
),

types_in_file as (
    select
        dated_events.submission_id,
        dated_events.reading,
        count(distinct dated_events.event_type) as type_count
    from dated_events
    group by dated_events.submission_id, dated_events.reading
),

-- The rule counts the event types of the file; DHSC's code those of the best month.
totals as (
    select
        months.submission_id,
        months.reading,
        sum(months.ended_count) as ended_in_file,
        case
            when months.reading = 'rule' then max(types_in_file.type_count)
            else max(months.type_count)
        end as most_types
    from months
    inner join types_in_file
        on
            months.submission_id = types_in_file.submission_id
            and months.reading = types_in_file.reading
    group by months.submission_id, months.reading
)

select
    months.submission_id,
    months.reading,
    months.month_start,
    months.ended_count,
    months.type_count,
    -- DHSC's page says that small files keep their stated period; its code lets every month count.
    totals.ended_in_file < 100
    or (
        100 * months.ended_count >= 2 * totals.ended_in_file
        and months.type_count >= totals.most_types - 1
    ) as is_counted
from months
inner join totals
    on
        months.submission_id = totals.submission_id
        and months.reading = totals.reading
