"""A clean return is spoilt in one place at a time: how much of that do the rules catch?

Every one of the 50 fields is spoilt in every way that fits it. The mutations known to pass are listed
with the reason; a new one missed fails the test. docs/checks/proof.md shows the last run;
CLD_WRITE_PROOF=1 writes it anew.
"""

import csv
import os
from collections import Counter

import pytest
from rule_files import ROOT, breaches_by_file, clean_return, query, write_file

PAGE = ROOT / "docs/checks/proof.md"
COMMAND = "CLD_WRITE_PROOF=1 pytest tests/project/checks/test_mutations.py"
with (ROOT / "seeds/specification/spec_fields.csv").open(encoding="utf-8", newline="") as stream:
    FIELDS = {row["header"]: row for row in csv.DictReader(stream)}
with (ROOT / "seeds/specification/spec_r1_to_r2.csv").open(encoding="utf-8", newline="") as stream:
    R1_VALUES = {}
    for pair in csv.DictReader(stream):
        if pair["r1_value"] and pair["r1_value"] != pair["r2_value"]:
            R1_VALUES.setdefault(pair["field"], pair["r1_value"])

# What the clean return leaves empty, so that these fields can be spoilt too: (row, header, value).
STAND_INS = (
    (1, "Event Description", "A first talk"),
    (9, "Total Hrs Caring per week", "Some hours"),
    (9, "No. of adults being cared for", "3"),
    (9, "Adult 2 Linked Person_ID", "1003"),
    (9, "Adult 3 Linked Person_ID", "1007"),
    (17, "Has Unpaid Carer", "Yes"),
    (5, "Provider CQC Location Name", "Testing House"),
)
CONTROL = "nothing spoilt"
FREE_TEXT = {"GP Practice Name", "Provider CQC Location Name", "Event Description"}
NAMES = {"First Name", "Last Name"}
NO_LIST = "Total Hrs Caring per week"
OPTIONAL = {
    header
    for header, field in FIELDS.items()
    if "Mandatory" not in {value for key, value in field.items() if key.startswith("conformance")}
}


def known_to_pass(header, kind):
    """Why a mutation may stay unseen, or None."""
    if kind == "blank" and header in OPTIONAL:
        return "the field may be blank"
    if (header, kind) == ("NHS Number", "space at the end"):
        return "spaces in an NHS number are allowed"
    if (header, kind) == ("NHS Number", "space at the start"):
        return "spaces in an NHS number are allowed"
    if kind == "blank" and header in ("Primary Support Reason", "Client Funding Status"):
        return "the field may be blank on a request"
    if header in FREE_TEXT | NAMES and kind in (
        "other capitals",
        "space at the end",
        "space at the start",
        "nonsense",
    ):
        return "any text is allowed"
    if header == NO_LIST and kind != "text NULL":
        return "no list of its values is known yet (LST-19)"
    if kind == "other capitals" and header.endswith(("Identifier", "Person_ID", "Reference")):
        return "an identifier may be written in any capitals"
    if kind == "day and month swapped":
        return "it is another real date, and nothing contradicts it"
    return None


def base_return():
    """The clean return with the fields it leaves empty filled."""
    headers, rows = clean_return()
    for number, header, value in STAND_INS:
        rows[number - 1][headers.index(header)] = value
    return headers, rows


def changed_cells(header, value):
    """{kind: text} for one cell."""
    changed = {
        "blank": "",
        "text NULL": "NULL",
        "space at the end": value + " ",
        "space at the start": " " + value,
    }
    changed["nonsense"] = "Zzz?"
    if value.swapcase() != value:
        changed["other capitals"] = value.swapcase()
    if header in R1_VALUES:
        changed["Release 1 value"] = R1_VALUES[header]
    kind = FIELDS[header]["data_type"]
    if kind == "date":
        day, month, year = value.split("/")
        changed["day that is not"] = f"31/02/{year}"
        changed["date as yyyy-mm-dd"] = f"{year}-{month}-{day}"
        changed["date with time"] = f"{value} 00:00"
        changed["date with a two-digit year"] = f"{day}/{month}/{year[2:]}"
        changed["a century too late"] = f"{day}/{month}/{int(year) + 100}"
        if day != month:
            changed["day and month swapped"] = f"{month}/{day}/{year}"
    if kind in ("decimal", "integer"):
        changed["negative"] = f"-{value}"
        changed["thousands separator"] = "1,000.00"
        changed["pound sign"] = f"\N{POUND SIGN}{value}"
    if kind == "defined list":
        changed["letter missing"] = value[:-2] + value[-1:]
    return changed


