-- Mapping of elements and package types to service type and component, typed; from the seed or from the council's own folder.
with mappings as (
    select * from {{ mapping('map_services') }}
)

select
    'map_services:' || coalesce(mappings.element_code, '') || ':' || coalesce(mappings.package_type_code, '') || ':' || coalesce(mappings.subject_role, '')
    || coalesce('@' || {{ clean_text('mappings.valid_from') }}, '') as mapping_id,
    {{ clean_text('mappings.element_code') }} as element_code,
    {{ clean_text('mappings.package_type_code') }} as package_type_code,
    {{ clean_text('mappings.subject_role') }} as subject_role,
    {{ clean_text('mappings.service_type') }} as service_type,
    {{ clean_text('mappings.service_component') }} as service_component,
    {{ parse_flag('mappings.ends_on_delivery') }} as ends_on_delivery,
    {{ clean_text('mappings.exclusion_code') }} as exclusion_code,
    {{ read_date('mappings.valid_from') }} as valid_from,
    {{ read_date('mappings.valid_to') }} as valid_to
from mappings
