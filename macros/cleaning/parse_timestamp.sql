{#- TIMESTAMP from text, as read_timestamp() reads it; a day without a time is its midnight. Null where
    parse_date() is null. -#}
{% macro parse_timestamp(column) -%}
    {{- real_day(read_timestamp(column), column) -}}
{%- endmacro %}
