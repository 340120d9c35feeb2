"""asc-cld region as a user gives it, on four invented councils: one has an older file only, one a file with rows of another."""

import csv
import re
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import openpyxl
import pytest
from dbt_runs import DATABASE, PROJECT, environment

sys.path.insert(0, str(PROJECT / "scripts"))

import make_region

from asc_cld import results

OLD, WHOLE, BORROWED, MIXED = "104", "106", "107", "108"
FIRST, LAST = "_CLD_20250701_20260630.csv", "_CLD_20251001_20260930.csv"


def write_files(folder: Path) -> None:
    """Each council's file of the last quarter; of OLD that of the quarter before, in MIXED 40 rows of BORROWED and no postcode."""
    words = ["--councils", "4", "--quarters", "2", "--rows", "8000", "--jobs", "1", "--csv"]
    make_region.make_region(make_region.arguments([*words, "--out", str(folder / "region")]))
    (folder / "region" / "files").rename(folder / "submissions")
    files = {f"{OLD}{FIRST}", *(f"{code}{LAST}" for code in (WHOLE, BORROWED, MIXED))}
    listed = folder / "submissions" / "submissions.csv"
    lines = listed.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if line.split(",")[0] in files]
    assert len(kept) == 4
    listed.write_text("".join([lines[0], *kept]), encoding="utf-8")
    for path in (folder / "submissions").glob("*_CLD_*.csv"):
        if path.name not in files:
            path.unlink()
    mixed = folder / "submissions" / f"{MIXED}{LAST}"
    with mixed.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    for row in rows[:40]:
        row[0] = BORROWED
    # A whole column of another form: said of the file at the end of a run.
    for row in rows:
        row[header.index("Postcode")] = "none"
    with mixed.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    (folder / "submissions" / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder of the run, and what the command said."""
    folder = tmp_path_factory.mktemp("region")
    write_files(folder)
    done = subprocess.run(
        [sys.executable, "-m", "asc_cld", "region", "--submissions", "submissions"],
        cwd=folder,
        # So few rows a month that DHSC would derive shorter periods: the stated ones are taken.
        env=environment(folder, submission_selection="stated"),
        capture_output=True,
        text=True,
    )
    return folder, done


@pytest.fixture(scope="module")
def out(ran) -> Path:
    return ran[0] / "output" / "region"


@pytest.fixture(scope="module")
def council(ran):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{ran[0] / DATABASE}' as council (read_only)")
        connection.execute("use council")
        yield connection


def lines(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)][1:]


def as_text(connection, query: str) -> list[tuple[str, ...]]:
    return [
        tuple("" if value is None else str(value) for value in row)
        for row in connection.execute(query).fetchall()
    ]


def test_what_could_not_be_read_or_counted_is_said_and_the_rest_is_written(ran, out):
    folder, done = ran
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Not read: odd.csv" in done.stdout
    assert f"{MIXED}{LAST}: its rows are of more than one council" in done.stdout
    assert f"({OLD}): DHSC takes no file of it for these 12 months" in done.stdout
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {
        *("measures.csv", "waiting_times.csv", "quality_league.csv", "region.xlsx"),
        *(
            f"councils/{code}/own_{name}.csv"
            for code in (OLD, WHOLE, BORROWED, MIXED)
            for name in ("measures", "waiting_times", "checks")
        ),
    }


def test_the_log_holds_what_was_said_and_no_statement(ran):
    """Each statement is logged only where that is asked for: it takes a tenth of a run."""
    log = "".join(path.read_text(encoding="utf-8") for path in (ran[0] / "logs").glob("dbt.log*"))
    assert "Not read: odd.csv" in log and "create or replace" not in log and "select" not in log.split()


def test_files_for_all_hold_the_shared_tables(out, council):
    for name, query in (
        ("measures", "from regional.reg_shared_measures"),
        ("waiting_times", "from regional.reg_shared_waiting_times"),
        ("quality_league", "select * exclude (submission_id) from regional.reg_quality_league"),
    ):
        found = lines(out / f"{name}.csv")
        assert len(found) > 30 and sorted(found) == sorted(as_text(council, query)), name
    book = openpyxl.load_workbook(out / "region.xlsx")
    sizes = {
        name: len(lines(out / f"{name}.csv")) for name in ("measures", "waiting_times", "quality_league")
    }
    assert [book[name].max_row - 1 for name in ("Measures", "Waiting times", "League")] == [*sizes.values()]
    (hidden,) = council.execute(
        "select sum((marker is not null)::int) from (select marker from regional.reg_shared_measures union all"
        " select marker from regional.reg_shared_waiting_times union all"
        " select marker from regional.reg_quality_league)"
    ).fetchone()
    assert book["Hidden"].max_row - 1 == hidden > 30


def test_a_folder_of_a_council_holds_its_own_figures_and_nobody_elses(out, council):
    mixed = council.execute("select submission_id from regional.reg_mixed_files").fetchall()
    assert (
        mixed
        == council.execute(
            f"select submission_id from submissions.sub_files where file_name = '{MIXED}{LAST}'"
        ).fetchall()
    )
    for code in (OLD, WHOLE, BORROWED, MIXED):
        own = out / "councils" / code
        for name in ("measures", "waiting_times"):
            found = lines(own / f"own_{name}.csv")
            table = f"from regional.reg_{name} where area_type = 'council' and area_code = '{code}'"
            assert sorted(found) == sorted(as_text(council, table)), (code, name)
        found = lines(own / "own_checks.csv")
        table = f"from data_quality.dq_summary where la_code = '{code}'"
        assert sorted(found) == ([] if code == MIXED else sorted(as_text(council, table)))
        # No rule counts more rows than the council has in its own file.
        (rows,) = council.execute(
            f"select count(*) from submissions.sub_rows where la_code = '{code}' and submission_id not in"
            " (from regional.reg_mixed_files)"
        ).fetchone()
        (most,) = council.execute(
            "select coalesce(max(rows_in_scope), 0) from data_quality.dq_summary where la_code = ?"
            " and submission_id not in (from regional.reg_mixed_files)",
            [code],
        ).fetchone()
        assert most <= rows and (rows > 0) == (code != MIXED)


def test_who_has_no_figures_is_in_no_table_for_all(out):
    codes = {row[1] for row in lines(out / "measures.csv") if row[0] == "council"}
    assert codes == {WHOLE, BORROWED, MIXED}
    # Nobody is ranked by the faults of another.
    assert {row[0] for row in lines(out / "quality_league.csv")} == {OLD, WHOLE, BORROWED}


def test_medians_of_a_region_are_those_of_its_waits(council):
    waits = defaultdict(list)
    for part, event in ((1, "assessment"), (2, "service")):
        for quarter, band, days in council.execute(
            f"select stat_reporting_period_start_part{part}, modified_next_{event}_mod_working_age_band,"
            f" part{part}_wait_time from dhsc.waiting_time_people where part{part}_wait_time is not null"
        ).fetchall():
            waits[quarter, band, part].append(days)
    found = {
        (quarter, band, 1 if metric.endswith("response") else 2): (median, count)
        for quarter, band, metric, median, count in council.execute(
            "select statistical_reporting_period_start, modified_working_age_band, metric, median_waiting_time,"
            " number_of_waiting_times_identified from regional.reg_waiting_times where area_type = 'region'"
        ).fetchall()
    }
    assert found == {key: (statistics.median(days), len(days)) for key, days in waits.items()}
    shown = council.execute(
        "select count(*) from regional.reg_shared_waiting_times where area_type = 'region' and marker is null"
    ).fetchone()
    assert shown[0] > 3


# -- Council by council -----------------------------------------------------------------------------------------------


def differences(ours: Path, folder: Path) -> dict[str, list[int]]:
    """{table: rows of the database alone, rows of the results alone}, over all tables of a check."""
    connection = results.results(folder)
    connection.execute(f"attach '{ours}' as ours (read_only)")
    found = {}
    for schema, name in connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'ours' order by all"
    ).fetchall():
        table = f"{schema}.{name}"
        if schema in results.SCHEMAS and table not in (*results.OF_A_RUN, results.RUN):
            here = f"ours.{table}"
            only = [
                connection.execute(f"select count(*) from (from {a} except all from {b})").fetchall()[0][0]
                for a, b in ((here, table), (table, here))
            ]
            if any(only):
                found[table] = only
    return found


def run_again(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "asc_cld", *arguments, "--results", "results"],
        cwd=folder,
        env=environment(folder, submission_selection="stated"),
        capture_output=True,
        text=True,
    )


def of_files(said: str) -> dict[str, str]:
    """What a check said of each file that it counts, with the signs that something is missing in it."""
    return dict(
        re.findall(
            r"^  (\S+\.csv): (\d+ rows, must mend \d+ as the fix list counts them\. .*\n(?:    .*\n)*)",
            said,
            re.MULTILINE,
        )
    )


def test_what_is_new_of_one_council_is_computed_alone_and_equals_all_computed(ran, out, tmp_path):
    shutil.copytree(ran[0] / "submissions", tmp_path / "submissions")
    late = tmp_path / "submissions" / f"{WHOLE}{LAST}"
    late.rename(tmp_path / late.name)
    check = ("check", "--submissions", "submissions")
    first = run_again(tmp_path, *check)
    # A file that cannot be read is said at each run and keeps no council from its results.
    assert first.returncode == 1 and "NOT LANDED: odd.csv" in first.stdout, first.stdout + first.stderr
    assert results.read_current(tmp_path / "results")["not_read"][-1]["file"] == "odd.csv"
    before = {part.name: part.folder for part in results.parts_of(tmp_path / "results")}
    several = next(name for name in before if name.startswith("several-"))
    assert before.keys() == {results.SHARED, OLD, several}

    (tmp_path / late.name).rename(late)
    second = run_again(tmp_path, *check)
    told = f": 1 part ({WHOLE}) computed, 2 parts ({OLD}, {several}) as they were."
    assert second.returncode == 1 and told in second.stdout, second.stdout + second.stderr
    after = {part.name: part.folder for part in results.parts_of(tmp_path / "results")}
    assert after.items() > before.items()
    assert differences(ran[0] / DATABASE, tmp_path / "results") == {}

    # The tables of a region are made of the results, and what it hands out is the same to the last byte.
    region = run_again(tmp_path, "region")
    assert region.returncode == 1, region.stdout + region.stderr
    # The file that could not be read is in no figure, and that is said again.
    assert "Not in these results: odd.csv" in region.stdout
    written = tmp_path / "output" / "region"
    names = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert [name for name in names if (written / name).read_bytes() != (out / name).read_bytes()] == []
    # What a region leaves beside the database does not stop the next check.
    third = run_again(tmp_path, *check)
    told = f": 0 parts computed, 3 parts ({OLD}, {WHOLE}, {several}) as they were."
    assert third.returncode == 1 and told in third.stdout, third.stdout + third.stderr
    # What is said of a file again is what the run that computed it said of it.
    assert of_files(third.stdout) == of_files(first.stdout) | of_files(second.stdout) != {}
    assert all(
        "\n    More than half of the rows break" in of_files(one.stdout)[f"{MIXED}{LAST}"]
        for one in (first, third)
    )

    # The comparison finds a row that one side has not.
    copy = shutil.copy(ran[0] / DATABASE, tmp_path / "changed.duckdb")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy}' as changed")
        connection.execute("delete from changed.dhsc.ascof_measures where la_code = ?", [WHOLE])
    assert differences(copy, tmp_path / "results").keys() == {"dhsc.ascof_measures"}
