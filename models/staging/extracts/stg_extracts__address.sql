-- The addresses of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'address_id': 'key',
    'person_id': 'needed reference',
    'address_type': 'word:address_type',
    'start_date': 'date',
    'end_date': 'date',
    'is_main': 'flag',
} %}
{% set references = ['person_id'] %}
with

records as (
    select * from {{ source('extracts', 'address') }}
)

select
    records.source_row,
    {{ clean_key('records.address_id') }} as address_id,
    {{ referred_key('person_id') }} as person_id,
    {{ parse_word('records.address_type', 'address_type') }} as address_type,
    {{ clean_text('records.address_type') }} as address_type_recorded,
    {{ clean_text('records.postcode') }} as postcode,
    {{ clean_text('records.uprn') }} as uprn,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ parse_flag('records.is_main') }} as is_main,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('address', references) }}
