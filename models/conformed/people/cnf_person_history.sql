-- Every dated fact about a person in CLD words: one row for each fact and span of time.
with

classifications as (
    select * from {{ ref('stg_extracts__person_classification') }}
),

packages as (
    select * from {{ ref('stg_extracts__service_package') }}
),

addresses as (
    select * from {{ ref('stg_extracts__address') }}
),

registrations as (
    select * from {{ ref('stg_extracts__gp_registration') }}
),

local_code_lists as (
    select * from {{ ref('spec_local_code_lists') }}
),

dummy_values as (
    select * from {{ ref('dummy_values') }}
),

classified as (
    select
        classifications.person_id,
        local_code_lists.code_list,
        local_code_lists.cld_field,
        classifications.code as raw_value,
        classifications.start_date,
        classifications.end_date,
        classifications.recorded_at,
        0 as precedence,
        'person_classification' as source_table,
        'row ' || classifications.source_row as source_record_id,
        'code' as source_column,
        classifications.source_row
    from classifications
    inner join local_code_lists
        on
            local_code_lists.table_name = 'person_classification'
            and classifications.classification = local_code_lists.classification
    where {{ was_readable('classifications', ['start_date', 'end_date']) }}
),

-- A package may say that its support reason or funding is not the person's usual one. That is
-- the latest thing said, and it must stand on all rows of the person, so it wins.
overridden as (
    select
        packages.person_id,
        local_code_lists.code_list,
        local_code_lists.cld_field,
        case local_code_lists.column_name
            when 'support_reason_code' then packages.support_reason_code
            when 'funding_code' then packages.funding_code
        end as raw_value,
        packages.start_date,
        packages.end_date,
        cast(null as timestamp) as recorded_at,
        1 as precedence,
        'service_package' as source_table,
        packages.package_id as source_record_id,
        local_code_lists.column_name as source_column,
        packages.source_row
    from packages
    inner join local_code_lists
        on
            local_code_lists.table_name = 'service_package'
            and local_code_lists.column_name in ('support_reason_code', 'funding_code')
    where
        coalesce(packages.status, '') not in ('CANCELLED', 'PROPOSED', 'APPROVED')
        and packages.subject_role = 'CLIENT'
        and {{ was_readable('packages', ['start_date', 'end_date', 'status']) }}
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

coded as (
    select * from classified
    union all
    select * from overridden
    where overridden.raw_value is not null
),

mapped as (
    select
        coded.person_id,
        coded.cld_field,
        coded.code_list,
        coded.raw_value,
        mappings.cld_value,
        mappings.mapping_id,
        coded.start_date,
        coded.end_date,
        coded.recorded_at,
        coded.precedence,
        0 as tie_break,
        coded.source_table,
        coded.source_record_id,
        coded.source_column,
        coded.source_row
    from coded
    left join {{ ref('cnf_map_codes') }} as mappings
        on
            coded.code_list = mappings.code_list
            and coded.raw_value = mappings.local_code
            and {{ in_force(
                'mappings',
                'coalesce(coded.start_date, ' ~ date_setting('reporting_period_end') ~ ')'
            ) }}
),

facts as (
    select * from mapped
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
