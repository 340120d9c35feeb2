"""Landing without a database: what is read, what is kept, what is said; the driver's part is in test_postgresql."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from conftest import PROJECT
from typer.testing import CliRunner

from asc_cld.command_line import app
from asc_cld.landing import catalogue, connection, folder, plans
from asc_cld.landing.catalogue import Found, Wanted
from asc_cld.landing.connection import BrokenOff, Database, LandingError
from asc_cld.landing.plans import Plan
from asc_cld.specification import extract_columns, extract_names

SECRET = "Un;guessable-1"
DIALECTS = {"sqlserver": "tsql", "oracle": "oracle", "postgresql": "postgres"}
HERE = Database(
    f"Driver={{PostgreSQL Unicode}};Server=db;PWD={{{SECRET}}}", "reader", "Other-2", "postgresql"
)


def call(*arguments, **environment):
    given = {connection.CONNECTION: "", connection.USER: "", connection.PASSWORD: ""} | environment
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=given)


# -- What may be said -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret_key", ["PWD", "pwd", "Password", "AccessToken", "Client_Secret"])
def test_secrets_are_masked_and_tell_no_database_from_another(secret_key):
    one = Database(f"Server=db;{secret_key}={{{SECRET}}}", "reader", "Other-2")
    said = one.without_secrets(f"login with {SECRET} and Other-2 at db")
    assert said == "login with *** and *** at db"
    assert SECRET not in repr(one) and "Other-2" not in repr(one)
    assert one.fingerprint == Database(f"Server=db;{secret_key}=another").fingerprint
    assert one.fingerprint != Database(f"Server=db2;{secret_key}={{{SECRET}}}").fingerprint


@pytest.mark.parametrize(
    ("state", "message", "is_repeated"),
    [
        ("22P02", 'invalid input syntax for type integer: "Testina"', False),
        ("22018", "Conversion failed when converting the varchar value 'Testina'", False),
        ("23505", "Key (name)=(Testina) already exists", False),
        ("HY000", "ORA-01722: Testina", False),
        ("42S02", "Invalid object name 'Testina'", True),
        ("08001", f"cannot log in with {SECRET} at Testina", True),
        ("IM002", "Data source name not found: Testina", True),
    ],
)
def test_a_message_that_may_quote_a_cell_is_not_repeated(state, message, is_repeated):
    said = connection.in_words(HERE, Exception(f"ODBC emitted an error\nState: {state}, Message: {message}"))
    assert state in said
    assert ("Testina" in said) == is_repeated
    assert SECRET not in said


def test_a_connection_string_is_read_and_what_is_none_is_not_shown():
    assert HERE.parts == {"Driver": "{PostgreSQL Unicode}", "Server": "db", "PWD": f"{{{SECRET}}}"}
    for wrong in (SECRET, f"Server=db;{SECRET.replace(';', '')}"):
        with pytest.raises(LandingError) as error:
            connection.parts_of(wrong)
        assert wrong not in str(error.value)


def test_what_a_driver_needs_is_added_once():
    assert "UseDeclareFetch=1" in HERE.full_connection()
    own = Database("Driver=x;usedeclarefetch=0", kind="postgresql").full_connection()
    assert own.lower().count("usedeclarefetch") == 1 and "usedeclarefetch=0" in own
    assert Database("Driver=x", kind="sqlserver").full_connection() == "Driver=x;"


@pytest.fixture
def held(monkeypatch):
    """What the keyring of the system holds, whatever this machine's does."""
    import keyring

    entries: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: entries.get((service, name)))
    for name in (connection.CONNECTION, connection.USER, connection.PASSWORD):
        monkeypatch.delenv(name, raising=False)
    return entries


def test_where_the_database_is_comes_from_the_environment_or_the_keyring(held, monkeypatch):
    held |= {
        ("asc-cld", "connection"): "Driver={ODBC Driver 18 for SQL Server};Server=s",
        ("asc-cld", "user"): "u",
        ("asc-cld", "u"): SECRET,
    }
    found = connection.find_database()
    assert (found.kind, found.user, found.password) == ("sqlserver", "u", SECRET)
    monkeypatch.setenv(connection.CONNECTION, "Driver={Oracle in OraClient19Home1};Dbq=d")
    monkeypatch.setenv(connection.USER, "v")
    monkeypatch.setenv(connection.PASSWORD, "w")
    found = connection.find_database()
    assert (found.kind, found.user, found.password) == ("oracle", "v", "w")
    with pytest.raises(LandingError, match="Which kind of database"):
        connection.find_database(dsn="Mosaic")
    assert connection.find_database("sqlserver", dsn="Mosaic").parts == {"DSN": "Mosaic"}
    with pytest.raises(LandingError, match="--dsn is the name"):
        connection.find_database("sqlserver", dsn="x;PWD=y")


