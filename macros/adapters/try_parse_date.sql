{#- A DATE from text in the first of the given formats (strptime letters) that fits, else null. -#}
{% macro try_parse_date(text, formats) -%}
    {{ return(adapter.dispatch('try_parse_date', 'asc_cld')(text, formats)) }}
{%- endmacro %}

{% macro duckdb__try_parse_date(text, formats) -%}
    cast(try_strptime({{ text }}, {{ formats | tojson | replace('"', "'") }}) as date)
{%- endmacro %}

{#- A cast asks nothing but a day that exists; the form is asked before. -#}
{% macro spark__try_parse_date(text, formats) -%}
    coalesce(
        {%- for format in formats %}
        {%- set sign = format[2] -%}
        {%- set places = {'%d': '(\\d{1,2})', '%m': '(\\d{1,2})', '%Y': '(\\d{1,4})'} -%}
        {%- set letters = format.split(sign) -%}
        {%- set pattern = "r'^\\s*" ~ places[letters[0]] ~ '[' ~ sign ~ ']' ~ places[letters[1]] ~ '[' ~ sign ~ ']'
            ~ places[letters[2]] ~ "\\s*\\z'" -%}
        {%- set part = {} -%}
        {%- for letter in letters -%}
            {%- do part.update({letter: 'regexp_extract(' ~ text ~ ', ' ~ pattern ~ ', ' ~ loop.index ~ ')'}) -%}
        {%- endfor %}
        try_cast(
            lpad({{ part['%Y'] }}, 4, '0') || '-' || {{ part['%m'] }} || '-' || {{ part['%d'] }} as date
        ),
        {%- endfor %}
        cast(null as date)
    )
{%- endmacro %}
