{#- The schema is the layer's own name (staging, conformed, cld, ...), with no prefix. The dhsc layer of the
    state before the latest submission never takes the place of the current one. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name == 'dhsc' and setting('without_latest_submission') -%}
        dhsc_earlier
    {%- else -%}
        {{ (custom_schema_name or target.schema) | trim }}
    {%- endif -%}
{%- endmacro %}
