{#- A key as recorded, without stray spaces and without the '.0' that an export of numbers puts behind it. -#}
{% macro clean_key(column) -%}
    {{ return(adapter.dispatch('clean_key', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__clean_key(column) -%}
    regexp_replace({{ clean_text(column) }}, '^([0-9]+)[.]0+$', '\1')
{%- endmacro %}

{% macro default__clean_key(column) -%}
    {{ return(not_on_this_engine('clean_key')) }}
{%- endmacro %}