def test_a_machine_without_a_keyring_has_nothing_in_it(monkeypatch):
    import keyring
    from keyring.errors import NoKeyringError

    def none_here(*_):
        raise NoKeyringError

    monkeypatch.setattr(keyring, "get_password", none_here)
    assert connection.from_keyring("connection") is None


def test_nothing_is_begun_without_a_database_or_a_plan(tmp_path, held):
    wanted = tmp_path / "tables.csv"
    wanted.write_text("table_name,column_name,required\na,b,yes\n")
    for arguments, said in (
        ((), "What is to be read?"),
        (("--tables", wanted), "Where to?"),
        (("--tables", wanted, "--queries", tmp_path), "Give one of"),
        (("--tables", wanted, "--to", tmp_path / "x", "--kind", "dbase"), "Where is the database?"),
        (("--queries", tmp_path, "--to", tmp_path / "x"), "no query (person.sql"),
        (("--system", "no_such", "--to", tmp_path / "x"), "there is no connector for 'no_such'"),
    ):
        done = call("land", *arguments)
        assert done.exit_code == 2 and said in done.output, done.output
    assert not (tmp_path / "x").exists()


def test_a_library_that_is_absent_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "arrow_odbc", None)
    with pytest.raises(LandingError, match="needs a library of its own"):
        connection.batches(HERE, "select 1", "x")


# -- What is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select person_id from p;", ""),
        ("-- the people\nwith a as (select 1 as x) select x from a", ""),
        ("select ';' as a, 'drop table' as b -- ; delete", ""),
        ("select updated_at, deleted from p", ""),
        ("", "no query"),
        ("-- nothing", "no query"),
        ("select 1; select 2", "several statements"),
        ("update p set a = 1", "it is no query"),
        ("exec find_people", "it is no query"),
        ("with a as (select 1 as x) delete from p", "holds the word delete"),
        ("select * into copied from p", "holds the word into"),
    ],
)
def test_only_a_query_that_reads_is_run(query, said):
    problem = plans.query_problem(query)
    assert said in problem and bool(said) == bool(problem)


def test_queries_are_called_like_extracts(tmp_path):
    (tmp_path / "Person.sql").write_text("select 1 as person_id;\n")
    (tmp_path / "contacts.sql").write_text("select 1")
    (tmp_path / "review.sql").write_text("delete from x")
    with pytest.raises(LandingError) as error:
        plans.plans_of_queries(tmp_path)
    assert "contacts.sql: there is no extract called 'contacts'; the nearest is contact" in str(error.value)
    assert "review.sql: it is no query" in str(error.value)
    for name in ("contacts.sql", "review.sql"):
        (tmp_path / name).unlink()
    [plan] = plans.plans_of_queries(tmp_path)
    assert (plan.name, plan.query) == ("person", "select 1 as person_id")
    assert list(plan.columns) == list(extract_columns("person"))


def test_a_query_must_give_the_columns_of_the_contract_each_once():
    columns = {"team_id": True, "team_name": True, "service_area": False}
    plan = Plan("team", "select", columns=columns)
    kept = plans.kept_columns(
        plan, pa.schema([(name, "string") for name in ("TEAM_ID", "Team_Name", "notes")])
    )
    assert kept == [0, 1]
    with pytest.raises(
        BrokenOff, match=r"team.sql: required column missing: team_name \(is it team_names\?\)"
    ):
        plans.kept_columns(plan, pa.schema([("team_id", "string"), ("team_names", "string")]))
    with pytest.raises(BrokenOff, match="team_id comes more than once"):
        plans.kept_columns(plan, pa.schema([("team_id", "string"), ("TEAM_ID", "string")]))


