-- The extract person_identifier: NHS number, former number, and the references whose types the seed knows.
with

identifiers as (

    select
        personid,
        'NHS' as id_type,
        lpad(regexp_replace(nhsnumber, '[.]0+$', ''), 10, '0') as id_value,
        cast(null as varchar) as start_date,
        cast(null as varchar) as end_date
    from {{ source('landed', 'persondemographicsview') }}
    where nhsnumber is not null
    union
    select
        personid,
        'LEGACY' as id_type,
        carefirstid as id_value,
        cast(null as varchar) as start_date,
        cast(null as varchar) as end_date
    from {{ source('landed', 'persondemographicsview') }}
    where carefirstid is not null
    union
    select
        numbers.personid,
        upper(types.id_type) as id_type,
        numbers.referencenumber as id_value,
        numbers.startdate as start_date,
        numbers.enddate as end_date
    from {{ source('landed', 'referencenumberpersonview') }} as numbers
    inner join {{ ref('reference_types') }} as types
        on numbers.referencetypecode = types.reference_type
    where upper(types.id_type) <> 'IGNORE'

)

select
    identifiers.personid as person_id,
    identifiers.id_type,
    identifiers.id_value,
    local_reference.verified,
    identifiers.start_date,
    identifiers.end_date
from identifiers
left join {{ source('landed', 'local_reference') }} as local_reference
    on identifiers.personid = local_reference.personid
        and identifiers.id_value = local_reference.referencenumber
order by identifiers.personid, identifiers.id_type, identifiers.id_value
