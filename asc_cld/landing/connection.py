"""How a database is reached through ODBC, and what may be said when it is not.

Where it is and who asks come from the environment or from the keyring of the system, never from a file or the
command line. What a driver says may hold a password or quote a cell: only the classes of messages that cannot are
repeated, with every secret masked.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

SERVICE = "asc-cld"
CONNECTION, USER, PASSWORD = "ASC_CLD_CONNECTION", "ASC_CLD_USER", "ASC_CLD_PASSWORD"
# How long a text may be, in letters; a longer one stops the landing, nothing is cut off.
LONGEST_TEXT = 8000
BYTES_AT_ONCE = 32 * 1024**2
ROWS_AT_ONCE = 20_000
SECONDS_TO_LOG_IN = 30
KINDS = ("sqlserver", "oracle", "postgresql")
# A kind for which queries are read, but whose tables nobody can list.
OTHER = "other"
# What a driver is called, and which kind of database it reaches.
DRIVERS = {"sql server": "sqlserver", "oracle": "oracle", "postgres": "postgresql", "psqlodbc": "postgresql"}
# What the driver of a kind needs to be told, unless the connection string says otherwise: to fetch in batches, and
# to give times with a zone as the UK's.
TOLD = {"postgresql": {"UseDeclareFetch": "1", "ConnSettings": "set timezone to 'Europe/London'"}}
# Drivers that take the decimals of a column from the rows they saw first, and cut off those of others.
NUMBERS_AS_TEXT = ("postgresql",)
# Drivers that make a day of their own, often today, of one that no calendar has (infinity, before the year 1).
DAYS_ARE_ASKED = ("postgresql",)
SECRET_KEYS = re.compile(r"pwd|password|secret|token|key|credential", re.IGNORECASE)
PART = re.compile(r"\s*([^=;{}]+?)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;]*)\s*(?:;|$)")
STATE = re.compile(r"State: ([0-9A-Z]{5})")
# The classes of ODBC's states whose messages speak of the way, the name and the rights, and quote no cell.
MAY_BE_SAID = ("01000", "08", "28", "IM", "42S", "42501", "42P01", "42703", "HYT", "57P0", "3D000", "0A000")
IN_WORDS = {
    "08": "the connection failed",
    "28": "the database does not know this user or password",
    "IM": "the driver or the source is not set up on this machine",
    "01000": "the driver or the source is not set up on this machine",
    "22": "a value cannot be made what the query asks for",
    "HYT": "the database did not answer in time",
    "57P0": "the connection was ended by the database",
    "42": "the database does not take the query: a name in it, or the right to read",
}


class LandingError(Exception):
    """What could not be landed, and why; no value of a person and no secret is in it."""


class BrokenOff(LandingError):
    """The database failed while it was read; the tables that were finished are kept."""


@dataclass(frozen=True)
class Database:
    """Where a database is and who asks; never shown."""

    connection: str = field(repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    kind: str = ""

    @property
    def parts(self) -> dict[str, str]:
        """The connection string by keys, as they are written."""
        return parts_of(self.connection)

    @property
    def fingerprint(self) -> str:
        """Tells one database from another; secrets are no part of it."""
        plain = sorted(
            f"{key.lower()}={value}" for key, value in self.parts.items() if not SECRET_KEYS.search(key)
        )
        return hashlib.sha256("\n".join(plain).encode()).hexdigest()

    def full_connection(self) -> str:
        """The connection string with what the driver of this kind needs to be told."""
        said = {key.lower() for key in self.parts}
        more = [f"{key}={value}" for key, value in TOLD.get(self.kind, {}).items() if key.lower() not in said]
        return ";".join([self.connection.rstrip("; "), *more]) + ";"

    def without_secrets(self, text: str) -> str:
        """A text in which every secret of this connection is masked."""
        secrets = {value.strip("{}") for key, value in self.parts.items() if SECRET_KEYS.search(key)}
        secrets |= {value for value in (self.password, self.connection) if value}
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def parts_of(connection: str) -> dict[str, str]:
    """The parts of an ODBC connection string. Raises LandingError where it is none; it is not shown."""
    found, at = {}, 0
    while at < len(connection.rstrip("; \n")):
        part = PART.match(connection, at)
        if not part:
            raise LandingError(f"{CONNECTION} is no ODBC connection string: write Key=value;Key=value")
        found[part[1]] = part[2]
        at = part.end()
    return found


def from_keyring(entry: str) -> str | None:
    """What the keyring of the system holds for us under a name; none where there is no keyring."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, entry)
    except KeyringError:
        return None


