-- The addresses of the extract, trimmed and typed; nothing is dropped.
with

records as (
    select * from {{ source('extracts', 'address') }}
)

select
    records.source_row,
    {{ clean_text('records.address_id') }} as address_id,
    {{ clean_text('records.person_id') }} as person_id,
    {{ clean_text('records.address_type') }} as address_type,
    {{ clean_text('records.postcode') }} as postcode,
    {{ clean_text('records.uprn') }} as uprn,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ parse_flag('records.is_main') }} as is_main,
    {{ unreadable_columns({
        'start_date': 'date',
        'end_date': 'date',
    }) }} as unreadable_columns
from records
