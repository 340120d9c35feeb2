{#- Fails with each row in which one of the columns is empty, and says which. -#}
{% test is_filled(model, columns) %}
select {{ empty_columns(columns) }} as fault
from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
