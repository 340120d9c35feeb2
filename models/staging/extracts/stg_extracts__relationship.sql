-- The relationships of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'relationship_id': 'key',
    'person_id': 'needed reference',
    'related_person_id': 'needed reference',
    'is_unpaid_carer': 'flag',
    'is_main_carer': 'flag',
    'start_date': 'date',
    'end_date': 'date',
} %}
{% set references = ['person_id', 'related_person_id'] %}
with

records as (
    select * from {{ source('extracts', 'relationship') }}
)

select
    records.source_row,
    {{ clean_key('records.relationship_id') }} as relationship_id,
    {{ referred_key('person_id') }} as person_id,
    {{ referred_key('related_person_id') }} as related_person_id,
    {{ clean_text('records.relationship_code') }} as relationship_code,
    {{ parse_flag('records.is_unpaid_carer') }} as is_unpaid_carer,
    {{ parse_flag('records.is_main_carer') }} as is_main_carer,
    {{ clean_text('records.hours_code') }} as hours_code,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('relationship', references) }}
