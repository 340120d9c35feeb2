-- Every CLD file of the submissions folder that could be read.
with

submission_files as (
    select * from {{ source('submissions', 'submission_files') }}
)

select
    submission_files.submission_id,
    submission_files.file_name,
    submission_files.row_count,
    submission_files.sha256,
    cast(
        coalesce(submission_files.imported_at, '{{ setting("submission_date") }}') as date
    ) as imported_at,
    submission_files.lines_in_file,
    submission_files.empty_row_count,
    submission_files.empty_lines,
    submission_files.days_in_doubt
from submission_files
