"""The workbook of the fix list: the same content gives the same bytes, and no text becomes a formula."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from asc_cld.fixlist.findings import Finding, each_once
from asc_cld.fixlist.words import (
    AT_THE_CENTRE,
    EXPORT_COLUMNS,
    FILE_COLUMNS,
    FIXED_COLUMNS,
    IMPORTANCE,
    IMPORTANCE_MEANS,
    SUMMARY_COLUMNS,
    TEAM_COLUMNS,
    VALUE_COLUMNS,
    Columns,
)
from asc_cld.spreadsheets import is_like_a_formula

# Excel takes no more rows in a sheet; the CSV file always holds all.
MOST_ROWS = 1_048_000
# What XML cannot hold.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WRAPPED = {"text_wrap": True, "valign": "top"}
BOLD = {"bold": True}
HEADER = {**WRAPPED, **BOLD, "bg_color": "#DDE6EE"}
TITLE = {**BOLD, "font_size": 14}


def in_general(rule: Finding, field: str | None) -> str:
    """The message of a rule without the value of a record."""
    places = {
        "{field}": field or "The field", "{value}": '"\N{HORIZONTAL ELLIPSIS}"', "{fault} ": "",
        "{fault}": "", "{suggestion}": "another place", "{allowed}": rule["allowed"] or "",
        "{event_type}": "record of this type",
    }  # fmt: skip
    text = rule["message"]
    for place, words in places.items():
        text = text.replace(place, words)
    return text.strip()


def summary_lines(findings: list[Finding], fixed: list[Finding], rules: dict[str, Finding]) -> list[Finding]:
    """One line for each rule and field, in the order of the findings; what is only fixed at the end."""
    lines = {}

    def line_for(rule_id: str, field: str | None, like: Finding) -> Finding:
        return lines.setdefault(
            (rule_id, field or ""),
            {
                "importance": IMPORTANCE[like["severity"]], "field": field, "rule_id": rule_id,
                "message": in_general(rules[rule_id], field),
                "records": 0, "new": 0, "still_open": 0, "fixed": 0, "accepted": 0,
                **{
                    name: like[name]
                    for name in (
                        "how_to_fix", "why_it_matters", "measures_affected", "at_the_centre",
                    )
                },
            },
        )  # fmt: skip

    for finding in each_once(findings):
        line = line_for(finding["rule_id"], finding["field"], finding)
        if finding["accepted"]:
            line["accepted"] += 1
        else:
            line["records"] += 1
            line[finding["status"].replace(" ", "_")] += 1
    for known in fixed:
        line_for(known["rule_id"], known["field"], rules[known["rule_id"]])["fixed"] += 1
    return list(lines.values())


class Book:
    """A workbook that holds no clock time. Use as a context manager; it is written at the end."""

    def __init__(self, path: Path, day: date) -> None:
        # In memory: nothing about people lies in a temporary folder, and no entry bears a time.
        self.book = xlsxwriter.Workbook(str(path), {"in_memory": True})
        self.book.set_properties({"author": "asc_cld", "created": datetime.combine(day, datetime.min.time())})
        self.looks: dict[str, tuple[Format, Format]] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.book.close()

    def look(self, given: dict[str, Any]) -> tuple[Format, Format]:
        """The format of a look, and that of the same look for text that looks like a formula."""
        key = repr(given)
        if key not in self.looks:
            quoted = self.book.add_format({**given, "quote_prefix": True})
            self.looks[key] = self.book.add_format(given), quoted
        return self.looks[key]

    def sheet(self, name: str) -> Worksheet:
        """A sheet that prints on the width of one landscape page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def row(self, sheet: Worksheet, number: int, values: list[Any], given: dict[str, Any]) -> None:
        """Writes a row. Text stays text, also when somebody edits it in Excel."""
        plain, quoted = self.look(given)
        for column, value in enumerate(values):
            if value is None:
                sheet.write_blank(number, column, None, plain)
            elif isinstance(value, str):
                text = ILLEGAL.sub(" ", re.sub("\r\n?", "\n", value))
                sheet.write_string(number, column, text, quoted if is_like_a_formula(text) else plain)
            else:
                sheet.write_number(number, column, value, plain)


