"""CLD files landed as Parquet: the same as the folder itself gives, whole, fresh, and made once."""

from __future__ import annotations

import csv
import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import PROJECT
from dbt_common.exceptions import DbtRuntimeError
from typer.testing import CliRunner

from asc_cld.command_line import app
from asc_cld.landing import submissions
from asc_cld.landing.connection import LandingError
from asc_cld.landing.folder import LIST, alone
from asc_cld.landing.submissions import land_submissions, landed_tables
from asc_cld.plugins import list_reader, submission_reader
from asc_cld.readers.list_reader import LISTS, read_lists
from asc_cld.readers.submission_reader import (
    FILES_SCHEMA,
    HEADERS_SCHEMA,
    PROBLEMS_SCHEMA,
    as_table,
    read_folder,
    row_schema,
)
from asc_cld.settings import variable_of
from asc_cld.specification import seed_rows

DEMO = PROJECT / "data" / "demo" / "submissions"
HEADERS = [row["header"] for row in seed_rows("specification", "spec_fields")]
PERSON = "Quillfeather"


def row(number: int, la_code: str = "409") -> list[str]:
    return [la_code, "01/10/2025", "30/09/2026", "9990000018", f"P{number}", PERSON, *[""] * 44]


def write(path: Path, rows: list[list[str]], headers: list[str] = HEADERS, delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([headers, *rows])


def write_dirty(folder: Path) -> None:
    """Every kind of file that the reader takes, refuses, or says something of."""
    folder.mkdir()
    rows = [row(number) for number in range(5)]
    write(folder / "a.csv", rows)
    (folder / "a copy.csv").write_bytes((folder / "a.csv").read_bytes())
    write(folder / "b semicolons of a.txt", rows, delimiter=";")
    write(folder / "c one row more.csv", [*rows, row(9)])
    write(folder / "d empty rows.csv", [rows[0], [""] * 50, rows[1], [""] * 50])
    write(folder / "e header only.csv", [])
    write(folder / "f fewer columns.csv", [one[:7] for one in rows], ["Team", *HEADERS[:6]])
    (folder / "g cut.csv").write_bytes((folder / "a.csv").read_bytes()[:-60])
    (folder / "h packed.csv.gz").write_bytes(
        gzip.compress((folder / "a.csv").read_bytes().replace(b"P1,", b"Q1,"))
    )
    write(folder / "i two councils.csv", [row(1), row(2, "209 "), row(3, " 409")])
    write(folder / "j blank.csv", [row(1, "")])
    write(folder / "j shifted.csv", [row(1, f"{PERSON}/../../x")])
    write(folder / "k other council.csv", [row(1, "\u00a0209"), row(2, "209")])
    write(folder / f"l {PERSON} {'x' * 150}.csv", [row(7)])
    (folder / "m.docx").write_text("x")
    (folder / "n latin.csv").write_bytes((",".join(HEADERS) + "\n409,\x80Zo\xeb\n").encode("latin-1"))
    (folder / "o nowhere.csv").symlink_to(folder / "nothing")
    book = openpyxl.Workbook()
    for one in (HEADERS, row(3), [*row(4)[:6], "#N/A", *row(4)[7:]]):
        book.active.append(one)
    book.save(folder / "p book.xlsx")
    (folder / "submissions.csv").write_text(
        "file_name,imported_at\na.csv,2026-01-05\nk other council.csv,06/02/2026\nz.csv,2026-01-01\n"
    )


def tables_of_folder(folder: Path) -> dict[str, list[dict]]:
    found = read_folder(folder)
    return {
        "submission_rows": pa.Table.from_batches(list(found.batches()), row_schema()).to_pylist(),
        "submission_files": as_table(found.files, FILES_SCHEMA).to_pylist(),
        "submission_headers": as_table(found.headers, HEADERS_SCHEMA).to_pylist(),
        "submission_problems": as_table(found.problems, PROBLEMS_SCHEMA).to_pylist(),
        **{name: read_lists("", wanted).to_pylist() for name, wanted in LISTS.items()},
    }


def tables_of_landing(landed: Path, lists: dict[str, str] | None = None) -> dict[str, list[dict]]:
    return {
        name: [one for file in files for one in pq.ParquetFile(file).read().to_pylist()]
        for name, files in landed_tables(landed, lists).items()
    }


def land(source: Path, target: Path, **given):
    return land_submissions(source, target, **{"list_folders": {}} | given)


def parts(landed: Path) -> dict[str, int]:
    return {
        path.relative_to(landed).as_posix(): path.stat().st_mtime_ns
        for path in landed.rglob("part-0.parquet")
    }


@pytest.fixture
def dirty(tmp_path):
    write_dirty(tmp_path / "files")
    return tmp_path / "files"


def test_every_source_table_is_that_of_the_folder(dirty, tmp_path):
    result = land(dirty, tmp_path / "landed")
    expected = tables_of_folder(dirty)
    assert tables_of_landing(tmp_path / "landed") == expected
    assert len(expected["submission_files"]) == 12 and len(expected["submission_problems"]) == 7
    assert [list(problem.values()) for problem in expected["submission_problems"]] == [
        list(problem) for problem in result.problems
    ]
    types = {name: pq.read_schema(files[0]) for name, files in landed_tables(tmp_path / "landed").items()}
    assert types["submission_rows"] == row_schema() and types["submission_files"] == FILES_SCHEMA


def test_the_same_in_several_processes(dirty, tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "WORTH_A_PROCESS", 1)
    land(dirty, tmp_path / "landed", jobs=2)
    assert tables_of_landing(tmp_path / "landed") == tables_of_folder(dirty)


def test_a_place_for_every_council_and_no_name_of_a_person(dirty, tmp_path):
    landed = tmp_path / "landed"
    land(dirty, landed)
    assert {path.name for path in (landed / "rows").iterdir()} == {
        "council=209",
        "council=409",
        "council=several",
        "council=unread",
    }
    names = [path.relative_to(landed).as_posix() for path in landed.rglob("*")]
    assert not any(PERSON in name or "xxx" in name or "copy" in name for name in names)
    for path in (path for path in landed.rglob("*") if path.name != "lock"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    index = json.loads((landed / LIST).read_text())
    assert index["councils"]["209"] == 2 and PERSON not in json.dumps(index["tables"])


def test_only_what_is_new_is_landed_and_what_is_gone_goes(dirty, tmp_path, monkeypatch):
    landed = tmp_path / "landed"
    land(dirty, landed)
    before = parts(landed)
    assert land(dirty, landed).kept == len(before)
    assert parts(landed) == before
    write(dirty / "q new.csv", [row(77)])
    (dirty / "k other council.csv").unlink()
    (dirty / "a.csv").write_text((dirty / "a.csv").read_text().replace("P2", "P8"))
    (dirty / "submissions.csv").unlink()
    land(dirty, landed)
    after = parts(landed)
    assert len(set(after) - set(before)) == 2 and len(set(before) - set(after)) == 2
    assert all(after[name] == before[name] for name in set(after) & set(before))
    assert not (landed / "rows" / "council=209").exists()
    assert tables_of_landing(landed) == tables_of_folder(dirty)
    # Another reader, or other limits of what it opens, read all of it again.
    monkeypatch.setenv("CLD_PACKED_MB_MAX", "7")
    assert land(dirty, landed).kept == 0


def test_a_copy_becomes_the_submission_when_the_first_is_gone(dirty, tmp_path):
    land(dirty, tmp_path / "landed")
    (dirty / "a copy.csv").unlink()
    assert land(dirty, tmp_path / "landed").kept == len(parts(tmp_path / "landed"))
    assert tables_of_landing(tmp_path / "landed") == tables_of_folder(dirty)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: write(folder / "a.csv", [row(1)]), "a.csv has changed"),
        (lambda folder: write(folder / "z.csv", [row(1)]), "z.csv is new"),
        (lambda folder: (folder / "k other council.csv").unlink(), "k other council.csv is gone"),
        (lambda folder: (folder / "submissions.csv").unlink(), "submissions.csv is gone"),
        (lambda folder: (folder / "submissions.csv").write_text("x"), "submissions.csv has changed"),
        (lambda folder: write(folder / "g cut.csv", [row(1)]), "g cut.csv has changed"),
        (lambda folder: folder.rename(folder.with_name("moved")), "is no longer there"),
    ],
)
def test_a_stale_landing_is_refused_and_names_the_file(dirty, tmp_path, change, said):
    land(dirty, tmp_path / "landed")
    change(dirty)
    with pytest.raises(LandingError, match=said):
        landed_tables(tmp_path / "landed")


