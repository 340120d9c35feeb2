"""Whole runs that are killed at moments spread over their length, stopped by hand, or find no room or a lock.

Each is to leave the old return or the new one, with a manifest that vouches for it, no traceback and no
file that others may read, and the next run is to end well and leave nothing half written. Minutes of work:
`make faults`, and CI after the suite; `make faults MOMENTS=8` kills at fewer moments.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest
from conftest import DEMO_EXTRACTS, TO_THE_FILE, dbt, edit
from dbt_runs import environment

from asc_cld import verify

pytestmark = pytest.mark.slow
COUNT = int(os.environ.get("FAULT_MOMENTS") or 30)
MOMENTS = [number / (COUNT - 1) for number in range(COUNT)]
# Not after each: a run also has to cope with what several killed ones left.
MENDED_EVERY = 5
# Too little for the demo: DuckDB spills long before it gives up.
LITTLE_MEMORY = "120MB"
DBT = str(Path(sys.executable).with_name("dbt"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a good return in it, and extracts that give another one."""
    folder = tmp_path_factory.mktemp("faults")
    shutil.copytree(DEMO_EXTRACTS, folder / "extracts")
    first = dbt(folder, *TO_THE_FILE, extracts_path=folder / "extracts")
    assert first.exit_code == 0, first.printed
    old = first.return_file.read_bytes()
    edit(
        folder / "extracts" / "person.csv",
        lambda rows: [row | {"surname": f"{row['surname']}son"} for row in rows],
    )
    second = dbt(folder, *TO_THE_FILE, extracts_path=folder / "extracts")
    new = second.return_file.read_bytes()
    assert second.exit_code == 0 and old != new
    return folder, first, old, new


@pytest.fixture
def with_the_old(place):
    folder, first, old, new = place
    for path in first.output.iterdir():
        path.unlink()
    first.return_file.write_bytes(old)
    first.return_file.chmod(0o600)
    return folder, first, old, new


def with_ctrl_c() -> None:
    """A shell that starts the tests in the background has switched Ctrl-C off for all they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(folder: Path, command=(DBT,), settings=(), preexec_fn=with_ctrl_c) -> subprocess.Popen:
    given = {"extracts_path": folder / "extracts", "submissions_path": folder / "no_submissions"}
    return subprocess.Popen(
        [*command, "--no-use-colors", *TO_THE_FILE],
        cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(folder, **given | dict(settings))
        # What dbt says when its own log finds no room is dbt's.
        | {"DBT_WRITE_JSON": "false", "DBT_LOG_LEVEL_FILE": "none"},
        start_new_session=True, umask=0, preexec_fn=preexec_fn,
    )  # fmt: skip


def read_by_others(folder: Path) -> list[str]:
    """What the runs wrote and others may read; the extracts and the folder itself are the test's."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if not path.is_relative_to(folder / "extracts") and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def assert_whole(folder: Path, first, old: bytes, new: bytes) -> None:
    """One of the two returns stands there; the new one only with its manifest."""
    found = first.return_file.read_bytes()
    assert found in (old, new)
    if found == new:
        assert verify.verify(first.return_file, None)[0] == verify.SAME
    assert read_by_others(folder) == []


def assert_the_next_run_mends(folder: Path, first, new: bytes, **settings) -> None:
    run = dbt(folder, *TO_THE_FILE, extracts_path=folder / "extracts", **settings)
    assert run.exit_code == 0 and "Traceback" not in run.printed, run.printed
    assert first.return_file.read_bytes() == new
    names = [path.name for path in first.output.iterdir()]
    assert all(name == first.return_file.name or name.endswith(".manifest.json") for name in names), names
    for path in first.manifests:
        json.loads(path.read_text(encoding="utf-8"))
    assert not list(folder.glob("*.spill/*"))
    assert run.query("select sum(difference) from council.cld.cld_reconciliation") == [(0,)]
    assert read_by_others(folder) == []


def reached(line: str, moment: float) -> bool:
    """Whether what dbt says of its steps shows that so large a part of them has begun."""
    if moment == 0.0:
        return "Running with dbt" in line
    step = re.search(r"(\d+) of (\d+) START (?!hook)", line)
    return step is not None and int(step[1]) >= moment * int(step[2]) > 0


def stopped_at(process: subprocess.Popen, moment: float, how: signal.Signals) -> str:
    """Stops a run when it has come so far; what it printed."""
    printed, is_stopped = [], False
    for line in process.stdout:
        printed.append(line)
        if not is_stopped and reached(line, moment):
            os.killpg(process.pid, how)
            is_stopped = True
    process.stdout.close()
    process.wait()
    assert is_stopped, "".join(printed[-20:])
    return "".join(printed)


@pytest.mark.parametrize("number", range(COUNT))
def test_killed(with_the_old, number):
    folder, first, old, new = with_the_old
    stopped_at(started(folder), MOMENTS[number], signal.SIGKILL)
    assert_whole(folder, first, old, new)
    if number % MENDED_EVERY == MENDED_EVERY - 1 or number == COUNT - 1:
        assert_the_next_run_mends(folder, first, new)


