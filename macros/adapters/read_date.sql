{#- The day that a text says, as DATE in the UK; null where read_timestamp() reads none. -#}
{% macro read_date(column) -%}
    cast({{ read_timestamp(column) }} as date)
{%- endmacro %}
