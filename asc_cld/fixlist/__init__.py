"""Writes the fix list: which records each team must mend, as workbooks and CSV.

    python -m asc_cld.fixlist
    python -m asc_cld.fixlist --submission 409-20260930-built --output output/fixlist --with-names

One workbook for the whole submission, one for each team that has something to mend, and one for records
whose team is not known. A fault in a person's record that shows on many rows of the file is one line.
The list holds keys and references only; names and NHS numbers come in only with --with-names.

The day a finding was first seen is kept in first_seen.csv beside the lists, not in the database, so that
the next list tells what is new, still open and fixed. Days are days of sending (submission_date), unless
--seen-on says otherwise. Same database, same state: same bytes.
"""

import argparse
import csv
import hashlib
import io
import os
import re
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

STATE_FILE = "first_seen.csv"
STATE_COLUMNS = [
    "finding", "la_code", "rule_id", "field", "team_id", "record", "first_seen", "last_seen", "fixed_on",
]  # fmt: skip
# Excel takes no more rows in a sheet; the CSV file always holds all.
MOST_ROWS = 1_048_000
# A spreadsheet would take text that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NO_TEAM = "team not known"
THE_FILE, THE_RETURN = "The file", "Settings of the return"

IMPORTANCE = {"error": "1 Must mend", "warning": "2 Please check", "info": "3 For information"}
IMPORTANCE_MEANS = {
    "error": "The record breaks a rule of the return. Too many of these and the return is not written.",
    "warning": "The record is probably wrong. The return can be sent, but the figures suffer.",
    "info": "Nothing is broken; a look may be worth while.",
}
# What happens to the record at DHSC, the worst first.
AT_THE_CENTRE = {
    "file not used": "DHSC may not use the file, or may file it under the wrong council or period.",
    "record left out": "DHSC drops the record: it is in no figure.",
    "value lost": "The value becomes blank or Unknown: the person drops out of figures by it.",
    "counted wrongly": "The record is counted, but in the wrong place.",
    "still counted": "The record is counted; the fault shows in the data quality report, or in our own check.",
}

RECORD_COLUMNS = {
    "importance": ("How important", 14),
    "status": ("New or open", 11),
    "team": ("Team", 22),
    "person": ("Person", 13),
    "record": ("Record to open", 24),
    "event_type": ("Event", 11),
    "field": ("Field", 22),
    "message": ("What is wrong", 52),
    "found_value": ("Value now", 22),
    "suggestion": ("Change to", 22),
    "how_to_fix": ("How to fix it", 42),
    "why_it_matters": ("Why it matters", 42),
    "measures_affected": ("Figures damaged", 22),
    "at_the_centre": ("What DHSC does", 16),
    "first_seen": ("First seen", 11),
    "accepted": ("Accepted", 9),
    "accepted_because": ("Accepted because", 26),
    "rows": ("Rows in the file", 16),
    "row_count": ("Number of rows", 9),
    "event_reference": ("Event reference", 16),
    "rule_id": ("Rule", 9),
}
NAME_COLUMNS = {
    "first_name": ("First name", 14),
    "last_name": ("Last name", 16),
    "nhs_number": ("NHS number", 14),
}
SUMMARY_COLUMNS = {
    "importance": ("How important", 16),
    "field": ("Field", 26),
    "message": ("What is wrong", 52),
    "records": ("To mend", 9),
    "new": ("New", 7),
    "still_open": ("Still open", 8),
    "fixed": ("Fixed", 7),
    "accepted": ("Accepted", 9),
    "how_to_fix": ("How to fix it", 46),
    "why_it_matters": ("Why it matters", 46),
    "measures_affected": ("Figures damaged", 24),
    "at_the_centre": ("What DHSC does", 16),
    "rule_id": ("Rule", 9),
}
TEAM_COLUMNS = {
    "team": ("Team", 34),
    "error": ("Must mend", 10),
    "warning": ("Please check", 10),
    "info": ("For information", 11),
    "new": ("New", 8),
    "fixed": ("Fixed", 8),
    "accepted": ("Accepted", 9),
    "workbook": ("Its workbook", 70),
}
FILE_COLUMNS = {
    name: RECORD_COLUMNS[name]
    for name in (
        "importance", "status", "field", "message", "how_to_fix", "why_it_matters", "measures_affected",
        "at_the_centre", "first_seen", "accepted", "accepted_because", "rule_id",
    )
}  # fmt: skip
FIXED_COLUMNS = {
    "team": ("Team", 22),
    "record": ("Record", 30),
    "field": ("Field", 26),
    "message": ("What was wrong", 60),
    "first_seen": ("First seen", 12),
    "fixed_on": ("Gone on", 12),
    "rule_id": ("Rule", 9),
}
VALUE_COLUMNS = {"field": ("Field", 34), "value": ("Allowed value", 80)}

