"""Where the project stands, and the specification as the commands and readers need it.

The seeds are the only copy of the specification; nothing here repeats a value of theirs.
"""

from __future__ import annotations

import csv
from pathlib import Path

# Beside the package where the project is worked on; within it where it was installed from a wheel.
_HERE = Path(__file__).resolve().parent
PROJECT = _HERE.parent if (_HERE.parent / "dbt_project.yml").is_file() else _HERE / "project"
SEEDS = PROJECT / "seeds"


def seed_rows(folder: str, name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, in the order of the file."""
    with (SEEDS / folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def seed_columns(folder: str, name: str) -> list[str]:
    """The columns of a seed, in order."""
    with (SEEDS / folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream))


def snake_names() -> list[str]:
    """The column names of the 50 fields, in order."""
    fields = sorted(seed_rows("specification", "spec_fields"), key=lambda row: int(row["field_order"]))
    return [field["snake_name"] for field in fields]


def extract_names() -> list[str]:
    """The extracts of the input contract, in order."""
    return list(
        dict.fromkeys(row["table_name"] for row in seed_rows("specification", "spec_extract_columns"))
    )


def extract_columns(extract: str) -> dict[str, dict[str, str]]:
    """The contract's columns of one extract, by name, in order."""
    return {
        row["column_name"]: row
        for row in seed_rows("specification", "spec_extract_columns")
        if row["table_name"] == extract
    }
