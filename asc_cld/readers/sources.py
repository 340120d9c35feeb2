"""A file of rows, whatever it is: delimited text, packed text or a workbook, all with the same shape."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from asc_cld.nearest import shown
from asc_cld.readers.errors import InputError, lines_named
from asc_cld.readers.spaces import plain
from asc_cld.readers.text_files import PACKED, PLAIN, TextFile, look_at
from asc_cld.readers.workbooks import ERRORS, WORKBOOKS, Sheet, day_as_iso, one_sheet

# What every reader takes.
TABLES = (*PLAIN, *PACKED, *WORKBOOKS)
# So alike are two names of a column that one is a slip of the other: previousline_id, not updated_on.
SLIP = 0.85
# Excel keeps a cell text by ="00123" or by an apostrophe before it. A name may begin with one ('t Hooft), a key
# or code does not, nor does a word of digits.
FORMULA_TEXT = r'^\s*="([^"]*)"\s*$'
APOSTROPHE, APOSTROPHE_BEFORE_DIGITS = r"^\s*'([^']*)'?\s*$", r"^\s*'([^'\s]*[0-9][^'\s]*)'?\s*$"
# So many rows at the end of a file a report may have for itself.
FOOTER_ROWS = 3
# How a row begins that a report has put among the records.
REPORT_ROW = (
    r"\s*([-=_]{2,}|\(?[0-9]+ (rows?|records?)\b.*|((grand|sub|report) ?)?totals?\b.*|(record |row )?count\b.*"
    r"|page [0-9]+.*|end of (report|file)\b.*)\s*"
)


def is_passed_over(path: Path) -> bool:
    """Files that a system puts beside the real ones: `._x` of a Mac, `~$x` of Excel, anything with a dot."""
    return path.name.startswith((".", "~$"))


def base_name(path: Path) -> str:
    """The file's name in lower case without its suffixes: person for Person.csv, person.csv.gz, person.XLSX."""
    stem, suffix = path.stem, path.suffix.lower()
    if suffix in PACKED and Path(stem).suffix.lower() in PLAIN:
        stem = Path(stem).stem
    return stem.lower()


def open_source(
    path: Path, columns: frozenset[str], plain: Callable[[str], str], day: Callable = day_as_iso
) -> TextFile | Sheet:
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
def _looked_at(
    path: Path, size: int, changed: int, columns: frozenset[str], plain: Callable[[str], str]
) -> TextFile:
    """One look at a file serves all that ask, as long as the file stays as it is."""
    return look_at(path, lambda header: len(columns & set(map(plain, header))))


def plain_header(cell: str) -> str:
    """A header as the contract writes it: small letters, "Person ID" and "person-id" as person_id."""
    return re.sub(r"[\s-]+", "_", plain(cell)).lower()


def positions_of(
    source: TextFile | Sheet, columns: frozenset[str], plain: Callable[[str], str]
) -> dict[str, int]:
    """Where each known column stands. Raises InputError for a column that stands twice."""
    names = [plain(cell) for cell in source.header]
    for name in names:
        if name in columns and names.count(name) > 1:
            places = [place for place, other in enumerate(names, start=1) if other == name]
            raise InputError(
                f"stands more than once in the header ({lines_named(places).replace('line', 'column', 1)})",
                source.name,
                source.header_lines,
                name,
            )
    return {name: names.index(name) for name in names if name in columns}


def misspelt(names: list[str], columns: Iterable[str]) -> dict[str, str]:
    """{column that is not there: the unknown header that it seems to be}; a remark in brackets aside."""
    known = set(columns)
    unknown = {re.sub(r"\W*[(\[{].*$", "", name).strip("_"): name for name in names if name not in known}
    found = {}
    for column in columns:
        if column not in names:
            close = difflib.get_close_matches(column, unknown, n=1, cutoff=SLIP)
            if close:
                found[column] = unknown[close[0]]
    return found


def refuse_misspelt(names: list[str], columns: Iterable[str], file: str, line: int = 0) -> None:
    """Raises InputError where a column that may be left out seems to be there under a slip of its name.

    Without this the column would be missing without a word: every chain of services, every plan.
    """
    for column, name in misspelt(names, columns).items():
        raise InputError(
            f"'{shown(name)}' is no column of the contract; if it is {column}, write it so,"
            " else give it a name less like it",
            file,
            line,
        )


def refuse_rows_of_a_report(
    table: pa.Table, required: Iterable[str], file: str, line_of: Callable[[int], int]
) -> None:
    """Raises InputError for a row that a report put among the records.

    The header again (at a page's top), a ruler under it (sqlcmd, SQL*Plus), a total or a count at the end.
    """
    needed = [name for name in required if name in table.column_names]
    for name in table.column_names[:2]:
        words = rf"\s*{name.replace('_', '[ _-]')}\s*"
        odd = pc.match_substring_regex(table[name], f"^({words}|{REPORT_ROW})$", ignore_case=True)
        for place in pc.indices_nonzero(pc.fill_null(odd, False)).to_pylist():
            row = {
                key: plain("" if value is None else str(value))
                for key, value in table.slice(place, 1).to_pylist()[0].items()
            }
            if sum(plain_header(value) == key for key, value in row.items()) * 2 > len(row):
                said = "the header stands here again"
            elif all(re.fullmatch("[-=_]*", value) for value in row.values()):
                said = "a ruler under the header, no record"
            elif sum(row[key] in ("", "NULL") for key in needed) * 2 >= len(needed) > 1:
                said = "a total, a count or a page number of a report, no record"
            else:
                continue
            raise InputError(f"{said}; take it out, or export without it", file, line_of(place))

    # A footer in words of its own, in whatever column: of a record more than one cell is filled.
    start = max(table.num_rows - FOOTER_ROWS, 0)
    for place, row in enumerate(table.slice(start).to_pylist() if len(needed) > 2 else [], start=start):
        if sum(plain(value or "").upper() not in ("", "NULL") for value in row.values()) == 1:
            raise InputError(
                "only one cell is filled, as in the last line of a report; take it out, or export without it",
                file,
                line_of(place),
            )


def without_text_marks(column: pa.ChunkedArray, is_key_or_code: bool) -> pa.ChunkedArray:
    """A column without the marks by which Excel keeps a cell text: ="00123", and '00123 in a key or code."""
    apostrophe = APOSTROPHE if is_key_or_code else APOSTROPHE_BEFORE_DIGITS
    for sign, whole in (('="', FORMULA_TEXT), ("'", apostrophe)):
        if pc.any(pc.match_substring(column, sign)).as_py():
            column = pc.replace_substring_regex(column, whole, r"\1")
    return column


def refuse_error_cells(table: pa.Table, name: str, line_of: Callable[[int], int]) -> None:
    """Raises InputError for the first cell that holds an error of Excel: it is neither a value nor blank."""
    errors = pa.array(ERRORS)
    for column in table.column_names:
        found = pc.indices_nonzero(pc.is_in(table[column], value_set=errors))
        if len(found):
            more = f" ({len(found)} such cells)" if len(found) > 1 else ""
            error = table[column][found[0].as_py()].as_py()
            raise InputError(
                f"holds an error of Excel, {error}{more}",
                name,
                line_of(found[0].as_py() + 1),
                column,
            )


def without_empty(source: TextFile | Sheet, table: pa.Table) -> pa.Table:
    """The table without the records in which nothing stands."""
    if not source.empty_records:
        return table
    empty = set(source.empty_records)
    return table.filter(pa.array([record not in empty for record in range(1, table.num_rows + 1)]))
