-- The teams of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'team_id': 'key',
} %}
with

records as (
    select * from {{ source('extracts', 'team') }}
)

select
    records.source_row,
    {{ clean_key('records.team_id') }} as team_id,
    {{ clean_text('records.team_name') }} as team_name,
    {{ clean_text('records.service_area') }} as service_area,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
