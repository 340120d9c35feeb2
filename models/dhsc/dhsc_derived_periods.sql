-- The period DHSC derives from the data of each submission, by both of its methods.
with files as (

    select * from {{ ref('sub_files') }}

),

months_jun2026 as (

    select * from {{ ref('dhsc_months_jun2026') }}

),

months_sep2026 as (

    select * from {{ ref('dhsc_months_sep2026') }}

),

-- Months between the first and the last one that counts are not looked at: gaps are ignored.
periods_jun2026 as (

    select
        months_jun2026.submission_id,
        min(months_jun2026.month_start) as period_start,
        max(months_jun2026.month_start) as last_month
    from months_jun2026
    where months_jun2026.is_counted
    group by months_jun2026.submission_id

),

types_present as (

    select
        months_sep2026.submission_id,
        count(distinct months_sep2026.event_type) as type_count
    from months_sep2026
    group by months_sep2026.submission_id

),

-- DHSC's page speaks of the overlap of three runs; its code takes the months in which all three
-- types count and then the latest run of those.
shared_months as (

    select
        months_sep2026.submission_id,
        months_sep2026.month_start,
        bool_or(not months_sep2026.is_complete) as is_gap,
        year(months_sep2026.month_start) * 12 + month(months_sep2026.month_start) as month_number
    from months_sep2026
    where months_sep2026.is_counted
    group by months_sep2026.submission_id, months_sep2026.month_start
    having count(*) = 3

),

runs as (

    select
        shared_months.submission_id,
        shared_months.month_start,
        shared_months.is_gap,
        shared_months.month_number - row_number() over (
            partition by shared_months.submission_id
            order by shared_months.month_number
        ) as run_number
    from shared_months

),

periods_sep2026 as (

    select
        runs.submission_id,
        min(runs.month_start) as period_start,
        max(runs.month_start) as last_month,
        bool_or(runs.is_gap) as has_gaps,
        row_number() over (
            partition by runs.submission_id
            order by max(runs.month_start) desc
        ) as latest_first
    from runs
    group by runs.submission_id, runs.run_number

)

select
    files.submission_id,
    files.la_code,
    files.imported_at,
    files.stated_period_start,
    files.stated_period_end,
    periods_jun2026.period_start as jun2026_period_start,
    cast({{ dbt.last_day('periods_jun2026.last_month', 'month') }} as date) as jun2026_period_end,
    -- The Isles of Scilly are too small for the method; DHSC uses what they state.
    case
        when files.la_code = '906' then files.stated_period_start else periods_sep2026.period_start
    end
        as sep2026_period_start,
    case
        when files.la_code = '906' then files.stated_period_end
        else cast({{ dbt.last_day('periods_sep2026.last_month', 'month') }} as date)
    end as sep2026_period_end,
    coalesce(types_present.type_count, 0) < 3 as is_missing_event_type,
    coalesce(periods_sep2026.has_gaps, false) as has_gaps
from files
left join periods_jun2026
    on files.submission_id = periods_jun2026.submission_id
left join types_present
    on files.submission_id = types_present.submission_id
left join periods_sep2026
    on
        files.submission_id = periods_sep2026.submission_id
        and periods_sep2026.latest_first = 1
