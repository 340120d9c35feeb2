{#- The day whose value of a dated field stands on a row of the return, by the field's value_rule (decision 0002). -#}
{% macro day_of_value(value_rule, event_day) -%}
    case {{ value_rule }}
        when 'as_at_event' then {{ event_day }}
        else {{ date_setting('reporting_period_end') }}
    end
{%- endmacro %}
