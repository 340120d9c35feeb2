-- The rows of the file under the headers of the specification, in its order, all text.
with

return_rows as (
    select * from {{ ref('cld_return_rows') }}
)

select
    {{ cld_columns('return_rows', with_headers=true) }}
from return_rows
order by return_rows.row_number
