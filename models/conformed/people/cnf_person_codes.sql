-- Every dated code about a person, and the CLD value it is mapped to: one row for each code and span of time.
{{ config(materialized='view') }}

with

classifications as (
    select * from {{ ref('stg_extracts__person_classification') }}
),

packages as (
    select * from {{ ref('stg_extracts__service_package') }}
),

local_code_lists as (
    select * from {{ ref('spec_local_code_lists') }}
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

coded as (
    select * from classified
    union all
    select * from overridden
    where overridden.raw_value is not null
)

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
