{#- Names of the 50 fields of the return in order, or of those of one type (text, date, integer,
    decimal, defined list), as declared in the contract of sub_rows. For models that do the same to
    every field; empty while dbt only parses. -#}
{% macro cld_fields(type=none) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set declared = graph.nodes['model.asc_cld.sub_rows'].columns.values() -%}
        {%- for column in declared if 'cld_type' in column.config.meta -%}
            {%- if type is none or column.config.meta['cld_type'] == type -%}
                {%- do found.append(column.name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro %}
