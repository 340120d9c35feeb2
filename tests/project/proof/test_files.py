"""Every file is whole or not there, private, and nothing is left beside it."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

from asc_cld import files as writer
from asc_cld.files import UNFINISHED, WholeFiles, private_folder, whole_file, why_not, writing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_files_and_folders_are_private_under_every_umask(tmp_path, umask):
    folder = private_folder(tmp_path / "a" / "b")
    with writing(folder / "text.csv", encoding="utf-8-sig") as stream:
        stream.write("a,b\r\n")
    with whole_file(folder / "made by others") as temporary:
        # As DuckDB does: the file is made anew.
        temporary.unlink()
        temporary.write_bytes(b"x")
        temporary.chmod(0o644)
    assert (folder / "text.csv").read_bytes() == b"\xef\xbb\xbfa,b\r\n"
    assert [mode(path) for path in (folder, folder.parent)] == [0o700, 0o700]
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert names(folder) == ["made by others", "text.csv"]


def test_what_could_not_be_written_is_known_before(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    assert why_not(tmp_path / "new" / "a.csv") == why_not(tmp_path / "file") == ""
    assert why_not(tmp_path / "file" / "a.csv") == f"{tmp_path / 'file'} is a file and no folder"
    assert why_not(tmp_path / "folder") == f"{tmp_path / 'folder'} is a folder and no file"

    def fails(*given):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        # As Windows does with a file that Excel has open.
        patched.setattr(writer.os, "replace", fails)
        assert why_not(tmp_path / "a.csv") == "" and "open in Excel" in why_not(tmp_path / "file")
    with monkeypatch.context() as patched:
        patched.setattr(writer.Path, "open", fails)
        assert why_not(tmp_path / "a.csv") == f"{tmp_path}: No space left on device"
    assert names(tmp_path) == ["file", "folder"]


def test_a_folder_that_stood_open_is_closed_and_a_common_one_is_not(tmp_path, monkeypatch):
    for name, before, after in (
        ("open", 0o755, 0o700),
        ("all may write", 0o1777, 0o1777),
        ("work", 0o755, 0o755),
    ):
        folder = tmp_path / name
        folder.mkdir()
        folder.chmod(before)
        if name == "work":
            (folder / "here").mkdir()
            monkeypatch.chdir(folder / "here")
        assert stat.S_IMODE(private_folder(folder).stat().st_mode) == after, name


def test_a_file_where_the_folder_should_be_is_an_error(tmp_path):
    (tmp_path / "a").write_text("")
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OSError, match="a"):
            private_folder(folder)
    assert mode(tmp_path / "a") != 0o700


@pytest.mark.parametrize("error", [OSError("disk"), KeyboardInterrupt(), SystemExit(1)], ids=repr)
def test_an_error_leaves_what_was_there(tmp_path, error):
    (tmp_path / "old.csv").write_text("old")
    with pytest.raises(type(error)), WholeFiles() as files:
        for name in ("old.csv", "new.csv"):
            with files.text(tmp_path / name) as stream:
                stream.write("new")
        raise error
    assert names(tmp_path) == ["old.csv"]
    assert (tmp_path / "old.csv").read_text() == "old"


@pytest.mark.parametrize("error", [PermissionError("open in Excel"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("fails_at", [0, 1, 2])
@pytest.mark.parametrize("has_links", [True, False])
def test_several_files_take_their_names_together(tmp_path, monkeypatch, fails_at, has_links, error):
    """Whichever name cannot be taken: the old files are back, the new ones are gone."""
    for name in ("1.csv", "3.csv"):
        (tmp_path / name).write_text("old")
    real, asked = os.replace, []

    def replace(source, target):
        if UNFINISHED in str(source) and UNFINISHED not in str(target):
            asked.append(target)
            if len(asked) == fails_at + 1:
                raise error
        real(source, target)

    def no_links(source, target):
        raise OSError("no second names here")

    monkeypatch.setattr(writer.os, "replace", replace)
    if not has_links:
        monkeypatch.setattr(writer.os, "link", no_links)
    with pytest.raises(type(error)), WholeFiles() as files:
        for name in ("1.csv", "2.csv", "3.csv"):
            with files.text(tmp_path / name) as stream:
                stream.write("new")
    assert names(tmp_path) == ["1.csv", "3.csv"]
    assert {path.read_text() for path in tmp_path.iterdir()} == {"old"}


def test_nothing_that_fails_after_the_names_are_taken_is_told_as_a_failure(tmp_path, monkeypatch):
    real = writer.to_disk

    def to_disk(path):
        if path.is_dir():
            raise OSError("a network folder that cannot")
        real(path)

    monkeypatch.setattr(writer, "to_disk", to_disk)
    with writing(tmp_path / "a.csv") as stream:
        stream.write("whole")
    assert (tmp_path / "a.csv").read_text() == "whole"


def test_a_disk_that_loses_what_was_written_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("old")

    def fsync(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer.os, "fsync", fsync)
    with pytest.raises(OSError, match="No space"), writing(tmp_path / "a.csv") as stream:
        stream.write("new")
    assert (tmp_path / "a.csv").read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


STOPPED = """
import signal, sys, time
from pathlib import Path
from asc_cld.files import writing

# A shell that starts this in the background has switched Ctrl-C off for all it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
with writing(Path(sys.argv[1])) as stream:
    stream.write("half")
    stream.flush()
    print("begun", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_a_stopped_run_leaves_the_old_file_and_the_next_one_clears_up(tmp_path, how):
    path = tmp_path / "list [1].csv"
    path.write_text("old")
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(path)], cwd=PROJECT, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    process.stdout.readline()
    # While it runs nobody takes its file away.
    with writing(path) as stream:
        stream.write("of another run")
    assert len(names(tmp_path)) == 2
    process.send_signal(how)
    assert process.wait(timeout=20) != 0
    assert path.read_text() == "of another run"
    assert len(names(tmp_path)) == (1 if how == signal.SIGINT else 2)
    private_folder(tmp_path)
    assert names(tmp_path) == [path.name]


def test_the_temporary_name_is_of_the_same_folder_and_not_a_csv(tmp_path):
    with whole_file(tmp_path / "a.csv") as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == UNFINISHED


# A line that opens, renames or makes a folder by itself.
BY_ITSELF = re.compile(
    r"""\.open\(\s*["'][wax]|\bopen\([^)]*["'][wax]b?["']|write_text|write_bytes|os\.replace|\.mkdir\("""
)


def test_the_package_writes_through_the_one_writer():
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in sorted((PROJECT / "asc_cld").rglob("*.py"))
        if path.name not in ("files.py", "convert_xlsx.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if BY_ITSELF.search(line)
    ]
    assert found == []
