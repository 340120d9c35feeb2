"""Dates, times and numbers as case systems write them: every form that can mean one thing is read as that,
every doubtful one is named as unreadable, whatever zone the machine is in."""

from __future__ import annotations

import sys
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from macro_sql import macros

from asc_cld.audit_pack import MONTHS
from asc_cld.readers.spaces import plain, plain_column
from asc_cld.readers.swapped_days import FIRST_YEAR, LAST_YEAR, day_of

LONDON = ZoneInfo("Europe/London")
MACROS = macros(reporting_period_end="2026-09-30")
ZONES = ("UTC", "America/New_York", "Pacific/Kiritimati")
# Real people were born on the first and nobody on the second; both are days for a column of births only.
# A spreadsheet's number has three figures from 9 April 1900 on; one with fewer is read as no day.
SPOKEN_DAYS = st.dates(date(1900, 4, 9), date(2040, 12, 31)).filter(lambda day: day != date(1970, 1, 1))


class Reader:
    """Cells read by one expression, prepared once: the cost of a value is a query over one row."""

    def __init__(self, expression: str, zone: str = "UTC"):
        self.connection = duckdb.connect()
        self.connection.execute(f"set timezone = '{zone}'")
        self.sql = f"select {expression} from (select unnest(?::varchar[]) as end_date) as records"

    def __call__(self, *cells):
        return [row[0] for row in self.connection.execute(self.sql, [list(cells)]).fetchall()]


def reader(macro, column="records.end_date", zone="UTC"):
    return Reader(MACROS[macro](column), zone)


READ_DATE, READ_TIMESTAMP = reader("read_date"), reader("read_timestamp")
READ_NUMBER, CLEAN_TEXT = reader("read_number"), reader("clean_text")
IS_UNREADABLE = reader("is_unreadable_day")
IN_ZONES = [reader("read_timestamp", zone=zone) for zone in ZONES]


def ordinal(number):
    if number in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def forms_of(day: date) -> list[str]:
    name = MONTHS[day.month - 1]
    short = name[:3]
    return [
        f"{day:%Y-%m-%d}",
        f"{day.year}-{day.month}-{day.day}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02}-{short.upper()}-{day.year}",
        f"{day.day}-{short}-{day.year}",
        f"{day.day} {short} {day.year}",
        f"{day.day} {name} {day.year}",
        f"{day.day:02}/{short.lower()}/{day.year}",
        f"{day.day}{short}{day.year}",
        f"{ordinal(day.day)} {name} {day.year}",
        f"{ordinal(day.day)} of {name.lower()} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{short} {day.day} {day.year}",
        f"{day.year}-{short}-{day.day:02}",
        f"Excel day {(day - date(1899, 12, 30)).days}",
        f"  {day:%d/%m/%Y}\u00a0",
        f"\u200b{day:%Y-%m-%d}\ufeff",
        f"{day.day}\u2009{name}\u00a0{day.year}",
        f"{day:%d/%m/}\u00ad{day.year}",
    ]


def clocks_of(time: datetime) -> list[str]:
    half = f"{(time.hour - 1) % 12 + 1}:{time:%M} {'am' if time.hour < 12 else 'PM'}"
    return [
        f" {time:%H:%M}",
        f"T{time:%H:%M}:00",
        f" {time:%H:%M}:00.000",
        f" {time.hour}:{time:%M}:00",
        f" {half}",
    ]


@settings(max_examples=50, deadline=None)
@given(SPOKEN_DAYS, st.times())
@example(date(2024, 2, 29), datetime(2024, 2, 29, 0, 30).time())
@example(date(1900, 4, 9), datetime(1900, 4, 9).time())
@example(date(2026, 9, 3), datetime(2026, 9, 3, 12, 5).time())
def test_every_form_of_a_day_is_that_day(day, time):
    forms = forms_of(day)
    assert dict(zip(forms, READ_DATE(*forms), strict=True)) == dict.fromkeys(forms, day)
    moment = datetime.combine(day, time.replace(second=0, microsecond=0))
    timed = [form.strip() + clock for form in forms[:-5] for clock in clocks_of(moment)]
    assert dict(zip(timed, READ_TIMESTAMP(*timed), strict=True)) == dict.fromkeys(timed, moment)
    # What looks for swapped days knows every form that is read; a spreadsheet's number has no order, and a year of
    # placeholders tells nothing.
    ordered = [plain(form) for form in forms + timed if not form.startswith("Excel")]
    known = day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    assert {form: (found := day_of(form)) and found.day for form in ordered} == dict.fromkeys(ordered, known)


