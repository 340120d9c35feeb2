{#- The names of those columns that are empty in a row; an empty text where none is. -#}
{% macro empty_columns(columns) -%}
    concat_ws(
        ', '
        {%- for column in columns %},
        case when {{ column }} is null then {{ quoted(column ~ ' is empty') }} end
        {%- endfor %}
    )
{%- endmacro %}
