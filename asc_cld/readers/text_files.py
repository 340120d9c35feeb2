"""Delimited text as councils really export it: looked at once, line by line, before anything is read.

`look_at` reads the bytes of a file once. It finds the encoding, the delimiter and the header, proves
that every line belongs to exactly one record of the header's width, and counts: lines = header +
records + blank lines + line breaks inside cells. `TextFile.batches` then hands the rows on as text,
and holds what it reads against that count. Whatever is wrong is an InputError that names the file
and the line and holds no value of any cell.

A line break inside a quoted cell is honest text, unless the cell looks like rows of the file: two
stray quotation marks in one column swallow every row between them without breaking any rule of CSV.
"""

from __future__ import annotations

import bisect
import codecs
import csv
import gzip
import hashlib
import io
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow import csv as pa_csv

from asc_cld.readers.encodings import EightBits, sniffed
from asc_cld.readers.errors import InputError, lines_named
from asc_cld.readers.limits import limit

DELIMITERS = (",", ";", "\t", "|")
# A report has its title above the header; further down nobody looks for one.
TITLE_LINES = 30
PLAIN = (".csv", ".txt", ".tsv")
PACKED = (".gz", ".zip")
BLOCK_BYTES = 4 * 1024 * 1024
# Python's own limit of a cell, in characters. No field of the return and no column of an extract comes near.
CELL_LIMIT = 131_072
# The longest line.
LINE_LIMIT = 64 * 1024 * 1024
# Spaces that people do not see: no-break, thin, zero-width and the byte order mark.
INVISIBLE = "\u00a0\u2007\u2009\u200a\u200b\u200c\u200d\u2060\u202f\ufeff\u00ad"
NOTHING = b' "\t\x1a'
UNCLOSED = "a quotation mark is not closed or stands in a wrong place"


def trimmed(text: str) -> str:
    """Without spaces at both ends, seen or unseen."""
    return text.strip(INVISIBLE + " \t\r\n\v\f")