def height_of(values: list[Any], widths: list[int]) -> int:
    """Points a row needs for its wrapped text: some programs do not work it out themselves."""
    lines = max(-(-len(str(value or "")) // width) for value, width in zip(values, widths, strict=True))
    return 15 * max(1, min(lines, 10))


def add_sheet(book: Book, name: str, columns: Columns, lines: list[Finding]) -> None:
    """A sheet with a header that stays, filters, wrapped text and one page width when printed."""
    sheet = book.sheet(name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    widths = [width for _, width in columns.values()]
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    lines = lines[:MOST_ROWS]
    sheet.autofilter(0, 0, len(lines), len(columns) - 1)
    if "how_to_fix" in columns:
        # What is further right is for the screen.
        sheet.print_area(0, 0, len(lines), list(columns).index("how_to_fix"))
    sheet.set_row(0, 30)
    book.row(sheet, 0, [title for title, _ in columns.values()], HEADER)
    for number, line in enumerate(lines, start=1):
        values = [line.get(column) for column in columns]
        sheet.set_row(number, height_of(values, widths))
        book.row(sheet, number, values, WRAPPED)


def add_front(
    book: Book,
    about: dict[str, Any],
    findings: list[Finding],
    fixed: list[Finding],
    figures: list[tuple[str, str]],
    with_names: bool,
) -> None:
    """What the workbook is, how much there is to do, and what the words mean."""
    sheet = book.sheet("Start here")
    widths = [24, 74, 10, 10, 10, 10]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    looks = {"text": WRAPPED, "heading": HEADER, "title": TITLE}
    said = 0

    def say(*values: Any, look: str = "text") -> None:
        nonlocal said
        if values and look != "title":
            sheet.set_row(said, height_of(list(values), widths[: len(values)]))
        book.row(sheet, said, list(values), looks[look])
        said += 1

    say(about["title"], look="title")
    for name, told in about["facts"].items():
        say(name, told)
    if with_names:
        say("OFFICIAL-SENSITIVE", "This list holds names and NHS numbers.", look="heading")
    say()
    say("How important", "What it means", "To mend", "New", "Still open", "Accepted", look="heading")
    for severity, name in IMPORTANCE.items():
        of_it = [line for line in each_once(findings) if line["severity"] == severity]
        still = [finding for finding in of_it if not finding["accepted"]]
        new = sum(finding["status"] == "new" for finding in still)
        told = len(still), new, len(still) - new, len(of_it) - len(still)
        say(name, IMPORTANCE_MEANS[severity], *told)
    say("Fixed", "Findings of earlier lists that are gone in this one (sheet Fixed).", len(fixed))
    say()
    say("What to do", "", look="heading")
    say("1", "Open the sheet Records. The lines at the top matter most; each is one record to mend.")
    say("2", "Find the record in the case system by Person and Record to open. Filter by field or rule.")
    say("3", "Mend it there, never in the return or in this list: the next return is made from the records.")
    say("4", "If a finding is right as it is, ask for it to be accepted, with a reason and an end date.")
    say(
        "Two teams",
        "A person may stand on the lists of two teams: each record is on one list, for its team to mend.",
    )
    if len(findings) > MOST_ROWS:
        say("Too long", f"Only the first {MOST_ROWS:,} lines fit into a sheet; the CSV file holds all.")
    say()
    say("What DHSC does", "", look="heading")
    for name, meaning in AT_THE_CENTRE.items():
        say(name, meaning)
    say()
    say("Sheets", "", look="heading")
    say("Summary", "How often each thing is wrong, and how to fix it.")
    say(
        "Records",
        "Every record to mend. A fault in a person's record is one line, with its rows in the file.",
    )
    say(
        "For the exporter",
        "What no team can mend: the query that makes the extracts, or the export of the file, must change.",
    )
    say("Whole file", "What is wrong with the file as a whole; for whoever makes the return.")
    say("Fixed", "What earlier lists named and this one does not.")
    say("Allowed values", "The lists of the fields that are wrong in this workbook, letter for letter.")
    say()
    say("Figures damaged", "", look="heading")
    for name, meaning in figures:
        say(name, meaning)


def write_workbook(
    path: Path,
    about: dict[str, Any],
    findings: list[Finding],
    fixed: list[Finding],
    catalogue: tuple[dict[str, Finding], list[tuple[str, str]]],
    columns: Columns,
    team_lines: list[Finding] | None = None,
) -> None:
    """Writes one workbook: `about` says its title, facts and day; `catalogue` rules and figures."""
    rules, figures = catalogue
    with Book(path, about["day"]) as book:
        add_front(book, about, findings, fixed, figures, with_names="nhs_number" in columns)
        if team_lines:
            add_sheet(book, "Teams", TEAM_COLUMNS, team_lines)
        add_sheet(book, "Summary", SUMMARY_COLUMNS, summary_lines(findings, fixed, rules))
        of_records = [line for line in findings if not line["is_file"]]
        of_export = [line for line in of_records if line["record_kind"] == "export"]
        add_sheet(book, "Records", columns, [line for line in of_records if line["record_kind"] != "export"])
        add_sheet(book, "For the exporter", EXPORT_COLUMNS, of_export)
        add_sheet(book, "Whole file", FILE_COLUMNS, [line for line in findings if line["is_file"]])
        add_sheet(book, "Fixed", FIXED_COLUMNS, fixed)
        wrong_fields = {line["field"] for line in findings}
        lists = {
            rule["fields"]: rule["allowed_values"]
            for rule in rules.values()
            if rule["allowed_values"] and rule["fields"] in wrong_fields
        }
        values = [
            {"field": field, "value": value}
            for field, joined in sorted(lists.items())
            for value in joined.split("; ")
        ]
        add_sheet(book, "Allowed values", VALUE_COLUMNS, values)
