"""Two submissions of a council, made here from a few invented rows: what changed between them and what it
moved, what DHSC crops, how our people compare with the lists DHSC returned, and the export for Power BI.
Council 409 is measured; 209 has two files that are hard to pair; 304 has one file, with damage."""

import csv
import datetime
import pathlib
import re
import shutil
import subprocess
import sys

import duckdb
import pytest
from dbt_runs import DATABASE, PROJECT, environment, run_dbt

from asc_cld.readers.list_reader import LISTS, read_lists
from asc_cld.readers.text_files import InputError

LIST_HEADER = "la_person_unique_identifier,measure,group,numerator,denominator\n"
with (PROJECT / "seeds/specification/spec_fields.csv").open(encoding="utf-8") as fields_file:
    HEADERS = {row["snake_name"]: row["header"] for row in csv.DictReader(fields_file)}

PERSON = {
    "la_code": "409",
    "gender": "Female",
    "ethnicity": "White: Irish",
    "date_of_birth": "15/05/1950",
    "client_type": "Service user",
    "primary_support_reason": "Mental health support",
    "accommodation_status": "Tenant: Private landlord",
}
SERVICE = PERSON | {
    "event_type": "Service",
    "service_type": "Long term support: Community",
    "service_component": "Meals",
    "delivery_mechanism": "CASSR commissioned support",
    "event_outcome": "Continuation of support or services",
}
REQUEST = PERSON | {"event_type": "Request", "event_outcome": "NFA: Other"}


def service(person, start, end="", **more):
    row = {"la_person_unique_identifier": person, "event_start_date": start}
    return SERVICE | row | {"event_end_date": end} | more


def request(person, start, end, **more):
    row = {"la_person_unique_identifier": person, "event_start_date": start}
    return REQUEST | row | {"event_end_date": end} | more


def rows_of_both() -> tuple[list[dict], list[dict]]:
    """(earlier file, latest file); each person is one case."""

    earlier = [
        service("stays", "01/02/2024"),
        service("renamed", "01/02/2024"),
        service("ends", "01/02/2024"),
        service("reopens", "01/02/2024", "01/12/2025"),
        service("changes", "01/02/2024"),
        service("reset", "01/02/2024"),
        service("moved", "01/02/2024", event_reference="R1"),
        service("vanishes", "01/02/2024"),
        service("past", "01/02/2024", "31/03/2025"),
        request("lost", "01/06/2025", "02/06/2025"),
        request("twice", "01/06/2025", "02/06/2025", event_reference="R2"),
        request("twice", "01/07/2025", "02/07/2025", event_reference="R2"),
    ]
    latest = [
        service("stays", "01/02/2024"),
        service("renamed", "01/02/2024", nhs_number="9990000018"),
        service("ends", "01/02/2024", "01/03/2026"),
        service("reopens", "01/02/2024"),
        service("changes", "01/02/2024", delivery_mechanism="Direct payment"),
        service("reset", "01/04/2025"),
        service("moved", "03/02/2024", event_reference="R1"),
        request("late", "01/12/2025", "02/12/2025"),
        request("new", "01/02/2026", "02/02/2026"),
        request("twice", "01/06/2025", "02/06/2025", event_reference="R2"),
        request("twice", "01/07/2025", "02/07/2025", event_reference="R2"),
    ]
    return earlier, latest


