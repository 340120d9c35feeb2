"""Writes the fix list: which records each team must mend, as workbooks and CSV.

    python -m asc_cld.fixlist
    python -m asc_cld.fixlist --submission 409-20260930-built --output output/fixlist --with-names

One workbook for the whole submission and one for each team that holds a record with a finding. The
list holds keys and references only; names and NHS numbers come in only with --with-names. The day a
finding was first seen is kept in first_seen.csv in the output folder, so that the next list tells what
is new, what is still open and what has been fixed.
"""

import argparse
import csv
import hashlib
import os
import re
import sys
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

STATE_FILE = "first_seen.csv"
STATE_COLUMNS = [
    "finding", "la_code", "rule_id", "field", "team_id", "source_table", "source_record_id",
    "event_reference", "first_seen", "last_seen", "fixed_on",
]  # fmt: skip
# Excel takes no more rows in a sheet; the CSV file always holds all.
MOST_ROWS = 1_048_000

RECORD_COLUMNS = {
    "severity": 9, "rule_id": 9, "status": 11, "first_seen": 12, "team_id": 12,
    "la_person_unique_identifier": 16, "event_type": 12, "event_reference": 16, "source_table": 16,
    "source_record_id": 16, "row_number": 9, "field": 24, "found_value": 24, "message": 60,
    "suggestion": 24, "how_to_fix": 48, "why_it_matters": 48, "measures_affected": 24,
    "accepted": 9, "accepted_because": 30,
}  # fmt: skip
NAME_COLUMNS = {"first_name": 14, "last_name": 16, "nhs_number": 14}
TITLES = {
    "rule_id": "Rule", "la_person_unique_identifier": "Person", "source_table": "Extract",
    "source_record_id": "Case system record", "row_number": "Row in file", "found_value": "Value now",
    "message": "What is wrong", "team_id": "Team", "accepted_because": "Accepted because",
}  # fmt: skip

BREACHES_SQL = """
    select
        breaches.severity,
        breaches.rule_id,
        breaches.la_code,
        breaches.team_id,
        breaches.la_person_unique_identifier,
        breaches.event_type,
        breaches.event_reference,
        breaches.source_table,
        breaches.source_record_id,
        breaches.row_number,
        breaches.field,
        breaches.found_value,
        breaches.message,
        breaches.suggestion,
        rules.how_to_fix,
        rules.why_it_matters,
        breaches.measures_affected,
        case when breaches.accepted then 'yes' else '' end as accepted,
        case when breaches.accepted then (
            select min(exceptions.reason || ' (' || exceptions.approved_by || ', until '
                || cast(exceptions.expires_on as varchar) || ')')
            from reference.accepted_exceptions as exceptions
            where exceptions.rule_id = breaches.rule_id
        ) end as accepted_because,
        submitted_rows.first_name,
        submitted_rows.last_name,
        submitted_rows.nhs_number,
        submitted_rows.event_start_date
    from data_quality.dq_breaches as breaches
    inner join data_quality.dq_rules as rules on breaches.rule_id = rules.rule_id
    left join submissions.sub_rows as submitted_rows on breaches.row_id = submitted_rows.row_id
    where breaches.submission_id = ?
    order by
        case breaches.severity when 'error' then 1 when 'warning' then 2 else 3 end,
        breaches.rule_id, breaches.row_number nulls first, breaches.field
"""


class FixlistError(Exception):
    """Something the user can put right."""


