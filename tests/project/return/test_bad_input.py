"""Bad input: a clear message, a non-zero exit, nothing written, the last return untouched."""

import csv
import re
import shutil
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from conftest import PROJECT, TO_THE_FILE, assert_refused, edit, run_again

from asc_cld import leak_search


def test_missing_folder(ready, tmp_path):
    run = run_again(ready, extracts_path=str(tmp_path / "nowhere"))
    assert_refused(run, ready, "the folder of extracts does not exist", "nowhere")


def as_american_settings_would(rows):
    """dd/mm/yyyy after a spreadsheet that takes the month to come first: what it can take for a day it makes one."""
    for row in rows:
        year, month, day = row["start_date"][:10].split("-")
        row["start_date"] = f"{year}-{day}-{month}" if day <= "12" else f"{day}/{month}/{year}"
    return rows


def test_everything_wrong_with_the_files_is_said_at_once(ready, extracts):
    (extracts / "review.csv").unlink()
    (extracts / "rate.csv").write_bytes(b"")
    text = (extracts / "contact.csv").read_text(encoding="utf-8-sig")
    (extracts / "contact.csv").write_text(text.replace("route_code", "rte_code", 1))
    edit(extracts / "assessment.csv", lambda rows: [*rows, rows[4]])
    edit(extracts / "address.csv", lambda rows: [rows[0] | {"address_id": " "}, *rows[1:]])
    edit(extracts / "service_package.csv", as_american_settings_would)
    with (extracts / "team.csv").open("ab") as stream:
        stream.write(b"T99,\x81\x8d\x9d,\n")
    with (extracts / "person.csv").open("a", encoding="utf-8") as stream:
        stream.write("P1,Zebedee,Quillfeather\n")
    run = run_again(ready)
    assert_refused(
        run,
        ready,
        "no file review.csv or review.parquet",
        "rate.csv: the file is empty",
        "contact.csv: required column missing: route_code",
        "assessment.csv: assessment_id is the primary key",
        "on lines 6, ",
        "address.csv: address_id is the primary key and is blank on line 2",
        "begins as UTF-8, but line 16 cannot be read as UTF-8",
        "service_package.csv, line ",
        "column start_date: ",
        "written yyyy-mm-dd and none of these is after the 12th of a month; those written dd/mm/yyyy are",
        "person.csv, line ",
        "3 cells where the header has",
    )
    # The row is named, never shown.
    logs = "".join(path.read_text() for path in (run.folder / "logs").iterdir())
    assert "Quillfeather" not in run.printed + logs


def test_one_unusable_file_is_enough_and_nothing_is_begun(ready, extracts):
    """Also where dbt stops at the first failure: nothing runs yet that it could stop in the middle."""
    (extracts / "team.csv").write_bytes(b"\xff\xfe\x00not text")
    run = run_again(ready, *TO_THE_FILE, "--fail-fast")
    assert_refused(run, ready, "team.csv, line 1: cannot be read as UTF-16", "Nothing was built")
    assert "START" not in run.printed.split("on-run-start.2")[-1]


def test_settings_that_cannot_be_used_are_named_together(ready):
    run = run_again(
        ready,
        reporting_period_start="2025-11-01",
        la_code="999",
        submission_date="2026-09-01",
        joined_period_start="01/04/2023",
    )
    assert_refused(
        run,
        ready,
        "2025-11-01 to 2026-09-30 is not 12 months",
        "la_code is '999', which is not in the list of councils",
        "sent after its reporting period has ended",
        "joined_period_start is '01/04/2023': write it as yyyy-mm-dd",
    )


def test_settings_of_another_type_or_name_are_named(ready):
    given = (
        '{la_kode: "213", share_k: "x", plausible_weekly_cost_max: "1 or 1=1", force_draft: maybe, '
        "reporting_period_end: banana, method_version: jun2026}"
    )
    run = run_again(ready, "build", "--select", "gov_run", "--vars", given)
    assert_refused(
        run,
        ready,
        "there is no setting called 'la_kode'; the nearest is la_code",
        "share_k is 'x', which is not a whole number of at least 2",
        "plausible_weekly_cost_max is '1 or 1=1', which is not a number",
        "force_draft is 'maybe': write true or false",
        "reporting_period_end is 'banana': write it as yyyy-mm-dd",
    )
    assert "method_version" not in run.printed.split("cannot be used")[1]


def test_period_that_does_not_end_with_a_quarter(ready):
    run = run_again(ready, reporting_period_end="2026-08-31")
    assert_refused(run, ready, "the return ends with a quarter")


def test_output_folder_that_cannot_be_written(ready, tmp_path):
    (tmp_path / "a_file").write_text("not a folder")
    run = run_again(ready, output_path=tmp_path / "a_file" / "output")
    assert_refused(
        run,
        ready,
        f"Nothing was built: the return cannot be written here (output_path): {tmp_path / 'a_file'} is a file",
    )


