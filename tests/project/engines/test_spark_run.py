"""What a run on Spark needs, where it works and how its results take their place; without Spark itself."""

from __future__ import annotations

import os
import shutil

import duckdb
import pytest
from dbt_runs import PROJECT
from typer.testing import CliRunner

from asc_cld import spark_run
from asc_cld.command_line import app
from asc_cld.command_line.dbt_run import in_words
from asc_cld.landing.connection import LandingError
from asc_cld.landing.submissions import land_submissions
from asc_cld.spark_run import TABLES, SparkError

SUBMISSIONS = PROJECT / "data" / "demo" / "submissions"


@pytest.fixture
def with_spark(monkeypatch):
    monkeypatch.setattr(spark_run, "refuse_without_spark", lambda: None)
    # prepare() tells dbt in variables where it works.
    known = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(known)


@pytest.fixture
def landed(tmp_path):
    land_submissions(SUBMISSIONS, tmp_path / "landed", list_folders={})
    return tmp_path / "landed"


def java(folder, version):
    path = folder / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    path.chmod(0o755)
    return folder


@pytest.mark.skipif(os.name == "nt", reason="a script stands for Java")
def test_a_spark_that_cannot_start_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(spark_run, "_is_there", lambda module: module != "pyspark")
    with pytest.raises(SparkError, match=r"not installed \(pyspark\): pip install .*requirements-spark.txt"):
        spark_run.refuse_without_spark()
    monkeypatch.setattr(spark_run, "_is_there", lambda module: True)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(SparkError, match="none was found where JAVA_HOME points"):
        spark_run.refuse_without_spark()
    for version, is_good in (("1.8.0_392", False), ("11.0.2", False), ("17.0.15", True), ("21", True)):
        monkeypatch.setenv("JAVA_HOME", str(java(tmp_path / version, version)))
        if is_good:
            spark_run.refuse_without_spark()
        else:
            with pytest.raises(SparkError, match="needs Java 17 or newer; .* is older"):
                spark_run.refuse_without_spark()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SparkError, match="needs Java 17 or newer, and none was found: docs/scale.md"):
        spark_run.refuse_without_spark()


@pytest.mark.parametrize(
    ("variable", "good", "odd"),
    [
        (
            "CLD_SPARK_MASTER",
            ("local", "local[*]", "local[8]", "spark://host:7077"),
            ("", "local[x]", "8", "host"),
        ),
        ("CLD_SPARK_MEMORY", ("4g", "900m"), ("", "abc", "4", "0g", "4 GB")),
        ("CLD_SPARK_WORKER_MEMORY", ("1g", "1500m"), ("", "1", "1.5g")),
        ("CLD_SPARK_PARTITIONS", ("1", "400"), ("", "0", "two", "-3")),
        ("CLD_SPARK_CODEGEN", ("true", "false"), ("", "True", "maybe")),
    ],
)
def test_a_setting_of_spark_that_is_none_stops_the_run_and_is_named(monkeypatch, variable, good, odd):
    monkeypatch.setattr(spark_run, "_is_there", lambda module: False)
    for text in good:
        monkeypatch.setenv(variable, text)
        with pytest.raises(SparkError, match="Spark is not installed"):
            spark_run.refuse_without_spark()
    for text in odd:
        monkeypatch.setenv(variable, text)
        with pytest.raises(SparkError, match=f"{variable} is '.*': write "):
            spark_run.refuse_without_spark()


