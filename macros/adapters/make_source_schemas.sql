{#- The schemas that files are landed in, where the council's database is attached to another one
    (target encrypted): dbt-duckdb makes them in the database it opened. Runs as on-run-start. -#}
{% macro make_source_schemas() %}
    {%- if execute and target.type == 'duckdb' and target.attach -%}
        {%- for schema in graph.sources.values() | map(attribute='schema') | unique -%}
            {%- do run_query('create schema if not exists ' ~ target.database ~ '.' ~ schema) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
