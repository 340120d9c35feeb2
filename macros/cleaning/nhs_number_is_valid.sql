{#- True where ten digits pass the modulus 11 check (weights 10 to 2 on the first nine). -#}
{% macro nhs_number_is_valid(digits) -%}
    (
        {{ matches(digits, '^[0-9]{10}$') }}
        and (11 - (
            {%- for position in range(1, 10) %}
            {{ 11 - position }} * try_cast(substr({{ digits }}, {{ position }}, 1) as integer)
            {%- if not loop.last %} + {% endif %}
            {%- endfor %}
        ) % 11) % 11 = try_cast(substr({{ digits }}, 10, 1) as integer)
    )
{%- endmacro %}
