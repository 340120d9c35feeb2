"""The gate on the return built here: what holds the file back, what does not, and the file's hash."""

import csv
import hashlib
import io
import re
import shutil

import duckdb
import pytest
from dbt_runs import DATABASE
from rule_files import ROOT, checklist, clean_return, edited, query, run_dbt

from asc_cld.readers.submission_reader import snake_names

ERROR = [(1, "Gender", "")]


def put_return(path, headers, rows, findings=()):
    """Stands in for the return: the tables the submissions layer reads it from."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema if not exists cld")
        columns = ", ".join(f"{name} varchar" for name in snake_names())
        connection.execute(
            f"create or replace table cld.cld_return_rows (cld_row_id varchar, row_number integer, {columns})"
        )
        connection.execute(
            "create or replace table cld.cld_events"
            " (cld_row_id varchar, source_table varchar, source_record_id varchar, team_id varchar)"
        )
        connection.execute("create schema if not exists conformed")
        connection.execute(
            "create or replace table conformed.cnf_cost_findings"
            " (first_line_id varchar, rule_id varchar, field_name varchar, cost_finding varchar)"
        )
        for finding in findings:
            connection.execute("insert into conformed.cnf_cost_findings values (?, ?, ?, ?)", finding)
        connection.execute(
            "create table if not exists cld.cld_unread_cells (source_table varchar, source_record_id varchar,"
            " source_column varchar, kind varchar, form varchar, became_code varchar, became varchar,"
            " filled_count integer, team_id varchar, probable_code varchar)"
        )
        connection.execute(
            "create table if not exists cld.cld_screened_texts (source_table varchar, source_record_id varchar,"
            " source_column varchar, seems_to_hold varchar, is_returned boolean, team_id varchar)"
        )
        connection.execute(
            "create table if not exists cld.cld_mistakes (source_table varchar, source_record_id varchar,"
            " reason_code varchar, reason varchar)"
        )
        connection.execute(
            "create table if not exists cld.cld_contradictions (source_table varchar, source_record_id varchar,"
            " contradiction varchar)"
        )
        connection.execute(
            "create table if not exists conformed.cnf_person_values (cld_field varchar, source_table varchar,"
            " source_record_id varchar, source_column varchar, is_tied boolean)"
        )
        connection.execute(
            "create table if not exists conformed.cnf_record_teams (source_table varchar, source_record_id varchar,"
            " team_id varchar)"
        )
        for number, row in enumerate(rows, start=1):
            cells = [cell or None for cell in row]
            marks = ", ".join("?" * (len(cells) + 2))
            connection.execute(
                f"insert into cld.cld_return_rows values ({marks})", [f"r{number}", number, *cells]
            )
            connection.execute(
                "insert into cld.cld_events values (?, 'service_line', ?, 'T1')",
                [f"r{number}", f"SL{number}"],
            )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gate")
    (folder / "submissions").mkdir()
    finished = run_dbt(folder, "seed", "--select", "specification", "reference")
    assert finished.returncode == 0, finished.stdout[-1500:]
    return folder


# The gate and all it is made of; field results and mappings have tests of their own.
UP_TO_THE_GATE = (
    "--select",
    "models/staging/submissions",
    "models/submissions",
    "+dq_gate,path:models/data_quality",
    "dq_summary",
    "--exclude",
    "test_name:is_key",
    "test_name:is_filled",
    "resource_type:unit_test",
)
# What a council's own settings and exceptions change.
FROM_THE_SETTINGS = (
    "--select",
    "dq_rules",
    "dq_breaches",
    "dq_summary",
    "dq_gate",
    "--exclude",
    "resource_type:test",
)


COST_FINDINGS = [
    (
        "SL3",
        "CST-06",
        "planned_units_per_week",
        "the price is per HR (Hourly), the plan in VIS (Per session), and map_units does not say how"
        " many hours VIS has (hours_per_unit)",
    ),
    ("SL5", "CST-07", "unit_cost", "rates R1 and R2 of type GRS"),
    ("SL6", "CST-08", "unit_cost", "rate R6 is per 15M, of which map_units says 0.25 Hourly"),
]


def gate(folder, edits=(), command="run", findings=(), **settings):
    """The gate's row and the finished run, for the clean return with edits."""
    put_return(folder / DATABASE, *edited(edits), findings)
    finished = run_dbt(folder, command, *UP_TO_THE_GATE, include_built="true", **settings)
    return gate_row(folder), finished


