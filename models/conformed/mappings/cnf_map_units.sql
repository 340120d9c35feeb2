-- Mapping of local units to cost frequency and units a week, typed; from the seed or from the council's own folder.
with

mappings as (
    select * from {{ mapping('map_units') }}
)

select
    'map_units:' || mappings.unit_code
    || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
    {{ clean_text('mappings.unit_code') }} as unit_code,
    {{ clean_text('mappings.cost_frequency') }} as cost_frequency,
    {{ parse_decimal('cast(mappings.units_per_week as varchar)') }} as units_per_week,
    {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
    {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
from mappings
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where
    {{ clean_text('mappings.cost_frequency') }} is not null