@dataclass
class TextFile:
    """What one look at a file has shown."""

    path: Path
    sha256: str
    encoding: str = ""
    delimiter: str = ","
    header: list[str] = field(default_factory=list)
    header_lines: int = 0
    line_count: int = 0
    record_count: int = 0
    blank_line_count: int = 0
    breaks_in_cells: int = 0
    # Whether the last line ends as the others do; of a file that was cut short it may not.
    last_line_ends: bool = True
    # Cells that every row has beyond the header, all blank: a delimiter at the end of each line.
    surplus: int = 0
    # Records in which nothing stands, counted from 1; they are no records of anything.
    empty_records: list[int] = field(default_factory=list)
    # (record, line) wherever the distance between the two has changed.
    places: list[tuple[int, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name

    def line_of(self, record: int) -> int:
        """The line on which a record begins, both counted from 1."""
        at = bisect.bisect_right(self.places, (record, float("inf"))) - 1
        known, line = self.places[at]
        return line + record - known

    def batches(self, columns: dict[str, int], blank_is_null: bool = False) -> Iterator[pa.RecordBatch]:
        """The rows as text under the given names (name: position in the header), empty records too."""
        names = list(columns)
        if not self.record_count:
            return
        positions = [f"c{position}" for position in range(len(self.header) + self.surplus)]
        nothing = self.delimiter + NOTHING.decode()
        with opened(self.path) as raw, io.BufferedReader(_AsUtf8(raw, self.encoding, self.name)) as stream:
            read = 0
            try:
                reader = pa_csv.open_csv(
                    stream,
                    read_options=pa_csv.ReadOptions(
                        column_names=positions, skip_rows=self.header_lines, block_size=2 * BLOCK_BYTES
                    ),
                    parse_options=pa_csv.ParseOptions(
                        delimiter=self.delimiter,
                        newlines_in_values=self.breaks_in_cells > 0,
                        # Lines of delimiters only, counted as blank lines.
                        invalid_row_handler=lambda row: "error" if row.text.strip(nothing) else "skip",
                    ),
                    convert_options=pa_csv.ConvertOptions(
                        column_types={position: pa.string() for position in positions},
                        strings_can_be_null=blank_is_null,
                        quoted_strings_can_be_null=blank_is_null,
                        null_values=[""],
                        include_columns=[f"c{position}" for position in columns.values()],
                    ),
                )
                for batch in reader:
                    read += batch.num_rows
                    yield pa.RecordBatch.from_arrays(batch.columns, names=names)
            except pa.ArrowException:
                # Arrow's own message quotes the row, so it must not be passed on.
                raise InputError(
                    "the rows could not be separated; look for an unclosed quotation mark",
                    self.name,
                    self.line_of(read + 1),
                ) from None
        if read != self.record_count:
            raise InputError(
                f"{self.record_count} records stand on its {self.line_count} lines, yet {read} were read",
                self.name,
            )

    def table(self, columns: dict[str, int]) -> pa.Table:
        """All rows as one table."""
        schema = pa.schema([(name, pa.string()) for name in columns])
        return pa.Table.from_batches(list(self.batches(columns)), schema)


def look_at(path: Path, known: Callable[[list[str]], int]) -> TextFile:
    """Reads every byte once. `known` says how many of the header's cells are columns of this kind of file.

    Raises InputError: no file or not a text, no header or none of its columns, an encoding that
    cannot be told, a line of another width, a quotation mark in a wrong place, a cell too long.
    """
    if not path.is_file():
        raise InputError("this is no file (a folder, a pipe or a broken link)", path.name)
    digest = hashlib.sha256()
    try:
        with opened(path) as raw:
            head = raw.peek(65536)[:65536]
            sort = sniffed(head)
            if sort == "utf-32":
                raise InputError("is UTF-32. Save it again as CSV UTF-8.", path.name)
            found = TextFile(path, "", sort)
            looked = EightBits(path.name, must_be_utf8=bool(sort))
            stream = _AsUtf8(raw, sort, path.name)
            try:
                _look_at_lines(found, _lines(found, stream, looked, digest), known)
            except InputError as error:
                # What looks like a wrong row may be a wrong encoding: that is the better sentence.
                if not error.file:
                    raise InputError(error.problem, path.name, error.line) from None
                raise
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror or 'it is damaged'}", path.name) from None
    encoding = looked.verdict()
    found.encoding = sort or encoding
    found.sha256 = digest.hexdigest()
    return found


def opened(path: Path) -> io.BufferedReader:
    """The bytes of a text file, or of the one text file inside a .gz or .zip."""
    kind = path.suffix.lower()
    if kind not in PACKED:
        return path.open("rb")
    try:
        if kind == ".gz":
            return io.BufferedReader(_Limited(gzip.open(path, "rb"), path.name))
        archive = zipfile.ZipFile(path)
        inside = [
            entry
            for entry in archive.infolist()
            if not entry.is_dir()
            and not any(part.startswith((".", "__MACOSX")) for part in entry.filename.split("/"))
        ]
        if len(inside) != 1 or Path(inside[0].filename).suffix.lower() not in PLAIN:
            raise InputError(
                f"holds {len(inside)} file{'' if len(inside) == 1 else 's'}; a .zip is read where it holds exactly "
                f"one, a {', '.join(PLAIN)} file. Unpack it.",
                path.name,
            )
        return io.BufferedReader(_Limited(archive.open(inside[0]), path.name))
    except (zipfile.BadZipFile, EOFError, zlib.error):
        raise InputError(f"is not a {kind} file that can be read", path.name) from None
    except (RuntimeError, NotImplementedError):
        raise InputError("is packed with a password or in an unusual way. Unpack it.", path.name) from None


class _Limited(io.RawIOBase):
    """A packed stream that gives no more than the setting packed_mb_max, and one error for all that is damaged."""

    def __init__(self, stream: BinaryIO, name: str):
        self.stream, self.name, self.given = stream, name, 0
        self.most_mb = limit("packed_mb_max")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        try:
            content = self.stream.read(len(buffer))
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile):
            raise InputError("is damaged: it cannot be unpacked to its end", self.name) from None
        self.given += len(content)
        if self.given > self.most_mb * 1024**2:
            raise InputError(f"unpacks to more than {self.most_mb:,} MB (packed_mb_max)", self.name)
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self.stream.close()
        super().close()


