{#- Looks at every extract and mapping file before anything is built, when this run reads any of them, and
    stops it with one sentence for each file that cannot be used. Runs as on-run-start. -#}
{% macro look_at_inputs() %}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set reads = [] -%}
        {%- for key in selected_resources if key.startswith('model.') -%}
            {%- for parent in graph.nodes[key].depends_on.nodes
                    if parent.startswith(('source.asc_cld.extracts.', 'source.asc_cld.mappings.')) -%}
                {%- do reads.append(parent) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if reads -%}
            {%- set problems = run_query('select problem from ' ~ source('looked_at', 'problems_of_files')).rows -%}
            {%- if problems -%}
                {{- exceptions.raise_compiler_error(
                    "Nothing was built, because these files cannot be used:\n  - "
                    ~ problems | map(attribute=0) | join("\n  - ")
                ) -}}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
