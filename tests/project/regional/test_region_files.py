"""The files that asc-cld region writes, from a database made here: for all, for one council, and what is refused."""

import csv
import os

import duckdb
import openpyxl
import pytest
from typer.testing import CliRunner

from asc_cld import region
from asc_cld.command_line import app, dbt_run
from asc_cld.landing.submissions import land_submissions

TABLES = """
create schema dhsc; create schema regional; create schema submissions; create schema data_quality;
create table dhsc.dhsc_councils as select * from (values ('406', 'Birmingham', 'West Midlands'), ('409', 'Sandwell',
    'West Midlands'), ('412', 'Wolverhampton', 'West Midlands')) as councils (la_code, la_name, region);
create table regional.reg_measures as select *, date '2025-10-01' as period_start, date '2026-09-30' as period_end,
    'Total' as "group" from (values ('council', '406', 'Birmingham', '2A', 41, 1), ('council',
    '409', '=Sandwell', '2A', 3, 1), ('council', '412', 'Wolverhampton', '2A', null, 0), ('region', 'West Midlands',
    'West Midlands', '2A', 44, 2)) as measures (area_type, area_code, area_name, measure, numerator, councils_counted);
create table regional.reg_shared_measures as select * replace (null as numerator), 'c' as marker
    from regional.reg_measures where councils_counted > 0;
create table regional.reg_waiting_times as select 'council' as area_type, area_code, area_name,
    date '2026-07-01' as statistical_reporting_period_start, date '2026-09-30' as statistical_reporting_period_end,
    '25 to 64' as modified_working_age_band, 'Wait' as metric, 4.5 as median_waiting_time
    from regional.reg_measures where area_type = 'council';
create table regional.reg_shared_waiting_times as select * replace (case when area_code = '406' then 4.5 end as
    median_waiting_time), case when area_code <> '406' then 'c' end as marker from regional.reg_waiting_times;
create table regional.reg_quality_league as select 'x' as submission_id, '409' as la_code, 'Sandwell' as la_name,
    'MAN-04' as rule_id, 1 as league_rank, true as is_taken_by_dhsc, null as marker;
create table regional.reg_mixed_files as select 'm' as submission_id;
create table submissions.sub_files as select * from (values ('a', '406', 'a.csv'), ('b', '409', 'b.csv'), ('c', '998',
    'c.csv'), ('d', null, 'd.csv'), ('m', '409', 'm.csv')) as files (submission_id, la_code, file_name);
create table data_quality.dq_summary as select 'b' as submission_id, '409' as la_code, 'MAN-04' as rule_id, 3 as breach_count
    union all select 'a', '406', 'MAN-04', 7 union all select 'm', '409', 'MAN-04', 99;
"""


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "region.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)
    return path


def change(database, *statements):
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            connection.execute(statement)


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_council_gets_its_own_figures_and_nobody_elses(database, tmp_path):
    notes = region.write_region(database, tmp_path / "out")
    own = tmp_path / "out" / "councils"
    assert sorted(path.name for path in own.iterdir()) == ["406", "409", "412"]
    assert [row["numerator"] for row in rows(own / "409" / "own_measures.csv")] == ["3"]
    assert [row["breach_count"] for row in rows(own / "409" / "own_checks.csv")] == ["3"]
    assert [row["area_code"] for row in rows(own / "409" / "own_waiting_times.csv")] == ["409"]
    assert {row["numerator"] for row in rows(tmp_path / "out" / "measures.csv")} == {""}
    (first,) = rows(tmp_path / "out" / "quality_league.csv")
    assert first["la_code"] == "409" and "submission_id" not in first
    # What cannot be in a figure is said; the code of a file of no council is not.
    said = "\n".join(notes)
    assert "c.csv: its LA Code is of no council" in said and "d.csv: its LA Code" in said
    assert "m.csv: its rows are of more than one council" in said and "(409)" in said and "b.csv" not in said
    assert "Wolverhampton (412): DHSC takes no file" in said and "998" not in said


