"""Reads every CLD file of a folder as text, cell for cell, for the submissions layer.

Each file is looked at once, and read whole or not at all; the rows then stream, so that memory does
not grow with the files. What cannot be read becomes a problem that names the file and the line,
never what stands in the cells. A folder in which nothing could be read is an error, and where only
supplied files are checked, so is one that is absent or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from asc_cld.readers.copies import Copies, RowsDigest
from asc_cld.readers.errors import InputError, lines_named
from asc_cld.readers.sources import TABLES, is_passed_over, open_source, plain_header, positions_of
from asc_cld.readers.swapped_days import days_in_doubt
from asc_cld.readers.text_files import TextFile, trimmed
from asc_cld.readers.workbooks import WORKBOOKS, Sheet, day_as_cld, day_as_iso
from asc_cld.specification import seed_rows, snake_names

IMPORT_DATES_FILE = "submissions.csv"

FILES_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("file_name", pa.string()),
        ("row_count", pa.int64()),
        ("sha256", pa.string()),
        ("imported_at", pa.string()),
        ("lines_in_file", pa.int64()),
        ("empty_row_count", pa.int64()),
        ("empty_lines", pa.string()),
        ("days_in_doubt", pa.string()),
    ]
)
HEADERS_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("header_position", pa.int32()),
        ("header", pa.string()),
        ("snake_name", pa.string()),
    ]
)
PROBLEMS_SCHEMA = pa.schema(
    [("file_name", pa.string()), ("line_number", pa.int64()), ("problem", pa.string())]
)


@dataclass(frozen=True)
class Looked:
    """What one look at a file has shown but its rows. What is said of a folder follows from these alone."""

    name: str
    sha256: str
    row_count: int
    line_count: int
    empty_row_count: int
    empty_lines: str | None
    headers: tuple[str, ...]
    # (line, what is wrong) of what did not keep the file from being read.
    problems: tuple[tuple[int, str], ...] = ()
    days_in_doubt: str | None = None

    @property
    def key(self) -> str:
        return submission_id(Path(self.name), self.sha256)


@dataclass
class Folder:
    """All that one look at a folder has shown; the rows are read when asked for."""

    files: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    sources: list[tuple[str, TextFile | Sheet]] = field(default_factory=list)
    # Files of other kinds, by name: said where nothing could be read.
    others: list[str] = field(default_factory=list)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Every row of every file that could be read; an empty cell is null, nothing trimmed."""
        for key, source in self.sources:
            yield from rows_of(key, source)

    def add(self, looked: Looked, imported_at: str | None) -> None:
        """Takes in what a look at one file has shown."""
        self.files.append(
            (
                looked.key,
                looked.name,
                looked.row_count,
                looked.sha256,
                imported_at,
                looked.line_count,
                looked.empty_row_count,
                looked.empty_lines,
                looked.days_in_doubt,
            )
        )
        names = match_headers(list(looked.headers))
        for position, (header, name) in enumerate(zip(looked.headers, names, strict=True), start=1):
            self.headers.append((looked.key, position, header, name))
        self.problems += [(looked.name, line, problem) for line, problem in looked.problems]


