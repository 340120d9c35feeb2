-- The extract address: one row is one person at one address over a period.
select
    addressid as address_id,
    personid as person_id,
    type as address_type,
    postcode,
    uprn,
    startdate as start_date,
    enddate as end_date,
    cast(null as varchar) as is_main
from {{ source('landed', 'addresspersonview') }}
order by addressid
