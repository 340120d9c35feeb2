{#- Names of columns in which a quoted one ("group") has the quotation marks of the engine. -#}
{% macro in_quotes(columns) -%}
    {%- set names = [] -%}
    {%- for column in columns -%}
        {%- do names.append(adapter.quote(column | replace('"', '')) if column.startswith('"') else column) -%}
    {%- endfor -%}
    {{- return(names) -}}
{%- endmacro %}
