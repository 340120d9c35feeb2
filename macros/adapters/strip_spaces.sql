{#- No-break spaces, tabs and line breaks count as spaces (exports from web screens and Excel are
    full of them): gone at both ends, one plain space inside. -#}
{% macro strip_spaces(column) -%}
    {{ return(adapter.dispatch('strip_spaces', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__strip_spaces(column) -%}
    trim(regexp_replace({{ column }}, '[\s\x{00A0}\x{FEFF}]+', ' ', 'g'))
{%- endmacro %}
