{#- A text as an SQL literal. -#}
{% macro quoted(text) -%}
    {{ return("'" ~ text | string | replace("'", "''") ~ "'") }}
{%- endmacro %}
