{#- BOOLEAN from Y, Yes, True, T, 1 or N, No, False, F, 0 in any capitals; anything else is null. -#}
{% macro parse_flag(column) -%}
    case
        when upper({{ strip_spaces(column) }}) in ('Y', 'YES', 'TRUE', 'T', '1') then true
        when upper({{ strip_spaces(column) }}) in ('N', 'NO', 'FALSE', 'F', '0') then false
    end
{%- endmacro %}
