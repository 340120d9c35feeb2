"""A folder of results: every table of a check as Parquet, the part of each council by itself.

    RESULTS/current.json                    which parts count; replaced last, so that they change all at once
    RESULTS/councils/409/KEY/dhsc/ascof_measures.parquet
    RESULTS/shared/KEY/reference/...        what is the same for all councils, and the columns of each table
    RESULTS/results.duckdb                  a view of each table over all parts, for SQL, Power BI, asc-cld region

A part's KEY says what it was computed from (asc_cld/by_council.py), so that one that is there need not be made again.
A folder in `councils` is of that council alone, but for `several-...`: councils that stand in one file together.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from asc_cld.database import identifier, quoted
from asc_cld.files import UNFINISHED, private_folder, to_disk, whole_file, writing

CURRENT, COUNCILS, SHARED, WORK, FACTS = "current.json", "councils", "shared", ".work", "_part.json"
DATABASE, FORM, LOCK, LANDED = "results.duckdb", 1, ".lock", "landed"
# Who opens the database puts a lock, a log or what it spills beside it; a backup of somebody's is not ours.
BESIDE_THE_DATABASE = ("", ".lock", ".wal", ".tmp", ".spill")
# What Windows and macOS put into a folder that somebody looks into.
OF_THE_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini")
# Of a key, in hexadecimal.
KEY_LENGTH = 20
SCHEMAS = ("submissions", "data_quality", "dhsc", "sharing", "specification", "reference", "governance")
# Seeds: the same for all, whichever council a row names.
OF_ALL = ("specification", "reference")
# Which run made a part: one row, told of every council in it.
RUN = "governance.gov_run"
# By which column a row is known to be of a council; the first that a table has and that is filled.
BY_SUBMISSION, BY_COUNCIL = "submission_id", ("la_code", "council_code")
# Private tables of the values that all files of a run hold together: of no council, and in no part. What comes of
# them is there council by council.
OF_A_RUN = ("data_quality.dq_field_status", "data_quality.dq_profile_conditions", "dhsc.dhsc_value_map")
# A public table of such values: a part holds those that its events show, what none shows is shared.
DIMENSIONS, EVENTS = "dhsc.dhsc_dimensions", "dhsc.dhsc_events_single"


class ResultsError(Exception):
    """Why there are no results, or none could be written; a sentence."""


@dataclass(frozen=True)
class Group:
    """The councils that can only be computed together, mostly one, and their files."""

    name: str
    codes: tuple[str, ...]
    submissions: tuple[str, ...]
    rows: int
    key: str

    @property
    def folder(self) -> str:
        return f"{COUNCILS}/{self.name}/{self.key}"


@dataclass
class Part:
    """What was written of a group, or of all: {table: {file: bytes}}."""

    name: str
    folder: str
    codes: tuple[str, ...] = ()
    submissions: int = 0
    rows: int = 0
    # Tests of the run that found something wrong: said again for as long as the part counts.
    failed: tuple[str, ...] = ()
    tables: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def files(self) -> int:
        return sum(len(files) for files in self.tables.values())


# -- Writing ----------------------------------------------------------------------------------------------------------


def split(
    connection: duckdb.DuckDBPyConnection, catalogue: str, groups: Sequence[Group], into: Path
) -> tuple[Part, dict[str, Part]]:
    """Writes the tables of one run into `into`, those of each group into a folder of its own.

    Gives what is shared, and the part of each group. Raises ResultsError where a row is of no group: nothing drops
    out quietly.
    """
    shared = Part(SHARED, "")
    parts = {
        group.name: Part(group.name, group.folder, group.codes, len(group.submissions), group.rows)
        for group in groups
    }
    _know_groups(connection, groups)
    connection.execute(f"use {identifier(catalogue)}")
    for table, columns in _tables(connection, catalogue):
        schema, name = table.split(".")
        here = f"{identifier(schema)}.{identifier(name)}"
        if table in OF_A_RUN:
            continue
        if table == DIMENSIONS:
            _know_shown_values(connection, catalogue)
            by = "using (dimension, dimension_value)"
            _write(connection, f"from {here} anti join shown {by}", into, shared, table)
            _write_parts(connection, f"from {here} inner join shown {by}", into, parts, table)
            continue
        key = None if schema in OF_ALL else _key(columns)
        # Of a table of councils the shared part has the columns alone.
        _write(connection, f"from {here}" + (" limit 0" if key or table == RUN else ""), into, shared, table)
        if key:
            _write_parts(
                connection, f"select rows_.*, part from {here} as rows_ {_joins(*key)}", into, parts, table
            )
        elif table == RUN:
            for part in parts.values():
                _write(connection, f"from {here}", into, part, table)
    return shared, parts


def _tables(connection: duckdb.DuckDBPyConnection, catalogue: str) -> list[tuple[str, set[str]]]:
    found: dict[str, set[str]] = {}
    for schema, name, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = ?"
        " and not internal order by all",
        [catalogue],
    ).fetchall():
        if schema in SCHEMAS:
            found.setdefault(f"{schema}.{name}", set()).add(column)
    views = connection.execute(
        "select schema_name, view_name from duckdb_views() where database_name = ? and not internal",
        [catalogue],
    ).fetchall()
    # A view of a database is its makers' own; Spark's tables are views here and are all there is.
    is_of_tables = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ?", [catalogue]
    ).fetchall()[0][0]
    left_out = {f"{schema}.{name}" for schema, name in views} if is_of_tables else set()
    return sorted((table, columns) for table, columns in found.items() if table not in left_out)


def _key(columns: set[str]) -> list[str]:
    """By which of its columns a row finds its group; none for a table that is the same for all."""
    return [
        *(column for column in (BY_SUBMISSION,) if column in columns),
        *[column for column in BY_COUNCIL if column in columns][:1],
    ]


def _joins(*columns: str) -> str:
    """Gives rows_ the column `part`, SQL; null where no group has it."""
    named = {column: f"by_{column}" for column in columns}
    joins = [
        f"left join of_{'submissions' if column == BY_SUBMISSION else 'councils'} as {name}"
        f" on rows_.{column} is not distinct from {name}.code"
        for column, name in named.items()
    ]
    found = ", ".join(f"{name}.known_part" for name in named.values())
    return f"{' '.join(joins)} cross join lateral (select coalesce({found}) as part)"


def _know_groups(connection: duckdb.DuckDBPyConnection, groups: Sequence[Group]) -> None:
    for table, known in (
        ("of_submissions", [(one, group.name) for group in groups for one in group.submissions]),
        # Files in which no row has a code make one group.
        ("of_councils", [(code, group.name) for group in groups for code in group.codes or (None,)]),
    ):
        connection.execute(f"create or replace temp table {table} (code varchar, known_part varchar)")
        connection.executemany(f"insert into {table} values (?, ?)", known)


def _know_shown_values(connection: duckdb.DuckDBPyConnection, catalogue: str) -> None:
    """Which values of the dashboard's dimensions the events of each group show; a dimension is a cleaned field."""
    fields = connection.execute(
        f"select distinct dimension from {DIMENSIONS} where dimension || '_cleaned' in (select column_name"
        " from duckdb_columns() where database_name = ? and schema_name || '.' || table_name = ?) order by all",
        [catalogue, EVENTS],
    ).fetchall()
    of_fields = [
        f"select {quoted(field)} as dimension, rows_.{identifier(f'{field}_cleaned')} as dimension_value, part"
        f" from {EVENTS} as rows_ {_joins(BY_COUNCIL[0])}"
        for (field,) in fields
    ]
    empty = "select '' as dimension, '' as dimension_value, '' as part where false"
    connection.execute(f"create or replace temp table shown as {' union '.join([empty, *of_fields])}")


