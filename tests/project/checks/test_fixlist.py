"""The fix list: who mends what, without names, and what is new, still open and fixed."""

import csv
import zipfile

import duckdb
import jinja2
import pytest
from dbt_runs import PROJECT
from openpyxl import load_workbook

from asc_cld import files, fixlist

TABLES = {
    "dq_breaches": "data_quality.dq_breaches",
    "dq_rules": "data_quality.dq_rules",
    "spec_fields": "specification.spec_fields",
    "sub_rows": "submissions.sub_rows",
}
# The project's own model on the tables of make_database.
FINDINGS = (
    jinja2.Environment()
    .from_string((PROJECT / "models/data_quality/breaches/dq_findings.sql").read_text(encoding="utf-8"))
    .render(config=lambda **_: "", ref=lambda name: TABLES[name])
)
BREACH = {
    "submission_id": "409-built", "la_code": "409", "origin": "built", "rule_id": "MAN-06", "severity": "error",
    "row_number": 1, "row_id": "409-built-1", "la_person_unique_identifier": "1001",
    "event_reference": "R1", "event_type": "Request", "field": "Gender", "found_value": None,
    "message": "Gender is blank.", "suggestion": None, "measures_affected": "2A",
    "source_table": "contact", "source_record_id": "C1", "team_id": "North", "accepted": False,
    "accepted_because": None,
}  # fmt: skip
# Rule, what must be mended, what happens at DHSC.
RULES = [
    ("MAN-06", "person", "value lost", "Female; Male; Other"),
    ("OUT-03", "event", "counted wrongly", None),
    ("FIL-08", "file", "file not used", None),
    ("MAN-02", "return", "file not used", None),
    ("FMT-12", "export", "still counted", None),
    ("LST-14", "event", "value lost", None),
    ("FIL-13", "field", "value lost", None),
]


def breach(**changes):
    return {**BREACH, **changes}


def make_database(path, breaches, sent_on="2026-10-20", teams=()):
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        for schema in ("submissions", "data_quality", "reference", "specification", "conformed"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table submissions.sub_files as select '409-built' as submission_id,"
            f" '409' as la_code, 'built' as origin, date '{sent_on}' as imported_at,"
            " date '2026-09-30' as stated_period_end, 'return.csv' as file_name"
        )
        connection.execute(
            "create table submissions.sub_rows as select '409-built-1' as row_id,"
            " 'Testina' as first_name, 'Examplewood' as last_name, '9990001006' as nhs_number,"
            " '05/01/2026' as event_start_date"
        )
        connection.execute(
            "create table specification.spec_fields as select 'Gender' as header, 'Person details' as module"
        )
        connection.execute(
            "create table reference.dhsc_measures as select 'ASCOF 2A' as dhsc_measure, 'Reablement' as description"
        )
        connection.execute(
            "create table data_quality.dq_gate as select '409-built' as submission_id,"
            " false as may_write, false as is_draft, 'MAN-06 (2)' as reasons"
        )
        connection.execute(
            "create table data_quality.dq_rules (rule_id varchar, record_kind varchar, at_the_centre varchar,"
            " allowed_values varchar, fields varchar, message varchar, allowed varchar, severity varchar,"
            " measures_affected varchar, how_to_fix varchar, why_it_matters varchar)"
        )
        for rule_id, kind, centre, values in RULES:
            connection.execute(
                "insert into data_quality.dq_rules values (?, ?, ?, ?, 'Gender', '{field} holds {value}.', null,"
                " 'error', '2A', 'Fill it.', 'It counts.')",
                [rule_id, kind, centre, values],
            )
        # Without names, unless they are given: what is in no list of teams names no file.
        listed_teams = teams or sorted({(line["team_id"], None) for line in breaches if line["team_id"]})
        if listed_teams:
            connection.execute("create table conformed.cnf_teams (team_id varchar, team_name varchar)")
            connection.executemany("insert into conformed.cnf_teams values (?, ?)", listed_teams)
        kinds = {"row_number": "integer", "accepted": "boolean"}
        columns = ", ".join(f"{name} {kinds.get(name, 'varchar')}" for name in BREACH)
        connection.execute(f"create table data_quality.dq_breaches ({columns})")
        for line in breaches:
            marks = ", ".join("?" * len(BREACH))
            connection.execute(f"insert into data_quality.dq_breaches values ({marks})", list(line.values()))
        connection.execute(f"create view data_quality.dq_findings as {FINDINGS}")


