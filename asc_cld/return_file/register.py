"""The manifests that stand beside the returns, as rows for the register (gov_manifest).

All of it runs after the return was written, so nothing here may stop a run: a manifest that cannot be read
is named and set aside (its bytes stay, under another name), one of which the register cannot be sure is
named and left alone.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from asc_cld.files import writing
from asc_cld.return_file import sha256_of
from asc_cld.return_file.manifest import (
    ManifestError,
    file_name_of,
    manifests_in,
    read_manifest,
    text_of,
)

SET_ASIDE = ".set_aside"
NUMBERS = (
    "row_count", "records_received", "records_returned", "records_excluded", "error_count",
    "warning_count", "info_count", "accepted_count",
)  # fmt: skip
FLAGS = ("is_draft", "is_forced")
TEXTS = (
    "run_id", "started_at", "return_key", "la_code", "reporting_period_start", "reporting_period_end",
    "submission_date", "cld_release", "file_name", "sha256", "inputs_sha256", "specification_sha256",
    "mappings_sha256", "measures", "operator", "prepared_by", "checked_by", "approved_by",
    "project_commit", "is_as_committed", "project_sha256", "dbt_version", "duckdb_version",
    "disk_encryption", "manifest_file", "manifest_sha256", "manifest",
)  # fmt: skip
SCHEMA = pa.schema(
    [(name, pa.string()) for name in TEXTS]
    + [(name, pa.int64()) for name in NUMBERS]
    + [(name, pa.bool_()) for name in FLAGS]
)


def take_in_measures(path: Path, measures: list[dict[str, Any]]) -> str:
    """Writes the measures into the manifest of the return just written. Gives what went wrong, or ''."""
    try:
        writing_to = read_manifest(path) | {"measures": measures}
        with writing(path) as stream:
            stream.write(text_of(writing_to))
    except (ManifestError, OSError) as error:
        return f"{path.name}: the measures are not in the manifest: {_reason(error)}"
    return ""


def register(folder: Path) -> tuple[pa.Table, list[str]]:
    """(one row a manifest of the folder, what is wrong with the others: one sentence each)."""
    rows, said = {}, []
    for path in manifests_in(folder):
        try:
            made = read_manifest(path)
        except ManifestError as error:
            said.append(f"{error}. {set_aside(path)}")
            continue
        try:
            row = row_of(path, made)
        except (ManifestError, OSError) as error:
            said.append(f"{path.name}: is not taken into the register: {_reason(error)}")
            continue
        run_id = row["run_id"]
        known = rows.get(run_id)
        # A copy has the same run under another name.
        copy = row if known and path.name != file_name_of(made) else known
        if copy:
            said.append(f"{copy['manifest_file']}: is a second manifest of run {run_id}; one is enough")
        if copy is not row:
            rows[run_id] = row
    return pa.Table.from_pylist(list(rows.values()), schema=SCHEMA), said


def set_aside(path: Path) -> str:
    """Renames a file that is no manifest, so that it is named once; gives the sentence that says so."""
    new, number = path.with_name(path.name + SET_ASIDE), 1
    while new.exists():
        number += 1
        new = path.with_name(f"{path.name}{SET_ASIDE}_{number}")
    try:
        path.rename(new)
    except OSError as error:
        return f"It is left where it is: {error.strerror}"
    return f"It is set aside as {new.name}"


def row_of(path: Path, made: dict[str, Any]) -> dict[str, Any]:
    """The manifest as a row. What an older version did not write is null. Raises ManifestError."""
    sent, run = made["return"], _part(made, "run")
    records, checks, signed = (_part(made, name) for name in ("records", "checks", "signed"))
    row = {
        "run_id": run.get("run_id"),
        "started_at": run.get("started_at"),
        "return_key": made.get("return_key"),
        **{
            name: sent.get(name)
            for name in (
                "la_code", "reporting_period_start", "reporting_period_end", "submission_date",
                "cld_release", "file_name", "sha256", "is_draft",
            )
        },
        "row_count": sent.get("rows"),
        **{f"{name}_sha256": _part(made, name).get("sha256") for name in ("inputs", "specification", "mappings")},
        **{f"records_{name}": records.get(name) for name in ("received", "returned", "excluded")},
        **{f"{name}_count": checks.get(name) for name in ("error", "warning", "info", "accepted")},
        "is_forced": checks.get("is_forced"),
        "measures": None if made.get("measures") is None else json.dumps(made["measures"]),
        "operator": run.get("operator"),
        **{name: signed.get(name) for name in ("prepared_by", "checked_by", "approved_by")},
        "project_commit": run.get("commit") or "",
        "is_as_committed": {True: "true", False: "false"}.get(run.get("is_as_committed"), "unknown"),
        **{name: run.get(name) for name in ("project_sha256", "dbt_version", "duckdb_version")},
        "disk_encryption": _part(made, "at_rest").get("disk_of_database", ""),
        "manifest_file": path.name,
        "manifest_sha256": sha256_of(path),
        "manifest": json.dumps(made, ensure_ascii=False),
    }  # fmt: skip
    if not isinstance(row["run_id"], str) or not row["run_id"]:
        raise ManifestError("it does not say which run made the return")
    _check_day(row, "started_at", datetime)
    for name in ("reporting_period_start", "reporting_period_end", "submission_date"):
        _check_day(row, name, date)
    for name in SCHEMA.names:
        try:
            pa.scalar(row[name], SCHEMA.field(name).type)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            raise ManifestError(f"{name} is of the wrong kind") from None
    return row


def _part(made: dict[str, Any], name: str) -> dict[str, Any]:
    part = made.get(name, {})
    if not isinstance(part, dict):
        raise ManifestError(f"its part '{name}' is of the wrong kind")
    return part


def _check_day(row: dict[str, Any], name: str, kind: type[date]) -> None:
    try:
        if row[name] is not None:
            kind.fromisoformat(row[name])
    except (TypeError, ValueError):
        raise ManifestError(f"{name} is not a day") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
