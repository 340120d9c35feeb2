"""How the check of a region grows: rows against seconds, memory and what is spilled to the disk.

python benchmarks/scale.py                                   1 and 4 million rows, 4 and 8 GB
python benchmarks/scale.py --rows 1000000 4000000 10000000 --caps 4 8
python benchmarks/scale.py --rows 1000000 --caps 4 --from-files   the same files, not landed before

A region of each size is made once (scripts/make_region.py) and checked from its landing by asc-cld check. A cap
is what the whole process may take: DuckDB is given a gigabyte less (memory_limit), the rest is Python's. A run
that goes beyond its cap has failed, whatever it says. CPU seconds are what to compare where others use the
machine; spilled is the most that lay on the disk at one time. Growth compares the largest size with the smallest:
1.0 is linear. The models that grow faster are named, by their time in dbt.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
GB, MIB = 1000**3, 1024**2
# For Python, dbt's own graph and the batches on their way into DuckDB.
BESIDE_DUCKDB = 1.0
# A model below this says nothing about growth.
WORTH_NAMING = 2.0
FASTER_THAN_LINEAR = 1.15
LOOK_EVERY = 0.2


@dataclass
class Run:
    """What one check took."""

    rows: int
    cap: float
    wall: float
    cpu: float
    peak: int
    spilled: int
    database: int
    exit_code: int
    models: dict[str, float] = field(default_factory=dict)
    at_the_peak: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.peak > self.cap * GB:
            return "OVER ITS CAP"
        return "" if self.exit_code == 0 else f"EXIT {self.exit_code}"


def size_of(folder: Path) -> int:
    """Bytes in a folder that changes meanwhile."""
    total = 0
    for path in folder.glob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def region(folder: Path, rows: int, as_files: bool) -> Path:
    """A region of so many rows, made once; its landing or its files."""
    place = folder / f"region_{rows}"
    made = place / ("files/submissions.csv" if as_files else "landed/landed.json")
    if not made.is_file():
        form = ["--csv"] if as_files else []
        subprocess.run(
            [sys.executable, "scripts/make_region.py", "--rows", str(rows), "--out", str(place), *form],
            cwd=PROJECT,
            check=True,
        )
    return made.parent


def rows_in(landed: Path) -> int:
    """How many rows a landing holds."""
    said = json.loads((landed / "landed.json").read_text(encoding="utf-8"))
    return sum(entry["rows"] for entry in said["tables"]["submission_rows"])


def check(folder: Path, rows: int, cap: float, as_files: bool) -> Run:
    """One check into a new database, looked at while it runs."""
    landed = region(folder, rows, as_files=False)
    source = region(folder, rows, as_files) if as_files else landed
    place = folder / f"check_{rows}"
    place.mkdir(exist_ok=True)
    database = place / "council.duckdb"
    database.unlink(missing_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLD_")} | {
        "CLD_DATABASE_PATH": str(database),
        "CLD_OUTPUT_PATH": str(place / "output"),
        "CLD_MEMORY_LIMIT": f"{cap - BESIDE_DUCKDB:g}GB",
        "DBT_TARGET_PATH": str(place / "target"),
        "DBT_LOG_PATH": str(place / "logs"),
        "DO_NOT_TRACK": "1",
    }
    # Parsed once: its seconds are the same for a council and for the country.
    subprocess.run(
        [sys.executable, "-m", "asc_cld", "dbt", "parse"],
        cwd=PROJECT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    started = time.perf_counter()
    way = ["--submissions" if as_files else "--landed", str(source)]
    with (place / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "asc_cld", "check", *way],
            cwd=PROJECT,
            env=environment,
            stdout=said,
            stderr=said,
        )
        spilled, highest, ended = [0], (0, ""), threading.Event()

        def look() -> None:
            nonlocal highest
            while not ended.wait(LOOK_EVERY):
                spilled[0] = max(spilled[0], size_of(database.with_name(f"{database.name}.spill")))
                highest = max(highest, (resident(process.pid), datetime.now(UTC).isoformat()))

        looking = threading.Thread(target=look)
        looking.start()
        _, status, used = os.wait4(process.pid, 0)
        ended.set()
        looking.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        rows=rows_in(landed),
        cap=cap,
        wall=time.perf_counter() - started,
        cpu=used.ru_utime + used.ru_stime,
        peak=used.ru_maxrss * 1024,
        spilled=spilled[0],
        database=database.stat().st_size,
        exit_code=process.returncode,
        models=model_seconds(place / "target"),
        at_the_peak=running_at(place / "target", highest[1]),
    )


def resident(process: int) -> int:
    """Pages in memory now; 0 where the system does not say so."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0


