-- Mapping of local units to cost frequency and units a week, typed; from the seed or from the council's own folder.
with mappings as (
    select * from {{ mapping('map_units') }}
)

select
    'map_units:' || coalesce(mappings.unit_code, '')
    || coalesce('@' || {{ clean_text('mappings.valid_from') }}, '') as mapping_id,
    {{ clean_text('mappings.unit_code') }} as unit_code,
    {{ clean_text('mappings.cost_frequency') }} as cost_frequency,
    {{ parse_decimal('mappings.units_per_week') }} as units_per_week,
    {{ read_date('mappings.valid_from') }} as valid_from,
    {{ read_date('mappings.valid_to') }} as valid_to
from mappings
