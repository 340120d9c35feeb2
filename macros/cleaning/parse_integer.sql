{#- INTEGER from text; 7 and 7.0 are whole numbers, 7.5 is none. -#}
{% macro parse_integer(column) -%}
    case
        when {{ parse_decimal(column) }} = floor({{ parse_decimal(column) }})
            then try_cast({{ parse_decimal(column) }} as integer)
    end
{%- endmacro %}
