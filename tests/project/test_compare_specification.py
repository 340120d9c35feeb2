"""An official list against the seeds: what differs is shown, and written only when told to."""

import csv
import shutil

import duckdb
import pytest
from openpyxl import Workbook
from rule_files import CHECKS, breaches_by_file, edited, query, run_dbt, write_file

from asc_cld import compare_specification as comparison

NAMES = ("spec_fields.csv", "spec_code_lists.csv", "spec_r1_to_r2.csv")
OFFICIAL = [
    ("Gender", "Male", "Male"),
    ("Gender", "Female", "Female"),
    ("Gender", "Non-binary", ""),
    ("Gender", "unknown", "Unknown"),
    ("Review Outcomes Achieved", "Fully met", "Fully Met"),
    ("Review Outcomes Achieved", "Partly met", "Partially Met"),
    ("Review Outcomes Achieved", "Not met", "Not Met"),
]


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(comparison.SEEDS / name, folder)
    return folder


@pytest.fixture
def official_workbook(tmp_path):
    book = Workbook()
    book.active.append(["Mapping of values"])
    sheet = book.create_sheet("Mapping")
    sheet.append(["variable", "Release 1 value", "Release 2 value", "comparison"])
    for field, value, r1_value in OFFICIAL:
        sheet.append([field, r1_value, value, "Changed"])
    book.save(tmp_path / "official.xlsx")
    return tmp_path / "official.xlsx"


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_differences_are_named(seeds, official_workbook):
    found = comparison.run(official_workbook, seeds=seeds)
    assert [line for line in found if line[1] != "same"] == [
        ("Gender", "capitals only", "Unknown", "unknown"),
        ("Gender", "removed", "Other", ""),
        ("Gender", "added", "", "Non-binary"),
        ("Review Outcomes Achieved", "respelt", "Partially met", "Partly met"),
    ]


def test_nothing_is_written_unless_told(seeds, official_workbook):
    comparison.run(official_workbook, seeds=seeds)
    for name in NAMES:
        assert (seeds / name).read_bytes() == (comparison.SEEDS / name).read_bytes()


def test_seeds_agree_after_writing(seeds, official_workbook):
    comparison.run(official_workbook, write=True, source="official", seeds=seeds)
    again = comparison.run(official_workbook, seeds=seeds)
    assert {kind for _, kind, _, _ in again} == {"same"}
    outcomes = [
        (row["value"], row["confidence"], row["source"])
        for row in rows(seeds / "spec_code_lists.csv")
        if row["release"] == "R2" and row["field"] == "Review Outcomes Achieved"
    ]
    assert outcomes == [
        ("Fully met", "high", "official"),
        ("Partly met", "high", "official"),
        ("Not met", "high", "official"),
    ]
    mapped = {
        row["r1_value"]: row["r2_value"]
        for row in rows(seeds / "spec_r1_to_r2.csv")
        if row["field"] == "Review Outcomes Achieved"
    }
    assert mapped["Partially Met"] == "Partly met"
    untouched = [
        [row for row in rows(folder / "spec_code_lists.csv") if row["field"] == "Ethnicity"]
        for folder in (seeds, comparison.SEEDS)
    ]
    assert untouched[0] == untouched[1]


def test_writing_an_unchanged_seed_keeps_its_bytes(seeds):
    for name in NAMES:
        comparison.write_seed(seeds / name, *comparison.read_seed(seeds / name))
        assert (seeds / name).read_bytes() == (comparison.SEEDS / name).read_bytes()


def test_unusable_lists_are_clear_errors(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("field,value\nShoe size,9\n")
    assert comparison.main([str(tmp_path / "a.csv")]) == 1
    assert "line 2: Shoe size is not a CLD field" in capsys.readouterr().err
    (tmp_path / "b.csv").write_text("x,y\n1,2\n")
    assert comparison.main([str(tmp_path / "b.csv")]) == 1


def test_release_3_is_new_seed_rows_and_no_sql(seeds, tmp_path):
    """A Release 3 that is Release 2 with one more gender: written by the command, checked by a run."""
    release_2 = [
        (row["field"], row["value"])
        for row in rows(seeds / "spec_code_lists.csv")
        if row["release"] == "R2"
    ]
    with (tmp_path / "r3.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([("field", "value"), *release_2, ("Gender", "Non-binary")])
    found = comparison.run(tmp_path / "r3.csv", release="R3", write=True, seeds=seeds)
    assert {kind for _, kind, _, _ in found} == {"added"}
    (tmp_path / "submissions").mkdir()
    write_file(tmp_path / "submissions", "three", *edited([(7, "Gender", "Non-binary"), (8, "Gender", "Non-binary")]))
    arguments = (*CHECKS, "resource_type:seed")
    assert run_dbt(tmp_path, "seed", "--select", "specification", "reference").returncode == 0
    rules = {}
    for release in ("R2", "R3"):
        with duckdb.connect(str(tmp_path / "return.duckdb")) as connection:
            connection.execute("delete from specification.spec_code_lists")
            connection.execute(
                "insert into specification.spec_code_lists select * from"
                f" read_csv('{seeds / 'spec_code_lists.csv'}', all_varchar = true, header = true)"
            )
        finished = run_dbt(tmp_path, "build", *arguments, cld_release=release)
        assert finished.returncode == 0, finished.stdout[-1500:]
        rules[release] = breaches_by_file(tmp_path)["three"]
    assert rules["R2"] == {("LST-01", 7), ("LST-01", 8), ("FIL-13", 7), ("FIL-13", 8)}
    assert rules["R3"] == set()
    assert query(
        tmp_path, "select count(*) from data_quality.dq_rules where rule_state = 'checked'"
    ) == [(148,)]
