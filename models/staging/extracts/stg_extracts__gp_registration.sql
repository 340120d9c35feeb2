-- The registrations of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'person_id': 'needed reference',
    'start_date': 'date',
    'end_date': 'date',
} %}
{% set references = ['person_id'] %}
with

records as (
    select * from {{ source('extracts', 'gp_registration') }}
)

select
    records.source_row,
    {{ referred_key('person_id') }} as person_id,
    {{ clean_text('records.practice_code') }} as practice_code,
    {{ clean_text('records.practice_name') }} as practice_name,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('gp_registration', references) }}
