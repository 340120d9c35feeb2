{#- True where none of the given columns of a staged record held text that could not be read. -#}
{% macro was_readable(row_alias, columns) -%}
    not {{ matches_pattern(
        "coalesce(" ~ row_alias ~ ".unreadable_columns, '')", '(^|,)(' ~ columns | join('|') ~ ')(,|$)'
    ) }}
{%- endmacro %}