ON_THE_FILE = breach(
    rule_id="FIL-08", row_number=None, row_id=None, team_id=None, source_table=None,
    source_record_id=None, severity="warning", field="Event Type",
)  # fmt: skip
BREACHES = [
    breach(),
    breach(
        row_number=2, row_id="409-built-2", team_id="South", source_record_id="C2", event_reference="R2",
        la_person_unique_identifier="1002",
    ),
    breach(
        rule_id="OUT-03", row_number=3, row_id="409-built-3", team_id="South", accepted=True,
        accepted_because="known (head, until 2027-01-01)", event_reference="R3",
        source_record_id="C3", found_value='=HYPERLINK("x")', severity="warning",
    ),
    ON_THE_FILE,
]  # fmt: skip


@pytest.fixture
def database(tmp_path):
    make_database(tmp_path / "a.duckdb", BREACHES)
    return tmp_path / "a.duckdb"


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def listed(out):
    return lines(out / "fixlist_409-built.csv")


def sheet(path, name):
    """A sheet as dictionaries by the titles of its columns."""
    titles, *rows = load_workbook(path)[name].values
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_one_workbook_for_the_whole_and_one_for_each_team(database, tmp_path):
    out = tmp_path / "out"
    written = fixlist.write_fixlist(database, out)
    assert sorted(path.name for path in written if path.suffix == ".xlsx") == [
        "fixlist_409-built.xlsx",
        "fixlist_409-built_team-North.xlsx",
        "fixlist_409-built_team-South.xlsx",
    ]
    south = out / "fixlist_409-built_team-South.xlsx"
    names = [
        "Start here", "Summary", "Records", "For the exporter", "Whole file", "Fixed", "Allowed values",
    ]  # fmt: skip
    assert load_workbook(south).sheetnames == names
    assert [line["Record to open"] for line in sheet(south, "Records")] == ["Person 1002", "Contact C3"]
    assert [line["Allowed value"] for line in sheet(south, "Allowed values")] == ["Female", "Male", "Other"]
    assert load_workbook(south)["Records"].auto_filter.ref == "A1:V3"
    assert load_workbook(south)["Records"].freeze_panes == "A2"
    whole = out / "fixlist_409-built.xlsx"
    assert len(sheet(whole, "Whole file")) == 1
    assert [(line["Team"], line["Must mend"]) for line in sheet(whole, "Teams")] == [
        ("North", 1),
        ("South", 1),
    ]
    told = {row[0]: row[1] for row in load_workbook(whole)["Start here"].values}
    assert told["May it be sent?"] == "No. Held back by (rule, number of rows): MAN-06 (2)."


def test_rows_of_one_person_are_one_line_and_the_worst_comes_first(tmp_path):
    make_database(
        tmp_path / "a.duckdb",
        [
            breach(rule_id="OUT-03", severity="warning"),
            breach(rule_id="OUT-03", row_number=8, event_reference="R8", source_record_id="C8"),
            *(breach(row_number=n, event_reference=f"R{n}", source_record_id=f"C{n}") for n in range(1, 8)),
            breach(rule_id="MAN-02", row_number=1),
            breach(rule_id="MAN-02", row_number=2),
        ],
    )
    fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    found = [
        (line["rule_id"], line["record"], line["rows"], line["row_count"])
        for line in listed(tmp_path / "out")
    ]
    assert found == [
        ("MAN-02", "Settings of the return", "1, 2", "2"),
        ("MAN-06", "Person 1001", "1, 2, 3, 4, 5 and 2 more", "7"),
        ("OUT-03", "Contact C8", "8", "1"),
        ("OUT-03", "Contact C1", "1", "1"),
    ]
    # A setting of the return is no work for a team.
    north = lines(tmp_path / "out/fixlist_409-built_team-North.csv")
    assert "MAN-02" not in {line["rule_id"] for line in north}


