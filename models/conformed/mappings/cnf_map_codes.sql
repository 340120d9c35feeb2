-- Mapping of local codes to CLD values, typed; from the seed or from the council's own folder.
with

mappings as (
    select * from {{ mapping('map_codes') }}
)

select
    'map_codes:' || concat_ws(':', mappings.code_list, mappings.local_code)
    || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
    {{ clean_text('mappings.code_list') }} as code_list,
    {{ clean_text('mappings.local_code') }} as local_code,
    {{ clean_text('mappings.cld_field') }} as cld_field,
    {{ clean_text('mappings.cld_value') }} as cld_value,
    {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
    {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
from mappings
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where
    {{ clean_text('mappings.cld_value') }} is not null
