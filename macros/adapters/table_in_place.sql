{#- A table made in one transaction in its own place. dbt-duckdb makes it under another name, renames the old
    one, renames the new one and drops the old one: two to four statements more for each of some 200 tables,
    a tenth of the build of a small council. DuckDB's transactions hold what the names were for: a
    model that fails leaves the last table as it was. -#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {#- `begin` comes with the first of the statements: the old table goes only where the new one comes. -#}
    {%- set goodbye -%}
        {%- if existing_relation is not none -%}
            drop {{ existing_relation.type }} if exists {{ existing_relation }} cascade;
        {%- endif -%}
    {%- endset -%}
    {%- if model['language'] == 'python' and goodbye -%}
        {%- call statement('old', auto_begin=True) -%}{{ goodbye }}{%- endcall -%}
        {%- set goodbye = '' -%}
    {%- endif -%}
    {%- call statement('main', language=model['language']) -%}
        {{ goodbye }}
        {{ create_table_as(False, target_relation, compiled_code, model['language']) }}
    {%- endcall -%}
    {%- do create_indexes(target_relation) -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target_relation, model) -%}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
