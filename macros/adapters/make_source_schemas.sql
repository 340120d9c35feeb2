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

{#- Spark reads the landing (asc-cld land) where it lies: a view of each source stands over its Parquet files.
    Which of them are whole and as they were landed was asked before dbt began (dbt_asc_cld.py). A part that the
    landing does not name, such as a copy of another file, lies there too and is left out. -#}
{% macro spark__make_source_schemas() %}
    {%- set places = fromjson(env_var('CLD_LANDED_PLACES')) -%}
    {%- for source in graph.sources.values() if source.source_name in ('submissions', 'lists') -%}
        {%- set place = places[source.identifier] -%}
        {%- set view = source.schema ~ '.' ~ source.identifier -%}
        {%- set columns = [] -%}
        {%- for column in source.columns -%}
            {%- do columns.append(adapter.quote(column)) -%}
        {%- endfor -%}
        {%- do run_query('create schema if not exists ' ~ source.schema) -%}
        {%- do run_query('drop view if exists ' ~ view) -%}
        {%- do run_query('drop table if exists ' ~ view ~ '_landed') -%}
        {%- do run_query(
            'create table ' ~ view ~ "_landed using parquet options (path " ~ quoted(place['path'])
            ~ ")"
        ) -%}
        {%- if place['parts'] -%}
            {#- A table over folders has no row until its parts are known to the catalogue. -#}
            {%- do run_query('msck repair table ' ~ view ~ '_landed') -%}
        {%- endif -%}
        {%- do run_query(
            'create view ' ~ view ~ ' as select ' ~ columns | join(', ') ~ ' from ' ~ view ~ '_landed'
            ~ (" where submission in ('" ~ place['parts'] | join("', '") ~ "')" if place['parts'] else '')
        ) -%}
    {%- endfor -%}
    {#- Nothing drops out quietly. -#}
    {%- set counts = run_query(
        'select (select coalesce(sum(row_count), 0) from staging.submission_files),'
        ~ ' (select count(*) from staging.submission_rows)'
    ).rows[0] -%}
    {%- if counts[0] != counts[1] -%}
        {{- exceptions.raise_compiler_error(
            'Nothing was built: the landing holds ' ~ counts[0] ~ ' rows, and Spark reads ' ~ counts[1]
            ~ ' of them. Land again.'
        ) -}}
    {%- endif -%}
{% endmacro %}