def test_what_stands_in_a_shifted_column_is_not_said(database, tmp_path):
    """The code that most rows of a file name may be anything, a name for instance."""
    change(
        database,
        "update submissions.sub_files set la_code = 'Ms Invented' where submission_id in ('c', 'm')",
    )
    said = "\n".join(region.write_region(database, tmp_path / "out"))
    assert "m.csv: its rows are of more than one council" in said and "(none of the list)" in said
    assert "c.csv: its LA Code is of no council" in said and "Invented" not in said


def test_the_workbook_holds_what_all_may_see_and_no_formula(database, tmp_path):
    for folder in ("one", "two"):
        region.write_region(database, tmp_path / folder)
    path = tmp_path / "one" / "region.xlsx"
    assert path.read_bytes() == (tmp_path / "two" / "region.xlsx").read_bytes()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Start here", "Measures", "Waiting times", "League", "Hidden"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert "=Sandwell" in {cell.value for cell in cells}
    # Small counts are hidden here as in the CSV; the figures in full are each council's own.
    assert not {cell.value for row in book["Measures"].iter_rows() for cell in row} & {3, 41, 44}
    assert [row[7].value for row in book["Waiting times"].iter_rows(min_row=2)].count(4.5) == 0
    assert [row[6].value for row in book["Waiting times"].iter_rows(min_row=2)] == [4.5, None, None]
    hidden = [[cell.value for cell in row] for row in book["Hidden"].iter_rows(min_row=2)]
    assert [(line[0], line[2]) for line in hidden] == [
        *(("Measures", code) for code in ("406", "409", "West Midlands")),
        *(("Waiting times", code) for code in ("409", "412")),
    ]
    councils = [[cell.value for cell in row] for row in book["Start here"].iter_rows()][-3:]
    assert [line[3:] for line in councils] == [["yes", "no"], ["yes", "yes"], ["no", "no"]]


def test_a_council_that_is_gone_leaves_no_files_of_ours(database, tmp_path):
    region.write_region(database, tmp_path / "out")
    (tmp_path / "out" / "councils" / "406" / "letter.txt").write_text("kept")
    change(database, "delete from dhsc.dhsc_councils where la_code = '406'")
    notes = region.write_region(database, tmp_path / "out")
    assert any("it was left alone" in note for note in notes)
    (tmp_path / "out" / "councils" / "406" / "letter.txt").unlink()
    region.write_region(database, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out" / "councils").iterdir()) == ["409", "412"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("delete from dhsc.dhsc_councils where la_code <> '409'", "the files are of 1 council of the list"),
        ("drop table regional.reg_shared_measures", "asc-cld region --submissions FOLDER makes it"),
        ("drop table regional.reg_waiting_times", "regional.reg_waiting_times is not there"),
    ],
)
def test_without_a_region_nothing_is_written(database, tmp_path, capsys, statement, said):
    change(database, statement)
    code = region.main(["--database", str(database), "--folder", str(tmp_path / "out")])
    assert code == 2 and said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("rows_of_409", [0, 1, 2])
def test_files_of_one_council_are_refused_before_a_table_is_made(tmp_path, monkeypatch, rows_of_409):
    """Before dbt begins: the tables of the council that lie in the database stay. Most rows say whose a file is."""
    for name in [name for name in os.environ if name.startswith("CLD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.csv").write_text("LA Code,Event Reference\n409,1\n409,2\n")
    words = [f"{code},{number}" for number, code in enumerate(["409"] * rows_of_409 + ["408"], start=3)]
    (files / "b.csv").write_text("\n".join(["LA Code,Event Reference", *words, ""]))
    (files / "c.csv").write_text("LA Code,Event Reference\nJane Smith,1\n")
    (files / "d.csv").write_text("")
    asked = []
    monkeypatch.setattr(dbt_run, "run_dbt", lambda *given, **named: asked.append(named) or 1)
    landed = tmp_path / "landed"
    land_submissions(files, landed, list_folders={})
    for given in (("--submissions", files), ("--landed", landed), ("--submissions", files, "--results", "r")):
        asked.clear()
        done = CliRunner().invoke(app, ["region", *map(str, given)])
        if rows_of_409 == 2:
            assert done.exit_code == 2 and not asked and not (tmp_path / "r").exists()
            assert "Nothing was begun: the files are of 1 council of the list" in done.output
            assert "Smith" not in done.output
        else:
            # As many rows of each: the lower code, as sub_file_facts has it.
            assert asked, done.output
