"""How the check of a region grows: rows against seconds, memory and what is spilled to the disk.

python benchmarks/scale.py                                   1 and 4 million rows, 4 and 8 GB
python benchmarks/scale.py --rows 1000000 4000000 10000000 --caps 4 8
python benchmarks/scale.py --rows 1000000 --caps 4 --from-files   the same files, not landed before
python benchmarks/scale.py --ways results                council by council (check --results), a million rows a run
python benchmarks/scale.py --ways spark --rows 100000    on Spark (needs requirements-spark.txt and Java)
python benchmarks/scale.py --ways spark --workers 1 2    on a standalone cluster here, a core a worker

A region of each size is made once (scripts/make_region.py) and checked from its landing by asc-cld check. A cap
is what all processes of the run may take: DuckDB is given a gigabyte less (memory_limit), the rest is Python's; Spark
is given it as the memory of its driver, or half of it with workers, who share the other half. A run that goes beyond
its cap has failed, whatever it says. CPU seconds are what to compare where others use the
machine; spilled is the most that lay on the disk at one time. Growth compares the largest size with the smallest:
1.0 is linear. The models that grow faster are named, by their time in dbt.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
GB, MIB = 1000**3, 1024**2
# For Python, dbt's own graph and the batches on their way into DuckDB.
BESIDE_DUCKDB = 1.0
# For Python, and what Java takes beside its heap.
BESIDE_SPARK = 1.7
# A model below this says nothing about growth.
WORTH_NAMING = 2.0
FASTER_THAN_LINEAR = 1.15
LOOK_EVERY = 0.2
WAYS = ("database", "results", "spark")
CLUSTER_PORT = 17077


@dataclass
class Run:
    """What one check took."""

    way: str
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
        wrong = ["OVER ITS CAP"] if self.peak > self.cap * GB else []
        return ", ".join(wrong + [f"EXIT {self.exit_code}"] * (self.exit_code != 0))


def size_of(folder: Path) -> int:
    """Bytes in a folder that changes meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(place, name).stat().st_size
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


def check(
    folder: Path, rows: int, cap: float, as_files: bool, way: str = "database", workers: int = 0
) -> Run:
    """One check from nothing, looked at while it runs."""
    landed = region(folder, rows, as_files=False)
    source = region(folder, rows, as_files) if as_files else landed
    place = folder / f"check_{rows}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    made = place / ("council.duckdb" if way == "database" else "results")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLD_")} | {
        "CLD_DATABASE_PATH": str(place / "council.duckdb"),
        "CLD_OUTPUT_PATH": str(place / "output"),
        "CLD_MEMORY_LIMIT": f"{cap - (BESIDE_SPARK if way == 'spark' else BESIDE_DUCKDB):g}GB",
        "CLD_SPARK_MEMORY": f"{int((cap - BESIDE_SPARK) * 1000 / (2 if workers else 1))}m",
        "CLD_SPARK_WORKER_MEMORY": of_each_worker(cap, workers),
        "DBT_TARGET_PATH": str(place / "target"),
        "DBT_LOG_PATH": str(place / "logs"),
        "DO_NOT_TRACK": "1",
    }
    # Parsed once: its seconds are the same for a council and for the country.
    target = ["--target", "spark"] if way == "spark" else []
    subprocess.run(
        [sys.executable, "-m", "asc_cld", "dbt", "parse", *target],
        cwd=PROJECT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    how = ["--submissions" if as_files else "--landed", str(source)]
    how += [] if way == "database" else ["--results", str(made)]
    how += ["--engine", "spark"] if way == "spark" else []
    with cluster(place, workers, cap) as (processes, master), (place / "said.txt").open("w") as said:
        if master:
            environment["CLD_SPARK_MASTER"] = master
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "asc_cld", "check", *how],
            cwd=PROJECT,
            env=environment,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        looked, ended = Looked({process.pid, *processes}, place), threading.Event()

        def look() -> None:
            while not ended.wait(LOOK_EVERY):
                looked.again()

        looking = threading.Thread(target=look)
        looking.start()
        _, status, used = os.wait4(process.pid, 0)
        ended.set()
        looking.join()
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    # The run has waited for its own Java, so that its seconds are among those used; nobody does for the cluster's.
    java = sum(looked.seconds_of_java(pid) for pid in processes)
    if workers:
        for number, pid in enumerate(processes[1:], start=1):
            print(f"worker {number}: {looked.seconds_of_java(pid):,.0f} CPU s", file=sys.stderr)
    return Run(
        way=f"{way}, {workers} workers" if workers else way,
        rows=rows_in(landed),
        cap=cap,
        wall=wall,
        cpu=used.ru_utime + used.ru_stime + java,
        peak=max(looked.highest[0], used.ru_maxrss * 1024),
        spilled=looked.spilled,
        database=size_of(made) if made.is_dir() else made.stat().st_size if made.is_file() else 0,
        exit_code=process.returncode,
        models=model_seconds(place / "target"),
        at_the_peak=running_at(place / "target", looked.highest[1]),
    )


def of_each_worker(cap: float, workers: int) -> str:
    """Half of what Spark may take, in equal parts."""
    return f"{int((cap - BESIDE_SPARK) * 500 / max(workers, 1))}m"


