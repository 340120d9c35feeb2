{#- A DATE from text in the first of the given formats (strptime letters) that fits, else null. -#}
{% macro try_parse_date(text, formats) -%}
    {{ return(adapter.dispatch('try_parse_date', 'asc_cld')(text, formats)) }}
{%- endmacro %}

{% macro duckdb__try_parse_date(text, formats) -%}
    cast(try_strptime({{ text }}, {{ formats | tojson | replace('"', "'") }}) as date)
{%- endmacro %}
