"""Every rule of the catalogue fires where it must and is silent where it must be."""

import csv
from datetime import date, timedelta

import pytest
import yaml
from rule_files import DATA, ROOT, breaches_by_file, clean_return, edited, query, write_file

FIXTURES = yaml.safe_load((DATA / "rule_fixtures.yml").read_text(encoding="utf-8"))
BUILT_IN_CODE = {"FIL-01", "FIL-07", "FIL-14", "FIL-15", "FIL-16", "FIL-17"}
# Build rules that a supplied file can plainly break: a warning of our own.
OWN_WARNINGS = {"CST-05", "SRV-14", "FMT-13"}
# So are a whole file of the release before, rows in which nothing stands, days that may be swapped, weeks without
# a row, and a client type without one.
OWN_CHECKS = OWN_WARNINGS | {"FIL-14", "FIL-15", "FIL-16", "FIL-17", "FIL-18"}

with (ROOT / "seeds/specification/spec_rules.csv").open(encoding="utf-8", newline="") as stream:
    CATALOGUE = list(csv.DictReader(stream))
CHECKABLE = [
    rule["rule_id"] for rule in CATALOGUE if rule["level"] != "build rule" and rule["rule_id"] != "LST-19"
]


# Identifiers of the invented person of row 1 where they do not belong.
NAME, NHS_NUMBER, POSTCODE = "Testina Examplewood", "9990001006", "B71 9ZZ"
MISPLACED = [
    (1, "Event Reference", NAME),
    (2, "Event Reference", NHS_NUMBER),
    (3, "Event Description", NAME),
    (4, "Gender", NHS_NUMBER),
    (5, "Dementia", NAME),
    (6, "Unit Cost", NHS_NUMBER),
    (7, "Event Outcome", NAME),
    (8, "Cost Frequency (Unit Type)", POSTCODE),
    (9, "Adult 1 Linked Person_ID", NHS_NUMBER),
    (10, "Event Start Date", NHS_NUMBER),
    (11, "LA Code", NHS_NUMBER),
    (12, "Date of Birth", NAME),
    (13, "Event Type", NAME),
    (14, "Event End Date", NHS_NUMBER),
    (15, "Client Type", NAME),
    (16, "Provider CQC Location ID", NHS_NUMBER),
    (17, "GP Practice Code", NHS_NUMBER),
    (18, "Planned units per week", NAME),
    (20, "Reporting Period End Date", NHS_NUMBER),
]

