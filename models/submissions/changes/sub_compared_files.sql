-- The two latest submissions of each council: the one that is compared and the one before it. Councils
-- with a single submission have none.
with

files as (

    select * from {{ ref('sub_files') }}

),

ordered as (

    select
        files.la_code,
        files.submission_id,
        files.stated_period_start,
        files.stated_period_end,
        lag(files.submission_id) over latest as previous_submission_id,
        lag(files.stated_period_start) over latest as previous_period_start,
        lag(files.stated_period_end) over latest as previous_period_end,
        row_number() over (
            partition by files.la_code
            order by {{ sent_order('files', latest_first=true) }}
        ) as latest_first
    from files
    window latest as (
        partition by files.la_code
        order by {{ sent_order('files') }}
    )

)

select
    ordered.la_code,
    ordered.submission_id,
    ordered.stated_period_start,
    ordered.stated_period_end,
    ordered.previous_submission_id,
    ordered.previous_period_start,
    ordered.previous_period_end
from ordered
where ordered.latest_first = 1 and ordered.previous_submission_id is not null
