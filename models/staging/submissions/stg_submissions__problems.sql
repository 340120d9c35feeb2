-- Files, or lines of submissions.csv, that could not be read.
with

submission_problems as (
    select * from {{ source('submissions', 'submission_problems') }}
)

select
    submission_problems.file_name,
    submission_problems.line_number,
    submission_problems.problem
from submission_problems
