"""What people open in a spreadsheet holds no formula that a case record wrote, and every line is one line."""

from __future__ import annotations

import csv
import io
import random
import re
from decimal import Decimal

import duckdb
import pytest
import xlsxwriter
from conftest import PROJECT
from macro_sql import macros
from openpyxl import load_workbook
from test_fixlist import breach, make_database

from asc_cld import convert_xlsx, fixlist, mapping_workbook, starter_mapping, subject_access
from asc_cld.fixlist.first_seen import read_state
from asc_cld.mapping_workbook import Sheet
from asc_cld.readers.mapping_reader import read_mapping
from asc_cld.return_file import write_return
from asc_cld.spreadsheets import Table, as_it_was, as_text, begins_like_a_formula, is_like_a_formula

COMMAND = "HYPERLINK(1)"
# Each is a formula to some spreadsheet, or becomes one when somebody splits or pastes it.
PLANTED = [
    f"{before}{sign}{COMMAND}"
    for before in ("", " ", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "'", '"', "\t", "\r", "\r\n", "\n", ";", ",", "|", " '")
    for sign in ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
                 "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}", "\N{MINUS SIGN}")
]  # fmt: skip
INSIDE = ["seen\r=1+1", "seen\n@SUM(1)", "low;=1+1", "low\t+1+1", "low|-1+1", 'said "=1"\r\n-2+3']
HARMLESS = [
    "-5.00",
    "+5",
    "-.5",
    " -5.00",
    "1; -5.00",
    "x-y",
    "a=b",
    "O'Neil",
    "'quoted'",
    "NFA - Other",
    "",
    "5",
]


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def bytes_of(path):
    """The text with its line ends as they are, without the mark that tells Excel it is UTF-8."""
    return path.read_bytes().decode("utf-8-sig")


def written(rows, **more):
    stream = io.StringIO(newline="")
    table = Table(stream, ["one", "two"], **more)
    for row in rows:
        table.add(row)
    return stream.getvalue()


@pytest.mark.parametrize("text", PLANTED, ids=ascii)
def test_text_that_begins_like_a_formula_begins_with_an_apostrophe(text):
    assert is_like_a_formula(text)
    assert as_text(text).startswith("'") and as_text(text) != text


@pytest.mark.parametrize("text", INSIDE, ids=ascii)
def test_no_formula_begins_where_a_cell_may_be_split(text):
    for part in re.split("[;|\t\r\n]", as_text(text)):
        assert part[:1] not in tuple("=+-@")
    assert is_like_a_formula(text)


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_numbers_and_plain_text_stay_as_they_are(text):
    assert as_text(text) == text == as_it_was(text)


@pytest.mark.parametrize("value", [None, -5, -5.5, Decimal("-5.00"), True], ids=repr)
def test_what_is_no_text_stays_as_it_is(value):
    assert as_text(value) is value


def test_what_a_program_reads_back_is_what_was_written():
    letters = random.Random(20261127)
    texts = [*PLANTED, *INSIDE, *HARMLESS] + [
        "".join(letters.choice("=+-@'\"`,;|\t\r\n a1.\N{FULLWIDTH EQUALS SIGN}") for _ in range(length))
        for length in range(1, 8)
        for _ in range(3000)
    ]
    for text in texts:
        assert as_it_was(as_text(text)) == text, ascii(text)


@pytest.mark.parametrize("is_exact", [False, True])
def test_no_line_break_in_a_cell_makes_a_second_line(is_exact):
    rows = [[text, "after"] for text in PLANTED + INSIDE]
    text = written(rows, is_exact=is_exact)
    found = read(text)
    assert found[1:] == (rows if is_exact else [[as_text(cell) for cell in row] for row in rows])
    outside = re.sub('"(?:[^"]|"")*"', "", text)
    assert "\r" not in outside and outside.count("\n") == len(rows) + 1


