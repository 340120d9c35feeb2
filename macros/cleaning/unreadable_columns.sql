{#- Names of the columns that hold text which is not of the contract's type, separated by commas;
    null when there are none. Takes a dict of column name to type. -#}
{% macro unreadable_columns(columns) -%}
    {%- set readers = {
        'date': read_date, 'timestamp': read_date,
        'decimal': parse_decimal, 'integer': parse_integer,
    } -%}
    nullif(concat_ws(
        ','
        {%- for column, type in columns.items() %},
        case
            when {{ clean_text('records.' ~ column) }} is not null
                and {{ readers[type]('records.' ~ column) }} is null
                then '{{ column }}'
        end
        {%- endfor %}
    ), '')
{%- endmacro %}
