{#- Ten digits of which the last is the modulus 11 check digit of the first nine (weights 10 to 2). -#}
{% macro nhs_number_is_valid(digits) -%}
    case
        when not {{ matches_pattern(digits, '^[0-9]{10}$') }} then false
        else
            (
                11 - (
                    {% for place in range(1, 10) -%}
                    cast(substr({{ digits }}, {{ place }}, 1) as integer) * {{ 11 - place }}
                    {%- if not loop.last %} + {% endif %}
                    {% endfor -%}
                ) % 11
            ) % 11 = cast(substr({{ digits }}, 10, 1) as integer)
    end
{%- endmacro %}