def hard_to_pair() -> tuple[list[dict], list[dict]]:
    """(file for 2025, file for the year to January 2026); each person is one case."""
    long_ago = "01/02/2024"
    earlier = [
        # Numbers of the rows as references: they stand on other events in the next file.
        service("renumbered a", long_ago, event_reference="1"),
        service("renumbered b", "01/03/2024", event_reference="2"),
        request("renumbered b", "01/06/2025", "02/06/2025", event_reference="3"),
        service("no reference", long_ago, event_reference="R10"),
        service("two lines", long_ago, unit_cost="10", planned_units_per_week="1"),
        service("two lines", long_ago, unit_cost="20", planned_units_per_week="1"),
        service("dearer line", long_ago, unit_cost="10", event_reference="R11"),
        service("dearer line", long_ago, unit_cost="20", event_reference="R11"),
        service("written otherwise", long_ago, unit_cost="10", nhs_number="999 000 0026"),
        service("one of two equal", long_ago),
        service("one of two equal", long_ago),
        service("old id", long_ago, nhs_number="9990000034"),
        service("component", long_ago),
        request("corrected start", "01/06/2025", "20/06/2025"),
        service("split in April", long_ago),
        service("moved to April", long_ago),
        service("another in January", long_ago),
        request("left", "10/01/2025", "15/01/2025"),
        service("left", long_ago, "31/01/2025"),
        service("died", long_ago, date_of_death="20/01/2025"),
        service("due for a day", long_ago, "01/02/2025"),
        service("began and vanished", "01/08/2025"),
        request("never ended", "01/06/2025", ""),
    ]
    latest = [
        service("renumbered b", "01/03/2024", event_reference="1"),
        request("renumbered b", "01/06/2025", "02/06/2025", event_reference="2"),
        service("renumbered a", long_ago, event_reference="3"),
        service("no reference", long_ago),
        service("two lines", long_ago, unit_cost="20", planned_units_per_week="1"),
        service("two lines", long_ago, unit_cost="10", planned_units_per_week="1"),
        service("dearer line", long_ago, unit_cost="20", event_reference="R11"),
        service("dearer line", long_ago, unit_cost="12", event_reference="R11"),
        service("written otherwise", long_ago, unit_cost="10.00", nhs_number="9990000026"),
        service("one of two equal", long_ago),
        service("new id", long_ago, nhs_number="9990000034"),
        service("component", long_ago, service_component="Day support"),
        request("corrected start", "03/06/2025", "20/06/2025"),
        service("split in April", long_ago, "31/03/2025"),
        service("split in April", "01/04/2025"),
        service("moved to April", "01/04/2025"),
        service("another in January", "10/01/2026"),
        request("late", "01/06/2025", "02/06/2025"),
    ]
    return [row | {"la_code": "209"} for row in earlier], [row | {"la_code": "209"} for row in latest]


def damaged() -> list[dict]:
    """One file for the year to March 2026; each person is one case of damage, or of none."""
    lasting = "01/02/2024"
    short = {"service_type": "Short term support: ST-Max", "service_component": "Reablement"}
    home = {"service_type": "Long term support: Residential care", "delivery_mechanism": ""}
    rows = [
        service("only", lasting),
        service("no accommodation", lasting, accommodation_status=""),
        service("unknown accommodation", lasting, accommodation_status="Unknown"),
        service(
            "presumed at home",
            lasting,
            accommodation_status="",
            service_component="Home support or domiciliary care",
        ),
        service("no mechanism", lasting, delivery_mechanism=""),
        service("no mechanism", lasting, delivery_mechanism="", service_component="Day support"),
        service("invalid mechanism", lasting, delivery_mechanism="Cash in hand"),
        service("one of two", lasting, delivery_mechanism=""),
        service("one of two", lasting, service_component="Day support"),
        service("no outcome", "01/06/2025", "01/07/2025", **short, event_outcome=""),
        service(
            "nothing followed",
            "01/06/2025",
            "01/07/2025",
            **short,
            event_outcome="Progress to support planning or services",
        ),
        service("declined", "01/06/2025", "01/07/2025", **short, event_outcome="NFA: Support declined"),
        service("home without component", "01/06/2025", **home, service_component=""),
        service("home with meals", "01/06/2025", **home, service_component="Meals"),
        service("0042", "01/06/2025", **home, service_component="Long term residential care"),
        service("", lasting),
        service("no start", ""),
        service("died", lasting, date_of_death="01/01/2025"),
        service("early", lasting, "01/03/2025"),
        request("late", "01/03/2026", "01/04/2026"),
        service("backwards", "01/06/2025", "01/05/2025"),
        request("no request outcome", "01/06/2025", "02/06/2025", event_outcome=""),
        {"client_type": "Unpaid carer known by association", "la_person_unique_identifier": "known carer"},
        service("first id", lasting, "01/06/2025", nhs_number="9990000042"),
        service("second id", "02/06/2025", nhs_number="9990000042"),
    ]
    return [PERSON | row | {"la_code": "304"} for row in rows]


