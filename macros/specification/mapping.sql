{#- A mapping table: the council's own file when `mappings_path` names a folder, else the seed. -#}
{% macro mapping(name) -%}
    {%- if setting('mappings_path') -%}
        {{- return(source('mappings', name)) -}}
    {%- endif -%}
    {{- return(ref(name)) -}}
{%- endmacro %}
