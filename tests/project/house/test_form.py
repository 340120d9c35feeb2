"""The form of every file: SQL by sqlfluff (`make check-lint`), Python by ruff."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

BIN = Path(sys.executable).parent
# Columns: code is written to 100; comments, and jinja with its quotation marks, need a few more.
LONGEST = 120
NOT_SHARED = ("share_events", "share_k_anonymity", "share_people", "share_rows")


def run(*command: str, **variables: str) -> str:
    """What a tool of the environment prints; empty where it finds nothing."""
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=PROJECT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def linted(tmp_path_factory) -> dict:
    """What sql_form.py says of all SQL, and of the faults planted for it."""
    folder = tmp_path_factory.mktemp("lint")
    failed = run(
        *("python", "-B", "tests/project/house/sql_form.py", str(folder / "found.json"), "models", "tests"),
        DBT_TARGET_PATH=str(folder / "target"),
        DBT_LOG_PATH=str(folder / "logs"),
        DO_NOT_TRACK="1",
    )
    assert failed == ""
    return json.loads((folder / "found.json").read_text(encoding="utf-8"))


@pytest.mark.lint
def test_every_sql_file_has_the_form_of_the_house(linted):
    assert linted["faults"] == []
    # What was not read: generic tests are macros, and what is shared is off until a council agrees a recipient.
    unread = [
        warning.replace(f"{PROJECT}/", "")
        for warning in linted["warnings"]
        # A comment that begins with its name is read by sqlfluff as a setting.
        if "inline config statement" not in warning
    ]
    expected = [
        *(f"models/sharing/{name}.sql because it is disabled" for name in NOT_SHARED),
        *(
            f"{path.relative_to(PROJECT).as_posix()} because it is a macro"
            for path in (PROJECT / "tests" / "generic").glob("*.sql")
        ),
    ]
    assert unread == sorted(f"Skipped file {file}" for file in expected)


@pytest.mark.lint
def test_each_rule_of_the_form_finds_what_was_planted_for_it(linted):
    """The one rule about jinja, and the rules of layout and capitals, around the macros of a model too."""
    assert {rule: found for rule, found in linted["planted"].items() if rule not in found} == {}
    assert sorted([*linted["planted"], "JJ01"]) == sorted(linted["rules"])
    assert linted["in_a_model"] == ["CP01", "JJ01", "LT01", "LT02"]


def test_no_line_of_sql_is_too_long():
    """What sqlfluff's LT05 would ask at the price of an eighth of its time."""
    too_long = [
        f"{path.relative_to(PROJECT)}:{number}"
        for folder in ("models", "tests")
        for path in (PROJECT / folder).rglob("*.sql")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert too_long == []


def test_python_has_no_fault_that_ruff_knows():
    assert run("ruff", "check", "--no-cache", ".") == ""


def test_python_has_one_form():
    assert run("ruff", "format", "--check", "--quiet", "--no-cache", ".") == ""
