{#- A table of the dhsc layer as it was before the latest submission, or none where that state has not
    been computed (python -m asc_cld.measure_movement). -#}
{% macro earlier_state(table) -%}
    {%- if execute -%}
        {{- return(load_relation(api.Relation.create(
            database=target.database, schema='dhsc_earlier', identifier=table
        ))) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}
