"""Promises of the privacy notice that a whole run shows (docs/data-protection.md lists all of them)."""

from __future__ import annotations

import csv
import json
import re

import pytest
from conftest import DEMO_EXTRACTS, PROJECT, edit

from asc_cld.readers.extract_reader import read_extract
from asc_cld.specification import extract_columns

SEEDS = PROJECT / "seeds"


@pytest.fixture(scope="module")
def built(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed
    return demo_build


@pytest.fixture(scope="module")
def manifest(built):
    return json.loads((built.folder / "target" / "manifest.json").read_text())


def seed(name):
    path = next(SEEDS.rglob(f"{name}.csv"))
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_event_types_and_client_types_are_returned(built):
    found = built.query("select distinct event_type, client_type from council.cld.cld_events")
    assert {"Request", "Assessment", "Service", "Review"} <= {event_type for event_type, _ in found}
    assert {"Service user", "Unpaid carer"} <= {client_type for _, client_type in found}


def test_each_purpose_is_served_by_models_that_exist(manifest):
    models = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    purposes = seed("gov_purposes")
    assert {row["purpose_id"] for row in purposes} >= set("abcde")
    for row in purposes:
        assert set(row["outputs"].split("; ")) <= models, row["purpose_id"]


def test_the_record_of_processing_holds_every_basis_and_recipient(built):
    record = built.query("select section, item_id from council.governance.gov_processing_record")
    assert {item for section, item in record if section == "Legal basis"} == {
        row["basis_id"] for row in seed("gov_legal_bases")
    }
    assert {item for section, item in record if section == "Recipient"} == {"dscro", "nhs_england", "dhsc"}
    known = {row["basis_id"] for row in seed("gov_legal_bases")}
    purposes = {row["purpose_id"] for row in seed("gov_purposes")}
    for row in seed("gov_recipients"):
        assert set(row["legal_bases"].split("; ")) <= known
        assert set(row["purposes"].split("; ")) <= purposes
    for row in seed("gov_module_purposes"):
        assert set(row["purposes"].split("; ")) <= purposes


def test_the_field_register_has_all_50_fields(built):
    rows = built.query(
        "select field_order, header, extract_columns, models, purposes, recipients"
        " from council.governance.gov_field_register order by field_order"
    )
    assert [row[0] for row in rows] == list(range(1, 51))
    assert all(all(row) for row in rows)
    assert all("cld.cld_return" in row[3] for row in rows)


def test_only_the_fields_of_the_specification_leave(built):
    with built.return_file.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    assert header == [row["header"] for row in seed("spec_fields")]
    landed = {
        f"{table}.{column}"
        for table, column in built.query(
            "select table_name, column_name from duckdb_columns() where schema_name = 'extracts'"
        )
    }
    contract = {f"{row['table_name']}.{row['column_name']}" for row in seed("spec_extract_columns")}
    own = {name for name in landed if name.endswith(".source_row") or name.startswith("extract_files.")}
    assert landed - own == contract
    assert not [name for name in landed if re.search("note|narrative|comment", name)]


def test_no_model_reads_a_flag_to_leave_people_out(manifest):
    """restricted is staged and kept beside the person; nothing below the people reads it."""
    readers = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["language"] == "sql"
        and re.search(r"\b(is_)?restricted\b|opt_?out", node["raw_code"])
    }
    assert readers <= {"stg_extracts__person", "cnf_people"}


NOTE = "Zanthoxylum said at the visit"


def test_a_column_of_case_notes_is_never_landed(tmp_path):
    """Planted beside the columns of the contract in every extract: the reader leaves it on the disk."""
    for path in sorted(DEMO_EXTRACTS.glob("*.csv")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
        edit(
            tmp_path / path.name, lambda rows: [row | {"case_note": NOTE, "narrative": NOTE} for row in rows]
        )
        table = read_extract(tmp_path, path.stem)
        contract = set(extract_columns(path.stem)) | {"source_row"}
        assert set(table.column_names) == contract
        assert not any(NOTE in (column.to_pylist()) for column in table.columns if column.type == "string")


def test_a_model_that_drops_restricted_people_is_seen(built, manifest):
    """The check of the SQL above, on a model that leaves them out."""
    spoilt = {"nodes": dict(manifest["nodes"])}
    node = dict(spoilt["nodes"]["model.asc_cld.cld_rows"])
    node["raw_code"] += " where not people.is_restricted"
    spoilt["nodes"]["model.asc_cld.cld_rows"] = node
    with pytest.raises(AssertionError):
        test_no_model_reads_a_flag_to_leave_people_out(spoilt)


def test_every_restricted_person_with_a_record_in_scope_is_returned(built):
    """As many of them as of the others: by the records, not by the SQL."""
    restricted, others = (
        built.query(
            "select count(*), count(*) filter (people.person_id in"
            " (select la_person_unique_identifier from council.cld.cld_events))"
            " from council.conformed.cnf_people as people"
            f" where people.is_restricted is {flag} and people.person_id in (select person_id"
            " from council.cld.cld_rows)"
        )[0]
        for flag in ("true", "not true")
    )
    assert restricted[0] == restricted[1] > 0 and others[0] == others[1] > 0


def test_every_test_named_by_the_promises_exists():
    """docs/data-protection.md: `file.py::test`, and names of dbt tests with two underscores."""
    text = (PROJECT / "docs" / "data-protection.md").read_text(encoding="utf-8")
    table = text.split("## The promises")[1].split("\n## ")[0]
    assert len([line for line in table.splitlines() if line.startswith("| ")]) >= 12
    folder = PROJECT / "tests" / "project"
    named = re.findall(r"`(test_\w+\.py)(?:::(\w+))?`", table)
    assert len(named) >= 9
    for file, test in named:
        [path] = folder.rglob(file)
        assert not test or f"def {test}(" in path.read_text(encoding="utf-8"), test
    yaml = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "models").rglob("*.yml"))
    singular = {path.stem for path in (PROJECT / "tests" / "reconciliation").glob("*.sql")}
    dbt_tests = re.findall(r"`([a-z_]+__\w+)(\*?)`", table)
    assert len(dbt_tests) >= 3
    for name, star in dbt_tests:
        assert name in singular or (f"name: {name}" if star else f"name: {name}\n") in yaml, name
