-- The providers of the extract, trimmed and typed; nothing is dropped.
with

records as (
    select * from {{ source('extracts', 'provider') }}
)

select
    records.source_row,
    {{ clean_text('records.provider_id') }} as provider_id,
    {{ clean_text('records.provider_name') }} as provider_name,
    {{ clean_text('records.cqc_location_id') }} as cqc_location_id,
    {{ clean_text('records.cqc_location_name') }} as cqc_location_name,
    {{ clean_text('records.postcode') }} as postcode
from records
