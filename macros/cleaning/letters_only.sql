{#- Capital letters of a text and nothing else, for comparing names. -#}
{% macro letters_only(text) -%}
    {{ without_signs('upper(' ~ text ~ ')', '[^A-Z]') }}
{%- endmacro %}
