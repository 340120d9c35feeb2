"""What a database holds: its tables, columns and row counts, and what of a list is not among them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from asc_cld.landing.connection import KINDS, BrokenOff, Database, LandingError, batches
from asc_cld.nearest import nearest

QUERIES = Path(__file__).parent / "discovery"
COLUMNS = ("table_schema", "table_name", "column_name", "data_type", "row_count")


@dataclass(frozen=True)
class Wanted:
    """A table of a list: its columns, whether each must be there, and the table that may stand in for it."""

    table: str
    columns: dict[str, bool]
    # None: where one of its columns must be there.
    is_needed: bool | None = None
    instead: str = ""

    @property
    def is_required(self) -> bool:
        return any(self.columns.values()) if self.is_needed is None else self.is_needed


@dataclass(frozen=True)
class Found:
    """A table of a database, with its names as the database spells them."""

    schema: str
    table: str
    columns: dict[str, str]
    row_count: int | None


def discovery_query(kind: str) -> str:
    """The query that asks a database of a kind for its tables. Raises LandingError."""
    if kind not in KINDS:
        said = f"'{kind}'" if kind else "not known"
        raise LandingError(f"The kind of database is {said}: give --kind {', '.join(KINDS)}")
    return (QUERIES / f"{kind}.sql").read_text(encoding="utf-8")


def discovered(database: Database) -> list[Found]:
    """The tables that the user of the connection may see. Raises LandingError."""
    query = without_remarks(discovery_query(database.kind))
    _, found = batches(database, query, "the list of tables")
    rows = [
        {name.lower(): cell for name, cell in row.items()} for batch in found for row in batch.to_pylist()
    ]
    if not rows:
        raise BrokenOff("the user of this connection sees no table at all")
    return tables_of(rows)


def without_remarks(query: str) -> str:
    """A query of ours without its remarks, of which some drivers make nothing."""
    return "\n".join(line for line in query.splitlines() if not line.startswith("--"))


def tables_of(rows: Iterable[dict]) -> list[Found]:
    """Tables of the rows that a discovery query gave."""
    columns: dict[tuple[str, str], dict[str, str]] = {}
    counts: dict[tuple[str, str], int | None] = {}
    for row in rows:
        key = (str(row["table_schema"] or ""), str(row["table_name"]))
        columns.setdefault(key, {})[str(row["column_name"])] = str(row["data_type"] or "")
        counts[key] = int(float(row["row_count"])) if row["row_count"] not in (None, "") else None
    return [Found(*key, names, counts[key]) for key, names in columns.items()]


def read_discovered(path: Path) -> list[Found]:
    """The tables of a CSV file that a discovery query was saved to. Raises LandingError."""
    rows = _rows(path, COLUMNS)
    for line, row in enumerate(rows, 2):
        count = (row["row_count"] or "").strip().replace("NULL", "")
        if not count.replace(".0", "").isdigit() and count:
            raise LandingError(f"{path.name}, line {line}, column row_count: this is no number")
        row["row_count"] = count
    return tables_of(rows)


def read_wanted(path: Path) -> list[Wanted]:
    """A list of tables and columns: table_name, column_name, required. Raises LandingError."""
    tables: dict[str, Wanted] = {}
    for line, row in enumerate(_rows(path, ("table_name", "column_name", "required")), 2):
        table, column, required = (row[name].strip() for name in ("table_name", "column_name", "required"))
        if not table or not column or "*" in column:
            raise LandingError(f"{path.name}, line {line}: a table and one column of it must stand here")
        if required.lower() not in ("yes", "no"):
            raise LandingError(f"{path.name}, line {line}, column required: write yes or no")
        wanted = tables.setdefault(table.lower(), Wanted(table, {}))
        if column.lower() in map(str.lower, wanted.columns):
            raise LandingError(f"{path.name}, line {line}: {table}.{column} stands twice")
        wanted.columns[column] = required.lower() == "yes"
    if not tables:
        raise LandingError(f"{path.name}: no table stands in it")
    return list(tables.values())


def read_sources(path: Path) -> list[Wanted]:
    """The tables of a connector, from the YAML of its dbt sources (meta: needed, or). Raises LandingError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [
            Wanted(
                entry["name"],
                {column["name"]: bool(column["config"]["meta"]["needed"]) for column in entry["columns"]},
                bool(entry["config"]["meta"]["needed"]),
                entry["config"]["meta"].get("or", ""),
            )
            for source in content["sources"]
            for entry in source["tables"]
        ]
    except OSError as error:
        raise LandingError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, UnicodeDecodeError):
        raise LandingError(f"{path.name} does not say which tables and columns a connector needs") from None


