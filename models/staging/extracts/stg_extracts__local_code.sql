-- The codes of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'retired': 'flag',
} %}
with

records as (
    select * from {{ source('extracts', 'local_code') }}
)

select
    records.source_row,
    {{ clean_text('records.code_list') }} as code_list,
    {{ clean_text('records.code') }} as code,
    {{ clean_text('records.description') }} as description,
    {{ parse_flag('records.retired') }} as retired,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