def gate_row(folder):
    (row,) = query(folder, "select may_write, is_draft, reasons from data_quality.dq_gate")
    return row


OVERRIDES = ("rule_settings", "accepted_exceptions")


@pytest.fixture(scope="module")
def with_error(folder, tmp_path_factory):
    """A database of a return with one error, for the tests that change only settings and exceptions."""
    copy = tmp_path_factory.mktemp("with_error") / "run"
    shutil.copytree(folder, copy)
    row, _ = gate(copy, ERROR)
    assert row == (False, False, "MAN-06 (1)")
    with duckdb.connect(str(copy / DATABASE)) as connection:
        connection.execute("create schema as_seeded")
        for name in OVERRIDES:
            connection.execute(f"create table as_seeded.{name} as from reference.{name}")
    return copy


def gate_after(with_error, statement):
    """The gate's row when the council's own seeds are as the statement makes them."""
    with duckdb.connect(str(with_error / DATABASE)) as connection:
        for name in OVERRIDES:
            connection.execute(f"create or replace table reference.{name} as from as_seeded.{name}")
        connection.execute(statement)
    finished = run_dbt(with_error, "run", *FROM_THE_SETTINGS, include_built="true")
    assert finished.returncode == 0, finished.stdout[-1500:]
    return gate_row(with_error)


def test_clean_return_may_be_written_and_its_hash_is_that_of_the_bytes(folder):
    # One blank NHS number in twenty rows is just within the threshold of 5%.
    edits = [(3, "Event Description", 'two "words", and\na second line'), (1, "NHS Number", "")]
    row, finished = gate(folder, edits)
    assert row == (True, False, "")
    assert finished.returncode == 0
    headers, rows = edited(edits)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([headers, *rows])
    expected = hashlib.sha256(written.getvalue().encode()).hexdigest()
    found = query(folder, "select sha256, row_count, file_name, submission_id from submissions.sub_files")
    assert found == [(expected, len(rows), "409_CLD_20251001_20260930.csv", "409-20260930-built")]


def test_threshold_is_a_share_of_the_rows_in_scope(folder):
    row, _ = gate(folder, [(number, "NHS Number", "") for number in (1, 5)], findings=COST_FINDINGS)
    assert row == (False, False, "CST-08 (1), MAN-04 (2)")
    # What only the extracts show is a finding on the row of the return, and nowhere else.
    found = query(
        folder,
        "select rule_id, severity, row_number, field, message from data_quality.dq_breaches"
        " where rule_id in ('CST-06', 'CST-07', 'CST-08') order by rule_id",
    )
    assert [breach[:4] for breach in found] == [
        ("CST-06", "warning", 3, "Planned units per week"),
        ("CST-07", "warning", 5, "Unit Cost"),
        ("CST-08", "error", 6, "Unit Cost"),
    ]
    for (*_, message), (*_, words) in zip(found, COST_FINDINGS, strict=True):
        assert words in message


def test_error_holds_the_file_back_and_names_the_source_record(folder):
    row, finished = gate(folder, ERROR, command="build")
    assert row == (False, False, "MAN-06 (1)")
    assert finished.returncode == 1
    assert "FAIL 1 dq_breaches__MAN-06_gender (must hold: Gender is not blank)" in finished.stdout
    assert re.search(r"FAIL 1 dq_breaches__mandatory \.", finished.stdout)
    ((kind, said),) = checklist(folder)["dq_breaches__MAN-06_gender"]
    assert (kind, said) == ("failure", "1 of 20 rows break it. Must hold: Gender is not blank")
    assert query(folder, "select source_table, source_record_id, team_id from data_quality.dq_breaches") == [
        ("service_line", "SL1", "T1")
    ]


def test_forced_draft(folder):
    row, finished = gate(folder, ERROR, command="build", force_draft="true")
    assert row == (True, True, "MAN-06 (1)")
    assert finished.returncode == 0