def test_team_names_and_records_without_a_team(tmp_path):
    make_database(
        tmp_path / "a.duckdb",
        [
            breach(team_id="T/1", la_person_unique_identifier="1"),
            breach(team_id="T 1", la_person_unique_identifier="2"),
            breach(team_id="=T*[3]", la_person_unique_identifier="3"),
            breach(team_id=None, la_person_unique_identifier="4"),
        ],
        teams=[("T/1", "North: \\homes?"), ("T 1", None), ("=T*[3]", None)],
    )
    written = fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    assert sorted(path.name for path in written if path.suffix == ".xlsx") == [
        "fixlist_409-built.xlsx",
        "fixlist_409-built_team-T-1-North-homes.xlsx",
        "fixlist_409-built_team-T-1.xlsx",
        "fixlist_409-built_team-T-3.xlsx",
        "fixlist_409-built_team-not-known.xlsx",
    ]
    assert {line["team"] for line in listed(tmp_path / "out")} == {
        "North: \\homes? (T/1)", "T 1", "'=T*[3]", "team not known",
    }  # fmt: skip


def test_teams_whose_names_look_alike_keep_their_own_files():
    assert fixlist.file_names("f", ["A/b", "a B", None], {"A/b": "", "a B": None}) == {
        "A/b": "f_team-A-b", "a B": "f_team-a-B-2", None: "f_team-not-known",
    }  # fmt: skip


def test_what_stands_where_a_team_should_names_no_file():
    assert fixlist.file_names("f", ["T1", "9990001006", "Testina Exampleton"], {"T1": "North"}) == {
        "T1": "f_team-T1-North", "9990001006": "f_team-in-no-list", "Testina Exampleton": "f_team-in-no-list-2",
    }  # fmt: skip


def test_supplied_files_have_one_workbook(tmp_path):
    make_database(
        tmp_path / "a.duckdb",
        [breach(team_id=None, source_table=None, source_record_id=None), ON_THE_FILE],
    )
    written = fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    assert [path.name for path in written] == ["fixlist_409-built.xlsx", "fixlist_409-built.csv"]


def test_what_no_team_can_mend_has_a_sheet_of_its_own(tmp_path):
    make_database(tmp_path / "a.duckdb", [breach(rule_id="FMT-12", field="Event Reference"), breach()])
    written = fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    whole = tmp_path / "out/fixlist_409-built.xlsx"
    assert [line["Rule"] for line in sheet(whole, "For the exporter")] == ["FMT-12"]
    assert [line["Rule"] for line in sheet(whole, "Records")] == ["MAN-06"]
    north = next(path for path in written if path.name.endswith("North.xlsx"))
    assert sheet(north, "For the exporter") == []


def test_the_true_cause_of_a_blank_is_what_nobody_could_read(tmp_path):
    database = tmp_path / "a.duckdb"
    make_database(
        database,
        [
            breach(),
            breach(
                row_number=2,
                row_id="409-built-2",
                source_record_id="C2",
                event_reference="R2",
                field="Ethnicity",
            ),
            breach(
                row_number=3, row_id="409-built-3", la_person_unique_identifier="1003", source_record_id="C3"
            ),
            breach(
                row_number=4, row_id="409-built-4", la_person_unique_identifier="1004", found_value="Male"
            ),
        ],
    )
    with duckdb.connect(str(database)) as connection:
        for sql in (
            "create schema cld",
            "create table cld.cld_unread_cells as select * from (values ('contact', 'C1', 'gender_code', 'code'),"
            " ('contact', 'C4', 'gender_code', 'code')) as t (source_table, source_record_id, source_column, kind)",
            "create table cld.cld_row_sources as select * from (values ('contact', 'C1', 'a'), ('contact', 'C4', 'd'))"
            " as t (source_table, source_record_id, cld_row_id)",
            "create table cld.cld_return_rows as select * from (values ('a', 1), ('d', 4)) as t (cld_row_id, row_number)",
            "create table specification.spec_field_sources as"
            " select 'gender' as snake_name, 'contact' as source_table, 'gender_code' as source_column",
            "alter table specification.spec_fields add column snake_name varchar default 'gender'",
            "create table conformed.cnf_person_values as select '1001' as person_id, 'Ethnicity' as cld_field,"
            " 'X' as raw_value, cast(null as varchar) as cld_value, 'person_classification' as source_table,"
            " 'code' as source_column",
        ):
            connection.execute(sql)
    fixlist.write_fixlist(database, tmp_path / "out")
    causes = {(line["record"], line["field"]): line["cause"] for line in listed(tmp_path / "out")}
    assert "gender_code of contact has no answer in the mapping" in causes["Person 1001", "Gender"]
    assert "code of person classification" in causes["Person 1001", "Ethnicity"]
    # A blank that nothing explains, and a value that stands there, have no such cause.
    assert causes["Person 1003", "Gender"] == causes["Person 1004", "Gender"] == ""


