{#- Stops a run on an empty database with one line instead of an error for each model: which command comes
    first. Runs as on-run-start. -#}
{% macro seeds_first() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') -%}
        {%- set needed = {} -%}
        {%- for key in selected_resources if key.startswith('model.') -%}
            {%- for parent in graph.nodes[key].depends_on.nodes
                    if parent.startswith('seed.') and parent not in selected_resources -%}
                {%- do needed.update({parent: graph.nodes[parent]}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- for seed in needed.values() -%}
            {%- if not load_relation(api.Relation.create(
                database=seed.database, schema=seed.schema, identifier=seed.alias
            )) -%}
                {{- exceptions.raise_compiler_error(
                    "Nothing was built: the database has no seeds yet. Run `dbt seed` first, or build everything:"
                    ~ " asc-cld build (or dbt build)."
                ) -}}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
