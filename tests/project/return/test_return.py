"""The return of the demo council: the file itself."""

import csv
import hashlib
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import DEMO_EXTRACTS, PROJECT

from asc_cld.return_file import file_name_of

GOLDEN = Path(__file__).with_name("golden.json")


def seed(name):
    with (PROJECT / "seeds" / "specification" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def fields():
    return seed("spec_fields")


@pytest.fixture(scope="module")
def rows(demo_build):
    with demo_build.return_file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_build_passes(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed[-4000:]


def test_headers_in_order(demo_build, fields):
    with demo_build.return_file.open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == [field["header"] for field in fields]


def test_dates_are_days_and_listed_fields_hold_listed_values(rows, fields):
    lists = {}
    for entry in seed("spec_code_lists"):
        if entry["release"] == "R2":
            lists.setdefault(entry["field"], set()).add(entry["value"])
    for field in fields:
        values = {row[field["header"]] for row in rows} - {""}
        if field["data_type"] == "date":
            assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", value) for value in values), field["header"]
        if field["header"] in lists:
            assert values <= lists[field["header"]], field["header"]


def test_every_field_is_filled_somewhere(rows, fields):
    assert [f["header"] for f in fields if not any(row[f["header"]] for row in rows)] == []


def test_golden_file(demo_build, rows):
    """The hash and the counts of the demo council's return; a change has to be meant.

    After a change that is meant: CLD_WRITE_GOLDEN=1 .venv/bin/pytest tests/project/return/test_return.py
    """
    settings = {
        "la_code": "409",
        "reporting_period_start": "2025-10-01",
        "reporting_period_end": "2026-09-30",
    }
    assert file_name_of(settings, is_draft=False) == demo_build.return_file.name
    found = {
        "sha256": hashlib.sha256(demo_build.return_file.read_bytes()).hexdigest(),
        "rows": len(rows),
        "by_event_type_and_client_type": dict(
            sorted(Counter(f"{r['Event Type'] or 'none'} / {r['Client Type']}" for r in rows).items())
        ),
        "filled_cells": {name: sum(bool(row[name]) for row in rows) for name in rows[0]},
    }
    if os.environ.get("CLD_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_nothing_is_lost(demo_build):
    assert (
        demo_build.query("select source_table from council.cld.cld_reconciliation where difference <> 0")
        == []
    )
    received = dict(
        demo_build.query("select source_table, records_received from council.cld.cld_reconciliation")
    )
    for path in DEMO_EXTRACTS.glob("*.csv"):
        with path.open(encoding="cp1252", newline="") as stream:
            assert received[path.stem] == sum(1 for _ in csv.reader(stream)) - 1, path.stem


def test_the_manifest_vouches_for_the_file(demo_build):
    manifest = json.loads(next(demo_build.output.glob("*.manifest.json")).read_text(encoding="utf-8"))
    assert hashlib.sha256(demo_build.return_file.read_bytes()).hexdigest() in json.dumps(manifest)