def test_a_line_by_names_takes_no_name_that_the_table_has_not():
    stream = io.StringIO(newline="")
    table = Table(stream, ["one", "two"])
    table.add_named([{"two": "=x"}])
    assert stream.getvalue() == "one,two\n,'=x\n"
    with pytest.raises(ValueError, match="three"):
        table.add_named([{"three": "x"}])


def test_the_return_is_exact(tmp_path):
    write_return(tmp_path, "r.csv", ["one"], [(text,) for text in PLANTED])
    assert [row[0] for row in read(bytes_of(tmp_path / "r.csv"))[1:]] == PLANTED


def test_the_fix_list_and_what_it_remembers(tmp_path):
    teams = [(text, text) for text in PLANTED[:9]]
    found = [
        breach(
            found_value=text,
            suggestion=text,
            team_id=PLANTED[place % 9],
            la_person_unique_identifier=f"P{place}",
        )
        for place, text in enumerate(PLANTED + INSIDE)
    ]
    make_database(tmp_path / "a.duckdb", found, teams=teams)
    for day in ("2026-10-20", "2026-10-21"):
        paths = fixlist.write_fixlist(tmp_path / "a.duckdb", tmp_path / "out", seen_on=day)
    assert len(paths) == 2 * 10
    for path in paths:
        if path.suffix == ".csv":
            rows = read(bytes_of(path))
            assert len({len(row) for row in rows}) == 1
            assert not [cell for row in rows for cell in row if cell != as_text(as_it_was(cell))]
        else:
            for sheet in load_workbook(path):
                for row in sheet.iter_rows():
                    for cell in row:
                        assert cell.data_type != "f"
                        assert cell.quotePrefix or not is_like_a_formula(str(cell.value or "")), cell
    # Nothing is new on the second day, so what was remembered was understood.
    state = read_state(tmp_path / "out" / "first_seen.csv")
    assert {known["team_id"] for known in state.values()} == set(PLANTED[:9])
    assert {known["first_seen"] for known in state.values()} == {"2026-10-20"}
    marked = bytes_of(tmp_path / "out" / "first_seen.csv")
    assert not [cell for row in read(marked) for cell in row if is_like_a_formula(cell) and cell[0] != "'"]


