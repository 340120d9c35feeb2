{#- A DATE from a cell of a submission: dd/mm/yyyy as the specification wants it, or yyyy-mm-dd as
    many systems write it; anything else, and a day that does not exist, is null. -#}
{% macro submitted_date(column) -%}
    case
        when {{ matches_pattern(column, '^[0-9]{2}/[0-9]{2}/[0-9]{4}$') }}
            and {{ column }} not like '%/0000'
            then {{ try_parse_date(column, ['%d/%m/%Y']) }}
        when {{ matches_pattern(column, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }}
            and {{ column }} not like '0000%'
            then {{ try_parse_date(column, ['%Y-%m-%d']) }}
    end
{%- endmacro %}
