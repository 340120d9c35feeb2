"""Whole runs that are killed at moments spread over their length, or find no room on the disk.

Each is to leave the old return or the new one, with a manifest that vouches for it, and the next run
is to end well and leave nothing half written. Minutes of work: `make faults`, and CI after the suite.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DEMO_EXTRACTS, TO_THE_FILE, dbt, edit
from dbt_runs import environment

from asc_cld import verify

pytestmark = pytest.mark.slow
MOMENTS = [0.0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.94, 0.96, 0.98, 0.99, 1.0]


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
    return folder, first, old, new


def started(folder: Path, **limits) -> subprocess.Popen:
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *TO_THE_FILE],
        cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(
            folder, extracts_path=folder / "extracts", submissions_path=folder / "no_submissions"
        )
        # What dbt says when its own log finds no room is dbt's.
        | {"DBT_WRITE_JSON": "false", "DBT_LOG_LEVEL_FILE": "none"},
        start_new_session=True, **limits,
    )  # fmt: skip


def assert_whole(first, old: bytes, new: bytes) -> None:
    """One of the two returns stands there; the new one only with its manifest."""
    found = first.return_file.read_bytes()
    assert found in (old, new)
    if found == new:
        assert verify.verify(first.return_file, None)[0] == verify.SAME


def assert_the_next_run_mends(folder: Path, first, new: bytes) -> None:
    run = dbt(folder, *TO_THE_FILE, extracts_path=folder / "extracts")
    assert run.exit_code == 0, run.printed
    assert first.return_file.read_bytes() == new
    names = [path.name for path in first.output.iterdir()]
    assert all(name == first.return_file.name or name.endswith(".manifest.json") for name in names), names
    for path in first.manifests:
        json.loads(path.read_text(encoding="utf-8"))
    assert not list(folder.glob("*.spill/*"))


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed(with_the_old, moment):
    folder, first, old, new = with_the_old
    process = started(folder)
    printed, is_killed = [], False
    for line in process.stdout:
        printed.append(line)
        step = re.search(r"(\d+) of (\d+) START", line)
        if (moment == 0.0 and "Running with dbt" in line) or (
            step and int(step[1]) >= moment * int(step[2]) > 0
        ):
            os.killpg(process.pid, signal.SIGKILL)
            is_killed = True
            break
    process.stdout.close()
    process.wait()
    assert is_killed, "".join(printed[-20:])
    assert_whole(first, old, new)
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
