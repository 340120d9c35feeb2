"""Workbooks are read as they are: dates as dates, codes with their zeros, errors by name, nothing hidden."""

import csv
import os
import re
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from dbt_runs import PROJECT
from openpyxl import Workbook

from asc_cld import convert_xlsx
from asc_cld.readers import mapping_reader, submission_reader, workbooks
from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import read_extract

with (PROJECT / "seeds/specification/spec_fields.csv").open(encoding="utf-8") as stream:
    HEADERS = [row["header"] for row in csv.DictReader(stream)]
ROW = [409, datetime(2025, 10, 1), "30/09/2026", 9990000018, *[f"v{n}" for n in range(5, 48)], 12.5, None, 3]
NAMES = submission_reader.snake_names()


def book(path, *sheets, hidden=()):
    """A workbook of (title, rows); an error is written as its word in a cell of that kind."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                if str(cell.value) in workbooks.ERRORS:
                    cell.data_type = "e"
        if title in hidden:
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


def cld_rows(folder):
    result = submission_reader.read_folder(folder)
    return result, [row for batch in result.batches() for row in batch.to_pylist()]


def test_a_cld_file_is_read_directly(tmp_path):
    book(tmp_path / "a.xlsx", ("Notes", [["hello"]]), ("Return", [["Our return"], [], HEADERS, ROW, [], ROW]))
    result, rows = cld_rows(tmp_path)
    assert result.problems == [] and result.files[0][-2:] == ("line 5", None)
    assert [row["row_number"] for row in rows] == [1, 3]
    got = [rows[0][name] for name in NAMES]
    assert got[:4] == ["409", "01/10/2025", "30/09/2026", "9990000018"] and got[47:] == ["12.5", None, "3"]


def test_days_that_a_spreadsheet_took_for_others_are_told(tmp_path):
    """As Excel with American settings makes them: a day where the text could be one, else the text, all read alike."""
    days = [(day, month) for month in range(1, 13) for day in (month + 3, month * 2 + 1)]
    births = [
        datetime(1950, day, month) if day <= 12 else f"{day:02d}/{month:02d}/1950" for day, month in days
    ]
    place = NAMES.index("date_of_birth")
    rows = [[*ROW[:place], birth, *ROW[place + 1 :]] for birth in births]
    book(tmp_path / "a.xlsx", ("A", [["Our return"], HEADERS, *rows]))
    said = cld_rows(tmp_path)[0].files[0][-1]
    assert said == (
        "Date of Birth: 14 of its 24 days are dates to the spreadsheet and none of these is after the 12th of a"
        " month; those written dd/mm/yyyy are (the first on line 3)"
    )
    told = convert_xlsx.convert(tmp_path / "a.xlsx")[1]
    assert f"sheet A: days in it may have day and month swapped. {said}" in told


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_an_extract_is_read_directly(tmp_path, suffix):
    book(
        tmp_path / f"team{suffix}",
        (
            "Sheet1",
            [
                ["TEAM_ID", " team_name ", "service_area", "extra"],
                ["007", 12, True, 1],
                [8, 0.5, date(2026, 5, 4), 2],
            ],
        ),
    )
    table = read_extract(tmp_path, "team").to_pylist()
    assert [row["team_id"] for row in table] == ["007", "8"]
    assert [row["team_name"] for row in table] == ["12", "0.5"]
    assert [row["service_area"] for row in table] == ["TRUE", "2026-05-04"]
    assert [row["source_row"] for row in table] == [1, 2]


def test_a_mapping_is_read_directly(tmp_path):
    book(
        tmp_path / "map_units.xlsx",
        (
            "Units",
            [
                ["unit_code", "cost_frequency", "units_per_week", "valid_from", "valid_to"],
                ["01", "Hourly", 1, date(2026, 1, 2), None],
            ],
        ),
    )
    (row,) = mapping_reader.read_mapping(tmp_path, "map_units").to_pylist()
    assert (row["unit_code"], row["units_per_week"], row["valid_from"]) == ("01", "1", "2026-01-02")


@pytest.mark.parametrize("error", ["#N/A", "#VALUE!", "#REF!", "#DIV/0!"])
def test_an_error_cell_is_never_blank(tmp_path, error):
    book(
        tmp_path / "team.xlsx",
        ("Sheet1", [["team_id", "team_name", "service_area"], ["1", "x", ""], ["2", error, ""]]),
    )
    with pytest.raises(
        InputError, match=f"team.xlsx, line 3, column team_name: holds an error of Excel, {error}"
    ):
        read_extract(tmp_path, "team")
    (tmp_path / "team.xlsx").unlink()
    book(tmp_path / "a.xlsx", ("Return", [HEADERS, [*ROW[:9], error, *ROW[10:]]]))
    result, rows = cld_rows(tmp_path)
    assert rows[0]["gender"] == error
    assert result.problems == [("a.xlsx", 2, f"column Gender holds an error of Excel, {error}")]


def xls(path, cells):
    """A workbook as Excel 97 wrote it, its sectors in reverse: {(row, column): text, or the code of an error}."""

    def record(kind, *parts):
        data = b"".join(parts)
        return struct.pack("<HH", kind, len(data)) + data

    begin = struct.pack("<HHHH", 0x0600, 0x0005, 0, 0), struct.pack("<HHHH", 0x0600, 0x0010, 0, 0)
    formula = struct.pack("<HIHB2x", 0, 0, 3, 0x1C)
    rows = b""
    for (row, column), cell in cells.items():
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(cell, str):
            rows += record(0x0204, place, struct.pack("<HB", len(cell), 0), cell.encode())
        elif cell < 0:
            rows += record(0x0006, place, struct.pack("<BxBxxxH", 2, -cell, 0xFFFF), formula)
        else:
            rows += record(0x0205, place, struct.pack("<BB", cell, 1))
    sheet = record(0x0809, begin[1]) + rows + record(0x000A)
    title = struct.pack("<BBBB", 0, 0, 6, 0) + b"Sheet1"
    first = len(record(0x0809, begin[0]) + record(0x0085, bytes(4), title) + record(0x000A))
    book = record(0x0809, begin[0]) + record(0x0085, struct.pack("<I", first), title) + record(0x000A) + sheet
    book = book.ljust(4096, b"\0")
    sectors = [book[at : at + 512] for at in range(0, 4096, 512)]
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[end, *range(2, 9)], *[free] * 118)

    def entry(name, kind, child, at, size):
        written = name.encode("utf-16-le")
        start = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1)
        return start + struct.pack("<III", free, free, child) + bytes(36) + struct.pack("<IQ", at, size)

    folder = (entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 9, 4096)).ljust(512, b"\0")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += (
        bytes(6)
        + struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", 0, *[free] * 108)
    )
    path.write_bytes(head + table + folder + b"".join(reversed(sectors)))


ODS = """<office:document-content xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>
<office:spreadsheet><table:table table:name="Sheet1">%s</table:table></office:spreadsheet></office:body>
</office:document-content>"""
# The prefixes of a workbook, as the tests shorten them.
SHORT = {"t:": "table:", "o:": "office:", "p:": "text:", "c:": "calcext:"}


def ods(path, *rows):
    """A workbook of LibreOffice of rows of cells, each a text or the whole element."""
    text = ""
    for row in rows:
        cells = (
            cell
            if cell[:1] == "<"
            else f'<t:table-cell o:value-type="string"><p:p>{cell}</p:p></t:table-cell>'
            for cell in row
        )
        text += f"<t:table-row>{''.join(cells)}</t:table-row>"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", ODS % re.sub(r"\b[topc]:(?=[a-z])", lambda found: SHORT[found[0]], text))


@pytest.mark.parametrize(
    ("cell", "error"), [(0x2A, "#N/A"), (0x17, "#REF!"), (-0x07, "#DIV/0!"), (-0x0F, "#VALUE!"), ("b", "")]
)
def test_an_error_cell_of_xls_is_never_blank(tmp_path, cell, error):
    head = {(0, 0): "team_id", (0, 1): "team_name", (0, 2): "service_area", (1, 0): "T1", (1, 1): "a"}
    xls(tmp_path / "team.xls", head | {(2, 0): "T2", (2, 1): cell, (3, 0): "T3", (3, 1): "c"})
    assert_error(tmp_path, "team.xls", error)


IS_ERROR = 'o:value-type="string" o:string-value="" c:value-type="error"'


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        (f'<t:table-cell t:formula="of:=NA()" {IS_ERROR}><p:p>#N/A</p:p></t:table-cell>', "#N/A"),
        (f'<t:table-cell t:formula="of:=X" {IS_ERROR}><p:p>Err:508</p:p></t:table-cell>', "#VALUE!"),
        ('<t:table-cell t:formula="of:=[.A1]"/>', "#NO RESULT"),
        ('<t:table-cell t:formula="of:=T([.Z9])" o:value-type="string"><p:p/></t:table-cell>', ""),
        ("b", ""),
    ],
)
def test_an_error_cell_of_ods_is_never_blank(tmp_path, cell, error):
    header = ["team_id", "team_name", "service_area"]
    ods(tmp_path / "team.ods", header, ["T1", "a", ""], ["T2", cell, ""], ["T3", "c", ""])
    assert_error(tmp_path, "team.ods", error)


def assert_error(folder, name, error):
    if error:
        with pytest.raises(
            InputError, match=f"{name}, line 3, column team_name: holds an error of Excel, {error}"
        ):
            read_extract(folder, "team")
    else:
        assert read_extract(folder, "team")["team_id"].to_pylist() == ["T1", "T2", "T3"]


@pytest.mark.parametrize(
    ("sheets", "hidden", "said"),
    [
        ([("Notes", [["hello"]])], (), "none of its visible sheets .*Notes: has none of the columns"),
        ([("A", [HEADERS, ROW])], ("A",), "A: is hidden"),
        ([("A", [HEADERS, ROW]), ("B", [HEADERS, ROW])], (), r"2 of its sheets hold such rows \(A, B\)"),
        ([("A", [HEADERS, ROW]), ("Old", [HEADERS, ROW])], ("Old",), "Old is hidden and holds such rows too"),
        ([("A", [HEADERS, [*ROW, "beside"]])], (), "sheet A: cells to the right of the header on line 2"),
        (
            [("A", [HEADERS, ROW]), ("A (2)", [ROW, ROW])],
            (),
            r"sheet A \(2\) holds 2 rows as wide and no header",
        ),
        (
            [("A (0)", [[], ROW]), ("A", [HEADERS, ROW])],
            (),
            r"sheet A \(0\) holds 1 rows as wide and no header",
        ),
        (
            [("A", [["title"], ROW, HEADERS, ROW])],
            (),
            "sheet A: line 2 above the header is filled as a record",
        ),
    ],
)
def test_which_sheet_is_meant_is_never_guessed(tmp_path, sheets, hidden, said):
    sheets = sheets if hidden != ("A",) else [*sheets, ("Notes", [["hello"]])]
    book(tmp_path / "a.xlsx", *sheets, hidden=hidden)
    result, rows = cld_rows(tmp_path)
    assert rows == []
    ((_, _, problem),) = result.problems
    assert re.search(said, problem)


@pytest.mark.parametrize("made", ["a.csv", "a.sheet-Return.csv"])
def test_a_workbook_whose_csv_is_read_in_its_place_is_named(tmp_path, made):
    book(tmp_path / "a.xlsx", ("Return", [HEADERS, ROW, ROW]))
    (tmp_path / made).write_text(",".join(HEADERS) + "\n" + ",".join(map(str, ROW)) + "\n", encoding="utf-8")
    result, rows = cld_rows(tmp_path)
    assert len(rows) == 1 and result.others == ["a.xlsx (the CSV of its name is read in its place)"]


def test_a_folder_with_files_within_the_folder_is_named(tmp_path):
    book(tmp_path / "a.xlsx", ("Return", [HEADERS, ROW]))
    for name in ("sent before", "pictures", ".hidden"):
        (tmp_path / name).mkdir()
    for name in ("sent before/b.csv", "pictures/b.png", ".hidden/b.csv"):
        (tmp_path / name).write_text("")
    result, rows = cld_rows(tmp_path)
    assert len(rows) == 1 and result.others == ["sent before (a folder; no file in it is read)"]


def test_titles_headings_notes_and_hidden_lists_are_no_records(tmp_path):
    groups = ["Submission", *[None] * 6, "Person", *[None] * 18, "Event", *[None] * 20, "Cost"]
    book(
        tmp_path / "a.xlsx",
        ("Notes", [["who", "when"], ["A", "today"]]),
        ("Return", [["Our return", "of 2026"], groups, HEADERS, ROW]),
        ("Lists", [ROW] * 3),
        hidden=("Lists",),
    )
    result, rows = cld_rows(tmp_path)
    assert result.problems == [] and len(rows) == 1


@pytest.mark.parametrize(
    ("cell", "is_named"),
    [
        ('<c r="B3"><f>DATEVALUE("01/02/2026")</f><v></v></c>', True),
        ('<c r="B3" s="1"><f>A1</f><v/></c>', True),
        ('<c r="B3" s="1"><f>A1</f></c>', True),
        ('<c r="B3"><f t="shared" si="0"/></c>', True),
        ('<x:c s="1" r="B3"><x:f>A1</x:f><x:v></x:v></x:c>', True),
        ('<c r="B3" t="str"><f>IF(A1=1,"","x")</f><v></v></c>', False),
        ('<c r="B3" t="str"><f>A1</f><v>North</v></c>', False),
        ('<c r="B3"><f>A1</f><v>7</v></c>', False),
        ('<c r="B3" t="inlineStr"><is><t>a formula</t></is></c>', False),
    ],
)
def test_a_formula_that_was_never_calculated_is_not_blank(tmp_path, cell, is_named):
    book(
        tmp_path / "a.xlsx",
        ("Sheet1", [["team_id", "team_name", "service_area"], ["1", "x", ""], ["2", "y", ""]]),
    )
    with (
        zipfile.ZipFile(tmp_path / "a.xlsx") as made,
        zipfile.ZipFile(tmp_path / "team.xlsx", "w") as changed,
    ):
        for entry in made.infolist():
            text = made.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                parts = re.split(rb'<c r="B3".*?</c>', text)
                assert len(parts) == 2
                text = cell.encode().join(parts)
                if b"<x:c" in text:
                    text = text.replace(
                        b"<worksheet ",
                        b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ',
                        1,
                    )
            changed.writestr(entry, text)
    if is_named:
        with pytest.raises(
            InputError, match="team.xlsx, line 3, column team_name: holds an error of Excel, #NO RESULT"
        ):
            read_extract(tmp_path, "team")
    else:
        assert len(read_extract(tmp_path, "team").to_pylist()) == 2


def test_a_formula_that_a_program_wrote_is_named(tmp_path):
    """As openpyxl writes it, by the thousand, so that cells lie across what is read at a time."""
    rows = [["team_id", "team_name", "service_area"]]
    rows += [[str(number), f'=CONCATENATE(A{number}, REPT("x", 50))', "x" * 60] for number in range(2, 20002)]
    book(tmp_path / "team.xlsx", ("Sheet1", rows))
    with pytest.raises(InputError, match=r"line 2, column team_name: .*\(20000 such cells\)"):
        read_extract(tmp_path, "team")


def test_what_a_workbook_claims_is_measured_before_it_is_read(tmp_path, monkeypatch):
    made = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    sheet.write(1_048_575, 49, "x")
    made.close()
    result, _ = cld_rows(tmp_path)
    assert "claims 52,428,800 cells" in result.problems[0][2]
    book(tmp_path / "a.xlsx", ("A", [HEADERS, ROW]))
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/large.bin", b"x" * (1024**2 + 1))
    for name, given, said in (
        ("workbook_unpacked_mb_max", "1", "unpacks to more than 1 MB (workbook_unpacked_mb_max)"),
        ("workbook_cells_max", "60", "claims 100 cells, of which 60 are read at most (workbook_cells_max)"),
        ("workbook_mb_max", "none", "workbook_mb_max is 'none', which is not a whole number of at least 1"),
    ):
        with monkeypatch.context() as setting:
            setting.setenv(f"CLD_{name.upper()}", given)
            result, _ = cld_rows(tmp_path)
        assert said in result.problems[0][2], said
    assert cld_rows(tmp_path)[0].problems == []


def test_a_workbook_that_is_too_large_is_refused_unread(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(b"x" * (1024**2 + 1))
    monkeypatch.setenv("CLD_WORKBOOK_MB_MAX", "1")
    assert "is larger than 1 MB (workbook_mb_max)" in cld_rows(tmp_path)[0].problems[0][2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a workbook that can be read"),
        (b"PK\x03\x04 not", "is not a workbook that can be read"),
        (b"<html><table><tr><td>LA Code</td></tr></table>", "is a web page or XML under a workbook's name"),
        ('\ufeff\n<?xml version="1.0"?><Workbook/>'.encode(), "is a web page or XML under a workbook's name"),
        ("<table></table>".encode("utf-16"), "is a web page or XML under a workbook's name"),
        (b"LA Code,Gender\n1,2\n", "is a text under a workbook's name: give it the ending .csv"),
        ("LA Code\tGender\n1\t2\n".encode("utf-16"), "is a text under a workbook's name"),
    ],
)
@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_what_is_no_workbook_is_named(tmp_path, content, said, suffix):
    (tmp_path / f"a{suffix}").write_bytes(content)
    result, _ = cld_rows(tmp_path)
    assert said in result.problems[0][2]


def test_a_workbook_that_another_program_holds_is_named(tmp_path, monkeypatch):
    book(tmp_path / "a.xlsx", ("A", [HEADERS, ROW]))
    (tmp_path / "b.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    real = Path.open

    def held(path, *mode, **given):
        if path.name == "b.xls":
            raise PermissionError(13, "Permission denied")
        return real(path, *mode, **given)

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(InputError, match="cannot be opened: Permission denied"):
        workbooks.open_workbook(tmp_path / "b.xls")
    result, rows = cld_rows(tmp_path)
    assert len(rows) == 1 and [problem[0] for problem in result.problems] == ["b.xls"]


def test_cells_of_a_format_without_claims_are_counted_before_they_are_read(tmp_path, monkeypatch):
    xls(tmp_path / "a.xls", {(0, 0): "LA Code", (1, 0): "409", (20, 9): "x"})
    monkeypatch.setenv("CLD_WORKBOOK_CELLS_MAX", "60")
    result, _ = cld_rows(tmp_path)
    assert "its sheets hold more than 60 cells (workbook_cells_max); save it as CSV" in result.problems[0][2]


def far(path):
    """One cell is said to stand in the last row and column there can be: room for all between is 500 GB."""
    book(path.with_suffix(".made"), ("A", [HEADERS, ROW]))
    with zipfile.ZipFile(path.with_suffix(".made")) as made, zipfile.ZipFile(path, "w") as archive:
        for name in made.namelist():
            archive.writestr(name, made.read(name).replace(b'r="A2"', b'r="XFD1048576"'))
    path.with_suffix(".made").unlink()


def far_xls(path):
    xls(path, {(0, 0): "LA Code", (1, 0): "409", (0xFFFF, 0xFFFF): "x"})


def cut_xls(path):
    """A damaged length, and the end of the sheet is seen among its rows; the rows after it would be gone."""
    xls(path, {(0, 0): "LA Code", (1, 0): "409", (2, 0): "409", (3, 0): "409"})
    content = path.read_bytes()
    record = struct.pack("<HHHHHHB", 0x0204, 12, 2, 0, 0, 3, 0)
    assert content.count(record) == 1
    path.write_bytes(content.replace(record, struct.pack("<HHHHHHB", 0x000A, 0, 0x0204, 8, 0, 3, 0)))


def damaged(path):
    book(path, ("A", [HEADERS, ROW]))
    with zipfile.ZipFile(path) as made:
        sheet = next(entry for entry in made.infolist() if entry.filename.endswith("sheet1.xml"))
    content = bytearray(path.read_bytes())
    start = sheet.header_offset + 30 + len(sheet.filename)
    content[start + 40 : start + 60] = b"\xff" * 20
    path.write_bytes(content)


def lies(path):
    """A part that is larger than it says."""
    book(path, ("A", [HEADERS, ROW]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/large.xml", b"x" * 100_000)
    content = path.read_bytes()
    assert content.count(struct.pack("<I", 100_000)) == 2
    path.write_bytes(content.replace(struct.pack("<I", 100_000), struct.pack("<I", 10)))


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("a.xlsx", far, "is damaged, or needs more memory than there is"),
        ("a.xls", far_xls, "is damaged, or needs more memory than there is"),
        ("a.xls", cut_xls, "is not a workbook that can be read"),
        ("a.xlsx", damaged, "is not a workbook that can be read"),
        ("a.xlsx", lies, "is not a workbook that can be read"),
    ],
)
def test_a_damaged_workbook_ends_no_process_and_loses_no_row(tmp_path, name, damage, said):
    damage(tmp_path / name)
    result, _ = cld_rows(tmp_path)
    assert [(file, line) for file, line, _ in result.problems] == [(name, 0)]
    assert said in result.problems[0][2]


def test_the_command_converts_every_visible_sheet_and_names_the_others(tmp_path, capsys):
    book(
        tmp_path / "a.xlsx",
        ("Requests", [HEADERS, [*ROW[:9], "#N/A", *ROW[10:]]]),
        ("Services 1", [HEADERS, ROW, ROW]),
        ("Notes", [["hello"]]),
        ("Old", [HEADERS, ROW]),
        hidden=("Old",),
    )
    assert convert_xlsx.main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for words in (
        "sheet Requests -> a.sheet-requests.csv: 1 rows",
        "sheet Services 1 -> a.sheet-services-1.csv: 2 rows",
        "1 error cell of Excel",
        "row 2, column Gender: #N/A",
        "sheet Notes: left out",
        "sheet Old: left out, it is hidden",
    ):
        assert words in said
    result, rows = cld_rows(tmp_path)
    assert result.problems == [] and len(rows) == 3
    assert {row["gender"] for row in rows} == {"#N/A", "v10"}
    if os.name == "posix":
        assert (tmp_path / "a.sheet-requests.csv").stat().st_mode & 0o777 == 0o600
    assert convert_xlsx.main([str(tmp_path)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_nothing_converted_is_an_error(tmp_path, capsys):
    assert convert_xlsx.main([str(tmp_path)]) == 1
    assert "nothing was converted" in capsys.readouterr().err
    book(tmp_path / "a.xlsx", ("Notes", [["hello"]]))
    (tmp_path / "b.pdf").write_bytes(b"x")
    assert convert_xlsx.main([str(tmp_path / "a.xlsx"), str(tmp_path / "b.pdf")]) == 1
    said = capsys.readouterr().err
    assert "a.xlsx: nothing was converted" in said and "b.pdf: is no workbook" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.pdf"]


def test_an_interrupted_conversion_leaves_nothing(tmp_path, monkeypatch):
    book(tmp_path / "a.xlsx", ("A", [HEADERS, ROW, ROW]))

    def interrupted(self):
        yield ["x"] * 50
        raise KeyboardInterrupt

    sheets, _ = workbooks.look_at_workbook(tmp_path / "a.xlsx", convert_xlsx.known_headers)
    monkeypatch.setattr(convert_xlsx, "look_at_workbook", lambda path, known: (sheets, []))
    monkeypatch.setattr(workbooks.Sheet, "rows", interrupted)
    with pytest.raises(KeyboardInterrupt):
        convert_xlsx.convert(tmp_path / "a.xlsx")
    assert [path.name for path in Path(tmp_path).iterdir()] == ["a.xlsx"]
