"""Promises of the privacy notice that a whole run shows (docs/data-protection.md lists all of them)."""

from __future__ import annotations

import csv
import json
import re

import duckdb
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
    assert {item for section, item in record if section == "Recipient"} == {
        row["recipient_id"] for row in seed("gov_recipients")
    }
    assert {"dscro", "nhs_england", "dhsc"} < {row["recipient_id"] for row in seed("gov_recipients")}
    known = {row["basis_id"] for row in seed("gov_legal_bases")}
    purposes = {row["purpose_id"] for row in seed("gov_purposes")}
    for row in seed("gov_recipients"):
        if row["recipient_id"] == "dars_applicants":
            assert row["legal_bases"] == row["purposes"] == "as the agreement of each says"
            continue
        assert set(row["legal_bases"].split("; ")) <= known
        assert set(row["purposes"].split("; ")) <= purposes
    for row in seed("gov_module_purposes"):
        assert set(row["purposes"].split("; ")) <= purposes


# What the notice states, in its order: the topics, and how many facts each has.
NOTICE = {
    "what the return covers": 7,
    "items": 9,
    "specification": 2,
    "purposes": 9,
    "legal basis": 11,
    "legitimate interests": 2,
    "recipients": 7,
    "rights": 4,
}


def test_the_notice_is_recorded_fact_by_fact(built):
    """Letter by letter in the record, and what is unsettled asks a question that the pack shows."""
    facts = seed("gov_notice")
    counted = {topic: len([row for row in facts if row["topic"] == topic]) for topic in NOTICE}
    assert counted == NOTICE and sum(counted.values()) == len(facts)
    record = {
        (section, item): (text, said_by)
        for section, item, text, said_by in built.query(
            "select section, item_id, title || ' ' || item_text, said_by"
            " from council.governance.gov_processing_record"
        )
    }
    fields = {row["header"] for row in seed("spec_fields")}
    questions = {row["question_id"] for row in seed("gov_open_questions")}
    for row in facts:
        text, said_by = record[row["section"], row["item_id"]]
        assert row["said"] in text and said_by.startswith("the notice"), row["fact_id"]
        assert set(filter(None, row["cld_fields"].split("; "))) <= fields
        asked = re.findall(r"open question: (\w+)", row["how"])
        assert set(asked) <= questions and bool(asked) == (row["standing"] == "unsettled"), row["fact_id"]
        assert row["how"] or row["standing"] == "recorded"
    assert {item for section, item in record if section == "Open question"} == questions


def test_a_fact_that_the_record_has_otherwise_is_seen(built, manifest):
    check = next(
        node["compiled_code"]
        for node in manifest["nodes"].values()
        if node["name"] == "gov_processing_record__says_what_the_notice_says"
    )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.database}' as built (read_only)")
        connection.execute("attach ':memory:' as council")
        for schema, table in (
            ("governance", "gov_notice"),
            ("governance", "gov_open_questions"),
            ("governance", "gov_processing_record"),
            ("specification", "spec_fields"),
        ):
            connection.execute(f"create schema if not exists council.{schema}")
            connection.execute(f"create table council.{schema}.{table} as from built.{schema}.{table}")
        assert connection.execute(check).fetchall() == []
        connection.execute(
            "update council.governance.gov_processing_record set item_text = replace(item_text, '262(7)', '262')"
        )
        assert [row[0] for row in connection.execute(check).fetchall()] == ["hsca_262_7"]


def test_article_30_is_complete_and_the_council_says_who_it_is(built):
    record = {
        item: text
        for section, item, text in built.query(
            "select section, item_id, item_text from council.governance.gov_processing_record"
        )
        if section == "Activity"
    }
    for item in (
        "controller",
        "controller_contact",
        "data_protection_officer",
        "joint_controllers",
        "data_subjects",
        "data_categories",
        "transfers",
        "retention",
        "security",
    ):
        assert record[item], item
    assert record["controller"] == "Not given: the council says it in the setting controller"


def test_no_recipient_is_tied_to_rows_about_people_but_the_one_that_gets_the_file(manifest):
    """What stands behind each exposure: the file for the DSCRO, the sharing schema for all others."""
    exposures = manifest["exposures"].values()
    schema = {key: node["schema"] for key, node in manifest["nodes"].items()}
    for exposure in exposures:
        meta = exposure["config"]["meta"]
        behind = exposure["depends_on"]["nodes"]
        if meta.get("recipient_id") == "dscro":
            assert behind == ["model.asc_cld.gov_return_file"]
        elif meta.get("leaves_the_council") is False:
            assert "recipient_id" not in meta and "part_of" not in meta
        else:
            assert behind and {schema[key] for key in behind} == {"sharing"}, exposure["name"]
    assert len(list(exposures)) == 8


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
