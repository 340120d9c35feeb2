{#- A setting that is a whole number, for use in a model. -#}
{% macro dhsc_number(name) -%}
    {{ setting(name) }}
{%- endmacro %}
