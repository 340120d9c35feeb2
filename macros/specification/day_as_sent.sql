{#- A DATE as the return wants it: dd/mm/yyyy. -#}
{% macro day_as_sent(column) -%}
    {{ day_as_text(column, '%d/%m/%Y') }}
{%- endmacro %}
