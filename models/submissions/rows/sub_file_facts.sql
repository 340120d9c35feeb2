-- What a submission says about itself: council, period, size and when it was sent.
with

supplied_files as (
    select * from {{ ref('stg_submissions__files') }}
),

built_files as (
    select * from {{ ref('sub_built_file') }}
),

submitted_rows as (
    select * from {{ ref('sub_rows') }}
),

files as (
    select
        supplied_files.submission_id,
        'supplied' as origin,
        supplied_files.file_name,
        supplied_files.row_count,
        supplied_files.sha256,
        supplied_files.imported_at,
        supplied_files.empty_lines,
        supplied_files.days_in_doubt
    from supplied_files
    union all
    select
        built_files.submission_id,
        'built' as origin,
        built_files.file_name,
        built_files.row_count,
        built_files.sha256,
        built_files.imported_at,
        cast(null as string) as empty_lines,
        cast(null as string) as days_in_doubt
    from built_files
),

stated as (
    select
        submitted_rows.submission_id,
        submitted_rows.la_code,
        submitted_rows.reporting_period_start_date_date as stated_period_start,
        submitted_rows.reporting_period_end_date_date as stated_period_end,
        count(*) as row_count
    from submitted_rows
    group by
        submitted_rows.submission_id,
        submitted_rows.la_code,
        submitted_rows.reporting_period_start_date_date,
        submitted_rows.reporting_period_end_date_date
),

-- A file should say one thing; where it says several, what most rows say is taken.
ranked as (
    select
        stated.submission_id,
        stated.la_code,
        stated.stated_period_start,
        stated.stated_period_end,
        row_number() over (
            partition by stated.submission_id
            order by
                stated.row_count desc,
                stated.la_code nulls last,
                stated.stated_period_start nulls last,
                stated.stated_period_end nulls last
        ) as place
    from stated
)

select
    files.submission_id,
    ranked.la_code,
    files.origin,
    files.file_name,
    files.row_count,
    files.sha256,
    files.imported_at,
    files.empty_lines,
    files.days_in_doubt,
    ranked.stated_period_start,
    ranked.stated_period_end
from files
left join ranked on files.submission_id = ranked.submission_id and ranked.place = 1
