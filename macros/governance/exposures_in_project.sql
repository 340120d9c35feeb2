{#- The exposures of the project as rows: name, recipient, purposes, legal bases, cadence, what they
    depend on. Read from dbt's own graph, so the record cannot speak of what is not there. -#}
{% macro exposures_in_project() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for exposure in graph.exposures.values() | sort(attribute='name') -%}
            {%- set meta = exposure.config.meta -%}
            {%- set models = exposure.depends_on.nodes | map('replace', 'model.asc_cld.', '') | sort -%}
            {%- do found.append([
                exposure.name, meta.recipient_id, meta.purposes | join('; '),
                meta.legal_bases | join('; '), meta.cadence, models | join('; '),
            ]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(rows_as_table(
        ['exposure', 'recipient_id', 'purposes', 'legal_bases', 'cadence', 'models'], found
    )) }}
{%- endmacro %}
