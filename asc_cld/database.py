"""The one way a command opens the built database: read-only, with its key, under a name that cannot clash.

A file called like one of its schemas (cld.duckdb, as it once was by default) makes every name of it
ambiguous. Attached as `council` none is, whatever the file is called.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from asc_cld.settings import Setting, beside, current, in_force, is_on, this_council

KEY_VARIABLE = "DBT_ENV_SECRET_CLD_DATABASE_KEY"


# What helps where the file is damaged, of a newer DuckDB, or something else under that name.
AWAY = (
    ". Move it away and build again (asc-cld build): all that is in it is made of the extracts, of the CLD files and of"
    " the manifests beside them."
)


# DuckDB's words on Linux and macOS, and those of Windows.
HELD_BY_ANOTHER = ("Could not set lock", "being used by another process")


def is_held(error: duckdb.Error) -> bool:
    """Whether another program has the file open."""
    return any(words in str(error) for words in HELD_BY_ANOTHER)


def is_no_database(path: Path, error: duckdb.Error) -> bool:
    """Whether a file is there that DuckDB cannot read as a database, for no want of a key or of a right."""
    can_be_opened = path.exists() and os.access(path, os.R_OK | os.W_OK)
    return isinstance(error, duckdb.IOException) and can_be_opened and not is_held(error)


def default_path() -> Path:
    """The database that dbt builds (setting database_path)."""
    return Path(current("database_path"))


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, *options: str) -> None:
    """Attaches a database under a name, with the key where one is set (docs/data-protection.md)."""
    key = os.environ.get(KEY_VARIABLE)
    if key:
        options = (*options, f"encryption_key {quoted(key)}")
    try:
        connection.execute(
            f"attach {quoted(path)} as {name}" + (f" ({', '.join(options)})" if options else "")
        )
    except duckdb.Error as error:
        # The first line is DuckDB's reason; the statement below it would show the key.
        reason = str(error).splitlines()[0]
        if is_held(error):
            raise SystemExit(
                f"{path} is in use by another program (dbt, DBeaver, ...): close it and run this again."
            ) from None
        raise SystemExit(
            f"{path}: cannot be opened: {reason}{AWAY if is_no_database(path, error) else ''}"
        ) from None


def quoted(text: str | Path) -> str:
    """A text or a path as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL writes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def open_to_change(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that may change a built database. Raises SystemExit where it cannot be opened."""
    connection = duckdb.connect()
    attach(connection, path, "council")
    return connection


def open_database(
    path: Path, *reads: str, given_vars: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a built database whose run has the settings in force.

    `reads` are the tables (schema.table) that must be of that run. Raises SystemExit with what to do instead.
    """
    if not path.is_file():
        earlier = path.with_name("cld.duckdb")
        named = f" ({earlier} is of an earlier version and is not read)" if earlier.is_file() else ""
        raise SystemExit(
            f"There is no database {path}{named}: build it first (asc-cld build or asc-cld check), or name it with"
            " --database."
        )
    connection = duckdb.connect()
    # The views of a database name it as dbt did, after its file.
    name = path.stem
    attach(connection, path, identifier(name), "read_only")
    clash = connection.execute(
        "select count(*) from duckdb_schemas() where database_name = $1 and schema_name = $1", [name]
    ).fetchall()
    if clash[0][0]:
        connection.execute(f"detach {identifier(name)}")
        name = "council"
        attach(connection, path, name, "read_only")
    connection.execute(f"use {identifier(name)}")
    problem = _other_run(connection, path, reads, given_vars)
    if problem:
        connection.close()
        raise SystemExit(problem)
    return connection


def _other_run(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    reads: Sequence[str],
    given_vars: Mapping[str, Any] | None,
) -> str:
    """Why the database is not that of the settings in force, or its tables not of one run; '' where both are."""
    if not has_table(connection, "governance", "gov_run"):
        return ""
    rows = connection.execute("select settings from governance.gov_run").fetchall()
    noted = _noted(connection)
    different = _differences(
        json.loads(rows[0][0]) if rows else {}, in_force(this_council(), given_vars=given_vars)
    )
    if different:
        return (
            f"{path} was built with other settings: {different}. Give the same settings (council.yml, CLD_ variables),"
            " or name another database with --database."
        )
    # A view: the database stands over results, which are whole (asc_cld/results.py).
    if not reads or not noted:
        return ""
    if noted[0][0] is None:
        return (
            f"The last run on {path} was ended before it was done: its tables are of two runs. Build again: asc-cld"
            " build."
        )
    older = sorted(tables_of_earlier_runs(connection).intersection(reads))
    if older and not is_on(json.loads(rows[0][0]).get("include_built", "true")):
        return (
            f"The last run on {path} checked CLD files already made: it built no return, and {', '.join(older)} are of"
            " an earlier run. Build again: asc-cld build."
        )
    if older:
        return (
            f"The last run on {path} did not reach {', '.join(older)}: there they are of an earlier run. Build again:"
            " asc-cld build."
        )
    return ""


def _noted(connection: duckdb.DuckDBPyConnection) -> list[tuple[str | None]]:
    return connection.execute(
        "select comment from duckdb_tables() where database_name = current_database()"
        " and schema_name = 'governance' and table_name = 'gov_run'"
    ).fetchall()


def tables_of_earlier_runs(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables (schema.table) that the last run did not reach."""
    noted = _noted(connection)
    return set(json.loads(noted[0][0])) if noted and noted[0][0] is not None else set()


def _differences(there: dict[str, Any], here: Mapping[str, Setting]) -> str:
    return ", ".join(
        f"{name} ({value} there, {here[name].value} here)"
        for name, value in there.items()
        if name in here and name not in beside("one_run") and str(value).lower() != here[name].value.lower()
    )


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the built database holds a table or view."""
    found = connection.execute(
        "select count(*) from information_schema.tables where table_catalog = current_database()"
        " and table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    return found[0][0] > 0
