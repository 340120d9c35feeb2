{#- The select behind gov_run: this run of dbt, one row. -#}
{% macro this_run() -%}
select
    '{{ invocation_id }}' as run_id,
    '{{ run_started_at.strftime("%Y-%m-%dT%H:%M:%SZ") }}' as started_at,
    '{{ dbt_version }}' as dbt_version,
    {{ engine_version() }} as duckdb_version,
    {{ quoted(setting('operator')) }} as operator,
    {{ quoted(setting('prepared_by')) }} as prepared_by,
    {{ quoted(setting('checked_by')) }} as checked_by,
    {{ quoted(setting('approved_by')) }} as approved_by,
    {{ quoted(setting('mappings_path')) }} as mappings_path,
    {{ quoted(setting('rules_path')) }} as rules_path,
    {{ quoted(settings_in_force()) }} as settings -- noqa: LT05
{%- endmacro %}
