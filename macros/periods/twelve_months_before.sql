{#- First day of the 12 months that end on the given day (text, yyyy-mm-dd). Text that is no date is
    given back empty: check_settings() reports it before any model runs. -#}
{% macro twelve_months_before(period_end) -%}
    {%- set parts = period_end.split('-') -%}
    {%- if parts | length != 3 or not modules.re.match('^\d{4}-\d{2}-\d{2}$', period_end) -%}
        {{- return('') -}}
    {%- endif -%}
    {%- set year = parts[0] | int -%}
    {%- set month = parts[1] | int -%}
    {%- if month == 12 -%}
        {{- return('%04d-01-01' | format(year)) -}}
    {%- endif -%}
    {{- return('%04d-%02d-01' | format(year - 1, month + 1)) -}}
{%- endmacro %}