def test_a_file_only_touched_is_not_stale_and_one_of_the_same_size_is(dirty, tmp_path):
    landed = tmp_path / "landed"
    land(dirty, landed)
    path = dirty / "a.csv"
    facts = path.stat()
    os.utime(path, (1, 1))
    assert landed_tables(landed)
    path.write_bytes(path.read_bytes().replace(b"P1,", b"P7,"))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with pytest.raises(LandingError, match="a.csv has changed"):
        landed_tables(landed)


def test_a_sealed_landing_is_read_where_the_files_are_not(dirty, tmp_path):
    expected = tables_of_folder(dirty)
    land(dirty, tmp_path / "landed", is_sealed=True)
    dirty.rename(tmp_path / "moved")
    (tmp_path / "landed").rename(tmp_path / "elsewhere")
    assert tables_of_landing(tmp_path / "elsewhere") == expected
    assert str(tmp_path) not in (tmp_path / "elsewhere" / LIST).read_text()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda part: part.unlink(), "is not as it was landed"),
        (lambda part: part.write_bytes(part.read_bytes()[:-1]), "is not as it was landed"),
        (lambda part: (part.parents[3] / LIST).unlink(), "holds no landing"),
        (lambda part: (part.parents[3] / LIST).write_text("{"), "cannot be read"),
        (lambda part: (part.parents[3] / LIST).write_text('{"tables": []}'), "no landing of CLD files"),
    ],
)
def test_what_is_not_whole_is_not_read_and_is_made_again(dirty, tmp_path, spoil, said):
    landed = tmp_path / "landed"
    land(dirty, landed)
    spoil(sorted(landed.rglob("part-0.parquet"))[0])
    with pytest.raises(LandingError, match=said):
        landed_tables(landed)
    if "cannot be read" in said or "no landing of CLD" in said:
        with pytest.raises(LandingError):
            land(dirty, landed)
        (landed / LIST).unlink()
    land(dirty, landed)
    assert tables_of_landing(landed) == tables_of_folder(dirty)


