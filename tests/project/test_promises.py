"""Promises of the privacy notice that a whole run shows (docs/data-protection.md lists all of them)."""

from __future__ import annotations

import csv
import json
import re

import pytest
from conftest import DEMO_EXTRACTS, PROJECT, dbt, edit

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
        f"{table}.{column}" for table, column in built.query(
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
        if node["resource_type"] == "model" and node["language"] == "sql"
        and re.search(r"\b(is_)?restricted\b|opt_?out", node["raw_code"])
    }
    assert readers <= {"stg_extracts__person", "cnf_people"}


def test_restricted_records_and_opt_outs_drop_no_row(built, tmp_path):
    """Everybody restricted, and an opt-out column beside: the same file, byte for byte."""
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    for path in DEMO_EXTRACTS.iterdir():
        (extracts / path.name).write_bytes(path.read_bytes())
    edit(
        extracts / "person.csv",
        lambda rows: [row | {"restricted": "Y", "national_data_opt_out": "Y"} for row in rows],
    )
    run = dbt(
        tmp_path, "build", "--selector", "return", "--exclude", "resource_type:test",
        extracts_path=str(extracts),
    )
    assert run.exit_code == 0, run.printed
    assert run.return_file.read_bytes() == built.return_file.read_bytes()
    assert built.query("select count(*) from council.conformed.cnf_people where is_restricted")[0][0] > 0
