"""The demo extracts in the words and spellings of other case systems: the same bytes, or a stop that names them."""

import csv
import itertools
import re
import shutil
from decimal import Decimal

import pytest
from conftest import PROJECT, assert_refused, edit, run_again
from other_forms import FORMS, rewritten


def in_turn(words, column):
    """Each word written in each of its spellings in turn."""

    def change(rows):
        spellings = {word: itertools.cycle(forms) for word, forms in words.items()}
        return [
            row | {column: next(spellings.get(row[column], itertools.repeat(row[column])))} for row in rows
        ]

    return change


EVENT_STATUS = {
    "COMPLETED": ["Completed", "Finished", "Closed", "complete", " CLOSED\u00a0"],
    "CANCELLED": [
        "Canceled",
        "VOID",
        "Voided",
        "Deleted",
        "Entered in error",
        "CANCELLED - ENTERED IN ERROR",
    ],
    "OPEN": ["Live", "Draft", "On hold", "In-progress"],
}
PACKAGE_STATUS = {
    "ACTIVE": ["Live", "open"], "SUSPENDED": ["On hold"], "ENDED": ["Closed", "Finished"], "PROPOSED": ["Draft"],
    "CANCELLED": ["Void", "entered-in-error"],
}  # fmt: skip
FLAG = {
    "Y": ["Yes", "true", "T", "1", "-1", "1.0", "X", "On", "Checked", "y "],
    "N": ["No", "FALSE", "f", "0", "0.0", "Off", "Unchecked", "n\u00a0"],
}
OTHERS = [
    ("person", "record_status", {"ACTIVE": ["Active", "Live"], "DUPLICATE": ["Duplicate"]}),
    ("person_identifier", "id_type", {"NHS": ["NHS Number", "nhs no"], "LEGACY": ["Legacy ID"]}),
    ("address", "address_type", {"HOME": ["Main", "Home address"], "PLACEMENT": ["Care home"]}),
    ("person_classification", "classification", {
        "ASD": ["Autism"], "PRIMARY_SUPPORT_REASON": ["Primary support reason"], "VISUAL": ["Visual impairment"],
    }),
    ("service_package", "status", PACKAGE_STATUS),
    ("service_package", "subject_role", {"CLIENT": ["Service user"], "CARED_FOR": ["Cared for", "cared-for person"]}),
]  # fmt: skip
FLAGS = [
    ("relationship", "is_unpaid_carer"), ("relationship", "is_main_carer"), ("contact", "is_conversation"),
    ("address", "is_main"), ("person", "restricted"), ("person_identifier", "verified"),
]  # fmt: skip
REFERENCES = [
    ("contact", "person_id", str.lower), ("assessment", "person_id", lambda key: f"\u00a0{key} "),
    ("service_line", "provider_id", str.lower),
    ("service_line", "previous_line_id", lambda key: f"{key[:2]} {key[2:]}"),
    ("rate", "line_id", str.lower), ("review", "package_id", str.lower), ("review", "team_id", str.lower),
    ("relationship", "related_person_id", str.lower), ("person", "merged_into_person_id", str.lower),
    ("assessment", "contact_id", str.lower), ("service_package", "team_id", lambda key: f"{key} "),
]  # fmt: skip


def test_other_words_and_spellings_of_days_and_amounts_too_give_the_same_return(ready, extracts):
    """One run that every other form of a word, a flag, a key, a day and an amount must come through."""
    for extract in FORMS:
        edit(extracts / f"{extract}.csv", lambda rows, extract=extract: rewritten(extract, rows))
    for table in ("contact", "assessment", "review"):
        edit(extracts / f"{table}.csv", in_turn(EVENT_STATUS, "status"))
        edit(
            extracts / f"{table}.csv",
            in_turn({"CLIENT": ["Service user", "client"], "CARER": ["Unpaid carer"]}, "subject_role"),
        )
    for table, column, words in OTHERS:
        edit(extracts / f"{table}.csv", in_turn(words, column))
    for table, column in FLAGS:
        edit(extracts / f"{table}.csv", in_turn(FLAG, column))
    for table, column, spelt in REFERENCES:
        edit(
            extracts / f"{table}.csv",
            lambda rows, c=column, s=spelt: [row | {c: s(row[c]) if row[c] else ""} for row in rows],
        )
    run = run_again(ready)
    assert run.exit_code == 0, run.printed
    assert run.return_file.read_bytes() == ready.bytes_before
    excel_days = "select count(*) from council.extracts.gp_registration where start_date like 'Excel day %'"
    assert run.query(excel_days)[0][0] > 100