def test_a_starter_mapping_is_safe_and_is_read_as_it_was_meant(tmp_path):
    codes = [f"{sign}{number}" for number, sign in enumerate(("=A", "+B", "-C", "@D", "'=E"))] + ["-1"]
    rows = starter_mapping.starter_rows(
        [{"code_list": "gender", "code": code, "description": code} for code in codes]
    )
    columns = [
        "code_list",
        "local_code",
        "cld_field",
        "cld_value",
        "valid_from",
        "valid_to",
        "owner",
        "reviewed_on",
        "note",
    ]
    with (tmp_path / "map_codes.csv").open("w", encoding="utf-8", newline="") as stream:
        Table(stream, columns).add_named(rows["map_codes"])
    cells = [cell for row in read(bytes_of(tmp_path / "map_codes.csv")) for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+@") or cell[:2] == "-C"] == []
    assert "-1" in cells
    kept = read_mapping(tmp_path, "map_codes").to_pylist()
    assert [row["local_code"] for row in kept if row["code_list"] == "gender"] == codes


def test_the_workbook_of_the_mappings_is_safe(tmp_path):
    rows = [{"code_list": "gender", "local_code": text, "note": text} for text in PLANTED]
    sheet = Sheet("map_codes", rows, [(1, text, text) for text in PLANTED])
    mapping_workbook.write_workbook(tmp_path / "m.xlsx", [sheet])
    page = load_workbook(tmp_path / "m.xlsx")["map_codes"]
    for row in page.iter_rows(min_row=2):
        planted = [cell for cell in row if isinstance(cell.value, str) and cell.value != "gender"]
        assert len(planted) == 4
        assert all(cell.data_type == "s" and cell.quotePrefix for cell in planted), row


def test_a_reply_to_a_person_is_safe(tmp_path, monkeypatch):
    # A database of one table; that the others are asked for is proved elsewhere.
    monkeypatch.setattr(subject_access, "what_is_missing", lambda connection: [])
    monkeypatch.setattr(subject_access, "shared_rows", lambda connection, person: "")
    monkeypatch.setattr(subject_access, "answer", lambda connection, hits: 0)
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("create schema extracts")
        connection.execute(
            "create table extracts.contact (person_id varchar, note varchar, cost decimal(9, 2), seen_on date)"
        )
        for text in PLANTED + INSIDE:
            connection.execute("insert into extracts.contact values ('P1', ?, -5, date '2026-01-02')", [text])
    asked = ["--person", "P1", "--database", str(tmp_path / "a.duckdb"), "--folder", str(tmp_path / "reply")]
    assert subject_access.main(asked) == 0
    header, *rows = read(bytes_of(tmp_path / "reply" / "extracts.contact.csv"))
    assert header == ["person_id", "note", "cost", "seen_on"]
    assert rows == [["P1", as_text(text), "-5.00", "2026-01-02"] for text in PLANTED + INSIDE]


def test_a_converted_workbook_is_exact_and_says_what_it_holds(tmp_path, capsys):
    texts = [text for text in PLANTED if "\r" not in text]
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    for column, header in enumerate(("LA Code", "Event Type", "Event Description")):
        sheet.write_string(0, column, header)
    for row, text in enumerate(texts, start=1):
        for column, cell in enumerate(("409", "Request", text)):
            sheet.write_string(row, column, cell)
    book.close()
    assert convert_xlsx.main([str(tmp_path / "a.xlsx")]) == 0
    said = capsys.readouterr().out
    assert f"{len(texts)} cells that a spreadsheet would take for a formula" in said and COMMAND not in said
    assert [row[2] for row in read(bytes_of(tmp_path / "a.csv"))[1:]] == texts


# What writes tables, and the one place in the package that may.
WRITERS = {
    r"csv\.writer|DictWriter|write_csv|to_csv|format csv": {"spreadsheets.py"},
    r"\bxlsxwriter|openpyxl": {"workbook.py", "mapping_workbook.py"},
}


def test_every_table_goes_through_the_one_writer():
    for pattern, places in WRITERS.items():
        found = {
            path.name
            for path in (PROJECT / "asc_cld").rglob("*.py")
            if re.search(pattern, path.read_text(encoding="utf-8"))
        }
        assert found == places, pattern


def test_no_model_and_no_macro_writes_a_csv_file():
    written_by_sql = re.compile(r"\bcopy\b[^;]*\bto\b\s*'|format\s*(=>|:)?\s*'?csv", re.IGNORECASE)
    for folder in ("models", "macros"):
        # write_lines writes what machines read (rules.junit.xml).
        for path in set((PROJECT / folder).rglob("*.sql")) - {PROJECT / "macros/adapters/write_lines.sql"}:
            assert not written_by_sql.search(path.read_text(encoding="utf-8")), path


def test_the_rule_of_the_return_names_the_same_texts():
    """begins_like_a_formula, the SQL of FMT-13, against the function that neutralises."""
    letters = random.Random(11)
    texts = [*PLANTED, *HARMLESS, "-", "=", "5-", "\N{FULLWIDTH PLUS SIGN}1", "+44 7700 900000"] + [
        "".join(letters.choice("=+-@'\"`, a1.;|\t") for _ in range(length))
        for length in range(1, 6)
        for _ in range(500)
    ]
    condition = macros()["begins_like_a_formula"]("said.text")
    with duckdb.connect() as connection:
        named = connection.execute(
            f"select text, {condition} from (select unnest(?) as text) as said", [texts]
        ).fetchall()
    assert dict(named) == {text: begins_like_a_formula(text) for text in texts}
    assert dict(named)["=HYPERLINK(1)"] and not dict(named)["-5.00"]