def _write(connection: duckdb.DuckDBPyConnection, query: str, into: Path, part: Part, table: str) -> None:
    schema, name = table.split(".")
    path = private_folder(into / part.name / schema) / f"{name}.parquet"
    with whole_file(path) as temporary:
        connection.execute(f"copy ({query}) to {quoted(temporary)} (format parquet, compression zstd)")
    part.tables[table] = {f"{schema}/{path.name}": path.stat().st_size}


def _write_parts(
    connection: duckdb.DuckDBPyConnection, query: str, into: Path, parts: Mapping[str, Part], table: str
) -> None:
    """The rows of each group, which `query` names in its last column; one pass over the table."""
    schema, name = table.split(".")
    place = private_folder(into / "split")
    connection.execute(
        f"copy ({query}) to {quoted(place)} (format parquet, compression zstd, partition_by (part), overwrite)"
    )
    for folder in sorted(place.glob("part=*")):
        part = parts.get(folder.name.removeprefix("part="))
        if part is None and len(parts) == 1:
            # Whatever the rows say of their council, there is no other.
            [part] = parts.values()
        if part is None:
            raise ResultsError(
                f"{table} has rows of which it cannot be said whose council they are; --rows-at-once 1 computes each"
                " council alone"
            )
        files = part.tables.setdefault(table, {})
        for file in sorted(folder.glob("*.parquet")):
            number = f"-{len(files)}" if files else ""
            target = private_folder(into / part.name / schema) / f"{name}{number}.parquet"
            file.chmod(0o600)
            shutil.move(file, target)
            files[f"{schema}/{target.name}"] = target.stat().st_size
    shutil.rmtree(place)


