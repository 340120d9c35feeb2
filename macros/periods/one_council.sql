{#- Stops a run before anything is built where the database holds another council's tables, or where only a
    part would be built under other settings than the rest (decision 20). Runs as on-run-start. -#}
{% macro one_council() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test')
            and not setting('with_earlier_state') and not setting('without_latest_submission') -%}
        {%- set gov_run = graph.nodes['model.asc_cld.gov_run'] -%}
        {%- set there = load_relation(api.Relation.create(
            database=gov_run.database, schema=gov_run.schema, identifier=gov_run.alias
        )) -%}
        {%- set known = run_query('select settings from ' ~ there).rows if there else [] -%}
        {%- if known -%}
            {%- set before, now = fromjson(known[0][0]), fromjson(settings_in_force()) -%}
            {#- A build of everything may be of another period; never of another council. -#}
            {%- set is_whole = gov_run.unique_id in selected_resources -%}
            {%- set changed = [] -%}
            {%- for name in now if name in before and before[name] != now[name]
                    and (name == 'la_code' or not (is_whole or name in var('settings_beside').one_run)) -%}
                {%- do changed.append(name ~ ' (' ~ before[name] ~ ' there, ' ~ now[name] ~ ' here)') -%}
            {%- endfor -%}
            {%- if changed -%}
                {{- exceptions.raise_compiler_error(
                    "Nothing was " ~ ('tested' if flags.WHICH == 'test' else 'built')
                    ~ ": the database was built with other settings: " ~ changed | join(', ') ~ ". "
                    ~ ("A database holds one council: name another one (database_path), or delete this one."
                       if is_whole else "Give the same settings, or build everything: dbt build.")
                ) -}}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
