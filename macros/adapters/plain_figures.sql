{#- The figures and the point of a text. -#}
{% macro plain_figures(column) -%}
    {{ return(adapter.dispatch('plain_figures', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__plain_figures(column) -%}
    regexp_replace({{ column }}, '[^0-9.]', '', 'g')
{%- endmacro %}

{% macro spark__plain_figures(column) -%}
    regexp_replace({{ column }}, '[^0-9.]', '')
{%- endmacro %}
