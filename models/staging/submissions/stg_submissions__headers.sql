-- The header cells of every CLD file as written, with the field each was taken for.
with

submission_headers as (
    select * from {{ source('submissions', 'submission_headers') }}
)

select
    submission_headers.submission_id,
    submission_headers.header_position,
    submission_headers.header,
    submission_headers.snake_name
from submission_headers
