-- The extract gp_registration, a stub: where the practice code stands is not public. The council lands a table of this
-- name with these columns from its own query; replace this model where the tables are known.
select
    person_id,
    practice_code,
    practice_name,
    start_date,
    end_date
from {{ source('landed', 'gp_registration') }}
order by person_id, practice_code, practice_name, start_date
