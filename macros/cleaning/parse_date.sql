{#- DATE from text: dd/mm/yyyy or yyyy-mm-dd, alone or followed by a time. Null where the text is no
    date. A date more than 20 years after the reporting period is how systems write 'no end': null. -#}
{% macro parse_date(column) -%}
    {%- set parsed = read_date(column) -%}
    case
        when {{ parsed }} <= {{ date_setting('reporting_period_end') }} + interval 20 year
            then {{ parsed }}
    end
{%- endmacro %}
