-- MAN rules: a field is blank where the conditions of the specification make it mandatory.
{% set all_rows = ref('dq_rows') %}
with

mandatory_fields as (
    select
        conditions.row_profile,
        conditions.field_name,
        conditions.rule_id
    from {{ ref('dq_profile_conditions') }} as conditions
    where conditions.field_status = 'Mandatory'
)

{% for field in cld_fields() %}
select
    rows_read.submission_id,
    rows_read.row_number,
    mandatory_fields.rule_id,
    mandatory_fields.field_name,
    cast(null as string) as found_value,
    cast(null as string) as suggestion
from {{ all_rows }} as rows_read
inner join mandatory_fields
    on
        rows_read.row_profile = mandatory_fields.row_profile
        and mandatory_fields.field_name = '{{ field }}'
where rows_read.{{ field }} is null
{% if not loop.last %}union all{% endif %}
{% endfor %}
