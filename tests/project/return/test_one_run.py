"""One run at a time, which never begins on files it cannot use, and ends in words however dbt stops it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from conftest import DEMO_EXTRACTS, PROJECT, dbt
from dbt.adapters.duckdb.environments.local import DuckDBConnectionWrapper, LocalEnvironment
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.plugins import looked_at, one_run

HOLDS = """
import sys
from pathlib import Path
from asc_cld.plugins import one_run

one_run.lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path):
    """A database that another process works on, with what it spilled."""
    database = tmp_path / "council.duckdb"
    spilled = tmp_path / "council.duckdb.spill" / "of the other run"
    spilled.parent.mkdir()
    spilled.write_text("rows")
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(database)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"held\n"
    yield SimpleNamespace(database=database, spilled=spilled, process=process)
    process.communicate()


def test_a_second_run_is_refused_before_it_touches_anything(held):
    run = dbt(held.database.parent, "run", "--select", "gov_run")
    assert run.exit_code == 2, run.printed
    assert f"Another run is working on {held.database}: wait until it has ended" in run.printed
    assert "Traceback" not in run.printed
    assert held.spilled.read_text() == "rows"
    assert not held.database.exists()


def test_the_lock_goes_with_its_process(held):
    with pytest.raises(DbtRuntimeError, match="Another run is working on"):
        one_run.lock(held.database)
    held.process.kill()
    held.process.wait()
    one_run.lock(held.database)
    # Again in the same process: dbt opens the database more than once in a run.
    one_run.lock(held.database)


def test_a_closed_connection_has_nothing_to_stop(tmp_path):
    one_run.Plugin(name="one_run", plugin_config={})
    open_one, closed = (duckdb.connect() for _ in range(2))
    closed.close()
    environment = SimpleNamespace(notify_closed=lambda: None)
    for connection in (open_one, closed):
        LocalEnvironment.cancel(SimpleNamespace(handle=DuckDBConnectionWrapper(connection, environment)))
    assert open_one.execute("select 1").fetchall() == [(1,)]


def test_all_files_are_looked_at_and_each_fault_is_named_once(tmp_path):
    assert looked_at.problems(str(DEMO_EXTRACTS)) == []
    assert looked_at.problems(str(tmp_path / "none")) == [
        f"the folder of extracts does not exist: {tmp_path / 'none'}"
    ]
    extracts, mappings = tmp_path / "extracts", tmp_path / "mappings"
    shutil.copytree(DEMO_EXTRACTS, extracts)
    shutil.copytree(PROJECT / "seeds" / "mappings", mappings)
    assert looked_at.problems(str(extracts), str(mappings)) == []
    (extracts / "team.csv").write_bytes(b"\xff\xfe\x00not text")
    (extracts / "rate.csv").unlink()
    (mappings / "map_units.csv").write_text("unit_code\n1\n")
    found = looked_at.problems(str(extracts), str(mappings))
    for name in ("team.csv", "rate.csv", "map_units.csv"):
        assert any(name in problem for problem in found), name
    assert len(found) == 3


@pytest.mark.parametrize(
    "name", ["check", "select", "main", "temp", "system", "memory", "my-file", "2026", "council 2026", "a.b"]
)
def test_a_database_that_sql_cannot_call_by_its_name_is_refused(tmp_path, name):
    with pytest.raises(DbtRuntimeError, match="cannot be called"):
        one_run.lock(tmp_path / f"{name}.duckdb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damaged", [b"no database" * 1000, None])
def test_what_is_no_database_is_named_with_what_to_do(tmp_path, damaged):
    database = tmp_path / "council.duckdb"
    database.mkdir() if damaged is None else database.write_bytes(damaged)
    with pytest.raises(
        DbtRuntimeError, match=r"council.duckdb cannot be opened: .*[.] Move it away and build again"
    ):
        one_run.lock(database)


@pytest.mark.parametrize("name", ["council", "Council_2026", "_x", "data", "region"])
def test_other_names_are_taken(name):
    one_run.refuse_name(Path(f"{name}.duckdb"))
