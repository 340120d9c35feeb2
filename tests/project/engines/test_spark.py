"""The checks and measures on Spark: every table equals DuckDB's, and DHSC's own; the last result stays whole.

`make check-spark`. So do the tables of councils beside each other, and their files. A run on Spark takes minutes however
small its files are, so that there are few, of much.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
import test_dhsc_example_case as dhsc
import test_mutations
import test_rules
from dbt_runs import DATABASE, PROJECT, run_dbt
from rendered import Rendered

from asc_cld import by_council, region, spark_run
from asc_cld.results import CURRENT, OF_A_RUN, WORK, parts_of, results
from asc_cld.spark_run import SparkError

pytestmark = pytest.mark.spark

SCHEMAS = ("submissions", "data_quality", "dhsc", "reference", "specification")


@pytest.fixture(scope="module", autouse=True)
def spark_is_there():
    try:
        spark_run.refuse_without_spark()
    except SparkError as error:
        pytest.skip(str(error))


def command(submissions: Path, name: str = "check") -> list[str]:
    said = [name, "--engine", "spark", "--results", "results", "--submissions", str(submissions)]
    return [sys.executable, "-m", "asc_cld", *said]


def check_on_spark(
    folder: Path, submissions: Path, name: str = "check", **settings: str
) -> subprocess.CompletedProcess:
    """asc-cld check (or region) --engine spark, as a user gives it."""
    folder.mkdir(parents=True, exist_ok=True)
    variables = {name: text for name, text in os.environ.items() if not name.startswith("CLD_")}
    variables |= {f"CLD_{name.upper()}": str(value) for name, value in settings.items()}
    return subprocess.run(
        command(submissions, name),
        cwd=folder,
        env=variables | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=1500,
    )


def as_database(folder: Path, database: Path) -> Path:
    """The tables of a run on Spark in a DuckDB file, for the queries of other tests."""
    connection = results(folder)
    connection.execute(f"attach '{database}' as kept")
    for schema, table in connection.execute(
        "select schema_name, view_name from duckdb_views() where not internal"
    ).fetchall():
        connection.execute(f'create schema if not exists kept."{schema}"')
        connection.execute(f'create table kept."{schema}"."{table}" as from "{schema}"."{table}"')
    connection.close()
    return database


def differences(ours: Path, connection: duckdb.DuckDBPyConnection, *schemas: str) -> dict[str, str]:
    """{table: how many rows only one of the engines gave}, over all tables of these layers."""
    connection.execute(f"attach '{ours}' as ours (read_only)")
    found = {}
    there = {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
    }
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'ours' order by all"
    ).fetchall()
    for schema, name in tables:
        if schema not in schemas or f"{schema}.{name}" in OF_A_RUN:
            continue
        here, table = f'ours."{schema}"."{name}"', f"{schema}.{name}"
        if table not in there:
            found[table] = "not there on Spark"
            continue
        columns = connection.execute(
            "select column_name, data_type from duckdb_columns() where database_name = 'ours'"
            " and schema_name = ? and table_name = ? order by column_index",
            [schema, name],
        ).fetchall()
        # The entries of a map stand in no order.
        sides = [
            ", ".join(
                f'list_sort(map_entries(cast("{column}" as {kind})))'
                if kind.startswith("MAP")
                else f'cast("{column}" as {kind})'
                for column, kind in columns
            )
            + f" from {side}"
            for side in (here, f'"{schema}"."{name}"')
        ]
        only = [
            connection.execute(f"select count(*) from (select {one} except all select {other})").fetchone()[0]
            for one, other in (sides, sides[::-1])
        ]
        if any(only):
            found[table] = f"{only[0]} rows only on DuckDB, {only[1]} only on Spark"
    return found


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Path:
    """A folder with everything: the fixtures of all rules, spoilt returns, the demo's files, a region."""
    folder = tmp_path_factory.mktemp("mixed")
    submissions = folder / "submissions"
    submissions.mkdir()
    test_rules.write_fixtures(submissions)
    test_mutations.write_mutations(submissions)
    for path in (PROJECT / "data" / "demo" / "submissions").glob("*.csv"):
        shutil.copy(path, submissions)
    subprocess.run(
        [
            *(sys.executable, PROJECT / "scripts" / "make_region.py", "--rows", "20000", "--councils", "3"),
            *("--out", folder / "region", "--csv"),
        ],
        check=True,
        capture_output=True,
    )
    for path in (folder / "region" / "files").glob("*.csv"):
        shutil.copy(path, submissions)
    shutil.copy(max(submissions.glob("*_CLD_*.csv")), submissions / "once_more.csv")
    # The region before the last file of its first council.
    earlier = shutil.copytree(folder / "region" / "files", folder / "earlier")
    max(earlier.glob(f"{first_council(earlier)}_*.csv")).unlink()
    return folder


