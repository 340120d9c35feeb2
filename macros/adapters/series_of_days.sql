{#- Days from one to another, so many days or months apart, one row each (in a select list without `from`). -#}
{% macro series_of_days(first_day, last_day, step='1 day') -%}
    {{ return(adapter.dispatch('series_of_days', 'asc_cld')(first_day, last_day, step)) }}
{%- endmacro %}

{% macro duckdb__series_of_days(first_day, last_day, step) -%}
    cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval '{{ step }}')) as date)
{%- endmacro %}

{% macro spark__series_of_days(first_day, last_day, step) -%}
    explode(sequence({{ first_day }}, {{ last_day }}, interval {{ step }}))
{%- endmacro %}
