"""Writes the return to its CSV file, and records what was written: one row."""

from pathlib import Path

from asc_cld.return_file import write_return

BATCH = 10_000


def model(dbt, session):
    # No file while a single record is unaccounted for.
    lost = dbt.ref("cld_reconciliation").filter("difference <> 0").project("source_table").fetchall()
    if lost:
        raise RuntimeError(f"records unaccounted for in: {', '.join(table for table, in lost)}")
    gate = dbt.ref("dq_gate").project("may_write, is_draft, reasons").fetchall()
    may_write, is_draft, reasons = gate[0]
    if not may_write:
        raise RuntimeError(f"the checks do not let the return be written: {reasons}")
    folder, name = dbt.ref("cld_submission").project("output_path, file_name").fetchall()[0]
    fields = dbt.ref("spec_fields").order("field_order").project("header, snake_name").fetchall()
    columns = ", ".join(snake_name for _, snake_name in fields)
    rows = dbt.ref("cld_return_rows").order("row_number").project(columns)
    written = write_return(
        folder=Path(folder),
        name=name.replace(".csv", "_DRAFT.csv") if is_draft else name,
        headers=[header for header, _ in fields],
        rows=batches(rows),
    )
    return session.sql(
        "select ? as file_name, ? as folder, cast(? as integer) as row_count, ? as sha256,"
        " cast(? as boolean) as is_draft",
        params=[
            written.file_name, written.folder, written.row_count, written.sha256, is_draft,
        ],
    )


def batches(relation):
    for batch in relation.to_arrow_reader(BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