FOUND = [
    Found("dbo", "MO_PERSONS", {"PERSON_ID": "int", "FULL NAME": "varchar"}, 12),
    Found("old", "MO_TEAMS", {"ID": "int"}, None),
    Found("dbo", "MO_TEAMS", {"ID": "int"}, 3),
]


def test_what_is_missing_is_named_with_the_nearest():
    wanted = [
        Wanted("mo_persons", {"person_id": True, "full name": False, "birth_date": True, "nhs": False}),
        Wanted("mo_xyzzy", {"id": True}),
        Wanted("mo_person", {"id": False}),
        Wanted("mo_teams", {"id": True}),
    ]
    compared = catalogue.compare(wanted, FOUND)
    assert compared.missing == [
        "mo_persons has no column birth_date",
        "there is no table mo_xyzzy",
        "mo_teams stands in several schemas (dbo, old): give --schema",
    ]
    assert compared.left_out == [
        "mo_persons has no column nhs",
        "there is no table mo_person; the nearest is MO_PERSONS",
    ]
    assert [match.found.schema for match in catalogue.compare(wanted[3:], FOUND, "DBO").matches] == ["dbo"]
    own = [Wanted("old.MO_TEAMS", {"id": True})]
    assert [match.found.schema for match in catalogue.compare(own, FOUND, "dbo").matches] == ["old"]


SOURCES = """
sources:
  - name: landed
    tables:
      - name: dm_persons
        config: {meta: {needed: true, or: mo_persons}}
        columns:
          - {name: person_id, config: {meta: {needed: true}}}
      - name: mo_persons
        config: {meta: {needed: false}}
        columns:
          - {name: person_id, config: {meta: {needed: true}}}
      - name: mo_teams
        config: {meta: {needed: false}}
        columns:
          - {name: name, config: {meta: {needed: true}}}
"""


def test_the_tables_of_a_connector_and_what_may_stand_in_for_them(tmp_path):
    path = tmp_path / "mosaic" / "models" / "_landed__sources.yml"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCES)
    wanted = catalogue.list_of_system(tmp_path, "mosaic")
    mart = Found("dbo", "DM_PERSONS", {"PERSON_ID": "int"}, None)
    live, lame = FOUND[0], Found("dbo", "MO_PERSONS", {"ID": "int"}, None)

    def told(*found):
        compared = catalogue.compare(wanted, [*found, FOUND[2]])
        return [match.found.table for match in compared.matches], compared.missing, compared.left_out

    # A table that need not be there is left where a column it must have is absent.
    teams = "mo_teams has no column name"
    # What stands in for another may say more beside it.
    assert told(mart, live) == (["DM_PERSONS", "MO_PERSONS"], [], [teams])
    assert told(mart, lame) == (["DM_PERSONS"], [], ["mo_persons has no column person_id", teams])
    stands_in = ["there is no table dm_persons; mo_persons stands in for it", teams]
    assert told(live) == (["MO_PERSONS"], [], stands_in)
    assert told(lame)[1] == ["mo_persons has no column person_id"]
    nobody = ["there is no table dm_persons", "there is no table mo_persons"]
    assert [sentence.partition(";")[0] for sentence in told()[1]] == nobody
    with pytest.raises(LandingError, match="no connector for 'eclipse': there are mosaic"):
        catalogue.list_of_system(tmp_path, "eclipse")
    path.write_text("sources: [{tables: [{name: a}]}]")
    with pytest.raises(LandingError, match="_landed__sources.yml does not say"):
        catalogue.list_of_system(tmp_path, "mosaic")


