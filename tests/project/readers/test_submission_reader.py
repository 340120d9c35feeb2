"""The submission reader takes what people really have, and says clearly what it cannot take."""

import csv
import gzip
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from dbt_runs import PROJECT as ROOT

from asc_cld.readers import submission_reader
from asc_cld.readers.errors import InputError

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
    rows = [row for batch in result.batches() for row in batch.to_pylist()]
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
    write(
        tmp_path, "a.csv", [*HEADERS[:7], *HEADERS[8:], "Team", "LA Code"], [[*ROW[:7], *ROW[8:], "T", "9"]]
    )
    result, rows = read(tmp_path)
    assert rows[0]["gp_practice_name"] is None
    assert rows[0]["la_code"] == "409"
    assert [name for *_, name in result.headers][-2:] == [None, None]


def test_a_file_without_a_column_of_days_is_read(tmp_path):
    write(tmp_path, "no_days.csv", ["LA Code", "Event Reference"], [["409", "CN1"], ["409", "CN2"]])
    folder, rows = read(tmp_path)
    assert not folder.problems and [row["event_reference"] for row in rows] == ["CN1", "CN2"]


def test_cells_stay_as_they_are(tmp_path):
    row = [*ROW[:28], 'two "words",\r\nnext line ', " ", "NULL", "", *ROW[32:]]
    write(tmp_path, "a.csv", HEADERS, [row], line_end="\r\n")
    _, rows = read(tmp_path)
    assert values(rows[0])[28:32] == ['two "words",\r\nnext line ', " ", "NULL", None]


def test_row_numbers_and_ids(tmp_path):
    write(tmp_path, "Return Q2 (final).csv", HEADERS, [ROW, ROW])
    result, rows = read(tmp_path)
    assert [row["row_number"] for row in rows] == [1, 2]
    key, name, count, sha256, imported, lines, empty, empty_lines, doubt = result.files[0]
    assert key == f"return-q2-final-{sha256[:8]}" and imported is None
    assert (count, lines, empty, empty_lines, doubt) == (2, 3, 0, None, None)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", 0, "is empty"),
        ("a,b\n1,2\n", 1, "none of the columns"),
        (
            'A title\nmade "today"\n\nLA Code;Gender\n1;2\n',
            1,
            "; line 4 looks like it: delete the lines above that one",
        ),
        ("LA Code,Gender\n1,2\n1,2,3\n", 3, "3 cells where the header has 2"),
        ('LA Code,Gender\n1,"a\nb"\n1\n', 4, "1 cell where the header has 2"),
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
        (b"LA Code,Gender\n1,2\n1,Fran\x81ois\n", 3, "neither UTF-8 nor Windows-1252"),
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
    write(tmp_path, "c.csv", HEADERS, [ROW, ROW])
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


@pytest.mark.parametrize(
    ("folder", "needs_files", "said"),
    [
        ("absent", False, None),
        ("absent", True, "the folder does not exist"),
        ("empty", False, None),
        ("empty", True, "seen: nothing"),
        ("unread", False, "bad.csv, line 1: none of the columns"),
        ("unread", True, "return.docx: not a kind of file that is read"),
    ],
)
def test_a_folder_in_which_nothing_can_be_read(tmp_path, folder, needs_files, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "unread").mkdir()
    (tmp_path / "unread" / "bad.csv").write_text("a,b\n1,2\n")
    (tmp_path / "unread" / "return.docx").write_text("x")
    path = tmp_path / folder
    result = submission_reader.read_folder(path)
    if said is None:
        submission_reader.refuse_nothing_read(path, result, needs_files)
        return
    with pytest.raises(InputError, match=said):
        submission_reader.refuse_nothing_read(path, result, needs_files)


@pytest.mark.parametrize("name", ["a.txt", "a.tsv", "a.csv.gz", "a.zip"])
def test_other_kinds_of_file_are_read(tmp_path, name):
    write(tmp_path, "plain", HEADERS, [ROW], delimiter="\t" if name == "a.tsv" else ",")
    content = (tmp_path / "plain").read_bytes()
    if name == "a.zip":
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("sent/a.csv", content)
            archive.writestr("__MACOSX/sent/._a.csv", b"\x00")
    else:
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (tmp_path / "plain").unlink()
    result, rows = read(tmp_path)
    assert result.problems == []
    assert [values(row) for row in rows] == [ROW]