def first_council(folder: Path) -> str:
    return min(path.name for path in folder.glob("*_CLD_*.csv"))[:3]


def test_every_table_of_good_and_faulty_files_is_the_same_on_both_engines(mixed):
    earlier = check_on_spark(mixed, mixed / "earlier")
    assert " tables as Parquet in results: 3 parts (" in earlier.stdout, (
        earlier.stdout[-3000:] + earlier.stderr[-3000:]
    )
    before = {part.name: part.folder for part in parts_of(mixed / "results")}
    done = check_on_spark(mixed, mixed / "submissions", "region")
    # A copy is not landed, and is named.
    assert done.returncode == 1 and "is the same file as" in done.stdout, (
        done.stdout[-3000:] + done.stderr[-3000:]
    )
    # What is new is computed, of two councils nothing is: together that equals all computed in one run.
    assert " computed, 2 parts (" in done.stdout
    after = {part.name: part.folder for part in parts_of(mixed / "results")}
    assert {name for name in before if before[name] != after[name]} == {first_council(mixed / "earlier")}
    ours = mixed / "ours"
    ours.mkdir()
    run_dbt(
        ours,
        *("build", "--quiet", "--selector", "region", "--exclude", "resource_type:test"),
        submissions_path=mixed / "submissions",
        include_built="false",
    )
    assert differences(ours / DATABASE, results(mixed / "results"), *SCHEMAS) == {}
    with duckdb.connect(str(ours / DATABASE), read_only=True) as connection:
        for table in ("data_quality.dq_breaches", "dhsc.ascof_measures", "submissions.sub_changes"):
            assert connection.execute(f"select count(*) from {table}").fetchone()[0] > 100, table
        for table in ("reg_shared_measures", "reg_shared_waiting_times", "reg_quality_league"):
            assert connection.execute(f"select count(*) from regional.{table}").fetchone()[0] > 30, table
        # What a region hands out is the same too, to the last byte.
        region.write_files(connection, ours / "region")
    written = mixed / "output" / "region"
    files = sorted(path.relative_to(written) for path in written.rglob("*") if path.is_file())
    assert len(files) > 10
    assert [
        name for name in files if (written / name).read_bytes() != (ours / "region" / name).read_bytes()
    ] == []


def test_the_tables_of_a_region_are_made_on_spark_too(mixed):
    """Run after the one before. The command makes them on DuckDB, over the results of either engine."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    rendered, made = Rendered("spark"), mixed / "regional"
    models = {path.stem: path.read_text() for path in (PROJECT / "models" / "regional").glob("*.sql")}
    try:
        files: dict[str, list[str]] = {}
        for part in parts_of(mixed / "results"):
            for table, names in part.tables.items():
                files.setdefault(table.split(".")[1], []).extend(
                    str(mixed / "results" / part.folder / name) for name in names
                )
        for table, paths in files.items():
            session.read.parquet(*paths).createOrReplaceTempView(table)
        with results(mixed / "results") as connection:
            connection.execute("create schema regional")
            while models:
                for name in [
                    name for name in models if not any(f"ref('{one}')" in models[name] for one in models)
                ]:
                    session.sql(rendered.sql(models.pop(name))).write.parquet(str(made / name))
                    session.read.parquet(str(made / name)).createOrReplaceTempView(name)
                    connection.execute(
                        f"create view regional.{name} as from read_parquet('{made / name}/*.parquet')"
                    )
            assert differences(mixed / "ours" / DATABASE, connection, "regional") == {}
    finally:
        session.stop()


@pytest.mark.parametrize("method", dhsc.METHODS)
def test_dhsc_example_on_spark(method, tmp_path):
    done = check_on_spark(
        tmp_path,
        dhsc.EXAMPLE / "submissions",
        method_version=method,
        submission_selection="all",
        reporting_period_end="2026-03-31",
        submission_date="2026-04-20",
    )
    assert " tables as Parquet in results: " in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
    database = as_database(tmp_path / "results", tmp_path / "spark.duckdb")
    found = {name: rows for name in dhsc.QUERIES if (rows := dhsc.differences(database, method, name))}
    assert found == {}


ENDS = """
from pyspark import SparkContext
from pyspark.sql import SparkSession

