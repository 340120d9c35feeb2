{#- A listed value by its name (seed spec_named_values) as DHSC's method knows it: a value that DHSC
    makes itself, or one of the release that its method reads. -#}
{% macro dhsc_value(name, form='as listed') -%}
    {{- named_value(name, 'DHSC', form) -}}
{%- endmacro %}
