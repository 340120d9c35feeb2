-- NAP rules: a field is filled where the conditions of the specification say it does not apply.
{% set all_rows = ref('dq_rows') %}
with

fields_not_applicable as (
    select
        conditions.row_profile,
        conditions.field_name,
        conditions.rule_id
    from {{ ref('dq_profile_conditions') }} as conditions
    where conditions.field_status = 'Not applicable'
)

{% for field in cld_fields() %}
select
    rows_read.submission_id,
    rows_read.row_number,
    fields_not_applicable.rule_id,
    fields_not_applicable.field_name,
    rows_read.{{ field }} as found_value,
    cast(null as string) as suggestion
from {{ all_rows }} as rows_read
inner join fields_not_applicable
    on
        rows_read.row_profile = fields_not_applicable.row_profile
        and fields_not_applicable.field_name = '{{ field }}'
where rows_read.{{ field }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
