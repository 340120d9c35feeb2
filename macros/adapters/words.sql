{#- One row for each word of letters in a text (in a select list). -#}
{% macro words(text) -%}
    {{ return(adapter.dispatch('words', 'asc_cld')(text)) }}
{%- endmacro %}

{% macro duckdb__words(text) -%}
    unnest(regexp_extract_all({{ text }}, '[\p{L}]+'))
{%- endmacro %}

{% macro spark__words(text) -%}
    explode(regexp_extract_all({{ text }}, r'\p{L}+', 0))
{%- endmacro %}