def bare_header(text: str) -> str:
    """A header without what people change in it: capitals, spaces, underscores, punctuation."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def match_headers(headers: list[str]) -> list[str | None]:
    """The field each header stands for, or None; of two headers for one field the first counts."""
    by_bare_name = {bare_header(name): name for name in snake_names()}
    matched = []
    for header in headers:
        name = by_bare_name.get(bare_header(header))
        matched.append(None if name in matched else name)
    return matched


def submission_id(path: Path, sha256: str) -> str:
    """The key of a file: its name and the beginning of its hash."""
    slug = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    return f"{slug}-{sha256[:8]}"


def read_import_dates(path: Path) -> tuple[dict[str, str], list[tuple[str, int, str]]]:
    """The day each file was sent, by file name, from submissions.csv."""
    if not path.exists():
        return {}, []
    columns = frozenset({"file_name", "imported_at"})
    try:
        source = open_source(path, columns, plain_header)
        positions = positions_of(source, columns, plain_header)
        if set(positions) != columns:
            raise InputError("needs the columns file_name and imported_at", path.name, 1)
        rows = source.table(positions).to_pylist()
    except InputError as error:
        return {}, [(path.name, error.line, error.problem)]
    dates, problems, empty = {}, [], set(source.empty_records)
    for record, row in enumerate(rows, start=1):
        if record in empty:
            continue
        line, name, day = source.line_of(record), trimmed(row["file_name"]), _day(trimmed(row["imported_at"]))
        if day is None:
            problems.append((path.name, line, "imported_at is not a date"))
        elif not (path.parent / name).is_file() or not name:
            problems.append((path.name, line, "names a file that is not there"))
        elif dates.get(name, day) != day:
            problems.append((path.name, line, "names a file that another line gives another date"))
        else:
            dates[name] = day
    return dates, problems


def _day(text: str) -> str | None:
    for read_day in (datetime.fromisoformat, lambda text: datetime.strptime(text, "%d/%m/%Y")):
        try:
            return read_day(text).date().isoformat()
        except ValueError:
            continue
    return None


def read_folder(folder_path: Path | str) -> Folder:
    """Every CLD file of a folder, in the order of the file names. The folder may be absent."""
    folder = Folder()
    directory = Path(folder_path)
    if not directory.is_dir():
        return folder
    imported, import_problems = read_import_dates(directory / IMPORT_DATES_FILE)
    folder.problems += import_problems
    paths, folder.others = cld_files(directory)
    copies = Copies()
    for path in paths:
        try:
            source = open_cld_file(path)
            looked = look(source)
            copies.refuse(
                looked.name,
                looked.sha256,
                looked.row_count,
                imported.get(path.name),
                partial(rows_digest, source),
            )
        except InputError as error:
            folder.problems.append((path.name, error.line, error.problem))
            continue
        except OSError as error:
            folder.problems.append((path.name, 0, cannot_be_opened(error)))
            continue
        folder.sources.append((looked.key, source))
        folder.add(looked, imported.get(path.name))
    return folder


def cld_files(directory: Path) -> tuple[list[Path], list[str]]:
    """The files of a folder to read, in the order of their names, and the names of those of other kinds; among these
    workbooks that CSV files are read in the place of.
    """
    paths, others = [], []
    for path in sorted(directory.iterdir(), key=lambda item: item.name):
        kind = path.suffix.lower()
        if is_passed_over(path) or path.name == IMPORT_DATES_FILE:
            continue
        if path.is_dir():
            if _holds_tables(path):
                others.append(f"{path.name} (a folder; no file in it is read)")
        elif kind not in TABLES:
            others.append(path.name)
        elif kind in WORKBOOKS and _is_converted(path):
            others.append(f"{path.name} (the CSV of its name is read in its place)")
        else:
            paths.append(path)
    return paths, others


def _holds_tables(folder: Path) -> bool:
    try:
        return any(path.suffix.lower() in TABLES for path in folder.iterdir())
    except OSError:
        # Nobody can say that it holds none.
        return True


def open_cld_file(path: Path) -> TextFile | Sheet:
    """One CLD file, looked at from end to end. Raises InputError and OSError."""
    return open_source(path, frozenset(map(bare_header, snake_names())), bare_header, day_as_cld)


def cannot_be_opened(error: OSError) -> str:
    """What is said of a file that the system does not give."""
    return f"cannot be opened: {error.strerror}"


def look(source: TextFile | Sheet) -> Looked:
    """What is to be known of an open file."""
    empty = source.empty_records
    problems = []
    if isinstance(source, Sheet) and source.error_cells():
        errors = source.error_cells()
        line, column, error = errors[0]
        more = f", and {len(errors) - 1} more such cells" if len(errors) > 1 else ""
        problems.append((line, f"column {column} holds an error of Excel, {error}{more}"))
    return Looked(
        name=source.name,
        sha256=source.sha256,
        row_count=source.record_count - len(empty),
        line_count=source.line_count,
        empty_row_count=len(empty),
        empty_lines=lines_named([source.line_of(record) for record in empty]) if empty else None,
        headers=tuple(source.header),
        problems=tuple(problems),
        days_in_doubt=swapped_days(source),
    )


def swapped_days(source: TextFile | Sheet) -> str | None:
    """Which columns of an open file may have day and month swapped, how many days and where the first is."""
    dates = {
        row["snake_name"]: row["header"]
        for row in seed_rows("specification", "spec_fields")
        if row["data_type"] == "date"
    }
    names = match_headers(source.header)
    positions = {name: names.index(name) for name in dates if name in names}
    if not positions:
        # No column asked for is every column to Arrow.
        return None
    if isinstance(source, Sheet):
        # A spreadsheet has made days of those texts only that it could take for some; the others are texts still.
        source = replace(source, day=day_as_iso)
    seen = {name: pa.array([], pa.string()) for name in positions}
    for batch in source.batches(positions):
        for name, cells in zip(positions, batch.columns, strict=True):
            seen[name] = pc.unique(pa.chunked_array([seen[name], cells]))
    said = []
    for name, texts in seen.items():
        # How often a day stands there changes nothing but the words.
        if days_in_doubt(pa.chunked_array([texts])):
            doubt = days_in_doubt(source.table({name: positions[name]})[name])
            first = source.line_of(doubt.places[0] + 1)
            told = doubt.said
            if isinstance(source, Sheet):
                told = told.replace("written yyyy-mm-dd", "dates to the spreadsheet")
            said.append(f"{dates[name]}: {told} (the first on line {first})")
    return "; ".join(said) or None


def _is_converted(path: Path) -> bool:
    """Whether convert_xlsx has made files of this workbook, which are read in its place."""
    return path.with_suffix(".csv").exists() or any(path.parent.glob(f"{_escaped(path.stem)}.sheet-*.csv"))


def _escaped(text: str) -> str:
    return re.sub(r"([\[*?])", r"[\1]", text)


def rows_of(key: str, source: TextFile | Sheet) -> Iterator[pa.RecordBatch]:
    """The rows of one file as they enter the table submission_rows."""
    schema = row_schema()
    positions = {name: position for position, name in enumerate(match_headers(source.header)) if name}
    empty = set(source.empty_records)
    done = 0
    for batch in source.batches(positions, blank_is_null=True):
        columns = {name: batch.column(place) for place, name in enumerate(batch.schema.names)}
        absent = pa.nulls(batch.num_rows, pa.string())
        numbers = pa.array(range(done + 1, done + batch.num_rows + 1), pa.int32())
        ids = pa.repeat(pa.scalar(key, pa.string()), batch.num_rows)
        whole = pa.RecordBatch.from_arrays(
            [ids, numbers, *(columns.get(name, absent) for name in snake_names())], schema=schema
        )
        if empty:
            whole = whole.filter(pa.array([number not in empty for number in numbers.to_pylist()]))
        done += batch.num_rows
        yield whole


def rows_digest(source: TextFile | Sheet) -> str:
    """The digest of an open file's rows; it is read through once more."""
    digest = RowsDigest()
    for batch in rows_of("", source):
        digest.add(batch)
    return digest.hexdigest()