def list_of_system(connectors: Path, system: str) -> list[Wanted]:
    """The tables that the connector of a system reads. Raises LandingError where there is none."""
    found = {path.parent.parent.name: path for path in connectors.glob("*/models/_*__sources.yml")}
    if system not in found:
        known = f"there are {', '.join(sorted(found))}" if found else "there is none here"
        raise LandingError(f"there is no connector for '{system}': {known}")
    return read_sources(found[system])


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            header = [name.strip().lower() for name in reader.fieldnames or []]
            rows = [dict(zip(header, row.values(), strict=False)) for row in reader]
    except UnicodeDecodeError:
        raise LandingError(f"{path.name} is not UTF-8: save it as CSV UTF-8") from None
    except OSError as error:
        raise LandingError(f"{path}: {error.strerror}") from None
    missing = [name for name in needed if name not in header]
    if missing:
        raise LandingError(f"{path.name}: column missing: {', '.join(missing)}")
    for line, row in enumerate(rows, 2):
        if len(row) < len(header) or any(cell is None or isinstance(cell, list) for cell in row.values()):
            raise LandingError(f"{path.name}, line {line}: it has not as many cells as the header")
    return rows


@dataclass(frozen=True)
class Match:
    """Where a table of a list was found, and the names of its columns there."""

    wanted: Wanted
    found: Found
    columns: dict[str, str]


@dataclass(frozen=True)
class Comparison:
    """A list against a database: what was found, and sentences on what was not."""

    matches: list[Match]
    missing: list[str]
    left_out: list[str]


def compare(wanted: list[Wanted], found: list[Found], schema: str = "") -> Comparison:
    """Finds each table and column, whatever the case of its letters."""
    matches, missing, left_out = [], [], []
    names = {one.table for one in found}
    there = {table.table.lower(): _places(table, found, schema) for table in wanted}
    stands_in = {table.instead.lower(): table for table in wanted if table.instead}
    for table in wanted:
        name = table.table.rpartition(".")[2]
        same, main = there[table.table.lower()], stands_in.get(table.table.lower())
        # It must be there where it has to stand in.
        is_required = table.is_required or bool(main and main.is_required and not there[main.table.lower()])
        if len(same) > 1:
            schemas = ", ".join(sorted(one.schema for one in same))
            missing.append(f"{table.table} stands in several schemas ({schemas}): give --schema")
        elif not same:
            near = nearest(name, names, 0.6)
            where = table.table.rpartition(".")[0] or schema
            said = f"there is no table {name}{f' in schema {where}' if where else ''}"
            if there.get(table.instead.lower()):
                left_out.append(f"{said}; {table.instead} stands in for it")
            else:
                near = f"; the nearest is {near}" if near else ""
                (missing if is_required else left_out).append(f"{said}{near}")
        else:
            columns, lost, without = _columns(table, same[0])
            left_out += without
            (missing if is_required else left_out).extend(lost)
            if is_required or not lost:
                matches.append(Match(table, same[0], columns))
    return Comparison(matches, missing, left_out)


def _places(table: Wanted, found: list[Found], schema: str) -> list[Found]:
    own_schema, _, name = table.table.rpartition(".")
    in_schema = (own_schema or schema).lower()
    return [
        one for one in found if one.table.lower() == name.lower() and in_schema in ("", one.schema.lower())
    ]


def _columns(table: Wanted, one: Found) -> tuple[dict[str, str], list[str], list[str]]:
    """The names of its columns there, and a sentence for each that must, or need not, be there and is not."""
    spelt = {column.lower(): column for column in one.columns}
    columns, lost, without = {}, [], []
    for column, is_required in table.columns.items():
        if column.lower() in spelt:
            columns[column] = spelt[column.lower()]
            continue
        near = nearest(column, one.columns, 0.6)
        name = table.table.rpartition(".")[2]
        sentence = f"{name} has no column {column}{f'; the nearest is {near}' if near else ''}"
        (lost if is_required else without).append(sentence)
    return columns, lost, without