DAMAGE = [
    ("2A", "missing_or_invalid_outcome", "lost", 0, 1),
    ("2A", "unable_to_classify", "lost", 0, 1),
    ("2B and 2C", "component_of_another_kind", "lost", 1, 1),
    ("2B and 2C", "missing_service_component", "lost", 1, 1),
    ("2E", "died_before_period", "lost", 1, 1),
    ("2E", "end_before_start", "lost", 1, 1),
    ("2E", "ends_before_period", "lost", 1, 1),
    ("2E", "no_person_id", "lost", 1, 0),
    ("2E", "no_start_date", "lost", 1, 1),
    ("2E", "unknown_accommodation", "counted against", 0, 2),
    ("2E", "unknown_accommodation", "unknown", 0, 1),
    ("3D clients", "died_before_period", "lost", 1, 1),
    ("3D clients", "end_before_start", "lost", 1, 1),
    ("3D clients", "ends_before_period", "lost", 1, 1),
    ("3D clients", "no_person_id", "lost", 1, 0),
    ("3D clients", "no_start_date", "lost", 1, 1),
    ("3D clients", "unknown_delivery_mechanism", "counted against", 3, 2),
    ("Waiting times", "died_before_period", "lost", 1, 1),
    ("Waiting times", "ends_after_period", "lost", 1, 1),
    ("Waiting times", "ends_before_period", "lost", 1, 1),
    ("Waiting times", "missing_outcome", "lost", 1, 1),
    ("Waiting times", "no_person_id", "lost", 1, 0),
    ("Waiting times", "no_start_date", "lost", 1, 1),
]

# As DHSC might send them: other spellings of the headers, one file a measure, numbers as Excel leaves them.
DESCRIPTION_65 = "The proportion of people aged 65+ who receive long-term support who live in their home or with family (%)"
RETURNED = {
    "2E list.csv": [
        "LA_Code,Reporting Period,LA Person Unique Identifier,MEASURE,Description,Group,Numerator,Denominator",
        f"304,1 Apr 25 - 31 Mar 26,no accommodation,ASCOF 2E,{DESCRIPTION_65},Total,1,1.0",
        f"E10000001x,1 Apr 25 - 31 Mar 26,ELSEWHERE,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        f"304,1 Jan 25 - 31 Dec 25,only,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        f"304,1 Apr 25 - 31 Mar 26, Only ,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        f"304,1 Apr 25 - 31 Mar 26,only,ASCOF 2E,{DESCRIPTION_65},Male,1,1",
        f"304,1 Apr 25 - 31 Mar 26,died,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        f"304,1 Apr 25 - 31 Mar 26,no mechanism,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        f"304,1 Apr 25 - 31 Mar 26,no mechanism,ASCOF 2E,{DESCRIPTION_65},Total,0,1",
        f"304,1 Apr 25 - 31 Mar 26,first id,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        f"304,1 Apr 25 - 31 Mar 26,declined,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        f"304,1 Apr 25 - 31 Mar 26,,ASCOF 2E,{DESCRIPTION_65},Total,1,1",
        "304,1 Apr 25 - 31 Mar 26,only,ASCOF 2D,Discharged,Total,1,1",
    ],
    "2c.csv": [
        "numerator;denominator;group;measure;la_person_unique_identifier",
        '1;"51,241";65 and above;ASCOF 2C;42',
        "1;0;65 and above;ASCOF 2C;home without component",
        "1;0;65 and above;ASCOF 2C;only",
    ],
    "2a.csv": [
        "la_code,la_person_unique_identifier,measure,description,group,numerator,denominator,sequel_type",
        "304,declined,ASCOF 2A,,Total,1,1,4a",
        "304,only,ASCOF 2A,,Total,1,1,6",
    ],
}


def write_file(path: pathlib.Path, start: str, end: str, rows: list[dict]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS.values())
        for row in rows:
            row = row | {"reporting_period_start_date": start, "reporting_period_end_date": end}
            writer.writerow([row.get(name, "") for name in HEADERS])


SETTINGS = {
    "method_version": "sep2026",
    "submission_selection": "stated",
    "reporting_period_end": "2026-03-31",
    "submission_date": "2026-04-20",
    "include_built": "false",
}