def refuse_nothing_read(folder_path: Path | str, folder: Folder, needs_files: bool) -> None:
    """Raises InputError for a folder in which nothing could be read.

    A build from extracts does not need it (`needs_files`): a council's first return has no earlier ones.
    """
    directory = Path(folder_path)
    if needs_files and not directory.is_dir():
        raise InputError(f"submissions_path: the folder does not exist: {directory}")
    if folder.files or not (needs_files or folder.problems or folder.others):
        return
    seen = [
        f"{name}{f', line {line}' if line else ''}: {problem}" for name, line, problem in folder.problems
    ] + [f"{name}: not a kind of file that is read" for name in folder.others]
    raise InputError(
        f"submissions_path: no CLD file could be read in {directory}; seen: "
        + ("; ".join(seen[:10]) if seen else "nothing")
        + (f"; and {len(seen) - 10} more" if len(seen) > 10 else "")
        + f". Read are {', '.join(TABLES)}."
    )


def folder_signature(folder_path: Path | str) -> tuple:
    """What shows that a folder has changed: its files with sizes and times."""
    directory = Path(folder_path)
    if not directory.is_dir():
        return (str(directory),)
    facts = []
    for item in sorted(directory.iterdir()):
        try:
            state = item.stat()
        except OSError:
            state = item.lstat()
        facts.append((item.name, state.st_size, state.st_mtime_ns))
    return (str(directory), *facts)


def row_schema() -> pa.Schema:
    """The table submission_rows: the 50 fields as text, with file and number of the row."""
    names = [(name, pa.string()) for name in snake_names()]
    return pa.schema([("submission_id", pa.string()), ("row_number", pa.int32()), *names])


def as_table(tuples: list[tuple], schema: pa.Schema) -> pa.Table:
    """Tuples as a table, with all its columns where there are none."""
    columns = list(zip(*tuples, strict=True)) if tuples else [[] for _ in schema]
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
