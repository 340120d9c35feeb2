{#- Text without stray spaces at its ends, on one line; an empty cell and the word NULL (any
    capitals) are null. -#}
{% macro clean_text(column) -%}
    {%- set stripped = strip_spaces(column) -%}
    case when upper({{ stripped }}) not in ('', 'NULL') then {{ stripped }} end
{%- endmacro %}
