{#- Rows of text as a table expression; with no rows, an empty one with the same columns. -#}
{% macro rows_as_table(columns, rows) -%}
(
    {%- if rows %}
    select
        {%- for column in columns %}
        cast(listed."{{ column }}" as varchar) as "{{ column }}"{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        values
        {%- for row in rows %}
        ({% for value in row %}{{ quoted(value) }}{{ ', ' if not loop.last }}{% endfor %})
        {{- ',' if not loop.last }}
        {%- endfor %}
    ) as listed ({% for column in columns %}"{{ column }}"{{ ', ' if not loop.last }}{% endfor %})
    {%- else %}
    select
        {%- for column in columns %}
        cast(null as varchar) as "{{ column }}"{{ ',' if not loop.last }}
        {%- endfor %}
    where false
    {%- endif %}
)
{%- endmacro %}
