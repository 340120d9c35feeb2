-- Mapping of contact and assessment types to in or out of scope, typed; from the seed or from the council's own folder.
with

mappings as (
    select * from {{ mapping('map_event_scope') }}
)

select
    'map_event_scope:' || concat_ws(':', mappings.code_list, mappings.local_code)
    || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
    {{ clean_text('mappings.code_list') }} as code_list,
    {{ clean_text('mappings.local_code') }} as local_code,
    {{ parse_flag('mappings.is_in_scope') }} as is_in_scope,
    {{ clean_text('mappings.cld_value') }} as cld_value,
    {{ clean_text('mappings.exclusion_code') }} as exclusion_code,
    {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
    {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
from mappings
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where
    {{ parse_flag('mappings.is_in_scope') }} is not null
