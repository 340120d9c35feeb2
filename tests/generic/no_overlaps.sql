{#- Fails with each row that is in force while another row of the same key still is. -#}
{% test no_overlaps(model, columns, from_column='valid_from', to_column='valid_to') %}
with

ordered as (
    select
        {{ columns | join(', ') }},
        {{ from_column }},
        max(coalesce({{ to_column }}, date '9999-12-31')) over (
            partition by {{ columns | join(', ') }}
            order by coalesce({{ from_column }}, date '0001-01-01'), {{ to_column }}
            rows between unbounded preceding and 1 preceding
        ) as in_force_until
    from {{ model }}
)

select
    {{ columns | join(', ') }},
    {{ from_column }}
from ordered
where coalesce({{ from_column }}, date '0001-01-01') <= in_force_until
{% endtest %}
