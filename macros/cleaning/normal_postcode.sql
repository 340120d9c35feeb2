{#- A postcode in capitals with one space before its last three characters; nothing else is changed,
    so a mistyped one stays visible to the rules. -#}
{% macro normal_postcode(column) -%}
    {%- set letters = without_signs('upper(' ~ column ~ ')', '[^A-Z0-9]') -%}
    case
        when length({{ letters }}) >= 5
            then left({{ letters }}, -3) || ' ' || right({{ letters }}, 3)
        else {{ letters }}
    end
{%- endmacro %}
