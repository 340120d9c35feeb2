"""The demo extracts in the words and spellings of other case systems: the same bytes, or a stop that names them."""

import itertools

import pytest
from conftest import assert_refused, edit, run_again


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


def test_other_words_and_spellings_give_the_same_return(ready, extracts):
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
    ("contact", "status", "Frozen", 3, '3 of kind word not understood, 0 accepted: "Frozen" (3)'),
    ("review", "status", "", 2, '2 of kind word not understood, 0 accepted: "(blank)" (2)'),
    ("assessment", "subject_role", "Relative", 2, "2 of kind word"),
    ("service_package", "status", "Inactive", 2, "2 of kind word"),
    ("relationship", "is_unpaid_carer", "Maybe", 2, '2 of kind flag not understood, 0 accepted: "Maybe" (2)'),
    ("person_identifier", "id_type", "Swift", 2, "2 of kind word"),
    ("address", "address_type", "Elsewhere", 2, "2 of kind word"),
    ("person_classification", "classification", "Star sign", 2, "2 of kind word"),
    ("person", "record_status", "Archived", 2, "2 of kind word"),
    ("person", "date_of_death", "15/06/26", 1, '1 of kind date not understood, 0 accepted: "99/99/99" (1)'),
    ("service_line", "planned_units", "lots", 2, '2 of kind number not understood, 0 accepted: "AAAA" (2)'),
    ("service_line", "provider_id", "PR99999", 60, "60 of kind reference"),
    ("service_line", "start_date", "31/02/2026", 1, "3 of kind date not understood, 2 accepted"),
]  # fmt: skip


@pytest.fixture
def refused(ready, extracts):
    for table, column, value, count, _ in REFUSED:
        edit(extracts / f"{table}.csv", spoilt(column, value, count))
    return run_again(ready)


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
