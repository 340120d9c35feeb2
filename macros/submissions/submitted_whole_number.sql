{#- A whole number of 0 or more from a cell of a submission; null for anything else. -#}
{% macro submitted_whole_number(column) -%}
    case
        when {{ matches_pattern(column, '^[0-9]+$') }} then try_cast({{ column }} as integer)
    end
{%- endmacro %}
