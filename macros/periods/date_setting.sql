{#- A setting that is a day, as a DATE expression for use in a model. -#}
{% macro date_setting(name) -%}
    cast('{{ setting(name) }}' as date)
{%- endmacro %}