BREACHES_SQL = """
    with breaches as (
        select * from data_quality.dq_breaches where submission_id = $submission
    ),

    -- References that may hold a name, a birth date or a number are not told.
    telling_references as (
        select distinct row_number from breaches where rule_id = 'FMT-12'
    ),

    listed_values as (
        select row_number, field from breaches where rule_id like 'LST-%'
    )

    select
        breaches.severity,
        breaches.rule_id,
        breaches.la_code,
        breaches.team_id,
        breaches.la_person_unique_identifier as person,
        breaches.event_type,
        case
            when telling_references.row_number is null then breaches.event_reference
        end as event_reference,
        breaches.source_table,
        breaches.source_record_id,
        breaches.row_number,
        breaches.field,
        breaches.found_value,
        breaches.message,
        breaches.suggestion,
        breaches.measures_affected,
        breaches.accepted,
        breaches.accepted_because,
        rules.how_to_fix,
        rules.why_it_matters,
        rules.at_the_centre,
        case
            when rules.record_kind <> 'field' then rules.record_kind
            when fields.module = 'Submission information' then 'return'
            when fields.module in ('Person details', 'Carers and linked service users') then 'person'
            else 'event'
        end as record_kind,
        submitted_rows.first_name,
        submitted_rows.last_name,
        submitted_rows.nhs_number,
        submitted_rows.event_start_date
    from breaches
    inner join data_quality.dq_rules as rules on breaches.rule_id = rules.rule_id
    left join specification.spec_fields as fields on breaches.field = fields.header
    left join submissions.sub_rows as submitted_rows on breaches.row_id = submitted_rows.row_id
    left join telling_references on breaches.row_number = telling_references.row_number
    -- FIL-13 sums up the lists; the line of the list itself says more.
    where breaches.rule_id <> 'FIL-13' or (breaches.row_number, breaches.field) not in (
        select (row_number, field) from listed_values
    )
    order by breaches.rule_id, breaches.field, breaches.row_number
"""


class FixlistError(Exception):
    """Something the user can put right."""


def choose_submission(connection, wanted):
    """The submission to report on: the one asked for, else the return built here, else the newest."""
    known = connection.execute(
        "select submission_id, cast(imported_at as varchar), la_code from submissions.sub_files"
        " order by origin = 'built' desc, imported_at desc, submission_id"
    ).fetchall()
    if not known:
        raise FixlistError("there is no submission in the database: build or check first")
    for submission in known:
        if wanted in (None, submission[0]):
            return submission
    names = ", ".join(name for name, _, _ in known)
    raise FixlistError(f"there is no submission {wanted}; known are {names}")


def as_dicts(result):
    names = [column[0] for column in result.description]
    while batch := result.fetchmany(10_000):
        for values in batch:
            yield dict(zip(names, values))


def read_teams(connection):
    """Names of teams by their ids; none where the run had no extracts."""
    found = connection.execute(
        "select 1 from information_schema.tables"
        " where table_schema = 'staging' and table_name = 'stg_extracts__team'"
    ).fetchone()
    if not found:
        return {}
    return dict(
        connection.execute("select team_id, team_name from staging.stg_extracts__team").fetchall()
    )


