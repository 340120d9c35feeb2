"""Every rule of the catalogue fires where it must and is silent where it must be."""

import csv
from datetime import date

import pytest
import yaml
from rule_files import DATA, ROOT, breaches_by_file, clean_return, edited, run_checks, write_file

FIXTURES = yaml.safe_load((DATA / "rule_fixtures.yml").read_text(encoding="utf-8"))
BUILT_IN_CODE = {"FIL-01", "FIL-07"}
# Build rules that a supplied file can plainly break: a warning of our own, not one of the 148.
OWN_WARNINGS = {"CST-05"}

with (ROOT / "seeds/specification/spec_rules.csv").open(encoding="utf-8", newline="") as stream:
    CATALOGUE = list(csv.DictReader(stream))
CHECKABLE = [
    rule["rule_id"]
    for rule in CATALOGUE
    if rule["level"] != "build rule" and rule["rule_id"] != "LST-19"
]


def headers_differ():
    headers, rows = clean_return()
    return [header.replace("Gender", "gender") for header in headers], rows


def ended_events(missing_month=None):
    """Requests, assessments and services that end in every month of the period, but one."""
    headers, rows = clean_return()
    place = {header: position for position, header in enumerate(headers)}
    made = list(rows)
    for month in range(12):
        day = date(2025 + (month + 9) // 12, (month + 9) % 12 + 1, 15)
        if day.month == missing_month:
            continue
        for template in (rows[0], rows[1], rows[6]):
            for copy in range(11):
                row = list(template)
                row[place["Event Reference"]] = f"Z{len(made)}"
                row[place["Event Start Date"]] = f"{copy + 1:02d}{day:/%m/%Y}"
                row[place["Event End Date"]] = f"{day:%d/%m/%Y}"
                made.append(row)
    return headers, made


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules")
    submissions = folder / "submissions"
    submissions.mkdir()
    for rule_id, kinds in FIXTURES.items():
        for kind in ("fail", "pass"):
            case = kinds[kind]
            write_file(
                submissions,
                f"{rule_id}-{kind}",
                *edited(case.get("edits", ()), case.get("copies", ())),
            )
    headers, rows = clean_return()
    write_file(submissions, "clean", headers, rows)
    write_file(submissions, "FIL-01-fail", *headers_differ())
    write_file(submissions, "FIL-01-pass", headers[::-1], [row[::-1] for row in rows])
    # The period DHSC derives ends in the last whole month before the import month.
    write_file(submissions, "FIL-07-pass", *ended_events())
    write_file(submissions, "FIL-07-fail", *ended_events(missing_month=10))
    # A period in another form of date takes no part in the rule, though the reader understands it.
    headers, rows = ended_events(missing_month=10)
    for row in rows:
        row[1:3] = ["2025-10-01", "2026-09-30"]
    write_file(submissions, "FIL-07-other-dates", headers, rows)
    with (DATA / "dirty_return_edits.csv").open(encoding="utf-8", newline="") as stream:
        edits = [(int(e["row"]), e["header"], e["value"]) for e in csv.DictReader(stream)]
    write_file(submissions, "dirty", *edited(edits))
    run_checks(folder)
    return breaches_by_file(folder)


def expected_rows(case):
    return {"file"} if case["rows"] == "file" else set(case["rows"])


def rows_of(found, name, rule_id):
    return {row for rule, row in found[name] if rule == rule_id}


def test_every_rule_has_fixtures():
    assert set(FIXTURES) | BUILT_IN_CODE == set(CHECKABLE) | OWN_WARNINGS
    assert len(CHECKABLE) == 148


@pytest.mark.parametrize("rule_id", sorted(FIXTURES))
def test_rule_fires_on_the_listed_rows(found, rule_id):
    assert rows_of(found, f"{rule_id}-fail", rule_id) == expected_rows(FIXTURES[rule_id]["fail"])


@pytest.mark.parametrize("rule_id", sorted(BUILT_IN_CODE))
def test_rule_fires_on_the_file(found, rule_id):
    assert rows_of(found, f"{rule_id}-fail", rule_id) == {"file"}


@pytest.mark.parametrize("rule_id", [*CHECKABLE, *sorted(OWN_WARNINGS)])
def test_rule_is_silent(found, rule_id):
    assert rows_of(found, f"{rule_id}-pass", rule_id) == set()


def test_period_in_another_form_of_date_is_not_compared(found):
    assert rows_of(found, "FIL-07-other-dates", "FIL-07") == set()
    assert len(rows_of(found, "FIL-07-other-dates", "FMT-01")) > 100


def test_clean_file_breaks_nothing(found):
    assert found["clean"] == set()


def test_dirty_file_breaks_exactly_the_listed_rules_and_rows(found):
    with (DATA / "dirty_return_breaches.csv").open(encoding="utf-8", newline="") as stream:
        expected = {
            (line["rule_id"], "file" if line["row"] == "file" else int(line["row"]))
            for line in csv.DictReader(stream)
        }
    assert found["dirty"] == expected
