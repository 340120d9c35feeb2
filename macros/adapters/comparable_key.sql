{#- A key as two spellings of it are compared where they differ: capitals, no spaces, no leading zeros
    before nothing but digits. -#}
{% macro comparable_key(key) -%}
    {{ return(adapter.dispatch('comparable_key', 'asc_cld')(key)) }}
{%- endmacro %}

{% macro duckdb__comparable_key(key) -%}
    regexp_replace(upper(replace({{ key }}, ' ', '')), '^0+([0-9]+)$', '\1')
{%- endmacro %}

{% macro default__comparable_key(key) -%}
    {{ return(not_on_this_engine('comparable_key')) }}
{%- endmacro %}