def find_database(kind: str = "", dsn: str = "") -> Database:
    """The database that the environment or the keyring name. Raises LandingError where none does."""
    if dsn and not re.fullmatch(r"[A-Za-z0-9_ .-]+", dsn):
        raise LandingError("--dsn is the name of a source that is set up on this machine, and nothing else")
    connection = f"DSN={dsn}" if dsn else os.environ.get(CONNECTION, "").strip() or from_keyring("connection")
    if not connection:
        raise LandingError(
            f"Where is the database? Set {CONNECTION}, or store it: keyring set {SERVICE} connection"
            " (docs/landing.md)"
        )
    user = os.environ.get(USER, "").strip() or from_keyring("user") or None
    password = os.environ.get(PASSWORD) or (from_keyring(user) if user else None)
    parts = {key.lower(): value.strip("{}") for key, value in parts_of(connection).items()}
    named = parts.get("driver", "").lower()
    known = next((found for word, found in DRIVERS.items() if word in named), "")
    kind = kind or known
    if kind not in (*KINDS, OTHER):
        said = f"'{kind}' is not known" if kind else "the driver does not say"
        raise LandingError(
            f"Which kind of database is it ({said})? Give --kind {', '.join(KINDS)} or {OTHER}"
        )
    return Database(connection, user, password, kind)


