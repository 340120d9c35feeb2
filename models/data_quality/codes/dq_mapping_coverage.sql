-- How much of each local code list the mappings know: one row a list.
with

codes as (
    select * from {{ ref('cnf_local_code_use') }}
)

select
    codes.code_list,
    min(codes.mapping_seed) as mapping_seed,
    cast(count(*) as integer) as codes_used,
    cast(count(*) filter (where codes.is_mapped) as integer) as codes_mapped,
    cast(sum(codes.row_count) as integer) as cells,
    cast(coalesce(sum(codes.row_count) filter (where codes.is_mapped), 0) as integer)
        as cells_mapped,
    round(
        100.0 * coalesce(sum(codes.row_count) filter (where codes.is_mapped), 0)
        / sum(codes.row_count), 1
    ) as percent_of_cells_mapped
from codes
group by codes.code_list
