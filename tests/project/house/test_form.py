"""The form of every file: SQL by sqlfluff, Python by ruff. Among the other tests, so that both cores have work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

BIN = Path(sys.executable).parent
# Columns: code is written to 100; comments, and jinja with its quotation marks, need a few more.
LONGEST = 120


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


@pytest.mark.lint
def test_every_sql_file_has_the_form_of_the_house(tmp_path):
    """In one process: dbt's project is read once; its target is this test's own."""
    found = run(
        *("sqlfluff", "lint", "--processes", "1", "--disable-progress-bar", "models", "tests"),
        DBT_TARGET_PATH=str(tmp_path / "target"),
        DBT_LOG_PATH=str(tmp_path / "logs"),
        DO_NOT_TRACK="1",
    )
    assert found == ""


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
