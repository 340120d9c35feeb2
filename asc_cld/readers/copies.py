"""Which CLD file holds the rows of another one: asked of what its cells mean, not of how they are written.

One return is saved as CSV, by Excel as a workbook and by a program with numbers and days of its own: 5.00 becomes 5,
01/10/2025 becomes 2025-10-01 00:00:00 or the number 45931. Read cell for cell these are other rows, and the return
would count twice. What a CLD file must look like is another question, which the rules answer (decision 0022).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from asc_cld.readers.errors import InputError
from asc_cld.readers.excel_days import FIRST, LAST
from asc_cld.readers.spaces import plain_column
from asc_cld.specification import seed_rows

# Words that a database or a program writes where it holds nothing.
NOTHING = r"^(?i)(null|nan|nat|none|n/a|#n/a)$"
# How a cell begins and goes on that may be a number or a day in several forms; whole numbers and words have one.
SEVERAL_FORMS = r"^[-+\x{00A3}.]|^[0-9].*[^0-9]"
NUMBER = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*?)0*)?", re.ASCII)
# Day first or year first, with or without a time: the return knows days alone.
TIME = r"(?:[ T]\d{1,2}:\d{2}.*)?"
DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}}|[A-Za-z]{{3,9}})[-/. ](\d{{4}}){TIME}", re.ASCII)
YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){TIME}", re.ASCII)
DAY_NUMBER = re.compile(r"(\d{4,5})(?:\.0*)?", re.ASCII)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DIGEST_BYTES = 16


class Copies:
    """Knows a file that was seen before, under another name or in another form."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}
        self._alike: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
        self._digest_of: dict[str, Callable[[], str]] = {}
        self._digests: dict[str, str] = {}

    def refuse(
        self, name: str, sha256: str, row_count: int, sent_on: str | None, digest: Callable[[], str]
    ) -> None:
        """Raises InputError for a copy of a file before it. `digest` gives that of its rows, and is asked at most once.

        Files that submissions.csv gives different days were sent twice, with cells written in another way.
        """
        if sha256 in self._seen:
            raise InputError(f"is the same file as {self._seen[sha256]}; it is no submission of its own")
        self._digest_of[name] = digest
        # Read through once more only where another file has as many rows.
        for other, day in self._alike[row_count]:
            if sent_on and day and sent_on != day:
                continue
            if self._digest(name) == self._digest(other):
                raise InputError(
                    f"holds the same rows as {other}, however they are written; it is no submission of its own."
                    " Leave in the folder the one that was sent"
                )
        self._alike[row_count].append((name, sent_on))
        self._seen[sha256] = name

    def _digest(self, name: str) -> str:
        if name not in self._digests:
            self._digests[name] = self._digest_of[name]()
        return self._digests[name]


class RowsDigest:
    """A digest of a file's rows by what they mean, whatever the file's form and the order of its columns and rows."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Takes in rows as they enter the table submission_rows."""
        names = batch.schema.names[2:]
        cells = [as_meant(batch.column(name), name in _fields("date")) for name in names]
        lines = pc.binary_join_element_wise(*cells, "\x1f", null_handling="replace", null_replacement="")
        for line in lines.cast(pa.binary()).to_pylist():
            # A sum, so that the order of the rows says nothing; the same row twice counts twice.
            self._sum += int.from_bytes(hashlib.blake2b(line, digest_size=DIGEST_BYTES).digest(), "big")

    def hexdigest(self) -> str:
        """As text."""
        return f"{self._sum % 2 ** (8 * DIGEST_BYTES):0{2 * DIGEST_BYTES}x}"


@lru_cache(maxsize=8)
def _fields(data_type: str) -> frozenset[str]:
    return frozenset(
        row["snake_name"]
        for row in seed_rows("specification", "spec_fields")
        if row["data_type"] == data_type
    )


def as_meant(cells: pa.Array, are_days: bool) -> pa.Array:
    """The cells of a column, each in one form for all that mean the same; in a column of days a number is one."""
    # Each value is looked at once: most columns have few.
    encoded = cells.dictionary_encode()
    values = plain_column(encoded.dictionary)
    values = pc.if_else(pc.match_substring_regex(values, NOTHING), "", values)
    if are_days or pc.any(pc.match_substring_regex(values, SEVERAL_FORMS)).as_py():
        values = pa.array([_meant(text, are_days) for text in values.to_pylist()], pa.string())
    return values.take(encoded.indices)


def _meant(text: str, is_day: bool) -> str:
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return _day(year, month, day)
    if found := YEAR_FIRST.fullmatch(text):
        return _day(*found.groups())
    if is_day and (found := DAY_NUMBER.fullmatch(text)) and FIRST <= int(found[1]) <= LAST:
        return (date(1899, 12, 30) + timedelta(int(found[1]))).isoformat()
    number = NUMBER.fullmatch(text.replace("\N{POUND SIGN}", "").replace(",", ""))
    # 5.00, 5 and +5 are one number; 0015 is a code.
    if number and any(map(str.isdigit, text)) and not text.isdigit():
        sign, whole, part = number.groups()
        return f"{sign.strip('+')}{whole or '0'}{f'.{part}' if part else ''}"
    return text


def _day(year: str, month: str, day: str) -> str:
    """As yyyy-mm-dd; a day that does not exist too, and a month of no name as it is."""
    name = month[:3].lower()
    return f"{year}-{MONTHS.index(name) + 1 if name in MONTHS else month:>02}-{day:>02}"
