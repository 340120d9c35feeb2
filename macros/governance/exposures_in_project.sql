{#- The exposures of the project as rows: name, recipient, purposes, legal bases, cadence, what they
    depend on, with that of their parts. Read from dbt's own graph, so the record cannot speak of what is not there.
    What leaves the council is in the record; what it keeps for itself is not. -#}
{% macro exposures_in_project() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set exposures = graph.exposures.values() | sort(attribute='name') -%}
        {%- for exposure in exposures if exposure.config.meta.recipient_id -%}
            {%- set meta = exposure.config.meta -%}
            {%- set nodes = [] -%}
            {%- for part in exposures
                    if part.name == exposure.name or part.config.meta.part_of == exposure.name -%}
                {%- do nodes.extend(part.depends_on.nodes) -%}
            {%- endfor -%}
            {%- set models = nodes | map('replace', 'model.asc_cld.', '') | sort -%}
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