NEEDS = {"Yes": "Eligible needs identified", "No": "No needs identified"}
ROLES = {"CARER": "Unpaid carer", "CARED_FOR": "Cared-for person", "CLIENT": "Service user"}


def planned_in_other_units(priced):
    """Hours as twice as many visits of half an hour, days as eight hours each; the price stays as it is."""

    def change(rows):
        for row in rows:
            unit, planned = row["unit_code"], row["planned_units"]
            if (row["line_id"], unit) in priced and re.fullmatch(r"[0-9]+(\.[0-9]+)?", planned):
                if unit == "HR":
                    row |= {"unit_code": "V30", "planned_units": str(Decimal(planned) * 2)}
                if unit == "DAY":
                    row |= {"unit_code": "HR", "planned_units": str(Decimal(planned) * 8)}
        return rows

    return change


def test_a_council_of_other_units_roles_and_wording_gives_the_same_return(ready, extracts, tmp_path):
    """Plans and prices in two units each; roles in words in the mappings; the other answers on eligible needs."""
    for mapping in (PROJECT / "seeds" / "mappings").glob("*.csv"):
        shutil.copy(mapping, tmp_path)
    edit(tmp_path / "map_services.csv", in_turn({key: [word] for key, word in ROLES.items()}, "subject_role"))
    edit(
        tmp_path / "map_codes.csv",
        lambda rows: [
            row | {"local_code": ROLES.get(row["local_code"], "")}
            if row["code_list"] == "subject_role"
            else row | {"cld_value": NEEDS[row["cld_value"]]}
            if row["code_list"] == "eligible_needs"
            else row
            for row in rows
        ],
    )
    visit = {
        "unit_code": "V30",
        "cost_frequency": "Per session",
        "units_per_week": "1",
        "hours_per_unit": "0.5",
    }
    edit(
        tmp_path / "map_units.csv",
        lambda rows: [
            *(row | ({"hours_per_unit": "8"} if row["unit_code"] == "DAY" else {}) for row in rows),
            dict.fromkeys(rows[0], "") | visit,
        ],
    )
    with (extracts / "rate.csv").open(encoding="utf-8", newline="") as stream:
        priced = {(row["line_id"], row["per_unit_code"]) for row in csv.DictReader(stream)}
    edit(extracts / "service_line.csv", planned_in_other_units(priced))
    run = run_again(ready, mappings_path=str(tmp_path), eligible_needs_wording="needs_identified")
    assert run.exit_code == 0, run.printed
    header, *rows = csv.reader(ready.bytes_before.decode().splitlines())
    place = header.index("Eligible Needs Identified")
    changed = [[*row[:place], NEEDS.get(row[place], row[place]), *row[place + 1 :]] for row in rows]
    assert sum(row != old for row, old in zip(changed, rows, strict=True)) > 100
    assert list(csv.reader(run.return_file.read_text(encoding="utf-8").splitlines()))[1:] == changed
    converted = run.query(
        "select lines.unit_code, count(*) from council.conformed.cnf_service_costs as costs"
        " inner join council.conformed.cnf_service_spans as spans using (first_line_id)"
        " inner join council.conformed.cnf_service_lines as lines on spans.line_in_force_id = lines.line_id"
        " where costs.cost_frequency = 'Hourly' and lines.unit_code = 'V30'"
        " or costs.cost_frequency = 'Daily' and lines.unit_code = 'HR' group by all order by all"
    )
    assert [unit for unit, count in converted if count > 20] == ["HR", "V30"]


def spoilt(column, value, count):
    """The value in so many records; a type of identifier that holds no NHS number may be called as it likes."""

    def change(rows):
        asked = [row for row in rows[100:] if row[column] not in ("FINANCE", "LEGACY")]
        for row in asked[:count]:
            row[column] = value
        return rows

    return change


