-- Months that DHSC's method of June 2026 sees in each submission, and whether each one counts.
with files as (

    select * from {{ ref('sub_files') }}

),

rows_ as (

    select * from {{ ref('sub_rows') }}

),

ended_events as (

    select
        rows_.submission_id,
        cast(date_trunc('month', rows_.event_end_date_date) as date) as month_start,
        {{ dhsc_key('rows_.event_type') }} as event_type
    from rows_
    inner join files
        on rows_.submission_id = files.submission_id
    where rows_.event_end_date_date < cast(date_trunc('month', files.imported_at) as date)

),

months as (

    select
        ended_events.submission_id,
        ended_events.month_start,
        count(*) as ended_count,
        count(distinct ended_events.event_type) as type_count
    from ended_events
    group by ended_events.submission_id, ended_events.month_start

),

totals as (

    select
        months.submission_id,
        sum(months.ended_count) as ended_in_file,
        max(months.type_count) as most_types
    from months
    group by months.submission_id

)

select
    months.submission_id,
    months.month_start,
    months.ended_count,
    months.type_count,
    -- DHSC's page says that small files keep their stated period; its code lets every month count.
    totals.ended_in_file < 100
    or (
        100.0 * months.ended_count / totals.ended_in_file >= 2
        and months.type_count >= totals.most_types - 1
    ) as is_counted
from months
inner join totals
    on months.submission_id = totals.submission_id
