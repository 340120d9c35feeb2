-- This run of dbt: which one, when, with which versions and settings, for whom. One row.
-- The clock is read here and nowhere else; nothing of it reaches the file.
select
    '{{ invocation_id }}' as run_id,
    '{{ run_started_at.strftime("%Y-%m-%dT%H:%M:%SZ") }}' as started_at,
    '{{ dbt_version }}' as dbt_version,
    {{ engine_version() }} as duckdb_version,
    '{{ setting("operator") | replace("'", "''") }}' as operator,
    '{{ setting("prepared_by") | replace("'", "''") }}' as prepared_by,
    '{{ setting("checked_by") | replace("'", "''") }}' as checked_by,
    '{{ setting("approved_by") | replace("'", "''") }}' as approved_by,
    '{{ setting("mappings_path") | replace("'", "''") }}' as mappings_path,
    '{{ settings_in_force() | replace("'", "''") }}' as settings
