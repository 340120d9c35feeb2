{#- The day that a text begins with, as DATE; null where it begins with none. -#}
{% macro read_date(column) -%}
    {{ return(adapter.dispatch('read_date', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__read_date(column) -%}
    cast(try_strptime(
        regexp_extract(
            {{ column }},
            '^\s*(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{1,2}-\d{1,2})(?:[T\s].*)?$', 1
        ),
        ['%d/%m/%Y', '%Y-%m-%d']
    ) as date)
{%- endmacro %}
