{#- A listed value by its name (seed spec_named_values), in the release of this run. -#}
{% macro cld_value(name, form='as listed') -%}
    {{- named_value(name, setting('cld_release'), form) -}}
{%- endmacro %}
