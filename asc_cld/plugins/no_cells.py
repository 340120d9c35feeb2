"""dbt-duckdb plugin that keeps what stands in a cell out of DuckDB's errors, on the screen and in the log.

"Could not convert string 'Smith' to INT32" helps nobody who may not know of Smith. What DuckDB says of SQL (a column
that is none, a word out of place) or of the machine stays; everything else it says may be of data, so it is cut to its
first line and loses what is quoted, called a value or a pattern. Our own sentences, which the SQL function error()
raises (macro stop_with), are known by their first word and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

HIDDEN = "(not shown)"
KIND = re.compile(r"^([A-Z][A-Za-z ]* Error): ")
# Of SQL, or of the machine. Kinds that are not here, known or to come, are taken for words about data.
NOT_OF_DATA = {
    "Parser Error",
    "Syntax Error",
    "Binder Error",
    "Catalog Error",
    "IO Error",
    "Permission Error",
    "Connection Error",
    "TransactionContext Error",
    "Dependency Error",
    "Missing Extension Error",
    "Settings Error",
    "Interrupt Error",
}
# What macro stop_with puts before a sentence of ours.
OURS = "Invalid Input Error: Stopped: "
QUOTED = re.compile(r"'.*'|\".*\"", re.DOTALL)
VALUE = re.compile(r"(\bvalue )(?!out |is )\S+|[0-9][0-9.,:/-]{3,}")
# A pattern that is none is told after two points, unquoted.
PATTERN = re.compile(r"^(Invalid Input Error: [a-z ]+[^\w\s]*:).*")
NO_ROOM = "Out of Memory Error"
TOO_LITTLE_MEMORY = (
    "Out of Memory Error: this run needs more memory than it may use. Give it more (CLD_MEMORY_LIMIT, memory_limit in"
    " council.yml: a size such as 4GB or a share such as 80%) or one thread (asc-cld dbt build"
    " --threads 1); nothing was written over."
)
TOO_LITTLE_DISK = (
    "Out of Memory Error: what does not fit into memory may not take more of the disk. Give it more (CLD_TEMP_LIMIT,"
    " temp_limit in council.yml: a size such as 20GB), or more memory (CLD_MEMORY_LIMIT); nothing was written over."
)
# A full disk, in the words of Linux and macOS and of Windows. What DuckDB says to all that is asked after a fatal error
# holds the first one's words: only they tell a full disk from a fault of another kind.
NO_SPACE = re.compile("No space left on device|Disk quota exceeded|not enough space on the disk")
DISK_FULL = (
    "IO Error: the database could not be written, because the disk is full (asc-cld doctor says what is"
    " free). Make room and build again; the last return is untouched."
)


def without_cells(message: str) -> str:
    """A message of DuckDB as it may be shown; where memory or disk ran out, with the setting that gives more."""
    if message.startswith(NO_ROOM):
        return TOO_LITTLE_DISK if "max_temp_directory_size" in message else TOO_LITTLE_MEMORY
    if NO_SPACE.search(message) and message.startswith(
        ("IO Error", "FATAL Error", "TransactionContext Error")
    ):
        return DISK_FULL
    if message.startswith(OURS):
        return message.removeprefix(OURS)
    kind = KIND.match(message)
    if kind is None or kind[1] in NOT_OF_DATA:
        return message
    return without_values(message)


def without_values(message: str) -> str:
    """The first line of what somebody else's code says of data, without anything quoted and without long numbers."""
    first = PATTERN.sub(rf"\1 {HIDDEN}", message.splitlines()[0])
    return VALUE.sub(lambda found: f"{found[1] or ''}{HIDDEN}", QUOTED.sub(HIDDEN, first))


class Plugin(BasePlugin):
    """Stands between DuckDB and dbt."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Once a process."""
        if not hasattr(DuckDBCursorWrapper.execute, "__wrapped__"):
            DuckDBCursorWrapper.execute = _quiet(DuckDBCursorWrapper.execute)
            for name in ("fetchall", "fetchmany", "fetchone", "to_arrow_table"):
                setattr(DuckDBCursorWrapper, name, _quiet(_passed_on(name)))
            DuckDBConnectionManager.exception_handler = _handler(DuckDBConnectionManager.exception_handler)


def _quiet(known: Any) -> Any:
    @wraps(known)
    def quiet(*given: Any, **named: Any) -> Any:
        try:
            return known(*given, **named)
        except (duckdb.Error, DbtRuntimeError) as error:
            said = without_cells(str(error))
            if said == str(error):
                raise
            raise DbtRuntimeError(said) from None

    quiet.__wrapped__ = known
    return quiet


def _passed_on(name: str) -> Any:
    def passed_on(cursor: DuckDBCursorWrapper, *given: Any) -> Any:
        return getattr(cursor._cursor, name)(*given)

    passed_on.__name__ = name
    return passed_on


def _handler(known: Any) -> Any:
    @contextmanager
    def handler(manager: DuckDBConnectionManager, sql: str, *given: Any, **named: Any) -> Iterator[None]:
        with known(manager, sql, *given, **named):
            try:
                yield
            except duckdb.Error as error:
                said = without_cells(str(error))
                if said == str(error):
                    raise
                raise DbtRuntimeError(said) from None

    return handler
