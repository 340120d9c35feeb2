-- The identifiers of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'person_id': 'needed reference',
    'id_type': 'word:id_type',
    'id_value': 'nhs_number',
    'verified': 'flag',
    'start_date': 'date',
    'end_date': 'date',
} %}
{% set references = ['person_id'] %}
with

records as (
    select * from {{ source('extracts', 'person_identifier') }}
)

select
    records.source_row,
    {{ referred_key('person_id') }} as person_id,
    {{ parse_word('records.id_type', 'id_type') }} as id_type,
    {{ clean_text('records.id_type') }} as id_type_recorded,
    {{ clean_text('records.id_value') }} as id_value,
    {{ parse_flag('records.verified') }} as verified,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('person_identifier', references) }}