def test_a_file_changed_while_it_is_landed_leaves_no_part(dirty, tmp_path, monkeypatch):
    read = submissions.rows_of

    def rows_of(key, source):
        yield from read(key, source)
        if source.name == "a.csv":
            write(dirty / "a.csv", [row(1), row(2)])

    monkeypatch.setattr(submissions, "rows_of", rows_of)
    (dirty / "a copy.csv").unlink()
    result = land(dirty, tmp_path / "landed")
    assert ("a.csv", 0, "was changed while it was landed; land again") in result.problems
    monkeypatch.undo()
    land(dirty, tmp_path / "landed")
    assert tables_of_landing(tmp_path / "landed") == tables_of_folder(dirty)


def end_reading_of_c(path: Path, target: Path, version: str) -> dict:
    """In a process of its own: as if the system had no more memory for one of the files."""
    if path.name.startswith("c "):
        os.kill(os.getpid(), signal.SIGKILL)
    return submissions.land_file(path, target, version)


@pytest.mark.skipif(os.name != "posix", reason="ends a process by a signal")
def test_a_process_that_is_killed_costs_its_own_file_only(dirty, tmp_path):
    paths = sorted(dirty.glob("[ack]*.csv"))
    with alone(tmp_path / "landed"):
        found = submissions.in_processes(paths, 2, tmp_path / "landed", "v", end_reading_of_c, print)
    assert set(found) == {path.name for path in paths}
    assert "ended from outside" in found["c one row more.csv"]["problem"][1]
    assert "part" in found["a.csv"] and "part" in found["k other council.csv"]


def test_killed_half_way_the_last_landing_is_whole_and_the_next_goes_on(dirty, tmp_path):
    landed = tmp_path / "landed"
    land(dirty, landed, is_sealed=True)
    before = tables_of_landing(landed)
    for number in range(3):
        write(dirty / f"r{number}.csv", [row(number + 100)])
    killed = (
        "import os, signal, sys; from pathlib import Path; from asc_cld.landing import submissions as s\n"
        "write = s.write_index\n"
        "s.write_index = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
        "s.land_submissions(Path(sys.argv[1]), Path(sys.argv[2]), list_folders={})\n"
    )
    done = subprocess.run([sys.executable, "-c", killed, str(dirty), str(landed)], cwd=PROJECT, timeout=60)
    assert done.returncode != 0
    assert tables_of_landing(landed) == before
    made = parts(landed)
    assert land(dirty, landed).kept == len(made) == len(before["submission_files"]) + 2 + 3
    assert parts(landed) == made
    assert tables_of_landing(landed) == tables_of_folder(dirty)


def test_two_landings_at_once_refuse(dirty, tmp_path):
    with alone(tmp_path / "landed"), pytest.raises(LandingError, match="another landing into"):
        land(dirty, tmp_path / "landed")


def test_lists_are_landed_and_missed_where_they_were_not(dirty, tmp_path):
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    (deaths / "2026.csv").write_text("NHS number,Date of death\n9990000018,01/02/2026\n")
    named = {"death_rows": str(deaths)}
    land(dirty, tmp_path / "landed")
    with pytest.raises(LandingError, match="the list death_rows"):
        landed_tables(tmp_path / "landed", named)
    land(dirty, tmp_path / "landed", list_folders=named)
    [one] = tables_of_landing(tmp_path / "landed", named)["death_rows"]
    assert one["nhs_number"] == "9990000018" and one["line_number"] == 2
    (deaths / "2027.csv").write_text("NHS number,Date of death\n9990000026,01/02/2027\n")
    with pytest.raises(LandingError, match="the lists of death_rows have changed"):
        landed_tables(tmp_path / "landed", named)
    (deaths / "2027.csv").write_text("NHS number\n9990000026\n")
    with pytest.raises(LandingError, match="2027.csv has no column date_of_death"):
        land(dirty, tmp_path / "landed", list_folders=named)


