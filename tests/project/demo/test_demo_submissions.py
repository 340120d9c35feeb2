"""The demo folder holds the two returns before this one, as its script makes them."""

import csv
import subprocess
import sys

import pytest
from dbt_runs import PROJECT

FOLDER = PROJECT / "data/demo/submissions"


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_folder_and_its_list_agree():
    listed = [(row["file_name"], row["imported_at"]) for row in rows(FOLDER / "submissions.csv")]
    assert listed == [
        ("409_CLD_20250401_20260331.csv", "2026-04-20"),
        ("409_CLD_20250701_20260630.csv", "2026-07-20"),
    ]
    assert {path.name for path in FOLDER.glob("*.csv")} == {"submissions.csv", *(name for name, _ in listed)}


@pytest.mark.parametrize(
    ("name", "release"),
    [("409_CLD_20250401_20260331.csv", "R1"), ("409_CLD_20250701_20260630.csv", "R2")],
)
def test_one_holds_release_1_values_and_the_other_release_2(name, release):
    lists = {}
    for row in rows(PROJECT / "seeds/specification/spec_code_lists.csv"):
        lists.setdefault((row["release"], row["field"]), set()).add(row["value"])
    listed = {field for _, field in lists}
    # What Release 1 had no value for stays as it is: such files were sent.
    led_to = {
        (row["field"], row["r2_value"])
        for row in rows(PROJECT / "seeds/specification/spec_r1_to_r2.csv")
        if row["r1_value"]
    }
    if release == "R1":
        for field in listed:
            lists["R1", field] |= {value for value in lists["R2", field] if (field, value) not in led_to}
    other = {"R1": "R2", "R2": "R1"}[release]
    sent = rows(FOLDER / name)
    assert any(row[field] not in {"", *lists[other, field]} for row in sent for field in listed & set(row))
    for row in sent:
        for field in listed & set(row):
            assert not row[field] or row[field] in lists[release, field], (field, row[field])


@pytest.mark.slow
def test_the_script_makes_the_same_bytes(tmp_path):
    subprocess.run(
        [sys.executable, "scripts/make_demo_submissions.py", "--out", str(tmp_path)], cwd=PROJECT, check=True
    )
    for path in FOLDER.glob("*.csv"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