def keep_part(results: Path, written: Path, part: Part) -> None:
    """Gives a part its place; without its facts, which come first and move with it, it is not whole."""
    with writing(written / FACTS) as stream:
        json.dump(asdict(part), stream, sort_keys=True)
    target = results / part.folder
    private_folder(target.parent)
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(written, target)
    to_disk(target.parent)


def kept_part(results: Path, folder: str) -> Part | None:
    """A part that is there and whole; None where it is to be made."""
    try:
        said = json.loads((results / folder / FACTS).read_text(encoding="utf-8"))
        part = Part(**said)
        part.codes, part.failed = tuple(part.codes), tuple(part.failed)
        files = [(file, size) for files in part.tables.values() for file, size in files.items()]
        is_whole = part.folder == folder and all(
            (results / folder / file).stat().st_size == size for file, size in files
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return part if is_whole else None


def same_for_all(connection: duckdb.DuckDBPyConnection, one: Path, other: Path, part: Part) -> list[str]:
    """The shared tables that two runs with the same settings do not give alike: they are of some council."""
    found = []
    for table, files in part.tables.items():
        [file] = files
        sides = [f"from read_parquet({quoted(folder / file)})" for folder in (one, other)]
        if not all((folder / file).is_file() for folder in (one, other)) or any(
            connection.execute(f"select count(*) from ({a} except all {b})").fetchall()[0][0]
            for a, b in (sides, sides[::-1])
        ):
            found.append(table)
    return found


def is_ours(folder: Path) -> bool:
    """Whether a folder is called as a part is, or as a whole run of an earlier version."""
    form = r"run-[0-9a-f]{12}" if folder.name.startswith("run-") else f"[0-9a-f]{{{KEY_LENGTH}}}"
    return folder.is_dir() and bool(re.fullmatch(form, folder.name))


def refuse_others(results: Path) -> None:
    """Raises ResultsError where the folder holds anything that is not of results: a wrong folder was named."""
    if not results.exists():
        return
    if not results.is_dir():
        raise ResultsError(f"{results} is a file: results have a folder of their own")
    beside = {f"{DATABASE}{suffix}" for suffix in BESIDE_THE_DATABASE}
    ours = {CURRENT, COUNCILS, SHARED, WORK, LOCK, LANDED, *beside, *OF_THE_SYSTEM}
    others = sorted(
        path.name
        for path in results.iterdir()
        if path.name not in ours and not is_ours(path) and not path.name.endswith(UNFINISHED)
    )
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise ResultsError(
            f"{results} holds {', '.join(others[:3])}{more}, which is not of results: give a folder of its own"
        )


def files_of_results(results: Path) -> list[Path]:
    """Every file that a check has written here but for the landing in it; nothing else is ours to delete."""
    folders = [*results.glob(f"{COUNCILS}/*/*"), *results.glob(f"{SHARED}/*"), *results.glob("run-*")]
    places = [results / WORK, *(results / f"{DATABASE}{suffix}" for suffix in BESIDE_THE_DATABASE)]
    places += [folder for folder in folders if is_ours(folder)]
    found = [path for place in places for path in (place, *place.rglob("*")) if path.is_file()]
    # What says that they are there goes last: a purge that broke off is gone on with.
    return [*sorted(found), *(path for name in (LOCK, CURRENT) if (path := results / name).is_file())]


def publish(
    results: Path, shared: str, folders: Iterable[str], problems: Sequence[tuple[str, int, str]]
) -> None:
    """Lets these parts be the results from now on, and deletes what is not among them."""
    said: dict[str, Any] = {
        "form": FORM,
        "shared": shared,
        "parts": sorted(folders),
        # Files that could not be read: no part has their rows.
        "not_read": [{"file": file, "line": line, "problem": problem} for file, line, problem in problems],
    }
    with writing(results / CURRENT) as stream:
        json.dump(said, stream, indent=1)
        stream.write("\n")
    wanted = {shared, *said["parts"]}
    for folder in [*results.glob(f"{COUNCILS}/*/*"), *results.glob(f"{SHARED}/*"), *results.glob("run-*")]:
        # Only what has a name that we give: nothing else here is ours to delete.
        if is_ours(folder) and folder.relative_to(results).as_posix() not in wanted:
            shutil.rmtree(folder)
    for folder in results.glob(f"{COUNCILS}/*"):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    write_database(results)


def write_database(results: Path) -> None:
    """The database of views; it names the files where they lie now. Raises ResultsError."""
    read_current(results)
    with whole_file(results / DATABASE) as temporary:
        temporary.unlink()
        with duckdb.connect(config={"storage_compatibility_version": "v1.5.0"}) as connection:
            connection.execute(f"attach {quoted(temporary)} as results")
            connection.execute("use results")
            _make_views(connection, results)
            connection.execute("checkpoint results")


# -- Reading ----------------------------------------------------------------------------------------------------------


def read_current(results: Path | str) -> dict[str, Any]:
    """What current.json says. Raises ResultsError where there are no results."""
    path = Path(results) / CURRENT
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict) or said.get("form") != FORM:
        raise ResultsError(f"{results} holds no results: asc-cld check --results {results} makes them")
    return said


