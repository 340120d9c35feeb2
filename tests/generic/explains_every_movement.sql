{#- Fails with each figure whose people do not add up to its movement. The denominators of 2B and 2C are
    populations, not people. -#}
{% test explains_every_movement(model, movement) %}
select
    movement.la_code,
    movement.measure,
    movement.group
from {{ movement }} as movement
left join {{ model }} as people
    on
        movement.la_code = people.la_code
        and movement.measure = people.measure
        and movement.group = people.group
where movement.is_compared
group by
    movement.la_code,
    movement.measure,
    movement.group,
    movement.numerator_change,
    movement.denominator_change
having
    coalesce(sum(people.numerator_change), 0) != movement.numerator_change
    or (
        movement.measure not in ('2B', '2C')
        and coalesce(sum(people.denominator_change), 0) != coalesce(movement.denominator_change, 0)
    )
{% endtest %}
