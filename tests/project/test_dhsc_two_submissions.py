"""Two submissions of one council, made here from a few invented rows: what changed between them, what
DHSC crops, how our people compare with the lists DHSC returned, and the export for Power BI."""

import csv
import os
import pathlib
import subprocess
import sys

import duckdb
import pytest

PROJECT = pathlib.Path(__file__).parents[2]
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


def rows_of_both() -> tuple[list[dict], list[dict]]:
    """(earlier file, latest file); each person is one case."""

    def service(person, start, end="", **more):
        row = {"la_person_unique_identifier": person, "event_start_date": start}
        return SERVICE | row | {"event_end_date": end} | more

    def request(person, start, end, **more):
        row = {"la_person_unique_identifier": person, "event_start_date": start}
        return REQUEST | row | {"event_end_date": end} | more

    earlier = [
        service("stays", "01/02/2024"),
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


def write_file(path: pathlib.Path, start: str, end: str, rows: list[dict]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS.values())
        for row in rows:
            row = row | {"reporting_period_start_date": start, "reporting_period_end_date": end}
            writer.writerow([row.get(name, "") for name in HEADERS])


def dbt(folder: pathlib.Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess:
    environment = os.environ | {
        "CLD_DATABASE_PATH": str(folder / "cld.duckdb"),
        "CLD_METHOD_VERSION": "sep2026",
        "CLD_SUBMISSIONS_PATH": str(folder / "submissions"),
        "CLD_SUBMISSION_SELECTION": "stated",
        "CLD_REPORTING_PERIOD_END": "2026-03-31",
        "CLD_SUBMISSION_DATE": "2026-04-20",
        "CLD_LA_CODE": "409",
        "CLD_INCLUDE_BUILT": "false",
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    command = pathlib.Path(sys.executable).parent / "dbt"
    return subprocess.run(
        [command, *arguments],
        cwd=PROJECT,
        env=environment | {f"CLD_{name.upper()}": value for name, value in settings.items()},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two_submissions")
    submissions, lists = folder / "submissions", folder / "lists"
    submissions.mkdir()
    lists.mkdir()
    earlier, latest = rows_of_both()
    write_file(submissions / "earlier.csv", "01/01/2025", "31/12/2025", earlier)
    write_file(submissions / "latest.csv", "01/04/2025", "31/03/2026", latest)
    (submissions / "submissions.csv").write_text(
        "file_name,imported_at\nearlier.csv,2026-01-20\nlatest.csv,2026-04-20\n"
    )
    (lists / "2e.csv").write_text(
        "la_code,la_person_unique_identifier,measure,description,group,numerator,denominator\n"
        + "".join(
            f"409,{person},ASCOF 2E,The proportion of people aged 65+ who receive long-term support "
            f"who live in their home or with family (%),Total,{numerator},1\n"
            for person, numerator in (
                ("STAYS", 1), ("ends", 0), ("reopens", 1), ("reset", 1), ("late", 1), ("stranger", 1)
            )
        )
    )
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


def query(folder: pathlib.Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(folder / "cld.duckdb"), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_changes_are_named(built):
    found = query(
        built,
        "select la_person_unique_identifier, change, fields_changed, remark"
        " from submissions.sub_changes order by all",
    )
    assert found == [
        ("changes", "changed", "delivery_mechanism", None),
        ("ends", "ended", "event_end_date", None),
        ("late", "added", None, "started before the earlier period ended"),
        ("lost", "removed", None, "still due in the new period"),
        ("moved", "start_reset", "event_start_date", None),
        ("new", "added", None, None),
        ("past", "removed", None, "ended before the new period: no longer due"),
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
            "open service vanished: DHSC will end it on the last day of the earlier period",
        ),
    ]


def test_vanished_services_are_cropped(built):
    found = query(
        built,
        "select la_person_unique_identifier, cast(der_event_end_date as varchar)"
        " from dhsc.dhsc_events_joined where is_cropped order by all",
    )
    # The earlier file holds January to March 2025 only: what the latest no longer has ends there.
    # A start that moved makes another event, so the one before it ends too.
    assert found == [
        ("moved", "2025-03-31"),
        ("reset", "2025-03-31"),
        ("vanishes", "2025-03-31"),
    ]


def test_returned_lists_are_compared_person_by_person(built):
    found = dict(
        (person, (result, reason))
        for person, result, reason in query(
            built,
            "select la_person_unique_identifier, result, likely_reason from dhsc.dhsc_reconciliation",
        )
    )
    assert {person: result for person, (result, _) in found.items()} == {
        "stays": "agreed",
        "reopens": "agreed",
        "reset": "agreed",
        "ends": "different",
        "changes": "only ours",
        "moved": "only ours",
        "late": "only theirs",
        "stranger": "only theirs",
    }
    assert "none of the submissions" in found["stranger"][1]
    assert "not in the measure" in found["late"][1]


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


def test_a_list_without_a_column_is_named(built, tmp_path):
    (tmp_path / "broken.csv").write_text("la_code,measure\n409,ASCOF 2A\n")
    done = dbt(built, "compile", "--select", "dhsc_returned_lists", dhsc_lists_path=str(tmp_path))
    assert done.returncode != 0
    assert "broken.csv has no column la_person_unique_identifier" in done.stdout


def test_export_writes_every_table(built, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "asc_cld.export_powerbi", "--database", built / "cld.duckdb",
         "--folder", tmp_path / "powerbi"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    services = duckdb.sql(f"select count(*) from '{tmp_path}/powerbi/services.parquet'").fetchall()
    assert services == [(6,)]
    assert not list((tmp_path / "powerbi").glob("*.part"))