def parts_of(results: Path | str) -> list[Part]:
    """The parts that count, what is shared first. Raises ResultsError where one is not as it was written."""
    results = Path(results)
    said = read_current(results)
    parts = []
    for folder in (said["shared"], *said["parts"]):
        part = kept_part(results, folder)
        if part is None:
            raise ResultsError(
                f"{results / folder} is not as it was written: run asc-cld check --results {results} again"
            )
        parts.append(part)
    return parts


def results(folder: Path | str) -> duckdb.DuckDBPyConnection:
    """The results in a folder, as views of a database in memory. Raises ResultsError."""
    connection = duckdb.connect()
    _make_views(connection, Path(folder))
    return connection


def _make_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    files: dict[str, list[str]] = {}
    for part in parts_of(folder):
        for table, names in part.tables.items():
            files.setdefault(table, []).extend(
                quoted((folder / part.folder / name).absolute()) for name in names
            )
    for table, names in sorted(files.items()):
        schema, name = table.split(".")
        connection.execute(f"create schema if not exists {identifier(schema)}")
        listed = f"read_parquet([{', '.join(names)}])"
        distinct = "distinct " if table in (RUN, DIMENSIONS) else ""
        connection.execute(
            f"create view {identifier(schema)}.{identifier(name)} as select {distinct}* from {listed}"
        )
