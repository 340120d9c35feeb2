"""The submission reader takes what people really have, and says clearly what it cannot take."""

import csv

import pytest
from dbt_runs import PROJECT as ROOT
from asc_cld import convert_xlsx
from asc_cld.readers import submission_reader

with (ROOT / "seeds/specification/spec_fields.csv").open(encoding="utf-8") as stream:
    HEADERS = [row["header"] for row in csv.DictReader(stream)]
ROW = ["409", "01/10/2025", "30/09/2026", "9990000018", *[f"v{n}" for n in range(5, 51)]]
NAMES = submission_reader.snake_names()


def write(folder, name, headers, rows, encoding="utf-8", line_end="\n", delimiter=","):
    with (folder / name).open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator=line_end, delimiter=delimiter)
        writer.writerows([headers, *rows])


def read(folder):
    result = submission_reader.read_folder(folder)
    rows = [row for table in result.rows for row in table.to_pylist()]
    return result, rows


def values(row):
    return [row[name] for name in NAMES]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path, encoding, line_end):
    row = [*ROW[:5], "Zoë", *ROW[6:]]
    write(tmp_path, "a.csv", HEADERS, [row], encoding, line_end)
    result, rows = read(tmp_path)
    assert result.problems == []
    assert values(rows[0]) == row


@pytest.mark.parametrize(
    "respelt",
    [
        str.upper,
        str.lower,
        lambda text: text.replace(" ", "_"),
        lambda text: f" {text}  ",
        lambda text: text.replace(" ", ""),
    ],
)
def test_headers_in_any_spelling_and_order(tmp_path, respelt):
    write(tmp_path, "a.csv", [respelt(header) for header in HEADERS][::-1], [ROW[::-1]])
    result, rows = read(tmp_path)
    assert values(rows[0]) == ROW
    assert [name for *_, name in result.headers] == NAMES[::-1]


def test_missing_extra_and_repeated_columns(tmp_path):
    write(tmp_path, "a.csv", [*HEADERS[:7], *HEADERS[8:], "Team", "LA Code"], [[*ROW[:7], *ROW[8:], "T", "9"]])
    result, rows = read(tmp_path)
    assert rows[0]["gp_practice_name"] is None
    assert rows[0]["la_code"] == "409"
    assert [name for *_, name in result.headers][-2:] == [None, None]


def test_cells_stay_as_they_are(tmp_path):
    row = [*ROW[:28], 'two "words",\r\nnext line ', " ", "NULL", "", *ROW[32:]]
    write(tmp_path, "a.csv", HEADERS, [row], line_end="\r\n")
    _, rows = read(tmp_path)
    assert values(rows[0])[28:32] == ['two "words",\r\nnext line ', " ", "NULL", None]


def test_row_numbers_and_ids(tmp_path):
    write(tmp_path, "Return Q2 (final).csv", HEADERS, [ROW, ROW])
    result, rows = read(tmp_path)
    assert [row["row_number"] for row in rows] == [1, 2]
    key, name, count, sha256, imported = result.files[0]
    assert key == f"return-q2-final-{sha256[:8]}" and count == 2 and imported is None


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", 0, "is empty"),
        ("a,b\n1,2\n", 1, "none of the CLD headers"),
        ("LA Code,Gender\n1,2\n1,2,3\n", 3, "3 cells where the header has 2"),
        ('LA Code,Gender\n1,"a\nb"\n1\n', 4, "1 cells where the header has 2"),
        ('LA Code,Gender\n1,2\n1,"open\n1,2\n', 3, "quotation mark"),
    ],
)
def test_unreadable_file_names_the_line_and_others_still_run(tmp_path, content, line, words):
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")
    write(tmp_path, "good.csv", HEADERS, [ROW])
    result, rows = read(tmp_path)
    assert len(rows) == 1
    ((name, line_number, problem),) = result.problems
    assert (name, line_number) == ("bad.csv", line)
    assert words in problem


def test_problems_never_show_cells(tmp_path):
    (tmp_path / "bad.csv").write_text("LA Code,NHS Number\n1,9990000018,Secretname\n")
    result, _ = read(tmp_path)
    assert "9990000018" not in str(result.problems) and "Secretname" not in str(result.problems)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"LA Code,Gender\n1,2\n1,\x00\n", 3, "not plain text"),
        (b"LA Code,Gender\n1,2\n1,\x81\n", 3, "neither UTF-8 nor Windows-1252"),
    ],
)
def test_what_is_no_text_is_named_with_its_line(tmp_path, content, line, words):
    (tmp_path / "a.csv").write_bytes(content)
    ((_, line_number, problem),) = read(tmp_path)[0].problems
    assert line_number == line and words in problem


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_header_without_rows(tmp_path, end):
    (tmp_path / "a.csv").write_text(",".join(HEADERS) + end, newline="")
    result, rows = read(tmp_path)
    assert (rows, result.problems, result.files[0][2]) == ([], [], 0)


def test_folders_are_passed_over_and_lost_files_named(tmp_path):
    (tmp_path / "earlier.csv").mkdir()
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    write(tmp_path, "a.csv", HEADERS, [ROW])
    result, rows = read(tmp_path)
    assert len(rows) == 1
    assert [problem[0] for problem in result.problems] == ["gone.csv"]


def test_import_dates(tmp_path):
    write(tmp_path, "a.csv", HEADERS, [ROW])
    write(tmp_path, "c.csv", HEADERS, [ROW])
    (tmp_path / "submissions.csv").write_text(
        "file_name,imported_at\na.csv,05/01/2026\nb.csv,2026-01-01\na.csv,soon\nc.csv,2026-01-06 09:30\n"
    )
    result, _ = read(tmp_path)
    assert [file[4] for file in result.files] == ["2026-01-05", "2026-01-06"]
    assert [problem[1] for problem in result.problems] == [3, 4]


@pytest.mark.parametrize("folder", ["empty", "absent"])
def test_no_folder_or_no_files(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    result, rows = read(tmp_path / folder)
    assert (rows, result.files, result.problems) == ([], [], [])


def test_workbook_is_converted_by_the_command(tmp_path):
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Notes"])
    sheet = book.create_sheet("Return")
    sheet.append(HEADERS)
    sheet.append([409, datetime(2025, 10, 1), "30/09/2026", 9990000018, *ROW[4:47], 12.5, None, 3])
    book.save(tmp_path / "a.xlsx")
    assert "convert_xlsx" in read(tmp_path)[0].problems[0][2]
    assert convert_xlsx.main([str(tmp_path)]) == 0
    result, rows = read(tmp_path)
    assert result.problems == []
    assert values(rows[0])[:4] == ["409", "01/10/2025", "30/09/2026", "9990000018"]
    assert values(rows[0])[47:] == ["12.5", None, "3"]
    assert convert_xlsx.main([str(tmp_path)]) == 1
