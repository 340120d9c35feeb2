{#- Whether a text holds a letter that is not of the Latin alphabet. -#}
{% macro holds_other_alphabet(column) -%}
    {{ return(adapter.dispatch('holds_other_alphabet', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__holds_other_alphabet(column) -%}
    regexp_matches({{ column }}, '[\p{Greek}\p{Cyrillic}\p{Armenian}]')
{%- endmacro %}

{% macro spark__holds_other_alphabet(column) -%}
    regexp_like({{ column }}, r'[\p{IsGreek}\p{IsCyrillic}\p{IsArmenian}]')
{%- endmacro %}
