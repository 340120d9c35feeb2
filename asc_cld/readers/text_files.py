"""Reading delimited text as councils really export it, with errors that never show a cell.

Shape: one call reads one file into a pyarrow Table of text columns. Raises InputError, whose
message names the file and the row or column; it never holds a value from the file.
"""

from __future__ import annotations

import codecs
import csv
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as pa_csv


class InputError(Exception):
    """A file that cannot be used. The message is safe to log: no value of any cell is in it."""


def encoding_of(path: Path) -> str:
    """'utf-8' or 'cp1252'. Raises InputError when the bytes are neither."""
    for encoding in ("utf-8", "cp1252"):
        bad_byte = _first_bad_byte(path, encoding)
        if bad_byte is None:
            return encoding
    raise InputError(
        f"{path.name}: the encoding is neither UTF-8 nor Windows-1252 (near byte {bad_byte}). "
        "Save it again as CSV UTF-8."
    )


def _first_bad_byte(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            # Both encodings accept a zero byte, yet no text file has one: it is UTF-16 or no text.
            if b"\0" in chunk:
                return at + chunk.index(0)
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return at + error.start
            at += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return at
    return None


def header_of(path: Path, encoding: str, delimiter: str = ",") -> list[str]:
    """The header cells, trimmed. Raises InputError for a file without any text."""
    with path.open(encoding=_python_name(encoding), newline="") as stream:
        header = next((row for row in csv.reader(stream, delimiter=delimiter) if row), [])
    header = [cell.strip() for cell in header]
    if not any(header):
        raise InputError(f"{path.name}: the file is empty. A file with no records still needs its header.")
    return header


def read_table(path: Path, encoding: str, names: list[str], delimiter: str = ",") -> pa.Table:
    """All rows as text under the given column names (one for each cell of the header).

    A column named '' is left out. Raises InputError when a row has too many or too few cells.
    """
    if not any(names):
        raise InputError(f"{path.name}: none of the columns it should have stands in its header.")
    read = pa_csv.ReadOptions(
        encoding=encoding, column_names=[f"c{i}" for i in range(len(names))], use_threads=False
    )
    bad_rows: list[pa_csv.InvalidRow] = []

    def remember(row: pa_csv.InvalidRow) -> str:
        bad_rows.append(row)
        return "skip"

    parse = pa_csv.ParseOptions(
        delimiter=delimiter, newlines_in_values=True, invalid_row_handler=remember
    )
    convert = pa_csv.ConvertOptions(
        column_types={f"c{i}": pa.string() for i in range(len(names))},
        strings_can_be_null=False,
        quoted_strings_can_be_null=False,
        include_columns=[f"c{i}" for i, name in enumerate(names) if name],
    )
    try:
        table = pa_csv.read_csv(
            str(path), read_options=read, parse_options=parse, convert_options=convert
        )
    except (pa.ArrowInvalid, UnicodeDecodeError):
        # Arrow's own message quotes the row, so it must not be passed on.
        raise InputError(
            f"{path.name}: the rows could not be separated; look for an unclosed quotation mark."
        ) from None
    if bad_rows:
        # With column names given, Arrow counts the header as row 1.
        row = bad_rows[0]
        raise InputError(
            f"{path.name}, row {row.number - 1}: {row.actual_columns} cells where the header has "
            f"{row.expected_columns}"
            + (f" ({len(bad_rows)} such rows)." if len(bad_rows) > 1 else ".")
        )
    # The first row is the header itself.
    return table.slice(1).rename_columns([name for name in names if name])


def _python_name(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding
