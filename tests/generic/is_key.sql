{#- Fails with each key that stands on more than one row, and each row in which a column is empty that never
    is: `filled`, the key's own columns unless it says others. One test for a table, not one for a column. -#}
{% test is_key(model, columns, filled=none) %}
{%- set columns = in_quotes(columns) -%}
{%- set filled = in_quotes(filled or columns) %}
select
    {{ columns | join(', ') }},
    'stands on ' || cast(count(*) as string) || ' rows' as fault
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
union all
select
    {{ columns | join(', ') }},
    {{ empty_columns(filled) }} as fault
from {{ model }}
where {{ filled | join(' is null or ') }} is null
{% endtest %}