def test_packed_files_that_cannot_be_read_are_named(tmp_path, monkeypatch):
    content = (",".join(HEADERS) + "\n").encode() + b"," * 49 * 2000
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", content)
        archive.writestr("b.csv", content)
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(content)[:-20])
    (tmp_path / "none.zip").write_bytes(b"PK no archive")
    (tmp_path / "large.gz").write_bytes(gzip.compress(b"x" * 3_000_000))
    monkeypatch.setenv("CLD_PACKED_MB_MAX", "2")
    problems = {name: problem for name, _, problem in read(tmp_path)[0].problems}
    assert set(problems) == {"two.zip", "cut.csv.gz", "none.zip", "large.gz"}
    assert "holds 2 files" in problems["two.zip"]
    assert "cannot be unpacked to its end" in problems["cut.csv.gz"]
    assert "not a .zip file" in problems["none.zip"]
    assert "unpacks to more than" in problems["large.gz"]


def test_a_copy_under_another_name_is_no_submission(tmp_path):
    write(tmp_path, "a.csv", HEADERS, [ROW])
    write(tmp_path, "a (copy).csv", HEADERS, [ROW])
    result, rows = read(tmp_path)
    assert len(rows) == 1
    ((name, _, problem),) = result.problems
    assert name == "a.csv" and "is the same file as a (copy).csv" in problem


@pytest.mark.parametrize("form", ["line ends", "mark", "delimiter", "utf-16", "quotes"])
def test_the_same_rows_in_another_form_are_no_submission(tmp_path, form):
    rows = [ROW, [*ROW[:-1], "another"], ROW]
    write(tmp_path, "a.csv", HEADERS, rows)
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    table = list(csv.reader(io.StringIO(text)))
    content = {
        "line ends": text.replace("\r\n", "\n").replace("\n", "\r\n").encode(),
        "mark": b"\xef\xbb\xbf" + text.encode(),
        "delimiter": "\n".join(";".join(row) for row in table).encode(),
        "utf-16": text.encode("utf-16"),
        "quotes": "\n".join(",".join(f'"{cell}"' for cell in row) for row in table).encode(),
    }[form]
    if content == (tmp_path / "a.csv").read_bytes():
        content = text.replace("\r\n", "\n").encode()
    (tmp_path / "b.csv").write_bytes(content)
    result, read_rows = read(tmp_path)
    assert len(read_rows) == 3
    ((name, _, problem),) = result.problems
    # The mark of UTF-16 is no part of what is read: there it is the same file.
    said = "is the same file as a.csv" if form == "utf-16" else "holds the same rows as a.csv"
    assert name == "b.csv" and said in problem


# A row as the specification has it, and a cell of it as a program, Excel or a database may write the same.
SENT = {
    "LA Code": "409",
    "Date of Birth": "01/02/1940",
    "Event Start Date": "05/01/2026",
    "NHS Number": "9990000018",
    "Event Reference": "0012",
    "Service Component": "Home support",
    "Unit Cost": "1022.50",
    "Planned units per week": "5.00",
}
SAME = [
    ("Unit Cost", "1022.5"),
    ("Unit Cost", "1,022.50"),
    ("Unit Cost", "\N{POUND SIGN}1022.50"),
    ("Unit Cost", "+1022.500"),
    ("Planned units per week", "5"),
    ("Planned units per week", "5."),
    ("LA Code", "409.0"),
    ("LA Code", "\N{NO-BREAK SPACE}409 "),
    ("Date of Birth", "1940-02-01"),
    ("Date of Birth", "1/2/1940"),
    ("Date of Birth", "14642"),
    ("Event Start Date", "2026-01-05T00:00:00.000"),
    ("Event Start Date", "05/01/2026 00:00"),
    ("Event Start Date", "05-Jan-2026"),
    ("Service Component", "Home\N{NO-BREAK SPACE}support\N{ZERO WIDTH SPACE}"),
    ("GP Practice Name", "NULL"),
    ("GP Practice Name", "nan"),
]
OTHER = [
    ("Unit Cost", "1022.51"),
    ("Unit Cost", "-1022.50"),
    ("Planned units per week", "50"),
    ("Date of Birth", "02/01/1940"),
    ("Event Reference", "12"),
    ("Service Component", "home support"),
    ("GP Practice Name", "0"),
]


