-- Which local codes the extracts really hold and whether a mapping knows them: one row a list and code.
{%- set keys = {
    'person': 'person_id', 'relationship': 'relationship_id', 'contact': 'contact_id',
    'assessment': 'assessment_id', 'review': 'review_id', 'service_package': 'package_id',
    'service_line': 'line_id', 'rate': 'rate_id', 'person_classification': "'row ' || source_row",
} %}
{#- Only the columns that hold codes: all cells of the extracts would be several times as many. #}
{%- set listed = seed_rows('spec_local_code_lists', ['table_name', 'column_name']) if execute else [] %}
{%- for list in listed if list.table_name not in keys %}
    {%- do exceptions.raise_compiler_error(
        'spec_local_code_lists.csv: ' ~ list.table_name ~ ' is not an extract whose codes are counted'
    ) %}
{%- endfor %}
with

cells as (
    {% for table, key in keys.items() %}
    {%- set columns = listed | selectattr('table_name', 'equalto', table)
        | map(attribute='column_name') | unique | list %}
    {#- An extract without a list gives its keys, which belong to no list. #}
    select
        '{{ table }}' as source_table,
        cells.source_record_id,
        cells.source_column,
        cells.raw_value
    from {{ unpivoted(
        ref('stg_extracts__' ~ table), key, words=['subject_role'], columns=columns or [key]
    ) }} as cells
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

code_lists as (
    select * from {{ ref('spec_local_code_lists') }}
),

-- A classification says in another column which list its code belongs to.
classifications as (
    select
        'row ' || classified.source_row as source_record_id,
        classified.classification
    from {{ ref('stg_extracts__person_classification') }} as classified
),

coded_cells as (
    select
        code_lists.code_list,
        code_lists.mapping_seed,
        code_lists.cld_field,
        {{ split_codes('cells.raw_value') }} as code,
        cells.source_table,
        cells.source_record_id
    from cells
    left join classifications
        on
            cells.source_table = 'person_classification'
            and cells.source_record_id = classifications.source_record_id
    inner join code_lists
        on
            cells.source_table = code_lists.table_name
            and cells.source_column = code_lists.column_name
            and (
                code_lists.classification is null
                or classifications.classification = code_lists.classification
            )
),

-- A role is a word first: the mapping speaks of what it means.
understood_cells as (
    select
        coded_cells.code_list,
        coded_cells.mapping_seed,
        coded_cells.cld_field,
        coalesce(words.meaning, coded_cells.code) as code,
        coded_cells.source_table,
        coded_cells.source_record_id
    from coded_cells
    left join {{ ref('stg_extracts__words') }} as words
        on
            coded_cells.code_list = words.vocabulary
            and {{ word_key('coded_cells.code') }} = words.word_key
),

used as (
    select
        understood_cells.code_list,
        understood_cells.mapping_seed,
        understood_cells.code,
        min(understood_cells.cld_field) as cld_field,
        count(*) as row_count,
        min(understood_cells.source_table || ' ' || understood_cells.source_record_id)
            as example_source_record_id
    from understood_cells
    group by understood_cells.code_list, understood_cells.mapping_seed, understood_cells.code
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
    in_force.code is not null or used.code_list = 'package_type' as is_mapped
from used
left join in_force
    on
        used.code_list = in_force.code_list
        and used.code = in_force.code
left join {{ ref('stg_extracts__local_code') }} as local_codes
    on
        used.code_list = local_codes.code_list
        and used.code = local_codes.code