def mutations():
    """(what is spoilt, kind, headers and rows of the file)"""
    headers, clean = base_return()
    yield "the file", CONTROL, headers, clean
    start, end = headers.index("Event Start Date"), headers.index("Event End Date")
    for place, header in enumerate(headers):
        number = next(n for n, row in enumerate(clean) if row[place])
        for kind, text in changed_cells(header, clean[number][place]).items():
            rows = [list(row) for row in clean]
            rows[number][place] = text
            yield header, kind, headers, rows
        without = [[cell for at, cell in enumerate(row) if at != place] for row in (headers, *clean)]
        yield header, "column missing", without[0], without[1:]
        yield header, "header misspelt", [*headers[:place], header + "s", *headers[place + 1 :]], clean
    for number, row in enumerate(clean, start=1):
        if row[start] and row[end] and row[start] != row[end]:
            rows = [list(other) for other in clean]
            rows[number - 1][start], rows[number - 1][end] = row[end], row[start]
            yield f"row {number}", "start and end swapped", headers, rows
        yield f"row {number}", "row doubled", headers, [*clean, row]
        shifted = [list(other) for other in clean]
        shifted[number - 1] = ["", *row[:-1]]
        yield f"row {number}", "cells moved one column", headers, shifted


def write_mutations(submissions):
    """One file for each mutation."""
    for name, (_, _, headers, rows) in named_mutations():
        write_file(submissions, name, headers, rows)


def named_mutations():
    for number, mutation in enumerate(mutations()):
        yield f"mutation-{number:04d}", mutation


def judged(folder):
    """[(what, kind, whether a rule spoke)] of a run of the checks over all mutations."""
    made = {name: (header, kind) for name, (header, kind, _, _) in named_mutations()}
    found = {name: rules for name, rules in breaches_by_file(folder).items() if name.startswith("mutation-")}
    assert set(found) == set(made), "some files could not be read"
    # Among the spoilt cells are names, numbers and birth dates: none may be repeated.
    told = query(
        folder,
        """
        select distinct breaches.rule_id from data_quality.dq_breaches as breaches
        inner join submissions.sub_files as files using (submission_id)
        inner join specification.spec_fields as fields on breaches.field = fields.header
        where files.file_name like 'mutation-%'
            and fields.personal_identifiable similar to '(yes|possible).*'
            and (breaches.found_value is not null or breaches.suggestion is not null)
        """,
    )
    assert told == [], "these rules repeat what identifies a person"
    return [(header, kind, bool(found[name])) for name, (header, kind) in made.items()]


def page(results):
    """docs/checks/proof.md"""
    results = [result for result in results if result[1] != CONTROL]
    missed = [(header, kind) for header, kind, is_caught in results if not is_caught]
    caught = len(results) - len(missed)
    every, unseen = Counter(kind for _, kind, _ in results), Counter(kind for _, kind in missed)
    text = [
        "# Proof: a clean return, spoilt",
        "",
        f"Made by `{COMMAND}`; do not edit by hand.",
        "",
        "A return that breaks no rule is spoilt in one place, each of the 50 fields in every way that fits",
        "it, and checked. A mutation is caught when any rule speaks; the return itself stays silent.",
        "",
        f"**{caught} of {len(results)} mutations were caught ({100 * caught / len(results):.1f}%).**",
        "",
        "| What was done | Times | Caught |",
        "|---|---|---|",
        *(f"| {kind} | {times} | {times - unseen[kind]} |" for kind, times in sorted(every.items())),
        "",
        "## Every one missed, and why",
        "",
        "| Field | What was done | Why nothing speaks |",
        "|---|---|---|",
        *(
            f"| {header} | {kind} | {known_to_pass(header, kind) or 'NO REASON KNOWN'} |"
            for header, kind in sorted(missed)
        ),
        "",
        "The test fails when one is missed without a reason, or when this page is not that of the run.",
        "",
    ]
    return "\n".join(text)


@pytest.fixture(scope="module")
def results(checked_files):
    return judged(checked_files)


def test_every_field_is_spoilt_and_the_clean_return_is_silent(results):
    assert {header for header, _, _ in results} >= set(FIELDS)
    assert ("the file", CONTROL, False) in results


def test_no_mutation_is_missed_without_a_reason(results):
    missed = [(header, kind) for header, kind, is_caught in results if not is_caught and kind != CONTROL]
    assert [m for m in missed if known_to_pass(*m) is None] == []
    assert len(missed) / len(results) < 0.1


def test_the_page_tells_this_run(results):
    if os.environ.get("CLD_WRITE_PROOF"):
        PAGE.write_text(page(results), encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == page(results), f"{COMMAND}, and look at the difference"
