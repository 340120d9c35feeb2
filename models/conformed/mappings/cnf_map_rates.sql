-- Mapping of rate types to in or out of the unit cost, typed; from the seed or from the council's own folder.
with

mappings as (
    select * from {{ mapping('map_rates') }}
)

select
    'map_rates:' || mappings.rate_type_code
    || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
    {{ clean_text('mappings.rate_type_code') }} as rate_type_code,
    {{ parse_flag('mappings.in_unit_cost') }} as in_unit_cost,
    {{ clean_text('mappings.reason') }} as reason,
    {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
    {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
from mappings
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where
    {{ parse_flag('mappings.in_unit_cost') }} is not null
