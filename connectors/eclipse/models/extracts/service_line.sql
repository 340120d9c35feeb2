-- The extract service_line, a stub: Eclipse's tables of service elements are not public. The council lands a table of this
-- name with these columns from its own query; replace this model where the tables are known.
select
    line_id,
    package_id,
    element_code,
    delivery_code,
    provider_id,
    start_date,
    end_date,
    suspended_from,
    planned_units,
    unit_code,
    previous_line_id
from {{ source('landed', 'service_line') }}
order by line_id, package_id, element_code, delivery_code
