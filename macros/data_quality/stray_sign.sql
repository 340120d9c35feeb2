{#- What is wrong with any value, whatever its field: a sign in it that nobody sees or means; null where there is none. -#}
{% macro stray_sign(column) -%}
    case
        when {{ holds_unseen(column) }} then 'It holds a character that cannot be seen.'
        when {{ column }} like '%"%' then 'It holds a quotation mark.'
    end
{%- endmacro %}
