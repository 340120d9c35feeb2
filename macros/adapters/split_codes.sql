{#- One row for each code in a cell that may hold several, separated by ; or | (in a select list). -#}
{% macro split_codes(column) -%}
    {{ return(adapter.dispatch('split_codes', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__split_codes(column) -%}
    unnest(regexp_split_to_array(trim({{ column }}, ' ;|'), '\s*[;|]\s*'))
{%- endmacro %}

{% macro default__split_codes(column) -%}
    {{ return(not_on_this_engine('split_codes')) }}
{%- endmacro %}
