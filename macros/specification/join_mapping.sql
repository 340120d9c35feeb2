{#- A left join that translates one column of local codes into CLD values by cnf_map_codes.
    Two or more local codes in one cell do not fit here; event outcomes have cnf_event_outcomes. -#}
{% macro join_mapping(as_alias, code_list, column, day) -%}
    left join {{ ref('cnf_map_codes') }} as {{ as_alias }}
        on
            {{ as_alias }}.code_list = '{{ code_list }}'
            and {{ column }} = {{ as_alias }}.local_code
            and {{ in_force(as_alias, day) }}
{%- endmacro %}