def test_the_command_says_so_and_begins_nothing(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(spark_run, "_is_there", lambda module: False)
    done = CliRunner().invoke(app, ["check", "--engine", "spark", "--submissions", str(SUBMISSIONS)])
    assert done.exit_code == 2 and "Nothing was begun.\nSpark is not installed" in done.output
    assert list(tmp_path.iterdir()) == []
    done = CliRunner().invoke(app, ["check", "--rows-at-once", "5"])
    assert done.exit_code == 2 and "--rows-at-once goes with --results" in done.output
    done = CliRunner().invoke(app, ["region", "--results", "somewhere"])
    assert (
        done.exit_code == 2 and "somewhere holds no results: asc-cld check --results somewhere" in done.output
    )
    assert list(tmp_path.iterdir()) == []


def test_spark_reads_the_parts_that_the_landing_names(landed, tmp_path):
    places = spark_run.landed_places(str(landed), {})
    assert set(places) == {
        *("submission_rows", "submission_files", "submission_headers", "submission_problems"),
        *("death_rows", "returned_rows"),
    }
    rows = places["submission_rows"]
    assert rows["path"] == str(landed / "rows") and len(rows["parts"]) == 2
    named = {path.name for path in (landed / "rows").glob("council=409/submission=*")}
    assert {f"submission={part}" for part in rows["parts"]} == named
    # What lies beside them, such as a landing that broke off, is not named.
    shutil.copytree(landed / "rows" / "council=409", landed / "rows" / "council=410")
    assert spark_run.landed_places(str(landed), {}) == places
    (landed / "rows" / "council=409" / f"submission={rows['parts'][0]}" / "part-0.parquet").unlink()
    with pytest.raises(LandingError, match="is not as it was landed: land again"):
        spark_run.landed_places(str(landed), {})
    with pytest.raises(LandingError, match="Spark reads a landing: asc-cld land --submissions"):
        spark_run.landed_places("", {})


def test_a_run_is_told_where_it_works_and_its_tables_are_found_there(with_spark, landed, tmp_path):
    work = tmp_path / "work"
    left = work / TABLES / "dhsc.db" / "left_by_another_run"
    left.mkdir(parents=True)
    spark_run.prepare(work, landed)
    assert not left.exists()
    assert os.environ["CLD_SPARK_PARTITIONS"] == "2" and os.environ["CLD_LANDED_PATH"] == str(landed)
    assert os.environ["CLD_SPARK_WAREHOUSE"] == str(work / TABLES)
    # As Spark leaves a table.
    folder = work / TABLES / "dhsc.db" / "ascof_measures"
    folder.mkdir(parents=True)
    (folder / "_SUCCESS").touch()
    (folder / ".part-0.parquet.crc").touch()
    for number in (1, 2):
        duckdb.execute(f"copy (select {number} as figure) to '{folder}/part-{number}.parquet'")
    with duckdb.connect() as connection:
        spark_run.attach_tables(connection, work, "run")
        assert connection.execute("from run.dhsc.ascof_measures order by all").fetchall() == [(1,), (2,)]
    # A table without a file has no columns: it is not left out as if there were no such table.
    (work / TABLES / "reference.db" / "accepted_exceptions").mkdir(parents=True)
    with (
        duckdb.connect() as connection,
        pytest.raises(SparkError, match="no file for reference.accepted_exceptions"),
    ):
        spark_run.attach_tables(connection, work, "run")


def test_each_run_is_cut_as_its_own_rows_need_it(with_spark, landed, tmp_path, monkeypatch):
    def told():
        spark_run.prepare(tmp_path / "work", landed)
        return os.environ["CLD_SPARK_PARTITIONS"], os.environ["CLD_SPARK_CODEGEN"]

    assert told() == ("2", "false")
    monkeypatch.setattr(spark_run, "partitions_for", lambda index: 8)
    assert told() == ("8", "true")
    # What the user has given stays.
    os.environ["CLD_SPARK_PARTITIONS"] = "5"
    assert told() == told() == ("5", "true")


def test_words_of_spark_hold_no_cell():
    said = (
        "Runtime Error in model sub_rows (models/submissions/rows/sub_rows.sql)\n"
        '  [CAST_INVALID_INPUT] The value \'Smith\' of the type "STRING" cannot be cast to "INT" because it is'
        " malformed. SQLSTATE: 22018\n  == SQL (line 1) ==\n  at org.apache.spark.sql.Foo(Foo.scala:1)"
    )
    assert in_words(said) == (
        "The value (not shown) of the type (not shown) cannot be cast to (not shown) because it is malformed."
        " (CAST_INVALID_INPUT)"
    )
    assert in_words("[JAVA_GATEWAY_EXITED] Java gateway process exited").startswith(
        "Spark did not start: Java ended"
    )
    full = (
        "An error occurred while calling o55.sql.\n: org.apache.spark.SparkException: Job aborted due to stage"
        " failure: Task 0 in stage 755.0 failed 1 times: java.lang.OutOfMemoryError: Java heap space\n\tat java.base"
    )
    assert in_words(full).startswith("Spark had too little memory: give it more in CLD_SPARK_MEMORY")
    assert in_words("[Errno 111] Connection refused") == "Spark had ended before."
    odd = "An error occurred while calling o55.sql.\n: java.io.IOException: Smith\n\tat java.base/Foo.bar"
    assert in_words(odd) == "Spark broke off; the reason stands in logs/dbt.log."
    ours = "[USER_RAISED_EXCEPTION] 409.csv, line 7: la_code is blank. SQLSTATE: P0001\n\tat org.apache.spark"
    assert in_words(ours) == "409.csv, line 7: la_code is blank."