def dbt(folder: pathlib.Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess:
    return run_dbt(folder, *arguments, **SETTINGS | settings)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two_submissions")
    submissions, lists = folder / "submissions", folder / "lists"
    submissions.mkdir()
    lists.mkdir()
    earlier, latest = rows_of_both()
    write_file(submissions / "earlier.csv", "01/01/2025", "31/12/2025", earlier)
    write_file(submissions / "latest.csv", "01/04/2025", "31/03/2026", latest)
    earlier, latest = hard_to_pair()
    write_file(submissions / "209_earlier.csv", "01/01/2025", "31/12/2025", earlier)
    write_file(submissions / "209_latest.csv", "01/02/2025", "31/01/2026", latest)
    write_file(submissions / "304.csv", "01/04/2025", "31/03/2026", damaged())
    (submissions / "submissions.csv").write_text(
        "file_name,imported_at\nearlier.csv,2026-01-20\nlatest.csv,2026-04-20\n"
        "209_earlier.csv,2026-01-20\n209_latest.csv,2026-02-20\n304.csv,2026-04-20\n"
    )
    (lists / "2e.csv").write_text(
        "la_code,la_person_unique_identifier,measure,description,group,numerator,denominator\n"
        + "".join(
            f"409,{person},ASCOF 2E,The proportion of people aged 65+ who receive long-term support "
            f"who live in their home or with family (%),Total,{numerator},1\n"
            for person, numerator in (
                ("STAYS", 1),
                ("ends", 0),
                ("reopens", 1),
                ("reset", 1),
                ("late", 1),
                ("stranger", 1),
            )
        )
    )
    for name, lines in RETURNED.items():
        text = "\n".join(lines) + "\n"
        if name == "2c.csv":
            text = text.replace("\n", ";304\n").replace("identifier;304", "identifier;la code")
            (lists / "2c again.csv").write_text(text, encoding="cp1252")
        (lists / name).write_text(text, encoding="utf-8-sig")
    done = dbt(
        folder,
        "build",
        "--quiet",
        "--select",
        "+dhsc",
        "+sub_changes",
        "--exclude",
        "resource_type:unit_test",
        "--indirect-selection",
        "cautious",
        dhsc_lists_path=str(lists),
        joined_period_start="2025-01-01",
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return folder


@pytest.fixture(scope="module")
def moved(built):
    """After the one command that computes the state before the latest submissions."""
    done = subprocess.run(
        [sys.executable, "-m", "asc_cld.measure_movement", "--vars", "{joined_period_start: 2025-01-01}"],
        cwd=built,
        # As a line of council.yml would: the state before has a first day of its own.
        env=environment(built, **SETTINGS, reporting_period_start="2025-04-01"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    # Sentences, and none of dbt's own log.
    *said, last = done.stdout.splitlines()
    assert [line.split(":")[0] for line in said] == ["209", "304", "409"], done.stdout
    assert re.fullmatch(r"409: Compared: .* figures moved, by [1-9][0-9]* people\.", said[2]), said[2]
    assert "dhsc.dhsc_movement_people" in last
    return built


def query(folder: pathlib.Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_noughts_of_a_council_without_a_file_of_the_12_months_are_called_no_figures(built):
    noted = query(
        built, "select distinct la_code, note from dhsc.ascof_measures where note like 'No figure%'"
    )
    taken = query(built, "select la_code from dhsc.dhsc_selection where events_table = 'single'")
    councils = query(built, "select distinct la_code from dhsc.ascof_measures")
    assert (
        taken
        and noted
        and {code for code, _ in noted} == {code for (code,) in councils} - {code for (code,) in taken}
    )


def test_changes_are_named(built):
    found = query(
        built,
        "select la_person_unique_identifier, change, fields_changed, coalesce(period_effect, remark)"
        " from submissions.sub_changes where la_code = '409' order by all",
    )
    assert found == [
        ("changes", "changed", "delivery_mechanism", None),
        ("ends", "ended", "event_end_date", None),
        ("late", "added", None, "was due in the period of the earlier submission: late"),
        ("lost", "removed", None, "still due in the period of the latest submission"),
        ("moved", "start_reset", "event_start_date", "the start moved: DHSC takes it for another event"),
        ("new", "added", None, "entered the period"),
        ("past", "removed", None, "left the period"),
        ("renamed", "changed", "nhs_number", None),
        ("reopens", "reopened", "event_end_date", None),
        (
            "reset",
            "start_reset",
            "event_start_date",
            "1 April reset: the start was moved to the beginning of a financial year",
        ),
        (
            "vanishes",
            "removed",
            None,
            "open service vanished: DHSC will end it on 31 Mar 2025",
        ),
    ]


def test_events_are_paired_without_a_reference_to_rely_on(built):
    found = query(
        built,
        "select la_person_unique_identifier, change, fields_changed, coalesce(period_effect, remark)"
        " from submissions.sub_changes where la_code = '209' order by all",
    )
    assert found == [
        ("another in January", "added", None, "entered the period"),
        ("another in January", "removed", None, "open service vanished: DHSC will end it on 31 Jan 2025"),
        ("began and vanished", "removed", None, "service vanished: DHSC will no longer count it"),
        ("component", "changed", "service_component", None),
        (
            "corrected start",
            "start_reset",
            "event_start_date",
            "the start moved: DHSC takes it for another event",
        ),
        ("dearer line", "changed", "unit_cost", None),
        ("died", "removed", None, "left the period"),
        ("due for a day", "removed", None, "service vanished: DHSC will end it on 31 Jan 2025"),
        ("late", "added", None, "was due in the period of the earlier submission: late"),
        ("left", "removed", None, "left the period"),
        ("left", "removed", None, "left the period"),
        (
            "moved to April",
            "start_reset",
            "event_start_date",
            "1 April reset: the start was moved to the beginning of a financial year",
        ),
        ("never ended", "removed", None, "no end date: the centre does not count it"),
        ("new id", "changed", "la_person_unique_identifier", None),
        (
            "one of two equal",
            "removed",
            None,
            "one of several rows of the same event: the other file holds it too",
        ),
        ("split in April", "ended", "event_end_date", None),
        (
            "split in April",
            "start_reset",
            "event_start_date",
            "1 April reset: the service before it ended on 31 March and begins anew",
        ),
    ]


def test_vanished_services_are_cropped(built):
    found = query(
        built,
        "select la_person_unique_identifier, cast(der_event_end_date as varchar)"
        " from dhsc.dhsc_events_joined where is_cropped and la_code = '409' order by all",
    )
    # The earlier file holds January to March 2025 only: what the latest no longer has ends there.
    # A start that moved makes another event, so the one before it ends too.
    assert found == [
        ("moved", "2025-03-31"),
        ("renamed", "2025-03-31"),
        ("reset", "2025-03-31"),
        ("vanishes", "2025-03-31"),
    ]


def test_returned_lists_are_compared_person_by_person(built):
    found = {
        person: (result, reason)
        for person, result, reason in query(
            built,
            "select la_person_unique_identifier, result, likely_reason from dhsc.dhsc_reconciliation"
            " where la_code = '409'",
        )
    }
    assert {person: result for person, (result, _) in found.items()} == {
        "stays": "agreed",
        "reopens": "agreed",
        "reset": "agreed",
        "ends": "different",
        "changes": "only ours",
        "moved": "only ours",
        "renamed": "only ours",
        "late": "only theirs",
        "stranger": "only theirs",
    }
    assert "none of the submissions" in found["stranger"][1]
    assert found["late"][1] == "Here the person has no long term service in the period"


def test_reasons_of_the_comparison_are_true(built):
    found = query(
        built,
        """
        select measure, "group", lower(trim(la_person_unique_identifier)), result, likely_reason
        from dhsc.dhsc_reconciliation
        where la_code in ('304', 'E10000001x') and (result != 'only ours' or measure != '2E 65+') order by all
        """,
    )
    other_period = "The list is for another period: 1 Jan 25 - 31 Dec 25"
    assert found == [
        (
            "2A",
            "Total",
            "declined",
            "only theirs",
            "Here the episode is in neither numerator nor denominator: NFA: Support declined",
        ),
        (
            "2A",
            "Total",
            "only",
            "only theirs",
            "Here no short term support (ST-Max) of an adult ended in the period",
        ),
        ("2C", "65 and above", "0042", "agreed", None),
        (
            "2C",
            "65 and above",
            "home without component",
            "only theirs",
            "Here the care home service has no component, which leaves it out",
        ),
        ("2C", "65 and above", "only", "only theirs", "Here no admission of the person counts in the period"),
        (
            "2E 65+",
            "Male",
            "only",
            "only theirs",
            "Counted here in 2E 65+, Female: age, gender or support reason differ",
        ),
        (
            "2E 65+",
            "Total",
            "declined",
            "only theirs",
            "Here the person has no long term service in the period",
        ),
        (
            "2E 65+",
            "Total",
            "died",
            "only theirs",
            "All rows of the person are dropped here: ends_before_period",
        ),
        (
            "2E 65+",
            "Total",
            "elsewhere",
            "only theirs",
            "The identifier is in none of the submissions selected here",
        ),
        (
            "2E 65+",
            "Total",
            "first id",
            "only theirs",
            "Counted here under another identifier of the same NHS number: second id",
        ),
        (
            "2E 65+",
            "Total",
            "no accommodation",
            "different",
            "Here: Unknown: Presumed in community. DHSC may have used an earlier file or other details of the person",
        ),
        (
            "2E 65+",
            "Total",
            "no mechanism",
            "different",
            "DHSC lists the identifier more than once: to it these are several people, by the NHS number",
        ),
        ("2E 65+", "Total", "only", "agreed", None),
        ("2E 65+", "Total", "only", "not compared", other_period),
        ("2E 65+", "Total", None, "not compared", "The line has no identifier of a person"),
        (
            "ASCOF 2D",
            "Total",
            "only",
            "not compared",
            "No measure computed here has this name, description and group",
        ),
    ]
    assert query(
        built,
        "select likely_reason from dhsc.dhsc_reconciliation where lower(la_person_unique_identifier) = 'second id'",
    ) == [("DHSC lists the person under another identifier of the same NHS number: first id",)]


def test_damage_is_counted(built):
    damage = query(
        built,
        "select measure, cause, effect, row_count, people from dhsc.dhsc_damage where la_code = '304' order by all",
    )
    assert damage == DAMAGE
    unknowns = dict(
        query(built, "select dhsc_measure, people from dhsc.ascof_unknowns where la_code = '304'")
    )
    assert unknowns == {"ASCOF 2E": 3, "ASCOF 2E LD": 0, "ASCOF 3D (Clients)": 2, "ASCOF 3D (Carers)": 0}
    # Every row that is dropped for good is in the report, but the carer who has no event to lose.
    missing = query(
        built,
        """
        select d.reason from dhsc.dhsc_dropped_rows as d inner join submissions.sub_rows as r using (row_id)
        where d.events_table = 'single' and d.kept_row_id is null and r.la_code = '304'
            and d.row_id not in (select row_id from dhsc.dhsc_damage_rows where row_id is not null)
        """,
    )
    assert missing == [("no_event_type",)]


VERDICTS = "select la_code, verdict from dhsc.dhsc_movement_verdicts order by all"


def test_without_the_earlier_state_nothing_is_compared(built):
    found = query(built, VERDICTS)
    assert found == [
        (
            "209",
            "Not compared: the latest submission states a period to 31 Jan 2026, these figures are to 31 Mar 2026."
            " Set reporting_period_end to the end of the latest submission",
        ),
        ("304", "Nothing to compare with: the council has one submission"),
        (
            "409",
            "Not compared: the figures before the latest submission have not been computed."
            " Run asc-cld movement",
        ),
    ]
    assert query(built, "select count(*) from dhsc.dhsc_movement_people") == [(0,)]
    assert query(
        built,
        "select count(*) from dhsc.dhsc_measure_movement where previous_numerator is not null or is_compared",
    ) == [(0,)]


def test_figures_move_by_the_people_who_joined_and_left(moved):
    assert query(moved, VERDICTS)[2] == (
        "409",
        "Compared: 1 Jan 2025 to 31 Dec 2025 with 1 Apr 2025 to 31 Mar 2026",
    )
    figures = query(
        moved,
        """
        select measure, previous_numerator, numerator, previous_denominator, denominator, outcome_change
        from dhsc.dhsc_measure_movement
        where la_code = '409' and "group" = 'Total' and numerator + previous_numerator > 0 order by all
        """,
    )
    # Counted by hand from rows_of_both(): everybody is 75 and lives in a rented home.
    assert figures == [
        ("2E 65+", 9, 7, 9, 7, 0.0),
        ("3D 1a", 0, 1, 7, 6, 16.7),
        ("3D 2a", 0, 1, 7, 6, 16.7),
        ("LTS001a", 9, 7, None, None, -2.0),
        ("LTS001b", 7, 6, None, None, -1.0),
    ]
    people = query(
        moved,
        """
        select measure, la_person_unique_identifier, movement, cause, changes
        from dhsc.dhsc_movement_people where "group" = 'Total' and measure != '3D 1a' order by all
        """,
    )
    gone = "removed service of 2024-02-01"
    past = "removed service of 2024-02-01 (left the period)"
    ended = "ended service of 2024-02-01 (event_end_date)"
    reopened = "reopened service of 2024-02-01 (event_end_date)"
    period = "events left or entered the period"
    assert people == [
        ("2E 65+", "past", "left numerator and denominator", period, past),
        ("2E 65+", "vanishes", "left numerator and denominator", "events changed", gone),
        (
            "3D 2a",
            "changes",
            "joined numerator",
            "events changed",
            "changed service of 2024-02-01 (delivery_mechanism)",
        ),
        ("3D 2a", "ends", "left denominator", "events changed", ended),
        ("3D 2a", "reopens", "joined denominator", "events changed", reopened),
        ("3D 2a", "vanishes", "left denominator", "events changed", gone),
        ("LTS001a", "past", "left numerator", period, past),
        ("LTS001a", "vanishes", "left numerator", "events changed", gone),
        ("LTS001b", "ends", "left numerator", "events changed", ended),
        ("LTS001b", "reopens", "joined numerator", "events changed", reopened),
        ("LTS001b", "vanishes", "left numerator", "events changed", gone),
    ]


def test_the_earlier_state_takes_the_place_of_nothing(moved):
    assert query(moved, "select distinct cast(period_end as varchar) from dhsc.ascof_measures") == [
        ("2026-03-31",)
    ]
    assert query(moved, "select count(*) from duckdb_tables() where schema_name = 'dhsc_earlier'") == [(0,)]


def test_what_a_killed_computation_left_behind_is_gone_with_the_next_run(moved):
    with duckdb.connect(str(moved / DATABASE)) as connection:
        connection.execute("create schema dhsc_earlier")
        connection.execute("create table dhsc_earlier.dhsc_headline_people as select 'a person' as person")
    done = run_dbt(moved, "run", "--quiet", "--select", "dhsc_calendar", **SETTINGS)
    assert done.returncode == 0, done.stdout
    assert query(moved, "select count(*) from duckdb_schemas() where schema_name = 'dhsc_earlier'") == [(0,)]


def test_every_row_is_kept_or_dropped(built):
    found = query(
        built,
        """
        select s.events_table, r.row_id
        from dhsc.dhsc_selection as s
        inner join submissions.sub_rows as r using (submission_id)
        left join dhsc.dhsc_dropped_rows as d
            on d.events_table = s.events_table and d.row_id = r.row_id
        left join dhsc.dhsc_kept_events as k
            on k.events_table = s.events_table and k.kept_row_id = r.row_id
        where (d.row_id is null) = (k.kept_row_id is null)
        """,
    )
    assert found == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "la_code,measure\n409,ASCOF 2A\n",
            "broken.csv has no column la_person_unique_identifier, group, numerator",
        ),
        (
            LIST_HEADER + "7,2A,Total,1,1\n7,2A,Total,one,1\n",
            "broken.csv, line 3, column numerator: not a whole",
        ),
        (LIST_HEADER + "7,2A,Total,1\n", "broken.csv, line 2: 4 cells where the header has 5"),
        (
            LIST_HEADER.replace("\n", ",Measure\n"),
            "broken.csv, line 1, column measure: stands more than once",
        ),
        ("", "broken.csv: the file is empty."),
    ],
)
def test_a_list_that_cannot_be_used_is_named(tmp_path, text, said):
    (tmp_path / "broken.csv").write_text(text)
    with pytest.raises(InputError, match=re.escape(said)):
        read_lists(tmp_path, LISTS["returned_rows"])


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        (
            "dhsc_lists_path",
            LIST_HEADER + "7,2A,Total,secret,1\n",
            "broken.csv, line 2, column numerator: not a whole number",
        ),
        ("submissions_path", "secret,b\n1,2\n", "broken.csv, line 1: none of the columns"),
    ],
)
def test_a_folder_that_cannot_be_read_stops_the_run_before_anything_is_built(
    built, tmp_path, setting, text, said
):
    (tmp_path / "broken.csv").write_text(text)
    models = ("stg_submissions__returned_rows", "stg_submissions__files", "sub_returned_rows")
    done = dbt(built, "run", "--select", *models, **{setting: str(tmp_path)})
    assert done.returncode != 0
    assert said in done.stdout and "secret" not in done.stdout
    assert not [line for line in done.stdout.splitlines() if " model " in line and " START " in line]


