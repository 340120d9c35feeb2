"""The one way the project writes a CSV file, so that no cell of it becomes a formula or a second row.

    table = Table(stream, columns)                    for people, who open it in a spreadsheet
    table = Table(stream, columns, is_exact=True)     a CLD file or a seed: every cell as it stands
    table.add(values)

A spreadsheet takes text that begins with = + - @ for a formula, also after spaces, quotation marks or
what it may split cells at, and in full-width letters. Such text gets an apostrophe in front;
`as_it_was` takes it away again where a program reads the file. Numbers stay numbers: -5.00. A workbook keeps
the text as it is and marks the cell (asc_cld/fixlist/workbook.py). Line breaks of any kind are quoted.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import IO, Any

SIGNS = frozenset("=+-@\N{MINUS SIGN}")
# A spreadsheet of another country's settings, or a person who pastes, splits a cell at these.
SPLITS = re.compile("([;|\t\r\n])")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
MARK = "'"
QUOTES = frozenset("'\"`,\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
                   "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}")  # fmt: skip


def _is_passed_over(letter: str) -> bool:
    """Whether a sign behind this letter may still count as the first."""
    return letter in QUOTES or letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf", "Zs")


def _begins_a_formula(part: str) -> bool:
    for letter in part:
        if not _is_passed_over(letter):
            is_sign = bool(SIGNS & set(unicodedata.normalize("NFKC", letter)))
            return is_sign and not NUMBER.fullmatch(part.strip(" "))
    return False


def _begins_with_a_split(text: str) -> bool:
    return SPLITS.match(text.lstrip(" '\"")) is not None


def is_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text, or what it splits it into, for a formula."""
    # Almost every text ends here: nothing in it is a sign in any form.
    if text.isalnum():
        return False
    return _begins_with_a_split(text) or any(map(_begins_a_formula, SPLITS.split(text)))


def as_text(value: Any) -> Any:
    """The value as a spreadsheet may have it: text with an apostrophe wherever a formula might begin."""
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    text = value if isinstance(value, str) else str(value)
    if not is_like_a_formula(text):
        return text
    marked = "".join(MARK + part if _begins_a_formula(part) else part for part in SPLITS.split(text))
    return MARK + marked if _begins_with_a_split(text) else marked


def as_it_was(text: str) -> str:
    """What `as_text` made of it, without its apostrophes."""
    if MARK not in text:
        return text
    if text.startswith(MARK) and _begins_with_a_split(text):
        text = text[1:]
    return "".join(
        part[1:] if part.startswith(MARK) and _begins_a_formula(part) else part for part in SPLITS.split(text)
    )


class _EndsOfLines:
    """Lets the csv module quote a bare carriage return, which it does only where lines end with one."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, line: str) -> int:
        return self.stream.write(line.removesuffix("\r\n") + "\n")


class Table:
    """A CSV table that is being written; the header first."""

    def __init__(self, stream: IO[str], columns: Iterable[str], is_exact: bool = False) -> None:
        self.columns = list(columns)
        self.is_exact = is_exact
        self._writer = csv.writer(_EndsOfLines(stream), lineterminator="\r\n")
        self.add(self.columns)

    def add(self, values: Iterable[Any]) -> None:
        """One line; None is an empty cell."""
        self._writer.writerow(values if self.is_exact else map(as_text, values))

    def add_named(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Lines by the names of the columns; a column that a row has not is empty. Raises ValueError for another."""
        for row in rows:
            unknown = row.keys() - set(self.columns)
            if unknown:
                raise ValueError(f"no columns of this table: {', '.join(sorted(unknown))}")
            self.add(row.get(column) for column in self.columns)