@pytest.mark.parametrize("moment", [0.1, 0.5, 0.9])
def test_stopped_by_hand(with_the_old, moment):
    """Ctrl-C, which the shell sends to all processes of the run."""
    folder, first, old, new = with_the_old
    process = started(folder)
    printed = stopped_at(process, moment, signal.SIGINT)
    assert process.returncode != 0 and "Traceback" not in printed, printed[-3000:]
    assert "Stopped by hand" in printed
    assert_whole(folder, first, old, new)
    assert_the_next_run_mends(folder, first, new)


# dbt in a process that is killed before it gives a file of the output folder its name.
KILLED_AT_A_NAME = """
import os, signal, sys
from asc_cld import files
from dbt.cli.main import cli

real, left = os.replace, int(sys.argv.pop(1))

def replace(source, target):
    global left
    if os.path.dirname(os.path.abspath(target)) == os.environ["CLD_OUTPUT_PATH"]:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    real(source, target)

files.os.replace = replace
cli()
"""


# First the return is made to wait, then the manifest takes its name, then the return, then its measures.
@pytest.mark.parametrize("names_taken", range(4))
def test_killed_at_a_name(with_the_old, names_taken):
    folder, first, old, new = with_the_old
    process = started(folder, (sys.executable, "-c", KILLED_AT_A_NAME, str(names_taken)))
    printed, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, printed[-2000:]
    assert_whole(folder, first, old, new)
    assert first.return_file.read_bytes() == (new if names_taken == 3 else old)
    assert_the_next_run_mends(folder, first, new)


def test_killed_while_it_spills(with_the_old):
    """A build beyond its memory; what it spilled holds people, and the next run deletes it."""
    folder, first, old, new = with_the_old
    spill, seen = folder / "council.duckdb.spill", []
    process = started(folder, settings={"memory_limit": LITTLE_MEMORY})

    def watch():
        while process.poll() is None:
            left = [path for path in spill.glob("*") if path.is_file()] if spill.is_dir() else []
            if left:
                os.killpg(process.pid, signal.SIGKILL)
                seen.extend(left)
                return
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    watcher.join()
    assert seen and process.returncode == -signal.SIGKILL, printed[-2000:]
    assert [path for path in seen if path.exists()]
    assert_whole(folder, first, old, new)
    assert_the_next_run_mends(folder, first, new)


@pytest.mark.parametrize("megabytes", [1, 6])
def test_no_room_on_the_disk(with_the_old, megabytes):
    """No file of the run may grow beyond so many megabytes."""
    folder, first, old, new = with_the_old
    (folder / "council.duckdb").unlink(missing_ok=True)

    def little_room():
        # Not a signal that kills, but an error as a full disk gives one.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes << 20, megabytes << 20))

    process = started(folder, preexec_fn=little_room)
    printed, _ = process.communicate()
    assert process.returncode not in (0, -signal.SIGXFSZ), printed[-2000:]
    assert "Traceback" not in printed
    assert first.return_file.read_bytes() == old
    assert_the_next_run_mends(folder, first, new)


def test_no_room_to_spill(with_the_old):
    """Beyond the memory and beyond the disk that it may have, a run says so."""
    folder, first, old, new = with_the_old
    process = started(folder, settings={"memory_limit": "80MB", "temp_limit": "1MB"})
    printed, _ = process.communicate()
    assert process.returncode == 1 and "Traceback" not in printed, printed[-3000:]
    assert "Out of Memory" in printed
    assert first.return_file.read_bytes() == old
    assert_the_next_run_mends(folder, first, new)


def test_a_database_that_somebody_reads(with_the_old):
    folder, first, old, new = with_the_old
    with duckdb.connect(str(folder / "council.duckdb"), read_only=True):
        process = started(folder)
        printed, _ = process.communicate()
    assert process.returncode == 2 and "Traceback" not in printed, printed[-3000:]
    assert first.return_file.read_bytes() == old
    assert_the_next_run_mends(folder, first, new)


@pytest.mark.parametrize("name", ["output", "council.duckdb", "council.duckdb.spill"])
def test_something_else_stands_where_a_file_or_folder_belongs(with_the_old, name):
    """A file where the folder is wanted, or the other way round: one sentence, and what stands there stays."""
    folder, first, old, new = with_the_old
    aside, wanted = folder / "aside", folder / name
    was_there = wanted.exists()
    if was_there:
        wanted.rename(aside)
    if name == "council.duckdb":
        wanted.mkdir()
    else:
        wanted.write_text("something else")
    try:
        process = started(folder)
        printed, _ = process.communicate()
        assert process.returncode in (1, 2) and "Traceback" not in printed, printed[-3000:]
        assert name in printed, printed[-3000:]
        assert wanted.is_dir() if name == "council.duckdb" else wanted.read_text() == "something else"
    finally:
        if wanted.is_dir():
            shutil.rmtree(wanted)
        else:
            wanted.unlink(missing_ok=True)
        if was_there:
            aside.rename(wanted)
    assert first.return_file.read_bytes() == old
    assert_the_next_run_mends(folder, first, new)