def exported(database: pathlib.Path, folder: pathlib.Path, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "asc_cld.export_powerbi",
            "--database",
            database,
            "--folder",
            folder,
            *options,
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )


def test_export_is_a_star(moved, tmp_path):
    folder = tmp_path / "powerbi"
    database = shutil.copy(moved / DATABASE, tmp_path / "council.duckdb")
    with duckdb.connect(database) as connection:
        connection.execute(
            "update dhsc.dhsc_movement_people set event_references = 'Reference 7', changes = 'new Reference 7'"
        )
    done = exported(database, folder, "--with-identifiers")
    assert done.returncode == 0, done.stderr
    names = {path.stem for path in folder.iterdir()}
    assert {f"{name}.parquet" for name in names} == {path.name for path in folder.iterdir()}
    read = duckdb.connect()
    for name in names:
        read.execute(f"create view {name} as from '{folder}/{name}.parquet'")
    for fact in ("services", "requests", "assessments", "reviews", "costs"):
        for dimension in ("client_type", "gender", "ethnicity", "primary_support_reason"):
            orphans = read.sql(
                f"select {dimension} from {fact} where {dimension} is not null and {dimension} not in"
                f" (select dimension_value from dhsc_dimensions where dimension = '{dimension}')"
            ).fetchall()
            assert orphans == [], fact
        assert read.sql(
            f"select count(*) from {fact} anti join dhsc_councils using (la_code)"
        ).fetchall() == [(0,)]
        assert read.sql(f"select count(*) from {fact} anti join people using (person_key)").fetchall() == [
            (0,)
        ]
    assert read.sql("select count(*) from services").fetchall()[0][0] > 6
    assert read.sql(
        "select count(*), min(calendar_date), max(calendar_date), list(distinct quarter order by quarter)"
        " from dhsc_calendar"
    ).fetchall() == [(365, datetime.date(2025, 4, 1), datetime.date(2026, 3, 31), ["Q1", "Q2", "Q3", "Q4"])]
    inside = "event_start_date between date '2025-04-01' and date '2026-03-31'"
    assert read.sql(
        f"select count(*) from services anti join dhsc_calendar on event_start_date = calendar_date where {inside}"
    ).fetchall() == [(0,)]
    # Who a key is stands in people.parquet only.
    identifying = [
        (name, column)
        for name in names - {"people"}
        for column in read.table(name).columns
        if column in ("der_nhs_la_combined_person_id", "la_person_unique_identifier", "nhs_number")
    ]
    assert identifying == []
    # Nor do texts hold references.
    telling = [name for name in names if "Reference 7" in str(read.table(name).fetchall())]
    assert telling == []
    assert read.sql(
        "select count(*) from people where la_person_unique_identifier = 'second id'"
    ).fetchall() == [(1,)]

    keys = "select * exclude (person_key), person_key from people order by all"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert exported(database, folder, "--with-identifiers").returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    # After another submission nobody has the key of last time.
    rebuilt, keys_before = tmp_path / "rebuilt.duckdb", read.sql(keys).fetchall()
    shutil.copy(database, rebuilt)
    with duckdb.connect(rebuilt) as connection:
        connection.execute("update dhsc.dhsc_periods set submission_id = 'another' where la_code = '304'")
    assert exported(rebuilt, folder, "--with-identifiers").returncode == 0
    keys_after = read.sql(keys).fetchall()
    same = [key for key, after in zip(keys_before, keys_after, strict=True) if key == after]
    assert len(keys_after) > 20 and len(same) < len(keys_after) / 3

    again = exported(database, folder)
    assert again.returncode == 0, again.stderr
    assert {path.stem for path in folder.iterdir()} == names - {"people"}


def test_export_says_what_is_wrong(moved, tmp_path):
    missing = exported(tmp_path / "none.duckdb", tmp_path / "powerbi")
    assert missing.returncode == 1 and "There is no database" in missing.stderr
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    not_built = exported(empty, tmp_path / "powerbi")
    assert not_built.returncode == 1 and "build the dhsc models first" in not_built.stderr
    with duckdb.connect(str(moved / DATABASE)):
        locked = exported(moved / DATABASE, tmp_path / "powerbi")
    assert locked.returncode == 1 and "in use by another program" in locked.stderr, locked.stderr
    assert not (tmp_path / "powerbi").exists()
