{#- The columns every rule model gives, for a select from dq_rows called rows_read. -#}
{% macro breach(rule_id, field, suggestion='null') -%}
    rows_read.submission_id,
    rows_read.row_number,
    '{{ rule_id }}' as rule_id,
    '{{ field }}' as field_name,
    rows_read.{{ field }} as found_value,
    cast({{ suggestion }} as string) as suggestion
{%- endmacro %}
