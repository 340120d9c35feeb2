"""Reads one raw extract as a table of text.

What it promises: every column of the input contract is there as text, extra columns are gone,
`source_row` counts the records from 1, and nothing else is changed, but that a
column of a spreadsheet's day numbers is marked as such (excel_days) and the marks by which Excel keeps a
cell text (="00123") are gone. Lines in which nothing stands
are no records; they are counted. What is wrong with a file is an error that names the file and the
line or column, and never shows what is in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from asc_cld.nearest import nearest
from asc_cld.readers.damaged_text import damaged_cells
from asc_cld.readers.doubtful_days import doubt_to_tell
from asc_cld.readers.errors import InputError
from asc_cld.readers.excel_days import mark_excel_days
from asc_cld.readers.sources import (
    SLIP,
    TABLES,
    base_name,
    is_passed_over,
    misspelt,
    open_source,
    plain_header,
    positions_of,
    refuse_error_cells,
    refuse_misspelt,
    refuse_rows_of_a_report,
    without_empty,
    without_text_marks,
)
from asc_cld.readers.spaces import plain_column
from asc_cld.return_file import sha256_of
from asc_cld.settings import current
from asc_cld.specification import extract_columns, extract_names

PARQUET = ".parquet"
NAME = re.compile(r"[a-z][a-z_]{0,39}[0-9]?")
SHOWN = 5
DAMAGED = "They were read in one encoding and saved in another; export the extract again, as UTF-8"
# What a copy or a part of a file has in its name beside the extract's: review (1), review_part2, copy of review.
COPY = re.compile(r"[\W_\d]*(?:(?:copy|of|part|new|old)[\W_\d]*)*")
# Limits of programs: a figure and noughts, and the rows of Excel's sheets.
ROUND = re.compile(r"[1-9]0{3,}|65536|1048576")
# What was seen in the cells of an extract while it was read, by path, size and day of the file.
_SEEN: dict[tuple[Path, int, int], dict[str, str | None]] = {}


def read_extract(folder: Path, extract: str, setting: Callable[[str], str] = current) -> pa.Table:
    """One extract as text columns in the order of the contract, then `source_row`; `setting` knows those in force.

    Raises InputError: no such folder or file, no header, a column missing or twice, rows that
    do not fit the header, an encoding that cannot be told, an error of Excel, a primary key blank
    or twice, a key with damaged letters, days that have day and month swapped.
    """
    columns = extract_columns(extract)
    path = find_extract(folder, extract)
    if path.suffix.lower() == PARQUET:
        table, names = _read_parquet(path, columns)
        header_line, lines = 0, ("row", lambda record: record)
        refuse_error_cells(table, path.name, lines[1])
        rows = pa.array(range(1, table.num_rows + 1), pa.int32())
    else:
        source = open_source(path, frozenset(columns), plain_header)
        table = source.table(positions_of(source, frozenset(columns), plain_header))
        refuse_error_cells(table, path.name, source.line_of)
        names = [plain_header(cell) for cell in source.header]
        header_line, lines = source.header_lines, ("line", source.line_of)
        rows = pa.array(range(1, table.num_rows + 1), pa.int32())
        table = without_empty(source, table.append_column("source_row", rows))
        rows = table["source_row"]
    table = _without_text_marks(table, columns)
    missing = [
        c for c, spec in columns.items() if spec["is_required"] == "yes" and c not in table.column_names
    ]
    if missing:
        near = misspelt(names, missing)
        said = [f"{name} (is it {near[name]}?)" if name in near else name for name in missing]
        # One of those that nobody reads may be it, under the system's own name.
        others = "" if len(near) == len(missing) else _columns(extract, names)["columns_not_read"]
        beside = f"; nobody reads {others}: rename it if it is that" if others else ""
        raise InputError(f"required column missing: {', '.join(said)}{beside}.", path.name)
    refuse_misspelt(names, columns, path.name, header_line)
    required = [name for name, spec in columns.items() if spec["is_required"] == "yes"]
    found = table.select([name for name in columns if name in table.column_names])
    refuse_rows_of_a_report(found, required, path.name, lambda place: lines[1](rows[place].as_py()))
    complete = {
        c: table[c] if c in table.column_names else pa.nulls(table.num_rows, pa.string()) for c in columns
    }
    seen: dict[str, list[str]] = {"letters_damaged": [], "days_in_doubt": []}

    def place_of(place: int) -> int:
        return lines[1](rows[place].as_py())

    for column, spec in columns.items():
        if spec["key_role"] == "primary key":
            _check_key(path, column, complete[column], rows, lines)
        if spec["data_type"] in ("date", "timestamp"):
            complete[column] = mark_excel_days(complete[column])
            doubt = doubt_to_tell(complete[column], path.name, place_of, extract, column, setting)
            if doubt:
                first = place_of(doubt.places[0])
                seen["days_in_doubt"].append(f"{column}: {doubt.said} (the first on {lines[0]} {first})")
        elif damaged := damaged_cells(complete[column]):
            said = f"{len(damaged):,} cells with damaged letters"
            if spec["key_role"]:
                raise InputError(f"{said} in a key. {DAMAGED}", path.name, place_of(damaged[0]), column)
            seen["letters_damaged"].append(
                f"{column}: {said} (the first on {lines[0]} {place_of(damaged[0])})"
            )
    _SEEN[_state(path)] = {name: "; ".join(said) or None for name, said in seen.items()}
    return pa.table(complete | {"source_row": rows})


def _state(path: Path) -> tuple[Path, int, int]:
    found = path.stat()
    return path, found.st_size, found.st_mtime_ns


def read_file_facts(folder: Path, setting: Callable[[str], str] = current) -> pa.Table:
    """One row an extract of the contract: its file, the folder, the bytes and their SHA-256, its lines.

    lines_in_file = 1 (the header) + records + empty_records + blank_lines + line_breaks_in_cells. A
    Parquet file has no lines: only its records are counted. Columns that are not there are read as blank, and
    those that the contract does not know by nobody; both are named, for one may be the other under a new name.
    Named are, too, signs that a file was cut short (signs_of_a_cut), damaged letters and days that may be others,
    too few to stop the file.
    """
    facts = [file_facts(folder, extract, setting) for extract in extract_names()]
    for fact, signs in zip(facts, signs_of_a_cut(facts), strict=True):
        fact["seems_cut"] = signs
    text, whole = pa.string(), pa.int64()
    types = {
        "source_table": text,
        "file_name": text,
        "folder": text,
        "byte_count": whole,
        "sha256": text,
        "records": whole,
        "lines_in_file": whole,
        "empty_records": whole,
        "blank_lines": whole,
        "line_breaks_in_cells": whole,
        "columns_absent": text,
        "columns_not_read": text,
        "seems_cut": text,
        "letters_damaged": text,
        "days_in_doubt": text,
    }
    return pa.table({name: pa.array([row.get(name) for row in facts], kind) for name, kind in types.items()})


def signs_of_a_cut(facts: Sequence[dict]) -> list[str | None]:
    """Of each extract, as file_facts knows it, what looks as if there were more of it in the source.

    As many records as programs stop at (1000, 50000, the rows of a sheet), or one fewer, where they count the header;
    a last line without an end, where those of other extracts have one: some programs never write it.
    """
    ends = [fact.get("last_line_ends") for fact in facts]
    found = []
    for fact, has_end in zip(facts, ends, strict=True):
        signs = []
        if any(ROUND.fullmatch(str(count)) for count in (fact["records"], fact["records"] + 1)):
            signs.append(f"{fact['records']} records are as many as programs stop at")
        if has_end is False and True in ends:
            signs.append("its last line has no end, as others have")
        found.append("; ".join(signs) or None)
    return found


def file_facts(folder: Path, extract: str, setting: Callable[[str], str] = current) -> dict:
    """The facts of one extract, as a row of read_file_facts. Raises InputError as read_extract does."""
    path = find_extract(folder, extract)
    if not path.is_file() or _state(path) not in _SEEN:
        read_extract(folder, extract, setting)
    facts = {
        "source_table": extract,
        "file_name": path.name,
        "folder": str(folder),
        "byte_count": path.stat().st_size,
        "sha256": sha256_of(path),
        **_SEEN[_state(path)],
    }
    if path.suffix.lower() == PARQUET:
        return facts | {"records": _row_count(path)} | _columns(extract, _parquet(path).column_names)
    source = open_source(path, frozenset(extract_columns(extract)), plain_header)
    return facts | {
        "records": source.record_count - len(source.empty_records),
        "lines_in_file": source.line_count,
        "empty_records": len(source.empty_records),
        "blank_lines": source.blank_line_count,
        "line_breaks_in_cells": source.breaks_in_cells,
        "last_line_ends": getattr(source, "last_line_ends", None),
        **_columns(extract, source.header),
    }


def _columns(extract: str, header: Sequence[str]) -> dict[str, str | None]:
    """Columns of the contract that a header lacks, and those of it that the contract does not know; None for none."""
    known, names = extract_columns(extract), [plain_header(cell) for cell in header]
    absent = [name for name in known if name not in names]
    # What is no name of a column may be anything, and is counted.
    others = [name for name in names if name and name not in known]
    named = [name for name in others if NAME.fullmatch(name)]
    said = named + [f"{len(others) - len(named)} without a plain name"] * (len(named) < len(others))
    return {"columns_absent": ", ".join(absent) or None, "columns_not_read": ", ".join(said) or None}


def find_extract(folder: Path, extract: str) -> Path:
    """The one file of an extract. Raises InputError: no folder, no file, more than one."""
    if not folder.is_dir():
        raise InputError(f"{extract}: the folder of extracts does not exist: {folder}")
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in (*TABLES, PARQUET)
        and base_name(path) == extract
        and not is_passed_over(path)
    ]
    if not found:
        near = [path.name for path in sorted(folder.iterdir()) if is_nearly_called(path, extract)]
        rename = f"; rename {' or '.join(near)} if it is that" if near else ""
        raise InputError(
            f"{extract}: no file {extract}.csv or {extract}.parquet (or .xlsx) in {folder}{rename}"
        )
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise InputError(f"{extract}: more than one file for this extract: {names}. Leave only one.")
    for path in sorted(folder.iterdir()):
        # A second part has its number; it may have no header, so that only its name tells what it is.
        if is_called_after(path, extract) and (
            COPY.fullmatch(base_name(path).replace(extract, "", 1)) or holds_columns_of(path, extract)
        ):
            raise InputError(
                f"{extract}: beside {found[0].name}, {path.name} seems to hold such records too and would not be read."
                f" Put them into {found[0].name}, or move the file out of the folder."
            )
    return found[0]


def is_called_after(path: Path, extract: str) -> bool:
    """Whether a table's name is an extract's and something more: review (1).csv, review_2025.xlsx, old-review.csv."""
    name = base_name(path)
    if path.suffix.lower() not in (*TABLES, PARQUET) or is_passed_over(path) or name in extract_names():
        return False
    # person_identifier_2 is one of person_identifier, not of person.
    for known in sorted(extract_names(), key=len, reverse=True):
        if re.search(rf"(?<![a-z]){known}(?![a-z])", name):
            return known == extract
    return False


def is_nearly_called(path: Path, extract: str) -> bool:
    """Whether a table of no extract may be this one under a name of its own: Service Lines.csv, person_20261018.csv."""
    name = base_name(path)
    if path.suffix.lower() not in (*TABLES, PARQUET) or is_passed_over(path) or name in extract_names():
        return False
    return is_called_after(path, extract) or nearest(plain_header(name), extract_names(), SLIP) == extract


def holds_columns_of(path: Path, extract: str) -> bool:
    """Whether a table has the columns that its extract must have; what cannot be opened as one has not."""
    columns = extract_columns(extract)
    try:
        if path.suffix.lower() == PARQUET:
            header = pq.read_schema(path).names
        else:
            header = open_source(path, frozenset(columns), plain_header).header
    except (InputError, pa.ArrowException, OSError):
        return False
    required = {name for name, spec in columns.items() if spec["is_required"] == "yes"}
    return required <= {plain_header(cell) for cell in header}


def _parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path, partitioning=None)
    except (pa.ArrowException, OSError):
        raise InputError("this is not a Parquet file that can be read.", path.name) from None


def _row_count(path: Path) -> int:
    try:
        return pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError):
        raise InputError("this is not a Parquet file that can be read.", path.name) from None


def _read_parquet(path: Path, columns: dict) -> tuple[pa.Table, list[str]]:
    if not path.is_file():
        raise InputError("this is no file (a folder, a pipe or a broken link)", path.name)
    table = _parquet(path)
    names = [plain_header(name) for name in table.column_names]
    arrays = {}
    for position, name in enumerate(names):
        if name not in columns:
            continue
        if name in arrays:
            raise InputError("stands more than once in the file", path.name, column=name)
        column = table.column(position)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        try:
            arrays[name] = column.cast(pa.string())
        except pa.ArrowException:
            raise InputError("cannot be read as text.", path.name, column=name) from None
    if not arrays:
        raise InputError("none of the columns it should have stands in it", path.name)
    return pa.table(arrays), names


def _without_text_marks(table: pa.Table, columns: dict) -> pa.Table:
    for place, name in enumerate(table.column_names):
        if name in columns:
            is_key_or_code = columns[name]["key_role"] != "" or columns[name]["data_type"] == "local code"
            table = table.set_column(place, name, without_text_marks(table[name], is_key_or_code))
    return table


def plain_keys(keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """Keys as two spellings of one are compared: 123.0 is how an export of numbers writes 123 (macro clean_key)."""
    return pc.replace_substring_regex(plain_column(keys), r"^([0-9]+)[.]0+$", r"\1")


def _check_key(
    path: Path,
    column: str,
    keys: pa.ChunkedArray,
    rows: pa.Array,
    lines: tuple[str, Callable[[int], int]],
) -> None:
    """A primary key that is blank or stands twice, seen as the models see it."""
    word, line_of = lines
    # A blank cell of a Parquet file is a null, which is_in does not find among texts.
    keys = pc.fill_null(plain_keys(keys), "")
    blank = pc.indices_nonzero(pc.is_in(pc.utf8_upper(keys), pa.array(["", "NULL"])))
    if len(blank):
        places = [line_of(rows[place.as_py()].as_py()) for place in blank.slice(0, SHOWN)]
        raise InputError(
            f"{column} is the primary key and is blank on {word}{'s' if len(places) > 1 else ''}"
            f" {', '.join(map(str, places))} ({len(blank)} such rows).",
            path.name,
        )
    if pc.count_distinct(keys).as_py() < len(keys):
        counts = pc.value_counts(keys)
        counts = counts.filter(pc.greater(pc.struct_field(counts, "counts"), 1))
        first = counts[0].as_py()["values"]
        found = pc.indices_nonzero(pc.equal(keys, first)).slice(0, SHOWN)
        places = [line_of(rows[place.as_py()].as_py()) for place in found]
        raise InputError(
            f"{column} is the primary key, yet {len(counts)} values stand more than "
            f"once; the first on {word}s {', '.join(map(str, places))}.",
            path.name,
        )
