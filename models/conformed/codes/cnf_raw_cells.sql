-- Every filled cell of the extracts that feed the return, as text: one row a record and column.
{{ config(materialized='ephemeral') }}
{% set keys = {
    'person': 'person_id', 'address': 'address_id', 'relationship': 'relationship_id',
    'contact': 'contact_id', 'assessment': 'assessment_id', 'review': 'review_id',
    'service_package': 'package_id', 'service_line': 'line_id', 'rate': 'rate_id',
    'provider': 'provider_id', 'person_identifier': none, 'person_classification': none,
    'gp_registration': none,
} %}
{# Words as the case system wrote them, not what they mean. #}
{% set words = {
    'person': ['record_status'], 'address': ['address_type'],
    'contact': ['subject_role', 'status'], 'assessment': ['subject_role', 'status'],
    'review': ['subject_role', 'status'], 'service_package': ['subject_role', 'status'],
    'person_identifier': ['id_type'], 'person_classification': ['classification'],
} %}
{% for table, key in keys.items() %}
select
    '{{ table }}' as source_table,
    cells.source_record_id,
    cells.source_column,
    cells.raw_value
from {{ unpivoted(
    ref('stg_extracts__' ~ table), key or "'row ' || source_row", words.get(table, [])
) }} as cells
{% if not loop.last %}union all{% endif %}
{% endfor %}
