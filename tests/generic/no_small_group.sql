{#- Fails with each council in which fewer people share a description than the setting demands. -#}
{% test no_small_group(model) %}
select
    k.la_code,
    k.smallest_group,
    k.least_group
from {{ model }} as k
where k.smallest_group < k.least_group
{% endtest %}
