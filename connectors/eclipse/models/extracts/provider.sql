-- The extract provider, a stub: where the CQC location stands is not public. The council lands a table of this
-- name with these columns from its own query; replace this model where the tables are known.
select
    provider_id,
    provider_name,
    cqc_location_id,
    cqc_location_name,
    postcode
from {{ source('landed', 'provider') }}
order by provider_id, provider_name, cqc_location_id, cqc_location_name