@pytest.mark.parametrize("kind", DIALECTS)
def test_the_texts_of_every_dialect_are_queries_that_read_names_and_counts(kind):
    [query] = sqlglot.parse(catalogue.discovery_query(kind), dialect=DIALECTS[kind])
    assert tuple(query.named_selects) == catalogue.COLUMNS
    assert not plans.query_problem(catalogue.discovery_query(kind))
    [match] = catalogue.compare([Wanted("mo_persons", {"person_id": True, "full name": True})], FOUND).matches
    [plan] = plans.plans_of_tables([match])
    assert (
        plan.query == 'select "PERSON_ID" as "person_id", "FULL NAME" as "full name" from "dbo"."MO_PERSONS"'
    )
    for text in (plan.query, plan.counted):
        [parsed] = sqlglot.parse(text, dialect=DIALECTS[kind])
        assert [str(table.this.this) for table in parsed.find_all(sqlglot.exp.Table)] == ["MO_PERSONS"]
    assert call("land", "--discover", "--kind", kind, "--show-query").output.startswith(
        "-- Tables, columns and row"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("table_name,column_name\na,b\n", "column missing: required"),
        ("table_name,column_name,required\na,b,maybe\n", "line 2, column required: write yes or no"),
        ("table_name,column_name,required\na,*,yes\n", "line 2: a table and one column"),
        ("table_name,column_name,required\na,b,yes\nA,B,no\n", "line 3: A.B stands twice"),
        ("table_name,column_name,required\na,b\n", "line 2: it has not as many cells"),
        ("table_name,column_name,required\n", "no table stands in it"),
    ],
)
def test_a_list_that_cannot_be_used_is_named(tmp_path, content, said):
    (tmp_path / "tables.csv").write_text(content)
    with pytest.raises(LandingError) as error:
        catalogue.read_wanted(tmp_path / "tables.csv")
    assert said in str(error.value)


def test_a_saved_discovery_is_compared_without_a_database(tmp_path):
    (tmp_path / "tables.csv").write_text(
        "table_name,column_name,required\nmo_persons,person_id,yes\nmo_x,id,yes\n"
    )
    saved = tmp_path / "saved.csv"
    saved.write_text(
        "TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,DATA_TYPE,ROW_COUNT\r\ndbo,MO_PERSONS,PERSON_ID,int,NULL\r\n"
    )
    done = call("land", "--discover", "--from", saved, "--tables", tmp_path / "tables.csv")
    assert done.exit_code == 1
    assert "ok       dbo.MO_PERSONS: 1 of 1 columns" in done.output
    assert "MISSING  there is no table mo_x" in done.output
    (tmp_path / "tables.csv").write_text("table_name,column_name,required\nmo_persons,person_id,yes\n")
    done = call("land", "--discover", "--from", saved, "--tables", tmp_path / "tables.csv")
    assert done.exit_code == 0 and "All that is required is there." in done.output


# -- What is kept -----------------------------------------------------------------------------------------------------


class Tables:
    """Stands where the driver does: tables by query, one of which may fail after its first batch."""

    def __init__(self, monkeypatch):
        self.rows: dict[str, int] = {}
        self.fails, self.asked, self.counts = "", [], {}
        monkeypatch.setattr(folder, "batches", self.batches)

    def batches(self, database, query, what):
        if query.startswith("count"):
            return None, iter([pa.record_batch({"n": [self.counts.get(what, self.rows[what])]})])
        self.asked.append(what)
        return pa.schema([("id", pa.int64())]), self._read(what)

    def _read(self, what):
        yield pa.record_batch({"id": pa.array(range(self.rows[what]), pa.int64())})
        if what == self.fails:
            raise BrokenOff(f"{what}: gone")


PLANS = [Plan(name, f"select {name}", f"count {name}") for name in ("a", "b", "c")]


@pytest.fixture
def tables(monkeypatch):
    made = Tables(monkeypatch)
    made.rows = {"a": 3, "b": 4, "c": 0}
    return made


@pytest.fixture
def land(tmp_path, tables):
    def landed(chosen=PLANS, is_anew=False, database=HERE):
        tables.asked.clear()
        landing = folder.Landing(tmp_path, database, lambda _: None, lambda _: None)
        with landing.alone():
            return landing.land(list(chosen), is_anew)

    return landed


def seen(where: Path) -> dict[str, int]:
    return {path.stem: pq.read_metadata(path).num_rows for path in where.glob("*.parquet")}


def test_all_take_their_names_together_and_the_list_says_what_they_are(land, tmp_path):
    land()
    assert seen(tmp_path) == {"a": 3, "b": 4, "c": 0}
    text = (tmp_path / "landed.json").read_text()
    entries = json.loads(text)["tables"]
    assert [(entry["name"], entry["rows"]) for entry in entries] == [("a", 3), ("b", 4), ("c", 0)]
    assert entries[0]["sha256"] == folder.sha256_of(tmp_path / "a.parquet")
    assert SECRET not in text and "Server" not in text
    assert seen(tmp_path / ".landing") == {}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("[abcl]*")} == {0o600}


