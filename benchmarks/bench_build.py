"""How long a whole build takes at several sizes, and how much of it is dbt rather than SQL.

    python benchmarks/bench_build.py --people 2500 25000

For each size: makes a demo council of that many people, runs `dbt build` twice in a folder of its
own (the second run has parsed before), and prints wall time, the time inside nodes, the share that
is dbt's own, the rows of the return, and the peak memory of the run. Nothing is asserted; compare
columns of one run with each other, not with another day's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def build(folder: Path) -> dict[str, float]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLD_")} | {
        "CLD_EXTRACTS_PATH": str(folder / "extracts"),
        "CLD_SUBMISSIONS_PATH": str(folder / "none"),
        "CLD_OUTPUT_PATH": str(folder / "output"),
        "CLD_DATABASE_PATH": str(folder / "council.duckdb"),
    }
    command = [
        str(Path(sys.executable).with_name("dbt")), "--quiet", "build",
        "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
    ]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=False)
    wall = time.perf_counter() - started
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    by_kind: dict[str, float] = {}
    sql = 0.0
    for result in results:
        kind = result["unique_id"].split(".")[0]
        by_kind[kind] = by_kind.get(kind, 0) + 1
        sql += sum(
            timed_seconds(t) for t in result["timing"] if t["name"] == "execute"
        )
    file = next((folder / "output").glob("*.csv"))
    with file.open(encoding="utf-8") as stream:
        rows = sum(1 for _ in stream) - 1
    return {
        "exit": done.returncode, "wall": wall, "in_nodes": sql, "rows": rows,
        "models": by_kind.get("model", 0), "tests": by_kind.get("test", 0),
        "peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def timed_seconds(timing: dict[str, str]) -> float:
    from datetime import datetime

    start, end = (datetime.fromisoformat(timing[k].rstrip("Z")) for k in ("started_at", "completed_at"))
    return (end - start).total_seconds()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[2500, 25000])
    given = parser.parse_args()
    print(f"{'people':>8} {'run':>4} {'wall s':>8} {'in nodes s':>11} {'models':>7} {'tests':>6} {'rows':>8} {'peak MiB':>9}")
    for people in given.people:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            subprocess.run(
                [sys.executable, "scripts/make_demo_council.py", "--people", str(people),
                 "--out", str(folder / "extracts")],
                cwd=PROJECT, check=True, stdout=subprocess.DEVNULL,
            )
            for run in (1, 2):
                m = build(folder)
                print(
                    f"{people:>8} {run:>4} {m['wall']:>8.1f} {m['in_nodes']:>11.1f} {m['models']:>7.0f}"
                    f" {m['tests']:>6.0f} {m['rows']:>8} {m['peak_mib']:>9.0f}  exit {m['exit']}"
                )


if __name__ == "__main__":
    main()
