{#- Fails with each recipient and council where fewer people look the same than the setting demands, where all
    of them have a special category in common, or where keys are shared that the council gave to nobody. -#}
{% test no_small_group(model) %}
select
    k.recipient_id,
    k.la_code,
    k.smallest_group,
    k.least_group
from {{ model }} as k
where
    k.smallest_group < k.least_group
    or k.smallest_joined_group < k.least_group
    or k.fewest_special_values < 2
    or k.keys_of_others > 0
{% endtest %}
