{#- What dbt's own macros make of days on Spark stops at an empty one (assert_not_null) and gives a moment; here
    an empty day gives an empty day, as on the other engines. dbt_project.yml lets these come first. -#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- set months = {'month': 1, 'quarter': 3, 'year': 12} -%}
    {%- if datepart in months -%}
    add_months({{ from_date_or_timestamp }}, ({{ interval }}) * {{ months[datepart] }})
    {%- elif datepart in ('day', 'week') -%}
    date_add({{ from_date_or_timestamp }}, ({{ interval }}) * {{ 7 if datepart == 'week' else 1 }})
    {%- else -%}
        {{- exceptions.raise_compiler_error('dateadd() adds days, weeks, months, quarters and years on Spark.') -}}
    {%- endif -%}
{%- endmacro %}

{% macro spark__datediff(first_date, second_date, datepart) -%}
    {%- if datepart == 'day' -%}
    datediff({{ second_date }}, {{ first_date }})
    {%- elif datepart == 'month' -%}
    {#- Months that begin between the two, as on DuckDB. -#}
    (
        (year({{ second_date }}) - year({{ first_date }})) * 12
        + month({{ second_date }}) - month({{ first_date }})
    )
    {%- else -%}
        {{- exceptions.raise_compiler_error('datediff() counts days and months on Spark.') -}}
    {%- endif -%}
{%- endmacro %}

{% macro spark__last_day(date, datepart) -%}
    {%- if datepart == 'month' -%}
    last_day({{ date }})
    {%- elif datepart == 'quarter' -%}
    last_day(add_months(cast(date_trunc('quarter', {{ date }}) as date), 2))
    {%- else -%}
        {{- exceptions.raise_compiler_error('last_day() knows months and quarters on Spark.') -}}
    {%- endif -%}
{%- endmacro %}
