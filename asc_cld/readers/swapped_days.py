"""Days of which day and month may be swapped: the trace that a spreadsheet with American settings leaves.

It takes 05/03/2026 for 3 May and makes it a date; 25/03/2026 it cannot take for one and leaves it a text. The column
then has two spellings of a day, and one of them never goes beyond the 12th of a month. A program that reads days in
that order and drops those it cannot read leaves a whole column like that. Each such cell can be read, so nothing else
names it.

What decides is whether it may be chance. About four days of ten are the 12th or before, so ten that have nothing to do
with each other are all so once in ten thousand times. Days of one month have to do with each other (a part of a
month), and so have the same days of many (the first Monday of April). So of each month of the calendar and of each day
of the month two count at most; the first of a month, a day that is its month (05/05) and placeholders do not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from asc_cld.readers.spaces import plain_column

# The last number that may be a month.
LAST_MONTH = 12
# Of all days, these shares are up to the 12th, and after it.
EARLY, LATE = 0.4, 0.6
# As rare as this, a column is not believed; as rare as that, it is named.
NOT_BELIEVED, NAMED = 1 / 10_000, 1 / 1_000
# Fewer days stop nobody.
FEW = 5
# Days before and after are placeholders.
FIRST_YEAR, LAST_YEAR = 1901, 2098
# The days of a year reach into October, and so do its months once they are taken for days.
OCTOBER = 10
# Times are a spelling and no days: 10:30:00 is h:m:s.
TIMES = (
    (r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?", "h:m:s"),
    (r"[0-9]{1,2}:[0-9]{2}", "h:m"),
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>[a-z]{3,9})"
# The forms of macro read_timestamp, each as it is told: with zeros before the figures from 1 to 9, and without.
FORMS = tuple(
    (re.compile(rf"{form}(?P<time>\D.*)?", re.IGNORECASE), *told)
    for form, *told in (
        (r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)", "yyyy-mm-dd", "yyyy-m-d"),
        (r"(?P<d>\d\d?)/(?P<m>\d\d?)/(?P<y>\d{4})", "dd/mm/yyyy", "d/m/yyyy"),
        (r"(?P<y>\d{4})/(?P<m>\d\d?)/(?P<d>\d\d?)", "yyyy/mm/dd", "yyyy/m/d"),
        (r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", "yyyymmdd", "yyyymmdd"),
        (
            rf"(?P<d>\d\d?)(?:st|nd|rd|th)?(?: of)?[ ,/-]{{0,2}}{_NAME}[ ,/-]{{0,2}}(?P<y>\d{{4}})",
            "dd MON yyyy",
            "",
        ),
        (rf"{_NAME}[ -](?P<d>\d\d?)(?:st|nd|rd|th)?(?:, ?| |-)(?P<y>\d{{4}})", "MON dd yyyy", ""),
        (rf"(?P<y>\d{{4}})[ /-]{_NAME}[ /-](?P<d>\d\d?)", "yyyy MON dd", ""),
    )
)


@dataclass(frozen=True)
class Doubt:
    """Cells of a column that may be other days than they say. No value is in what it says."""

    places: tuple[int, ...]
    said: str
    is_believed: bool


@dataclass(frozen=True)
class _Day:
    """The day that a text says, and how it is written."""

    text: str
    cells: int
    day: date
    form: int
    zeros: bool | None
    time: str

    @property
    def is_late(self) -> bool:
        return self.day.day > LAST_MONTH

    @property
    def spelling(self) -> str:
        _, with_zeros, without = FORMS[self.form]
        return f"{without if self.zeros is False and without else with_zeros} {self.time}".strip()


def days_in_doubt(cells: pa.ChunkedArray) -> Doubt | None:
    """The cells of a column of days that may have day and month swapped; None where nothing speaks for it."""
    cells = plain_column(cells)
    texts = pc.unique(cells)
    texts = texts.filter(pc.fill_null(pc.match_substring_regex(texts, "[0-9]"), False))
    # Nearly every column is one spelling with a day after the 12th, and a few cells say so.
    shapes = pc.unique(pc.replace_substring_regex(texts, "[0-9]", "9"))
    if len(shapes) == 1 and any(day.is_late for day in map(day_of, (text.as_py() for text in texts)) if day):
        return None
    for pattern, told in TIMES:
        cells = pc.replace_substring_regex(cells, pattern, told)
    counts = pc.value_counts(cells).to_pylist()
    days = [day for row in counts if (day := day_of(row["values"] or "", row["counts"]))]
    found = min(_doubts(days), key=lambda doubt: doubt[0], default=None)
    if found is None or found[0] > NAMED:
        return None
    chance, enough, early, others = found
    texts = pa.array([day.text for day in early if day.day.day != day.day.month])
    places = pc.indices_nonzero(pc.is_in(cells, value_set=texts)).to_pylist()
    filled = sum(day.cells for day in days)
    if others:
        said = (
            f"{len(places):,} of its {filled:,} days are written {_spellings(early)} and none of these is after the"
            f" 12th of a month; those written {_spellings(others)} are"
        )
    else:
        said = f"none of its {filled:,} days is after the 12th of a month"
    return Doubt(tuple(places), said, not (chance <= NOT_BELIEVED and enough >= FEW))


def day_of(text: str, cells: int = 1) -> _Day | None:
    """The day of one text as macro read_timestamp will read it; None for no day and for a placeholder."""
    for form, (pattern, *_) in enumerate(FORMS):
        found = pattern.fullmatch(text)
        if found:
            parts = found.groupdict()
            month, day = parts.get("m", ""), parts["d"]
            number = int(month or 0)
            if not month:
                name = parts["name"][:3].lower()
                number = MONTHS.index(name) + 1 if name in MONTHS else 0
            try:
                said = date(int(parts["y"]), number, int(day))
            except ValueError:
                return None
            if not FIRST_YEAR <= said.year <= LAST_YEAR:
                return None
            small = [part for part in (month, day) if part and int(part) < 10]
            zeros = small[0].startswith("0") if small else None
            time = parts["time"] or ""
            clock = next((told for _, told in TIMES if told in time), "")
            half = " AM" if re.search(r"[ap]m\b", time, re.IGNORECASE) else ""
            return _Day(text, cells, said, form, zeros if month else None, clock + half)
    return None


def _doubts(days: list[_Day]) -> Iterable[tuple[float, int, list[_Day], list[_Day]]]:
    """(chance, days that count, the days in doubt, the others) of each spelling that never goes beyond the 12th."""
    zeros = defaultdict(set)
    for day in days:
        zeros[day.form].add(day.zeros)
    for with_time in (False, True):
        groups = defaultdict(list)
        for day in days:
            # 25/11/2026 is written alike with zeros and without: of both, it is neither's.
            is_open = day.zeros is None and {True, False} <= zeros[day.form]
            groups[day.form, "open" if is_open else day.zeros is False, day.time if with_time else ""].append(
                day
            )
        for key, early in groups.items():
            others = [day for other, group in groups.items() if other != key for day in group]
            if any(day.is_late for day in early) or not any(day.is_late for day in others):
                continue
            enough, reaches = _unconnected(early)
            same = [d for d in others if not d.is_late and not (d.form == key[0] and d.zeros is None)]
            if not same:
                late, _ = _unconnected(day for day in others if day.is_late)
                yield EARLY**enough * LATE**late, enough, early, others
            elif reaches:
                yield EARLY**enough, enough, early, others
    enough, reaches = _unconnected(days)
    if reaches and not any(day.is_late for day in days):
        yield EARLY**enough, enough, days, []


def _unconnected(days: Iterable[_Day]) -> tuple[int, bool]:
    """How many days chance alone has put where they are, and whether they reach as far as a year's months do."""
    months, numbers = Counter(), Counter()
    for day in sorted({one.day for one in days}):
        if day.day not in (1, day.month) and months[day.month] < 2 and numbers[day.day] < 2:
            months[day.month] += 1
            numbers[day.day] += 1
    return months.total(), any(number >= OCTOBER for number in numbers)


def _spellings(days: Iterable[_Day]) -> str:
    return " or ".join(sorted({day.spelling for day in days}))
