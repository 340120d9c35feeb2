"""The checks and measures on Spark: what a run needs, what it reads, and what it leaves.

    asc-cld check --engine spark --submissions FOLDER --results RESULTS

Spark reads a landing (asc_cld/landing/submissions.py) and works in a private folder; its tables become parts of the
results as those of DuckDB do (asc_cld/by_council.py, asc_cld/results.py).
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from asc_cld.database import identifier, quoted
from asc_cld.files import private_folder
from asc_cld.landing.connection import LandingError
from asc_cld.landing.submissions import DATA, ROWS, Index, read_index

TABLES, SCRATCH = "tables", "spark"
OLDEST_JAVA = 17
# Rows that one task takes: smaller pieces cost more to hand out than to work on.
ROWS_OF_A_TASK = 250_000
SECONDS_TO_END, SECONDS_FOR_A_WORKER = 60, 90

# {variable: (the form of its value, in words)}; what is not set has a default (profiles.yml).
FORMS = {
    "CLD_SPARK_MASTER": (r"local(\[(\d+|\*)\])?|[a-z0-9]+://\S+|yarn", "local[2] or spark://host:7077"),
    "CLD_SPARK_MEMORY": (r"[1-9]\d*[mgt]", "a size such as 4g"),
    "CLD_SPARK_WORKER_MEMORY": (r"[1-9]\d*[mgt]", "a size such as 4g"),
    "CLD_SPARK_PARTITIONS": (r"[1-9]\d*", "a whole number of at least 1"),
    "CLD_SPARK_CODEGEN": (r"true|false", "true or false"),
}

# {variable: what a run of this process has set it to}
_set: dict[str, str] = {}


class SparkError(Exception):
    """Why there is no run on Spark, in a sentence."""


def refuse_without_spark() -> None:
    """Raises SparkError where Spark cannot start here: odd settings, no packages, no Java, or one that is too old."""
    for variable, (form, words) in FORMS.items():
        if (given := os.environ.get(variable)) is not None and not re.fullmatch(form, given):
            raise SparkError(f"{variable} is '{given}': write {words}")
    for module in ("pyspark", "dbt.adapters.spark"):
        if not _is_there(module):
            raise SparkError(
                f"Spark is not installed ({module}): pip install --require-hashes -r requirements-spark.txt"
            )
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / ("java.exe" if os.name == "nt" else "java") if home else shutil.which("java")
    if not java or not Path(java).is_file():
        raise SparkError(
            f"Spark needs Java {OLDEST_JAVA} or newer, and none was found"
            + (" where JAVA_HOME points" if home else "")
            + ": docs/scale.md says how to install it"
        )
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        raise SparkError(f"Java does not start ({java})") from None
    version = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    if not version or int(version[1]) < OLDEST_JAVA:
        raise SparkError(f"Spark needs Java {OLDEST_JAVA} or newer; {java} is older")


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def landed_places(folder: str, list_folders: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """{source table: {"path": what Spark reads, "parts": which parts of it}} of a landing. Raises LandingError.

    The rows are read as one folder whose parts are partitions; a small table is one file.
    """
    if not folder:
        raise LandingError(
            "Spark reads a landing: asc-cld land --submissions FOLDER --to LANDED, and landed_path"
        )
    index = read_index(folder, list_folders)
    places: dict[str, dict[str, Any]] = {}
    for table in index.said["tables"]:
        files = index.files(table)
        parts = [Path(file).parent.name.removeprefix("submission=") for file in files]
        is_in_parts = table == "submission_rows" and all(Path(file).name == DATA for file in files)
        places[table] = {
            "path": str(index.folder / ROWS) if is_in_parts else files[0],
            "parts": sorted(parts) if is_in_parts else [],
        }
    return places


def partitions_for(index: Index) -> int:
    """Into how many pieces Spark cuts what it joins and groups; it puts small ones together again."""
    return max(2, min(2000, -(-index.rows("submission_rows") // ROWS_OF_A_TASK)))


def prepare(work: Path, landed: Path) -> None:
    """Tells dbt and Spark in variables what to read and where to work (profiles.yml); `work` is private.

    Raises SparkError and LandingError. What a run before this one has left there is deleted.
    """
    refuse_without_spark()
    # Where Java has ended py4j says so in pages to whoever listens to the root; the run says it in a sentence.
    logging.getLogger().addHandler(logging.NullHandler())
    index = read_index(landed)
    for name in (TABLES, SCRATCH):
        shutil.rmtree(work / name, ignore_errors=True)
    os.environ.update(
        {
            "CLD_LANDED_PATH": str(landed.absolute()),
            "CLD_SPARK_WAREHOUSE": str((work / TABLES).absolute()),
            # What Spark spills holds people: it lies in a private folder too.
            "CLD_SPARK_SCRATCH": str(private_folder(work / SCRATCH).absolute()),
        }
    )
    partitions = partitions_for(index)
    # With few rows Spark takes longer to compile its queries than to go through them uncompiled.
    fitting = {
        "CLD_SPARK_PARTITIONS": str(partitions),
        "CLD_SPARK_CODEGEN": "false" if partitions == 2 else "true",
    }
    for variable, value in fitting.items():
        # What the run before has set here is not what the user has given.
        if os.environ.get(variable) in (None, _set.get(variable)):
            os.environ[variable] = _set[variable] = value


def end_spark() -> None:
    """Java ends, and what it took is free for what comes next; where it has ended or none was begun, nothing happens.

    pyspark would keep it until this process ends.
    """
    from py4j.protocol import Py4JError
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    gateway = SparkContext._gateway
    if gateway is None:
        return
    # What has died on its way does not answer: its process is waited for all the same.
    with suppress(Py4JError, OSError):
        if session := SparkSession._instantiatedSession:
            session.stop()
        gateway.shutdown()
    SparkSession._instantiatedSession = SparkContext._active_spark_context = None
    SparkContext._gateway = SparkContext._jvm = None
    # Java ends with the pipe that it was begun with.
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        # Every table is written by now, or the run has failed: it keeps nothing that is wanted.
        gateway.proc.kill()


@contextmanager
def on_spark() -> Iterator[None]:
    """One run on Spark, whose Java ends with it. Raises SparkError where a cluster gives no worker."""
    master = os.environ.get("CLD_SPARK_MASTER", "local")
    ended, found_none = threading.Event(), threading.Event()
    looking = threading.Thread(target=_look_for_workers, args=(ended, found_none), daemon=True)
    if not master.startswith("local"):
        looking.start()
    try:
        yield
    finally:
        ended.set()
        if looking.ident:
            looking.join()
        end_spark()
    if found_none.is_set():
        raise SparkError(
            f"{master} gave no worker within {SECONDS_FOR_A_WORKER} seconds: is one there, with as much memory free as"
            " CLD_SPARK_WORKER_MEMORY says?"
        )


def _look_for_workers(ended: threading.Event, found_none: threading.Event) -> None:
    """Until the first worker is there; when the time is up whatever waits for one is told to stop."""
    from py4j.protocol import Py4JError
    from pyspark import SparkContext

    since = None
    while not ended.wait(1):
        context = SparkContext._active_spark_context
        # It is known before it has begun.
        if getattr(context, "_jsc", None) is None:
            continue
        since = since or time.monotonic()
        # Where Java has died the run itself says so.
        with suppress(Py4JError, OSError):
            # The driver is one of them.
            if context._jsc.sc().getExecutorMemoryStatus().size() > 1:
                return
            if time.monotonic() - since > SECONDS_FOR_A_WORKER:
                found_none.set()
                context.cancelAllJobs()


def attach_tables(connection: duckdb.DuckDBPyConnection, work: Path, name: str) -> None:
    """The tables that a run on Spark has left in its folder, as views of a database in memory called `name`.

    Raises SparkError where a table is a folder without a file: without its columns it cannot be shown as empty.
    """
    connection.execute(f"attach ':memory:' as {identifier(name)}")
    for folder in sorted((work / TABLES).glob("*.db/*")):
        files = sorted(folder.glob("*.parquet"))
        schema = folder.parent.name.removesuffix(".db")
        if not files:
            raise SparkError(f"Spark has left no file for {schema}.{folder.name}")
        place = f"{identifier(name)}.{identifier(schema)}"
        listed = ", ".join(quoted(file) for file in files)
        connection.execute(f"create schema if not exists {place}")
        connection.execute(
            f"create view {place}.{identifier(folder.name)} as select * from read_parquet([{listed}])"
        )
