-- Every filled cell of the extracts that feed the return as it was recorded, before anything was understood.
{{ config(materialized='ephemeral') }}
{% set keys = {
    'person': 'person_id', 'address': 'address_id', 'relationship': 'relationship_id',
    'contact': 'contact_id', 'assessment': 'assessment_id', 'review': 'review_id',
    'service_package': 'package_id', 'service_line': 'line_id', 'rate': 'rate_id',
    'provider': 'provider_id', 'person_identifier': none, 'person_classification': none,
    'gp_registration': none,
} %}
{% set contract = seed_rows('spec_extract_columns', ['table_name', 'column_name'])
    if execute else [] %}
-- depends_on: {{ ref('spec_extract_columns') }}
{% for table, key in keys.items() %}
select
    '{{ table }}' as source_table,
    {{ "records." ~ key if key else "'row ' || records.source_row" }} as source_record_id,
    cells.source_column,
    {{ clean_text('cells.raw_value') }} as raw_value
from {{ unpivoted(
    source('extracts', table),
    'source_row',
    columns=contract | selectattr('table_name', 'equalto', table) | map(attribute='column_name') | list
) }} as cells
inner join {{ ref('stg_extracts__' ~ table) }} as records
    on cells.source_record_id = cast(records.source_row as varchar)
where {{ clean_text('cells.raw_value') }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
