-- The extract rate, a stub: Eclipse's tables of prices are not public. The council lands a table of this
-- name with these columns from its own query; replace this model where the tables are known.
select
    rate_id,
    line_id,
    rate_type_code,
    amount,
    per_unit_code,
    start_date,
    end_date
from {{ source('landed', 'rate') }}
order by rate_id, line_id, rate_type_code, amount
