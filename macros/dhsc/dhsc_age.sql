{#- Age as DHSC works it out: days since the first of the birth month over 365.25. The division
    makes some people a year younger on the first of their birth month; published ages depend on it. -#}
{% macro dhsc_age(proxy_birth_date, on_date) -%}
    cast(floor({{ dbt.datediff(proxy_birth_date, on_date, 'day') }} / 365.25) as integer)
{%- endmacro %}