# What the published list may hold in place of ours (spec_possible_values).
POSSIBLE = [
    (2, "Eligible Needs Identified", "Eligible needs identified", "LST-17"),
    (1, "Visual Impairment", "Visual impairment - severity unknown", "LST-09"),
    (4, "Review Reason", "Planned review of long term support", "LST-23"),
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


def requests_of_working_days(missing=()):
    """A request on each working day of the period, but for those of the months that are missing."""
    headers, rows = clean_return()
    made = list(rows)
    for number in range(365):
        day = date(2025, 10, 1) + timedelta(number)
        if day.weekday() < 5 and day.month not in missing:
            row = list(rows[0])
            row[headers.index("Event Reference")] = f"D{number}"
            row[headers.index("Event Start Date")] = row[headers.index("Event End Date")] = f"{day:%d/%m/%Y}"
            made.append(row)
    return headers, made


def in_release_1(*only, edits=()):
    """A return in the words of Release 1, or some fields of it; and {(field, old): new} of what it holds."""
    with (ROOT / "seeds/specification/spec_r1_to_r2.csv").open(encoding="utf-8", newline="") as stream:
        before = {(pair["field"], pair["r2_value"]): pair["r1_value"] for pair in csv.DictReader(stream)}
    # A blank cell was blank before.
    before = {pair: earlier for pair, earlier in before.items() if pair[1]}
    headers, rows = edited(edits)
    pairs = {}
    for row in rows:
        for place, header in enumerate(headers):
            earlier = before.get((header, row[place]))
            if earlier and earlier != row[place] and (not only or header in only):
                pairs[header, earlier] = row[place]
                row[place] = earlier
    return headers, rows, pairs


def write_fixtures(submissions):
    """One file for each fixture, and some whole files."""
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
    write_file(submissions, "FIL-14-fail", *in_release_1()[:2])
    # A few columns of the release before are left to the rules of their lists.
    write_file(
        submissions, "FIL-14-pass", *in_release_1("Ethnicity", "Service Type", "Delivery Mechanism")[:2]
    )
    nothing = [""] * len(headers)
    write_file(submissions, "FIL-15-fail", headers, [*rows[:5], nothing, nothing, *rows[5:], nothing])
    write_file(submissions, "FIL-15-pass", headers, rows[::-1])
    # As a program writes them that has taken the day for the month; each of them is named by its form, too.
    swapped = [
        (row, "Date of Birth", f"19{row + 30}-{row % 12 + 1:02d}-{row % 9 + 4:02d}") for row in range(1, 13)
    ]
    write_file(submissions, "FIL-16-fail", *edited([*swapped, (13, "Date of Birth", "25/03/1950")]))
    honest = (1, "Date of Birth", "1950-02-28")
    write_file(submissions, "FIL-16-pass", *edited([*swapped, honest]))
    write_file(submissions, "FIL-17-pass", *requests_of_working_days())
    write_file(submissions, "FIL-17-fail", *requests_of_working_days(missing=(2, 9)))
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
    write_file(submissions, "dirty-release-1", *in_release_1(edits=edits)[:2])
    write_file(submissions, "misplaced", *edited(MISPLACED))
    write_file(submissions, "possible", *edited([edit[:3] for edit in POSSIBLE]))
    headers, rows = clean_return()
    # Every row one cell to the left from NHS Number on.
    write_file(submissions, "shifted", headers, [row[:3] + row[4:] + row[3:4] for row in rows])


@pytest.fixture(scope="module")
def found(checked_files):
    return Found(breaches_by_file(checked_files), folder=checked_files)


class Found(dict):
    """{file: breaches}, and the folder of the run for further questions."""

    def __init__(self, breaches, folder):
        super().__init__(breaches)
        self.folder = folder


def expected_rows(case):
    return {"file"} if case["rows"] == "file" else set(case["rows"])


def rows_of(found, name, rule_id):
    return {row for rule, row in found[name] if rule == rule_id}


def test_every_rule_has_fixtures():
    assert set(FIXTURES) | BUILT_IN_CODE == set(CHECKABLE) | OWN_CHECKS


@pytest.mark.parametrize("rule_id", sorted(FIXTURES))
def test_rule_fires_on_the_listed_rows(found, rule_id):
    assert rows_of(found, f"{rule_id}-fail", rule_id) == expected_rows(FIXTURES[rule_id]["fail"])


# Rules that only the extracts can break, and the unit tests that stand for their fixtures.
IN_UNIT_TESTS = {
    "EXT": "models/data_quality/rules/dq_rules_extracts__unit_tests.yml",
    "CST-06": "models/conformed/services/cnf_cost_findings__unit_tests.yml",
    "CST-07": "models/conformed/services/cnf_cost_findings__unit_tests.yml",
    "CST-08": "models/conformed/services/cnf_cost_findings__unit_tests.yml",
}


@pytest.mark.parametrize(
    ("rule_id", "path"),
    [
        (rule["rule_id"], path)
        for rule in CATALOGUE
        for known, path in IN_UNIT_TESTS.items()
        if rule["rule_id"].startswith(known)
    ],
)
def test_a_rule_on_the_extracts_fails_and_passes_in_a_unit_test(rule_id, path):
    tests = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))["unit_tests"]
    raised = [{row.get("rule_id") for row in test["expect"]["rows"]} for test in tests]
    assert any(rule_id in rules for rules in raised) and any(rule_id not in rules for rules in raised)


@pytest.mark.parametrize("rule_id", sorted(BUILT_IN_CODE))
def test_rule_fires_on_the_file(found, rule_id):
    assert rows_of(found, f"{rule_id}-fail", rule_id) == {"file"}


@pytest.mark.parametrize("rule_id", [*CHECKABLE, *sorted(OWN_CHECKS)])
def test_rule_is_silent(found, rule_id):
    assert rows_of(found, f"{rule_id}-pass", rule_id) == set()


def test_a_file_of_release_1_is_said_once_with_the_value_of_today_beside_each(found):
    said = query(
        found.folder,
        "select severity, message, found_value from data_quality.dq_breaches inner join submissions.sub_files using (submission_id)"
        " where file_name = 'FIL-14-fail.csv' and rule_id = 'FIL-14'",
    )
    ((severity, message, found_value),) = said
    assert severity == "error"
    pairs = in_release_1()[2]
    assert len(pairs) > 20
    for (field, earlier), now in pairs.items():
        assert f"{field}: {earlier} is now {now}" in found_value
    assert message.endswith(f'; and {len(pairs) - 10} more".')
    # Once: no row is named for words that changed their spelling only.
    assert found["FIL-14-fail"] == {("FIL-14", "file")}


