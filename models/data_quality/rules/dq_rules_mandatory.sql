-- MAN rules: a field is blank where the conditions of the specification make it mandatory.
with

mandatory_fields as (
    select
        conditions.row_profile,
        conditions.field_name,
        conditions.rule_id
    from {{ ref('dq_profile_conditions') }} as conditions
    where conditions.field_status = 'Mandatory'
)

select
    cells.submission_id,
    cells.row_number,
    mandatory_fields.rule_id,
    mandatory_fields.field_name,
    cast(null as string) as found_value,
    cast(null as string) as suggestion
from {{ cells(ref('dq_rows'), ['submission_id', 'row_number', 'row_profile'], cld_fields()) }} as cells
inner join mandatory_fields
    on cells.row_profile = mandatory_fields.row_profile and cells.field_name = mandatory_fields.field_name
where cells.field_value is null
