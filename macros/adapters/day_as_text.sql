{#- A day written by a format (strftime letters). -#}
{% macro day_as_text(day, format) -%}
    {{ return(adapter.dispatch('day_as_text', 'asc_cld')(day, format)) }}
{%- endmacro %}

{% macro duckdb__day_as_text(day, format) -%}
    strftime({{ day }}, '{{ format }}')
{%- endmacro %}

{% macro spark__day_as_text(day, format) -%}
    {%- set letters = {
        '%-d': 'd', '%d': 'dd', '%m': 'MM', '%b': 'MMM', '%B': 'MMMM', '%Y': 'yyyy', '%y': 'yy', '%H': 'HH',
        '%M': 'mm', '%S': 'ss',
    } -%}
    {%- set written = namespace(text=format) -%}
    {%- for letter, java in letters.items() -%}
        {%- set written.text = written.text | replace(letter, java) -%}
    {%- endfor -%}
    {%- if '%' in written.text -%}
        {{- exceptions.raise_compiler_error("day_as_text() does not know the letters of '" ~ format ~ "'.") -}}
    {%- endif -%}
    date_format({{ day }}, '{{ written.text }}')
{%- endmacro %}