def as_dbt_loads(source: str, **given: str) -> list[tuple]:
    """The table that dbt's plugin makes of a source with these settings, as DuckDB holds it."""
    module = list_reader if source in LISTS else submission_reader
    plugin = module.Plugin("plugin", {})
    environment = {variable_of(name): value for name, value in given.items()}
    with duckdb.connect() as connection, patch.dict(os.environ, environment):
        connection.register("given", plugin.load(SimpleNamespace(name=source)))
        connection.execute("create table loaded as select * from given")
        columns = connection.execute("describe loaded").fetchall()
        return columns + sorted(connection.execute("select * from loaded").fetchall(), key=repr)


def test_dbt_loads_the_same_from_the_landing(dirty, tmp_path):
    landed = str(tmp_path / "landed")
    land(dirty, tmp_path / "landed")
    for source in (
        "submission_rows",
        "submission_files",
        "submission_headers",
        "submission_problems",
        *LISTS,
    ):
        from_files = as_dbt_loads(source, submissions_path=str(dirty))
        assert as_dbt_loads(source, landed_path=landed) == from_files
        # A folder that is named beside the landing is not read.
        assert as_dbt_loads(source, landed_path=landed, submissions_path=str(DEMO)) == from_files
    (dirty / "a.csv").unlink()
    for source in ("submission_rows", "death_rows"):
        with pytest.raises(DbtRuntimeError, match="a.csv is gone"):
            as_dbt_loads(source, landed_path=landed)


def test_a_part_that_cannot_be_read_is_named_and_made_again(dirty, tmp_path):
    landed = tmp_path / "landed"
    land(dirty, landed)
    part = sorted(landed.rglob("part-0.parquet"))[0]
    part.write_bytes(b"PAR1" + b"x" * (part.stat().st_size - 8) + b"PAR1")
    with pytest.raises(LandingError, match=f"{part.parent.name}.*cannot be read"):
        list(submissions.read_index(landed).row_batches())
    land(dirty, landed)
    assert tables_of_landing(landed) == tables_of_folder(dirty)


def call(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_names_what_is_not_landed_and_lands_the_others(dirty, tmp_path):
    done = call("land", "--submissions", dirty, "--to", tmp_path / "landed")
    assert done.exit_code == 1, done.output
    assert "NOT LANDED: g cut.csv, line 6: " in done.output
    assert "12 CLD files" in done.output and PERSON not in done.output
    for name in ("a copy.csv", "o nowhere.csv", "b semicolons of a.txt", "n latin.csv"):
        (dirty / name).unlink(missing_ok=True)
    (dirty / "g cut.csv").unlink()
    (dirty / "p book.xlsx").unlink()
    (dirty / "submissions.csv").unlink()
    done = call("land", "--submissions", dirty, "--to", tmp_path / "landed")
    assert done.exit_code == 0, done.output
    assert "landed before" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("land", "--submissions", "nowhere", "--to", "landed"), "does not exist: nowhere"),
        (("land", "--submissions", "empty", "--to", "landed"), "no CLD file could be read"),
        (("land", "--submissions", "empty", "--to", "empty"), "a folder of its own"),
        (("land", "--submissions", "empty"), "Where to?"),
        (("land", "--submissions", "empty", "--queries", "empty", "--to", "x"), "no option of a database"),
        (("check", "--submissions", "empty", "--landed", "empty"), "not both"),
    ],
)
def test_what_cannot_be_begun_is_one_sentence(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    done = call(*words)
    assert done.exit_code == 2 and said in done.output, done.output
    assert not (tmp_path / "landed" / LIST).exists()


def test_a_landing_of_a_database_is_left_alone(dirty, tmp_path):
    landed = tmp_path / "landed"
    landed.mkdir()
    (landed / LIST).write_text('{"tables": [{"name": "person"}]}')
    with pytest.raises(LandingError, match="a landing of another kind"):
        land(dirty, landed)


def test_rows_stream(tmp_path):
    """A file of 60 MB is landed within far less memory than it holds, and its rows are counted."""
    source = tmp_path / "files"
    source.mkdir()
    with (source / "large.csv").open("w") as stream:
        stream.write(",".join(HEADERS) + "\n")
        for number in range(200_000):
            stream.write(f"409,01/10/2025,30/09/2026,9990000018,P{number}{',' * 45}{'x' * 250}{number}\n")
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from asc_cld.landing.submissions import land_submissions\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "done = land_submissions(Path(sys.argv[1]), Path(sys.argv[2]), list_folders={})\n"
        "print(done.rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, str(source), str(tmp_path / "landed")],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 200_000
    print(f"{megabytes} MB, {time.monotonic() - begun:.1f} s")
    assert megabytes < 400
