-- Mapping of local codes to CLD values, typed; from the seed or from the council's own folder.
with mappings as (
    select * from {{ mapping('map_codes') }}
)

select
    'map_codes:' || coalesce(mappings.code_list, '') || ':' || coalesce(mappings.local_code, '')
    || coalesce('@' || {{ clean_text('mappings.valid_from') }}, '') as mapping_id,
    {{ clean_text('mappings.code_list') }} as code_list,
    {{ clean_text('mappings.local_code') }} as local_code,
    {{ clean_text('mappings.cld_field') }} as cld_field,
    {{ clean_text('mappings.cld_value') }} as cld_value,
    {{ read_date('mappings.valid_from') }} as valid_from,
    {{ read_date('mappings.valid_to') }} as valid_to
from mappings