def record_of(breach):
    """What must be opened to mend it: (words for the user, key that stays from list to list)."""
    kind = breach["record_kind"]
    if breach["row_number"] is None:
        return THE_FILE, "file"
    if kind == "return":
        return THE_RETURN, "return"
    person = breach["person"] or ""
    if kind == "person" and person:
        return f"Person {person}", f"person {person}"
    reference = breach["source_record_id"] or breach["event_reference"]
    if reference:
        name = (breach["source_table"] or breach["event_type"] or "record").replace("_", " ")
        words = f"{name[0].upper()}{name[1:]} {reference}"
    else:
        words = f"Row {breach['row_number']} of the file"
    # The event reference first: a return built here and the same return supplied then agree.
    key = breach["event_reference"] or breach["source_record_id"]
    if not key:
        key = "\x1f".join((person, breach["event_type"] or "", breach["event_start_date"] or ""))
    return words, f"event {key}"


def finding_key(la_code, rule_id, field, record_key):
    parts = (la_code or "", rule_id, field or "", record_key)
    return hashlib.md5("\x1f".join(parts).encode()).hexdigest()


def team_name(team_id, teams):
    name = teams.get(team_id)
    return f"{name} ({team_id})" if name and name != team_id else team_id or NO_TEAM


def rows_in_words(numbers):
    told = ", ".join(str(number) for number in numbers[:5])
    return told if len(numbers) <= 5 else f"{told} and {len(numbers) - 5} more"


def gather(breaches, teams):
    """One finding for each record to mend: rows of one person with one fault become one line."""
    groups = {}
    for breach in breaches:
        words, record_key = record_of(breach)
        finding = finding_key(breach["la_code"], breach["rule_id"], breach["field"], record_key)
        # A setting of the return is mended by whoever makes it, not by the teams on whose rows it shows.
        team_id = None if record_key in ("file", "return") else breach["team_id"]
        lines = groups.setdefault(
            (finding, team_id, breach["accepted"]),
            {
                **breach,
                "finding": finding, "record": words, "team_id": team_id, "numbers": [], "values": {},
                "suggestions": {},
                "team": "" if record_key in ("file", "return") else team_name(team_id, teams),
            },
        )  # fmt: skip
        if breach["row_number"] is not None:
            lines["numbers"].append(breach["row_number"])
        # Dictionaries keep the order in which values were met.
        lines["values"][breach["found_value"]] = lines["suggestions"][breach["suggestion"]] = None
    for line in groups.values():
        several = line["record_kind"] != "event" and len(line["numbers"]) > 1
        line.update(
            importance=IMPORTANCE[line["severity"]],
            found_value="; ".join(value for value in line.pop("values") if value) or None,
            suggestion="; ".join(value for value in line.pop("suggestions") if value) or None,
            rows=rows_in_words(line["numbers"]),
            row_count=len(line.pop("numbers")) or None,
            is_file=line["row_number"] is None,
            accepted="yes" if line["accepted"] else "",
            accepted_because=line["accepted_because"] or "",
        )
        if several:
            line["event_reference"] = None
            line["event_type"] = None
    severities, ends = list(IMPORTANCE), list(AT_THE_CENTRE)
    return sorted(
        groups.values(),
        key=lambda line: (
            bool(line["accepted"]),
            severities.index(line["severity"]),
            ends.index(line["at_the_centre"]),
            line["rule_id"],
            line["field"] or "",
            line["team"],
            line["record"],
            line["row_number"] or 0,
        ),
    )


def read_state(path):
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != STATE_COLUMNS:
            raise FixlistError(
                f"{path} is not a list of first-seen days this version can read; move it away to begin anew"
            )
        return {row["finding"]: row for row in reader}


