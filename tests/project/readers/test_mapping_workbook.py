"""The mappings as a workbook: what is in use, what is open, drop-downs; read back whole, or not at all."""

import csv
import re
import shutil

import pytest
from conftest import PROJECT
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from asc_cld import mapping_workbook, starter_mapping
from asc_cld.mapping_workbook import MAPPINGS
from asc_cld.nearest import likely
from asc_cld.readers.mapping_reader import read_mapping

EXTRACTS = PROJECT / "data" / "demo" / "extracts"
SEEDS = PROJECT / "seeds" / "mappings"


def command(*arguments):
    return mapping_workbook.main([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The workbook of a council that has mapped nothing yet."""
    folder = tmp_path_factory.mktemp("fresh")
    assert command("--extracts", EXTRACTS, "--folder", folder) == 0
    return folder / "mappings.xlsx"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with the demo council's mappings and the workbook made from them; only to be copied."""
    folder = tmp_path_factory.mktemp("made") / "mappings"
    shutil.copytree(SEEDS, folder, ignore=shutil.ignore_patterns("*.yml"))
    assert command("--extracts", EXTRACTS, "--folder", folder) == 0
    return folder


@pytest.fixture
def mapped(made, tmp_path):
    return shutil.copytree(made, tmp_path / "mappings")


def answers(folder):
    """What each code stands for, whatever the order of the rows; rows without an answer say nothing."""
    found = {}
    for mapping in MAPPINGS:
        remarks = ("owner", "reviewed_on", "note")
        found[mapping] = sorted(
            tuple(value or "" for name, value in row.items() if name not in remarks)
            for row in read_mapping(folder, mapping).to_pylist()
            if not mapping_workbook.is_open(mapping, row)
        )
    return found


def header(page):
    return [cell.value for cell in page[1]]


def change(workbook, sheet, column, line, value):
    book = load_workbook(workbook)
    page = book[sheet]
    page.cell(line, header(page).index(column) + 1).value = value
    book.save(workbook)


def test_what_is_in_use_and_open_stands_on_top_with_its_count(mapped):
    book = load_workbook(mapped / "mappings.xlsx")
    page = book["map_codes"]
    names = header(page)
    rows = [
        dict(zip(names, (cell.value for cell in line), strict=True)) for line in page.iter_rows(min_row=2)
    ]
    is_open = [bool(row["records"]) and not row["cld_value"] for row in rows]
    assert any(is_open)
    assert is_open == sorted(is_open, reverse=True)
    counts = [row["records"] for row, left in zip(rows, is_open, strict=True) if left]
    assert counts == sorted(counts, reverse=True)
    transferred = next(row for row in rows if row["local_code"] == "XFER")
    assert transferred["description"] == "Transferred"
    assert not transferred["likely value"]


def test_the_counts_are_those_of_the_build(demo_build, fresh):
    book = load_workbook(fresh)
    used = {
        tuple(pair): count
        for *pair, count in demo_build.query(
            "select code_list, code, row_count from council.conformed.cnf_local_code_use"
            " where mapping_seed in ('map_codes', 'map_event_scope') and code_list <> 'subject_role'"
        )
    }
    counted = {}
    for sheet in ("map_codes", "map_event_scope"):
        page = book[sheet]
        places = [header(page).index(name) for name in ("code_list", "local_code", "records")]
        for line in page.iter_rows(min_row=2):
            code_list, code, records = (line[place].value for place in places)
            if code_list != "subject_role" and records:
                counted[code_list, code] = records
    assert counted == used


def test_a_cell_offers_the_values_of_its_own_list(fresh):
    book = load_workbook(fresh)
    page = book["map_codes"]
    column = header(page).index("cld_value") + 1
    line = next(n for n in range(2, page.max_row) if page.cell(n, 4).value == "gender")
    source = next(
        rule.formula1
        for rule in page.data_validations.dataValidation
        if page.cell(line, column).coordinate in rule.sqref
    )
    first, last = source.split("!")[1].replace("$", "").split(":")
    offered = [cell.value for cells in book["Lists"][first:last] for cell in cells]
    assert "Male" in offered
    assert not [value for value in offered if "support" in value.lower()]


def test_back_again_is_the_same_mapping(mapped):
    before = answers(SEEDS)
    assert command("--folder", mapped, "--read") == 0
    after = answers(mapped)
    assert {mapping: rows for mapping, rows in after.items() if mapping != "map_words"} == {
        mapping: rows for mapping, rows in before.items() if mapping != "map_words"
    }
    # Read back twice: the same bytes, and the workbook still serves.
    first = {path.name: path.read_bytes() for path in mapped.glob("*.csv")}
    assert command("--folder", mapped, "--read") == 0
    assert {path.name: path.read_bytes() for path in mapped.glob("*.csv")} == first


def test_what_is_filled_in_arrives_and_what_is_left_is_counted(mapped, capsys):
    page = load_workbook(mapped / "mappings.xlsx")["map_codes"]
    names = header(page)
    line = next(
        n for n in range(2, page.max_row) if page.cell(n, names.index("local_code") + 1).value == "XFER"
    )
    left = sum(
        bool(row[0]) and not row[names.index("cld_value")]
        for row in page.iter_rows(min_row=2, values_only=True)
    )
    change(mapped / "mappings.xlsx", "map_codes", "cld_value", line, "NFA: Support ended for other reason")
    capsys.readouterr()
    assert command("--folder", mapped, "--read") == 0
    with (mapped / "map_codes.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert next(row for row in rows if row["local_code"] == "XFER")["cld_value"].startswith(
        "NFA: Support ended"
    )
    assert f"{left - 1} without an answer" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    ("sheet", "column", "value", "said"),
    [
        (
            "map_codes",
            "cld_value",
            "Femail",
            ("sheet map_codes", "line ", "cld_value", "is not a value of Gender"),
        ),
        ("map_codes", "valid_from", "31/02/2026", ("sheet map_codes", "line 2", "valid_from", "not a day")),
        ("map_rates", "in_unit_cost", "Perhaps", ("sheet map_rates", "in_unit_cost", "write Y or N")),
        ("map_words", "meaning", "PARKED", ("sheet map_words", "meaning", "no word of the contract")),
        ("map_codes", "code_list", "gendre", ("sheet map_codes", "code_list", "the nearest is 'gender'")),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(mapped, capsys, sheet, column, value, said):
    before = {path.name: path.read_bytes() for path in mapped.glob("*.csv")}
    page = load_workbook(mapped / "mappings.xlsx")[sheet]
    lists = (
        [cell.value for cell in page[get_column_letter(header(page).index("code_list") + 1)]]
        if column == "cld_value"
        else []
    )
    change(mapped / "mappings.xlsx", sheet, column, lists.index("gender") + 1 if lists else 2, value)
    capsys.readouterr()
    assert command("--folder", mapped, "--read") == 1
    printed = capsys.readouterr().out
    for words in said:
        assert words in printed
    assert {path.name: path.read_bytes() for path in mapped.glob("*.csv")} == before


def test_a_sheet_that_is_missing_is_named(mapped, capsys):
    book = load_workbook(mapped / "mappings.xlsx")
    del book["map_units"]
    book.save(mapped / "mappings.xlsx")
    assert command("--folder", mapped, "--read") == 1
    assert "the sheet map_units is missing" in capsys.readouterr().out


def test_a_code_taken_out_of_the_workbook_is_not_lost(mapped, capsys):
    book = load_workbook(mapped / "mappings.xlsx")
    page = book["map_rates"]
    page.delete_rows(2)
    book.save(mapped / "mappings.xlsx")
    assert command("--folder", mapped, "--read") == 1
    assert re.search(r"map_rates\.csv, line \d+ would be lost", capsys.readouterr().out)


def test_a_workbook_is_written_over_only_where_the_files_hold_all_of_it(mapped, capsys):
    workbook, again = mapped / "mappings.xlsx", ("--extracts", EXTRACTS, "--folder", mapped)
    assert command(*again) == 1
    assert "is there already" in capsys.readouterr().out
    # Read back, it may be made anew; not after one more answer.
    assert command("--folder", mapped, "--read") == 0
    assert command(*again) == 0
    change(workbook, "map_codes", "note", 2, "asked the team")
    before = workbook.read_bytes()
    assert command(*again) == 1
    assert workbook.read_bytes() == before


def test_no_workbook_to_read_is_one_sentence(tmp_path, capsys):
    assert command("--folder", tmp_path, "--read") == 1
    assert "asc-cld map writes it" in capsys.readouterr().out


def spoil(path, changes):
    """Other cells in the first rows of an extract: {column: values}."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for column, values in changes.items():
        for row, value in zip(rows, values, strict=False):
            row[column] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return rows


def test_what_may_be_of_a_person_is_not_in_the_workbook_and_what_is_likely_meant_is(tmp_path, capsys):
    extracts = tmp_path / "extracts"
    shutil.copytree(EXTRACTS, extracts)
    with (extracts / "local_code.csv").open("a") as stream:
        stream.write("acommodation,ZZ,Somewhere,false\ncontact_route,QUILL,By letter,false\n")
    spoil(
        extracts / "person.csv",
        {"surname": ["Quill-Feather"], "gender_code": ["Quill", "999 000 0093", "Femle"]},
    )
    spoil(extracts / "contact.csv", {"status": ["Feather", "Compleeted"], "route_code": ["QUILL"]})
    assert command("--extracts", extracts, "--folder", tmp_path / "m") == 0
    said = capsys.readouterr().out
    assert "no mapping reads the list of 1 records" in said and "is it 'accommodation'?" in said
    assert "gender: 2 that may be a person's name or number" in said
    assert "event_status: 1 that may be" in said
    assert not any(cell in said for cell in ("acommodation", "Quill", "Feather", "0093"))
    book = load_workbook(tmp_path / "m" / "mappings.xlsx")
    cells = {}
    for name, column in (("map_codes", "local_code"), ("map_words", "word")):
        names = header(book[name])
        for line in book[name].iter_rows(min_row=2, values_only=True):
            row = dict(zip(names, line, strict=True))
            cells[row[column]] = row["likely value"]
    assert not {"Quill", "999 000 0093", "Feather"} & cells.keys() and "QUILL" in cells
    assert (cells["Femle"], cells["Compleeted"]) == ("Female", "COMPLETED")


@pytest.mark.parametrize(
    ("description", "values", "want"),
    [
        ("GP", ["Prison", "Community / other route"], ""),
        ("Female", ["Male", "Female"], "Female"),
        ("Planned entry - transition", ["Planned entry (transition)", "Discharge from hospital"], "Planned entry (transition)"),
        ("Transferred", ["NFA: Support ended for other reason"], ""),
    ],
)  # fmt: skip
def test_only_what_is_likely_is_suggested(description, values, want):
    assert likely(description, values) == want


def test_a_code_that_looks_like_a_formula_comes_back_as_it_was(tmp_path):
    extracts = tmp_path / "extracts"
    shutil.copytree(EXTRACTS, extracts)
    with (extracts / "person.csv").open(newline="") as stream:
        rows = list(csv.reader(stream))
    rows[1][rows[0].index("gender_code")] = "=1+1"
    with (extracts / "person.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    folder = tmp_path / "m"
    assert command("--extracts", extracts, "--folder", folder) == 0
    assert command("--folder", folder, "--read") == 0
    assert "=1+1" in read_mapping(folder, "map_codes")["local_code"].to_pylist()


def test_the_values_to_choose_from_are_those_of_the_release_in_force(monkeypatch):
    """Rows of the list seed under another release's name are what the drop-downs offer when the setting names it."""
    offered = {}
    for release in ("R1", "R2"):
        monkeypatch.setattr(starter_mapping, "current", {"cld_release": release}.__getitem__)
        offered[release] = starter_mapping.listed_values()["Service Type"]
    assert offered["R1"] and offered["R2"] and offered["R1"] != offered["R2"]
