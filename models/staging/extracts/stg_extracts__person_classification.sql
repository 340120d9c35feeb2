-- The classifications of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'person_id': 'needed reference',
    'classification': 'word:classification',
    'start_date': 'date',
    'end_date': 'date',
    'recorded_at': 'timestamp',
} %}
{% set references = ['person_id'] %}
with

records as (
    select * from {{ source('extracts', 'person_classification') }}
)

select
    records.source_row,
    {{ referred_key('person_id') }} as person_id,
    {{ parse_word('records.classification', 'classification') }} as classification,
    {{ clean_text('records.classification') }} as classification_recorded,
    {{ clean_text('records.code') }} as code,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ parse_timestamp('records.recorded_at') }} as recorded_at,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('person_classification', references) }}
