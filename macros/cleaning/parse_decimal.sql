{#- DECIMAL(18, 4) from text; a pound sign, thousands commas and spaces are passed over. -#}
{% macro parse_decimal(column) -%}
    try_cast(translate({{ column }}, '£, ', '') as decimal(18, 4))
{%- endmacro %}
