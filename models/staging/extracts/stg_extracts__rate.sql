-- The rates of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'rate_id': 'key',
    'line_id': 'needed reference',
    'amount': 'decimal',
    'start_date': 'date',
    'end_date': 'date',
} %}
{% set references = ['line_id'] %}
with

records as (
    select * from {{ source('extracts', 'rate') }}
)

select
    records.source_row,
    {{ clean_key('records.rate_id') }} as rate_id,
    {{ referred_key('line_id') }} as line_id,
    {{ clean_text('records.rate_type_code') }} as rate_type_code,
    {{ parse_decimal('records.amount') }} as amount,
    {{ clean_text('records.per_unit_code') }} as per_unit_code,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('rate', references) }}