def batches(database: Database, query: str, what: str) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The columns of a query and its rows, batch by batch. Raises BrokenOff, also while they are read."""
    days: list[int] = []
    if database.kind in DAYS_ARE_ASKED:
        _, declared = _opened(database, f"select * from (\n{query}\n) as asked limit 0", what)
        days = [at for at, one in enumerate(declared) if is_day(one.type)]
        query = with_real_days(query, len(declared), days) if days else query
    reader, found = _opened(database, query, what)
    if not days:
        return found, _read(database, reader, found, [], what)
    # The columns are numbered in that query: a query of a council may name two alike, which is said later.
    return declared, _read(database, reader, declared, days, what)


def _opened(database: Database, query: str, what: str) -> tuple[Any, pa.Schema]:
    try:
        import arrow_odbc
        from arrow_odbc import TextEncoding
    except ImportError:
        raise LandingError(
            "Landing needs a library of its own: pip install '.[land]' in the project's folder"
        ) from None
    except OSError:
        raise LandingError(
            "ODBC is not set up on this machine (Debian, Ubuntu: apt install unixodbc)"
        ) from None
    schemas = []

    def asked(found: pa.Schema) -> pa.Schema:
        schemas.append(exact(found))
        return numbers_as_text(schemas[0]) if database.kind in NUMBERS_AS_TEXT else schemas[0]

    try:
        reader = arrow_odbc.read_arrow_batches_from_odbc(
            query,
            database.full_connection(),
            user=database.user,
            password=database.password,
            batch_size=ROWS_AT_ONCE,
            max_bytes_per_batch=BYTES_AT_ONCE,
            max_text_size=LONGEST_TEXT,
            max_binary_size=LONGEST_TEXT,
            login_timeout_sec=SECONDS_TO_LOG_IN,
            map_schema=asked,
            # The driver's narrow text depends on the machine's locale, and letters are lost on the way.
            payload_text_encoding=TextEncoding.UTF16,
        )
    except arrow_odbc.Error as error:
        raise BrokenOff(f"{what}: {in_words(database, error)}") from None
    binary = [one.name for one in schemas[0] if pa.types.is_binary(one.type) or is_fixed_binary(one.type)]
    if binary:
        raise BrokenOff(
            f"{what}, column {', '.join(binary)}: it holds bytes (a picture, a document, a raw key)."
            " Leave it out, or write it as text in a query of your own"
        )
    return reader, schemas[0]


def is_day(kind: pa.DataType) -> bool:
    """Whether a type holds days or moments."""
    return pa.types.is_date(kind) or pa.types.is_timestamp(kind)


def with_real_days(query: str, width: int, days: list[int]) -> str:
    """The query, and behind its columns one for each column of days: 1 where the day is of the years 1 to 9999."""
    names = ", ".join(f"c{at}" for at in range(width))
    asked = "".join(
        f", case when c{at} >= '0001-01-01' and c{at} < '10000-01-01' then 1 when c{at} is not null then 0 end"
        for at in days
    )
    return f"select {names}{asked} from (\n{query}\n) as asked ({names})"


def refuse_unreal_days(batch: pa.RecordBatch, declared: pa.Schema, days: list[int], what: str) -> None:
    """Raises BrokenOff where a column holds a day that the driver cannot give."""
    for place, at in enumerate(days, len(declared)):
        if pc.any(pc.equal(batch.column(place), 0)).as_py():
            raise BrokenOff(
                f"{what}, column {declared[at].name}: a day is infinity, or not of the years 1 to 9999, and the"
                " driver would give another day. Write the column as text in a query or view of your own:"
                " cast(... as text)"
            )


def is_fixed_binary(kind: pa.DataType) -> bool:
    """Whether a type holds bytes of one length."""
    return pa.types.is_fixed_size_binary(kind) and not pa.types.is_decimal(kind)


def _read(
    database: Database, reader: Any, declared: pa.Schema, days: list[int], what: str
) -> Iterator[pa.RecordBatch]:
    import arrow_odbc

    try:
        for batch in reader:
            refuse_unreal_days(batch, declared, days, what)
            yield as_declared(batch, declared, what)
    except arrow_odbc.Error as error:
        raise BrokenOff(f"{what}: {in_words(database, error)}") from None


def numbers_as_text(schema: pa.Schema) -> pa.Schema:
    """Numbers with decimals as the driver writes them, so that what does not fit the declared type is found out."""
    return pa.schema([one.with_type(pa.string()) if pa.types.is_decimal(one.type) else one for one in schema])


def as_declared(batch: pa.RecordBatch, declared: pa.Schema, what: str) -> pa.RecordBatch:
    """The batch in the declared types. Raises BrokenOff where one of its numbers does not fit."""
    columns = []
    # Behind the declared columns may stand those that we asked for.
    for column, one in zip(batch.columns[: len(declared)], declared, strict=True):
        try:
            columns.append(column if column.type == one.type else column.cast(one.type))
        except pa.ArrowInvalid:
            raise BrokenOff(
                f"{what}, column {one.name}: a number does not fit {one.type}, the type of the column."
                " Name a wider one in a query of your own: cast(... as numeric(28, 10))"
            ) from None
    return pa.record_batch(columns, schema=declared)


def exact(schema: pa.Schema) -> pa.Schema:
    """The types in which nothing is lost: a driver may call a long float short, or count nanoseconds to 2262."""

    def kept(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_float32(kind):
            return pa.float64()
        if pa.types.is_timestamp(kind) and kind.unit == "ns":
            return pa.timestamp("us", kind.tz)
        return kind

    return pa.schema([pa.field(one.name, kept(one.type), one.nullable) for one in schema])


def in_words(database: Database, error: Exception) -> str:
    """What the driver says, as far as it may be said."""
    text = str(error)
    if "too large to be written" in text:
        return (
            f"a text is longer than {LONGEST_TEXT:,} letters; nothing is cut off."
            " Leave the column out, or shorten it in a query of your own"
        )
    state = STATE.search(text)
    if not state:
        return f"the driver failed ({type(error).__name__})"
    said = next(
        (words for begin, words in IN_WORDS.items() if state[1].startswith(begin)), "the database failed"
    )
    if not state[1].startswith(MAY_BE_SAID):
        # It may quote a cell.
        return f"{said} (state {state[1]})"
    message = text.partition("Message: ")[2].partition("\nState: ")[0]
    return f"{said} (state {state[1]}): {database.without_secrets(' '.join(message.split()))}"
