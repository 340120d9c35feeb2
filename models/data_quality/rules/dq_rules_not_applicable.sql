-- NAP rules: a field is filled where the conditions of the specification say it does not apply.
with

fields_not_applicable as (
    select
        conditions.row_profile,
        conditions.field_name,
        conditions.rule_id
    from {{ ref('dq_profile_conditions') }} as conditions
    where conditions.field_status = 'Not applicable'
)

select
    cells.submission_id,
    cells.row_number,
    fields_not_applicable.rule_id,
    fields_not_applicable.field_name,
    cells.field_value as found_value,
    cast(null as string) as suggestion
from {{ cells(ref('dq_rows'), ['submission_id', 'row_number', 'row_profile'], cld_fields()) }} as cells
inner join fields_not_applicable
    on cells.row_profile = fields_not_applicable.row_profile and cells.field_name = fields_not_applicable.field_name
where cells.field_value is not null
