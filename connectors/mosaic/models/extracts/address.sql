-- The extract address: one row is one person at one address over a period.
with

mart as (

    select
        ref_addresses_people_id,
        person_id,
        address_type,
        post_code,
        unique_id,
        start_date,
        end_date,
        is_display_address
    from {{ source('landed', 'dm_addresses') }}

),

live as (

    select
        addresses_people.id as ref_addresses_people_id,
        addresses_people.person_id,
        addresses_people.address_type,
        addresses.post_code,
        addresses.unique_id,
        addresses_people.start_date,
        addresses_people.end_date,
        addresses_people.display_address as is_display_address
    from {{ source('landed', 'addresses_people') }} as addresses_people
    left join {{ source('landed', 'addresses') }} as addresses
        on addresses_people.address_id = addresses.address_id
    where not exists (select 1 from mart)

),

both_kinds as (

    select * from mart
    union all
    select * from live

)

select
    ref_addresses_people_id as address_id,
    person_id,
    case when upper(address_type) = 'MAIN' then 'HOME' else address_type end as address_type,
    post_code as postcode,
    unique_id as uprn,
    start_date,
    end_date,
    is_display_address as is_main
from both_kinds
order by ref_addresses_people_id