def finding_key(breach):
    """A finding keeps its key from run to run as long as the record and the fault are the same."""
    record = (
        (breach["source_table"], breach["source_record_id"])
        if breach["source_record_id"]
        else tuple(
            breach[name]
            for name in (
                "la_person_unique_identifier", "event_type", "event_reference", "event_start_date",
            )
        )
    )  # fmt: skip
    parts = (breach["la_code"], breach["rule_id"], breach["field"], *record)
    return hashlib.md5("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def choose_submission(connection, wanted):
    """The submission to report on: the one asked for, else the return built here, else the newest."""
    known = connection.execute(
        "select submission_id, cast(imported_at as varchar) from submissions.sub_files"
        " order by origin = 'built' desc, imported_at desc, submission_id"
    ).fetchall()
    if not known:
        raise FixlistError("there is no submission in the database: build or check first")
    if wanted is None:
        return known[0]
    for submission_id, imported_at in known:
        if submission_id == wanted:
            return submission_id, imported_at
    names = ", ".join(name for name, _ in known)
    raise FixlistError(f"there is no submission {wanted}; known are {names}")


def read_breaches(connection, submission_id):
    result = connection.execute(BREACHES_SQL, [submission_id])
    names = [column[0] for column in result.description]
    return [dict(zip(names, values)) for values in result.fetchall()]


def read_state(path):
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["finding"]: row for row in csv.DictReader(stream)}


def update_state(state, breaches, seen_on, la_codes):
    """Sets status and first_seen on every breach and returns the findings fixed since last time."""
    present = set()
    for breach in breaches:
        key = finding_key(breach)
        known = state.get(key)
        if known is None or (known["fixed_on"] and key not in present):
            known = {name: breach.get(name) or "" for name in STATE_COLUMNS}
            known.update(finding=key, first_seen=seen_on, fixed_on="")
            state[key] = known
        known["last_seen"] = seen_on
        present.add(key)
        breach["first_seen"] = known["first_seen"]
        breach["status"] = "new" if known["first_seen"] == seen_on else "still open"
    fixed = []
    for key, known in state.items():
        if key not in present and known["la_code"] in la_codes and not known["fixed_on"]:
            known["fixed_on"] = seen_on
        if known["fixed_on"] == seen_on:
            fixed.append(known)
    return fixed


def write_state(path, state):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, STATE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(state[key] for key in sorted(state))


def title(column):
    return TITLES.get(column, column.replace("_", " ").capitalize())


