-- Mapping of local codes to CLD values, typed; from the seed or from the council's own folder, and in
-- the wording that the council chose where a list is known in two.
with

mappings as (
    select * from {{ mapping('map_codes') }}
),

typed_mappings as (
    select
        'map_codes:' || concat_ws(':', mappings.code_list, mappings.local_code)
        || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
        {{ clean_text('mappings.code_list') }} as code_list,
        {{ clean_text('mappings.local_code') }} as local_code,
        {{ clean_text('mappings.cld_field') }} as cld_field,
        {{ clean_text('mappings.cld_value') }} as mapped_value,
        {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
        {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
    from mappings
),

worded_mappings as (
    select
        typed_mappings.*,
        {{ in_chosen_wording('typed_mappings.cld_field', 'typed_mappings.mapped_value') }}
            as cld_value
    from typed_mappings
)

select
    worded_mappings.mapping_id,
    worded_mappings.code_list,
    worded_mappings.local_code,
    worded_mappings.cld_field,
    worded_mappings.cld_value,
    worded_mappings.valid_from,
    worded_mappings.valid_to
from worded_mappings
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where worded_mappings.cld_value is not null
