-- The people of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'person_id': 'key',
    'date_of_birth': 'date',
    'birth_day': 'integer',
    'birth_month': 'integer',
    'birth_year': 'integer',
    'dob_estimated': 'flag',
    'date_of_death': 'date',
    'restricted': 'flag',
    'record_status': 'word:record_status',
    'merged_into_person_id': 'reference',
    'updated_at': 'timestamp',
} %}
{% set references = ['merged_into_person_id'] %}
with

records as (
    select * from {{ source('extracts', 'person') }}
)

select
    records.source_row,
    {{ clean_key('records.person_id') }} as person_id,
    {{ clean_text('records.title') }} as title,
    {{ clean_text('records.forename') }} as forename,
    {{ clean_surname('records.surname', 'records.forename') }} as surname,
    {{ parse_date('records.date_of_birth') }} as date_of_birth,
    {{ parse_integer('records.birth_day') }} as birth_day,
    {{ parse_integer('records.birth_month') }} as birth_month,
    {{ parse_integer('records.birth_year') }} as birth_year,
    {{ parse_flag('records.dob_estimated') }} as dob_estimated,
    {{ parse_date('records.date_of_death') }} as date_of_death,
    {{ clean_text('records.gender_code') }} as gender_code,
    {{ clean_text('records.ethnicity_code') }} as ethnicity_code,
    {{ parse_flag('records.restricted') }} as restricted,
    {{ parse_word('records.record_status', 'record_status') }} as record_status,
    {{ clean_text('records.record_status') }} as record_status_recorded,
    {{ referred_key('merged_into_person_id') }} as merged_into_person_id,
    {{ parse_timestamp('records.updated_at') }} as updated_at,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('person', references) }}