@settings(max_examples=50, deadline=None)
@given(
    st.datetimes(datetime(1975, 1, 1), datetime(2036, 12, 31)),
    st.integers(-48, 56).map(lambda quarters: timezone(timedelta(minutes=15 * quarters))),
)
@example(datetime(2026, 6, 30, 23, 30), UTC)
@example(datetime(2026, 3, 29, 1, 0), UTC)
@example(datetime(2026, 10, 25, 0, 59), UTC)
def test_a_time_with_a_zone_is_the_day_in_the_uk_wherever_the_machine_is(moment, zone):
    moment = moment.replace(second=0, microsecond=0, tzinfo=zone)
    offset = moment.strftime("%z")
    written = {offset, f"{offset[:3]}:{offset[3:]}", f" {offset}"} | (
        {"Z", "UTC", " GMT"} if offset == "+0000" else set()
    )
    forms = [f"{moment:%Y-%m-%d}{between}{moment:%H:%M}:00{end}" for between in "T " for end in written]
    forms += [f"{moment:%d/%m/%Y %H:%M}{end}" for end in written]
    here = moment.astimezone(LONDON).replace(tzinfo=None)
    for read in IN_ZONES:
        assert dict(zip(forms, read(*forms), strict=True)) == dict.fromkeys(forms, here)


DOUBTFUL = st.one_of(
    # Two-digit years, dots, dashes with the day first: which is the day, which the century?
    SPOKEN_DAYS.flatmap(
        lambda day: st.sampled_from(
            ["%d/%m/%y", "%d-%b-%y", "%d.%m.%Y", "%d.%m.%y", "%y-%m-%d", "%d-%m-%Y", "%d%m%Y"]
        ).map(day.strftime)
    ),
    # The month first, as a reader of dd/mm would not notice.
    SPOKEN_DAYS.filter(lambda day: day.day > 12).map(lambda day: f"{day:%m/%d/%Y}"),
    # Days that do not exist.
    st.sampled_from(
        ["31/02/2026", "2026-02-30", "29/02/2025", "00/01/2026", "2026-13-01", "31 June 2026", "20261301"]
    ),
    # Something behind the day, or no time.
    SPOKEN_DAYS.flatmap(
        lambda day: st.sampled_from(
            [" 24:00", " 10:61", " 25:00", " about noon", "?", " 13:30 PM", " 10:30 BST", " 10:30+99:00"]
        ).map(lambda end: f"{day:%d/%m/%Y}{end}")
    ),
    # A spreadsheet's number that no reader marked, words.
    st.integers(10000, 60000).map(str),
    st.sampled_from(
        ["tomorrow", "N/A", "15 Maybe 2026", "15/5/026", "May 2026", "2026", "15 05 2026", "0", "-"]
    ),
)


@settings(max_examples=150, deadline=None)
@given(DOUBTFUL)
def test_a_doubtful_form_is_no_day_and_is_named(cell):
    assert READ_TIMESTAMP(cell) == [None]
    assert IS_UNREADABLE(cell) == [True]


@pytest.mark.parametrize(
    ("column", "cell", "day", "is_unreadable"),
    [
        ("start_date", "0001-01-01T00:00:00Z", None, False),
        ("start_date", "01/01/1753", None, False),
        ("end_date", "1899-12-30", None, False),
        ("end_date", "01/01/1900 00:00", None, False),
        ("date_of_death", "01-JAN-1970", None, False),
        ("end_date", "31/12/9999", None, False),
        ("end_date", "9999-12-31T23:59:59-05:00", None, False),
        ("start_date", "3000-06-15", None, False),
        ("date_of_birth", "2999-12-31", None, False),
        # No end, whichever far day the system writes; but nobody dies or begins then.
        ("end_date", "31/12/2099", None, False),
        ("completed_at", "2049-12-31", None, False),
        ("date_of_death", "31/12/2099", None, True),
        ("start_date", "15/06/2206", None, True),
        # The year of two digits, made four by some system.
        ("date_of_death", "0026-06-15", None, True),
        ("end_date", "01/05/0202", None, True),
        # People were born on day nought of Unix; 1900-01-01 is left to dummy_values.
        ("date_of_birth", "1970-01-01", date(1970, 1, 1), False),
        ("date_of_birth", "1900-01-01", date(1900, 1, 1), False),
        ("end_date", "2046-09-30", date(2046, 9, 30), False),
        ("end_date", " null ", None, False),
        ("end_date", "\u00a0\u200b", None, False),
        ("end_date", None, None, False),
    ],
)
def test_a_placeholder_is_blank_and_an_absurd_day_is_named(column, cell, day, is_unreadable):
    record = duckdb.execute(
        f"select {MACROS['parse_date']('records.' + column)}, {MACROS['is_unreadable_day']('records.' + column)} "
        f"from (select ?::varchar as {column}) as records",
        [cell],
    ).fetchone()
    assert record == (day, is_unreadable)


