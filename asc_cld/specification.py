"""Where the project stands, and the specification as the commands and readers need it.

The seeds are the only copy of the specification; nothing here repeats a value of theirs.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


def find_project(package: Path, working_folder: Path) -> Path:
    """Where the dbt project is: beside the package, else the working folder, else within the package.

    The working folder counts where it is a copy of the project: a council that changed a threshold there
    means that copy, though the commands were installed from a wheel.
    """
    for folder in (package.parent, working_folder):
        if (folder / "dbt_project.yml").is_file() and (folder / "seeds" / "specification").is_dir():
            return folder
    return package / "project"


PROJECT = find_project(Path(__file__).resolve().parent, Path.cwd())
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


@cache
def extract_names() -> tuple[str, ...]:
    """The extracts of the input contract, in order."""
    return tuple(
        dict.fromkeys(row["table_name"] for row in seed_rows("specification", "spec_extract_columns"))
    )


def extract_columns(extract: str) -> dict[str, dict[str, str]]:
    """The contract's columns of one extract, by name, in order."""
    return {
        row["column_name"]: row
        for row in seed_rows("specification", "spec_extract_columns")
        if row["table_name"] == extract
    }
