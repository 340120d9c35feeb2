{#- What a step tells of one row in the given columns, as one text. -#}
{% macro row_told(told, columns) -%}
    {%- set cells = [] -%}
    {%- for column in columns | sort if told[column] -%}
        {%- do cells.append('share_rows.' ~ told[column]) -%}
    {%- endfor -%}
    cast(row({{ cells | join(', ') }}) as varchar)
{%- endmacro %}
