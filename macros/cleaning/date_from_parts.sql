{#- DATE from year, month and day as integers; null where they make no real day: there was no year 0. -#}
{% macro date_from_parts(year, month, day) -%}
    try_cast(
        lpad(cast(nullif({{ year }}, 0) as varchar), 4, '0') || '-' || {{ month }} || '-' || {{ day }} as date
    )
{%- endmacro %}
