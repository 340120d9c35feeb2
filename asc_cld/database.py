"""The one way a command opens the built database: read-only, with its key, under a name that cannot clash.

A file called like one of its schemas (cld.duckdb, as it once was by default) makes every name of it
ambiguous. Attached as `council` none is, whatever the file is called.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from asc_cld.settings import current

KEY_VARIABLE = "DBT_ENV_SECRET_CLD_DATABASE_KEY"


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
        if "lock" in reason.lower():
            raise SystemExit(
                f"{path} is in use by another program (dbt, DBeaver, ...): close it and run this again."
            ) from None
        raise SystemExit(f"{path}: cannot be opened: {reason}") from None


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


def open_database(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a built database. Raises SystemExit with what to do instead."""
    if not path.is_file():
        raise SystemExit(
            f"There is no database {path}: build it first (make build or make check), or name it with"
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
    return connection


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the built database holds a table or view."""
    found = connection.execute(
        "select count(*) from information_schema.tables where table_catalog = current_database()"
        " and table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    return found[0][0] > 0
