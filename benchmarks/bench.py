"""How much work a build is beside dbt with nothing to do, and the checks beside the file read and written.

python benchmarks/bench.py                              the table, each work three times
python benchmarks/bench.py --works demo council         some of it
python benchmarks/bench.py --growth 10000 100000 1000000 3000000
python benchmarks/bench.py --pandas path/to/python      with the pandas script, in that Python

CPU seconds (user and system, all threads) are what to compare: time on the clock grows with what else the
machine does. All works of one run stand side by side; nothing is asserted. Everything is made in a
folder of its own (--folder keeps it) out of invented people.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from idle_nodes import nodes_of, write_project
from many_rows import write_copies
from model_cost import model_costs

PROJECT = Path(__file__).resolve().parent.parent
COUNCIL = 36_000
RULES_ALONE = (
    "--select", "path:models/staging/submissions", "path:models/submissions", "path:models/data_quality",
    "path:seeds/specification", "path:seeds/reference", "--indirect-selection", "cautious",
    "--exclude", "dq_unmapped_codes", "dq_mapping_coverage", "dq_screened_texts", "dq_field_results", "dq_unkept_rows",
    "resource_type:unit_test",
)  # fmt: skip
FLOOR = """
import duckdb, sys
with duckdb.connect(sys.argv[2]) as connection:
    connection.execute("create table rows as from read_csv(?, all_varchar = true, header = true)", [sys.argv[1]])
    connection.execute(f"copy rows to '{sys.argv[2]}.csv' (header true)")
"""


@dataclass
class Cost:
    """What one command took."""

    cpu: float
    wall: float
    peak_mib: float
    exit_code: int


def cost_of(command: list[str], environment: dict[str, str] | None = None) -> Cost:
    """Runs a command and says what it and all it started took."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        used.ru_utime + used.ru_stime,
        time.perf_counter() - started,
        used.ru_maxrss / 1024,
        process.returncode,
    )


def dbt(folder: Path, *arguments: str, **settings: str) -> Cost:
    """One dbt command with its database, output and parse cache in a folder."""
    (folder / "none").mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLD_")}
    environment |= {
        "CLD_DATABASE_PATH": str(folder / "council.duckdb"),
        "CLD_OUTPUT_PATH": str(folder / "output"),
        "CLD_SUBMISSIONS_PATH": str(folder / "none"),
        # A council of another size is not the demo's: its settings have no default.
        "CLD_LA_CODE": "409",
        "CLD_REPORTING_PERIOD_END": "2026-09-30",
        "CLD_SUBMISSION_DATE": "2026-10-20",
        **{f"CLD_{name.upper()}": value for name, value in settings.items()},
    }
    paths = ("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"))
    return cost_of([str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments, *paths], environment)


def idle(folder: Path) -> Cost:
    """dbt alone: as many nodes as the demo's build has, with nothing to do in any of them."""
    place = folder / "idle"
    if not place.is_dir():
        target = folder / "demo" / "target"
        if not (target / "run_results.json").is_file():
            build_demo(folder)
        write_project(place, nodes_of(target))
    paths = (
        "--project-dir",
        str(place),
        "--profiles-dir",
        str(place),
        "--target-path",
        str(place / "target"),
    )
    return cost_of(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--quiet",
            "build",
            *paths,
            "--log-path",
            str(place / "logs"),
        ]
    )


def build_demo(folder: Path) -> Cost:
    """The build of the invented council."""
    return dbt(folder / "demo", "build", "--selector", "build")


