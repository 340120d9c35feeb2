"""The error cells of XLS and ODS, which the library that reads workbooks takes for blank.

Of each sheet (row, column), counted from 1, and the error as a person sees it, or that a formula was never calculated.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

Errors = dict[tuple[int, int], str]

# A formula as a program writes it; Excel puts its result beside it when it saves the workbook.
NO_RESULT = "#NO RESULT of a formula"
OF_XLS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
# What LibreOffice shows beside Excel's words.
_OF_ODS = re.compile("Err:[0-9]{3}")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_SHOWN_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"

_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
# No kind of record is beyond the first, none holds more bytes than the second, and an end holds none.
_LAST_KIND, _LONGEST = 0x10FF, 8224
_SHEET, _FORMULA, _ERROR, _BEGIN, _END = 0x0085, 0x0006, 0x0205, 0x0809, 0x000A


def errors_of_ods(archive: zipfile.ZipFile) -> dict[str, Errors]:
    """{title: error cells} of an ODS, read as a stream."""
    found: dict[str, Errors] = {}
    with archive.open("content.xml") as stream:
        errors: Errors = {}
        row = 0
        for event, element in ElementTree.iterparse(stream, ("start", "end")):
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    errors = found.setdefault(element.get(f"{_TABLE}name", ""), {})
                    row = 0
            elif element.tag == f"{_TABLE}table-row":
                column = 1
                for cell in element:
                    said = _error_of_ods(cell)
                    if said:
                        errors[row + 1, column] = said
                    column += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
                row += int(element.get(f"{_TABLE}number-rows-repeated", 1))
                element.clear()
    return found


def _error_of_ods(cell: ElementTree.Element) -> str:
    shown = "".join("".join(part.itertext()) for part in cell.iter(_PARAGRAPH)).strip()
    is_formula = cell.get(f"{_TABLE}formula") is not None
    if shown in OF_XLS.values():
        return shown
    if cell.get(_SHOWN_TYPE) == "error" or (is_formula and _OF_ODS.fullmatch(shown)):
        return "#VALUE!"
    return NO_RESULT if is_formula and not shown and cell.get(_VALUE_TYPE) is None else ""


def errors_of_xls(path: Path) -> dict[str, Errors]:
    """{title: error cells} of an XLS; none of a file that is none.

    Raises struct.error, ValueError or LookupError: it is damaged.
    """
    content = path.read_bytes()
    if not content.startswith(_CONTAINER):
        return {}
    book = _book(content)
    sheets = []
    for kind, data in _records(book, 0):
        if kind == _SHEET:
            name = data[8 : 8 + data[6] * (1 + (data[7] & 1))]
            sheets.append(
                (name.decode("utf-16-le" if data[7] & 1 else "latin-1"), struct.unpack_from("<I", data)[0])
            )
    return {title: dict(_errors_of_sheet(book, at)) for title, at in sheets}


def _errors_of_sheet(book: bytes, at: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, data in _records(book, at):
        code = None
        if kind == _ERROR and data[7]:
            code = data[6]
        elif kind == _FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff":
            code = data[8]
        if code is not None:
            row, column = struct.unpack_from("<HH", data)
            yield (row + 1, column + 1), OF_XLS.get(code, "#VALUE!")


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of the part that begins there; a chart within it is a part of its own.

    Raises ValueError where the part ends too soon: one damaged length makes rows be passed over, and an end be seen
    among them. After a part the next one begins, or nothing stands.
    """
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind > _LAST_KIND or size > (0 if kind == _END else _LONGEST):
            raise ValueError("this is no record")
        yield kind, book[at + 4 : at + 4 + size]
        depth += (kind == _BEGIN) - (kind == _END)
        at += 4 + size
        if not depth:
            if book[at : at + 2] != _BEGIN.to_bytes(2, "little") and book[at:].strip(b"\0"):
                raise ValueError("something stands after its end")
            return
    raise ValueError("it has no end")


def _book(content: bytes) -> bytes:
    """The stream of the workbook in its container, whose sectors may lie in any order."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    first_folder, _, least, first_small = struct.unpack_from("<4I", content, 48)
    next_part, _ = struct.unpack_from("<2I", content, 68)

    def at(number: int) -> bytes:
        return content[(number + 1) * sector : (number + 2) * sector]

    def numbers(part: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(part) // 4}I", part)

    parts = list(numbers(content[76:512]))
    # A damaged container may lead in a circle.
    for _ in range(len(content) // 512):
        if next_part < _LAST:
            *more, next_part = numbers(at(next_part))
            parts += more
    following = [number for part in parts if part < _LAST for number in numbers(at(part))]

    def chain(number: int, following: list[int]) -> Iterator[int]:
        for _ in following:
            if number >= _LAST:
                return
            yield number
            number = following[number]

    folder = b"".join(map(at, chain(first_folder, following)))
    entries = {}
    for place in range(0, len(folder), 128):
        length = struct.unpack_from("<H", folder, place + 64)[0]
        name = folder[place : place + max(length - 2, 0)].decode("utf-16-le", errors="replace")
        entries[name] = struct.unpack_from("<2I", folder, place + 116)
    first, size = entries["Workbook"] if "Workbook" in entries else entries["Book"]
    if size >= least:
        return b"".join(map(at, chain(first, following)))[:size]
    small = b"".join(map(at, chain(entries["Root Entry"][0], following)))
    small_following = [number for part in chain(first_small, following) for number in numbers(at(part))]
    return b"".join(small[number * 64 : number * 64 + 64] for number in chain(first, small_following))[:size]