def row_with(**cells):
    return [({**SENT} | cells).get(header, "") for header in HEADERS]


@pytest.mark.parametrize(("header", "cell"), SAME)
def test_the_same_row_however_it_is_written_is_no_submission(tmp_path, header, cell):
    write(tmp_path, "a.csv", HEADERS, [row_with()])
    write(tmp_path, "b.csv", HEADERS, [row_with(**{header: cell})])
    result, rows = read(tmp_path)
    ((name, _, problem),) = result.problems
    assert (len(rows), name) == (1, "b.csv") and "holds the same rows as a.csv" in problem


@pytest.mark.parametrize(("header", "cell"), OTHER)
def test_one_cell_makes_another_submission(tmp_path, header, cell):
    write(tmp_path, "a.csv", HEADERS, [row_with(), row_with()])
    write(tmp_path, "b.csv", HEADERS, [row_with(), row_with(**{header: cell})])
    result, rows = read(tmp_path)
    assert len(rows) == 4 and result.problems == []


def test_a_typed_workbook_of_a_return_in_any_order_is_no_submission(tmp_path):
    rows = [row_with(), row_with(**{"Event Reference": "0013"}), row_with()]
    write(tmp_path, "a.csv", HEADERS, rows)
    book = openpyxl.Workbook()
    book.active.append(HEADERS[::-1])
    for row in rows[::-1]:
        typed = dict(zip(HEADERS, row, strict=True)) | {
            "LA Code": 409,
            "Date of Birth": date(1940, 2, 1),
            "NHS Number": 9990000018,
            "Unit Cost": 1022.5,
            "Planned units per week": 5,
        }
        book.active.append([typed[header] or None for header in HEADERS[::-1]])
    book.save(tmp_path / "b.xlsx")
    result, read_rows = read(tmp_path)
    assert len(read_rows) == 3
    assert [(name, "holds the same rows" in problem) for name, _, problem in result.problems] == [
        ("b.xlsx", True)
    ]


def test_a_row_twice_is_not_the_row_once_nor_another_one_twice(tmp_path):
    first, second = row_with(), row_with(**{"Event Reference": "0013"})
    write(tmp_path, "a.csv", HEADERS, [first, first, second])
    write(tmp_path, "b.csv", HEADERS, [first, second, second])
    assert read(tmp_path)[0].problems == []


def test_what_was_sent_on_two_days_was_sent_twice(tmp_path):
    write(tmp_path, "a.csv", HEADERS, [row_with(**{"Unit Cost": "1,022.50"})])
    write(tmp_path, "b.csv", HEADERS, [row_with()])
    days = tmp_path / "submissions.csv"
    days.write_text("file_name,imported_at\na.csv,2026-01-05\nb.csv,2026-02-05\n")
    assert read(tmp_path)[0].problems == []
    days.write_text("file_name,imported_at\na.csv,2026-01-05\nb.csv,2026-01-05\n")
    assert len(read(tmp_path)[0].problems) == 1


def test_rows_in_which_nothing_stands_are_said_once(tmp_path):
    nothing = [""] * 50
    write(tmp_path, "a.csv", HEADERS, [ROW, nothing, ROW, *[nothing] * 40])
    with (tmp_path / "a.csv").open("a") as stream:
        stream.write("\n,,,\n")
    result, rows = read(tmp_path)
    assert [row["row_number"] for row in rows] == [1, 3]
    assert result.problems == []
    assert result.files[0][2] == 2
    assert result.files[0][5:8] == (46, 41, "lines 3, 5, 6, 7, 8 and 36 more")


def test_hidden_files_and_what_lies_beside_are_passed_over(tmp_path):
    (tmp_path / "._a.csv").write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / "~$a.xlsx").write_bytes(b"\x00")
    write(tmp_path, "a.csv", HEADERS, [ROW])
    result, rows = read(tmp_path)
    assert len(rows) == 1 and result.problems == []
