-- The extract person_identifier: the NHS number of the person's record, the former number, and the references
-- whose types the seed knows.
with

people as (

    select * from {{ ref('people') }}

),

reference_types as (

    select * from {{ ref('reference_types') }}

),

mart as (

    select
        person_id,
        reference_type,
        reference
    from {{ source('landed', 'dm_person_references') }}

),

live as (

    select
        subject_compound_id as person_id,
        reference_type_code as reference_type,
        reference
    from {{ source('landed', 'mo_subject_references') }}
    where not exists (select 1 from mart)

),

both_kinds as (

    select * from mart
    union all
    select * from live

),

identifiers as (

    select
        person_id,
        'NHS' as id_type,
        -- A number loses its leading zeros, and a binary one gains a decimal point.
        lpad(regexp_replace(nhs_id, '[.]0+$', ''), 10, '0') as id_value,
        cast(null as varchar) as verified,
        cast(null as varchar) as start_date,
        cast(null as varchar) as end_date
    from people
    where nhs_id is not null
    union
    select
        person_id,
        'LEGACY' as id_type,
        person_id_legacy as id_value,
        cast(null as varchar) as verified,
        cast(null as varchar) as start_date,
        cast(null as varchar) as end_date
    from people
    where person_id_legacy is not null
    union
    select
        both_kinds.person_id,
        upper(reference_types.id_type) as id_type,
        both_kinds.reference as id_value,
        local_reference.verified,
        local_reference.start_date,
        local_reference.end_date
    from both_kinds
    inner join reference_types
        on both_kinds.reference_type = cast(reference_types.reference_type as varchar)
    left join {{ source('landed', 'local_reference') }} as local_reference
        on both_kinds.person_id = local_reference.person_id
            and both_kinds.reference_type = local_reference.reference_type
            and both_kinds.reference = local_reference.reference
    where upper(reference_types.id_type) <> 'IGNORE'

)

select
    person_id,
    id_type,
    id_value,
    verified,
    start_date,
    end_date
from identifiers
order by person_id, id_type, id_value
