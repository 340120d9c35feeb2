-- Every dated fact about a person in CLD words: one row for each fact and span of time.
with

addresses as (
    select * from {{ ref('stg_extracts__address') }}
),

registrations as (
    select * from {{ ref('stg_extracts__gp_registration') }}
),

dummy_values as (
    select * from {{ ref('dummy_values') }}
),

postcodes as (
    select
        addresses.person_id,
        cast(null as varchar) as code_list,
        'Postcode' as cld_field,
        addresses.postcode as raw_value,
        addresses.start_date,
        addresses.end_date,
        cast(null as timestamp) as recorded_at,
        cast(coalesce(addresses.is_main, false) as integer) as tie_break,
        addresses.address_id,
        {{ normal_postcode('addresses.postcode') }} as postcode,
        addresses.source_row
    from addresses
    where
        coalesce(addresses.address_type, '') <> 'CORRESPONDENCE'
        and {{ was_readable('addresses', ['start_date', 'end_date', 'address_type']) }}
),

facts as (
    select
        codes.person_id,
        codes.cld_field,
        codes.code_list,
        codes.raw_value,
        codes.cld_value,
        codes.mapping_id,
        codes.start_date,
        codes.end_date,
        codes.recorded_at,
        codes.precedence,
        0 as tie_break,
        codes.source_table,
        codes.source_record_id,
        codes.source_column,
        codes.source_row
    from {{ ref('cnf_person_codes') }} as codes
    union all
    select
        postcodes.person_id,
        postcodes.cld_field,
        postcodes.code_list,
        postcodes.raw_value,
        case when dummy_values.dummy_value is null then postcodes.postcode end as cld_value,
        cast(null as varchar) as mapping_id,
        postcodes.start_date,
        postcodes.end_date,
        postcodes.recorded_at,
        0 as precedence,
        postcodes.tie_break,
        'address' as source_table,
        postcodes.address_id as source_record_id,
        'postcode' as source_column,
        postcodes.source_row
    from postcodes
    left join dummy_values
        on
            dummy_values.kind = 'postcode'
            and replace(postcodes.postcode, ' ', '') = dummy_values.dummy_value
    union all
    select
        registrations.person_id,
        practice.cld_field,
        cast(null as varchar) as code_list,
        practice.raw_value,
        practice.raw_value as cld_value,
        cast(null as varchar) as mapping_id,
        registrations.start_date,
        registrations.end_date,
        cast(null as timestamp) as recorded_at,
        0 as precedence,
        0 as tie_break,
        'gp_registration' as source_table,
        'row ' || registrations.source_row as source_record_id,
        practice.source_column,
        registrations.source_row
    from registrations
    cross join
        lateral (
            values
            ('GP Practice Code', upper(registrations.practice_code), 'practice_code'),
            ('GP Practice Name', registrations.practice_name, 'practice_name')
        ) as practice (cld_field, raw_value, source_column)
    where {{ was_readable('registrations', ['start_date', 'end_date']) }}
)

select
    person_records.survivor_person_id as person_id,
    facts.cld_field,
    facts.code_list,
    facts.raw_value,
    facts.cld_value,
    facts.mapping_id,
    facts.start_date,
    facts.end_date,
    facts.recorded_at,
    facts.precedence,
    facts.tie_break,
    facts.source_table,
    facts.source_record_id,
    facts.source_column,
    facts.source_row
from facts
inner join {{ ref('cnf_person_records') }} as person_records
    on
        facts.person_id = person_records.person_id
        and person_records.survivor_person_id is not null
-- A value called off, or replaced on the day it began, ends before it begins: it held on no day.
where coalesce(facts.end_date >= facts.start_date, true)