def add_sheet(book, name, columns, lines):
    """A sheet with a header, filters and a frozen first line. Cells are text, never formulas."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for position, width in enumerate(columns.values(), start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    lines = lines[:MOST_ROWS]
    last_column = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A1:{last_column}{len(lines) + 1}"
    header = []
    for column in columns:
        cell = WriteOnlyCell(sheet, title(column))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6EE")
        header.append(cell)
    sheet.append(header)
    for line in lines:
        sheet.append([as_cell(sheet, line.get(column)) for column in columns])


def as_cell(sheet, value):
    if not isinstance(value, str):
        return value
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    if not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def summary_lines(breaches, fixed):
    """One line per rule: how many records, how many of them new, still open, accepted, fixed."""
    lines = {}
    for breach in breaches:
        line = lines.setdefault(
            (breach["severity"], breach["rule_id"], breach["field"]),
            {
                **{
                    name: breach[name]
                    for name in (
                        "severity", "rule_id", "field", "why_it_matters", "how_to_fix",
                        "measures_affected",
                    )
                },
                "records": 0, "new": 0, "still open": 0, "accepted": 0, "fixed": 0,
            },
        )  # fmt: skip
        line["records"] += 1
        line["accepted" if breach["accepted"] else breach["status"]] += 1
    for known in fixed:
        for line in lines.values():
            if (line["rule_id"], line["field"]) == (known["rule_id"], known["field"]):
                line["fixed"] += 1
    return list(lines.values())


SUMMARY_COLUMNS = {
    "severity": 9, "rule_id": 9, "field": 26, "records": 9, "new": 7, "still open": 10,
    "accepted": 9, "fixed": 7, "how_to_fix": 55, "why_it_matters": 55, "measures_affected": 28,
}  # fmt: skip
FILE_COLUMNS = {
    name: RECORD_COLUMNS[name]
    for name in (
        "severity", "rule_id", "status", "first_seen", "field", "message", "how_to_fix",
        "why_it_matters", "accepted", "accepted_because",
    )
}  # fmt: skip
FIXED_COLUMNS = {
    "rule_id": 9, "field": 26, "team_id": 12, "source_table": 16, "source_record_id": 18,
    "event_reference": 18, "first_seen": 12, "fixed_on": 12,
}  # fmt: skip


def write_workbook(path, about, breaches, fixed, columns):
    book = Workbook(write_only=True)
    front = book.create_sheet("Read me")
    front.column_dimensions["A"].width = 110
    for line in about:
        front.append([line])
    rows = [breach for breach in breaches if breach["row_number"] is not None]
    add_sheet(book, "Summary", SUMMARY_COLUMNS, summary_lines(breaches, fixed))
    add_sheet(book, "Records", columns, rows)
    add_sheet(
        book, "File", FILE_COLUMNS, [breach for breach in breaches if breach["row_number"] is None]
    )
    add_sheet(book, "Fixed", FIXED_COLUMNS, fixed)
    book.save(path)


def write_csv(path, breaches, columns):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for breach in breaches:
            writer.writerow(as_csv_text(breach.get(column)) for column in columns)


def as_csv_text(value):
    # A spreadsheet would take a value that begins so for a formula.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def slug(text):
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or "team"


def write_fixlist(database, output, submission=None, with_names=False, seen_on=None):
    """Writes all files and returns their paths."""
    if not Path(database).exists():
        raise FixlistError(f"the database {database} is not there: build or check first")
    with duckdb.connect(str(database), read_only=True) as connection:
        submission_id, imported_at = choose_submission(connection, submission)
        breaches = read_breaches(connection, submission_id)
        la_codes = {
            code or ""
            for (code,) in connection.execute(
                "select la_code from submissions.sub_files where submission_id = ?", [submission_id]
            ).fetchall()
        }
    seen_on = seen_on or imported_at
    output = Path(output)
    output.mkdir(parents=True, exist_ok=True)
    state = read_state(output / STATE_FILE)
    fixed = update_state(state, breaches, seen_on, la_codes)
    columns = {**RECORD_COLUMNS, **(NAME_COLUMNS if with_names else {})}
    about = [
        f"Fix list for {submission_id}, as of {seen_on}",
        "Summary: what is wrong, how often, and how to mend it. Errors first.",
        "Records: every finding with the record it is on. Filter by team, rule or person.",
        "File: findings on the file as a whole.",
        "Fixed: findings of the last list that are gone.",
        "Mend records in the case system, never in the return.",
    ]
    if with_names:
        about.append("OFFICIAL-SENSITIVE: this list holds names and NHS numbers.")
    written = []

    def write(name, part, part_fixed):
        workbook = output / f"fixlist_{slug(submission_id)}{name}.xlsx"
        write_workbook(workbook, about, part, part_fixed, columns)
        table = workbook.with_suffix(".csv")
        write_csv(table, part, columns)
        written.extend([workbook, table])

    write("", breaches, fixed)
    for team in sorted({breach["team_id"] for breach in breaches if breach["team_id"]}):
        write(
            f"_team_{slug(team)}",
            [breach for breach in breaches if breach["team_id"] == team],
            [known for known in fixed if known["team_id"] == team],
        )
    write_state(output / STATE_FILE, state)
    return written


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m asc_cld.fixlist", description="The fix list.")
    parser.add_argument("--database", default=os.environ.get("CLD_DATABASE_PATH") or "cld.duckdb")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(os.environ.get("CLD_OUTPUT_PATH") or "output") / "fixlist",
    )
    parser.add_argument("--submission", help="default: the return built here, else the newest file")
    parser.add_argument("--with-names", action="store_true", help="add names and NHS numbers")
    parser.add_argument("--seen-on", help="day of this list, yyyy-mm-dd; default: the day of sending")
    options = parser.parse_args(arguments)
    try:
        written = write_fixlist(
            options.database,
            options.output,
            options.submission,
            options.with_names,
            options.seen_on,
        )
    except (FixlistError, duckdb.Error, OSError) as error:
        print(f"fix list: {error}", file=sys.stderr)
        return 1
    for path in written:
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
