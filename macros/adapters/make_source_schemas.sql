{#- Makes the places that files are landed in. Runs as on-run-start. -#}
{% macro make_source_schemas() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test', 'seed') -%}
        {{- adapter.dispatch('make_source_schemas', 'asc_cld')() -}}
    {%- endif -%}
{% endmacro %}

{#- Where the council's database is attached to another one (target encrypted): dbt-duckdb makes the schemas in
    the database it opened. -#}
{% macro duckdb__make_source_schemas() %}
    {%- if target.attach -%}
        {%- for schema in graph.sources.values() | map(attribute='schema') | unique -%}
            {%- do run_query('create schema if not exists ' ~ target.database ~ '.' ~ schema) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{#- Spark reads the landing (asc-cld land) where it lies: a table of each source stands over its Parquet files.
    Which of them are whole and as they were landed was asked before dbt began (dbt_asc_cld.py). -#}
{% macro spark__make_source_schemas() %}
    {%- set places = fromjson(env_var('CLD_LANDED_PLACES')) -%}
    {%- for source in graph.sources.values() if source.source_name in ('submissions', 'lists') -%}
        {%- set table = source.schema ~ '.' ~ source.identifier -%}
        {%- do run_query('create schema if not exists ' ~ source.schema) -%}
        {%- do run_query('drop table if exists ' ~ table) -%}
        {%- do run_query(
            'create table ' ~ table ~ " using parquet options (path " ~ quoted(places[source.identifier])
            ~ ", pathGlobFilter '*.parquet', recursiveFileLookup 'true')"
        ) -%}
    {%- endfor -%}
{% endmacro %}
