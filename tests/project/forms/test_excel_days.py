"""A column of day numbers is marked as such; a number in any other column of dates stays what it is."""

import pyarrow as pa
import pytest

from asc_cld.readers.excel_days import mark_excel_days


def marked(*cells):
    return mark_excel_days(pa.chunked_array([pa.array(cells, pa.string())])).to_pylist()


def test_a_whole_column_of_day_numbers_is_marked():
    assert marked("46157", None, "", " 46157.4375 ", "NULL", "9000") == [
        "Excel day 46157", None, "", "Excel day 46157.4375", "NULL", "Excel day 9000",
    ]  # fmt: skip


def test_an_open_end_among_them_is_one_too():
    assert marked("46157", "2958465", "401769") == [
        "Excel day 46157",
        "Excel day 2958465",
        "Excel day 401769",
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ("46157", "15/05/2026"),
        ("1950", "1948", "1931"),
        ("46157", "20260515"),
        ("46157", "99999"),
        ("46157", "12"),
        ("46157", "-46157"),
        (None, ""),
        (),
    ],
)
def test_any_other_column_is_left_alone(cells):
    assert marked(*cells) == list(cells)
