"""Makes data/demo/submissions: the demo council's two returns before this one.

    python scripts/make_demo_submissions.py

Each is built by the project itself from the demo council as it was known on the day: the extracts
are made with --as-of, and dbt builds the return for the period then due. The older one is turned
back into Release 1 values, as councils still sent them. Same arguments, same bytes.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SPECIFICATION = PROJECT / "seeds" / "specification"


@dataclass(frozen=True)
class Earlier:
    """A return sent before: the extracts' day, the period's end, the day it was sent, its release."""

    as_of: str
    period_end: str
    sent_on: str
    release: str


RETURNS = (
    Earlier("2026-04-14", "2026-03-31", "2026-04-20", "R1"),
    Earlier("2026-07-14", "2026-06-30", "2026-07-20", "R2"),
)


def build_return(earlier: Earlier, work: Path) -> Path:
    """The file that dbt writes for the demo council as known on a day."""
    extracts = work / "extracts"
    run([sys.executable, "scripts/make_demo_council.py", "--as-of", earlier.as_of, "--out", str(extracts)])
    run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "build",
            "--selector",
            "return",
            "--quiet",
            "--target-path",
            str(work / "target"),
            "--log-path",
            str(work / "logs"),
        ],
        CLD_EXTRACTS_PATH=str(extracts),
        CLD_SUBMISSIONS_PATH=str(work / "none"),
        CLD_OUTPUT_PATH=str(work / "output"),
        CLD_DATABASE_PATH=str(work / "council.duckdb"),
        CLD_REPORTING_PERIOD_END=earlier.period_end,
        CLD_SUBMISSION_DATE=earlier.sent_on,
        # The faults planted for today are in these extracts too, one beyond what is accepted unread.
        CLD_FORCE_DRAFT="true",
    )
    return next((work / "output").glob("*_CLD_*.csv"))


def run(command: list[str], **settings: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLD_")} | settings
    subprocess.run(command, cwd=PROJECT, env=environment, check=True)


def release_1_values() -> dict[str, dict[str, str]]:
    """For each field the Release 1 value of a Release 2 value; the first listed of several."""
    values: dict[str, dict[str, str]] = {}
    with (SPECIFICATION / "spec_r1_to_r2.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["r1_value"] and row["r2_value"]:
                values.setdefault(row["field"], {}).setdefault(row["r2_value"], row["r1_value"])
    return values


def as_release_1(path: Path) -> None:
    values = release_1_values()
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        header, rows = reader.fieldnames, list(reader)
    for row in rows:
        for name, cell in row.items():
            row[name] = values.get(name, {}).get(cell, cell)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=PROJECT / "data" / "demo" / "submissions")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    sent = []
    for earlier in RETURNS:
        with tempfile.TemporaryDirectory() as work:
            made = build_return(earlier, Path(work))
            if earlier.release == "R1":
                as_release_1(made)
            name = made.name.replace("_DRAFT", "")
            temporary = given.out / f".{name}.tmp"
            shutil.copyfile(made, temporary)
            os.replace(temporary, given.out / name)
            sent.append((name, earlier.sent_on))
    with (given.out / "submissions.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("file_name", "imported_at"), *sent])


if __name__ == "__main__":
    main()
