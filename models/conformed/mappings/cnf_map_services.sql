-- Mapping of elements and package types to service type and component, typed; from the seed or from the
-- council's own folder.
with

mappings as (
    select * from {{ mapping('map_services') }}
)

select
    'map_services:' || concat_ws(
        ':', mappings.element_code, mappings.package_type_code, mappings.subject_role
    )
    || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
    {{ clean_text('mappings.element_code') }} as element_code,
    {{ clean_text('mappings.package_type_code') }} as package_type_code,
    {{ clean_text('mappings.subject_role') }} as subject_role,
    {{ clean_text('mappings.service_type') }} as service_type,
    {{ clean_text('mappings.service_component') }} as service_component,
    {{ parse_flag('mappings.ends_on_delivery') }} as ends_on_delivery,
    {{ clean_text('mappings.exclusion_code') }} as exclusion_code,
    {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
    {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
from mappings
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where
    {{ clean_text('mappings.service_type') }} is not null
    or {{ clean_text('mappings.exclusion_code') }} is not null
