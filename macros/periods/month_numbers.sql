{#- First and last day of a month given as a running number (year * 12 + month - 1). -#}
{% macro first_day_of_month(month_number) -%}
    cast(
        cast('0001-01-01' as date) + cast({{ month_number }} - 12 as integer) * interval '1' month
        as date
    )
{%- endmacro %}

{% macro last_day_of_month(month_number) -%}
    cast(
        cast('0001-01-01' as date)
        + cast({{ month_number }} - 11 as integer) * interval '1' month
        - interval '1' day
        as date
    )
{%- endmacro %}
