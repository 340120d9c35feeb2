{#- A day or moment read from a column of an extract, null where it is a placeholder of that column or
    outside the years that a case record can speak of. A list of one, so that the cell is read once. -#}
{% macro real_day(read, column) -%}
    {{ return(adapter.dispatch('real_day', 'asc_cld')(read, column)) }}
{%- endmacro %}

{% macro duckdb__real_day(read, column) -%}
    list_filter([{{ read }}], lambda moment: {{ is_real_day('moment', column) }})[1]
{%- endmacro %}

{% macro spark__real_day(read, column) -%}
    get(filter(array({{ read }}), moment -> {{ is_real_day('moment', column) }}), 0)
{%- endmacro %}

{#- From 1850 to 20 years after the reporting period, placeholders apart. -#}
{% macro is_real_day(moment, column) -%}
    {%- set days = placeholders_of(column)['days'] -%}
    {{ moment }} between date '1850-01-01'
    and {{ date_setting('reporting_period_end') }} + interval '20' year
    {%- if days %}
    and cast({{ moment }} as date) not in (date '{{ days | join("', date '") }}')
    {%- endif -%}
{%- endmacro %}

{#- Whether a day read from a column stands for no day. -#}
{% macro is_placeholder_day(moment, column) -%}
    {%- set placeholders = placeholders_of(column) -%}
    {%- set years = placeholders['years_after_period'] -%}
    {%- if years is not none -%}
    {{ moment }} > {{ date_setting('reporting_period_end') }} + interval '{{ years }}' year
    or {% endif -%}
    year({{ moment }}) in ({{ placeholders['years'] | join(', ') }})
    or cast({{ moment }} as date) in (date '{{ placeholders["days"] | join("', date '") }}')
{%- endmacro %}

{#- What the seed placeholder_dates says about a column (records.end_date): days, whole years, and after how
    many years any day is one, or none. -#}
{% macro placeholders_of(column) -%}
    {%- set name = column.split('.')[-1] -%}
    {%- set found = {'days': [], 'years': [], 'years_after_period': none} -%}
    {%- for row in (seed_rows('placeholder_dates', ['columns', 'day', 'years_after_period']) if execute else []) -%}
        {%- set named = (row['columns'] | replace('not ', '')).split('|') -%}
        {%- if row['columns'] == '' or ((name in named) != row['columns'].startswith('not ')) -%}
            {%- if row['day'] == '' -%}
                {%- do found.update({'years_after_period': row['years_after_period'] | int}) -%}
            {%- elif row['day'].endswith('-*') -%}
                {%- do found['years'].append(row['day'][:4] | int) -%}
            {%- else -%}
                {%- do found['days'].append(row['day']) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}
