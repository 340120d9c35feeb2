-- The providers of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'provider_id': 'key',
} %}
with

records as (
    select * from {{ source('extracts', 'provider') }}
)

select
    records.source_row,
    {{ clean_key('records.provider_id') }} as provider_id,
    {{ clean_text('records.provider_name') }} as provider_name,
    {{ clean_text('records.cqc_location_id') }} as cqc_location_id,
    {{ clean_text('records.cqc_location_name') }} as cqc_location_name,
    {{ clean_text('records.postcode') }} as postcode,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
