{#- Fails where a text is not a real day written dd/mm/yyyy, without a time. Empty is allowed. -#}
{% test is_day_as_sent(model, column_name) %}
select {{ column_name }} as found_value
from {{ model }}
where
    {{ column_name }} is not null
    and (
        not {{ matches_pattern(column_name, '^[0-9]{2}/[0-9]{2}/[0-9]{4}$') }}
        or {{ try_parse_date(column_name, ['%d/%m/%Y']) }} is null
    )
{% endtest %}