def test_date_that_is_no_date_and_a_file_without_records(ready, extracts):
    """An empty extract means no records; a date that is none is named, and its record goes to the exclusions. Of an
    optional column under a new name both names are told. A person where a team's name should be is told by the id."""
    event = ready.query(
        "select min(source_record_id) from council.cld.cld_events where source_table = 'contact'"
    )[0][0]

    def spoil(rows):
        return [r | {"completed_at": "31/02/2026"} if r["contact_id"].strip() == event else r for r in rows]

    edit(extracts / "contact.csv", spoil)

    with (extracts / "person.csv").open(encoding="utf-8-sig", newline="") as stream:
        person = next(csv.DictReader(stream))
    name = f"{person['surname'].upper()}, {person['forename']}"

    def rename(rows):
        for row in rows[1:]:
            row["team_name"] += " CafÃ©"
        rows[0]["team_name"] = name
        return [
            {{"service_area": "field_of_work"}.get(k, k): cell for k, cell in row.items()} for row in rows
        ]

    edit(extracts / "review.csv", lambda rows: [])
    edit(extracts / "team.csv", rename)
    team = (extracts / "team.csv").read_bytes()
    (extracts / "team.csv").write_bytes(team.removesuffix(b"\n").removesuffix(b"\r"))
    records = ready.query(
        "select records from council.staging.stg_extracts__files where source_table = 'review'"
    )
    run = run_again(ready)
    # Nothing else is held against the file: no word of the reviews.
    assert_refused(
        run,
        ready,
        "is not written: the checks do not let it. EXT-01 (1). In the extracts:"
        " contact.completed_at: 1 of kind date not understood,"
        ' 0 accepted: "99/99/9999" (1)\n',
        "NOT WRITTEN: the checks do not let it.\n  1 record against: ",
        "  Extracts without a record: review.\n"
        "  Optional columns that are not there and read as blank: team (service_area).\n"
        "  Columns that nobody reads: team (field_of_work).\n"
        "  Extracts that may have been cut short (is the file whole?): team (its last line has no end, as others have).\n"
        "  Letters damaged on the way: team (team_name: ",
        "  Extracts with far fewer records than the last other one of which a return was made (is the file whole?):"
        f" review (0, {records[0][0]} before).\n  Event types that do not occur (FIL-08): Review.\n",
        "    team_name holds a person's name or number: such a team is shown by its id (extract team: 1, the first in"
        " row 1)\n",
        "A file all the same, called DRAFT: asc-cld build --force-draft",
    )
    assert re.search(r"by team .*: T01 \d", run.printed)
    assert person["surname"].casefold() not in run.printed.casefold()
    assert run.query(
        f"select reason_code from council.cld.cld_exclusions where source_record_id = '{event}'"
    ) == [("UNREADABLE_DATE",)]
    assert run.query("select count(*) from council.cld.cld_events where event_type = 'Review'") == [(0,)]
    assert run.query("select max(abs(difference)) from council.cld.cld_reconciliation") == [(0,)]


NHS_NUMBER_FORMS = [
    "'{0}",
    '="{0}"',
    "NHS No: {0}",
    "{1}-{2}-{3}",
    "{1}.{2}.{3}",
    "{1}\u00a0{2}\u00a0{3}",
    "{1}\u2011{2}\u2011{3}",
    "{1}\u200d{2}\u200d{3}",
    "{0}.0",
    "{4}.{5}E+09",
    "{1} {2} {3}",
]


def in_other_forms(rows):
    """NHS numbers as systems and spreadsheets write them; the tenth digit of the number says how."""

    def other(row):
        number = row["id_value"]
        if row["id_type"] != "NHS" or not re.fullmatch("[0-9]{10}", number):
            return row
        parts = (number, number[:3], number[3:6], number[6:], number[0], number[1:])
        return row | {"id_value": NHS_NUMBER_FORMS[int(number[5:9]) % len(NHS_NUMBER_FORMS)].format(*parts)}

    return [other(row) for row in rows]


def in_quarter_hours(quantity, unit, factor):
    """Plans (factor 4) or prices (factor 1/4) by the hour as those by the quarter of an hour."""

    def change(rows):
        return [
            row | {quantity: str(Decimal(row[quantity]) * factor), unit: "15M"}
            if row[unit] == "HR" and re.fullmatch(r"[0-9]+(\.[0-9]+)?", row[quantity])
            else row
            for row in rows
        ]

    return change


