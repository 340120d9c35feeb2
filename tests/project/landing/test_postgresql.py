"""Landing from a real database through a real driver: PostgreSQL on a free local port, broken off and gone on with."""

from __future__ import annotations

import csv
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import DEMO_EXTRACTS, PROJECT
from typer.testing import CliRunner

from asc_cld.command_line import app
from asc_cld.landing import command, connection
from asc_cld.readers.extract_reader import read_extract
from asc_cld.specification import extract_columns, extract_names

pytestmark = pytest.mark.database

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
USER = "lander"


@dataclass
class Server:
    """A database server of the tests: where it is, and its password."""

    port: int
    password: str
    programs: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            connection.CONNECTION: f"Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port={self.port};Database=postgres",
            connection.USER: USER,
            connection.PASSWORD: self.password,
        }

    def run(self, *statements: str) -> str:
        command = [
            self.programs / "psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            USER,
            "-d",
            "postgres",
        ]
        command += ["-v", "ON_ERROR_STOP=1", "-qAt"]
        for statement in statements:
            command += ["-c", statement]
        done = subprocess.run(
            command, env=os.environ | {"PGPASSWORD": self.password}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def land(self, *arguments, **environment):
        given = self.environment | environment
        return CliRunner().invoke(app, ["land", *map(str, arguments)], env=given)

    def end_connections(self):
        self.run(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            f" where usename = '{USER}' and pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="module")
def server():
    drivers = shutil.which("odbcinst") and subprocess.run(
        ["odbcinst", "-q", "-d"], capture_output=True, text=True
    )
    if not PROGRAMS or not drivers or "[PostgreSQL Unicode]" not in drivers.stdout:
        pytest.skip("no PostgreSQL server, or no ODBC driver for it")
    # pytest's own folders are closed to the server, which does not run as root.
    folder = Path(tempfile.mkdtemp(prefix="landing_"))
    found = Server(0, secrets.token_urlsafe(12), PROGRAMS[-1])
    (folder / "password").write_text(found.password)
    as_server = []
    if os.geteuid() == 0:
        as_server = ["runuser", "-u", "postgres", "--"]
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found.port = free.getsockname()[1]
    data = folder / "data"
    options = (
        f"-p {found.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    )
    initdb = [
        "-D",
        data,
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "--pwfile",
        folder / "password",
        "-E",
        "UTF8",
        "-N",
    ]
    # The server's own zone is not the UK's: a time with a zone must come as the UK's all the same.
    options += " -c timezone=America/New_York"
    ctl = [*as_server, found.programs / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*as_server, found.programs / "initdb", *initdb], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        [*ctl, "-l", folder / "log", "-o", options, "start"], check=True, stdout=subprocess.DEVNULL
    )
    try:
        yield found
    finally:
        subprocess.run([*ctl, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def council(server, tmp_path_factory):
    """The demo council in the database, under names of the system's own, and queries that give the extracts."""
    folder = tmp_path_factory.mktemp("queries")
    clean = folder / "clean.csv"
    for extract in extract_names():
        table = read_extract(DEMO_EXTRACTS, extract).drop_columns("source_row")
        with clean.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(table.column_names)
            writer.writerows(zip(*table.to_pydict().values(), strict=True))
        columns = ", ".join(f'"C_{name.upper()}" text' for name in table.column_names)
        server.run(
            f"create table \"T_{extract.upper()}\" (row_number serial, {columns}, notes text default 'free text')",
            f'\\copy "T_{extract.upper()}" ({", ".join(f"{chr(34)}C_{name.upper()}{chr(34)}" for name in table.column_names)})'
            f" from '{clean}' with (format csv, header)",
        )
        named = ",\n".join(f'    "C_{name.upper()}" as {name}' for name in extract_columns(extract))
        (folder / f"{extract}.sql").write_text(
            f'-- {extract}\nselect\n{named},\n    notes\nfrom "T_{extract.upper()}"\norder by row_number;\n'
        )
    clean.unlink()
    return folder


def test_the_demo_council_comes_out_of_the_database_as_it_went_in(server, council, tmp_path):
    done = server.land("--queries", council, "--to", tmp_path / "extracts")
    assert done.exit_code == 0, done.output
    assert "15 tables" in done.output and "not of the contract and not landed: notes" in done.output
    for extract in extract_names():
        before, after = read_extract(DEMO_EXTRACTS, extract), read_extract(tmp_path / "extracts", extract)
        assert after.num_rows == before.num_rows
        for name in extract_columns(extract):
            assert [v or None for v in after[name].to_pylist()] == [
                v or None for v in before[name].to_pylist()
            ]
        landed = pq.read_schema(tmp_path / "extracts" / f"{extract}.parquet").names
        assert landed == list(extract_columns(extract))
    looked = CliRunner().invoke(app, ["doctor", "--extracts", str(tmp_path / "extracts")])
    assert looked.exit_code == 0, looked.output


def test_types_and_letters_are_kept(server, tmp_path):
    server.run(
        "drop schema if exists kinds cascade",
        "create schema kinds",
        'create table kinds."Mixed" (id bigint, "Full Name" varchar(50), price numeric(18, 2), share numeric,'
        " ratio float8, half float4, born date, seen timestamp, zoned timestamptz, ok boolean, long text, key uuid,"
        " photo bytea, notes text)",
        'insert into kinds."Mixed" default values',
        "insert into kinds.\"Mixed\" values (9990000018, 'Zoë Ăłșť ’x’', 18.50, 0.25, 3.141592653589793, 18.1,"
        " '9999-12-31', '2026-05-15 10:30:00.123456', '2026-06-30 23:30:00+00', true, repeat('é', 7000),"
        " '0ef0cf99-cec7-4bdc-b4af-473fd6a7c062', '\\x00ff', 'case notes')",
    )
    names = (
        "ID",
        "full name",
        "price",
        "share",
        "ratio",
        "half",
        "born",
        "seen",
        "zoned",
        "ok",
        "long",
        "key",
    )
    rows = [f"mixed,{name},yes" for name in names]
    (tmp_path / "tables.csv").write_text(
        "\n".join(["table_name,column_name,required", *rows, "mixed,nhs,no"])
    )
    done = server.land("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
    assert done.exit_code == 0, done.output
    assert "left out: mixed has no column nhs" in done.output
    table = pq.read_table(tmp_path / "landed" / "mixed.parquet")
    assert table.column_names == list(names)
    empty, full = table.to_pylist()
    assert full == {
        "ID": 9990000018,
        "full name": "Zoë Ăłșť ’x’",
        "price": Decimal("18.50"),
        "share": Decimal("0.25"),
        "ratio": 3.141592653589793,
        "half": 18.1,
        "born": date(9999, 12, 31),
        "seen": datetime(2026, 5, 15, 10, 30, 0, 123456),
        "zoned": datetime(2026, 7, 1, 0, 30),
        "ok": "1",
        "long": "é" * 7000,
        "key": full["key"],
    }
    assert full["key"].lower() == "0ef0cf99-cec7-4bdc-b4af-473fd6a7c062"
    assert set(empty.values()) == {None}
    server.run("update kinds.\"Mixed\" set long = repeat('x', 9000)")
    for column, said in (
        ("photo", "mixed, column photo: it holds bytes"),
        ("long", "longer than 8,000 letters"),
    ):
        (tmp_path / "tables.csv").write_text(f"table_name,column_name,required\nmixed,{column},yes\n")
        done = server.land("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
        assert done.exit_code == 1 and said in done.output, done.output


def test_a_number_that_the_driver_would_cut_off_is_named(server, tmp_path):
    server.run(
        "create table public.shares as select i as id,"
        " case when i > 45000 then 0.123456789 else 0.5 end::numeric as part from generate_series(1, 46000) as i"
    )
    (tmp_path / "tables.csv").write_text("table_name,column_name,required\nshares,part,yes\n")
    done = server.land("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
    assert done.exit_code == 1 and "shares, column part: a number does not fit" in done.output
    assert not list((tmp_path / "landed").glob("*.parquet"))


@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz"])
@pytest.mark.parametrize("day", ["infinity", "-infinity", "0044-03-15 BC", "10000-01-01"])
def test_a_day_that_the_driver_would_make_another_is_named(server, tmp_path, kind, day):
    server.run(
        "set timezone to 'Europe/London'",
        "drop table if exists public.days",
        f"create table public.days (id int, seen {kind}, born {kind})",
        "insert into public.days select i, '0001-01-01', '9999-12-31' from generate_series(1, 21000) as i",
        "insert into public.days values (0, null, null)",
    )
    (tmp_path / "tables.csv").write_text(
        "table_name,column_name,required\n" + "".join(f"days,{name},yes\n" for name in ("id", "born", "seen"))
    )
    landing = ("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
    done = server.land(*landing)
    assert done.exit_code == 0, done.output
    landed = pq.read_table(tmp_path / "landed" / "days.parquet").to_pydict()
    assert len(landed["id"]) == 21001
    for name, first in (("seen", (1, 1, 1)), ("born", (9999, 12, 31))):
        found = set(landed[name])
        assert found - {None} == {date(*first) if kind == "date" else datetime(*first)} and None in found
    server.run(f"insert into public.days values (5, '{day}', null)")
    done = server.land(*landing)
    assert done.exit_code == 1
    assert "days, column seen: a day is infinity, or not of the years 1 to 9999" in done.output
    assert (
        "column born" not in done.output
        and "NOT LANDED" in done.output
        and f"column seen: {day}" not in done.output
    )
    # As text, in a query of the council's own, it is landed as it stands; others of the query are still asked.
    (tmp_path / "queries").mkdir()
    columns = dict.fromkeys(extract_columns("contact"), "null")
    columns |= {"contact_id": "cast(id as text)", "received_at": "cast(seen as text)", "completed_at": "born"}
    named = ", ".join(f"{what} as {name}" for name, what in columns.items())
    query = (
        f"-- days as text\nselect {named}, 1 as beside, 2 as beside_it from public.days order by id -- last;"
    )
    (tmp_path / "queries" / "contact.sql").write_text(query)
    done = server.land("--queries", tmp_path / "queries", "--to", tmp_path / "own")
    assert done.exit_code == 0, done.output
    landed = pq.read_table(tmp_path / "own" / "contact.parquet").to_pydict()
    assert any((text or "").startswith(day.removesuffix(" BC")) for text in landed["received_at"])
    assert len(landed["completed_at"]) == 21002


def test_numbers_that_are_none_are_never_nought(server, tmp_path):
    server.run(
        "create table public.odd (id int, price numeric(18, 2), share numeric, ratio float8, half float4)",
    )
    for column, value in (("price", "NaN"), ("share", "NaN"), ("share", "-infinity")):
        server.run("truncate public.odd", f"insert into public.odd (id, {column}) values (1, '{value}')")
        (tmp_path / "tables.csv").write_text(f"table_name,column_name,required\nodd,{column},yes\n")
        done = server.land("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
        assert done.exit_code == 1 and f"odd, column {column}: a number does not fit" in done.output
    server.run("truncate public.odd", "insert into public.odd values (1, null, null, 'NaN', '-infinity')")
    (tmp_path / "tables.csv").write_text("table_name,column_name,required\nodd,ratio,yes\nodd,half,yes\n")
    done = server.land("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
    assert done.exit_code == 0, done.output
    [row] = pq.read_table(tmp_path / "landed" / "odd.parquet").to_pylist()
    assert str(row["ratio"]) == "nan" and str(row["half"]) == "-inf"


@pytest.fixture
def two(server, tmp_path):
    """Two tables, the second larger than one batch, landed once; then both grow."""
    server.run(
        "drop table if exists public.small, public.large",
        "create table public.small as select 1 as id",
        "create table public.large as select i as id, repeat('x', 40) as word from generate_series(1, 60000) as i",
    )
    rows = ["table_name,column_name,required", "small,id,yes", "large,id,yes", "large,word,yes"]
    (tmp_path / "tables.csv").write_text("\n".join(rows))
    arguments = ("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
    done = server.land(*arguments)
    assert done.exit_code == 0, done.output
    server.run("insert into public.small values (2)", "insert into public.large values (0, 'new')")
    return arguments


def rows_of(folder: Path) -> dict[str, int]:
    return {path.stem: pq.read_metadata(path).num_rows for path in folder.glob("*.parquet")}


def test_a_connection_that_drops_half_way_is_named_and_gone_on_with(server, two, tmp_path, monkeypatch):
    landed, said = tmp_path / "landed", []

    def drop(told, sentence):
        if sentence.startswith("large: ") and not any(one.startswith("large: ") for one in said):
            server.end_connections()
        said.append(sentence)

    before = {path.name: path.read_bytes() for path in landed.glob("*.*") if path.is_file()}
    with monkeypatch.context() as patched:
        patched.setattr(command.Told, "progress", drop)
        done = server.land(*two)
    assert done.exit_code == 1
    assert "large: the connection was ended by the database (state 57P01)" in done.output
    assert "NOT LANDED: what was landed before is untouched." in done.output
    assert said[-1].startswith("large: ") and "60,001" not in said[-1].partition(" rows")[0]
    assert {path.name: path.read_bytes() for path in landed.glob("*.*") if path.is_file()} == before
    assert rows_of(landed / ".landing") == {"small": 2}
    assert not list(landed.rglob("*.unfinished"))
    again = server.land(*two)
    assert again.exit_code == 0, again.output
    assert "small: 2 rows kept" in again.output and "large: 60,001 rows landed" in again.output
    assert rows_of(landed) == {"small": 2, "large": 60001}


def test_a_landing_that_is_killed_is_gone_on_with(server, tmp_path):
    server.run(
        "create table public.first_one as select 1 as id",
        "create or replace view public.slow_one as select i as id, pg_sleep(0.01) is null as x"
        " from generate_series(1, 100000) as i",
    )
    (tmp_path / "tables.csv").write_text(
        "table_name,column_name,required\nfirst_one,id,yes\nslow_one,id,yes\n"
    )
    landed = tmp_path / "landed"
    arguments = ("--tables", tmp_path / "tables.csv", "--to", landed)
    run = subprocess.Popen(
        [sys.executable, "-m", "asc_cld", "land", *map(str, arguments)],
        cwd=PROJECT,
        env=os.environ | server.environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not (landed / ".landing" / "landed.json").exists():
            assert time.monotonic() < until and run.poll() is None
            time.sleep(0.05)
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    server.end_connections()
    assert rows_of(landed) == {}
    server.run(
        "create or replace view public.slow_one as select i as id, true as x from generate_series(1, 5) as i"
    )
    done = server.land(*arguments)
    assert done.exit_code == 0, done.output
    assert "first_one: 1 rows kept" in done.output
    assert rows_of(landed) == {"first_one": 1, "slow_one": 5}
    assert not list(landed.rglob("*.unfinished"))


def test_no_secret_is_shown_or_written(server, two, tmp_path):
    wrong = "Wrong-" + secrets.token_hex(4)
    done = server.land(*two, **{connection.PASSWORD: wrong})
    assert done.exit_code == 1 and "password authentication failed" in done.output
    within = f"{server.environment[connection.CONNECTION]};PWD={wrong}"
    inside = server.land(*two, **{connection.CONNECTION: within, connection.PASSWORD: ""})
    assert inside.exit_code == 1
    right = server.land(*two)
    assert right.exit_code == 0
    nowhere = f"Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port=1;Database=postgres;PWD={wrong}"
    refused = server.land(*two, **{connection.CONNECTION: nowhere})
    assert refused.exit_code == 1 and "the connection failed (state 08001)" in refused.output
    for text in (done.output, inside.output, right.output, refused.output):
        assert wrong not in text and server.password not in text
    for path in (tmp_path / "landed").rglob("*"):
        if path.is_file():
            assert server.password.encode() not in path.read_bytes()


def test_an_error_of_a_query_names_it_and_quotes_no_cell(server, tmp_path):
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "team.sql").write_text("select cast('Testina' as integer) as team_id, 'a' as team_name")
    done = server.land("--queries", tmp_path / "q", "--to", tmp_path / "landed")
    assert (
        done.exit_code == 1
        and "team: a value cannot be made what the query asks for (state 22P02)" in done.output
    )
    assert "Testina" not in done.output
    (tmp_path / "q" / "team.sql").write_text("select id as team_id from no_such_table")
    done = server.land("--queries", tmp_path / "q", "--to", tmp_path / "landed")
    assert done.exit_code == 1 and 'relation "no_such_table" does not exist' in done.output
    (tmp_path / "q" / "team.sql").write_text("select 1 as team_id, 'a' as teamname")
    done = server.land("--queries", tmp_path / "q", "--to", tmp_path / "landed")
    assert (
        done.exit_code == 1
        and "team.sql: required column missing: team_name (is it teamname?)" in done.output
    )
    assert rows_of(tmp_path / "landed") == {}


def test_discovery_names_what_is_there_and_what_is_missing(server, two, tmp_path):
    server.run("analyze public.large", "create or replace view public.seen as select id from public.small")
    (tmp_path / "tables.csv").write_text(
        "table_name,column_name,required\nLARGE,ID,yes\nlarge,words,yes\nseen,id,yes\nsmal,id,yes\nsmall,nhs,no\n"
    )
    done = server.land("--discover", "--tables", tmp_path / "tables.csv", "--to", tmp_path / "looked")
    assert done.exit_code == 1
    assert "ok       public.large: 1 of 2 columns, about 60,001 rows" in done.output
    assert "ok       public.seen: 1 of 1 columns\n" in done.output
    assert "MISSING  LARGE has no column words; the nearest is word" in done.output
    assert "MISSING  there is no table smal; the nearest is small" in done.output
    assert "optional small has no column nhs" in done.output
    text = (tmp_path / "looked" / "discovered.csv").read_text()
    assert "public,large,word,text,60001" in text and "new" not in text
    saved = server.land(
        *(
            "--discover",
            "--tables",
            tmp_path / "tables.csv",
            "--from",
            tmp_path / "looked" / "discovered.csv",
        ),
        **dict.fromkeys(server.environment, ""),
    )
    assert saved.exit_code == 1 and saved.output in done.output
    refused = server.land("--tables", tmp_path / "tables.csv", "--to", tmp_path / "landed")
    assert refused.exit_code == 2 and "there is no table smal" in refused.output
    assert json.loads((tmp_path / "landed" / "landed.json").read_text())["tables"][0]["rows"] == 1