def test_words_of_release_1_in_a_file_of_release_2_are_said_by_their_lists_alone(found):
    assert {rule for rule, _ in found["FIL-14-pass"]} == {"FIL-13", "LST-02", "LST-20", "LST-22"}


def test_a_file_of_release_1_breaks_the_same_rules_in_the_same_rows(found):
    """What is shown is what stands in the file, though the rules read the value that took its place."""
    # Row 4 of the dirty file holds a word of Release 1: here it is one of many.
    of_its_list = {("FIL-13", 4), ("LST-24", 4)}
    assert found["dirty"] - found["dirty-release-1"] == of_its_list
    assert found["dirty-release-1"] - found["dirty"] == {("FIL-14", "file")}
    values = dict(
        query(
            found.folder,
            "select file_name, list(distinct found_value) from data_quality.dq_breaches"
            " inner join submissions.sub_files using (submission_id)"
            " where file_name like 'dirty%' and rule_id not like 'FIL-%' group by all",
        )
    )
    assert "Unpaid carer only" in values["dirty.csv"] and "Carer only" in values["dirty-release-1.csv"]
    assert "Unpaid carer only" not in values["dirty-release-1.csv"]


def test_rows_in_which_nothing_stands_are_one_finding(found):
    assert found["FIL-15-fail"] == {("FIL-15", "file")}


def test_days_that_may_be_swapped_are_one_finding_beside_their_form(found):
    assert {rule for rule, row in found["FIL-16-fail"] if row == "file"} == {"FIL-16"}
    said = query(
        found.folder, "select distinct found_value from data_quality.dq_breaches where rule_id = 'FIL-16'"
    )
    assert said == [
        (
            "Date of Birth: 12 of its 20 days are written yyyy-mm-dd and none of these is after the 12th of a month;"
            " those written dd/mm/yyyy are (the first on line 2)",
        )
    ]


def test_weeks_in_which_nothing_begins_are_one_finding_with_their_days(found):
    ((value, count),) = query(
        found.folder,
        "select found_value, count(*) from data_quality.dq_breaches inner join submissions.sub_files using (submission_id)"
        " where file_name = 'FIL-17-fail.csv' and rule_id = 'FIL-17' group by all",
    )
    assert count == 1
    # From the last working day before to the first one after, or to the end of the period.
    assert "2026-01-31 to 2026-03-01" in value and "2026-09-01 to 2026-09-30" in value


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


@pytest.mark.parametrize("name", ["misplaced", "shifted"])
@pytest.mark.parametrize("table", ["dq_breaches", "dq_field_results"])
def test_identifiers_in_the_wrong_column_are_not_repeated(found, name, table):
    """In no column but the council's own identifier of the person."""
    own = "exclude (la_person_unique_identifier)" if table == "dq_breaches" else ""
    rows = query(
        found.folder,
        f"select results.* {own} from data_quality.{table} as results"
        f" inner join submissions.sub_files as files using (submission_id) where file_name = '{name}.csv'",
    )
    text = str(rows).lower()
    assert rows
    for identifier in (NHS_NUMBER, POSTCODE, *NAME.split()):
        assert identifier.lower() not in text


def test_other_wrong_values_are_still_shown(found):
    """Hiding identifiers does not hide what has to be mended."""
    shown = {
        value for (value,) in query(found.folder, "select distinct found_value from data_quality.dq_breaches")
    }
    assert {"female", "assessment"} <= shown


def test_what_the_published_list_may_hold_is_accepted_with_a_warning(found):
    """No error, no summary breach, valid in DHSC's words; and the warning says why."""
    assert found["possible"] == {(rule_id, row) for row, _, _, rule_id in POSSIBLE}
    said = query(
        found.folder,
        "select distinct breaches.severity, breaches.suggestion,"
        " breaches.message like '%It is accepted all the same%published list%was not available%'"
        " from data_quality.dq_breaches as breaches"
        " inner join submissions.sub_files as files using (submission_id) where file_name = 'possible.csv'",
    )
    assert said == [("warning", None, True)]
    judged = query(
        found.folder,
        "select distinct value, field_validity from data_quality.dq_field_results"
        " inner join submissions.sub_files using (submission_id) where file_name = 'possible.csv'"
        " and list_contains(?, value)".replace("?", str([edit[2] for edit in POSSIBLE])),
    )
    assert sorted(judged) == sorted((value, "Passed: Valid") for _, _, value, _ in POSSIBLE)
