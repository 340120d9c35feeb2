{#- A cell with nothing but spaces is blank; any other cell stays letter for letter. -#}
{% macro blank_to_null(column) -%}
    case when trim({{ column }}, {{ whitespace() }}) <> '' then {{ column }} end
{%- endmacro %}

{% macro whitespace() -%}
    ' ' || chr(9) || chr(10) || chr(13) || chr(160)
{%- endmacro %}
