"""Workbooks (XLSX, XLSM, XLS, ODS) read as text: dates as dates, whole numbers without a point.

A workbook is measured before it is opened: one that unpacks to too much or claims too many cells is
refused. Only visible sheets are read, and what was left out is said: rows above the header, or on a sheet
without one, that are filled as records are refused. Excel's error cells (#N/A, #VALUE!) keep their name, so that
they are never taken for blank, and so does a formula that was never calculated (of XLS that is not seen).
"""

from __future__ import annotations

import codecs
import hashlib
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from asc_cld.readers.errors import InputError, lines_named
from asc_cld.readers.limits import limit
from asc_cld.readers.text_files import CELL_LIMIT, trimmed
from asc_cld.readers.workbook_errors import NO_RESULT, errors_of_ods, errors_of_xls
from asc_cld.readers.workbook_trial import GOOD, TOO_LARGE, tried

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
BATCH_ROWS = 20_000
# The header stands on one of the first rows, below a title.
HEADER_WITHIN = 10
ERRORS = (
    "#N/A",
    "#VALUE!",
    "#REF!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    NO_RESULT,
)

UNREADABLE = "is not a workbook that can be read (or has a password)"
# Bytes of no text.
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
# What damaged bytes of a ZIP or XML raise.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    OSError,
    EOFError,
    ElementTree.ParseError,
    KeyError,
    ValueError,
)

