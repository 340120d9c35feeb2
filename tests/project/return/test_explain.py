"""`explain`: why a cell says what it says, why one is blank, and why a record is not in the return."""

import csv
import io
import re
import shutil
from types import SimpleNamespace

import duckdb
import pytest

from asc_cld import explain
from asc_cld.database import open_database


@pytest.fixture(scope="module")
def council(demo_build):
    connection = open_database(demo_build.database)
    yield connection
    connection.close()


def run(capsys, demo_build, *arguments):
    code = explain.main([*arguments, "--database", str(demo_build.database)])
    return SimpleNamespace(code=code, text=capsys.readouterr().out)


def one(council, sql):
    return council.execute(sql).fetchall()[0][0]


def test_every_field_of_an_event_has_its_cell_record_and_rule(demo_build, council, capsys):
    reference = one(
        council, "select min(event_reference) from cld.cld_return_rows where event_type = 'Request'"
    )
    said = run(capsys, demo_build, reference)
    assert said.code == 0
    begins = one(
        council, f"select event_start_date from cld.cld_return_rows where event_reference = '{reference}'"
    )
    assert f"Request of {begins}" in said.text
    assert re.search(r"  gender \S+ of map_codes  ", said.text) and "map_codes:" not in said.text
    # Not one field of another kind of event.
    assert "Service Component" not in said.text


def test_the_answer_to_why_blank_is_the_record_that_holds_nothing(demo_build, council, capsys):
    reference = one(
        council,
        "select min(event_reference) from cld.cld_return_rows where event_type = 'Request'"
        " and event_description is null and event_reference in"
        " (select contact_id from staging.stg_extracts__contact where description is null)",
    )
    said = run(capsys, demo_build, reference, "--field", "event_description", "--format", "csv")
    assert said.code == 0
    assert "blank: nothing is recorded there" in said.text
    not_asked = run(capsys, demo_build, reference, "--field", "Service Type", "--format", "csv")
    assert "the return does not ask for it" in not_asked.text


def test_a_code_that_nobody_could_read_is_why_the_cell_is_blank(demo_build, council, capsys):
    row, field = council.execute(
        "select event_reference, cld_field from cld.cld_cell_lineage where why_blank = 'not_understood'"
        " and event_reference is not null order by all"
    ).fetchall()[0]
    said = run(capsys, demo_build, row, "--field", field, "--format", "csv")
    assert "nobody could read it" in said.text


def test_no_identifier_stands_beside_hidden(demo_build, council, capsys):
    reference, person = council.execute(
        "select event_reference, la_person_unique_identifier from cld.cld_return_rows"
        " where event_type = 'Service' order by all"
    ).fetchall()[0]
    personal = council.execute(
        "select lineage.cld_value, lineage.raw_value, lineage.source_record_id from cld.cld_cell_lineage as lineage"
        " inner join specification.spec_fields as fields on lineage.cld_field = fields.header"
        " where lineage.event_reference = ? and fields.personal_identifiable <> 'no'",
        [reference],
    ).fetchall()
    secrets = {str(cell) for cells in personal for cell in cells if cell and len(str(cell)) > 3}
    assert person in secrets
    for form in ("text", "csv", "html"):
        hidden = run(capsys, demo_build, reference, "--format", form).text
        words = set(hidden.replace("<td>", " ").replace("</td>", " ").replace(",", " ").split())
        assert "(hidden)" in hidden
        assert not {secret for secret in secrets if secret in words}
    assert person in run(capsys, demo_build, reference, "--with-identifiers").text


def test_a_record_that_is_left_out_says_why(demo_build, council, capsys):
    record, reason = council.execute(
        "select source_record_id, reason from cld.cld_exclusions where source_table = 'assessment' order by all"
    ).fetchall()[0]
    for arguments in ((record,), ("--record", record)):
        said = run(capsys, demo_build, *arguments)
        assert said.code == 1
        assert reason in " ".join(said.text.split())


def test_a_person_is_told_of_by_identifier_and_nhs_number(demo_build, council, capsys):
    person, number = council.execute(
        "select person_id, nhs_number from conformed.cnf_people where nhs_number is not null and person_id in"
        " (select person_id from cld.cld_rows) order by all"
    ).fetchall()[0]
    by_identifier = run(capsys, demo_build, "--person", person)
    assert by_identifier.code == 0
    assert run(capsys, demo_build, "--person", number).text == by_identifier.text
    assert person not in by_identifier.text.split()
    excluded = one(
        council, "select min(source_record_id) from cld.cld_exclusions where source_table = 'person'"
    )
    assert run(capsys, demo_build, "--person", excluded).code in (0, 1)


def test_a_merged_record_leads_to_the_surviving_one(demo_build, council, capsys):
    merged = one(
        council,
        "select min(person_id) from conformed.cnf_person_records where survivor_person_id <> person_id"
        " and survivor_person_id in (select person_id from cld.cld_rows)",
    )
    said = run(capsys, demo_build, "--person", merged)
    assert said.code == 0
    assert "merged into another one" in said.text


@pytest.mark.parametrize(
    "odd", ["x'; drop table cld.cld_rows; --", "[bold]no[/bold]", "\x1b[31mred", "%", ""]
)
def test_an_odd_reference_is_text(demo_build, capsys, odd):
    said = run(capsys, demo_build, odd)
    assert said.code == 1
    assert "no event reference" in said.text
    assert "\x1b" not in said.text


def test_rows_that_share_a_reference_are_told_apart(demo_build, council, tmp_path, capsys):
    first, second = council.execute(
        "select cld_row_id, event_reference from cld.cld_return_rows where event_type = 'Request' order by 2 limit 2"
    ).fetchall()
    database = tmp_path / demo_build.database.name
    shutil.copy(demo_build.database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update cld.cld_return_rows set event_reference = ? where cld_row_id = ?", [second[1], first[0]]
        )
    assert explain.main([second[1], "--database", str(database)]) == 0
    said = capsys.readouterr().out
    assert "2 rows of the return share this event reference" in said
    assert said.count("of the file: Request") == 2


def test_the_csv_and_the_page_hold_what_the_text_holds(demo_build, council, tmp_path, capsys):
    reference = one(
        council, "select min(event_reference) from cld.cld_return_rows where event_type = 'Service'"
    )
    rows = list(csv.DictReader(io.StringIO(run(capsys, demo_build, reference, "--format", "csv").text)))
    page = tmp_path / "why.html"
    run(capsys, demo_build, reference, "--format", "html", "--to", str(page))
    assert page.stat().st_mode & 0o077 == 0
    text, html = run(capsys, demo_build, reference).text, page.read_text()
    assert len(rows) > 20
    for row in rows:
        assert row["Field"] in text
        assert row["Field"] in html
    assert "://" not in html


@pytest.mark.parametrize("arguments", [(), ("CN1", "--person", "P1"), ("--record", "A", "--person", "P1")])
def test_one_question_at_a_time(demo_build, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        run(capsys, demo_build, *arguments)
    assert stopped.value.code == 2


def test_an_unknown_field_is_answered_with_the_nearest(demo_build):
    with pytest.raises(SystemExit) as stopped:
        explain.main(["CN1", "--field", "Etnicity", "--database", str(demo_build.database)])
    assert "Ethnicity" in str(stopped.value)
