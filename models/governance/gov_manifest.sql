-- What was sent, when, made from what and signed by whom: one row per run that wrote a return.
with

files as (
    select * from {{ ref('gov_manifest_files') }}
)

select
    files.run_id,
    cast(files.started_at as timestamp) as started_at,
    files.return_key,
    files.la_code,
    cast(files.reporting_period_start as date) as reporting_period_start,
    cast(files.reporting_period_end as date) as reporting_period_end,
    cast(files.submission_date as date) as submission_date,
    files.cld_release,
    files.file_name,
    cast(files.row_count as bigint) as row_count,
    files.sha256,
    files.is_draft,
    files.inputs_sha256,
    files.specification_sha256,
    files.mappings_sha256,
    cast(files.records_received as bigint) as records_received,
    cast(files.records_returned as bigint) as records_returned,
    cast(files.records_excluded as bigint) as records_excluded,
    cast(files.error_count as bigint) as error_count,
    cast(files.warning_count as bigint) as warning_count,
    cast(files.info_count as bigint) as info_count,
    cast(files.accepted_count as bigint) as accepted_count,
    files.is_forced,
    files.measures,
    files.operator,
    files.prepared_by,
    files.checked_by,
    files.approved_by,
    files.project_commit,
    files.is_as_committed,
    files.project_sha256,
    files.dbt_version,
    files.duckdb_version,
    files.disk_encryption,
    files.manifest_file,
    files.manifest_sha256,
    files.manifest
from files
{% if is_incremental() -%}
where files.run_id not in (select known.run_id from {{ this }} as known)
{%- endif %}