_PART = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DIMENSION = re.compile(rb'<dimension\s+ref="([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<',
    re.S,
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>((?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?f[\s/>](?:(?!</(?:\w+:)?c>).)*)</(?:\w+:)?c>",
    re.S,
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*\br="(\d+)"')


def day_as_cld(cell: datetime | date) -> str:
    """dd/mm/yyyy, as the return writes a day."""
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.strftime("%d/%m/%Y %H:%M:%S")
    return cell.strftime("%d/%m/%Y")


def day_as_iso(cell: datetime | date) -> str:
    """yyyy-mm-dd, which no reader takes for another day."""
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return cell.strftime("%Y-%m-%d")


def as_text(cell: Any, day: Callable = day_as_cld) -> str:
    """What a person sees in the cell, numbers with the 15 digits that Excel has."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (datetime, date)):
        return day(cell)
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        # Never 1e-05: no reader below knows that form.
        return format(cell, ".15f").rstrip("0").rstrip(".") if abs(cell) < 1 else format(cell, ".15g")
    return "" if cell is None else str(cell)


@dataclass
class Sheet:
    """One sheet, with the shape of a text file: the same names mean the same."""

    path: Path
    title: str
    sha256: str
    header: list[str]
    header_row: int
    record_count: int
    line_count: int
    day: Callable
    calamine: object = field(repr=False)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    empty_records: list[int] = field(default_factory=list)
    encoding: str = "workbook"
    delimiter: str = ""
    blank_line_count: int = 0
    breaks_in_cells: int = 0

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def header_lines(self) -> int:
        return self.header_row

    def line_of(self, record: int) -> int:
        return self.header_row + record

    def rows(self) -> Iterator[list[str]]:
        """Every row below the header as text, as wide as the header."""
        width = len(self.header)
        for number, row in enumerate(_rows(self.calamine), start=1):
            if number > self.header_row:
                yield _texts(row, number, self.errors, self.day, width)

    def batches(self, columns: dict[str, int], blank_is_null: bool = False) -> Iterator[pa.RecordBatch]:
        waiting: list[list[str]] = []
        for row in itertools.islice(self.rows(), self.record_count):
            waiting.append([cell or None for cell in row] if blank_is_null else row)
            if len(waiting) == BATCH_ROWS:
                yield _batch(waiting, columns)
                waiting = []
        if waiting:
            yield _batch(waiting, columns)

    def table(self, columns: dict[str, int]) -> pa.Table:
        schema = pa.schema([(name, pa.string()) for name in columns])
        return pa.Table.from_batches(list(self.batches(columns)), schema)

    def error_cells(self) -> list[tuple[int, str, str]]:
        """(row of the sheet, column name, error) of the error cells below the header."""
        return [
            (row, self.header[column - 1], error)
            for (row, column), error in sorted(self.errors.items())
            if row > self.header_row and column <= len(self.header)
        ]


@dataclass
class LeftOut:
    """A sheet that was not read, and why."""

    title: str
    why: str
    has_columns: bool = False
    is_hidden: bool = False
    # How many cells of each of its rows are filled.
    filled: list[int] = field(default_factory=list)


def look_at_workbook(
    path: Path, known: Callable[[list[str]], int], day: Callable = day_as_cld
) -> tuple[list[Sheet], list[LeftOut]]:
    """The visible sheets whose header has columns of this kind of file, and the sheets left out.

    Raises InputError: no workbook, too big, a sheet whose rows are wider than its header.
    """
    if not path.is_file():
        raise InputError("this is no file (a folder, a pipe or a broken link)", path.name)
    workbook, errors = open_workbook(path)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    found, left_out = [], []
    for metadata in workbook.sheets_metadata:
        if metadata.typ != SheetTypeEnum.WorkSheet:
            left_out.append(LeftOut(metadata.name, "is no sheet of cells"))
            continue
        try:
            calamine = workbook.get_sheet_by_name(metadata.name)
            sheet = _look_at_sheet(
                path, metadata.name, calamine, sha256, errors.get(metadata.name, {}), known, day
            )
        except CalamineError:
            left_out.append(LeftOut(metadata.name, "cannot be read", has_columns=True))
            continue
        is_hidden = metadata.visible != SheetVisibleEnum.Visible
        if sheet is None:
            left_out.append(
                LeftOut(
                    metadata.name,
                    "has none of the columns in its first rows",
                    is_hidden=is_hidden,
                    filled=[_filled(row) for row in _rows(calamine)],
                )
            )
        elif is_hidden:
            left_out.append(LeftOut(metadata.name, "is hidden", has_columns=True, is_hidden=True))
        else:
            _refuse_wide_rows(sheet)
            found.append(sheet)
    return found, left_out


def open_workbook(path: Path) -> tuple[CalamineWorkbook, dict[str, dict[tuple[int, int], str]]]:
    """A workbook that has been measured and tried, and the error cells of its sheets. Raises InputError."""
    errors = _measure(path)
    _try(path)
    try:
        return CalamineWorkbook.from_path(str(path)), errors
    except (CalamineError, OSError, ValueError):
        raise _unreadable(path) from None


def one_sheet(path: Path, known: Callable[[list[str]], int], day: Callable = day_as_cld) -> Sheet:
    """The one visible sheet that is meant. Raises InputError where there is none, another one, or a hidden one."""
    found, left_out = look_at_workbook(path, known, day)
    if not found:
        seen = "; ".join(f"{sheet.title}: {sheet.why}" for sheet in left_out) or "it has no sheets"
        raise InputError(f"none of its visible sheets has the columns it should have ({seen})", path.name)
    if len(found) > 1:
        titles = ", ".join(sheet.title for sheet in found)
        raise InputError(
            f"{len(found)} of its sheets hold such rows ({titles}); leave one in the workbook", path.name
        )
    hidden = [sheet.title for sheet in left_out if sheet.is_hidden and sheet.has_columns]
    if hidden:
        raise InputError(
            f"beside its visible sheet, {', '.join(hidden)} is hidden and holds such rows too; show or delete it",
            path.name,
        )
    # Exporters that split by rows leave the later sheets without a header.
    width = len(found[0].header)
    for sheet in left_out:
        rows = sum(_is_like_a_record(filled, width) for filled in sheet.filled)
        if rows and not sheet.is_hidden:
            raise InputError(
                f"beside its sheet {found[0].title}, sheet {sheet.title} holds {rows:,} rows as wide and no header;"
                " put them below the others, or hide or delete the sheet",
                path.name,
            )
    return found[0]


def _filled(row: list) -> int:
    return sum(cell not in ("", None) for cell in row)


def _is_like_a_record(filled: int, width: int) -> bool:
    """Whether so many filled cells are more than a title or a group of headings has."""
    return filled >= min(3, width) and filled * 2 > width > 1


def _look_at_sheet(
    path: Path,
    title: str,
    calamine: CalamineSheet,
    sha256: str,
    errors: dict[tuple[int, int], str],
    known: Callable[[list[str]], int],
    day: Callable,
) -> Sheet | None:
    best, best_row, best_count = [], 0, 0
    last = 0
    for number, row in enumerate(_rows(calamine), start=1):
        if number <= HEADER_WITHIN:
            cells = [" ".join(trimmed(as_text(cell, day)).split()) for cell in row]
            count = known(cells)
            if count > best_count:
                best, best_row, best_count = cells, number, count
        last = number
    if not best_count:
        return None
    while best and not best[-1]:
        best.pop()
    sheet = Sheet(
        path,
        title,
        sha256,
        best,
        best_row,
        last - best_row,
        last,
        day,
        calamine,
        errors,
        blank_line_count=best_row - 1,
    )
    for record, row in enumerate(sheet.rows(), start=1):
        if not any(cell and not cell.isspace() for cell in row):
            sheet.empty_records.append(record)
    # Rows that Excel still has in mind though nothing stands in them are no lines of the sheet.
    while sheet.empty_records and sheet.empty_records[-1] == sheet.record_count:
        sheet.empty_records.pop()
        sheet.record_count -= 1
        sheet.line_count -= 1
    return sheet


def _refuse_wide_rows(sheet: Sheet) -> None:
    width = len(sheet.header)
    above = [
        number
        for number, row in enumerate(itertools.islice(_rows(sheet.calamine), sheet.header_row - 1), start=1)
        if _is_like_a_record(_filled(row), width)
    ]
    if above:
        raise InputError(
            f"sheet {sheet.title}: {lines_named(above)} above the header is filled as a record is; put it below, or"
            " delete it",
            sheet.name,
            above[0],
        )
    wide, long = [], []
    for number, row in enumerate(_rows(sheet.calamine), start=1):
        if number > sheet.header_row:
            if any(cell != "" for cell in row[width:]):
                wide.append(number)
            if any(isinstance(cell, str) and len(cell) > CELL_LIMIT for cell in row):
                long.append(number)
    if wide:
        raise InputError(
            f"sheet {sheet.title}: cells to the right of the header on {lines_named(wide)}",
            sheet.name,
            wide[0],
        )
    if long:
        raise InputError(
            f"sheet {sheet.title}: a cell is longer than {CELL_LIMIT} characters", sheet.name, long[0]
        )


def _rows(calamine: CalamineSheet) -> Iterator[list]:
    """All rows from the first of the sheet, the empty ones above and to the left of the cells included."""
    start = calamine.start
    if start is None:
        return
    above, left = start
    for _ in range(above):
        yield []
    blank = [""] * left
    for row in calamine.iter_rows():
        yield [*blank, *row] if left else row


def _texts(
    row: list, number: int, errors: dict[tuple[int, int], str], day: Callable, width: int
) -> list[str]:
    texts = [cell if type(cell) is str else as_text(cell, day) for cell in row[:width]]
    texts += [""] * (width - len(texts))
    if errors:
        for column in range(1, width + 1):
            error = errors.get((number, column))
            if error:
                texts[column - 1] = error
    return texts


def _batch(rows: list[list[str]], columns: dict[str, int]) -> pa.RecordBatch:
    by_position = list(zip(*rows, strict=True))
    return pa.RecordBatch.from_arrays(
        [pa.array(by_position[position], pa.string()) for position in columns.values()], names=list(columns)
    )


def _measure(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Refuses what is too big; returns the error cells of each sheet, which calamine takes for blank."""
    most_mb, most_cells = limit("workbook_mb_max"), limit("workbook_cells_max")
    if path.stat().st_size > most_mb * 1024**2:
        raise InputError(f"is larger than {most_mb:,} MB (workbook_mb_max); save it as CSV", path.name)
    if not zipfile.is_zipfile(path):
        try:
            return errors_of_xls(path)
        except (struct.error, ValueError, LookupError, OSError):
            raise _unreadable(path) from None
    try:
        with zipfile.ZipFile(path) as archive:
            most_mb = limit("workbook_unpacked_mb_max")
            if sum(entry.file_size for entry in archive.infolist()) > most_mb * 1024**2:
                raise InputError(
                    f"unpacks to more than {most_mb:,} MB (workbook_unpacked_mb_max); save it as CSV",
                    path.name,
                )
            sheets = _sheet_parts(archive)
            _unpack(archive, {part for _, part in sheets})
            if "content.xml" in archive.namelist():
                return errors_of_ods(archive)
            errors, cells = {}, 0
            for title, part in sheets:
                claimed, errors[title] = _measure_sheet(archive, part)
                cells += claimed
                if cells > most_cells:
                    raise InputError(
                        f"claims {cells:,} cells, of which {most_cells:,} are read at most (workbook_cells_max);"
                        " delete the empty rows and columns, or save it as CSV",
                        path.name,
                    )
            return errors
    except DAMAGED:
        raise _unreadable(path) from None


def _unreadable(path: Path) -> InputError:
    """What a file is that is called a workbook and is none: programs write pages and texts under such names."""
    try:
        with path.open("rb") as stream:
            begins = stream.read(4096)
    except OSError as error:
        return InputError(f"cannot be opened: {error.strerror or type(error).__name__}", path.name)
    if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        begins = begins.decode("utf-16", errors="ignore").encode()
    begins = begins.removeprefix(codecs.BOM_UTF8).strip()
    if begins.startswith(b"<"):
        return InputError(
            "is a web page or XML under a workbook's name: open it in Excel and save it as .xlsx or CSV UTF-8",
            path.name,
        )
    if begins and not CONTROL.search(begins):
        return InputError("is a text under a workbook's name: give it the ending .csv", path.name)
    return InputError(UNREADABLE, path.name)


def _unpack(archive: zipfile.ZipFile, others: set[str]) -> None:
    """Every part to its end but those read later: its checksum is seen, and one that is larger than it says."""
    for entry in archive.infolist():
        if entry.filename not in others:
            with archive.open(entry) as stream:
                while stream.read(1 << 20):
                    pass


def _try(path: Path) -> None:
    most_cells = limit("workbook_cells_max")
    ended = tried(path, most_cells, limit("workbook_unpacked_mb_max"))
    if ended == TOO_LARGE:
        raise InputError(
            f"its sheets hold more than {most_cells:,} cells (workbook_cells_max); save it as CSV", path.name
        )
    if ended != GOOD:
        raise InputError(
            "is damaged, or needs more memory than there is: open it in Excel and save it as CSV", path.name
        )


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """(title, part) of the sheets of an XLSX or XLSM; none for an ODS."""
    names = {entry.filename for entry in archive.infolist()}
    if "xl/workbook.xml" not in names:
        return []
    targets = {
        relation.get("Id"): relation.get("Target")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    parts = []
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            target = targets.get(element.get(_PART), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                parts.append((element.get("name"), part))
    return parts


def _measure_sheet(archive: zipfile.ZipFile, part: str) -> tuple[int, dict[tuple[int, int], str]]:
    """(cells that the sheet claims, its error cells), read in blocks."""
    errors: dict[tuple[int, int], str] = {}
    rows, columns, rest = 0, 1, b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 20):
            block = rest + block
            for first, first_row, last, last_row in _DIMENSION.findall(block):
                rows = max(rows, int(last_row or first_row))
                columns = max(columns, _column_number(last or first))
            numbers = _ROW.findall(block)
            if numbers:
                rows = max(rows, int(numbers[-1]))
            # A cell may lie across two blocks: what follows the last row's beginning is looked at again.
            cut = block.rfind(b"<row") if b"<row" in block else block.rfind(b"<")
            if b't="e"' in block:
                for column, row, error in _ERROR.findall(block):
                    errors[int(row), _column_number(column)] = error.decode("utf-8", errors="replace")
            if b"<f" in block or b":f" in block:
                for attributes, inside in _FORMULA.findall(block):
                    # A text of no letters is a result; Excel writes it so.
                    if b't="str"' not in attributes and not _RESULT.search(inside):
                        for column, row in _PLACE.findall(attributes):
                            errors[int(row), _column_number(column)] = NO_RESULT
            rest = block[max(cut, len(block) - (1 << 20)) :] if cut >= 0 else b""
    return rows * columns, errors


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
