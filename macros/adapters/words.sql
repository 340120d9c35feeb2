{#- One row for each word of letters in a text (in a select list). -#}
{% macro words(text) -%}
    {{ return(adapter.dispatch('words', 'asc_cld')(text)) }}
{%- endmacro %}

{% macro duckdb__words(text) -%}
    unnest(regexp_extract_all({{ text }}, '[\p{L}]+'))
{%- endmacro %}
