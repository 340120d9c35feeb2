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

-- A package type decides only where the mapping of elements names it, and the row for any takes all others: ST under
-- another spelling (st, S T) would be one of these without a word. Known is what is named there, or listed by the
-- system and no other spelling of such a one; of a system that lists none, other spellings alone are in doubt.
named_types as (
    select distinct
        services.package_type_code as code,
        {{ comparable_key('services.package_type_code') }} as compared_code
    from {{ ref('cnf_map_services') }} as services
    where services.package_type_code <> '*'
),

listed_types as (
    select
        local_codes.code,
        local_codes.description
    from {{ ref('stg_extracts__local_code') }} as local_codes
    where local_codes.code_list = 'package_type'
),

package_types as (
    select
        used.code_list,
        used.code,
        min(coalesce(respelled.code, described.code)) as probable_code,
        not exists (select any_named.code from named_types as any_named)
        or bool_or(named_types.code is not null)
        or (
            not bool_or(respelled.code is not null)
            and (
                bool_or(listed_types.code is not null)
                or (
                    not exists (select any_listed.code from listed_types as any_listed)
                    and not bool_or(described.code is not null)
                )
            )
        ) as is_known
    from used
    left join named_types
        on used.code = named_types.code
    left join named_types as respelled
        on
            used.code <> respelled.code
            and {{ comparable_key('used.code') }} = respelled.compared_code
    left join listed_types
        on used.code = listed_types.code
    left join listed_types as described
        on {{ comparable_key('used.code') }} = {{ comparable_key('described.description') }}
    where used.code_list = 'package_type'
    group by used.code_list, used.code
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
    in_force.code is not null or coalesce(package_types.is_known, false) as is_mapped,
    case
        when used.code_list = 'package_type'
            then case when not package_types.is_known then package_types.probable_code end
        when in_force.code is null then partners.probable_code
    end as probable_code
from used
left join in_force
    on
        used.code_list = in_force.code_list
        and used.code = in_force.code
left join partners
    on
        used.code_list = partners.code_list
        and used.code = partners.code
left join package_types
    on
        used.code_list = package_types.code_list
        and used.code = package_types.code
left join {{ ref('stg_extracts__local_code') }} as local_codes
    on
        used.code_list = local_codes.code_list
        and used.code = local_codes.code
