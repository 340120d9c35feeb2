"""Day numbers of a spreadsheet in a column of dates.

A date saved from Excel as a number is the days since 30 December 1899. One number says nothing; a
whole column of such numbers does. It is then marked as what it is (`Excel day 46157`), so that the
models read it and a trace shows what was recorded. In any other column nothing is changed, and a
number in it is a date that cannot be read.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

MARK = "Excel day "
NUMBER = r"^\s*[0-9]{4,7}(\.[0-9]+)?\s*$"
NOTHING = r"^\s*((?i)null)?\s*$"
# 1 January 1910 and 31 December 2099: what lies outside is no day of a living person's record.
FIRST, LAST = 3654, 73050
# But for the years in which no end is written: 2999, 3000 and 9999.
OPEN_ENDS = ((401404, 402133), (2958101, 2958465))
# Four digits may be a year, so a column needs more days after 1927 than before.
FIVE_DIGITS = 10000


def mark_excel_days(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with its day numbers marked, or as it was where not every filled cell is one."""
    is_filled = pc.fill_null(pc.invert(pc.match_substring_regex(cells, NOTHING)), False)
    filled = cells.filter(is_filled)
    if not len(filled) or not pc.match_substring_regex(filled.slice(0, 1), NUMBER)[0].as_py():
        return cells
    if not pc.all(pc.match_substring_regex(filled, NUMBER)).as_py():
        return cells
    days = pc.cast(pc.utf8_trim_whitespace(filled), pa.float64())
    is_possible = pc.and_(pc.greater_equal(days, FIRST), pc.less_equal(days, LAST))
    for first, last in OPEN_ENDS:
        is_end = pc.and_(pc.greater_equal(days, first), pc.less_equal(days, last))
        is_possible = pc.or_(is_possible, is_end)
    five_digits = pc.sum(pc.greater_equal(days, FIVE_DIGITS)).as_py()
    if not pc.all(is_possible).as_py() or five_digits * 2 <= len(days):
        return cells
    marked = pc.binary_join_element_wise(MARK, pc.utf8_trim_whitespace(cells), "")
    return pc.if_else(is_filled, marked, cells)
