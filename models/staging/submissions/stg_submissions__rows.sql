-- Every row of every CLD file in the submissions folder, cell for cell as text.
with

submission_rows as (
    select * from {{ source('submissions', 'submission_rows') }}
)

select
    submission_rows.submission_id,
    submission_rows.row_number,
    {{ cld_columns('submission_rows') }}
from submission_rows
