"""The invented region: the same bytes again, values of the specification but for the faults planted, both forms alike."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import PROJECT

from asc_cld.landing.submissions import land_submissions, landed_tables
from asc_cld.specification import seed_rows

sys.path.insert(0, str(PROJECT / "scripts"))

import make_region

from demo_council.records import nhs_number


def made(folder: Path, *words: str) -> Path:
    given = ("--councils", "3", "--rows", "9000", "--jobs", "1", *words)
    make_region.make_region(make_region.arguments(["--out", str(folder), *given]))
    return folder


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def rows_of(landed: Path) -> list[dict]:
    return [
        row
        for file in landed_tables(landed)["submission_rows"]
        for row in pq.ParquetFile(file).read().to_pylist()
    ]


@pytest.fixture(scope="module")
def region(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("region"))


@pytest.fixture(scope="module")
def as_files(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("region_files"), "--csv")


@pytest.fixture(scope="module")
def rows(region) -> list[dict]:
    return rows_of(region / "landed")


def test_the_same_arguments_give_the_same_bytes_in_any_number_of_processes(region, tmp_path):
    assert hashes(made(tmp_path / "again", "--jobs", "2")) == hashes(region)
    other = hashes(made(tmp_path / "other", "--seed", "38"))
    assert other["planted.csv"] != hashes(region)["planted.csv"]


def test_the_landing_is_what_the_reader_makes_of_the_files(region, as_files, tmp_path):
    assert (as_files / "planted.csv").read_bytes() == (region / "planted.csv").read_bytes()
    result = land_submissions(as_files / "files", tmp_path / "landed", list_folders={})
    assert (result.submissions, result.councils, result.problems) == (12, 3, [])
    ours, theirs = landed_tables(region / "landed"), landed_tables(tmp_path / "landed")
    assert ours.keys() == theirs.keys()
    for table, files in ours.items():
        places = [Path(file).relative_to(region / "landed") for file in files]
        if table == "submission_rows":
            # The hash in the folder's name is of the file's bytes.
            assert places == [Path(file).relative_to(tmp_path / "landed") for file in theirs[table]]
        for one, other in zip(files, theirs[table], strict=True):
            assert pq.ParquetFile(one).read().equals(pq.ParquetFile(other).read()), table


def lists() -> dict[str, set[str]]:
    """The values of each field in any release: DHSC takes both."""
    snake = {field["header"]: field["snake_name"] for field in seed_rows("specification", "spec_fields")}
    found = defaultdict(set)
    for row in seed_rows("specification", "spec_code_lists"):
        found[snake[row["field"]]].add(row["value"])
    return found


def test_every_code_is_of_a_list_but_for_what_is_planted(region, rows):
    with (region / "planted.csv").open(encoding="utf-8", newline="") as stream:
        planted = list(csv.DictReader(stream))
    files = {
        one["submission_id"]: one["file_name"]
        for one in pq.read_table(landed_tables(region / "landed")["submission_files"]).to_pylist()
    }
    faults = {(one["file_name"], int(one["row_number"]), one["field"]) for one in planted}
    allowed = lists()
    odd = {
        (files[row["submission_id"]], row["row_number"], field)
        for row in rows
        for field, values in allowed.items()
        if row[field] is not None and row[field] not in values
    }
    assert odd and odd <= faults
    counts = Counter(one["kind"] for one in planted)
    assert set(counts) == set(make_region.FAULTS)
    assert len(rows) / 80 < sum(counts.values()) < len(rows) / 35
    # What stands in a cell is not in the list of faults.
    assert {len(line.split(",")) for line in (region / "planted.csv").read_text().splitlines()} == {4}


def test_councils_periods_and_releases_are_those_of_a_region(region, rows):
    codes = {row["cassr_code"] for row in seed_rows("specification", "spec_councils")}
    assert {row["la_code"] for row in rows} <= codes and len({row["la_code"] for row in rows}) == 3
    assert 7500 < len(rows) < 10_500
    kinds = Counter(row["event_type"] for row in rows)
    assert {kind for kind, _ in kinds.most_common(5)} == {"Request", "Assessment", "Service", "Review", None}
    of_release_1 = {row["reporting_period_end_date"] for row in rows if row["client_type"] == "Service User"}
    assert of_release_1 >= {"31/12/2025", "31/03/2026"}
    assert {row["reporting_period_end_date"] for row in rows} == {
        "31/12/2025",
        "31/03/2026",
        "30/06/2026",
        "30/09/2026",
    }
    keys = Counter((row["submission_id"], row["row_number"]) for row in rows)
    assert max(keys.values()) == 1


def test_nhs_numbers_are_of_one_person_and_given_to_nobody(rows):
    councils = defaultdict(set)
    for row in rows:
        councils[row["nhs_number"]].add((row["la_code"], row["la_person_unique_identifier"]))
    right = [number for number in councils if nhs_number(number[:9]) == number]
    assert len(right) > 0.98 * len(councils)
    assert all(len(councils[number]) == 1 for number in right)
    assert {number[:3] for number in right} == {"999"}
    lives = make_region.RegionLives(1, 50, make_region.date(2026, 9, 30).toordinal())
    lives.first_number = 3_000_000
    assert lives.nine_digits(5) == "996000005"


def test_sizes_are_like_englands():
    everybody = make_region.plan(make_region.arguments(["--out", "x"]))
    people = sorted(council.people / make_region.ON_FILE for council in everybody)
    assert len(everybody) == 147 and 300 <= people[0] < 500 and 11_500 < people[-1] <= 12_000
    assert 4500 < sum(people) / len(people) < 6000
    for rows in (1_000_000, 40_000_000):
        councils = make_region.plan(make_region.arguments(["--out", "x", "--rows", str(rows)]))
        wanted = sum(council.people for council in councils) * make_region.ROWS_A_PERSON * 4
        assert abs(wanted / rows - 1) < 0.01


@pytest.mark.parametrize(
    "words", [("--councils", "0"), ("--quarters", "12"), ("--period-end", "2026-09-29"), ("--rows", "-1")]
)
def test_arguments_that_make_no_region_are_refused(words, capsys):
    with pytest.raises(SystemExit) as ended:
        make_region.arguments(["--out", "x", *words])
    assert ended.value.code == 2 and words[0] in capsys.readouterr().err
