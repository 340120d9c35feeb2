"""CLD files for the rule tests: a clean return, edits to it, and one run of the checks over many."""

import csv
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import dbt_runs
import duckdb

ROOT = dbt_runs.PROJECT
DATA = Path(__file__).resolve().parent / "data"
# The rules, and of the measures no more than which rows DHSC keeps.
CHECKS = (
    "--select",
    "models/staging/submissions",
    "models/submissions",
    "models/data_quality",
    "+dhsc_events_single,path:models/dhsc",
    "seeds/specification",
    "seeds/reference",
    "--exclude",
    "dq_unmapped_codes",
    "dq_mapping_coverage",
    "dq_screened_texts",
    "resource_type:test",
    "resource_type:unit_test",
)


def clean_return():
    with (DATA / "clean_return.csv").open(encoding="utf-8", newline="") as stream:
        headers, *rows = csv.reader(stream)
    return headers, rows


def edited(edits=(), copies=()):
    """The clean return with copies of rows at its end and then cells changed; row "*" is every row."""
    headers, rows = clean_return()
    rows += [list(rows[number - 1]) for number in copies]
    for number, header, value in edits:
        for row in rows if number == "*" else [rows[number - 1]]:
            row[headers.index(header)] = str(value)
    return headers, rows


def write_file(folder, name, headers, rows):
    """Many files of the same rows, spoilt in their form only, would be copies: a name of its own is in each."""
    own = re.sub("[^A-Za-z0-9]", "", name)
    rows = [[re.sub(r"^([A-Z]9\d{3}|Invented Surgery)$", rf"\1{own}", cell) for cell in row] for row in rows]
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([headers, *rows])


def run_dbt(folder, *arguments, project=ROOT, **settings):
    """One dbt run on the CLD files of folder/submissions; returns the finished process."""
    settings = {"include_built": "false", "submission_date": "2026-10-20", **settings}
    return dbt_runs.run_dbt(folder, *arguments, project=project, **settings)


def query(folder, sql):
    """All rows of a query on the database of a run, which is closed again."""
    with duckdb.connect(str(folder / dbt_runs.DATABASE), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def run_checks(folder, **settings):
    finished = run_dbt(folder, "build", *CHECKS, **settings)
    assert finished.returncode == 0, finished.stdout[-1500:]


def breaches_by_file(folder):
    """{file name without .csv: {(rule, row or 'file'), ...}}"""
    found = {
        name.removesuffix(".csv"): set()
        for (name,) in query(folder, "select file_name from submissions.sub_files")
    }
    for name, rule, row in query(
        folder,
        """
        select distinct files.file_name, breaches.rule_id, breaches.row_number
        from data_quality.dq_breaches as breaches
        inner join submissions.sub_files as files using (submission_id)
        """,
    ):
        found[name.removesuffix(".csv")].add((rule, "file" if row is None else row))
    assert query(folder, "select * from staging.stg_submissions__problems") == []
    return found


def checklist(folder):
    """{name: what the file for CI says of it} of a run."""
    cases = ET.parse(folder / "target/rules.junit.xml").getroot()
    return {
        case.get("name"): [(said.tag, said.get("message") or said.text) for said in case] for case in cases
    }
