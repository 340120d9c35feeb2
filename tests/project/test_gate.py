"""The gate on the return built here: what holds the file back, what does not, and the file's hash."""

import csv
import hashlib
import io

import duckdb
import pytest
from rule_files import clean_return, edited, query, run_dbt

from asc_cld.submission_reader import snake_names

ERROR = [(1, "Gender", "")]


def put_return(path, headers, rows):
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
    finished = run_dbt(folder, "seed", "--select", "specification", "reference")
    assert finished.returncode == 0, finished.stdout[-1500:]
    return folder


def gate(folder, edits=(), statement=None, command="run", **settings):
    """The gate's row, the exit code and what dbt said, for the clean return with edits."""
    put_return(folder / "return.duckdb", *edited(edits))
    if statement:
        with duckdb.connect(str(folder / "return.duckdb")) as connection:
            connection.execute(statement)
    finished = run_dbt(
        folder,
        command,
        "--select",
        "models/staging/submissions",
        "models/submissions",
        "models/data_quality",
        "--exclude",
        "test_name:unique",
        "test_name:not_null",
        "dq_unmapped_codes",
        "dq_mapping_coverage",
        "resource_type:unit_test",
        include_built="true",
        **settings,
    )
    (row,) = query(folder, "select may_write, is_draft, reasons from data_quality.dq_gate")
    return row, finished


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
    found = query(
        folder, "select sha256, row_count, file_name, submission_id from submissions.sub_files"
    )
    assert found == [
        (expected, len(rows), "409_CLD_20251001_20260930.csv", "409-20260930-built")
    ]


def test_threshold_is_a_share_of_the_rows_in_scope(folder):
    row, _ = gate(folder, [(number, "NHS Number", "") for number in (1, 5)])
    assert row == (False, False, "MAN-04 (2)")


def test_error_holds_the_file_back_and_names_the_source_record(folder):
    row, finished = gate(folder, ERROR, command="build")
    assert row == (False, False, "MAN-06 (1)")
    assert finished.returncode == 1
    assert "FAIL 1 dq_breaches__MAN-06_gender" in finished.stdout.replace("\x1b[31m", "")
    assert query(folder, "select source_table, source_record_id, team_id from data_quality.dq_breaches") == [("service_line", "SL1", "T1")]


def test_forced_draft(folder):
    row, finished = gate(folder, ERROR, command="build", force_draft="true")
    assert row == (True, True, "MAN-06 (1)")
    assert finished.returncode == 0


@pytest.mark.parametrize(("expires_on", "may_write"), [("2026-10-20", True), ("2026-10-19", False)])
def test_accepted_breach_does_not_count_until_it_expires(folder, expires_on, may_write):
    exception = (
        "create or replace table reference.accepted_exceptions as select 'MAN-06' as rule_id,"
        " 'row_id' as scope_column, '409-20260930-built-1' as scope_value, 'why' as reason,"
        f" 'owner' as owner, 'head' as approved_by, date '{expires_on}' as expires_on"
    )
    row, _ = gate(folder, ERROR, exception)
    assert row[0] is may_write
    accepted = query(folder, "select accepted from data_quality.dq_breaches")
    assert accepted == [(may_write,)]


def test_council_can_switch_a_rule_off_or_soften_it(folder):
    settings = (
        "create or replace table reference.rule_settings as select 'MAN-06' as rule_id,"
        " null::varchar as is_on, 'warning' as severity, null::decimal(9, 6) as threshold_share"
    )
    row, _ = gate(folder, ERROR, settings)
    assert row[0] is True
    assert query(folder, "select severity from data_quality.dq_breaches") == [("warning",)]
    row, _ = gate(folder, ERROR, settings.replace("null::varchar as is_on", "'no' as is_on"))
    assert row[0] is True
    assert query(folder, "from data_quality.dq_breaches") == []
    assert query(folder, "select rule_state from data_quality.dq_summary where rule_id = 'MAN-06'") == [("switched off",)]


def test_empty_return_is_never_good(folder):
    headers, _ = clean_return()
    put_return(folder / "return.duckdb", headers, [])
    finished = run_dbt(
        folder, "run", "--select", "models/submissions", "models/data_quality", include_built="true"
    )
    assert finished.returncode == 0
    assert query(folder, "select may_write from data_quality.dq_gate") == [(False,)]
