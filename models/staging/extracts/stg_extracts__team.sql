-- The teams of the extract, trimmed and typed; nothing is dropped.
with

records as (
    select * from {{ source('extracts', 'team') }}
)

select
    records.source_row,
    {{ clean_text('records.team_id') }} as team_id,
    {{ clean_text('records.team_name') }} as team_name,
    {{ clean_text('records.service_area') }} as service_area
from records
