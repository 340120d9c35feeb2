"""Reads every CLD file of a folder as text, cell for cell, for the submissions layer.

A dbt-duckdb plugin: the sources of models/staging/submissions are loaded through it. Each file is
read whole or not at all. What cannot be read becomes a row of `submission_problems` that names the
file and the line, never what stands in the cells.
"""

import codecs
import csv
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

import pyarrow as pa
import pyarrow.csv as pacsv
from asc_cld.specification import snake_names
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.events.logging import AdapterLogger

IMPORT_DATES_FILE = "submissions.csv"
CHUNK_BYTES = 16 * 1024 * 1024
DELIMITERS = ",;\t"

FILES_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("file_name", pa.string()),
        ("row_count", pa.int64()),
        ("sha256", pa.string()),
        ("imported_at", pa.string()),
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


class UnreadableFile(Exception):
    """A file that cannot be read, with the line where reading stopped (0 for the whole file)."""

    def __init__(self, problem, line_number=0):
        super().__init__(problem)
        self.problem = problem
        self.line_number = line_number


@dataclass
class Folder:
    """All that was read from one folder."""

    rows: list = field(default_factory=list)
    files: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    problems: list = field(default_factory=list)


def bare_header(text):
    """A header without what people change in it: capitals, spaces, underscores, punctuation."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def match_headers(headers):
    """The field each header stands for, or None; of two headers for one field the first counts."""
    by_bare_name = {bare_header(name): name for name in snake_names()}
    matched = []
    for header in headers:
        name = by_bare_name.get(bare_header(header))
        matched.append(None if name in matched else name)
    return matched


def survey(path):
    """Reads the bytes once: sha256, encoding and whether quotes are balanced."""
    with path.open("rb") as stream:
        is_utf16 = stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encodings = ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]
    decoders = {name: codecs.getincrementaldecoder(name)() for name in encodings}
    digest = hashlib.sha256()
    quotes = 0
    lines = 0
    bad_line = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK_BYTES)
            digest.update(chunk)
            if b"\0" in chunk and not is_utf16:
                raise UnreadableFile(
                    "is not plain text (it may be a renamed workbook): save it as CSV UTF-8",
                    lines + chunk[: chunk.index(b"\0")].count(b"\n") + 1,
                )
            for name in list(decoders):
                try:
                    decoders[name].decode(chunk, final=not chunk)
                except UnicodeDecodeError as error:
                    bad_line = lines + chunk[: error.start].count(b"\n") + 1
                    del decoders[name]
            quotes += chunk.count(b'"')
            lines += chunk.count(b"\n")
            if not chunk:
                break
    if not decoders:
        raise UnreadableFile(
            "holds a letter that is neither UTF-8 nor Windows-1252: save it as CSV UTF-8", bad_line
        )
    return digest.hexdigest(), next(iter(decoders)), quotes % 2 == 0


def open_text(path, encoding):
    return path.open(encoding=encoding, newline="", errors="replace")


def read_header(path, encoding):
    """The header cells and the delimiter of a file."""
    with open_text(path, encoding) as stream:
        first_line = stream.readline()
        if not first_line:
            raise UnreadableFile("is empty")
        best = ([], ",", 0)
        for delimiter in DELIMITERS:
            stream.seek(0)
            headers = next(csv.reader(stream, delimiter=delimiter), [])
            known = sum(name is not None for name in match_headers(headers))
            if known > best[2]:
                best = (headers, delimiter, known)
    if best[2] == 0:
        raise UnreadableFile("has none of the CLD headers in its first line", 1)
    return best[0], best[1]


def find_bad_line(path, encoding, delimiter, width):
    """Slow second reading, only for a file that failed: where is it, and what is it?"""
    with open_text(path, encoding) as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        starts_at = 1
        try:
            for cells in reader:
                if cells and len(cells) != width:
                    return f"has {len(cells)} cells where the header has {width}", starts_at
                starts_at = reader.line_num + 1
        except csv.Error:
            return "has a quotation mark that is not closed or stands in a wrong place", starts_at
    return "cannot be read as CSV", 0


def read_rows(path, encoding, delimiter, headers):
    """The data rows as text columns named after the fields; an empty cell is null, nothing trimmed."""
    positions = [f"column_{position}" for position in range(len(headers))]
    with open_text(path, encoding) as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        next(reader)
        if next(filter(None, reader), None) is None:
            return 0, [pa.array([], pa.string()) for _ in snake_names()]
    table = pacsv.read_csv(
        path,
        read_options=pacsv.ReadOptions(
            column_names=positions,
            skip_rows_after_names=1,
            encoding="utf8" if encoding == "utf-8-sig" else encoding,
            block_size=CHUNK_BYTES,
        ),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types={name: pa.string() for name in positions},
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    columns = dict(zip(match_headers(headers), table.columns))
    empty = pa.nulls(table.num_rows, pa.string())
    return table.num_rows, [columns.get(name, empty) for name in snake_names()]


def submission_id(path, sha256):
    slug = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    return f"{slug}-{sha256[:8]}"


def read_import_dates(path):
    """The day each file was sent, by file name, from submissions.csv."""
    if not path.exists():
        return {}, []
    dates, problems = {}, []
    with open_text(path, "utf-8-sig") as stream:
        reader = csv.DictReader(stream)
        if not {"file_name", "imported_at"} <= set(reader.fieldnames or []):
            return {}, [(path.name, 1, "needs the columns file_name and imported_at")]
        for row in reader:
            day = None
            for read_day in (datetime.fromisoformat, lambda text: datetime.strptime(text, "%d/%m/%Y")):
                try:
                    day = read_day((row["imported_at"] or "").strip())
                except ValueError:
                    continue
            if day is None:
                problems.append((path.name, reader.line_num, "imported_at is not a date"))
            elif not (path.parent / (row["file_name"] or "").strip()).is_file():
                problems.append((path.name, reader.line_num, "names a file that is not there"))
            else:
                dates[row["file_name"].strip()] = day.date().isoformat()
    return dates, problems


def read_file(path):
    """One file: (submission id, sha256, headers, row count, columns). Raises UnreadableFile."""
    sha256, encoding, quotes_balanced = survey(path)
    headers, delimiter = read_header(path, encoding)
    if not quotes_balanced:
        problem, line_number = find_bad_line(path, encoding, delimiter, len(headers))
        if line_number:
            raise UnreadableFile(problem, line_number)
    try:
        row_count, columns = read_rows(path, encoding, delimiter, headers)
    except (pa.ArrowInvalid, UnicodeError) as error:
        # The library's own message quotes the cells: it must not be passed on.
        raise UnreadableFile(*find_bad_line(path, encoding, delimiter, len(headers))) from error
    return submission_id(path, sha256), sha256, headers, row_count, columns


def read_folder(folder_path):
    """Every CLD file of a folder, in the order of the file names. The folder may be absent."""
    folder = Folder()
    directory = Path(folder_path)
    if not directory.is_dir():
        return folder
    imported, import_problems = read_import_dates(directory / IMPORT_DATES_FILE)
    folder.problems += import_problems
    schema = row_schema()
    seen = {}
    for path in sorted(directory.iterdir(), key=lambda item: item.name):
        kind = path.suffix.lower()
        if path.name.startswith((".", "~$")) or path.name == IMPORT_DATES_FILE:
            continue
        if kind in (".xlsx", ".xlsm", ".xls", ".ods"):
            if not path.with_suffix(".csv").exists():
                problem = "is a workbook: convert it first with python -m asc_cld.convert_xlsx"
                folder.problems.append((path.name, 0, problem))
            continue
        if kind != ".csv" or path.is_dir():
            continue
        try:
            key, sha256, headers, row_count, columns = read_file(path)
            if key in seen:
                raise UnreadableFile(f"is the same file as {seen[key]}")
        except UnreadableFile as error:
            folder.problems.append((path.name, error.line_number, error.problem))
            continue
        except OSError as error:
            folder.problems.append((path.name, 0, f"cannot be opened: {error.strerror}"))
            continue
        seen[key] = path.name
        ids = pa.repeat(pa.scalar(key, pa.string()), row_count)
        numbers = pa.array(range(1, row_count + 1), pa.int32())
        folder.rows.append(pa.Table.from_arrays([ids, numbers, *columns], schema=schema))
        folder.files.append((key, path.name, row_count, sha256, imported.get(path.name)))
        for position, (header, name) in enumerate(zip(headers, match_headers(headers)), start=1):
            folder.headers.append((key, position, header, name))
    return folder


def folder_signature(folder_path):
    directory = Path(folder_path)
    if not directory.is_dir():
        return (str(directory),)
    facts = [(item.name, item.stat()) for item in sorted(directory.iterdir())]
    return (str(directory), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in facts))


def row_schema():
    names = [(name, pa.string()) for name in snake_names()]
    return pa.schema([("submission_id", pa.string()), ("row_number", pa.int32()), *names])


def as_table(tuples, schema):
    columns = list(zip(*tuples)) if tuples else [[] for _ in schema]
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, schema.types)]
    return pa.Table.from_arrays(arrays, schema=schema)


class Plugin(BasePlugin):
    """Gives dbt the tables submission_rows, _files, _headers and _problems of one folder."""

    def initialize(self, plugin_config):
        self._lock = Lock()
        self._folder = None
        self._signature = None

    def load(self, source_config):
        wanted = source_config.name
        with self._lock:
            folder = self._read_once(source_config["submissions_path"], wanted)
            if wanted == "submission_rows":
                # The one big table: handed over, not kept.
                rows, folder.rows = folder.rows, None
                return pa.concat_tables(rows) if rows else row_schema().empty_table()
        if wanted == "submission_files":
            return as_table(folder.files, FILES_SCHEMA)
        if wanted == "submission_headers":
            return as_table(folder.headers, HEADERS_SCHEMA)
        # A test fails on these as well, but dbt does not say what a failed test found.
        for file_name, line_number, problem in folder.problems:
            place = f", line {line_number}" if line_number else ""
            AdapterLogger("Submissions").error(f"Not read: {file_name}{place}: {problem}")
        return as_table(folder.problems, PROBLEMS_SCHEMA)

    def _read_once(self, path, wanted):
        """One reading serves the four tables, as long as the files stay as they are."""
        signature = folder_signature(path)
        rows_are_gone = wanted == "submission_rows" and self._folder and self._folder.rows is None
        if self._folder is None or signature != self._signature or rows_are_gone:
            self._folder, self._signature = read_folder(path), signature
        return self._folder
