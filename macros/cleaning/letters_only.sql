{#- Capital letters of a text and nothing else, for comparing names. -#}
{% macro letters_only(text) -%}
    regexp_replace(upper({{ text }}), '[^A-Z]', '', 'g')
{%- endmacro %}