def amounts_of(amount: Decimal) -> list[str]:
    plain, grouped = f"{abs(amount):.2f}", f"{abs(amount):,.2f}"
    forms = [
        plain,
        grouped,
        f"£{grouped}",
        f"£\u00a0{plain}",
        f"GBP {plain}",
        f"{plain} GBP",
        f" {grouped} ",
        f"{plain}000",
    ]
    forms += [f"{abs(amount):,.2f}".replace(",", "\u2009")]
    if amount < 0:
        return [
            made
            for form in map(str.strip, forms)
            for made in (f"-{form}", f"\u2212{form}", f"({form})", f"{form}-", f"{form} -")
        ] + [f"£-{plain}", f"£({plain})"]
    return [*forms, f"+{plain}"]


@settings(max_examples=80, deadline=None)
@given(st.decimals(-9_999_999, 9_999_999, places=2))
def test_every_form_of_an_amount_is_that_amount(amount):
    forms = amounts_of(amount)
    assert dict(zip(forms, READ_NUMBER(*forms), strict=True)) == dict.fromkeys(forms, amount)


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(
        st.decimals(0, 99999, places=2).map(lambda amount: f"{amount:.2f}".replace(".", ",")),
        st.decimals(0, 99, places=1).map(lambda amount: f"{amount:.1f}".replace(".", ",")),
        st.decimals(1000, 99999, places=2).map(lambda amount: f"{amount:,.2f}".translate({44: 46, 46: 44})),
        st.integers(1000, 99999).map(lambda number: f"{number:,}".replace(",", ",,")),
        st.sampled_from(
            [
                "1,23,456.00",
                "1234,567",
                "0,125",
                "12,34.5",
                "NaN",
                "Infinity",
                "-inf",
                "1.85E+01",
                "1e3",
                "1_000",
                "--3",
                "-(3)",
                "3-2",
                "£",
                "-",
                "(",
                ".",
                "$18.50",
                "€18.50",
                "18.50 CR",
                "1/2",
                "0x1F",
                "1 23",
                "١٢",
                "18.5.0",
                "#N/A",
                "ten",
            ]
        ),
    )
)
def test_a_doubtful_amount_is_no_number(cell):
    assert READ_NUMBER(cell) == [None]


def test_a_whole_number_is_whole():
    read = reader("parse_integer")
    assert read("3", "3.0", "3.00", " 3 ", "1,234", "3.5", "3,5", "", "99999999999") == [
        3,
        3,
        3,
        3,
        1234,
        None,
        None,
        None,
        None,
    ]


INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202a"
SPACES = " \u00a0\u2009\u202f\u3000\t\r\n\u0085"


@settings(max_examples=80, deadline=None)
@given(
    st.text("abcXYZ0189'-é", min_size=1, max_size=12),
    st.text(SPACES + INVISIBLE, max_size=4),
    st.text(SPACES + INVISIBLE, max_size=4),
    st.sampled_from(INVISIBLE),
    st.integers(0, 12),
)
def test_nobody_sees_a_difference_so_there_is_none(word, before, behind, hidden, place):
    assert CLEAN_TEXT(f"{before}{word[:place]}{hidden}{word[place:]}{behind}", word) == [word, word]


def test_readers_and_models_agree_on_every_character_that_looks_like_nothing():
    letters = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    # Older tables of Python know fewer of the newest marks; none of them is a space.
    unseen = [letter for letter in letters if unicodedata.category(letter)[0] in "CZ"]
    unseen = [letter for letter in unseen if unicodedata.category(letter) not in ("Cn", "Co")]
    cells = [f" a{letter}b {letter}" for letter in [*unseen, "\u034f", "\ufe0f", "x"]]
    by_models = CLEAN_TEXT(*cells)
    assert [plain(cell) for cell in cells] == by_models
    assert plain_column(pa.array(cells)).to_pylist() == by_models
    assert {len(cell) for cell in by_models} == {2, 3, 5}


def test_a_day_is_made_of_its_parts_where_they_make_one():
    made = MACROS["date_from_parts"]("parts[1]", "parts[2]", "parts[3]")
    given = {
        (2024, 2, 29): date(2024, 2, 29), (2026, 2, 29): None, (24, 1, 1): date(24, 1, 1), (0, 1, 1): None,
        (1971, 13, 1): None, (1971, 4, 31): None, (1971, 0, 1): None, (1971, 12, None): None,
    }  # fmt: skip
    found = duckdb.execute(
        f"select {made} from (select unnest(?::integer[][]) as parts)", [list(map(list, given))]
    )
    assert [day for (day,) in found.fetchall()] == list(given.values())
