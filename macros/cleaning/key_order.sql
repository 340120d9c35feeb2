{#- Keys in the order in which people count (for order by): what stands before the last digits, then these as a
    number, then the text. SL9 comes before SL10, and 9 before 10. -#}
{% macro key_order(key) -%}
    regexp_replace({{ key }}, '[0-9]+$', ''),
    try_cast(regexp_extract({{ key }}, '[0-9]+$') as hugeint),
    {{ key }}
{%- endmacro %}
