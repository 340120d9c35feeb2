"""Days that became moments of UTC without their zone are found; days and real times are left alone."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from asc_cld.readers.lost_zones import midnights_elsewhere

UK = ZoneInfo("Europe/London")
# People's whole lives: years without summer time, all of it (1968 to 1971) and two hours of it in the war.
CHANCE = random.Random(409)
DAYS = [date(1930, 1, 1) + timedelta(CHANCE.randrange(35_000)) for _ in range(600)]
FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.000",
    "%Y-%m-%dT%H:%M",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %I:%M:%S %p",
    "%d %b %Y %H:%M:%S",
    "%b %d, %Y, %H:%M",
)


def in_utc(day: date, form: str) -> str:
    return datetime.combine(day, time(), UK).astimezone(UTC).strftime(form)


def found(*texts: str | None):
    return midnights_elsewhere(pa.chunked_array([list(texts)], pa.string()))


@pytest.mark.parametrize("form", FORMS)
def test_midnights_in_utc_are_not_believed_and_no_day_is_told(form):
    texts = [None, *(in_utc(day, form) for day in DAYS), "9999-12-31"]
    doubt = found(*texts)
    days = zip(texts[1:], DAYS, strict=False)
    early = [place for place, (text, day) in enumerate(days, start=1) if text != day.strftime(form)]
    assert doubt and not doubt.is_believed and list(doubt.places) == early and len(early) > 300
    assert f"{len(early):,} of its moments" in doubt.said and "19" not in doubt.said.split(" of its")[1]
    # With their zone they are read as the days they were.
    if form.endswith("%S"):
        assert found(*(f"{text}Z" for text in texts[1:-1])) is None


def test_a_few_are_told_and_stop_nobody():
    few = [f"2026-0{month}-30 23:00:00" for month in range(5, 9)]
    doubt = found("2026-01-15 00:00:00", *few)
    assert doubt.is_believed and doubt.places == (1, 2, 3, 4)
    assert not found(*few, "2026-09-20 23:00").is_believed


@pytest.mark.parametrize(
    "others",
    [
        ["2026-01-15 23:00:00"],  # in winter 23:00 is no midnight anywhere
        ["2026-06-15 22:59:00"],
        ["2026-06-15 10:30"],
        ["15/06/2026 11:00 AM"],
    ],
)
def test_times_of_the_evening_are_times(others):
    assert found(*(f"2026-06-{day} 23:00:00" for day in range(10, 30)), *others) is None


@pytest.mark.parametrize(
    "other", ["2026-06-15 00:00:00", "2026-06-15", "2026-06-15T23:00:00Z", "2026-06-15 10:30+01:00"]
)
def test_one_record_of_another_kind_hides_nothing(other):
    doubt = found(*(f"2026-06-{day} 23:00:00" for day in range(10, 30)), other)
    assert len(doubt.places) == 20 and not doubt.is_believed


def test_the_days_of_a_spreadsheet_are_such_moments_too():
    winter, evenings = ["Excel day 46027"], [f"Excel day {day}.9583333333" for day in range(46170, 46176)]
    assert found(*winter, *evenings).places == (1, 2, 3, 4, 5, 6)
    assert found(*winter, *evenings, "Excel day 46171.5") is None
    # In winter 23:00 is no midnight.
    assert found(*evenings, "Excel day 46030.9583333333") is None


def test_days_alone_are_days():
    assert found(*map(str, DAYS)) is None
    assert found(*(f"{day} 00:00:00" for day in DAYS)) is None
    assert found("Excel day 46157", "Excel day 46157.25", None, "no day 23:00", "") is None
