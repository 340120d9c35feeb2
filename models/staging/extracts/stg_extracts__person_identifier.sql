-- The identifiers of the extract, trimmed and typed; nothing is dropped.
with

records as (
    select * from {{ source('extracts', 'person_identifier') }}
)

select
    records.source_row,
    {{ clean_text('records.person_id') }} as person_id,
    {{ clean_text('records.id_type') }} as id_type,
    {{ clean_text('records.id_value') }} as id_value,
    {{ parse_flag('records.verified') }} as verified,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ unreadable_columns({
        'start_date': 'date',
        'end_date': 'date',
    }) }} as unreadable_columns
from records
