"""dbt-duckdb plugin that lets one run at a time work on a database, and lets a stopping run end in words.

Only a build lands files: what compiles, tests or documents reads what the last build landed.

A second run is refused before it touches anything: the private folder in which DuckDB spills is emptied at the
start of a run, under the hands of one that is still at work.

dbt stops the queries of other threads when one fails (--fail-fast) or on Ctrl-C. dbt-duckdb 1.11.1 does so on
connections that may have been closed by then; DuckDB says "Connection already closed", dbt ends in that instead
of the sentence about the cause, sometimes without any (exit -6). Such a connection has nothing to stop.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.contracts.connection import Connection
from dbt.adapters.duckdb.environments.local import LocalEnvironment
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt.adapters.events.logging import AdapterLogger
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError
from filelock import FileLock, Timeout

from asc_cld.database import AWAY, is_held, is_no_database
from asc_cld.plugins.plain_endings import end_in_words
from asc_cld.settings import DATABASE

EARLIER_NAME = "cld.duckdb"
# What lands files. dbt-duckdb would do so whenever a model is compiled: `dbt docs generate` without the
# council's settings put the demo's extracts over the council's own.
LANDS = ("build", "run")
_land = LocalEnvironment.load_source
# Held until this process ends. dbt opens the database more than once in a run.
_held: dict[Path, FileLock] = {}


class Plugin(BasePlugin):
    """Runs before the database is opened, and first of all plugins."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Takes the place of what fails on a closed connection, of traces on the screen, and of what lands files."""
        end_in_words()
        LocalEnvironment.cancel = classmethod(_cancel)
        if LocalEnvironment.load_source is not _load_source:
            LocalEnvironment.load_source = _load_source

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Locks the database for this run. Raises DbtRuntimeError where another run has it."""
        if creds.path != ":memory:":
            lock(Path(creds.path))
        for attachment in creds.attach or []:
            lock(Path(attachment.path))


def lock(database: Path) -> None:
    """Takes the database for this process. Raises DbtRuntimeError where another process has it."""
    database = database.resolve()
    if database in _held:
        return
    refuse_name(database)
    if not database.parent.is_dir():
        raise DbtRuntimeError(f"Nothing was built: there is no folder {database.parent} for the database.")
    held = FileLock(f"{database}.lock", timeout=0, mode=0o600)
    try:
        held.acquire()
    except Timeout:
        raise DbtRuntimeError(
            f"Another run is working on {database}: wait until it has ended, then start again."
            " Nothing was read or changed."
        ) from None
    try:
        refuse_open_elsewhere(database)
    except DbtRuntimeError:
        held.release()
        raise
    say_earlier_file(database)
    _held[database] = held


def refuse_name(database: Path) -> None:
    """Raises DbtRuntimeError for a file name that cannot be a name in SQL: views and hooks call the database by it."""
    name = database.stem.lower()
    # These are catalogs of DuckDB's own; it knows its words of SQL itself.
    is_taken = name in ("main", "memory", "system", "temp") or bool(
        duckdb.execute(
            "select 1 from duckdb_keywords() where keyword_name = $1 and keyword_category <> 'unreserved'",
            [name],
        ).fetchall()
    )
    if is_taken or not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise DbtRuntimeError(
            f"Nothing was built: a database cannot be called {database.name}. Take letters, digits and _ that do not"
            " begin with a digit and are no word of SQL, such as council.duckdb (database_path in council.yml)."
        )


def refuse_open_elsewhere(database: Path) -> None:
    """Raises DbtRuntimeError with one sentence where a program that is no run of dbt has the file open, or where it
    is no database."""
    if not database.exists():
        return
    try:
        duckdb.connect(str(database)).close()
    except duckdb.Error as error:
        if is_held(error):
            raise DbtRuntimeError(
                f"{database} is open in another program (DBeaver, Power BI, a DuckDB shell): close it there, then"
                " start again. Nothing was read or changed."
            ) from None
        # What else is wrong with the file is said where it is opened, with its key if it has one.
        if is_no_database(database, error):
            reason = str(error).splitlines()[0]
            raise DbtRuntimeError(f"Nothing was built: {database} cannot be opened: {reason}{AWAY}") from None


def say_earlier_file(database: Path) -> None:
    """Names the database of an earlier version, once, where the new one is about to be made beside it."""
    earlier = database.with_name(EARLIER_NAME)
    if database.name == DATABASE and earlier.is_file() and not database.exists():
        AdapterLogger("Council").info(
            f"{earlier} is the database of an earlier version and was left alone; from now on it is {DATABASE}."
            " It holds people: delete it when you no longer need it."
        )


def _load_source(environment: LocalEnvironment, plugin_name: str, source_config: SourceConfig) -> Any:
    """Files are landed by a build and by nothing else."""
    if getattr(get_flags(), "WHICH", None) in LANDS:
        return _land(environment, plugin_name, source_config)
    return None


def _cancel(_: type[LocalEnvironment], connection: Connection) -> None:
    with suppress(duckdb.ConnectionException):
        connection.handle.cursor().interrupt()
