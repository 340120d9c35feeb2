{#- A DATE as the return wants it: dd/mm/yyyy. -#}
{% macro day_as_sent(column) -%}
    {{ return(adapter.dispatch('day_as_sent', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__day_as_sent(column) -%}
    strftime({{ column }}, '%d/%m/%Y')
{%- endmacro %}
