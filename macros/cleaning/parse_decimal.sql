{#- DECIMAL(18, 4) from text, as read_number() reads it. -#}
{% macro parse_decimal(column) -%}
    {{- read_number(column) -}}
{%- endmacro %}
