"""asc-cld region as a user gives it, on four invented councils: one has an older file only, one a file with rows of another."""

import csv
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

OLD, WHOLE, BORROWED, MIXED = "104", "106", "107", "108"
FIRST, LAST = "_CLD_20250701_20260630.csv", "_CLD_20251001_20260930.csv"


def write_files(folder: Path) -> None:
    """Each council's file of the last quarter; of OLD that of the quarter before, in MIXED 40 rows of BORROWED."""
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
