-- The extract service_package, a stub: Eclipse's tables of packages are not public. The council lands a table of this
-- name with these columns from its own query; replace this model where the tables are known.
select
    package_id,
    person_id,
    subject_role,
    package_type_code,
    status,
    start_date,
    end_date,
    end_reason_code,
    support_reason_code,
    funding_code,
    team_id
from {{ source('landed', 'service_package') }}
order by package_id, person_id, subject_role, package_type_code
