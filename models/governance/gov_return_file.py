"""Writes the return and its manifest, and records what was written: one row."""

from pathlib import Path

from asc_cld import disk_encryption
from asc_cld.return_file import manifest, write_return

BATCH = 10_000


def model(dbt, session):
    # The model's pre-hook has stopped the run where a record is unaccounted for or the gate is closed.
    reconciliation = dbt.ref("cld_reconciliation").order("source_table")
    gate = records(dbt.ref("dq_gate"))[0]
    assert gate["may_write"]

    submission = records(dbt.ref("cld_submission"))[0]
    run = records(dbt.ref("gov_run"))[0]
    reasons = dbt.ref("cld_exclusions").aggregate(
        "reason_code, reason, count(*) as records", "reason_code, reason"
    )
    parts = {
        "inputs": inputs_of(
            reconciliation=reconciliation,
            extracts=dbt.ref("stg_extracts__files").order("source_table"),
            supplied=dbt.ref("sub_files").filter("origin = 'supplied'").order("submission_id"),
        ),
        "specification": manifest.seed_facts(manifest.PROJECT / "seeds" / "specification"),
        "mappings": manifest.seed_facts(
            manifest.PROJECT / "seeds" / "mappings", own_folder=run["mappings_path"]
        ),
        "rules": manifest.seed_facts(manifest.PROJECT / "seeds" / "reference", own_folder=run["rules_path"]),
        "records": records_part(reconciliation, reasons),
        "checks": checks_part(dbt.ref("dq_summary"), gate),
        "at_rest": at_rest_part(session, Path(submission["output_path"])),
        # The return waits for no measure: gov_manifest_files takes them in afterwards.
        "measures": None,
    }

    def manifest_of(written):
        sent = {
            name: str(submission[name])
            for name in (
                "la_code",
                "council",
                "reporting_period_start",
                "reporting_period_end",
                "submission_date",
                "cld_release",
            )
        } | {
            "file_name": written.file_name,
            "rows": written.row_count,
            "bytes": written.byte_count,
            "sha256": written.sha256,
            "is_draft": gate["is_draft"],
        }
        made = manifest.compose(run, sent, **parts)
        names.append(manifest.file_name_of(made))
        return names[0], manifest.text_of(made)

    names = []
    fields = dbt.ref("spec_fields").order("field_order").project("header, snake_name").fetchall()
    columns = ", ".join(snake_name for _, snake_name in fields)
    name = submission["file_name"]
    written = write_return(
        folder=Path(submission["output_path"]),
        name=name.replace(".csv", "_DRAFT.csv") if gate["is_draft"] else name,
        headers=[header for header, _ in fields],
        rows=batches(dbt.ref("cld_return_rows").order("row_number").project(columns)),
        manifest_of=manifest_of,
    )
    return session.sql(
        "select ? as file_name, ? as folder, cast(? as integer) as row_count, ? as sha256,"
        " cast(? as boolean) as is_draft, ? as manifest_file, ? as la_code, ? as run_id",
        params=[
            written.file_name,
            written.folder,
            written.row_count,
            written.sha256,
            gate["is_draft"],
            names[0],
            submission["la_code"],
            run["run_id"],
        ],
    )


def inputs_of(reconciliation, extracts, supplied):
    received = dict(reconciliation.project("source_table, records_received").fetchall())
    landed = [
        {
            "extract": row["source_table"],
            "file_name": row["file_name"],
            "rows": received.get(row["source_table"]),
            "bytes": row["byte_count"],
            "sha256": row["sha256"],
            "folder": row["folder"],
        }
        for row in records(extracts)
    ]
    if landed:
        manifest.unchanged(landed, Path(landed[0]["folder"]))
    files = {
        "extracts": [{k: v for k, v in fact.items() if k != "folder"} for fact in landed],
        "submissions": records(supplied.project("file_name, row_count as rows, sha256")),
    }
    return {"sha256": manifest.hash_of(files), **files}


def records_part(reconciliation, reasons):
    tables = records(reconciliation)
    totals = {
        name: sum(table[f"records_{name}"] for table in tables)
        for name in ("received", "returned", "excluded")
    }
    return {
        **totals,
        "by_extract": tables,
        "excluded_by_reason": records(reasons.order("reason_code")),
    }


def checks_part(summary, gate):
    broken = summary.filter(f"submission_id = '{gate['submission_id']}' and breach_count > 0").project(
        "rule_id, severity, breach_count, accepted_count, is_beyond_threshold"
    )
    rules = records(broken.order("rule_id"))
    return {
        "error": sum(rule["breach_count"] for rule in rules if rule["severity"] == "error"),
        "warning": sum(rule["breach_count"] for rule in rules if rule["severity"] == "warning"),
        "info": sum(rule["breach_count"] for rule in rules if rule["severity"] == "info"),
        "accepted": sum(rule["accepted_count"] for rule in rules),
        "is_good": gate["is_good"],
        "is_forced": gate["is_forced"],
        "held_back_by": gate["reasons"],
        "rules": rules,
    }


def at_rest_part(session, output):
    """Whether what was written lies encrypted: said, never a reason to stop."""
    path, is_encrypted = session.sql(
        "select path, encrypted from duckdb_databases() where database_name = current_database()"
    ).fetchall()[0]
    places = {"database": Path(path or "."), "output": output}
    disks = {place: disk_encryption.of_folder(folder) for place, folder in places.items()}
    return {
        "database_file_is_encrypted": is_encrypted,
        **{f"disk_of_{place}": answer.state for place, answer in disks.items()},
        **{f"why_{place}": answer.why for place, answer in disks.items()},
    }


def records(relation):
    return relation.to_arrow_table().to_pylist()


def batches(relation):
    for batch in relation.to_arrow_reader(BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
