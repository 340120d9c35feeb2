"""Opening the built database from a command, read-only, under a name that cannot clash.

The default file is cld.duckdb and one schema is called cld: opened by its own name, `cld.cld_events`
would be ambiguous. Attached as `council` it is not.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb


def default_path() -> Path:
    """The database that dbt builds: CLD_DATABASE_PATH, else cld.duckdb."""
    return Path(os.environ.get("CLD_DATABASE_PATH") or "cld.duckdb")


def open_database(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a built database. Raises SystemExit with what to do instead."""
    if not path.is_file():
        raise SystemExit(f"{path}: no such database. Build it first: make build")
    connection = duckdb.connect()
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as council (read_only)")
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
