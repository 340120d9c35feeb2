"""The workbook of a region: what its councils may see of each other, what is hidden, and the rules by which it is.

It is made of the same queries as the CSV files for all. The same figures give the same bytes, and no text becomes a
formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from asc_cld.fixlist.findings import as_dicts
from asc_cld.fixlist.words import Columns
from asc_cld.fixlist.workbook import HEADER, TITLE, WRAPPED, Book, add_sheet, height_of
from asc_cld.settings import current

AREA: Columns = {"area_type": ("Area", 11), "area_code": ("Code", 14), "area_name": ("Name", 24)}
MEASURE_COLUMNS: Columns = {
    **AREA,
    "measure": ("Measure", 10),
    "group": ("Group", 14),
    "numerator": ("Numerator", 11),
    "denominator": ("Denominator", 12),
    "outcome": ("Outcome", 10),
    "marker": ("Hidden (c)", 8),
    "difference_from_region": ("Less that of the region", 12),
    "place_in_region": ("Place in the region", 10),
    "councils_placed": ("Of", 6),
    "councils_counted": ("Councils counted", 10),
    "councils_given": ("Councils given", 10),
}
WAITING_COLUMNS: Columns = {
    **AREA,
    "quarter": ("Quarter", 24),
    "metric": ("Wait", 28),
    "modified_working_age_band": ("Age band", 14),
    "median_waiting_time": ("Median days", 10),
    "number_of_waiting_times_identified": ("Waits", 9),
    "marker": ("Hidden (c)", 8),
    "difference_from_region": ("Less that of the region", 12),
    "councils_with_waits": ("Councils with waits", 10),
    "councils_given": ("Councils given", 10),
}
LEAGUE_COLUMNS: Columns = {
    "rule_id": ("Rule", 10),
    "level": ("Level", 18),
    "severity": ("Severity", 10),
    "la_code": ("Code", 8),
    "la_name": ("Council", 24),
    "region": ("Region", 22),
    "rows_in_scope": ("Rows in scope", 11),
    "breach_count": ("Broken by", 10),
    "marker": ("Hidden (c)", 8),
    "share_at_most": ("Share, at most", 10),
    "league_rank": ("Place", 8),
    "councils_ranked": ("Of", 6),
    "quartile": ("Quartile", 9),
    "is_taken": ("DHSC takes the file", 11),
}
HIDDEN_COLUMNS: Columns = {
    "sheet": ("Sheet", 16),
    **AREA,
    "what": ("What", 44),
    "of": ("Of", 40),
}
WHY = (
    "Few people: a numerator or a denominator below {threshold}; fewer than {threshold}, but not none, who are not in"
    " the numerator, in no band or sex, or between a measure and its part; fewer than {threshold} waits in a quarter.",
    "A part of such a measure: one part would be the total less the others.",
    "A total that gives a hidden council back: when what is shown is taken away, fewer than three hidden councils, or"
    " fewer than {threshold} people without the largest of them, would be left.",
    "A median of an area with waits of fewer than three councils: one of them could make out the other.",
    "In the league: fewer faulty rows than {threshold}, and not none. All such councils stand where"
    " {most} would stand.",
)
SHEETS = (
    ("Measures", "ASCOF of each council, each region and of all councils given: measures.csv."),
    ("Waiting times", "Median days from a request, by calendar quarter: waiting_times.csv."),
    ("League", "How often each council's rows break each rule: quality_league.csv."),
    ("Hidden", "Every figure of these three that is not shown."),
)


def write_workbook(path: Path, connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> None:
    """Writes the workbook of what the three queries for all give."""
    measures, waits, league = (
        list(as_dicts(connection.execute(queries[name])))
        for name in ("measures.csv", "waiting_times.csv", "quality_league.csv")
    )
    for line in waits:
        start, end = (line[f"statistical_reporting_period_{side}"] for side in ("start", "end"))
        line["quarter"] = f"{start} to {end}"
    for line in league:
        line["is_taken"] = "yes" if line["is_taken_by_dhsc"] else "no"
    councils = list(as_dicts(connection.execute(COUNCILS)))
    period = connection.execute(
        "select min(period_start), max(period_end) from regional.reg_measures"
    ).fetchall()[0]
    with Book(path, period[1]) as book:
        add_front(book, period, councils)
        add_sheet(book, "Measures", MEASURE_COLUMNS, measures)
        add_sheet(book, "Waiting times", WAITING_COLUMNS, waits)
        add_sheet(book, "League", LEAGUE_COLUMNS, league)
        add_sheet(book, "Hidden", HIDDEN_COLUMNS, hidden(measures, waits, league))


# What a council is in, by its shared figures alone.
COUNCILS = """
select
    councils.la_code,
    councils.la_name,
    councils.region,
    exists (
        from regional.reg_shared_measures as measures
        where measures.area_type = 'council' and measures.area_code = councils.la_code
    ) as is_in_measures,
    exists (
        from regional.reg_quality_league as league where league.la_code = councils.la_code
    ) as is_in_league
from dhsc.dhsc_councils as councils
order by councils.region, councils.la_code
"""


def hidden(
    measures: list[dict[str, Any]], waits: list[dict[str, Any]], league: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """A line for each figure that is not shown, in the order of the sheets; not why: that would tell small counts."""
    lines = []
    for line in measures:
        if line["marker"]:
            lines.append({**line, "sheet": "Measures", "what": line["measure"], "of": line["group"]})
    for line in waits:
        if line["marker"]:
            of = f"{line['modified_working_age_band']}, {line['quarter']}"
            lines.append({**line, "sheet": "Waiting times", "what": line["metric"], "of": of})
    for line in league:
        if line["marker"]:
            area = {"area_type": "council", "area_code": line["la_code"], "area_name": line["la_name"]}
            lines.append({**area, "sheet": "League", "what": line["rule_id"], "of": "rows that break it"})
    return lines


def add_front(book: Book, period: tuple[Any, Any], councils: list[dict[str, Any]]) -> None:
    """What the workbook is, whose figures are in it, and what is hidden by which rules."""
    sheet = book.sheet("Start here")
    widths = [24, 74, 24, 16, 16]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    said = 0

    def say(*values: Any, look: dict[str, Any] = WRAPPED) -> None:
        nonlocal said
        if values and look is not TITLE:
            sheet.set_row(said, height_of(list(values), widths[: len(values)]))
        book.row(sheet, said, list(values), look)
        said += 1

    say("Several councils beside each other", look=TITLE)
    say("Period", f"{period[0]} to {period[1]}")
    say("All councils given", "What lay in the folder, not England.")
    say()
    say("Sheets", "", look=HEADER)
    for name, holds in SHEETS:
        say(name, holds)
    say()
    say("What is hidden, and why", "", look=HEADER)
    threshold = int(current("share_threshold"))
    for reason in WHY:
        say("c", reason.format(threshold=threshold, most=threshold - 1))
    say(
        "Not by which",
        "Of one figure it is not said which of these hides it: that would tell small counts from large.",
    )
    say()
    say("Code", "Council", "Region", "Has measures", "In the league", look=HEADER)
    for council in councils:
        is_in = ["yes" if council[name] else "no" for name in ("is_in_measures", "is_in_league")]
        say(council["la_code"], council["la_name"], council["region"], *is_in)
