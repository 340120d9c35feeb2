{#- INTEGER from text; 7 and 7.0 are whole numbers, 7.5 is none. -#}
{% macro parse_integer(column) -%}
    case
        when {{ read_number(column) }} = floor({{ read_number(column) }})
            then try_cast({{ read_number(column) }} as integer)
    end
{%- endmacro %}