def test_a_team_sees_what_was_here_last_time(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out, seen_on="2026-10-01")
    fixlist.write_fixlist(database, out, seen_on="2026-11-01")
    lines_of_teams = sheet(out / "fixlist_409-built.xlsx", "Teams")
    assert [(line["Team"], line["New"], line["Here last time"]) for line in lines_of_teams] == [
        ("North", 0, 1), ("South", 0, 1),
    ]  # fmt: skip


def test_the_rows_of_the_front_sheet_are_as_high_as_their_text(database, tmp_path):
    fixlist.write_fixlist(database, tmp_path / "out")
    front = load_workbook(tmp_path / "out/fixlist_409-built.xlsx")["Start here"]
    long = [n for n in range(2, front.max_row + 1) if len(str(front.cell(n, 2).value or "")) > 74]
    assert long
    assert all(front.row_dimensions[n].height >= 30 for n in long)


def test_nothing_wrong_is_still_a_workbook(tmp_path):
    make_database(tmp_path / "a.duckdb", [])
    fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    assert sheet(tmp_path / "out/fixlist_409-built.xlsx", "Records") == []


def test_names_only_when_asked_for(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out)
    told = "".join(path.read_text() for path in out.glob("*.csv"))
    for book in out.glob("*.xlsx"):
        with zipfile.ZipFile(book) as parts:
            told += "".join(parts.read(name).decode() for name in parts.namelist())
    assert "Testina" not in told and "9990001006" not in told
    fixlist.write_fixlist(database, out, with_names=True)
    assert listed(out)[0]["first_name"] == "Testina"
    assert "Testina" not in (out / "first_seen.csv").read_text()


def test_a_reference_that_may_hold_a_name_is_not_told(tmp_path):
    make_database(
        tmp_path / "a.duckdb",
        [
            breach(rule_id=rule, event_reference="EXAMPLEWOOD1", source_table=None, source_record_id=None)
            for rule in ("FMT-12", "OUT-03")
        ],
    )
    fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    assert {line["record"] for line in listed(tmp_path / "out")} == {"Row 1 of the file"}
    for path in (tmp_path / "out").glob("*.csv"):
        assert "EXAMPLEWOOD1" not in path.read_text()


def test_the_sum_of_the_lists_is_told_once(tmp_path):
    make_database(
        tmp_path / "a.duckdb",
        [breach(rule_id=rule, field="Event Outcome", found_value="x") for rule in ("LST-14", "FIL-13")]
        + [breach(rule_id="FIL-13", field="Gender", found_value="x")],
    )
    fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    assert [(line["rule_id"], line["field"]) for line in listed(tmp_path / "out")] == [
        ("FIL-13", "Gender"), ("LST-14", "Event Outcome"),
    ]  # fmt: skip


def test_new_still_open_and_fixed(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out, seen_on="2026-10-01")
    # The database is made anew: the days live beside the lists.
    make_database(
        database, [BREACHES[1], breach(row_number=9, la_person_unique_identifier="9")], "2026-10-08"
    )
    fixlist.write_fixlist(database, out)
    found = {line["person"]: line for line in listed(out)}
    assert (found["1002"]["status"], found["1002"]["first_seen"]) == ("still open", "2026-10-01")
    assert (found["9"]["status"], found["9"]["first_seen"]) == ("new", "2026-10-08")
    fixed = sheet(out / "fixlist_409-built.xlsx", "Fixed")
    assert [(line["Rule"], line["Gone on"]) for line in fixed] == [
        ("FIL-08", "2026-10-08"), ("MAN-06", "2026-10-08"), ("OUT-03", "2026-10-08"),
    ]  # fmt: skip
    summary = {line["Rule"]: line["Fixed"] for line in sheet(out / "fixlist_409-built.xlsx", "Summary")}
    assert summary == {"MAN-06": 1, "FIL-08": 1, "OUT-03": 1}
    # What comes back counts as new.
    make_database(database, [BREACHES[0]])
    fixlist.write_fixlist(database, out, seen_on="2026-10-15")
    assert listed(out)[0]["status"] == "new"
    # A team that has nothing left to mend, and nothing newly fixed, keeps no old list.
    fixlist.write_fixlist(database, out, seen_on="2026-10-16")
    assert sorted(path.name for path in out.glob("*_team-*.xlsx")) == ["fixlist_409-built_team-North.xlsx"]


