"""Days that became moments of UTC and lost their zone: 2026-06-01 written as 2026-05-31 23:00:00.

A program that keeps a day as midnight in the UK and writes it in UTC writes 23:00 of the day before wherever summer
time holds (22:00 in the war), and 00:00 elsewhere. With its zone (Z) such a moment is read as the day it was; without
it nothing in the cell says that the day is another. The column does: it has no times but midnight and late evening, and
each such evening, taken for UTC, is midnight in the UK. One record of another kind among them hides nothing.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from asc_cld.readers.excel_days import MARK
from asc_cld.readers.spaces import plain_column
from asc_cld.readers.swapped_days import FEW, Doubt, day_of

# The time behind a day, as macro read_timestamp reads it: full hours only, since nothing else is midnight anywhere.
FULL_HOUR = re.compile(r".*?(?:, ?| |T)(\d?\d):00(?::00(?:[.,]0+)?)?(?: ?([AP])M)?", re.IGNORECASE)
WITH_ZONE = re.compile(r".*\d ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)", re.IGNORECASE)
# What those late hours look like in a column: as times, and as parts of a spreadsheet's day.
TRACES = ("22:00", "23:00", "10:00", "11:00", ".91", ".95")
EXCEL_BEGINS = datetime(1899, 12, 30)
# The clocks of the UK are two hours ahead of UTC at most.
LATE = (22, 23)


def midnights_elsewhere(cells: pa.ChunkedArray) -> Doubt | None:
    """The cells of a column of days that are midnight on the clocks of the UK, written in UTC; None where none are."""
    if not any(pc.any(pc.match_substring(cells, trace)).as_py() for trace in TRACES):
        return None
    cells = plain_column(cells)
    late: dict[str, datetime] = {}
    # One by one: a column of real times ends at its first few.
    for text in (scalar.as_py() for scalar in pc.unique(cells.drop_null())):
        if moment := _moment_of(text):
            if moment.minute or moment.second or moment.hour not in (0, *LATE):
                return None
            if moment.hour:
                late[text] = moment
    if not late or not _are_midnights(list(late.values())):
        return None
    places = pc.indices_nonzero(pc.is_in(cells, value_set=pa.array(late, pa.string()))).to_pylist()
    said = (
        f"{len(places):,} of its moments are late in the evening and all others midnight; taken for UTC, each of those"
        " is midnight in the UK: they are the day before the one that is meant"
    )
    return Doubt(tuple(places), said, len(places) < FEW)


def _moment_of(text: str) -> datetime | None:
    """The moment of a text on the clock that it was written by; None for no day, and where the text says its zone."""
    if text.startswith(MARK):
        return EXCEL_BEGINS + timedelta(seconds=round(float(text.removeprefix(MARK)) * 86400))
    said = day_of(text)
    if said is None or (":" in text and WITH_ZONE.fullmatch(text)):
        return None
    begins = datetime(said.day.year, said.day.month, said.day.day)
    if ":" not in text:
        return begins
    found = FULL_HOUR.fullmatch(text)
    if not found:
        # A minute of its own, which no midnight has.
        return begins + timedelta(minutes=1)
    hour, half = int(found[1]), (found[2] or "").upper()
    return begins + timedelta(hours=hour % 12 + 12 * (half == "P") if half else hour)


def _are_midnights(moments: list[datetime]) -> bool:
    """Whether all of these moments, of UTC, are midnight on the clocks of the UK."""
    with duckdb.connect() as connection:
        (found,) = connection.execute(
            "select bool_and(date_trunc('day', here) = here) from ("
            "select timezone('Europe/London', timezone('UTC', unnest(cast($moments as timestamp[])))) as here)",
            {"moments": moments},
        ).fetchone()
    return found
