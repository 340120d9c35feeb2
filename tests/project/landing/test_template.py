"""An empty template to fill, and the look at a folder of extracts that says where it is not as the contract has it."""

from __future__ import annotations

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import DEMO_EXTRACTS, edit
from typer.testing import CliRunner

from asc_cld.command_line import app
from asc_cld.specification import extract_columns, extract_names


def call(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})


@pytest.fixture
def filled(tmp_path):
    shutil.copytree(DEMO_EXTRACTS, tmp_path / "filled")
    return tmp_path / "filled"


def test_the_template_has_every_header_and_can_be_read(tmp_path):
    folder = tmp_path / "new" / "extracts"
    done = call("template", folder)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.csv" for name in extract_names())
    for name in extract_names():
        assert (folder / f"{name}.csv").read_bytes() == (",".join(extract_columns(name)) + "\n").encode()
    looked = call("doctor", "--extracts", folder)
    assert looked.exit_code == 0, looked.output
    assert looked.output.count("0 records") == 15


@pytest.mark.parametrize("there", ["person.csv", "Person.XLSX", "team.parquet"])
def test_a_template_takes_no_place_of_an_extract(tmp_path, there):
    (tmp_path / there).write_text("mine")
    done = call("template", tmp_path)
    assert done.exit_code == 2 and there in done.output
    assert [path.name for path in tmp_path.iterdir()] == [there]


def test_a_good_folder_is_good_and_what_is_planted_in_it_is_counted(filled):
    looked = call("doctor", "--extracts", filled)
    assert looked.exit_code == 0, looked.output
    assert "The folder is as the contract has it." in looked.output
    assert "service_line.package_id" in looked.output


def test_what_is_wrong_with_a_folder_is_named_by_file_and_column_and_no_value_is_shown(filled):
    def spoil(rows):
        for row in rows[3:5]:
            row["status"] = "Quuxed"
        rows[7]["person_id"] = "P-NOBODY"
        return rows

    edit(filled / "contact.csv", spoil)
    edit(
        filled / "review.csv", lambda rows: [{k: v for k, v in row.items() if k != "status"} for row in rows]
    )
    (filled / "team.csv").unlink()
    looked = call("doctor", "--extracts", filled)
    assert looked.exit_code == 1
    said = " ".join(looked.output.split())
    assert "review.csv: required column missing: status" in said
    assert "team: no file team.csv" in said
    assert "contact.status 2 records hold a word that is not known" in said
    assert "contact.person_id 3 records refer to no person" in said
    assert "2 to mend" in said
    assert "Quuxed" not in said and "NOBODY" not in said


def test_keys_that_an_export_made_numbers_still_refer(filled):
    for name in ("contact", "assessment", "review"):
        (filled / f"{name}.csv").unlink()
        call("template", filled.parent / "template")
        shutil.copy(filled.parent / "template" / f"{name}.csv", filled)
    edit(filled / "team.csv", lambda rows: [row | {"team_id": "17"} for row in rows[:1]])
    packages = {
        "package_id": ["1", "2", "3"],
        "person_id": ["P1000001"] * 3,
        "subject_role": ["CLIENT"] * 3,
        "package_type_code": ["LT"] * 3,
        "status": ["ACTIVE"] * 3,
        "start_date": ["2026-01-01"] * 3,
        # An empty cell of a Parquet file is none at all.
        "end_date": pa.nulls(3, pa.date32()),
        "team_id": [17.0, 18.0, None],
    }
    (filled / "service_package.csv").unlink()
    pq.write_table(pa.table(packages), filled / "service_package.parquet")
    said = " ".join(call("doctor", "--extracts", filled).output.split())
    assert "service_package.team_id 1 records refer to no team of the extracts; the first is record 2" in said


def test_a_folder_that_is_not_there_is_named(tmp_path):
    done = call("doctor", "--extracts", tmp_path / "nowhere")
    assert done.exit_code == 1 and "there is no folder" in done.output