def test_a_second_list_on_one_day_tells_what_was_fixed_in_between(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out)
    make_database(database, BREACHES[:2])
    fixlist.write_fixlist(database, out)
    assert {line["status"] for line in listed(out)} == {"new"}
    assert len(sheet(out / "fixlist_409-built.xlsx", "Fixed")) == 2


def test_looking_at_an_older_submission_closes_nothing(database, tmp_path):
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out, seen_on="2026-10-20")
    before = (out / "first_seen.csv").read_text()
    make_database(database, [])
    fixlist.write_fixlist(database, out, seen_on="2026-07-20")
    assert (out / "first_seen.csv").read_text() == before
    assert sheet(out / "fixlist_409-built.xlsx", "Fixed") == []


def test_same_input_same_bytes(database, tmp_path, monkeypatch):
    fixlist.write_fixlist(database, tmp_path / "one")
    # Another day may not show.
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    fixlist.write_fixlist(database, tmp_path / "two")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 7
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    with zipfile.ZipFile(tmp_path / "one/fixlist_409-built.xlsx") as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.read("docProps/core.xml").count(b"2026-10-20T00:00:00Z") == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_values_never_become_formulas(tmp_path, start):
    value = f'{start}HYPERLINK("x")'
    make_database(tmp_path / "a.duckdb", [breach(found_value=value, suggestion="plain")])
    fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    cells = {
        cell.value: cell
        for row in load_workbook(tmp_path / "out/fixlist_409-built.xlsx")["Records"].iter_rows()
        for cell in row
    }
    assert (cells[value].data_type, cells[value].quotePrefix) == ("s", True)
    assert not cells["plain"].quotePrefix
    assert listed(tmp_path / "out")[0]["found_value"] == f"'{value}"


def test_accepted_findings_are_shown_as_such(database, tmp_path):
    fixlist.write_fixlist(database, tmp_path / "out")
    *others, last = listed(tmp_path / "out")
    assert (last["accepted"], last["accepted_because"]) == ("yes", "known (head, until 2027-01-01)")
    assert {line["accepted"] for line in others} == {""}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--submission", "x"], "there is no submission x; known are 409-built"),
        (["--seen-on", "20/10/2026"], "write a day as yyyy-mm-dd"),
        (["--seen-on", "20261020"], "write a day as yyyy-mm-dd"),
    ],
)
def test_clear_errors(database, tmp_path, capsys, arguments, said):
    given = ["--database", str(database), "--output", str(tmp_path / "out"), *arguments]
    assert fixlist.main(given) == 1
    assert said in capsys.readouterr().err


def test_no_database_and_one_in_use_are_said(database, tmp_path):
    with pytest.raises(SystemExit, match="There is no database none.duckdb: build it first"):
        fixlist.main(["--database", "none.duckdb", "--output", str(tmp_path / "out")])
    (tmp_path / "text.duckdb").write_text("this is no database" * 1000)
    with pytest.raises(SystemExit, match="text.duckdb: cannot be opened: .*[.] Move it away and build"):
        fixlist.main(["--database", str(tmp_path / "text.duckdb"), "--output", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_a_list_that_cannot_be_replaced_leaves_all_the_old_ones(database, tmp_path, monkeypatch):
    """On Windows a workbook that is open in Excel cannot be replaced; days and lists stay together."""
    out = tmp_path / "out"
    fixlist.write_fixlist(database, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    real = files.os.replace

    def replace(source, target):
        if str(target) == str(out / "first_seen.csv"):
            raise PermissionError(13, "Permission denied", str(target))
        real(source, target)

    make_database(database, [breach(row_number=9, la_person_unique_identifier="9")], "2026-10-27")
    monkeypatch.setattr(files.os, "replace", replace)
    assert fixlist.main(["--database", str(database), "--output", str(out)]) == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_text_that_no_workbook_can_hold(tmp_path):
    """Control characters become spaces; what is too long for a cell is cut there and whole in the CSV."""
    value = "a\x00b\x1fc" + "x" * 40_000
    make_database(tmp_path / "a.duckdb", [breach(found_value=value)])
    fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out")
    found = sheet(tmp_path / "out/fixlist_409-built.xlsx", "Records")[0]["Value now"]
    assert found.startswith("a b cx") and len(found) == 32_767
    assert listed(tmp_path / "out")[0]["found_value"] == value
