"""Reads the lists a council may hold beside its CLD files: registered deaths, and the record-level lists
DHSC returned.

Every file of rows in the folder is read as text; without a folder the table is empty. Columns are found
by name, in any order, capitals and spelling (`LA Code`, `LA_Code`, `la code`); others are left out. A
file that cannot be used stops the run; the message names the file, the line and the column, never what
stands in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from asc_cld.readers.doubtful_days import doubt_to_tell
from asc_cld.readers.errors import InputError
from asc_cld.readers.sources import TABLES, is_passed_over, open_source, positions_of, refuse_error_cells
from asc_cld.readers.text_files import trimmed
from asc_cld.settings import current


@dataclass(frozen=True)
class ListOf:
    """A list: the setting that names its folder, the columns it must have, may have, and which are whole numbers
    or days."""

    setting: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


# By the source table they become.
LISTS = {
    "death_rows": ListOf("ons_deaths_path", ("nhs_number", "date_of_death"), days=("date_of_death",)),
    "returned_rows": ListOf(
        "dhsc_lists_path",
        needed=("la_person_unique_identifier", "measure", "group", "numerator", "denominator"),
        optional=("la_code", "reporting_period", "description", "sequel_type"),
        numbers=("numerator", "denominator"),
    ),
}


def list_folders(settings: Mapping[str, str]) -> dict[str, str]:
    """The folder of each list, by its source table, as the settings have it; '' where none is named."""
    return {name: settings[one.setting] for name, one in LISTS.items()}


def read_lists(folder: Path | str, wanted: ListOf) -> pa.Table:
    """All lists of a folder, one below the other. Raises InputError for the files that cannot be used.

    Columns: file_name, line_number (the header is line 1), then those that a list may and must have; text, or
    whole numbers.
    """
    schema = pa.schema(
        [("file_name", pa.string()), ("line_number", pa.int64())]
        + [
            (name, pa.int64() if name in wanted.numbers else pa.string())
            for name in (*wanted.optional, *wanted.needed)
        ]
    )
    if not folder:
        return schema.empty_table()
    if not Path(folder).is_dir():
        raise InputError(f"the folder of lists does not exist: {folder}")
    tables, problems = [schema.empty_table()], []
    for path in sorted(Path(folder).iterdir()):
        if path.suffix.lower() not in TABLES or is_passed_over(path):
            continue
        try:
            tables.append(read_list(path, schema, wanted))
        except InputError as error:
            problems.append(error)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise InputError("\n".join(map(str, problems)))
    return pa.concat_tables(tables)


def list_header(cell: str) -> str:
    """`LA Code`, `LA_Code` and `la code` are one header."""
    return re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_")


def read_list(path: Path, schema: pa.Schema, wanted: ListOf) -> pa.Table:
    """One list. Raises InputError: columns missing or twice, rows that do not fit, no whole number, days swapped."""
    known = frozenset(schema.names[2:])
    source = open_source(path, known, list_header)
    positions = positions_of(source, known, list_header)
    missing = [name for name in wanted.needed if name not in positions]
    if missing:
        raise InputError(
            f"{path.name} has no column {', '.join(missing)}; it needs {', '.join(wanted.needed)}."
        )
    table = source.table(positions)
    refuse_error_cells(table, source.name, source.line_of)
    for name in wanted.days:
        # A list is of no extract: it is accepted by a row for any. What is in doubt but may be chance stops nobody.
        doubt_to_tell(table[name], path.name, lambda place: source.line_of(place + 1), "*", name, current)
    empty = set(source.empty_records)
    kept = [record for record in range(1, table.num_rows + 1) if record not in empty]
    columns = {
        "file_name": pa.array([path.name] * len(kept), pa.string()),
        "line_number": pa.array([source.line_of(record) for record in kept], pa.int64()),
    }
    for name in schema.names[2:]:
        cells = table[name].to_pylist() if name in positions else [""] * table.num_rows
        cells = [cells[record - 1] for record in kept]
        if schema.field(name).type == pa.int64():
            lines = columns["line_number"].to_pylist()
            cells = [whole_number(cell, path, line, name) for line, cell in zip(lines, cells, strict=True)]
        else:
            cells = [trimmed(cell) or None for cell in cells]
        columns[name] = pa.array(cells, schema.field(name).type)
    return pa.table(columns, schema=schema)


def whole_number(cell: str, path: Path, line: int, column: str) -> int:
    """1, 1.0 or 51,241 as a number, nothing or NULL as 0. Raises InputError for anything else."""
    text = trimmed(cell)
    if text.upper() in ("", "NULL"):
        return 0
    if not re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)(\.0*)?", text):
        raise InputError("not a whole number.", path.name, line, column)
    return int(text.split(".")[0].replace(",", ""))