from asc_cld import spark_run

spark_run.end_spark()
for megabytes in (600, 900):
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.driver.memory", f"{megabytes}m")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    assert session.sql("select 1").collect()[0][0] == 1
    # Each run has a Java of its own, with the memory that it was given.
    assert session._jvm.java.lang.Runtime.getRuntime().maxMemory() == megabytes * 1024**2
    java = SparkContext._gateway.proc
    if megabytes == 900:
        java.kill()
    spark_run.end_spark()
    assert java.returncode is not None
print("ended")
"""


def test_java_ends_with_the_run_that_began_it():
    done = subprocess.run(
        [sys.executable, "-c", ENDS],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout.strip().endswith("ended"), done.stderr[-2000:]


WAITS = """
import os, sys

from pyspark.sql import SparkSession

from asc_cld import spark_run

spark_run.SECONDS_FOR_A_WORKER = 5
os.environ["CLD_SPARK_MASTER"] = sys.argv[1]
with spark_run.on_spark():
    session = SparkSession.builder.master(sys.argv[1]).config("spark.ui.enabled", "false").getOrCreate()
    try:
        session.range(10).selectExpr("sum(id)").collect()
    except Exception:
        print("the job was ended")
"""


def test_a_cluster_that_gives_no_worker_is_not_waited_for():
    import pyspark

    home = Path(pyspark.__file__).parent
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = str(one.getsockname()[1])
    options = ["--host", "127.0.0.1", "--port", port, "--webui-port", "0"]
    master = subprocess.Popen(
        [home / "bin" / "spark-class", "org.apache.spark.deploy.master.Master", *options],
        env=os.environ | {"SPARK_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", WAITS, f"spark://127.0.0.1:{port}"],
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            timeout=300,
        )
    finally:
        os.killpg(master.pid, signal.SIGKILL)
        master.wait()
    assert "the job was ended" in done.stdout, done.stderr[-2000:]
    assert f"SparkError: spark://127.0.0.1:{port} gave no worker within 5 seconds" in done.stderr


def test_a_run_that_is_killed_leaves_the_last_result_whole(mixed):
    """Run after the others of this file: there is a result to keep."""
    before = (mixed / "results" / CURRENT).read_bytes()
    variables = {name: text for name, text in os.environ.items() if not name.startswith("CLD_")}
    run = subprocess.Popen(
        command(mixed / "submissions"),
        cwd=mixed,
        # With another setting everything is to be computed again.
        env=variables | {"PYTHONPATH": str(PROJECT), "CLD_SHARE_THRESHOLD": "6"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    built = mixed / "results" / WORK / spark_run.TABLES
    for _ in range(600):
        if list(built.glob("submissions.db/*/*.parquet")):
            break
        assert run.poll() is None
        time.sleep(0.5)
    else:
        pytest.fail("no table was begun within five minutes")
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert (mixed / "results" / CURRENT).read_bytes() == before
    connection = results(mixed / "results")
    assert connection.execute("select count(*) from dhsc.ascof_measures").fetchone()[0] > 100
    # The next run begins with a tidy folder.
    with by_council.at_work(mixed / "results") as work:
        assert list(work.iterdir()) == []
