-- Which state of a council's submissions the figures of this run are: the submission that DHSC takes for
-- the last quarter, the period, and the settings they depend on. One row per council with a submission.
with

files as (

    select distinct la_code from {{ ref('sub_files') }}
    where la_code is not null

),

selection as (

    select * from {{ ref('dhsc_selection') }}
    where
        events_table = 'joined'
        and ref_period_end = {{ date_setting('reporting_period_end') }}

)

select
    files.la_code,
    selection.submission_id,
    {{ date_setting('reporting_period_start') }} as period_start,
    {{ date_setting('reporting_period_end') }} as period_end,
    '{{ [
        setting("method_version"), setting("submission_selection"), setting("joined_period_start"),
        setting("dhsc_population_year"), setting("dhsc_count_by_la_id"),
        "registered deaths" if setting("ons_deaths_path") else "submitted deaths",
    ] | join(", ") }}' as settings
from files
left join selection
    on files.la_code = selection.la_code