def council(folder: Path) -> Path:
    """The extracts of a council of some size, made once."""
    if not (folder / "extracts").is_dir():
        subprocess.run(
            [
                sys.executable,
                "scripts/make_demo_council.py",
                "--people",
                str(COUNCIL),
                "--out",
                str(folder / "extracts"),
            ],
            cwd=PROJECT,
            check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return folder / "extracts"


def build_council(folder: Path) -> Cost:
    """The council's build. Its planted faults are beyond the demo's limits, so it writes a draft."""
    return dbt(
        folder / "council",
        "build",
        "--selector",
        "build",
        extracts_path=str(council(folder)),
        force_draft="true",
    )


def many_rows(folder: Path, rows: int) -> Path:
    """A folder with one CLD file of about so many rows, made once out of the council's return."""
    target = folder / f"rows_{rows}"
    if not target.is_dir():
        returned = next((folder / "council" / "output").glob("*.csv"), None)
        if returned is None:
            build_council(folder)
            returned = next((folder / "council" / "output").glob("*.csv"))
        target.mkdir()
        with duckdb.connect() as connection:
            (per_copy,) = connection.execute(
                "select count(*) from read_csv(?, all_varchar = true)", [str(returned)]
            ).fetchone()
            source = folder / "part.csv"
            connection.execute(
                f"copy (from read_csv(?, all_varchar = true, header = true) limit {rows}) to '{source}' (header true)",
                [str(returned)],
            )
        write_copies(source, max(1, round(rows / per_copy)), target / returned.name.replace("_DRAFT", ""))
    return target


def check(folder: Path, rows: int, *arguments: str, **settings: str) -> Cost:
    """The checks of one file of so many rows, into a new database."""
    submissions = many_rows(folder, rows)
    place = folder / f"check_{rows}"
    (place / "council.duckdb").unlink(missing_ok=True)
    arguments = arguments or ("--selector", "check")
    return dbt(
        place, "build", *arguments, include_built="false", submissions_path=str(submissions), **settings
    )


def works(folder: Path, rows: int, pandas: str | None) -> dict[str, tuple[str, Callable[[], Cost]]]:
    """{short name: what it is, and how it is run}"""

    def file() -> str:
        return str(next(many_rows(folder, rows).glob("*.csv")))

    def floor() -> Cost:
        (folder / "floor.duckdb").unlink(missing_ok=True)
        return cost_of([sys.executable, "-c", FLOOR, file(), str(folder / "floor.duckdb")])

    listed = {
        "idle": ("dbt: as many nodes as the demo, nothing to do", lambda: idle(folder)),
        "demo": ("demo build, parsed before", lambda: build_demo(folder)),
        "council": (
            f"council of {COUNCIL:,} people: build and all checks",
            lambda: build_council(folder),
        ),
        "floor": (f"DuckDB reads {rows:,} rows and writes them", floor),
        "rules": (f"the rules alone, {rows:,} rows", lambda: check(folder, rows, *RULES_ALONE)),
        "check": (f"check of {rows:,} rows: rules and measures", lambda: check(folder, rows)),
        "check2gb": (
            f"check of {rows:,} rows, 2 GB for DuckDB",
            lambda: check(folder, rows, memory_limit="2GB"),
        ),
    }
    if pandas:
        script = str(PROJECT / "benchmarks" / "pandas_rules.py")
        listed["pandas"] = ("pandas: ten rules and 2E in short", lambda: cost_of([pandas, script, file()]))
    return listed


def told(what: str, costs: list[Cost], floor: float | None = None) -> str:
    """A line of the table: medians, and how many times the floor."""
    cpu, wall, peak = (
        statistics.median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "peak_mib")
    )
    failed = [cost.exit_code for cost in costs if cost.exit_code]
    times = f"{cpu / floor:6.1f}" if floor else "      "
    return f"{what:<52} {cpu:8.1f} {wall:8.1f} {peak:9.0f} {times}" + (
        f"  exit {failed[0]}" if failed else ""
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", nargs="+", help="idle demo council floor rules check check2gb pandas")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large CLD file")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="*", default=[], help="sizes of one CLD file to check")
    parser.add_argument("--pandas", help="a Python that has pandas")
    parser.add_argument("--folder", type=Path, help="where everything is made and kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        print(
            f"{'work (median of ' + str(given.times) + ')':<52} {'CPU s':>8} {'wall s':>8} {'peak MiB':>9} x floor"
        )
        floor = None
        for name, (what, run) in works(folder, given.rows, given.pandas).items():
            if given.works and name not in given.works:
                continue
            if name in ("idle", "demo", "council"):
                run()  # parses, and is not counted
            costs = [run() for _ in range(given.times)]
            # What a work is told in: dbt with nothing to do, or the file read and written.
            floor = statistics.median(cost.cpu for cost in costs) if name in ("idle", "floor") else floor
            print(told(what, costs, floor), flush=True)
        for name, place in (("council", folder / "council"), ("check", folder / f"check_{given.rows}")):
            if (place / "council.duckdb").is_file() and (not given.works or name in given.works):
                costs = model_costs(place / "council.duckdb", place / "target")
                print(
                    f"\nThe ten dearest models, {name}: CPU seconds of the SQL ({sum(costs.values()):.1f} for all)"
                )
                for model, cost in sorted(costs.items(), key=lambda item: -item[1])[:10]:
                    print(f"{cost:8.2f}  {model}")
        if given.growth:
            print(f"\n{'growth of check':<52} {'CPU s':>8} {'wall s':>8} {'peak MiB':>9}")
            for rows in given.growth:
                print(told(f"{rows:,} rows", [check(folder, rows)]), flush=True)


if __name__ == "__main__":
    main()