def running_at(target: Path, moment: str) -> list[str]:
    """What dbt was making at a moment."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return [
        one["unique_id"].split(".")[2]
        for one in results
        if any(
            step["started_at"].rstrip("Z")
            <= moment.removesuffix("+00:00")
            <= step["completed_at"].rstrip("Z")
            for step in one["timing"]
        )
    ]


def model_seconds(target: Path) -> dict[str, float]:
    """{model: seconds} of the last run."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {
        one["unique_id"].split(".")[2]: one["execution_time"]
        for one in results
        if one["unique_id"].startswith("model.")
    }


def growth(small: float, large: float, rows_small: int, rows_large: int) -> float:
    """The power of the rows with which something grows: 1 is linear, 2 is quadratic."""
    return math.log(large / small) / math.log(rows_large / rows_small) if small > 0 and large > 0 else 0.0


def told(run: Run) -> str:
    """A line of the table."""
    return (
        f"| {run.rows:,} | {run.cap:g} GB | {run.wall:,.0f} | {run.cpu:,.0f} | {run.cpu / run.rows * 1e6:,.0f}"
        f" | {run.rows / run.wall:,.0f} | {run.peak / MIB:,.0f} | {run.spilled / MIB:,.0f}"
        f" | {run.database / MIB:,.0f} | {run.verdict} |"
    )


def said_of_growth(small: Run, large: Run) -> list[str]:
    """What grew how, from a small run to a large one of the same cap."""
    sizes = (small.rows, large.rows)
    lines = [
        f"growth from {small.rows:,} to {large.rows:,} rows under {large.cap:g} GB: CPU seconds"
        f" {growth(small.cpu, large.cpu, *sizes):.2f}, time {growth(small.wall, large.wall, *sizes):.2f},"
        f" memory {growth(small.peak, large.peak, *sizes):.2f},"
        f" database {growth(small.database, large.database, *sizes):.2f}"
    ]
    for name, seconds in sorted(large.models.items(), key=lambda item: -item[1]):
        power = growth(small.models.get(name, 0), seconds, *sizes)
        if seconds >= WORTH_NAMING and power > FASTER_THAN_LINEAR:
            lines.append(
                f"  faster than the rows: {name} {small.models[name]:.1f} s, {seconds:.1f} s ({power:.2f})"
            )
    return lines


def main() -> int:
    """Prints the table; 1 where a run failed or went beyond its cap."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 4_000_000])
    parser.add_argument("--caps", type=float, nargs="+", default=[4, 8], help="GB of the whole process")
    parser.add_argument("--from-files", action="store_true", help="check the CLD files, not their landing")
    parser.add_argument("--folder", type=Path, help="where everything is made and kept")
    given = parser.parse_args()
    if min(given.caps) <= BESIDE_DUCKDB:
        parser.error(f"--caps must be more than {BESIDE_DUCKDB:g} GB")
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        print(
            "| rows | cap | seconds | CPU s | CPU s a million | rows a second"
            " | peak MiB | spilled MiB | database MiB | |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|")
        for cap in given.caps:
            for rows in sorted(given.rows):
                runs.append(check(folder, rows, cap, given.from_files))
                print(told(runs[-1]), flush=True)
        for cap in given.caps:
            same = [run for run in runs if run.cap == cap and not run.verdict]
            if len(same) > 1:
                print("\n" + "\n".join(said_of_growth(same[0], same[-1])))
        if runs:
            for run in runs:
                made = " and ".join(run.at_the_peak) or "something that is not known"
                print(f"\n{run.rows:,} rows under {run.cap:g} GB took most memory while it made {made}.")
            print(f"\nThe dearest models at {runs[-1].rows:,} rows (seconds in dbt):")
            for name, seconds in sorted(runs[-1].models.items(), key=lambda item: -item[1])[:12]:
                print(f"{seconds:8.1f}  {name}")
    return 1 if any(run.verdict for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