@pytest.mark.parametrize(("expires_on", "may_write"), [("2026-10-20", True), ("2026-10-19", False)])
def test_accepted_breach_does_not_count_until_it_expires(with_error, expires_on, may_write):
    exception = (
        "create or replace table reference.accepted_exceptions as select 'MAN-06' as rule_id,"
        " 'row_id' as scope_column, '409-20260930-built-1' as scope_value, 'why' as reason,"
        f" 'owner' as owner, 'head' as approved_by, date '{expires_on}' as expires_on"
    )
    assert gate_after(with_error, exception)[0] is may_write
    accepted = query(with_error, "select accepted from data_quality.dq_breaches")
    assert accepted == [(may_write,)]


# One breach for each kind of scope; of the last two one is not meant and one has expired.
SCOPES = [
    (1, "Gender", "MAN-06", "row_id", "409-20260930-built-1", "2026-10-20"),
    (2, "GP Practice Name", "FIL-12", "field", "GP Practice Name", "2026-10-20"),
    (3, "Event Outcome", "MAN-21", "source_record_id", "SL3", "2026-10-20"),
    (5, "Ethnicity", "MAN-07", "la_person_unique_identifier", "1002", "2026-10-20"),
    (7, "Has Unpaid Carer", "MAN-12", "event_type", "Service", "2026-10-20"),
    (8, "Review Reason", "MAN-27", "event_reference", None, "2026-10-20"),
    (13, "First Name", "MAN-13", "team_id", "T1", "2026-10-20"),
    (17, "Last Name", "MAN-14", "la_code", "409", "2026-10-20"),
    (19, "Postcode", "MAN-10", "rule", None, "2026-10-20"),
    (10, "Assessment Type", "MAN-23", "row_id", "409-20260930-built-11", "2026-10-20"),
    (4, "Method of Review", "MAN-28", "rule", None, "2026-10-19"),
]


def test_every_scope_accepts_what_it_names_and_no_more(folder):
    headers, rows = clean_return()
    reference = headers.index("Event Reference")
    values = ", ".join(
        f"('{rule}', '{scope}', "
        + (
            f"'{rows[row - 1][reference]}'"
            if scope == "event_reference"
            else f"'{value}'"
            if value
            else "null"
        )
        + f", 'why', 'owner', 'head', date '{expires_on}')"
        for row, _, rule, scope, value, expires_on in SCOPES
    )
    exceptions = (
        "create or replace table reference.accepted_exceptions as select * from (values "
        f"{values}) as t(rule_id, scope_column, scope_value, reason, owner, approved_by, expires_on)"
    )
    edits = [(row, field, "NULL" if rule == "FIL-12" else "") for row, field, rule, *_ in SCOPES]
    put_return(folder / DATABASE, *edited(edits))
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute(exceptions)
    finished = run_dbt(folder, "run", *UP_TO_THE_GATE, include_built="true")
    assert finished.returncode == 0, finished.stdout[-1500:]
    row = gate_row(folder)
    accepted = {
        (rule, number): is_accepted
        for rule, number, is_accepted in query(
            folder, "select rule_id, row_number, accepted from data_quality.dq_breaches"
        )
    }
    expected = {(rule, number): True for number, _, rule, *_ in SCOPES}
    expected |= {("MAN-23", 10): False, ("MAN-28", 4): False}
    assert {key: accepted[key] for key in expected} == expected
    assert not any(is_accepted for key, is_accepted in accepted.items() if key not in expected)
    assert row == (False, False, "MAN-23 (1), MAN-28 (1)")
    reasons = query(folder, "select distinct accepted_because from data_quality.dq_breaches where accepted")
    assert reasons == [("why (head, until 2026-10-20)",)]