def update_state(state, findings, seen_on, la_code):
    """Sets status and first_seen on every finding; returns what is fixed since the list before."""
    latest = max(
        (known["last_seen"] for known in state.values() if known["la_code"] == la_code), default=""
    )
    # An older submission looked at again closes nothing and reopens nothing.
    is_current = seen_on >= latest
    present = set()
    for line in findings:
        known = state.get(line["finding"])
        if known is None or (is_current and known["fixed_on"] and line["finding"] not in present):
            known = {
                "finding": line["finding"], "la_code": la_code, "rule_id": line["rule_id"],
                "field": line["field"] or "", "team_id": line["team_id"] or "",
                "record": line["record"], "first_seen": seen_on, "last_seen": seen_on, "fixed_on": "",
            }  # fmt: skip
            state[line["finding"]] = known
        elif line["finding"] not in present:
            known["team_id"] = line["team_id"] or ""
            known["record"] = line["record"]
        elif line["team_id"] and line["team_id"] not in known["team_id"].split("|"):
            known["team_id"] = "|".join(filter(None, (known["team_id"], line["team_id"])))
        present.add(line["finding"])
        known["first_seen"] = min(known["first_seen"], seen_on)
        known["last_seen"] = max(known["last_seen"], seen_on)
        line["first_seen"] = known["first_seen"]
        line["status"] = "new" if known["first_seen"] == seen_on else "still open"
    if not is_current:
        return []
    fixed = []
    for finding, known in state.items():
        if known["la_code"] != la_code:
            continue
        if finding not in present and not known["fixed_on"]:
            known["fixed_on"] = seen_on
        if known["fixed_on"] == seen_on:
            fixed.append(dict(known))
    return sorted(fixed, key=lambda known: (known["rule_id"], known["field"], known["record"]))


def write_state(path, state):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, STATE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(state[key] for key in sorted(state))


def in_general(rule, field):
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


def summary_lines(findings, fixed, rules):
    """One line for each rule and field, in the order of the findings; what is only fixed at the end."""
    lines = {}

    def line_for(rule_id, field, like):
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


def each_once(findings):
    """The findings without those that stand in the list of a second team as well."""
    return list({(line["finding"], line["accepted"]): line for line in reversed(findings)}.values())[::-1]


def counts(findings, fixed):
    """How many findings of each importance, new, fixed and accepted."""
    findings = each_once(findings)
    open_findings = [finding for finding in findings if not finding["accepted"]]
    return {
        **{
            severity: sum(finding["severity"] == severity for finding in open_findings)
            for severity in IMPORTANCE
        },
        "new": sum(finding["status"] == "new" for finding in open_findings),
        "fixed": len(fixed),
        "accepted": len(findings) - len(open_findings),
    }


class Cells:
    """Cells of one look for one sheet; each is written before the next is asked for, so two will do.

    Text that looks like a formula stays text, also when somebody edits it in Excel.
    """

    def __init__(self, sheet, **look):
        self.plain, self.quoted = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        for cell in (self.plain, self.quoted):
            for name, given in look.items():
                setattr(cell, name, given)
        self.quoted.quotePrefix = True

    def cell(self, value):
        if not isinstance(value, str):
            self.plain.value = value
            return self.plain
        value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
        cell = self.quoted if value.startswith(FORMULA_STARTS) else self.plain
        cell.value = value
        cell.data_type = "s"
        return cell


