"""A column in which a spreadsheet or program has taken the day for the month is named, and no honest column is."""

import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

from asc_cld.readers.swapped_days import days_in_doubt


def days(count, first_year=2020, years=6):
    draw = random.Random(4)
    return [date(first_year, 1, 1) + timedelta(draw.randrange(years * 365)) for _ in range(count)]


def doubt(cells):
    return days_in_doubt(pa.chunked_array([pa.array(cells, pa.string())]))


def swapped(form, rest="{:%d/%m/%Y}", count=60):
    """Days as text dd/mm/yyyy after a program that took the month to come first; those beyond the 12th as they were."""
    return [
        form.format(date(day.year, day.day, day.month)) if day.day <= 12 else rest.format(day)
        for day in days(count)
    ]


@pytest.mark.parametrize(
    ("form", "rest"),
    [
        ("{:%Y-%m-%d}", "{:%d/%m/%Y}"),
        ("{:%Y-%m-%d 00:00:00}", "{:%d/%m/%Y}"),
        ("{0.day}/{0.month}/{0.year}", "{:%d/%m/%Y}"),
        ("{0.month}/{0.day}/{0.year} 12:00:00 AM", "{:%d/%m/%Y}"),
        # Opened once more under British settings: only the seconds are gone.
        ("{:%d/%m/%Y 10:30}", "{:%d/%m/%Y 10:30:00}"),
        ("\u00a0{:%d-%b-%Y}", "{:%d/%m/%Y}"),
        ("{:%Y%m%d}", "{:%Y-%m-%d}"),
        ("{0:%b} {0.day}, {0.year}", "{:%Y/%m/%d}"),
        # TRY_CONVERT and errors='coerce' lose what they cannot read.
        ("{:%Y-%m-%d}", ""),
        ("{:%Y-%m-%d}", "NULL"),
    ],
)
def test_a_column_with_day_and_month_swapped_is_not_believed(form, rest):
    cells = [*swapped(form, rest, 200), "", None, "9999-12-31", "1900-01-01"]
    found = doubt(cells)
    assert found is not None and not found.is_believed
    # Named are those cells that would be another day, and none beside them; 10/11/2026 is spelled like either half.
    is_open = [form.startswith("{0.") and min(day.day, day.month) > 9 for day in days(200)]
    is_other = [day.day <= 12 and day.day != day.month for day in days(200)]
    assert found.places == tuple(place for place in range(200) if is_other[place] and not is_open[place])


def test_what_is_said_holds_forms_and_counts_and_no_day():
    cells = swapped("{:%Y-%m-%d}")
    assert doubt(cells).said == (
        "20 of its 60 days are written yyyy-mm-dd and none of these is after the 12th of a month;"
        " those written dd/mm/yyyy are"
    )


def test_part_of_a_column_is_named_beside_an_honest_export():
    honest = [f"{day:%d/%m/%Y}" for day in days(300, 2010)] + [f"{day:%Y-%m-%d}" for day in days(300, 2010)]
    found = doubt([*honest, *swapped("{:%d-%b-%Y}", count=100)])
    assert not found.is_believed and min(found.places) >= len(honest)


def test_a_few_such_days_stop_nobody_and_are_named():
    late = [f"{day:%d/%m/%Y}" for day in days(60) if day.day > 12]
    found = doubt([*late, "2024-03-05", "2024-06-07", "2023-08-11"])
    assert found.is_believed and len(found.places) == 3


MONDAYS = [
    next(day for day in (date(year, month, 1) + timedelta(n) for n in range(7)) if day.weekday() == 0)
    for year in range(2010, 2027)
    for month in range(1, 13)
]
SLASHES = [f"{day:%d/%m/%Y}" for day in days(100)]


@pytest.mark.parametrize(
    "cells",
    [
        SLASHES,
        SLASHES + [f"{day:%Y-%m-%d}" for day in days(30, 2001)],
        [f"{day:%Y-%m-%d}" + " 10:00:00" * (day.day % 2) for day in days(100)],
        # Of a few days chance decides.
        [*SLASHES, "2026-03-04", "2026-06-07", "2026-09-10"],
        # The first of a month, the first Monday of April and of any month, a part of a month, one day of each month.
        SLASHES + [f"{year}-{month:02}-01" for year in range(2010, 2026) for month in range(1, 13)],
        [f"{day:%Y-%m-%d}" for day in MONDAYS if day.month == 4],
        [f"{day:%Y-%m-%d}" for day in MONDAYS],
        SLASHES + [f"{year}-11-{day:02}" for year in (2024, 2025, 2026) for day in range(1, 12)],
        [f"{year}-{month:02}-05" for year in (2024, 2025) for month in range(1, 13)],
        # Placeholders are no days.
        SLASHES + [f"{year}-05-06" for year in (1, 1753, 1899, 1900, 2099, 2999, 9999)],
        ["", None, "NULL", "soon", "05/25/2026", "31/02/2026"],
        [],
    ],
)
def test_an_honest_column_is_left_alone(cells):
    assert doubt(cells) is None
