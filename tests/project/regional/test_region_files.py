"""The files that asc-cld region writes, from a database made here: for all, for one council, and what is refused."""

import csv

import duckdb
import pytest

from asc_cld import region

TABLES = """
create schema dhsc; create schema regional; create schema submissions; create schema data_quality;
create table dhsc.dhsc_councils as select * from (values ('406', 'Birmingham'), ('409', 'Sandwell'), ('412',
    'Wolverhampton')) as councils (la_code, la_name);
create table regional.reg_measures as select * from (values ('council', '406', 'Birmingham', '2A', 41, 1), ('council',
    '409', 'Sandwell', '2A', 3, 1), ('council', '412', 'Wolverhampton', '2A', null, 0), ('region', 'West Midlands',
    'West Midlands', '2A', 44, 2)) as measures (area_type, area_code, area_name, measure, numerator, councils_counted);
create table regional.reg_shared_measures as select area_code, measure, null as numerator, 'c' as marker
    from regional.reg_measures;
create table regional.reg_quality_league as select 'x' as submission_id, '409' as la_code, 'MAN-04' as rule_id,
    1 as league_rank;
create table submissions.sub_files as select * from (values ('a', '406', 'a.csv'), ('b', '409', 'b.csv'), ('c', '998',
    'c.csv'), ('d', null, 'd.csv')) as files (submission_id, la_code, file_name);
create table submissions.sub_rows as select * from (values ('a', '406'), ('b', '409'), ('b', '406'), ('c', '998'),
    ('d', null)) as found (submission_id, la_code);
create table data_quality.dq_summary as select 'b' as submission_id, '409' as la_code, 'MAN-04' as rule_id, 3 as breach_count
    union all select 'a', '406', 'MAN-04', 7;
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
    assert {row["numerator"] for row in rows(tmp_path / "out" / "measures.csv")} == {""}
    assert rows(tmp_path / "out" / "quality_league.csv") == [
        {"la_code": "409", "rule_id": "MAN-04", "league_rank": "1"}
    ]
    # What cannot be in a figure is said; the code of a file of no council is not.
    said = "\n".join(notes)
    assert "c.csv: its LA Code is of no council" in said and "d.csv: its LA Code" in said
    assert "b.csv: its rows are of more than one council" in said and "a.csv" not in said
    assert "Wolverhampton (412): DHSC takes no file" in said and "998" not in said


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
    ],
)
def test_without_a_region_nothing_is_written(database, tmp_path, capsys, statement, said):
    change(database, statement)
    code = region.main(["--database", str(database), "--folder", str(tmp_path / "out")])
    assert code == 2 and said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