def height_of(values, widths):
    """Points a row needs for its wrapped text: some programs do not work it out themselves."""
    lines = max(-(-len(str(value or "")) // width) for value, width in zip(values, widths))
    return 15 * max(1, min(lines, 10))


BOLD = Font(bold=True)
TITLE = Font(bold=True, size=14)
HEADER = PatternFill("solid", fgColor="DDE6EE")
WRAPPED = Alignment(wrap_text=True, vertical="top")


def new_sheet(book, name):
    """A sheet that prints on the width of one landscape page."""
    sheet = book.create_sheet(name)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet


def add_sheet(book, name, columns, lines):
    """A sheet with a header that stays, filters, wrapped text and one page width when printed."""
    sheet = new_sheet(book, name)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    widths = [width for _, width in columns.values()]
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    lines = lines[:MOST_ROWS]
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(lines) + 1}"
    if "how_to_fix" in columns:
        # What is further right is for the screen.
        last_printed = get_column_letter(list(columns).index("how_to_fix") + 1)
        sheet.print_area = f"A1:{last_printed}{len(lines) + 1}"
    titles = Cells(sheet, font=BOLD, fill=HEADER, alignment=WRAPPED)
    sheet.row_dimensions[1].height = 30
    sheet.append(titles.cell(title) for title, _ in columns.values())
    cells = Cells(sheet, alignment=WRAPPED)
    for number, line in enumerate(lines, start=2):
        values = [line.get(column) for column in columns]
        sheet.row_dimensions[number].height = height_of(values, widths)
        sheet.append(cells.cell(value) for value in values)


def add_front(book, about, findings, fixed, figures, with_names):
    """What the workbook is, how much there is to do, and what the words mean."""
    sheet = new_sheet(book, "Start here")
    for column, width in zip("ABCDEF", (24, 74, 10, 10, 10, 10)):
        sheet.column_dimensions[column].width = width

    looks = {
        "text": Cells(sheet, alignment=WRAPPED),
        "heading": Cells(sheet, alignment=WRAPPED, font=BOLD, fill=HEADER),
        "title": Cells(sheet, font=TITLE),
    }

    def say(*values, look="text"):
        sheet.append(looks[look].cell(value) for value in values)

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
    if len(findings) > MOST_ROWS:
        say("Too long", f"Only the first {MOST_ROWS:,} lines fit into a sheet; the CSV file holds all.")
    say()
    say("What DHSC does", "", look="heading")
    for name, meaning in AT_THE_CENTRE.items():
        say(name, meaning)
    say()
    say("Sheets", "", look="heading")
    say("Summary", "How often each thing is wrong, and how to fix it.")
    say("Records", "Every record to mend. A fault in a person's record is one line, with its rows in the file.")
    say("Whole file", "What is wrong with the file as a whole; for whoever makes the return.")
    say("Fixed", "What earlier lists named and this one does not.")
    say("Allowed values", "The lists of the fields that are wrong in this workbook, letter for letter.")
    say()
    say("Figures damaged", "", look="heading")
    for name, meaning in figures:
        say(name, meaning)


def save(book, path, day):
    """Saves a workbook that holds no clock time: the same content gives the same bytes."""
    book.properties.creator = "asc_cld"
    saved = io.BytesIO()
    book.save(saved)
    book.properties.created = book.properties.modified = datetime.combine(day, datetime.min.time())
    with (
        zipfile.ZipFile(saved) as made,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as still,
    ):
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = tostring(book.properties.to_tree())
            # The first day a zip file can name.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            still.writestr(entry, content)


def write_workbook(path, about, findings, fixed, catalogue, columns, team_lines=None):
    rules, figures = catalogue
    book = Workbook(write_only=True)
    add_front(book, about, findings, fixed, figures, with_names="nhs_number" in columns)
    if team_lines:
        add_sheet(book, "Teams", TEAM_COLUMNS, team_lines)
    add_sheet(book, "Summary", SUMMARY_COLUMNS, summary_lines(findings, fixed, rules))
    add_sheet(book, "Records", columns, [line for line in findings if not line["is_file"]])
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
    save(book, path, about["day"])


def write_csv(path, findings, columns):
    # The byte-order mark tells Excel that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for finding in findings:
            writer.writerow(as_csv_text(finding.get(column)) for column in columns)


def as_csv_text(value):
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def slug(text):
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:60] or "team"


def file_names(stem, team_ids, teams):
    """A file name for each team; two teams whose names look alike get a number."""
    names, taken = {}, set()
    for team_id in team_ids:
        text = NO_TEAM if team_id is None else f"team {team_id} {teams.get(team_id) or ''}"
        name, number = slug(text), 1
        while name.casefold() in taken:
            number += 1
            name = f"{slug(text)}-{number}"
        taken.add(name.casefold())
        names[team_id] = f"{stem}_{name}"
    return names