def test_form_of_the_files_does_not_matter_nor_who_is_restricted(ready, extracts, tmp_path):
    """Parquet, semicolons, other capitals, extra columns, optional columns absent: the bytes of the demo's build.

    Everybody is restricted, and an opt-out stands beside: no row is dropped for that. The mappings come from a folder of the council's own at the same time, NHS numbers stand in eleven forms,
    and what is planned and priced by the hour is planned and priced by the quarter of an hour.
    """
    for mapping in (PROJECT / "seeds" / "mappings").glob("*.csv"):
        shutil.copy(mapping, tmp_path)
    edit(
        tmp_path / "map_units.csv",
        lambda rows: [
            *rows,
            dict.fromkeys(rows[0], "")
            | {
                "unit_code": "15M",
                "cost_frequency": "Hourly",
                "units_per_week": "0.25",
                "price_factor": "4",
            },
        ],
    )
    edit(extracts / "person_identifier.csv", in_other_forms)
    edit(extracts / "service_line.csv", in_quarter_hours("planned_units", "unit_code", 4))
    edit(extracts / "rate.csv", in_quarter_hours("amount", "per_unit_code", Decimal("0.25")))
    for name in ("contact", "rate", "person_classification"):
        path = extracts / f"{name}.csv"
        as_text = pa_csv.ConvertOptions(
            column_types={c: pa.string() for c in pa_csv.read_csv(path).column_names}
        )
        pq.write_table(pa_csv.read_csv(path, convert_options=as_text), path.with_suffix(".parquet"))
        path.unlink()
    edit(extracts / "relationship.csv", lambda rows: [r | {"case_note": "x"} for r in rows], delimiter=";")
    edit(extracts / "gp_registration.csv", lambda rows: rows, rename=str.upper)
    edit(
        extracts / "person.csv",
        lambda rows: [
            {k: v for k, v in row.items() if k != "title"} | {"restricted": "Y", "national_data_opt_out": "Y"}
            for row in rows
        ],
    )
    run = run_again(ready, mappings_path=str(tmp_path))
    assert run.exit_code == 0, run.printed
    quarters = (
        "select count(*) from council.conformed.cnf_rates where per_unit_code = '15M' and price = amount * 4"
    )
    assert run.query(quarters)[0][0] > 1000
    people, restricted = run.query(
        "select count(*), count_if(is_restricted) from council.conformed.cnf_people"
    )[0]
    assert people == restricted > 0
    assert run.return_file.read_bytes() == ready.bytes_before


def test_a_broken_value_fails_its_test_and_holds_the_file_back(demo_build, ready, extracts):
    """One code that no mapping knows, one NHS number with a wrong digit, one blank name."""
    people = [
        person
        for (person,) in demo_build.query(
            "select distinct la_person_unique_identifier from council.cld.cld_events"
            " where nhs_number is not null order by 1 limit 3"
        )
    ]

    def spoil_person(rows):
        for row in rows:
            if row["person_id"].strip() == people[0]:
                row["gender_code"] = "Q9"
            if row["person_id"].strip() == people[1]:
                row["surname"] = " "
        return rows

    def spoil_number(rows):
        for row in rows:
            if row["person_id"].strip() == people[2] and row["id_type"].strip() == "NHS":
                row["id_value"] = "9990000000"
        return rows

    edit(extracts / "person.csv", spoil_person)
    edit(extracts / "person_identifier.csv", spoil_number)
    # With the data tests: they are what holds the file back.
    run = run_again(ready, "build", "--selector", "return")
    assert_refused(run, ready)
    failed = set(re.findall(r"FAIL \d+ (dq_breaches__\S+)", run.printed))
    assert failed >= {"dq_breaches__MAN-06_gender", "dq_breaches__MAN-14_last_name"}
    assert any(name.startswith("dq_breaches__FMT-02") for name in failed)
    assert not any(person in run.printed for person in people)


def test_no_failing_run_writes_an_identifier(demo_build, workplace):
    """The logs and targets of all the runs above, most of which failed on spoilt input."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo_build.database}' as council (read_only); use council")
        identifiers = leak_search.Identifiers.of(connection)
    places = [workplace.folder / "logs", workplace.folder / "target"]
    assert places[0].is_dir()
    assert leak_search.search(identifiers, places).findings == []


def test_many_runs_in_one_folder_stay_within_their_bounds(workplace, tmp_path):
    """All the runs above went into one database and one output folder (docs/data-protection.md, Over time)."""
    compact = tmp_path / "compact.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{workplace.database}' as council (read_only)")
        connection.execute(f"attach '{compact}' as compact (storage_version 'v1.5.0')")
        connection.execute("copy from database council to compact")
    assert workplace.database.stat().st_size < 3 * compact.stat().st_size
    assert not any(workplace.folder.glob("*.spill/*"))
    # One return, one small manifest for each run that wrote it, and nothing half written.
    assert {path.suffix for path in workplace.output.iterdir()} == {".csv", ".json"}
    assert max(path.stat().st_size for path in workplace.manifests) < 100_000
