"""The leak search tells the truth: every form of an identifier in every kind of file, and what it could not read."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
import xlsxwriter

from asc_cld import leak_search
from asc_cld.leak_search import Identifiers, search

NHS, PERSON, NUMBERED, SIGNED, LETTERED = "9990001112", "P7000886", "7001234", "AB-12345/6", "QWERTZUI"
POSTCODE, FORENAME, SURNAME = "ZE9 9QX", "Zebedee", "Quillfeather"


@pytest.fixture(scope="module")
def people():
    found = Identifiers()
    found.add("NHS number", NHS)
    for person in (PERSON, NUMBERED, SIGNED, LETTERED):
        found.add("person id", person)
    found.add("postcode", POSTCODE)
    found.add_name(FORENAME, SURNAME)
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (NHS, "NHS number"),
        ("999 000 1112", "NHS number"),
        ("999.000.1112", "NHS number"),
        ("999-000-1112", "NHS number"),
        ("999 - 000 - 1112", "NHS number"),
        ("999/000/1112", "NHS number"),
        ("999\u00a0000\u00a01112", "NHS number"),
        ("999\u2009000\u20091112", "NHS number"),
        ("9 9 9 0 0 0 1 1 1 2", "NHS number"),
        ("NHS9990001112", "NHS number"),
        ("NHS No: 9990001112.", "NHS number"),
        ("9990001112.0", "NHS number"),
        ("9990001112.00", "NHS number"),
        ("9.990001112E+09", "NHS number"),
        ("９９９０００１１１２", "NHS number"),
        ("409,9990001112,1", "NHS number"),
        ("12 9990001112", "NHS number"),
        ("id_9990001112_x", "NHS number"),
        ('{"n":9990001112}', "NHS number"),
        ("p7000886", "person id"),
        ("P-7000886", "person id"),
        ("P 7000886", "person id"),
        ("P.7000.886", "person id"),
        ("(P7000886)", "person id"),
        ("7001234", "person id"),
        ("7001234.00", "person id"),
        ("ID7001234", "person id"),
        ("7 001 234", "person id"),
        ("AB-12345/6", "person id"),
        ("ab123456", "person id"),
        ("qwertzui", "person id"),
        ("ZE9 9QX", "postcode"),
        ("ze99qx", "postcode"),
        ("Zebedee Quillfeather", "forename and surname"),
        ("QUILLFEATHER, zebedee", "forename and surname"),
    ],
)
def test_an_identifier_is_seen_in_every_form(people, text, kind):
    for around in ("{}", "see {} there", "a;{};b\n"):
        assert people.kinds_in(around.format(text))[kind] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9990001113",
        "23:16:25.700123 seconds",
        '"execution_time": 0.9990001112',
        "2026-11-27T23:39:31.7001234Z",
        "2026-11-27 12:00",
        "19990001112345",
        "P70008861",
        "Zebedee and Mr Quillfeather",
        "sha256 f910b3f05ba0c05684ff03bdee73087cc5cf855bfd51344b38e262a1aa16b953",
    ],
)
def test_what_is_nobody_s_is_left_alone(people, text):
    assert people.kinds_in(text) == {}


def test_names_alone_count_where_they_are_asked_for(people):
    assert (
        people.kinds_in("with Zebedee", alone=True) == {"name": 1} and people.kinds_in("with Zebedee") == {}
    )


def workbook(path):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Plain").write("B2", "nothing here")
        sheet = book.add_worksheet("More")
        sheet.write_number("C3", int(NHS))
        sheet.write_comment("A1", f"ask {FORENAME} {SURNAME}")


def parquet(path):
    table = pyarrow.table({"n": [int(NHS)], "forename": [FORENAME], "surname": [SURNAME], "d": [1.5]})
    pyarrow.parquet.write_table(table, path)


def packed(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner/list.csv", f"a,b\n{NHS},{FORENAME} {SURNAME}\n")


FILES = {
    "book.xlsx": workbook,
    "rows.parquet": parquet,
    "several.zip": packed,
    "page.html": lambda path: path.write_text(
        f"<p>{NHS[:3]}<b>{NHS[3:]}</b></p><td>{FORENAME}</td><td>{SURNAME}</td>", encoding="utf-8"
    ),
    "escaped.html": lambda path: path.write_text(
        f"<p>&#57;{NHS[1:]} {FORENAME}&nbsp;{SURNAME}</p>", encoding="utf-8"
    ),
    "utf16.csv": lambda path: path.write_text(f"{NHS};{FORENAME} {SURNAME}\n", encoding="utf-16"),
    "utf16le.txt": lambda path: path.write_text(f"{NHS} {FORENAME} {SURNAME}\n", encoding="utf-16-le"),
    "utf16be.txt": lambda path: path.write_text(f"{NHS} {FORENAME} {SURNAME}\n", encoding="utf-16-be"),
    "utf32.txt": lambda path: path.write_text(f"{NHS} {FORENAME} {SURNAME}\n", encoding="utf-32"),
    "windows.csv": lambda path: path.write_bytes(f"é;{NHS};{FORENAME} {SURNAME}\n".encode("cp1252")),
    "no_suffix": lambda path: path.write_text(f"{NHS} {FORENAME} {SURNAME}", encoding="utf-8"),
    "script.py": lambda path: path.write_text(f"x = '{NHS}'  # {FORENAME} {SURNAME}", encoding="utf-8"),
    "log.gz": lambda path: path.write_bytes(gzip.compress(f"{NHS} {FORENAME} {SURNAME}".encode())),
    "cache.msgpack": lambda path: path.write_bytes(
        b"\x82\x00\xff" + f"{NHS}\x00{FORENAME} {SURNAME}".encode() + b"\x00\x01"
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_an_identifier_is_seen_in_every_kind_of_file(people, tmp_path, name):
    FILES[name](tmp_path / name)
    done = search(people, [tmp_path])
    assert {kind for _, kind, _ in done.findings} == {"NHS number", "forename and surname"}
    assert done.not_searched == [] and done.files == 1
    assert NHS not in str(done.findings) and SURNAME not in str(done.findings)


def test_names_of_files_and_folders_count_and_are_not_repeated(people, tmp_path):
    (tmp_path / f"{SURNAME}_{FORENAME}").mkdir()
    (tmp_path / f"{SURNAME}_{FORENAME}" / f"{NHS}.txt").write_text(PERSON)
    found = search(people, [tmp_path]).findings
    assert {kind for _, kind, _ in found} == {"NHS number", "forename and surname", "person id"}
    assert SURNAME not in str(found) and NHS not in str(found)


def test_a_short_number_is_a_measurement_in_dbt_s_logs_and_somebody_elsewhere(tmp_path):
    found = Identifiers()
    found.add("person id", "386828")
    for name in ("dbt.log", "run_results.json", "list.csv", "other.log"):
        (tmp_path / name).write_text("bytes,386828")
    assert {Path(place).name for place, _, _ in search(found, [tmp_path]).findings} == {
        "list.csv",
        "other.log",
    }


NOT_READ = {
    "paper.pdf": b"%PDF-1.7 ...",
    "photo.png": b"\x89PNG",
    "council.duckdb": b"\x00" * 20,
    "broken.xlsx": b"PK\x03\x04 and no more",
    "old.xls": b"\xd0\xcf\x11\xe0",
    "cut.gz": b"\x1f\x8b\x08\x00",
    "rows.parquet": b"PAR1 no",
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_cannot_be_read_is_named(people, tmp_path, name):
    (tmp_path / name).write_bytes(NOT_READ[name])
    done = search(people, [tmp_path])
    assert [place.endswith(name) for place, _ in done.not_searched] == [True]


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema submissions")
        connection.execute("create schema sharing")
        connection.execute(
            "create table submissions.sub_rows as select ? as nhs_number, ? as la_person_unique_identifier,"
            " ? as postcode, ? as first_name, ? as last_name",
            [NHS, "17", POSTCODE, FORENAME, SURNAME],
        )
    return path


def command(database, *paths):
    return leak_search.main(["--database", str(database), *map(str, paths)])


def test_the_command_says_what_it_did(database, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("nobody")
    bad.write_text(NHS)
    assert command(database, good) == 0
    said = capsys.readouterr().out
    assert "Nothing that identifies a person was found." in said and "1 of 1 files" in said
    assert "1 identifiers have fewer than 5" in said
    assert command(database, good, bad) == 1
    assert "bad.txt: NHS number, 1 times" in capsys.readouterr().out
    assert command(database, tmp_path / "none") == 2
    assert "none: there is no such file or folder" in capsys.readouterr().err
    (tmp_path / "paper.pdf").write_bytes(b"%PDF")
    assert command(database, tmp_path / "paper.pdf") == 2
    assert "paper.pdf: not searched: a PDF" in capsys.readouterr().out


def test_no_file_searched_is_no_all_clear(database, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "results"))
    monkeypatch.delenv("DBT_LOG_PATH", raising=False)
    assert command(database) == 2
    said = capsys.readouterr().out
    assert "No file was searched" in said and "Nothing that identifies" not in said
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "manifest.json").write_text(NHS)
    assert command(database) == 1
    assert "manifest.json: NHS number, 1 times" in capsys.readouterr().out


@pytest.mark.parametrize("table", ["submissions.sub_rows", "extracts.person"])
def test_a_table_of_people_that_is_not_there_is_no_all_clear(database, tmp_path, capsys, table):
    good = tmp_path / "good.txt"
    good.write_text("nobody")
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema extracts")
        connection.execute("create table extracts.person_identifier as select '9990001120' as id_value")
        connection.execute("create table extracts.address as select 'ZE9 9QX' as postcode")
        connection.execute(
            "create table extracts.person as select 'P1' as person_id, 'A' as forename, 'B' as surname"
        )
    assert command(database, good) == 0
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"drop table {table}")
    capsys.readouterr()
    assert command(database, good) == 2
    said = capsys.readouterr().out
    assert f"{table} is not there" in said and "Nothing that identifies" not in said


def test_a_database_without_people_is_no_all_clear(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    assert command(tmp_path / "empty.duckdb") == 2
    assert "nothing could be looked for" in capsys.readouterr().out


def test_a_number_in_a_shared_table_is_seen(database):
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            f"create table sharing.share_costs as select cast({NHS} as decimal(18, 2)) as cost"
        )
    connection = leak_search.open_database(database)
    found = leak_search.search_tables(Identifiers.of(connection), connection)
    assert found == [("sharing.share_costs.cost", "NHS number", 1)]


def test_a_pipe_is_named_and_not_waited_for(people, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    done = search(people, [tmp_path])
    assert done.not_searched == [(str(tmp_path / "pipe"), "it is a pipe, a device or a broken link")]
