{#- Age in completed years: the birthday has been reached. -#}
{% macro exact_age(birth_date, on_date) -%}
    cast(
        year({{ on_date }}) - year({{ birth_date }})
        - case
            when
                month({{ on_date }}) * 100 + day({{ on_date }})
                < month({{ birth_date }}) * 100 + day({{ birth_date }})
                then 1
            else 0
        end as integer
    )
{%- endmacro %}
