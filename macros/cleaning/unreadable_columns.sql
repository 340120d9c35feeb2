{#- Names of the columns that hold text which is not of the contract's type, separated by commas;
    null when there are none. Takes a dict of column name to type. -#}
{% macro unreadable_columns(columns) -%}
    nullif(concat_ws(
        ','
        {%- for column, type in columns.items() %},
        case when {{ is_unreadable(column, type) }} then '{{ column }}' end
        {%- endfor %}
    ), '')
{%- endmacro %}
