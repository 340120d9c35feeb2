-- The lines of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'line_id': 'key',
    'package_id': 'needed reference',
    'provider_id': 'reference',
    'start_date': 'date',
    'end_date': 'date',
    'suspended_from': 'date',
    'planned_units': 'decimal',
    'previous_line_id': 'reference',
} %}
{% set references = ['package_id', 'provider_id', 'previous_line_id'] %}
with

records as (
    select * from {{ source('extracts', 'service_line') }}
)

select
    records.source_row,
    {{ clean_key('records.line_id') }} as line_id,
    {{ referred_key('package_id') }} as package_id,
    {{ clean_text('records.element_code') }} as element_code,
    {{ clean_text('records.delivery_code') }} as delivery_code,
    {{ referred_key('provider_id') }} as provider_id,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ parse_date('records.suspended_from') }} as suspended_from,
    {{ parse_decimal('records.planned_units') }} as planned_units,
    {{ clean_text('records.unit_code') }} as unit_code,
    {{ referred_key('previous_line_id') }} as previous_line_id,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('service_line', references) }}
