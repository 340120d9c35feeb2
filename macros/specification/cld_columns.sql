{#- The 50 fields of the return as columns of a relation, in order, for a select that only carries them:
    under their column names, or under the headers of the file. -#}
{% macro cld_columns(relation, with_headers=false) -%}
    {%- set declared = graph.nodes['model.asc_cld.sub_rows'].columns if execute else {} -%}
    {%- for field in cld_fields() -%}
        {{ relation }}.{{ field }}
        {%- if with_headers %} as "{{ declared[field].config.meta['cld_field'] }}"{% endif %}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