@contextmanager
def cluster(place: Path, workers: int, cap: float) -> Iterator[tuple[list[int], str]]:
    """A cluster of Spark on this machine, a core a worker: its processes, the master first, and its address."""
    if not workers:
        yield [], ""
        return
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = os.environ | {"SPARK_HOME": str(home), "SPARK_NO_DAEMONIZE": "1"}
    address = f"spark://127.0.0.1:{CLUSTER_PORT}"
    here = "org.apache.spark.deploy"
    commands = [
        [f"{here}.master.Master", "--host", "127.0.0.1", "--port", str(CLUSTER_PORT), "--webui-port", "0"]
    ]
    memory = of_each_worker(cap, workers)
    for number in range(workers):
        of_worker = [
            "--cores",
            "1",
            "--memory",
            memory,
            "--webui-port",
            "0",
            "-d",
            str(place / f"worker{number}"),
        ]
        commands.append([f"{here}.worker.Worker", address, *of_worker])
    started = []
    try:
        for command in commands:
            with (place / f"cluster{len(started)}.txt").open("w") as said:
                started.append(
                    subprocess.Popen(
                        [str(home / "bin" / "spark-class"), *command],
                        env=environment,
                        stdout=said,
                        stderr=said,
                        start_new_session=True,
                    )
                )
            # The workers look for the master once they are up.
            time.sleep(8)
        yield [one.pid for one in started], address
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait()


class Looked:
    """What was seen of the processes of a run, by the sessions that they belong to."""

    def __init__(self, sessions: set[int], place: Path) -> None:
        self.sessions, self.place = sessions, place
        self.highest: tuple[int, str] = (0, "")
        self.spilled = 0
        # {process: (session, CPU seconds)} of Java.
        self.java: dict[int, tuple[int, float]] = {}

    def again(self) -> None:
        """One look at all of them."""
        resident: dict[bytes, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                name, _, rest = (folder / "stat").read_text().rpartition(")")
                facts = rest.split()
                if int(facts[3]) not in self.sessions:
                    continue
                size = int(facts[21]) * os.sysconf("SC_PAGE_SIZE")
                said = (folder / "cmdline").read_bytes()
                # Java forks itself for a moment to call a program of the system: one memory, seen twice.
                resident[said] = max(resident.get(said, 0), size)
                if name.partition("(")[2] == "java":
                    seconds = (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
                    self.java[int(folder.name)] = (int(facts[3]), seconds)
            except (OSError, IndexError, ValueError):
                # It has ended meanwhile.
                continue
        self.highest = max(self.highest, (sum(resident.values()), datetime.now(UTC).isoformat()))
        spills = [*self.place.glob("*.spill"), *self.place.glob("results/.work/*spill")]
        spills += [*self.place.glob("results/.work/spark"), *self.place.glob("worker*")]
        self.spilled = max(self.spilled, sum(size_of(folder) for folder in spills))

    def seconds_of_java(self, session: int) -> float:
        """CPU seconds of Java in a session."""
        return sum(seconds for of, seconds in self.java.values() if of == session)


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
    a_million = run.cpu / run.rows * 1e6
    return (
        f"| {run.way} | {run.rows:,} | {run.cap:g} GB | {run.wall:,.0f} | {run.cpu:,.0f}"
        f" | {a_million:,.0f} | {run.rows / run.wall:,.0f} | {run.peak / MIB:,.0f} | {run.spilled / MIB:,.0f}"
        f" | {run.database / MIB:,.0f} | {run.verdict} |"
    )


def said_of_growth(small: Run, large: Run) -> list[str]:
    """What grew how, from a small run to a large one of the same cap."""
    sizes = (small.rows, large.rows)
    lines = [
        f"{large.way}: growth from {small.rows:,} to {large.rows:,} rows under {large.cap:g} GB: CPU seconds"
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
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=["database"], help="how it is checked")
    parser.add_argument(
        "--workers",
        type=int,
        nargs="+",
        default=[0],
        help="of a cluster on this machine; 0: Spark in one process",
    )
    parser.add_argument("--folder", type=Path, help="where everything is made and kept")
    given = parser.parse_args()
    if min(given.caps) <= BESIDE_DUCKDB:
        parser.error(f"--caps must be more than {BESIDE_DUCKDB:g} GB")
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        print(
            "| way | rows | cap | seconds | CPU s | CPU s a million | rows a second"
            " | peak MiB | spilled MiB | database MiB | |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        for way, cap, workers in product(given.ways, given.caps, given.workers):
            if workers and way != "spark":
                continue
            for rows in sorted(given.rows):
                runs.append(check(folder, rows, cap, given.from_files, way, workers))
                print(told(runs[-1]), flush=True)
        for way, cap in sorted({(run.way, run.cap) for run in runs}):
            same = [run for run in runs if (run.way, run.cap) == (way, cap) and not run.verdict]
            if len(same) > 1:
                print("\n" + "\n".join(said_of_growth(same[0], same[-1])))
        if runs:
            for run in runs:
                made = " and ".join(run.at_the_peak) or "something that is not known"
                print(
                    f"\n{run.way}: {run.rows:,} rows under {run.cap:g} GB took most memory while it made {made}."
                )
            print(f"\nThe dearest models at {runs[-1].rows:,} rows (seconds in dbt):")
            for name, seconds in sorted(runs[-1].models.items(), key=lambda item: -item[1])[:12]:
                print(f"{seconds:8.1f}  {name}")
    return 1 if any(run.verdict for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
