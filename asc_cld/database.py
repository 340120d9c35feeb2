"""The one way a command opens the built database: read-only, with its key, under a name that cannot clash.

The default file is cld.duckdb and one schema is called cld: opened by its own name, `cld.cld_events`
would be ambiguous. Attached as `council` it is not.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

KEY_VARIABLE = "DBT_ENV_SECRET_CLD_DATABASE_KEY"


def default_path() -> Path:
    """The database that dbt builds: CLD_DATABASE_PATH, else cld.duckdb."""
    return Path(os.environ.get("CLD_DATABASE_PATH") or "cld.duckdb")


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
    attach(connection, path, "council", "read_only")
    connection.execute("use council")
    return connection


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the built database holds a table."""
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'council'"
        " and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    return found[0][0] > 0
