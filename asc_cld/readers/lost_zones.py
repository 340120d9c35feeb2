"""Days that became moments of UTC and lost their zone: 2026-06-01 written as 2026-05-31 23:00:00.

A program that keeps a day as midnight in the UK and writes it in UTC writes 23:00 of the day before wherever summer
time holds (22:00 in the war), and 00:00 elsewhere. With its zone (Z) such a moment is read as the day it was; without
it nothing in the cell says that the day is another. The column does: taken for UTC, every moment in it is midnight in
the UK, though as they are written some are not.
"""

from __future__ import annotations

import re
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from asc_cld.readers.spaces import plain_column
from asc_cld.readers.swapped_days import FEW, Doubt, day_of

# The time behind a day, as macro read_timestamp reads it: full hours only, since nothing else is midnight anywhere.
FULL_HOUR = re.compile(r".*?(?:, ?| |T)(\d?\d):00(?::00(?:[.,]0+)?)?(?: ?([AP])M)?", re.IGNORECASE)
# The clocks of the UK are two hours ahead of UTC at most.
EVENING = (0, 22, 23)


def midnights_elsewhere(cells: pa.ChunkedArray) -> Doubt | None:
    """The cells of a column of days that are midnight on the clocks of the UK, written in UTC; None where none are."""
    if not any(pc.any(pc.match_substring(cells, hour)).as_py() for hour in ("23:00", "11:00")):
        return None
    cells = plain_column(cells)
    moments = {}
    # One by one: a column of real times ends at its first few.
    for text in (scalar.as_py() for scalar in pc.unique(cells.drop_null())):
        said = day_of(text)
        if said:
            hour = _hour_of(text)
            if hour not in EVENING:
                return None
            moments[text] = datetime(said.day.year, said.day.month, said.day.day, hour)
    late = [text for text, moment in moments.items() if moment.hour]
    if not late or not _are_midnights(list(moments.values())):
        return None
    places = pc.indices_nonzero(pc.is_in(cells, value_set=pa.array(late))).to_pylist()
    said = (
        f"{len(places):,} of its moments are late in the evening, and taken for UTC all are midnight in the UK: each of"
        " them is the day before the one that is meant"
    )
    return Doubt(tuple(places), said, len(places) < FEW)


def _hour_of(text: str) -> int | None:
    """The hour behind a day, 0 where there is none; None where it is no full hour or has a zone."""
    if ":" not in text:
        return 0
    found = FULL_HOUR.fullmatch(text)
    if not found:
        return None
    hour, half = int(found[1]), (found[2] or "").upper()
    return hour % 12 + 12 * (half == "P") if half else hour


def _are_midnights(moments: list[datetime]) -> bool:
    """Whether all of these moments, of UTC, are midnight on the clocks of the UK."""
    with duckdb.connect() as connection:
        (found,) = connection.execute(
            "select bool_and(date_trunc('day', here) = here) from ("
            "select timezone('Europe/London', timezone('UTC', unnest(cast($moments as timestamp[])))) as here)",
            {"moments": moments},
        ).fetchone()
    return found
