"""Whole runs with the real command. The demo council is built once and shared by all tests."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
DEMO_EXTRACTS = PROJECT / "data" / "demo" / "extracts"
sys.path.insert(0, str(PROJECT))
# For tests only; a council makes its own (docs/data-protection.md).
PSEUDONYM_KEY = "an invented secret for tests: 0123456789"


@dataclass
class Run:
    """One finished dbt command: its exit code, what it printed, and where it wrote."""

    exit_code: int
    printed: str
    folder: Path
    bytes_before: bytes = b""
    manifest_count: int = 0

    @property
    def database(self) -> Path:
        return self.folder / "council.duckdb"

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def return_file(self) -> Path:
        return self.output / "409_CLD_20251001_20260930.csv"

    @property
    def manifests(self) -> list[Path]:
        return sorted(self.output.glob("*.manifest.json"))

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def dbt(folder: Path, *arguments: str, **settings: str) -> Run:
    """Runs dbt as a user does, with its database, output and logs in a folder of its own."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("CLD_", "DBT_"))
    }
    environment |= {
        "CLD_DATABASE_PATH": str(folder / "council.duckdb"),
        "CLD_OUTPUT_PATH": str(folder / "output"),
        "CLD_SUBMISSIONS_PATH": str(folder / "no_submissions"),
        "DO_NOT_TRACK": "1",
    }
    environment |= {f"CLD_{name.upper()}": value for name, value in settings.items()}
    command = Path(sys.executable).with_name("dbt")
    done = subprocess.run(
        [
            str(command), "--no-use-colors", *arguments,
            "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        ],
        cwd=PROJECT, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )
    return Run(done.returncode, done.stdout + done.stderr, folder)


@pytest.fixture(scope="session")
def demo_build(tmp_path_factory) -> Run:
    """The demo council, built once with every test of the project."""
    return dbt(
        tmp_path_factory.mktemp("demo"), "build", "--warn-error-options", '{"error": ["Deprecations"]}',
        pseudonym_key=PSEUDONYM_KEY,
    )


def edit(path: Path, change, delimiter: str = ",", rename=str) -> None:
    """Rewrites a CSV file through a function from its rows (dicts) to its rows."""
    content = path.read_bytes()
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.DictReader(stream)
        header, rows = list(reader.fieldnames), list(reader)
    rows = change(rows)
    if rows:
        header = list(rows[0])
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(rename(name) for name in header)
        writer.writerows([row[name] for name in header] for row in rows)
