{#- A date object from text yyyy-mm-dd, or none where the text is no real day. Jinja has no way to
    catch an error, so the calendar is asked before the date is made. -#}
{% macro as_day(text) -%}
    {%- set text = text | string -%}
    {%- if not modules.re.match('^\d{4}-\d{2}-\d{2}$', text) -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set year, month, day = text.split('-') | map('int') | list -%}
    {%- if year < 1 or month < 1 or month > 12 or day < 1 -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set is_leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 -%}
    {%- set lengths = [31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
    {%- if day > lengths[month - 1] -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(modules.datetime.date(year, month, day)) -}}
{%- endmacro %}
