{#- Looks at every extract and mapping file before anything is built, when this run reads any of them, and
    stops it with one sentence for each file that cannot be used; so where the return could not be written. Runs as on-run-start. -#}
{% macro look_at_inputs() %}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set reads, loads = [], [] -%}
        {%- for key in selected_resources if key.startswith('model.') -%}
            {%- for parent in graph.nodes[key].depends_on.nodes
                    if parent.startswith(('source.asc_cld.extracts.', 'source.asc_cld.mappings.')) -%}
                {%- do reads.append(parent) -%}
            {%- endfor -%}
            {%- for parent in graph.nodes[key].depends_on.nodes
                    if parent.startswith(('source.asc_cld.submissions.submission_files', 'source.asc_cld.lists.')) -%}
                {%- do loads.append(parent) -%}
            {%- endfor -%}
        {%- endfor -%}
        {#- Spark reads what was landed, which was looked at then. -#}
        {%- for parent in loads | unique | sort if target.type == 'duckdb' -%}
            {%- do source(parent.split('.')[2], parent.split('.')[3]) -%}
        {%- endfor -%}
        {%- if reads -%}
            {%- set problems = run_query('select problem from ' ~ source('looked_at', 'problems_of_files')).rows -%}
            {%- if problems -%}
                {{- exceptions.raise_compiler_error(
                    "Nothing was built, because these files cannot be used:\n  - "
                    ~ problems | map(attribute=0) | join("\n  - ")
                ) -}}
            {%- endif -%}
            {%- if 'model.asc_cld.gov_return_file' in selected_resources -%}
                {%- set problems = run_query('select problem from ' ~ source('looked_at', 'problems_of_output')).rows -%}
                {%- if problems -%}
                    {{- exceptions.raise_compiler_error("Nothing was built: " ~ problems[0][0] ~ ".") -}}
                {%- endif -%}
            {%- endif -%}
            {%- set missing = run_query(
                'select setting from ' ~ source('looked_at', 'settings_without_default')
            ).columns[0].values() -%}
            {%- if missing -%}
                {{- exceptions.raise_compiler_error(
                    "Nothing was built: these extracts are not the demo's, and nobody said "
                    ~ missing | join(', ') ~ ". Write them into council.yml (asc-cld init), or give them as "
                    ~ "CLD_ variables or --vars: without them the return would be another council's."
                ) -}}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
