"""Columns of days that can be read and may yet be other days: what is stopped, what is told, what is accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from asc_cld.readers.errors import InputError
from asc_cld.readers.lost_zones import midnights_elsewhere
from asc_cld.readers.own_lists import accepted_cells
from asc_cld.readers.swapped_days import Doubt, days_in_doubt

# What a council accepts in unread_limits.csv where its days are right.
DAY_ORDER = "day order"
ACCEPT = f"where its days are right, accept them in unread_limits.csv (kind {DAY_ORDER})"
SEARCHES = (
    (
        days_in_doubt,
        "A spreadsheet or program with American settings leaves such a column, with day and month swapped. Export it"
        f" again and open it nowhere before it is read; {ACCEPT}",
    ),
    (midnights_elsewhere, f"Export it as days, or with its zone behind the time (Z); {ACCEPT}"),
)


def doubt_to_tell(
    cells: pa.ChunkedArray,
    file: str,
    line_of: Callable[[int], int],
    extract: str,
    column: str,
    setting: Callable[[str], str],
) -> Doubt | None:
    """The days in doubt that stop nobody; none where the council has said that they are right as they are.

    `line_of` knows the line of a cell, counted from 0. Raises InputError where chance does not make such a column.
    """
    for search, how_to_mend in SEARCHES:
        doubt = search(cells)
        if doubt and not _is_accepted(doubt, cells, extract, column, setting):
            if doubt.is_believed:
                return doubt
            raise InputError(f"{doubt.said}. {how_to_mend}", file, line_of(doubt.places[0]), column)
    return None


def _is_accepted(
    doubt: Doubt, cells: pa.ChunkedArray, extract: str, column: str, setting: Callable[[str], str]
) -> bool:
    folder = setting("rules_path")
    filled = len(cells) - cells.null_count
    return len(doubt.places) <= accepted_cells(
        Path(folder) if folder else None, setting("la_code"), extract, column, DAY_ORDER, filled
    )
