-- Every value of Release 1 and what it is now, by the letter or as other public sources have it: one row a field and
-- value.
{{ config(materialized='view') }}

with

fields as (
    select * from {{ ref('spec_fields') }}
),

code_lists as (
    select
        fields.snake_name as field_name,
        fields.header,
        code_lists.release,
        code_lists.value,
        code_lists.sort_order
    from {{ ref('spec_code_lists') }} as code_lists
    inner join fields on code_lists.field = fields.header
)

select
    code_lists.field_name,
    code_lists.value as earlier_value,
    max(r1_to_r2.r2_value) as value_now
from code_lists
left join {{ ref('spec_r1_to_r2') }} as r1_to_r2
    on code_lists.header = r1_to_r2.field and code_lists.value = r1_to_r2.r1_value
where code_lists.release = 'R1'
group by code_lists.field_name, code_lists.value
union all
select
    fields.snake_name as field_name,
    possible_values.value as earlier_value,
    max(r1_to_r2.r2_value) as value_now
from {{ ref('spec_possible_values') }} as possible_values
inner join fields on possible_values.field = fields.header
inner join {{ ref('spec_r1_to_r2') }} as r1_to_r2
    on
        possible_values.field = r1_to_r2.field
        and possible_values.in_place_of = r1_to_r2.r1_value
where possible_values.release = 'R1'
group by fields.snake_name, possible_values.value
