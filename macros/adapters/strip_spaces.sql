{#- No-break spaces, tabs and line breaks at either end count as spaces: exports from web
    screens and Excel are full of them. -#}
{% macro strip_spaces(column) -%}
    {{ return(adapter.dispatch('strip_spaces', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro default__strip_spaces(column) -%}
    regexp_replace({{ column }}, '^[\s\u00A0\uFEFF]+|[\s\u00A0\uFEFF]+$', '', 'g')
{%- endmacro %}

{% macro duckdb__strip_spaces(column) -%}
    regexp_replace({{ column }}, '^[\s\x{00A0}\x{FEFF}]+|[\s\x{00A0}\x{FEFF}]+$', '', 'g')
{%- endmacro %}
