{#- A value that the build sets by a rule of the specification (seed spec_build_rules), as a scalar. -#}
{% macro build_value(build_key) -%}
    (
        select build_rules.cld_value
        from {{ ref('spec_build_rules') }} as build_rules
        where build_rules.build_key = '{{ build_key }}'
    )
{%- endmacro %}
