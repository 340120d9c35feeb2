"""A clean return is spoilt in one place at a time: how much of that do the rules catch?

Run with -s to see the share caught and every mutation missed. The mutations known to pass are listed
with the reason; a new one missed fails the test.
"""

import csv

import pytest
from rule_files import ROOT, breaches_by_file, clean_return, run_checks, write_file

with (ROOT / "seeds/specification/spec_fields.csv").open(encoding="utf-8", newline="") as stream:
    FIELDS = {row["header"]: row for row in csv.DictReader(stream)}
with (ROOT / "seeds/specification/spec_r1_to_r2.csv").open(encoding="utf-8", newline="") as stream:
    R1_VALUES = {}
    for pair in csv.DictReader(stream):
        if pair["r1_value"] and pair["r1_value"] != pair["r2_value"]:
            R1_VALUES.setdefault(pair["field"], pair["r1_value"])

FREE_TEXT = {"GP Practice Name", "Provider CQC Location Name", "Event Description"}
NAMES = {"First Name", "Last Name"}
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
    if kind == "blank" and header in ("Primary Support Reason", "Client Funding Status"):
        return "the field may be blank on a request"
    if kind in ("other capitals", "space at the end", "nonsense") and header in FREE_TEXT | NAMES:
        return "any text is allowed"
    if kind == "other capitals" and header.endswith(("Identifier", "Person_ID", "Reference")):
        return "an identifier may be written in any capitals"
    return None


def mutations():
    """(name, header, kind, rows of the file)"""
    headers, clean = clean_return()
    start, end = headers.index("Event Start Date"), headers.index("Event End Date")
    for place, header in enumerate(headers):
        number = next((n for n, row in enumerate(clean) if row[place]), None)
        if number is None:
            continue
        value = clean[number][place]
        changed = {"blank": "", "text NULL": "NULL", "space at the end": value + " "}
        if header not in FREE_TEXT | NAMES:
            changed["nonsense"] = "Zzz?"
        if value.swapcase() != value:
            changed["other capitals"] = value.swapcase()
        if header in R1_VALUES:
            changed["Release 1 value"] = R1_VALUES[header]
        if FIELDS[header]["data_type"] == "date":
            day, month, year = value.split("/")
            changed["day that is not"] = f"31/02/{year}"
            changed["date as yyyy-mm-dd"] = f"{year}-{month}-{day}"
            changed["date with time"] = f"{value} 00:00"
            changed["a century too late"] = f"{day}/{month}/{int(year) + 100}"
        if FIELDS[header]["data_type"] in ("decimal", "integer"):
            changed["negative"] = f"-{value}"
            changed["thousands separator"] = "1,000.00"
            changed["pound sign"] = f"£{value}"
        for kind, text in changed.items():
            rows = [list(row) for row in clean]
            rows[number][place] = text
            yield header, kind, rows
    for number, row in enumerate(clean):
        if row[start] and row[end] and row[start] != row[end]:
            rows = [list(other) for other in clean]
            rows[number][start], rows[number][end] = row[end], row[start]
            yield f"row {number + 1}", "dates swapped", rows
        yield f"row {number + 1}", "row doubled", [*clean, row]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutations")
    (folder / "submissions").mkdir()
    headers, _ = clean_return()
    made = {}
    for number, (header, kind, rows) in enumerate(mutations()):
        made[f"mutation-{number:04d}"] = (header, kind)
        write_file(folder / "submissions", f"mutation-{number:04d}", headers, rows)
    run_checks(folder)
    found = breaches_by_file(folder)
    return [(header, kind, bool(found[name])) for name, (header, kind) in made.items()]


def test_share_of_mutations_caught(results):
    missed = [(header, kind) for header, kind, is_caught in results if not is_caught]
    print(f"\n{len(results) - len(missed)} of {len(results)} mutations caught; missed:")
    for header, kind in missed:
        print(f"  {header}: {kind} ({known_to_pass(header, kind) or 'NO REASON KNOWN'})")
    assert [m for m in missed if known_to_pass(*m) is None] == []
    assert len(missed) / len(results) < 0.1
