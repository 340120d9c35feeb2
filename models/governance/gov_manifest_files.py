"""The manifests that stand beside the returns, one row each: the raw material of gov_manifest."""

import json
from pathlib import Path

import pyarrow as pa

from asc_cld.return_file.manifest import manifests_in, read_manifest
from asc_cld.return_file import sha256_of


def model(dbt, session):
    folder = dbt.ref("gov_return_file").project("folder").fetchall()[0][0]
    rows = [row_of(path) for path in manifests_in(Path(folder))]
    found = pa.Table.from_pylist(rows)  # noqa: F841 - DuckDB finds it by its name
    return session.sql("select * from found")


def row_of(path):
    made = read_manifest(path)
    sent, run, checks = made["return"], made["run"], made["checks"]
    return {
        "run_id": run["run_id"],
        "started_at": run["started_at"],
        "return_key": made["return_key"],
        "la_code": sent["la_code"],
        "reporting_period_start": sent["reporting_period_start"],
        "reporting_period_end": sent["reporting_period_end"],
        "submission_date": sent["submission_date"],
        "cld_release": sent["cld_release"],
        "file_name": sent["file_name"],
        "row_count": sent["rows"],
        "sha256": sent["sha256"],
        "is_draft": sent["is_draft"],
        "inputs_sha256": made["inputs"]["sha256"],
        "specification_sha256": made["specification"]["sha256"],
        "mappings_sha256": made["mappings"]["sha256"],
        "records_received": made["records"]["received"],
        "records_returned": made["records"]["returned"],
        "records_excluded": made["records"]["excluded"],
        "error_count": checks["error"],
        "warning_count": checks["warning"],
        "info_count": checks["info"],
        "accepted_count": checks["accepted"],
        "is_forced": checks["is_forced"],
        "measures": json.dumps(made["measures"]),
        "operator": run["operator"],
        "prepared_by": made["signed"]["prepared_by"],
        "checked_by": made["signed"]["checked_by"],
        "approved_by": made["signed"]["approved_by"],
        "project_commit": run["commit"] or "",
        "is_as_committed": "unknown" if run["is_as_committed"] is None else str(run["is_as_committed"]).lower(),
        "project_sha256": run["project_sha256"],
        "dbt_version": run["dbt_version"],
        "duckdb_version": run["duckdb_version"],
        "disk_encryption": made.get("at_rest", {}).get("disk_of_database", ""),
        "manifest_file": path.name,
        "manifest_sha256": sha256_of(path),
        "manifest": json.dumps(made, ensure_ascii=False),
    }
