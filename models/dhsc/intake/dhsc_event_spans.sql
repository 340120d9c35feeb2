-- The period each submission states, as DHSC reads it, and those DHSC derives by both of its methods.
with

files as (

    select * from {{ ref('sub_files') }}

),

derived_periods as (

    select * from {{ ref('sub_event_spans') }}
    where reading = 'dhsc'

),

-- Where rows disagree DHSC takes the first start and the last end.
stated_periods as (

    select
        submitted_rows.submission_id,
        min(submitted_rows.reporting_period_start_date_date) as period_start,
        max(submitted_rows.reporting_period_end_date_date) as period_end
    from {{ ref('sub_rows') }} as submitted_rows
    group by submitted_rows.submission_id

)

select
    files.submission_id,
    files.la_code,
    files.imported_at,
    stated_periods.period_start as stated_period_start,
    stated_periods.period_end as stated_period_end,
    derived_periods.jun2026_period_start,
    derived_periods.jun2026_period_end,
    derived_periods.sep2026_period_start,
    derived_periods.sep2026_period_end,
    coalesce(derived_periods.is_missing_event_type, true) as is_missing_event_type,
    coalesce(derived_periods.has_gaps, false) as has_gaps
from files
left join derived_periods
    on files.submission_id = derived_periods.submission_id
left join stated_periods
    on files.submission_id = stated_periods.submission_id