class _AsUtf8(io.RawIOBase):
    """The bytes as UTF-8: eight-bit text whose encoding is not known yet stays as it is."""

    def __init__(self, raw: BinaryIO, encoding: str, name: str):
        self.raw, self.encoding, self.name = raw, encoding, name
        self.decoder = (
            codecs.getincrementaldecoder(encoding)() if encoding not in ("", "utf-8", "utf-8-sig") else None
        )
        self.waiting, self.lines = b"", 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        if self.decoder is None:
            return self.raw.readinto(buffer)
        while not self.waiting:
            content = self.raw.read(max(len(buffer) // 2, 4096))
            try:
                text = self.decoder.decode(content, final=not content)
            except UnicodeDecodeError:
                raise InputError(
                    f"cannot be read as {self.encoding.upper()}. Save it again as CSV UTF-8.",
                    self.name,
                    self.lines + 1,
                ) from None
            self.lines += text.count("\n")
            # A byte order mark that the encoding's own name has left in.
            self.waiting = (
                text.removeprefix("\ufeff").encode("utf-8") if not self.lines else text.encode("utf-8")
            )
            if not content:
                break
        given, self.waiting = self.waiting[: len(buffer)], self.waiting[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def _lines(found: TextFile, stream: BinaryIO, looked: EightBits, digest: hashlib._Hash) -> Iterator[bytes]:
    """Line after line without its end; every byte has been seen by the encoding and the digest."""
    rest, first_line = b"", 1
    while True:
        block = stream.read(BLOCK_BYTES)
        digest.update(block)
        if block:
            block = rest + block
            cut = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, -1) + 1
            block, rest = block[:cut], block[cut:]
            if len(rest) > LINE_LIMIT:
                raise InputError(f"a line is longer than {LINE_LIMIT // 1024**2} MB", found.name, first_line)
        else:
            block, rest, cut = rest, b"", 0
            found.last_line_ends = block[-1:] in (b"", b"\n", b"\r")
        if block:
            looked.add(block, first_line)
            lines = (
                block.removeprefix(codecs.BOM_UTF8).splitlines() if first_line == 1 else block.splitlines()
            )
            yield from lines
            first_line += len(lines)
        if not cut and not rest:
            return


def _look_at_lines(found: TextFile, lines: Iterator[bytes], known: Callable[[list[str]], int]) -> None:
    number = _look_at_header(found, lines, known)
    width, delimiter = len(found.header), found.delimiter.encode()
    nothing = delimiter + NOTHING
    may_be_empty = 4 * width
    delimiters = width - 1
    record, blank, breaks = 0, 0, 0
    wrong: list[tuple[int, int]] = []
    all_blank = True
    found.places.append((1, number + 1))
    for line in lines:
        number += 1
        size = len(line)
        if size <= may_be_empty:
            if not line.strip(nothing) and (not size or line.count(delimiter) != delimiters):
                blank += 1
                found.places.append((record + 1, number + 1))
                continue
            if not line.strip(nothing):
                found.empty_records.append(record + 1)
        record += 1
        if b'"' not in line and size <= CELL_LIMIT:
            if line.count(delimiter) != delimiters:
                wrong.append((number, line.count(delimiter) + 1))
                all_blank = all_blank and not line.split(delimiter, width)[-1].strip(nothing)
            continue
        if size <= CELL_LIMIT:
            cells = _clean_cells(line, delimiter)
            if cells == width:
                continue
            if cells:
                wrong.append((number, cells))
                all_blank = all_blank and _ends_blank(line, found.delimiter, width)
                continue
        cells, more = _strict_record(line, lines, found.delimiter, width, number)
        number += more
        if more:
            breaks += more
            found.places.append((record + 1, number + 1))
        if cells != width:
            wrong.append((number - more, cells))
            all_blank = False
    if wrong and all_blank and len(wrong) == record and len({cells for _, cells in wrong}) == 1:
        found.surplus = max(wrong[0][1] - width, 0)
    if wrong and not found.surplus:
        number, cells = wrong[0]
        more = f" ({len(wrong)} such: {lines_named([line for line, _ in wrong])})" if len(wrong) > 1 else ""
        raise InputError(
            f"{cells} cell{'' if cells == 1 else 's'} where the header has {width}{more}", found.name, number
        )
    found.line_count, found.record_count = number, record
    found.blank_line_count += blank
    found.breaks_in_cells += breaks
    # The promise of this module, held against what was counted.
    if number != 1 + record + found.blank_line_count + found.breaks_in_cells:
        raise InputError(f"its {number} lines and {record} records do not agree", found.name)


def _header_below(number: int, lines: Iterator[bytes], known: Callable[[list[str]], int]) -> int | None:
    """The line in which a header stands under a title; None where none of the next few looks like one."""
    for place, line in enumerate(itertools.islice(lines, TITLE_LINES), start=number + 1):
        for delimiter in DELIMITERS:
            with suppress(InputError):
                if known(_header_cells(line, [], iter(()), delimiter)[0]) > 1:
                    return place
    return None


def _look_at_header(found: TextFile, lines: Iterator[bytes], known: Callable[[list[str]], int]) -> int:
    """Finds the header and its delimiter; returns the number of the line it ends on."""
    number, first = 0, b""
    for first in lines:
        number += 1
        if first.strip():
            break
        found.blank_line_count += 1
    if not first.strip():
        raise InputError("the file is empty. A file with no records still needs its header.", found.name)
    given = first.strip(b'" \t').lower()
    if given.startswith(b"sep=") and len(given) <= 5:
        # Excel's own first line, which says the delimiter.
        found.blank_line_count += 1
        first = next(lines, b"")
        number += 1
    if len(first) > CELL_LIMIT:
        raise InputError("the first line is too long to be a header", found.name, number)
    best, best_count, problem, widest = None, 0, None, 1
    pulled: list[bytes] = []
    for delimiter in DELIMITERS:
        try:
            cells, more = _header_cells(first, pulled, lines, delimiter)
        except InputError as error:
            problem = problem or error
            continue
        widest = max(widest, len(cells))
        count = known(cells)
        if count > best_count:
            best, best_count = (cells, more, delimiter), count
    if best is None:
        if problem is not None or pulled:
            raise InputError(f"the header: {UNCLOSED}", found.name, number)
        below = _header_below(number, lines, known)
        raise InputError(
            "none of the columns it should have stands in its header"
            + (f"; line {below} looks like it: delete the lines above that one" if below else ""),
            found.name,
            number,
        )
    cells, more, found.delimiter = best
    for cell in cells:
        _refuse_rows_in_cell(cell, found.delimiter, len(cells), number)
    found.header = cells
    if len(pulled) > more:
        # Lines taken while another delimiter was tried: a quotation mark that only closes in a later row.
        raise InputError(f"the header: {UNCLOSED}", found.name, number)
    found.header_lines = number + more
    found.breaks_in_cells += more
    return number + more


def _header_cells(
    first: bytes, pulled: list[bytes], lines: Iterator[bytes], delimiter: str
) -> tuple[list[str], int]:
    used = 0

    def feed() -> Iterator[str]:
        nonlocal used
        yield _header_text(first)
        while True:
            if used == len(pulled):
                line = next(lines, None)
                if line is None:
                    return
                pulled.append(line)
            used += 1
            yield _header_text(pulled[used - 1])

    try:
        cells = next(csv.reader(feed(), delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise InputError(UNCLOSED) from None
    return [" ".join(trimmed(cell).split("\n")) for cell in cells], used


def _header_text(line: bytes) -> str:
    try:
        return line.decode("utf-8") + "\n"
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace") + "\n"


def _clean_cells(line: bytes, delimiter: bytes) -> int:
    """How many cells a line has in which every quotation mark stands where it should; 0 where one does not."""
    parts = line.split(b'"')
    if len(parts) % 2 == 0:
        return 0
    first, last = parts[0], parts[-1]
    if (first and not first.endswith(delimiter)) or (last and not last.startswith(delimiter)):
        return 0
    cells = 1 + first.count(delimiter) + last.count(delimiter)
    for part in parts[2:-1:2]:
        if part:
            if not (part.startswith(delimiter) and part.endswith(delimiter)):
                return 0
            cells += part.count(delimiter)
    return cells


def _ends_blank(line: bytes, delimiter: str, width: int) -> bool:
    cells = next(csv.reader([line.decode("latin-1")], delimiter=delimiter))
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _strict_record(
    first: bytes, lines: Iterator[bytes], delimiter: str, width: int, number: int
) -> tuple[int, int]:
    """(cells, further lines) of the record that begins with this line, read by the letter of the rules."""
    more = 0

    def feed() -> Iterator[str]:
        nonlocal more
        # Only the shape matters here, so any eight-bit reading will do.
        yield first.decode("latin-1") + "\n"
        for line in lines:
            more += 1
            yield line.decode("latin-1") + "\n"

    try:
        cells = next(csv.reader(feed(), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "field limit" in str(error) and not more:
            raise InputError(f"a cell is longer than {CELL_LIMIT} characters", line=number) from None
        raise InputError(UNCLOSED, line=number) from None
    for cell in cells:
        _refuse_rows_in_cell(cell, delimiter, width, number)
    return len(cells), more


def _refuse_rows_in_cell(cell: str, delimiter: str, width: int, number: int) -> None:
    """Rows swallowed whole bring all their delimiters with them: at least one row's for each line break."""
    if "\n" not in cell:
        return
    inside = cell.split("\n")
    enough = max(width - 1, 1)
    if cell.count(delimiter) >= enough * (len(inside) - 1) or (
        width > 7 and any(line.count(delimiter) >= enough for line in inside[1:-1])
    ):
        raise InputError(f"one cell holds {len(inside)} lines that look like rows; {UNCLOSED}", line=number)
