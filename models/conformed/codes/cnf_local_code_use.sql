-- Which local codes the extracts really hold and whether a mapping knows them: one row a list and code.
with

coded_cells as (
    select * from {{ ref('cnf_coded_cells') }}
),

used as (
    select
        coded_cells.code_list,
        coded_cells.mapping_seed,
        coded_cells.code,
        min(coded_cells.cld_field) as cld_field,
        count(*) as row_count,
        min(coded_cells.source_table || ' ' || coded_cells.source_record_id)
            as example_source_record_id
    from coded_cells
    group by coded_cells.code_list, coded_cells.mapping_seed, coded_cells.code
),

-- A code counts as mapped when a row of its mapping is in force on some day of the period.
known as (
    select
        mapped_codes.code_list,
        mapped_codes.local_code as code,
        mapped_codes.valid_from,
        mapped_codes.valid_to
    from {{ ref('cnf_map_codes') }} as mapped_codes
    union all
    select
        scopes.code_list,
        scopes.local_code as code,
        scopes.valid_from,
        scopes.valid_to
    from {{ ref('cnf_map_event_scope') }} as scopes
    union all
    select
        'element' as code_list,
        services.element_code as code,
        services.valid_from,
        services.valid_to
    from {{ ref('cnf_map_services') }} as services
    union all
    select
        'unit' as code_list,
        units.unit_code as code,
        units.valid_from,
        units.valid_to
    from {{ ref('cnf_map_units') }} as units
    union all
    select
        'rate_type' as code_list,
        rate_types.rate_type_code as code,
        rate_types.valid_from,
        rate_types.valid_to
    from {{ ref('cnf_map_rates') }} as rate_types
),

in_force as (
    select distinct
        known.code_list,
        known.code
    from known
    where
        coalesce(known.valid_from, date '0001-01-01') <= {{ date_setting('reporting_period_end') }}
        and coalesce(known.valid_to, date '9999-12-31')
        >= {{ date_setting('reporting_period_start') }}
),

-- A spreadsheet eats leading zeros, on either side: 1 for 01 is named, never taken for it.
partners as (
    select
        used.code_list,
        used.code,
        {{ joined_text('in_force.code', "' or '", 'in_force.code') }} as probable_code
    from used
    inner join in_force
        on
            used.code_list = in_force.code_list
            and used.code <> in_force.code
            and ltrim(used.code, '0') = ltrim(in_force.code, '0')
    group by used.code_list, used.code
)

select
    used.code_list,
    used.code,
    local_codes.description,
    coalesce(local_codes.retired, false) as is_retired,
    used.cld_field,
    used.mapping_seed,
    cast(used.row_count as integer) as row_count,
    used.example_source_record_id,
    -- The package type never decides alone: the mapping of elements has a row for any.
    in_force.code is not null or used.code_list = 'package_type' as is_mapped,
    case when in_force.code is null then partners.probable_code end as probable_code
from used
left join in_force
    on
        used.code_list = in_force.code_list
        and used.code = in_force.code
left join partners
    on
        used.code_list = partners.code_list
        and used.code = partners.code
left join {{ ref('stg_extracts__local_code') }} as local_codes
    on
        used.code_list = local_codes.code_list
        and used.code = local_codes.code
