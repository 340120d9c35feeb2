{#- A listed value by its name (seed spec_named_values), in the release of this run. -#}
{% macro cld_value(name) -%}
    {{- named_value(name, setting('cld_release')) -}}
{%- endmacro %}