def write_fixlist(database, output, submission=None, with_names=False, seen_on=None):
    """Writes all files and returns their paths."""
    if not Path(database).exists():
        raise FixlistError(f"the database {database} is not there: build or check first")
    with duckdb.connect() as connection:
        # Attached by a name of its own: the default file and one of its schemas are both called cld.
        path = str(database).replace("'", "''")
        connection.execute(f"attach '{path}' as council (read_only); use council.data_quality")
        submission_id, imported_at, la_code = choose_submission(connection, submission)
        teams = read_teams(connection)
        rules = {
            rule["rule_id"]: rule for rule in as_dicts(connection.execute("from data_quality.dq_rules"))
        }
        figures = connection.execute(
            "select distinct dhsc_measure, description from reference.dhsc_measures order by all"
        ).fetchall()
        findings = gather(
            as_dicts(connection.execute(BREACHES_SQL, {"submission": submission_id})), teams
        )
        gate = connection.execute(
            "select may_write, is_draft, reasons from data_quality.dq_gate where submission_id = ?",
            [submission_id],
        ).fetchone()
    seen_on = seen_on or imported_at
    try:
        day = date.fromisoformat(seen_on)
    except ValueError:
        raise FixlistError(f"--seen-on is {seen_on}: write a day as yyyy-mm-dd") from None
    output = Path(output)
    output.mkdir(parents=True, exist_ok=True)
    state = read_state(output / STATE_FILE)
    fixed = update_state(state, findings, seen_on, la_code or "")
    for known in fixed:
        of_teams = known["team_id"].split("|")
        known["team"] = ", ".join(team_name(team_id or None, teams) for team_id in of_teams)
        known["message"] = in_general(rules[known["rule_id"]], known["field"])
    columns = {**RECORD_COLUMNS, **(NAME_COLUMNS if with_names else {})}
    stem = f"fixlist_{slug(submission_id)}"
    facts = {"Submission": submission_id, "As of": seen_on}
    if gate:
        may_write, is_draft, reasons = gate
        facts["May it be sent?"] = (
            "Yes: nothing that must be mended is beyond its limit."
            if may_write and not is_draft
            else f"No. Held back by (rule, number of rows): {reasons}."
        )
    written = []

    def write(name, title, part, part_fixed, team_lines=None):
        workbook, table = output / f"{name}.xlsx", output / f"{name}.csv"
        about = {"title": title, "facts": facts, "day": day}
        write_workbook(workbook, about, part, part_fixed, (rules, figures), columns, team_lines)
        write_csv(table, part, columns)
        written.extend([workbook, table])

    by_team, fixed_by_team = {}, {}
    for finding in findings:
        if finding["team"]:
            by_team.setdefault(finding["team_id"], []).append(finding)
    for known in fixed:
        if known["record"] in (THE_FILE, THE_RETURN):
            continue
        for team_id in known["team_id"].split("|"):
            fixed_by_team.setdefault(team_id or None, []).append(known)
    team_ids = sorted(
        set(by_team) | set(fixed_by_team),
        key=lambda team_id: (team_id is None, team_id or ""),
    )
    # Where no record has a team, the whole list is all there is to say.
    if team_ids == [None]:
        team_ids = []
    names = file_names(stem, team_ids, teams)
    team_lines = []
    for team_id in team_ids:
        part, part_fixed = by_team.get(team_id, []), fixed_by_team.get(team_id, [])
        title = f"Fix list for {team_name(team_id, teams)}"
        write(names[team_id], title, part, part_fixed)
        team_lines.append(
            {
                "team": team_name(team_id, teams),
                "workbook": f"{names[team_id]}.xlsx",
                **counts(part, part_fixed),
            }
        )
    write(stem, "Fix list for the whole council", findings, fixed, team_lines)
    write_state(output / STATE_FILE, state)
    # A team that has nothing to mend any more keeps no old list.
    for old in output.glob(f"{stem}_*"):
        if old not in written and old.suffix in (".xlsx", ".csv"):
            old.unlink()
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
