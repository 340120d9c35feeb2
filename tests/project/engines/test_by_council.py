"""Results council by council: what is computed again and what is not, how a run is split, what takes its place when.

Whole runs: tests/project/regional/test_region_run.py.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from dbt_runs import PROJECT
from filelock import FileLock
from typer.testing import CliRunner

from asc_cld import by_council, results, settings
from asc_cld.command_line import app
from asc_cld.landing.submissions import land_some, land_submissions, read_index
from asc_cld.results import Group, Part, ResultsError

DEMO = PROJECT / "data" / "demo" / "submissions"
HEADER = "LA Code"


def demo_rows(count: int) -> tuple[list[str], list[list[str]]]:
    path = sorted(DEMO.glob("*.csv"))[0]
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, rows[:count]


def write_file(folder: Path, name: str, *codes: str, count: int = 4) -> None:
    """A CLD file whose rows have these codes in turn."""
    folder.mkdir(parents=True, exist_ok=True)
    header, rows = demo_rows(count)
    place = header.index(HEADER)
    for number, row in enumerate(rows):
        row[place] = codes[number % len(codes)]
        # No two files are copies.
        row[header.index("LA Person Unique Identifier")] = f"{name}-{number}"
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def groups(folder: Path, landed: Path, setup: str = "s", **more) -> dict[str, Group]:
    land_submissions(folder, landed, list_folders={})
    return {group.name: group for group in by_council.groups_of(read_index(landed), setup, **more)}


def test_councils_are_apart_but_where_a_file_or_a_blank_joins_them(tmp_path):
    files = tmp_path / "files"
    write_file(files, "a1.csv", "409")
    write_file(files, "a2.csv", " 409 ", "", count=5)
    write_file(files, "b.csv", "408")
    write_file(files, "c.csv", "410", "411")
    write_file(files, "d.csv", "411", "412")
    write_file(files, "smith.csv", "Jane Smith")
    write_file(files, "blank1.csv", "")
    write_file(files, "blank2.csv", " ")
    found = groups(files, tmp_path / "landed")
    several, blank, odd = (
        next(group for group in found.values() if group.codes == codes)
        for codes in (("410", "411", "412"), (), ("Jane Smith",))
    )
    assert found.keys() == {"408", "409", several.name, blank.name, odd.name}
    assert [len(found[name].submissions) for name in ("408", "409")] == [1, 2] and found["409"].rows == 9
    assert len(several.submissions) == len(blank.submissions) == 2
    assert several.name.startswith("several-") and blank.name.startswith("unread-")
    # What stands in a cell is in the name of no folder.
    assert odd.name.startswith("unread-") and "Smith" not in odd.name
    assert [one.codes for one in groups(files, tmp_path / "landed", is_one=True).values()] == [
        ("408", "409", "410", "411", "412", "Jane Smith")
    ]


def test_a_key_follows_the_files_of_its_council_and_no_others(tmp_path):
    files, landed = tmp_path / "files", tmp_path / "landed"
    for name, code in (("a.csv", "409"), ("b.csv", "408"), ("c.csv", "410")):
        write_file(files, name, code)

    def keys(**more):
        return {name: group.key for name, group in groups(files, landed, **more).items()}

    before = keys()
    assert keys() == before
    assert not set(before.values()) & set(keys(setup="other settings").values())
    write_file(files, "a.csv", "409", count=5)
    after = keys()
    assert after.pop("409") != before.pop("409") and after == before
    # The day on which DHSC had the file decides which one counts.
    before = keys()
    (files / "submissions.csv").write_text("file_name,imported_at\nb.csv,2026-10-20T10:00:00\n")
    after = keys()
    assert after.pop("408") != before.pop("408") and after == before
    before = keys()
    write_file(files, "c2.csv", "410")
    after = keys()
    assert after.pop("410") != before.pop("410") and after == before
    (files / "c2.csv").rename(files / "c3.csv")
    assert keys()["410"] != groups(files, landed)["409"].key
    (files / "a.csv").unlink()
    assert keys().keys() == {"408", "410"}


def test_settings_lists_and_code_are_in_the_key_and_where_things_lie_is_not(tmp_path, monkeypatch):
    def key(engine="duckdb", **given):
        return by_council.setup_key(settings.in_force(None, {}, given), engine)

    plain = key()
    assert key(database_path="x.duckdb", output_path="elsewhere", memory_limit="1GB", operator="me") == plain
    assert len({plain, key(engine="spark"), key(method_version="jun2026"), key(share_threshold="6")}) == 4
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    (deaths / "deaths.csv").write_text("nhs_number,date_of_death\n")
    with_list = key(ons_deaths_path=str(deaths))
    moved = shutil.copytree(deaths, tmp_path / "moved")
    assert key(ons_deaths_path=str(moved)) == with_list != plain
    (moved / "deaths.csv").write_text("nhs_number,date_of_death\n9990000018,2026-01-01\n")
    assert key(ons_deaths_path=str(moved)) != with_list
    monkeypatch.setattr(by_council, "version_of_the_code", lambda: "another")
    assert key() != plain


def test_the_version_of_the_code_follows_every_file_of_it(tmp_path, monkeypatch):
    for name in by_council.CODE:
        source = PROJECT / name
        if source.is_dir():
            (tmp_path / name).mkdir()
        else:
            shutil.copy(source, tmp_path)
    monkeypatch.setattr(by_council, "PROJECT", tmp_path)
    version = by_council.version_of_the_code.__wrapped__
    seen = {version()}
    for name in ("models/dhsc/a.sql", "macros/b.sql", "seeds/c.csv", "asc_cld/d.py", "models/e.yml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("1")
        seen.add(version())
        path.write_text("2")
        seen.add(version())
    assert len(seen) == 11
    (tmp_path / "models" / "notes.swp").write_text("an editor's own")
    assert version() in seen


def test_as_many_groups_in_one_run_as_have_so_many_rows():
    some = [Group(str(number), (), (), rows, "") for number, rows in enumerate((5, 4, 9, 30, 1, 1))]

    def rows(at_once):
        return [[group.rows for group in run] for run in by_council.batches(some, at_once)]

    assert rows(10) == [[5, 4], [9], [30], [1, 1]]
    assert rows(1) == [[5], [4], [9], [30], [1], [1]] and rows(1000) == [[5, 4, 9, 30, 1, 1]]
    assert by_council.batches([], 10) == []


def test_some_files_of_a_landing_are_a_landing(tmp_path):
    files, landed, some = (tmp_path / name for name in ("files", "landed", "some"))
    for name, code in (("a.csv", "409"), ("b.csv", "408")):
        write_file(files, name, code)
    (files / "submissions.csv").write_text("file_name,imported_at\nb.csv,2026-10-20T10:00:00\n")
    land_submissions(files, landed, list_folders={})
    whole = read_index(landed)
    land_some(whole, [part for part in whole.parts() if part.council == "408"], some)
    # Neither the folder it came from nor the first landing is needed any more.
    shutil.rmtree(files)
    shutil.rmtree(landed)
    index = read_index(some)
    assert index.rows("submission_rows") == 4
    [file] = index.table("submission_files").to_pylist()
    assert file["file_name"] == "b.csv" and file["imported_at"].startswith("2026-10-20")
    assert {row["la_code"] for batch in index.row_batches() for row in batch.to_pylist()} == {"408"}


# -- Splitting a run --------------------------------------------------------------------------------------------------

KEYS = tuple(digit * results.KEY_LENGTH for digit in "abc")
TWO = [Group("409", ("409",), ("s1", "s2"), 9, KEYS[0]), Group("408", ("408",), ("t",), 9, KEYS[1])]


def run_of(tmp_path, *more: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as run; use run")
    for statement in (
        "create schema submissions; create schema dhsc; create schema reference; create schema governance",
        "create schema staging; create table staging.submission_rows as select 'left out' as submission_id",
        "create table submissions.sub_rows as from (values ('s1', '409', 1), ('s2', '408', 2), ('t', null, 3))"
        " as t (submission_id, la_code, cell)",
        "create table dhsc.ascof_measures as from (values ('409', 10), ('408', 20)) as t (la_code, numerator)",
        "create table dhsc.movement as from (values ('409', 1)) as t (council_code, people)",
        "create table dhsc.dhsc_calendar as select 2026 as year",
        "create table reference.population as select '999' as la_code, 5 as people",
        "create table governance.gov_run as select 'r1' as run_id",
        "create view dhsc.private_view as select 1 as x",
        "create table dhsc.dhsc_dimensions as from (values ('gender', 'Female'), ('gender', 'Male'), ('age_band', '18'))"
        " as t (dimension, dimension_value)",
        "create table dhsc.dhsc_events_single as from (values ('409', null, 'Female', null, null),"
        " ('408', null, 'Female', null, null), ('408', null, 'Male', null, null)) as t (la_code, client_type_cleaned,"
        " gender_cleaned, ethnicity_cleaned, primary_support_reason_cleaned)",
        *more,
    ):
        connection.execute(statement)
    return connection


def written(folder: Path, part: Part, table: str) -> list[tuple]:
    files = [str(folder / part.name / file) for file in part.tables.get(table, {})]
    return sorted(duckdb.read_parquet(files).fetchall(), key=repr) if files else []


def test_each_row_goes_to_its_council_and_what_is_of_none_is_shared(tmp_path):
    shared, parts = results.split(run_of(tmp_path), "run", TWO, tmp_path)

    def rows(table):
        return [written(tmp_path, part, table) for part in (parts["409"], parts["408"], shared)]

    # The file says whose a row is, whatever the row says of itself.
    assert rows("submissions.sub_rows") == [
        [("s1", "409", 1), ("s2", "408", 2)],
        [("t", None, 3)],
        [],
    ]
    assert rows("dhsc.ascof_measures") == [[("409", 10)], [("408", 20)], []]
    assert rows("dhsc.movement") == [[("409", 1)], [], []]
    assert rows("dhsc.dhsc_calendar") == [[], [], [(2026,)]]
    # A seed is of all, though it names a council.
    assert rows("reference.population") == [[], [], [("999", 5)]]
    assert rows("governance.gov_run") == [[("r1",)], [("r1",)], []]
    assert rows("dhsc.dhsc_dimensions") == [
        [("gender", "Female")],
        [("gender", "Female"), ("gender", "Male")],
        [("age_band", "18")],
    ]
    assert not {"staging.submission_rows", "dhsc.private_view"} & shared.tables.keys()


def test_rows_without_a_code_are_of_the_files_without_one(tmp_path):
    two = [TWO[0], Group("unread-0", (), ("t",), 9, KEYS[1])]
    run = run_of(tmp_path, "update dhsc.ascof_measures set la_code = null where la_code = '408'")
    run.execute("delete from dhsc.dhsc_events_single where la_code = '408'")
    _, parts = results.split(run, "run", two, tmp_path)
    assert written(tmp_path, parts["unread-0"], "dhsc.ascof_measures") == [(None, 20)]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into dhsc.ascof_measures values ('777', 1)",
        "insert into dhsc.ascof_measures values (null, 1)",
        "insert into submissions.sub_rows values ('nobody', '777', 1)",
    ],
)
def test_a_row_of_nobody_stops_several_councils_and_belongs_to_one_alone(tmp_path, statement):
    with pytest.raises(ResultsError, match="has rows of which it cannot be said whose council they are"):
        results.split(run_of(tmp_path, statement), "run", TWO, tmp_path / "two")
    alone = [Group("409", ("409",), ("s1",), 9, KEYS[0])]
    _, parts = results.split(run_of(tmp_path, statement), "run", alone, tmp_path / "one")
    for table, count in (("dhsc.ascof_measures", 2), ("submissions.sub_rows", 3)):
        is_more = table in statement
        assert len(written(tmp_path / "one", parts["409"], table)) == count + is_more


def keep(folder: Path, connection: duckdb.DuckDBPyConnection, some: list[Group]) -> dict[str, Part]:
    """What by_council does with the tables of a run."""
    into = folder / results.WORK
    shared, parts = results.split(connection, "run", some, into)
    shared.folder = "shared/k"
    for part in (shared, *parts.values()):
        results.keep_part(folder, into / part.name, part)
    return parts


def test_results_change_at_once_and_what_a_broken_run_had_finished_is_kept(tmp_path):
    keep(tmp_path, run_of(tmp_path), TWO)
    # Nothing counts before it is published.
    with pytest.raises(ResultsError, match="holds no results"):
        results.results(tmp_path)
    folders = [group.folder for group in TWO]
    results.publish(tmp_path, "shared/k", folders, [("bad.csv", 3, "has no header")])

    def figures():
        return results.results(tmp_path).execute("from dhsc.ascof_measures order by all").fetchall()

    assert figures() == [("408", 20), ("409", 10)]
    assert results.read_current(tmp_path)["not_read"] == [
        {"file": "bad.csv", "line": 3, "problem": "has no header"}
    ]
    newer = dataclasses.replace(TWO[1], key=KEYS[2])
    keep(
        tmp_path,
        run_of(tmp_path, "update dhsc.ascof_measures set numerator = 21 where la_code = '408'"),
        [newer, TWO[0]],
    )
    assert figures() == [("408", 20), ("409", 10)]
    # The next run finds it by its key.
    assert results.kept_part(tmp_path, newer.folder).codes == ("408",)
    results.publish(tmp_path, "shared/k", [TWO[0].folder, newer.folder], [])
    assert figures() == [("408", 21), ("409", 10)]
    assert not (tmp_path / TWO[1].folder).exists()
    with duckdb.connect(str(tmp_path / results.DATABASE), read_only=True) as database:
        assert database.execute("from dhsc.ascof_measures order by all").fetchall() == figures()
        assert database.execute("from governance.gov_run").fetchall() == [("r1",)]
    # A value that both councils show stands there once.
    assert len(results.results(tmp_path).execute("from dhsc.dhsc_dimensions").fetchall()) == 3
    # A council that is gone is in no table, though no row was computed.
    results.publish(tmp_path, "shared/k", [TWO[0].folder], [])
    assert figures() == [("409", 10)] and not (tmp_path / "councils" / "408").exists()


@pytest.mark.parametrize("damage", ["shorter", "gone", "no facts", "odd facts", "of another key"])
def test_a_part_that_is_not_as_it_was_written_is_made_again(tmp_path, damage):
    keep(tmp_path, run_of(tmp_path), TWO)
    results.publish(tmp_path, "shared/k", [group.folder for group in TWO], [])
    folder = tmp_path / TWO[0].folder
    assert results.kept_part(tmp_path, TWO[0].folder)
    file, facts = folder / "dhsc" / "ascof_measures.parquet", folder / results.FACTS
    if damage == "shorter":
        file.write_bytes(file.read_bytes()[:-1])
    elif damage == "gone":
        file.unlink()
    elif damage == "no facts":
        facts.unlink()
    elif damage == "odd facts":
        facts.write_text('{"name": 1}')
    else:
        facts.write_text(facts.read_text().replace(TWO[0].key, KEYS[2]))
    assert results.kept_part(tmp_path, TWO[0].folder) is None
    with pytest.raises(
        ResultsError, match=f"councils/409/{KEYS[0]} is not as it was written: run asc-cld check"
    ):
        results.results(tmp_path)


def test_a_shared_table_that_two_runs_give_differently_is_named(tmp_path):
    shared, _ = results.split(run_of(tmp_path), "run", TWO, tmp_path / "one")
    results.split(run_of(tmp_path), "run", TWO, tmp_path / "same")
    results.split(
        run_of(tmp_path, "insert into dhsc.dhsc_calendar values (2027)"), "run", TWO, tmp_path / "other"
    )
    sides = [tmp_path / name / results.SHARED for name in ("one", "same", "other")]
    with duckdb.connect() as connection:
        assert results.same_for_all(connection, sides[0], sides[1], shared) == []
        assert results.same_for_all(connection, sides[0], sides[2], shared) == ["dhsc.dhsc_calendar"]


def test_nothing_but_results_is_deleted_and_a_folder_of_other_things_is_refused(tmp_path):
    keep(tmp_path, run_of(tmp_path), TWO)
    ours, others = "0123456789abcdef0123", "specification"
    for folder in (f"councils/410/{ours}", "run-0123456789ab", f"councils/410/{others}", f"shared/{others}"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "file.csv").touch()
    results.refuse_others(tmp_path)
    results.publish(tmp_path, "shared/k", [group.folder for group in TWO], [])
    assert not (tmp_path / f"councils/410/{ours}").exists() and not (tmp_path / "run-0123456789ab").exists()
    assert (tmp_path / f"councils/410/{others}/file.csv").exists()
    assert (tmp_path / f"shared/{others}/file.csv").exists()
    for name in ("results.duckdb.lock", "results.duckdb.wal", ".DS_Store", "Thumbs.db"):
        (tmp_path / name).touch()
    (tmp_path / "results.duckdb.spill").mkdir(exist_ok=True)
    results.refuse_others(tmp_path)
    (tmp_path / "extracts").mkdir()
    (tmp_path / "results.duckdb.bak").touch()
    with pytest.raises(
        ResultsError,
        match="holds extracts, results.duckdb.bak, which is not of results: give a folder of its own",
    ):
        results.refuse_others(tmp_path)
    with pytest.raises(ResultsError, match="is a file: results have a folder of their own"):
        results.refuse_others(tmp_path / "shared" / others / "file.csv")


def test_the_command_refuses_a_folder_of_other_things_before_it_lands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").touch()
    done = CliRunner().invoke(app, ["check", "--submissions", str(DEMO), "--results", "home"])
    assert done.exit_code == 2 and "home holds letter.txt, which is not of results" in done.output
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter.txt"]


# -- The order of things, with runs of dbt that are invented -----------------------------------------------------------


class Invented:
    """Stands for dbt: makes a database of the files of each run, and ends as the test wants it to."""

    def __init__(self, monkeypatch) -> None:
        self.runs: list[list[str]] = []
        self.ends = by_council.Ran(is_whole=True)
        self.year = 2026
        self.said: list[str] = []
        monkeypatch.setattr(by_council, "_run", self.run)
        monkeypatch.setattr(by_council.dbt_run, "say", lambda console, *said: self.said.extend(said))

    def run(self, console, work, index, some, engine, named, verbose) -> by_council.Ran:
        self.runs.append([group.name for group in some])
        by_council._database(work).unlink(missing_ok=True)
        with duckdb.connect(str(by_council._database(work))) as connection:
            connection.execute("create schema dhsc")
            connection.execute(f"create table dhsc.dhsc_calendar as select {self.year} as year")
            for statement in (
                "create schema submissions; create schema data_quality",
                "create table dhsc.ascof_measures (la_code varchar, rows bigint, la_name varchar, note varchar)",
                "create table submissions.sub_files (submission_id varchar, file_name varchar, row_count bigint)",
                "create table data_quality.dq_findings (submission_id varchar, severity varchar, accepted boolean,"
                " finding varchar)",
                "create table data_quality.dq_signs (submission_id varchar, sign varchar, sentence varchar)",
                "create table dhsc.dhsc_periods (submission_id varchar, method_version varchar, verdict varchar)",
            ):
                connection.execute(statement)
            for group in some:
                note = "No figure of these 12 months: DHSC takes no file" if group.codes == ("408",) else None
                connection.execute(
                    "insert into dhsc.ascof_measures values (?, ?, 'Name', ?)",
                    [group.codes[0], group.rows, note],
                )
                for one in group.submissions:
                    connection.execute(
                        "insert into submissions.sub_files values ($1, $1 || '.csv', $2);",
                        [one, group.rows],
                    )
                    connection.execute(
                        "insert into data_quality.dq_findings from (values ('error', false, 'a'),"
                        " ('error', false, 'a'), ('error', false, 'b'), ('error', true, 'c'),"
                        " ('warning', false, 'd')) select ?, *",
                        [one],
                    )
                    connection.execute(
                        "insert into data_quality.dq_signs from (values ('FIL-18', 'No carers'), ('FIL-08', 'No review'))"
                        " select ?, *",
                        [one],
                    )
                    connection.execute(
                        "insert into dhsc.dhsc_periods from (values ('sep2026', 'DHSC will take it'),"
                        " ('jun2026', 'Another method')) select ?, *",
                        [one],
                    )
        return self.ends

    def check(self, folder: Path, rows_at_once: int = 1000) -> int:
        land_submissions(folder / "files", folder / "landed", list_folders={})
        self.runs, self.said = [], []
        return by_council.check(
            None,
            folder / "results",
            read_index(folder / "landed"),
            found=settings.in_force(None, {}),
            named={},
            engine="duckdb",
            rows_at_once=rows_at_once,
        )

    @staticmethod
    def figures(folder: Path) -> list[tuple]:
        return (
            results.results(folder / "results")
            .execute("select la_code, rows from dhsc.ascof_measures order by all")
            .fetchall()
        )


@pytest.fixture
def invented(monkeypatch, tmp_path) -> Invented:
    for name, code in (("a.csv", "409"), ("b.csv", "408"), ("c.csv", "410")):
        write_file(tmp_path / "files", name, code)
    return Invented(monkeypatch)


def test_only_what_is_new_is_run_and_what_a_test_found_is_said_for_as_long_as_it_counts(invented, tmp_path):
    assert invented.check(tmp_path, rows_at_once=8) == 0
    assert invented.runs == [["408", "409"], ["410"]]
    assert not [said for said in invented.said if "CHECKED" in said]
    assert invented.check(tmp_path) == 0 and invented.runs == []
    # What was said of the files is said again, though nothing was computed.
    again = "\n".join(invented.said)
    assert (
        again.count(
            ": 4 rows, must mend 2 as the fix list counts them. DHSC will take it.\n    No review\n    No carers\n"
        )
        == 3
    )
    assert "and for these DHSC takes no file of: 408 Name.\n" in again and "409 Name" not in again
    write_file(tmp_path / "files", "a.csv", "409", count=5)
    invented.ends = by_council.Ran(is_whole=True, failed=("dq_rows__is_key",))
    assert invented.check(tmp_path) == 1 and invented.runs == [["409"]]
    assert invented.figures(tmp_path) == [("408", 4), ("409", 5), ("410", 4)]
    # The run is over, the part still counts.
    assert invented.check(tmp_path) == 1 and invented.runs == []
    assert [said for said in invented.said if "409" in said and "dq_rows__is_key" in said]
    # What is the same for all is damaged: nothing can be left as it was.
    [facts] = (tmp_path / "results").glob(f"{results.SHARED}/*/{results.FACTS}")
    facts.unlink()
    invented.ends = by_council.Ran(is_whole=True)
    assert invented.check(tmp_path) == 0 and invented.runs == [["408", "409", "410"]]
    (tmp_path / "files" / "a.csv").unlink()
    assert invented.check(tmp_path) == 0 and invented.figures(tmp_path) == [("408", 4), ("410", 4)]


def test_a_run_that_makes_not_every_table_changes_nothing_and_the_runs_before_it_are_kept(invented, tmp_path):
    assert invented.check(tmp_path) == 0
    before = (tmp_path / "results" / results.CURRENT).read_bytes()
    for name, code in (("a.csv", "409"), ("b.csv", "408")):
        write_file(tmp_path / "files", name, code, count=5)
    whole, ends = invented.ends, iter([by_council.Ran(is_whole=True), by_council.Ran(failed=("sub_rows",))])
    run = invented.run

    def run_and_end(*given):
        run(*given)
        return next(ends)

    by_council._run = run_and_end
    with pytest.raises(
        by_council.BrokenOff, match="what 1 of 2 runs computed need not be computed again"
    ) as broken:
        invented.check(tmp_path, rows_at_once=5)
    assert broken.value.code == 1 and (tmp_path / "results" / results.CURRENT).read_bytes() == before
    assert invented.figures(tmp_path) == [("408", 4), ("409", 4), ("410", 4)]
    by_council._run = run
    invented.ends = whole
    assert invented.check(tmp_path) == 0 and invented.runs == [["409"]]
    assert invented.figures(tmp_path) == [("408", 5), ("409", 5), ("410", 4)]


def test_a_table_that_is_not_the_same_for_all_after_all_stops_the_run(invented, tmp_path):
    assert invented.check(tmp_path) == 0
    write_file(tmp_path / "files", "a.csv", "409", count=5)
    invented.year = 2027
    with pytest.raises(ResultsError, match="same for all councils is not: dhsc.dhsc_calendar"):
        invented.check(tmp_path)
    assert invented.figures(tmp_path) == [("408", 4), ("409", 4), ("410", 4)]


def test_one_run_at_a_time(tmp_path):
    with by_council.at_work(tmp_path) as work:
        (work / "left.duckdb").touch()
        with (
            pytest.raises(ResultsError, match="another run into .* is at work"),
            by_council.at_work(tmp_path),
        ):
            pass
    assert not work.exists()
    # What a killed run left is gone before the next begins.
    (tmp_path / results.WORK).mkdir()
    (tmp_path / results.WORK / "left.duckdb").touch()
    with by_council.at_work(tmp_path) as work:
        assert list(work.iterdir()) == []
    assert FileLock(tmp_path / ".lock", timeout=0).acquire()


def test_a_table_of_no_council_is_made_of_no_file(demo_build):
    """Else it would hold what several councils sent, and no part of the results could have it."""
    manifest = json.loads((demo_build.folder / "target" / "manifest.json").read_text())

    def files_behind(node: str) -> bool:
        return any(
            (parent.startswith("source.") and ".submission_" in parent) or files_behind(parent)
            for parent in manifest["parent_map"].get(node, [])
        )

    found = {
        f"{node['schema']}.{node['alias']}"
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["schema"] in ("submissions", "data_quality", "dhsc")
        and node["config"]["materialized"] == "table"
        and not node["columns"].keys() & {results.BY_SUBMISSION, *results.BY_COUNCIL}
        and files_behind(key)
    }
    assert found == {*results.OF_A_RUN, results.DIMENSIONS}
