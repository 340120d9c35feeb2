{#- A day so many days later (earlier, if negative). -#}
{% macro add_days(day, days) -%}
    cast({{ day }} + ({{ days }}) * interval '1' day as date)
{%- endmacro %}
