{#- The schema is the layer's own name (staging, conformed, cld, ...), with no prefix. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