# What nobody can understand: table, column, value, how many, and what the run must say.
REFUSED = [
    ("contact", "status", "Frozen", 12, '12 of kind word not understood, 0 accepted: "Frozen" (12)'),
    ("review", "status", "", 2, '2 of kind word not understood, 0 accepted: "(blank)" (2)'),
    ("assessment", "subject_role", "Relative", 2, "2 of kind word"),
    ("service_package", "status", "Inactive", 2, "2 of kind word"),
    ("relationship", "is_unpaid_carer", "Maybe", 2, '2 of kind flag not understood, 0 accepted: "AAAAA" (2)'),
    ("person_identifier", "id_type", "Swift", 2, "2 of kind word"),
    ("address", "address_type", "Elsewhere", 2, "2 of kind word"),
    ("person_classification", "classification", "Star sign", 2, "2 of kind word"),
    ("person", "record_status", "Archived", 2, "2 of kind word"),
    ("person", "date_of_death", "15/06/26", 1, '1 of kind date not understood, 0 accepted: "99/99/99" (1)'),
    ("service_line", "planned_units", "lots", 2, '2 of kind number not understood, 0 accepted: "AAAA" (2)'),
    ("service_line", "provider_id", "PR99999", 60, "60 of kind reference"),
    ("review", "person_id", "1.23457E+06", 1, "1 of kind key not understood, 0 accepted"),
    ("service_line", "start_date", "31/02/2026", 1, "3 of kind date not understood, 2 accepted"),
]  # fmt: skip


@pytest.fixture
def refused(ready, extracts):
    # An extract that lost two of its months, and one that a program stopped writing.
    edit(extracts / "review.csv", lambda rows: [row for row in rows if row["completed_at"][:7] not in LOST])
    edit(extracts / "address.csv", lambda rows: rows[:1000])
    # Pence where pounds were asked for.
    edit(
        extracts / "rate.csv", lambda rows: [row | {"amount": row["amount"].replace(".", "")} for row in rows]
    )
    for table, column, value, count, _ in REFUSED:
        edit(extracts / f"{table}.csv", spoilt(column, value, count))
    # A person where a team should stand, and a day, a key and an address where a word should.
    edit(extracts / "contact.csv", spoilt("team_id", MISPLACED[0], 3))
    edit(extracts / "person.csv", misplaced)
    return run_again(ready)


LOST = ("2026-02", "2026-03")
MISPLACED = ("Testina Exampleton", "21/02/1948", "P1000076", "12 Elm Street")


def misplaced(rows):
    for row, value in zip(rows[300:], MISPLACED[1:], strict=False):
        row["restricted"] = value
    return rows


def test_what_nobody_understands_stops_the_file_and_is_named(ready, refused):
    assert_refused(refused, ready, *(f"{table}.{column}: {said}" for table, column, *_, said in REFUSED))
    for table, column, value, count, _ in REFUSED:
        if value in ("31/02/2026", "PR99999"):
            continue
        ((found,),) = refused.query(
            "select count(*) from council.data_quality.dq_breaches"
            f" where source_table = '{table}' and (rule_id = 'EXT-02' and found_value like '{table}.{column}:%'"
            f" or rule_id = 'EXT-03' and field = 'Date of Death' and '{column}' = 'date_of_death')"
        )
        assert found == count, (table, column)
    # Nothing unknown counts as completed, active or no carer.
    fates = dict(
        refused.query(
            "select source_table || '.' || source_column, list(distinct became_code order by became_code)"
            " from council.cld.cld_unread_cells group by all"
        )
    )
    assert set(fates["contact.status"]) <= {
        "UNKNOWN_STATUS",
        "OUT_OF_SCOPE_CASUAL_CONTACT",
        "TEST_PERSON",
        "PERSON_NOT_FOUND",
    }
    assert fates["relationship.is_unpaid_carer"] == ["UNKNOWN_CARER_FLAG"]
    assert "RETURNED" not in fates["service_package.status"]
    # A person's value is nowhere in what was printed or counted.
    forms = refused.query("select form from council.data_quality.dq_unread_values where kind = 'date'")
    assert not any("26" in form for (form,) in forms)
    assert "15/06/26" not in refused.printed
    log = "".join(path.read_text(encoding="utf-8") for path in (ready.folder / "logs").glob("dbt.log*"))
    assert not any(value in refused.printed + log for value in MISPLACED)
    lost = re.search(r"Weeks in which nothing begins \(FIL-17\): (.*)\.\n", refused.printed)[1]
    assert re.fullmatch(r"Review, Service user: 2026-0[12]-\d\d to 2026-0[34]-\d\d", lost)
    assert (
        "(is the file whole?): address (1000 records are as many as programs stop at).\n" in refused.printed
    )
    assert re.search(r"More than half of the rows break .*CST-04 \(.*\): \d+ of \d+", refused.printed)
    # Codes come before records: what a code without an answer leaves empty is no team's to mend.
    assert re.search(r"\nNext: asc-cld map, then asc-cld map --read \(.*\); asc-cld fixlist", refused.printed)
    assert "teams that are in no list" in refused.printed and '"99/99/9999" (1)' in refused.printed
