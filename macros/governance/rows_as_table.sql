{#- Rows of text as a table expression; with no rows, an empty one with the same columns. -#}
{% macro rows_as_table(columns, rows) -%}
(
    {%- for row in rows or [[none] * columns | length] %}
    select
        {%- for column in columns %}
        cast({{ "'" ~ row[loop.index0] | string | replace("'", "''") ~ "'" if rows else 'null' }} as varchar)
            as "{{ column }}"{{ ',' if not loop.last }}
        {%- endfor %}
    {{- ' where false' if not rows }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
