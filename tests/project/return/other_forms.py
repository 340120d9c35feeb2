"""The demo's extracts with every date and amount in another form that can mean one thing (test_other_words)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from asc_cld.specification import extract_columns

LONDON = ZoneInfo("Europe/London")
WRITTEN = re.compile(r"\s*(?:(\d{4})-(\d\d)-(\d\d)|(\d\d)/(\d\d)/(\d{4}))(?: (\d\d:\d\d:\d\d))?\s*")


def in_utc(moment, has_time):
    if not 1970 < moment.year < 2100:
        return f"{moment:%Y-%m-%d}"
    return f"{moment.replace(tzinfo=LONDON).astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"


FORMS = {
    "person": lambda moment, has_time: (
        f"{moment:%d-%b-%Y}".upper() + (f" {moment:%H:%M:%S}" if has_time else "")
    ),
    "address": lambda moment, has_time: f"\u200b{moment.day} {moment:%B %Y}\u00a0",
    "gp_registration": lambda moment, has_time: str((moment.date() - date(1899, 12, 30)).days),
    "person_identifier": lambda moment, has_time: f"{moment:%Y%m%d}",
    "person_classification": lambda moment, has_time: (
        f"{moment:%Y/%m/%d}" + (f" {moment:%H:%M:%S}" if has_time else "")
    ),
    "relationship": lambda moment, has_time: f"{moment:%b} {moment.day}, {moment.year}",
    "contact": lambda moment, has_time: f"{moment:%b %d %Y %I:%M:%S%p}" if has_time else f"{moment:%b %d %Y}",
    "assessment": in_utc,
    "review": lambda moment, has_time: f"{moment.replace(tzinfo=LONDON):%Y-%m-%d %H:%M:%S%z}",
    "service_package": lambda moment, has_time: f"{moment:%d/%m/%Y} 00:00",
    "service_line": lambda moment, has_time: f"{moment:%d-%b-%Y}",
    "rate": lambda moment, has_time: f"{moment:%Y-%b-%d}",
}
AMOUNTS = (
    lambda amount: f"£{amount:,.2f}" if amount >= 0 else f"(£{-amount:,.2f})",
    lambda amount: f"£\u00a0{amount:.2f}" if amount >= 0 else f"\u2212{-amount:.2f}",
    lambda amount: f"GBP {amount:,.2f}" if amount >= 0 else f"{-amount:,.2f}-",
)


def rewritten(extract, rows):
    """The rows in the extract's other form; a cell that was no day or amount before is left as it was."""
    columns = {column: spec["data_type"] for column, spec in extract_columns(extract).items()}
    changed = 0
    for number, row in enumerate(rows):
        for column, kind in columns.items():
            cell = row.get(column) or ""
            if kind in ("date", "timestamp") and (found := WRITTEN.fullmatch(cell)):
                year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
                try:
                    moment = datetime.fromisoformat(f"{year}-{month}-{day} {found[7] or '00:00:00'}")
                except ValueError:
                    continue
                row[column] = FORMS[extract](moment, bool(found[7]))
                changed += 1
            elif kind == "decimal" and re.fullmatch(r"-?\d+\.\d\d", cell):
                row[column] = AMOUNTS[number % len(AMOUNTS)](float(cell))
                changed += 1
    assert changed > 100, extract
    return rows
