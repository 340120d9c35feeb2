"""The checks and measures on Spark: what a run needs, where it works, and how its results take their place.

    asc-cld check --engine spark --submissions FOLDER --results RESULTS

Spark reads a landing (asc_cld/landing/submissions.py), works in a folder of its own and, when every table is there,
gives it its name: `RESULTS/current.json` says which run that is. Until then, and where a run is killed or fails, the
run before is the one that counts. `results(RESULTS)` opens it with DuckDB.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from filelock import FileLock, Timeout

from asc_cld.files import private_folder, writing
from asc_cld.landing.connection import LandingError
from asc_cld.landing.submissions import DATA, ROWS, Index, read_index

CURRENT, TABLES, WORK = "current.json", "tables", ".work"
OLDEST_JAVA = 17
# The lists that the source tables of that name are read from.
LISTS = {"death_rows": "ons_deaths_path", "returned_rows": "dhsc_lists_path"}
# Rows that one task takes: smaller pieces cost more to hand out than to work on.
ROWS_OF_A_TASK = 250_000
SCHEMAS = ("submissions", "data_quality", "dhsc", "specification", "reference", "governance", "regional")


# {variable: (the form of its value, in words)}; what is not set has a default (profiles.yml).
FORMS = {
    "CLD_SPARK_MASTER": (r"local(\[(\d+|\*)\])?|[a-z0-9]+://\S+|yarn", "local[2] or spark://host:7077"),
    "CLD_SPARK_MEMORY": (r"[1-9]\d*[mgt]", "a size such as 4g"),
    "CLD_SPARK_PARTITIONS": (r"[1-9]\d*", "a whole number of at least 1"),
    "CLD_SPARK_CODEGEN": (r"true|false", "true or false"),
}


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


@contextmanager
def run_in(results: Path, landed: Path, list_folders: Mapping[str, str]) -> Iterator[Path]:
    """A folder for one run, with the variables that profiles.yml reads. Raises SparkError and LandingError.

    What a run that was killed has left is gone first; nobody else works there meanwhile.
    """
    refuse_without_spark()
    index = read_index(landed, list_folders)
    private_folder(results)
    lock = FileLock(results / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise SparkError(f"another run into {results} is at work") from None
    work = results / WORK
    try:
        shutil.rmtree(work, ignore_errors=True)
        private_folder(work)
        private_folder(work / "spark")
        os.environ.update(
            {
                "CLD_LANDED_PATH": str(Path(landed).absolute()),
                "CLD_SPARK_WAREHOUSE": str((work / TABLES).absolute()),
                # What Spark spills holds people: it lies in a private folder too.
                "CLD_SPARK_SCRATCH": str((work / "spark").absolute()),
            }
        )
        partitions = partitions_for(index)
        os.environ.setdefault("CLD_SPARK_PARTITIONS", str(partitions))
        # With few rows Spark takes longer to compile its queries than to go through them uncompiled.
        os.environ.setdefault("CLD_SPARK_CODEGEN", "false" if partitions == 2 else "true")
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        lock.release()


def publish(results: Path, work: Path) -> dict[str, Any]:
    """Gives a finished run its name and lets it take the place of the one before. Gives what current.json says."""
    run = private_folder(results / f"run-{uuid4().hex[:12]}")
    tables = {}
    for schema in SCHEMAS:
        for folder in sorted((work / TABLES / f"{schema}.db").glob("*")):
            if folder.is_dir():
                target = private_folder(run / schema) / folder.name
                shutil.move(folder, target)
                for marker in target.glob(".*"):
                    marker.unlink()
                tables[f"{schema}.{folder.name}"] = sorted(path.name for path in target.glob("*.parquet"))
    said = {"run": run.name, "tables": tables}
    with writing(results / CURRENT) as stream:
        json.dump(said, stream, indent=1, sort_keys=True)
    for older in results.glob("run-*"):
        if older != run:
            shutil.rmtree(older)
    return said


def results(folder: Path | str) -> duckdb.DuckDBPyConnection:
    """The last whole run in a folder of results, as views of a database in memory. Raises SparkError."""
    folder = Path(folder)
    if not (folder / CURRENT).is_file():
        raise SparkError(f"{folder} holds no results of a run on Spark")
    said = json.loads((folder / CURRENT).read_text(encoding="utf-8"))
    connection = duckdb.connect()
    for name, files in said["tables"].items():
        schema, table = name.split(".")
        connection.execute(f'create schema if not exists "{schema}"')
        paths = [str(folder / said["run"] / schema / table / file) for file in files]
        if paths:
            listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
            connection.execute(f'create view "{schema}"."{table}" as select * from read_parquet([{listed}])')
    return connection
