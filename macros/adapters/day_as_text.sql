{#- A day written by a format (strftime letters). -#}
{% macro day_as_text(day, format) -%}
    {{ return(adapter.dispatch('day_as_text', 'asc_cld')(day, format)) }}
{%- endmacro %}

{% macro duckdb__day_as_text(day, format) -%}
    strftime({{ day }}, '{{ format }}')
{%- endmacro %}
