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
# Quotation marks and separators that may stand before a sign.
BEFORE_A_SIGN = frozenset("'\"`,;|\u00b4\u2018\u2019\u201c\u201d")


def _is_passed_over(letter: str) -> bool:
    """Whether a sign behind this letter may still count as the first."""
    return letter in BEFORE_A_SIGN or letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf", "Zs")


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula; so says FMT-13 too, in SQL."""
    if SPLITS.match(text.lstrip(" '\"")):
        return True
    for letter in text:
        if not _is_passed_over(letter):
            is_sign = bool(SIGNS & set(unicodedata.normalize("NFKC", letter)))
            return is_sign and not NUMBER.fullmatch(text.strip(" "))
    return False


def is_like_a_formula(text: str) -> bool:
    """Whether the text, or something it may be split into, begins like one."""
    # Almost every text ends here: nothing in it is a sign in any form.
    if text.isalnum():
        return False
    return begins_like_a_formula(text) or any(map(_is_to_mark, SPLITS.split(text)[1:]))


def as_text(value: Any) -> Any:
    """The value as a spreadsheet may have it: text with an apostrophe wherever a formula might begin."""
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    text = value if isinstance(value, str) else str(value)
    if not is_like_a_formula(text):
        return text
    first, *others = SPLITS.split(text)
    marked = "".join(MARK + part if _is_to_mark(part) else part for part in others)
    return (MARK if begins_like_a_formula(text) else "") + first + marked


def as_it_was(text: str) -> str:
    """What `as_text` made of it, without its apostrophes."""
    if MARK not in text:
        return text
    first, *others = SPLITS.split(text)
    if text.startswith(MARK) and begins_like_a_formula(text):
        first = first[1:]
    return first + "".join(
        part[1:] if part.startswith(MARK) and _is_to_mark(part) else part for part in others
    )


def _is_to_mark(part: str) -> bool:
    """Whether a part behind a split begins a formula; the split itself, which is a part too, does not."""
    return not SPLITS.fullmatch(part) and begins_like_a_formula(part)


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
