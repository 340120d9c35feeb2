"""A file of rows, whatever it is: delimited text, packed text or a workbook, all with the same shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from asc_cld.readers.errors import InputError
from asc_cld.readers.text_files import PACKED, PLAIN, TextFile, look_at, trimmed
from asc_cld.readers.workbooks import ERRORS, WORKBOOKS, Sheet, day_as_iso, one_sheet

# What every reader takes.
TABLES = (*PLAIN, *PACKED, *WORKBOOKS)


def is_passed_over(path: Path) -> bool:
    """Files that a system puts beside the real ones: `._x` of a Mac, `~$x` of Excel, anything with a dot."""
    return path.name.startswith((".", "~$"))


def base_name(path: Path) -> str:
    """The file's name in lower case without its suffixes: person for Person.csv, person.csv.gz, person.XLSX."""
    stem, suffix = path.stem, path.suffix.lower()
    if suffix in PACKED and Path(stem).suffix.lower() in PLAIN:
        stem = Path(stem).stem
    return stem.lower()


def open_source(path: Path, columns: frozenset[str], plain: Callable[[str], str], day: Callable = day_as_iso):
    """The TextFile or Sheet of a path; `plain` turns a header cell into what stands in `columns`.

    Raises InputError as text_files.look_at and workbooks.one_sheet do.
    """
    if path.suffix.lower() in WORKBOOKS:
        return one_sheet(path, lambda header: len(columns & set(map(plain, header))), day)
    if not path.is_file():
        raise InputError("this is no file (a folder, a pipe or a broken link)", path.name)
    state = path.stat()
    return _looked_at(path, state.st_size, state.st_mtime_ns, columns, plain)


@lru_cache(maxsize=64)
def _looked_at(path: Path, size: int, changed: int, columns: frozenset[str], plain) -> TextFile:
    """One look at a file serves all that ask, as long as the file stays as it is."""
    return look_at(path, lambda header: len(columns & set(map(plain, header))))


def plain_header(cell: str) -> str:
    """A header without its capitals and the spaces around it."""
    return trimmed(cell).lower()


def positions_of(
    source: TextFile | Sheet, columns: frozenset[str], plain: Callable[[str], str]
) -> dict[str, int]:
    """Where each known column stands. Raises InputError for a column that stands twice."""
    names = [plain(cell) for cell in source.header]
    for name in names:
        if name in columns and names.count(name) > 1:
            places = ", ".join(str(place) for place, other in enumerate(names, start=1) if other == name)
            raise InputError(
                f"stands more than once in the header (columns {places})",
                source.name,
                source.header_lines,
                name,
            )
    return {name: names.index(name) for name in names if name in columns}


def refuse_error_cells(source: TextFile | Sheet, table: pa.Table) -> None:
    """Raises InputError for the first cell that holds an error of Excel: it is neither a value nor blank."""
    errors = pa.array(ERRORS)
    for name in table.column_names:
        found = pc.indices_nonzero(pc.is_in(table[name], value_set=errors))
        if len(found):
            more = f" ({len(found)} such cells)" if len(found) > 1 else ""
            error = table[name][found[0].as_py()].as_py()
            raise InputError(
                f"holds an error of Excel, {error}{more}",
                source.name,
                source.line_of(found[0].as_py() + 1),
                name,
            )


def without_empty(source: TextFile | Sheet, table: pa.Table) -> pa.Table:
    """The table without the records in which nothing stands."""
    if not source.empty_records:
        return table
    empty = set(source.empty_records)
    return table.filter(pa.array([record not in empty for record in range(1, table.num_rows + 1)]))