def test_slips_in_overrides_stop_the_run_with_their_line(tmp_path):
    """The seeds and macros alone: what is wrong is said before any model is read."""
    project = tmp_path / "project"
    for part in ("asc_cld", "macros", "seeds/specification", "seeds/reference"):
        shutil.copytree(ROOT / part, project / part)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, project)
    with (project / "seeds/reference/rule_settings.csv").open("a", encoding="utf-8") as stream:
        stream.write("MAN-99,,,\nMAN-05,maybe,eror,lots\nMAN-05,,,7\n")
    with (project / "seeds/reference/accepted_exceptions.csv").open("a", encoding="utf-8") as stream:
        stream.write("MAN-06,team_id,,,,,\nXX-1,planet,a,b,c,d,20/10/2026\nMAN-06,rule,x,r,o,a,2026-01-01\n")
    with (project / "seeds/reference/unread_limits.csv").open("a", encoding="utf-8") as stream:
        stream.write(
            "409,contacts,*,datum,2,,why,me\n*,rate,line,key,-1,2%,,me\n*,team,team_id,*,,,why,me\n*,team,team_id,*,1,,why,me\n"
        )
    # As a command of its own, which imports the Python of the copy.
    finished = run_dbt(
        tmp_path, "seed", "--select", "rule_settings", project=project, artifacts=True, as_fork=False
    )
    assert finished.returncode == 2
    for said in (
        "rule_settings.csv, line 3: 'MAN-99' is not a rule of the catalogue",
        "rule_settings.csv, line 4: is_on is of the form 'AAAAA': write yes or no",
        "rule_settings.csv, line 4: severity is of the form 'AAAA': write error, warning or info",
        "rule_settings.csv, line 4: threshold_share is of the form 'AAAA': write a share from 0 to 1",
        "rule_settings.csv, line 5: threshold_share is of the form '9': write a share from 0 to 1",
        "rule_settings.csv, line 5: 'MAN-05' is set 2 times",
        "accepted_exceptions.csv, line 2: scope_value is blank: say which team_id",
        "accepted_exceptions.csv, line 2: reason is blank",
        "accepted_exceptions.csv, line 2: owner is blank",
        "accepted_exceptions.csv, line 2: approved_by is blank",
        "accepted_exceptions.csv, line 2: expires_on is blank",
        "accepted_exceptions.csv, line 3: 'XX-1' is not a rule of the catalogue",
        "accepted_exceptions.csv, line 3: scope_column is of the form 'AAAAAA': write one of rule, la_code",
        "accepted_exceptions.csv, line 3: expires_on is of the form '99/99/9999': write a day as yyyy-mm-dd",
        "accepted_exceptions.csv, line 4: scope_value is filled, but the scope is the whole rule",
        "unread_limits.csv, line 9: extract is of the form 'AAAAAAAA': write an extract of the contract, or *",
        "unread_limits.csv, line 9: kind is of the form 'AAAAA': write one of *, date",
        "unread_limits.csv, line 10: column_name is of the form 'AAAA': write a column of the extract, or *",
        "unread_limits.csv, line 10: accepted_count is of the form '-9': write a whole number",
        "unread_limits.csv, line 10: accepted_share is of the form '9%': write a share from 0 to 1",
        "unread_limits.csv, line 10: reason or owner is blank",
        "unread_limits.csv, line 11: accepts nothing",
        "unread_limits.csv, line 12: the same column and kind stand 2 times",
    ):
        assert said in finished.stdout
    # The files are the council's, and a slip may put anything in any column.
    log = (tmp_path / "logs" / "dbt.log").read_text(encoding="utf-8")
    for cell in ("maybe", "eror", "lots", "planet", "20/10/2026", "contacts", "datum"):
        assert f"'{cell}'" not in finished.stdout + finished.stderr + log


def test_council_can_switch_a_rule_off_or_soften_it(with_error):
    settings = (
        "create or replace table reference.rule_settings as select 'MAN-06' as rule_id,"
        " null::varchar as is_on, 'warning' as severity, null::decimal(9, 6) as threshold_share"
    )
    assert gate_after(with_error, settings)[0] is True
    assert query(with_error, "select severity from data_quality.dq_breaches") == [("warning",)]
    assert gate_after(with_error, settings.replace("null::varchar as is_on", "'no' as is_on"))[0] is True
    assert query(with_error, "from data_quality.dq_breaches") == []
    assert query(with_error, "select rule_state from data_quality.dq_summary where rule_id = 'MAN-06'") == [
        ("switched off",)
    ]


def test_empty_return_is_never_good(folder):
    headers, _ = clean_return()
    put_return(folder / DATABASE, headers, [])
    finished = run_dbt(folder, "run", *UP_TO_THE_GATE, include_built="true")
    assert finished.returncode == 0
    assert gate_row(folder)[0] is False
