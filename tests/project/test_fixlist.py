"""The fix list: who mends what, without names, and what is new, still open and fixed."""

import csv

import duckdb
import pytest
from openpyxl import load_workbook

from asc_cld import fixlist

BREACH = {
    "submission_id": "409-built", "la_code": "409", "rule_id": "MAN-06", "severity": "error",
    "row_number": 1, "row_id": "409-built-1", "la_person_unique_identifier": "1001",
    "event_reference": "R1", "event_type": "Request", "field": "Gender", "found_value": None,
    "message": "Gender is blank.", "suggestion": None, "measures_affected": "2A",
    "source_table": "contact", "source_record_id": "C1", "team_id": "North", "accepted": False,
}  # fmt: skip


def breach(**changes):
    return {**BREACH, **changes}


def make_database(path, breaches):
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        for schema in ("submissions", "data_quality", "reference"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table submissions.sub_files as select '409-built' as submission_id,"
            " '409' as la_code, 'built' as origin, date '2026-10-20' as imported_at"
        )
        connection.execute(
            "create table submissions.sub_rows as select '409-built-1' as row_id,"
            " 'Testina' as first_name, 'Examplewood' as last_name, '9990001006' as nhs_number,"
            " '05/01/2026' as event_start_date"
        )
        connection.execute(
            "create table data_quality.dq_rules as select unnest(['MAN-06', 'OUT-03', 'FIL-08'])"
            " as rule_id, 'Fill it.' as how_to_fix, 'It counts.' as why_it_matters"
        )
        connection.execute(
            "create table reference.accepted_exceptions as select 'MAN-06' as rule_id,"
            " 'known' as reason, 'head' as approved_by, date '2027-01-01' as expires_on"
        )
        kinds = {"row_number": "integer", "accepted": "boolean"}
        columns = ", ".join(f"{name} {kinds.get(name, 'varchar')}" for name in BREACH)
        connection.execute(f"create table data_quality.dq_breaches ({columns})")
        for line in breaches:
            marks = ", ".join("?" * len(BREACH))
            connection.execute(
                f"insert into data_quality.dq_breaches values ({marks})", list(line.values())
            )


BREACHES = [
    breach(),
    breach(row_number=2, row_id="409-built-2", team_id="South", source_record_id="C2"),
    breach(
        rule_id="OUT-03", row_number=3, row_id="409-built-3", team_id="South", accepted=True,
        source_record_id="C3", found_value='=HYPERLINK("x")', severity="warning",
    ),
    breach(
        rule_id="FIL-08", row_number=None, row_id=None, team_id=None, source_table=None,
        source_record_id=None, severity="warning", field="Event Type",
    ),
]  # fmt: skip


@pytest.fixture
def database(tmp_path):
    make_database(tmp_path / "a.duckdb", BREACHES)
    return tmp_path / "a.duckdb"


def lines(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_one_workbook_for_the_whole_and_one_for_each_team(database, tmp_path):
    out = tmp_path / "out"
    written = fixlist.write_fixlist(database, out)
    assert sorted(path.name for path in written if path.suffix == ".xlsx") == [
        "fixlist_409-built.xlsx",
        "fixlist_409-built_team_North.xlsx",
        "fixlist_409-built_team_South.xlsx",
    ]
    book = load_workbook(out / "fixlist_409-built_team_South.xlsx")
    assert book.sheetnames == ["Read me", "Summary", "Records", "File", "Fixed"]
    records = list(book["Records"].values)
    assert [line[9] for line in records] == ["Case system record", "C2", "C3"]
    assert book["Records"].auto_filter.ref.startswith("A1:")
    whole = load_workbook(out / "fixlist_409-built.xlsx")
    assert len(list(whole["File"].values)) == 2


def test_names_only_when_asked_for(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out)
    told = (out / "fixlist_409-built.csv").read_text()
    assert "Testina" not in told and "9990001006" not in told
    assert "Testina" not in (out / "first_seen.csv").read_text()
    fixlist.write_fixlist(database, out, with_names=True)
    assert lines(out / "fixlist_409-built.csv")[0]["first_name"] == "Testina"


def test_new_still_open_and_fixed(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out, seen_on="2026-10-01")
    make_database(database, [BREACHES[1], breach(row_number=9, source_record_id="C9")])
    fixlist.write_fixlist(database, out, seen_on="2026-10-08")
    found = {line["source_record_id"]: line for line in lines(out / "fixlist_409-built.csv")}
    assert (found["C2"]["status"], found["C2"]["first_seen"]) == ("still open", "2026-10-01")
    assert (found["C9"]["status"], found["C9"]["first_seen"]) == ("new", "2026-10-08")
    fixed = list(load_workbook(out / "fixlist_409-built.xlsx")["Fixed"].values)[1:]
    assert sorted(line[0] for line in fixed) == ["FIL-08", "MAN-06", "OUT-03"]
    # What comes back counts as new.
    make_database(database, [BREACHES[0]])
    fixlist.write_fixlist(database, out, seen_on="2026-10-15")
    assert lines(out / "fixlist_409-built.csv")[0]["status"] == "new"


def test_values_never_become_formulas(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out)
    cells = [
        cell
        for row in load_workbook(out / "fixlist_409-built.xlsx")["Records"].iter_rows()
        for cell in row
        if str(cell.value).startswith("=HYPERLINK")
    ]
    assert [cell.data_type for cell in cells] == ["s"]
    assert any(line["found_value"].startswith("'=") for line in lines(out / "fixlist_409-built.csv"))


def test_accepted_findings_are_shown_as_such(database, tmp_path):
    fixlist.write_fixlist(database, tmp_path / "out")
    accepted = [line["accepted"] for line in lines(tmp_path / "out/fixlist_409-built.csv")]
    assert accepted.count("yes") == 1


def test_clear_error_without_a_database(tmp_path, capsys):
    assert fixlist.main(["--database", str(tmp_path / "none.duckdb")]) == 1
    assert "is not there" in capsys.readouterr().err
