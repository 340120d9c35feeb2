-- Every local code of the extracts, as the mapping speaks of it: one row a cell and code.
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
        cells.source_column,
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
        coded_cells.source_column,
        coded_cells.source_record_id
    from coded_cells
    left join {{ ref('stg_extracts__words') }} as words
        on
            coded_cells.code_list = words.vocabulary
            and {{ word_key('coded_cells.code') }} = words.word_key
)

select
    understood_cells.code_list,
    understood_cells.mapping_seed,
    understood_cells.cld_field,
    understood_cells.code,
    understood_cells.source_table,
    understood_cells.source_column,
    understood_cells.source_record_id
from understood_cells
