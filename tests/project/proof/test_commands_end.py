"""Every command ends in one sentence and a code that means it: no trace, whatever happens to it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys

import duckdb
import pytest
from conftest import PROJECT
from xlsxwriter.exceptions import FileCreateError

from asc_cld import export_powerbi, plainly
from asc_cld.return_file import OutputError
from asc_cld.settings import SettingsError

PERSON = "Testina Examplewood"


def ended(error, capsys):
    """Exit code and what was said."""

    @plainly.plainly("command")
    def main():
        raise error

    return main(), capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/out/a.csv"), "command: /out/a.csv: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "command: No space left on device"),
        (FileCreateError(OSError(errno.ENOSPC, "No space left")), "command: No space left"),
        (OutputError("out: the return was not written"), "command: out: the return was not written"),
        (SettingsError("la_code stands twice"), "command: la_code stands twice"),
        (duckdb.BinderException(f"column {PERSON}"), "command: the database was built by another version"),
        (duckdb.IOException("IO Error: cannot write\nmore"), "command: IO Error: cannot write\n"),
        (duckdb.ConversionException(f"could not convert {PERSON}"), "command: DuckDB could not do it (Conversion"),
        (ValueError(f"not a number: {PERSON}"), "command: this is a fault of the program (ValueError)"),
    ],
    ids=lambda given: type(given).__name__,
)  # fmt: skip
def test_an_error_is_a_sentence_without_a_person(error, said, capsys):
    code, printed = ended(error, capsys)
    assert code == 1 and printed.startswith(said)
    assert len(printed.splitlines()) == 1 and PERSON not in printed and "Traceback" not in printed


def test_ctrl_c_has_its_own_code(capsys):
    code, printed = ended(KeyboardInterrupt(), capsys)
    assert code == 130 and printed == "command: stopped by hand; nothing half written is left\n"


def test_a_fault_of_the_program_says_where_it_is(tmp_path, monkeypatch, capsys):
    def fails(*_):
        raise KeyError(PERSON)

    monkeypatch.setattr(export_powerbi, "export", fails)
    assert export_powerbi.main(["--database", str(tmp_path / "a"), "--folder", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("export: this is a fault of the program (KeyError) at export_powerbi.py, line ")


def test_an_export_says_why_a_table_is_empty(tmp_path, monkeypatch, capsys):
    counts = dict.fromkeys(export_powerbi.TABLES, 0)
    monkeypatch.setattr(export_powerbi, "export", lambda *_: counts)
    assert export_powerbi.main(["--database", str(tmp_path / "a"), "--folder", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "services: 0 rows, for DHSC takes no file for these 12 months" in said
    assert "dhsc_movement_people: 0 rows, for nobody moved a figure, or asc-cld movement has not run" in said
    counts["reviews"] = 3
    export_powerbi.main(["--database", str(tmp_path / "a"), "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert "reviews: 3 rows\n" in said and "costs: 0 rows, for there is nothing of the kind" in said


def test_what_ends_a_command_otherwise_still_does():
    @plainly.plainly("command")
    def main():
        raise SystemExit(2)

    with pytest.raises(SystemExit):
        main()
    assert plainly.plainly("command")(lambda: 7)() == 7


def test_every_command_is_one_of_these():
    bare = [
        path.name
        for path in (PROJECT / "asc_cld").rglob("*.py")
        if "\ndef main(" in (text := path.read_text(encoding="utf-8"))
        and '\n@plainly("' not in text.partition("\ndef main(")[0]
    ]
    assert bare == []


COMMAND = [sys.executable, "-m", "asc_cld.verify", "no_such_file.csv"]


def run(command=COMMAND, **more):
    """A command that says one line, started in the project."""
    return subprocess.run(
        command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."}, **more
    )


HELP = [sys.executable, "-m", "asc_cld", "--help"]
HELP_OF_ONE = [sys.executable, "-m", "asc_cld", "build", "--help"]


@pytest.mark.parametrize("command", [COMMAND, HELP, HELP_OF_ONE])
def test_a_reader_that_has_gone_ends_it_in_silence(command):
    read, write = os.pipe()
    os.close(read)
    done = run(command, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_help_that_is_read_ends_well():
    done = run(HELP, stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: " in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_an_output_that_is_full_is_said():
    with open("/dev/full", "w") as full:
        done = run(stdout=full)
    assert (done.returncode, done.stderr) == (1, "verify: No space left on device\n")


def test_a_stopped_command_says_so(tmp_path):
    """Ctrl-C while a command waits for its input."""
    duckdb.connect(str(tmp_path / "a.duckdb")).close()
    process = subprocess.Popen(
        [sys.executable, "-m", "asc_cld.subject_access", "--person", "-", "--database", str(tmp_path / "a.duckdb")],
        cwd=PROJECT, env=os.environ | {"PYTHONPATH": "."}, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (
        130,
        "subject access: stopped by hand; nothing half written is left\n",
    )
