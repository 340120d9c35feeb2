-- The lists of the release of this run, and the values that are accepted beside them because the
-- published list may hold them. The wording that the council chose is the list, the other is accepted.
{{ config(materialized='view') }}

with

code_lists as (
    select * from {{ ref('spec_code_lists') }}
    where release = '{{ setting("cld_release") }}'
),

possible_values as (
    select * from {{ ref('spec_possible_values') }}
    where release = '{{ setting("cld_release") }}'
),

reworded_fields as (
    select distinct possible_values.field
    from possible_values
    where possible_values.wording = '{{ setting("eligible_needs_wording") }}'
)

select
    code_lists.field,
    code_lists.value as listed_value,
    code_lists.sort_order as list_order,
    code_lists.confidence as list_confidence,
    reworded_fields.field is null as is_listed
from code_lists
left join reworded_fields on code_lists.field = reworded_fields.field
union all
select
    possible_values.field,
    possible_values.value as listed_value,
    cast(
        1000 + row_number() over (
            partition by possible_values.field order by possible_values.value
        ) as integer
    ) as list_order,
    possible_values.confidence as list_confidence,
    reworded_fields.field is not null as is_listed
from possible_values
left join reworded_fields
    on
        possible_values.field = reworded_fields.field
        and possible_values.wording = '{{ setting("eligible_needs_wording") }}'
