{#- The columns that a model's YAML declares, taken from a relation: for a model that only chooses rows
    or columns of another, so that its contract is the one place where they are listed. -#}
{% macro declared_columns(model_name, relation) -%}
    {%- set declared = graph.nodes['model.asc_cld.' ~ model_name].columns if execute else {} -%}
    {%- for column in declared -%}
        {{ relation }}.{{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
