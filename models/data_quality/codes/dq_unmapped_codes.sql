-- Local codes that no mapping knows, with how often they stand and the nearest listed value.
with

codes as (
    select * from {{ ref('cnf_local_code_use') }}
    where not is_mapped
),

listed as (
    select * from {{ ref('spec_code_lists') }}
    where release = '{{ setting("cld_release") }}'
),

compared as (
    select
        codes.code_list,
        codes.code,
        listed.value,
        {{ text_similarity('lower(codes.description)', 'lower(listed.value)') }} as similarity,
        row_number() over (
            partition by codes.code_list, codes.code
            order by
                {{ text_similarity('lower(codes.description)', 'lower(listed.value)') }} desc,
                listed.sort_order
        ) as preference
    from codes
    inner join listed
        on codes.cld_field = listed.field
    where codes.description is not null
)

select
    codes.code_list,
    codes.code,
    codes.description,
    codes.is_retired,
    codes.row_count,
    codes.example_source_record_id,
    codes.cld_field,
    codes.mapping_seed,
    codes.probable_code,
    -- A suggestion for the person who keeps the mapping; nothing in the return uses it.
    compared.value as suggested_value
from codes
left join compared
    on
        codes.code_list = compared.code_list
        and codes.code = compared.code
        and compared.preference = 1
        -- What is only the least unlike of a list is no suggestion.
        and compared.similarity >= 0.85