def test_after_a_break_the_last_landing_stands_and_the_next_goes_on(land, tables, tmp_path):
    land()
    tables.rows, tables.fails = {"a": 5, "b": 6, "c": 7}, "b"
    with pytest.raises(BrokenOff):
        land()
    assert seen(tmp_path) == {"a": 3, "b": 4, "c": 0}
    assert seen(tmp_path / ".landing") == {"a": 5}
    tables.fails = ""
    land()
    assert tables.asked == ["b", "c"]
    assert seen(tmp_path) == {"a": 5, "b": 6, "c": 7}
    # A whole landing is no beginning of the next.
    land()
    assert tables.asked == ["a", "b", "c"]


@pytest.mark.parametrize("change", ["query", "database", "age", "bytes", "anew", "list"])
def test_what_waits_is_read_again_where_it_may_be_another(land, tables, tmp_path, monkeypatch, change):
    tables.fails = "b"
    with pytest.raises(BrokenOff):
        land()
    tables.fails = ""
    chosen, more = PLANS, {}
    waiting = tmp_path / ".landing"
    if change == "query":
        chosen = [Plan("a", "select other", "count a"), *PLANS[1:]]
    elif change == "database":
        more = {"database": Database("Driver={PostgreSQL Unicode};Server=other")}
    elif change == "age":
        later = datetime.now(UTC) + folder.KEPT_FOR + timedelta(minutes=1)
        monkeypatch.setattr(
            folder, "datetime", type("Later", (datetime,), {"now": staticmethod(lambda _: later)})
        )
    elif change == "bytes":
        (waiting / "a.parquet").write_bytes((waiting / "a.parquet").read_bytes()[:-1])
    elif change == "anew":
        more = {"is_anew": True}
    else:
        (waiting / "landed.json").write_text("{")
    land(chosen, **more)
    assert tables.asked == ["a", "b", "c"]
    assert seen(tmp_path) == {"a": 3, "b": 4, "c": 0}


def test_rows_that_a_driver_lost_in_silence_are_missed(land, tables, tmp_path):
    tables.counts = {"b": 400}
    with pytest.raises(BrokenOff, match="b: 4 rows came, and the table holds 400"):
        land()
    assert seen(tmp_path) == {}


def test_a_table_that_is_landed_no_more_goes_and_what_is_not_ours_stays(land, tmp_path):
    land()
    pq.write_table(pa.table({"id": [1]}), tmp_path / "own.parquet")
    land(PLANS[:2])
    assert seen(tmp_path) == {"a": 3, "b": 4, "own": 1}


def test_a_file_of_another_kind_in_the_place_is_named_and_nothing_is_read(land, tables, tmp_path):
    (tmp_path / "B.csv").write_text("id\n1\n")
    with pytest.raises(LandingError, match="B.csv"):
        land()
    assert tables.asked == []


def test_two_landings_into_one_folder_are_refused(land, tmp_path):
    with (
        folder.Landing(tmp_path, HERE, print, print).alone(),
        pytest.raises(LandingError, match="another landing"),
    ):
        land()


def test_types_in_which_nothing_is_lost():
    given = pa.schema(
        [("f", pa.float32()), ("t", pa.timestamp("ns")), ("d", pa.date32()), ("n", pa.decimal128(9, 2))]
    )
    assert connection.exact(given).types == [
        pa.float64(),
        pa.timestamp("us"),
        pa.date32(),
        pa.decimal128(9, 2),
    ]
    asked = connection.numbers_as_text(given)
    assert asked.field("n").type == pa.string()
    fits = pa.record_batch({"n": ["18.50", None]})
    declared = pa.schema([given.field("n")])
    assert [str(value) for value in connection.as_declared(fits, declared, "rate").column(0)] == [
        "18.50",
        "None",
    ]
    for text in ("18.505", "NaN", "12345678.00"):
        with pytest.raises(BrokenOff, match="rate, column n: a number does not fit") as error:
            connection.as_declared(pa.record_batch({"n": [text]}), declared, "rate")
        assert text not in str(error.value)


def test_the_page_names_what_the_command_reads():
    page = (PROJECT / "docs" / "landing.md").read_text(encoding="utf-8")
    for name in (connection.CONNECTION, connection.USER, connection.PASSWORD, *connection.KINDS):
        assert name in page
    assert len(extract_names()) == 15
