-- LST rules and FIL-13: a value is not in the defined list of its field.
{% set all_rows = ref('dq_rows') %}
with

unlisted_values as (
    select * from {{ ref('dq_unlisted_values') }}
),

rows_with_unlisted_values as (
    {% for field in cld_fields('defined list') %}
    select
        rows_read.submission_id,
        rows_read.row_number,
        unlisted_values.rule_id,
        unlisted_values.field_name,
        unlisted_values.field_value as found_value,
        unlisted_values.field_validity,
        unlisted_values.suggestion
    from {{ all_rows }} as rows_read
    inner join unlisted_values
        on
            rows_read.submission_id = unlisted_values.submission_id
            and rows_read.{{ field }} = unlisted_values.field_value
            and unlisted_values.field_name = '{{ field }}'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    rows_with_unlisted_values.submission_id,
    rows_with_unlisted_values.row_number,
    rows_with_unlisted_values.rule_id,
    rows_with_unlisted_values.field_name,
    rows_with_unlisted_values.found_value,
    rows_with_unlisted_values.suggestion
from rows_with_unlisted_values
-- A value that is accepted beside the list is a warning of the list's own rule only.
union all
select
    rows_with_unlisted_values.submission_id,
    rows_with_unlisted_values.row_number,
    'FIL-13' as rule_id,
    rows_with_unlisted_values.field_name,
    rows_with_unlisted_values.found_value,
    rows_with_unlisted_values.suggestion
from rows_with_unlisted_values
where rows_with_unlisted_values.field_validity like 'Failed%'
