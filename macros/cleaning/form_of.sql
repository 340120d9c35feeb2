{#- The form of a value, which tells nobody's: 9 for a digit, A for a letter, the rest as it is. -#}
{% macro form_of(value) -%}
    {{ return(adapter.dispatch('form_of', 'asc_cld')(value)) }}
{%- endmacro %}

{% macro duckdb__form_of(value) -%}
    left(
        regexp_replace(regexp_replace({{ value }}, '[0-9]', '9', 'g'), '\p{L}', 'A', 'g'), 40
    )
{%- endmacro %}

{% macro spark__form_of(value) -%}
    left(regexp_replace(regexp_replace({{ value }}, '[0-9]', '9'), r'\p{L}', 'A'), 40)
{%- endmacro %}
