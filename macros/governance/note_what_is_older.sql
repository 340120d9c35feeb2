{#- Notes beside gov_run, as the comment of the table, which tables are of an earlier run than it names: what
    this run did not reach. The commands that read a built database refuse those (asc_cld/database.py). A run
    that was killed leaves no comment. Runs as on-run-end. -#}
{% macro note_what_is_older(results) -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run') -%}
        {%- set built = results | selectattr('status', 'equalto', 'success')
            | map(attribute='node.unique_id') | list -%}
        {%- set gov_run = graph.nodes['model.asc_cld.gov_run'] -%}
        {%- set there = load_relation(api.Relation.create(
            database=gov_run.database, schema=gov_run.schema, identifier=gov_run.alias
        )) -%}
        {%- if there -%}
            {%- set tables = {} -%}
            {%- for row in run_query(
                "select schema_name || '.' || table_name, comment from duckdb_tables()"
                ~ " where database_name = '" ~ target.database ~ "'"
            ).rows -%}
                {%- do tables.update({row[0]: row[1]}) -%}
            {%- endfor -%}
            {%- set noted = tables[gov_run.schema ~ '.' ~ gov_run.alias] -%}
            {%- set is_named = gov_run.unique_id in built -%}
            {%- if is_named or noted is not none -%}
                {%- set before = fromjson(noted) if noted and not is_named else [] -%}
                {%- set older = [] -%}
                {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
                    {%- set table = node.schema ~ '.' ~ node.alias -%}
                    {%- if node.unique_id not in built and table in tables
                            and 'on_demand' not in node.tags and (is_named or table in before) -%}
                        {%- do older.append(table) -%}
                    {%- endif -%}
                {%- endfor -%}
                {%- do run_query('comment on table ' ~ there ~ ' is ' ~ quoted(tojson(older | sort))) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
