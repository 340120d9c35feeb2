{#- The time of day that follows a date in a text, as INTERVAL; null where there is none. -#}
{% macro read_time(column) -%}
    {{ return(adapter.dispatch('read_time', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__read_time(column) -%}
    try_cast(
        nullif(regexp_extract({{ column }}, '[T\s](\d{1,2}:\d{2}(?::\d{2})?)', 1), '') as interval
    )
{%- endmacro %}
