{#- Fails with every row of the model: the model holds what must not be there. -#}
{% test is_empty(model) %}
select * from {{ model }}
{% endtest %}
