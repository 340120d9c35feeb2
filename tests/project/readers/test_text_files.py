"""Lines against records: no row is swallowed by a quotation mark, and honest line breaks are read."""

import csv
import io

import pytest

from asc_cld.readers import text_files
from asc_cld.readers.errors import InputError
from asc_cld.readers.text_files import look_at

HEADER = [f"c{number}" for number in range(1, 13)]


def write(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    return path


def plain(rows, width=12):
    return "".join(
        ",".join(f"r{row}c{column}" for column in range(1, width + 1)) + "\n" for row in range(1, rows + 1)
    )


def with_cell(text, row, column, cell):
    lines = text.split("\n")
    cells = lines[row - 1].split(",")
    cells[column - 1] = cell
    lines[row - 1] = ",".join(cells)
    return "\n".join(lines)


def read(path):
    found = look_at(path, len)
    return found, found.table({name: place for place, name in enumerate(found.header)}).to_pylist()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((3, 5, '"front door'), (40, 5, 'front door"')),  # one cell by every rule of CSV
        ((3, 5, '"front door'), (4, 5, 'front door"')),
        ((3, 5, '"front door'), (40, 5, '"front door')),
        ((3, 5, '"front door'), (40, 9, 'front door"')),
        ((3, 1, '"front door'), (40, 1, 'front door"')),
        ((3, 12, '"front door'), (40, 12, 'front door"')),
        ((3, 5, '"front door'), (40, 5, 'front" door')),
    ],
)
def test_two_stray_quotation_marks_never_swallow_rows(tmp_path, first, second):
    text = with_cell(with_cell(plain(60), *first), *second)
    path = write(tmp_path, ",".join(HEADER) + "\n" + text)
    with pytest.raises(InputError, match="a.csv, line 4: "):
        look_at(path, len)


def test_honest_line_breaks_are_read_and_counted(tmp_path):
    text = 'Lives alone, low mood.\r\nFell twice, in May, and June.\n\nSays: "no", then yes.'
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(
        [HEADER, ["1", text, *["x"] * 10], ["2", *["y"] * 11]]
    )
    found, rows = read(write(tmp_path, stream.getvalue()))
    assert rows[0]["c2"] == text and rows[1]["c1"] == "2"
    assert (found.line_count, found.record_count, found.breaks_in_cells) == (6, 2, 3)
    assert [found.line_of(1), found.line_of(2)] == [2, 6]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "is empty"),
        ("\n \n", 0, "is empty"),
        ('a,"b\n1,2\n', 1, "the header"),
        ('"a,b\n1,2"\n', 1, "the header"),
        ('a,b\n1,"2\n3,4\n', 2, "quotation mark"),
        ('a,b\n1,2\n"3" x,4\n', 3, "quotation mark"),
        ("a,b\n1,2\n3\n4,5,6\n", 3, "1 cell where the header has 2 (2 such: lines 3, 4)"),
        ("a,b\n1," + "x" * 200_000 + "\n", 2, "longer than 131072"),
        ('a,b\n1,"' + "x" * 200_000 + '"\n', 2, "longer than 131072"),
        ('a,b\n1,"' + "x\n" * 200_000 + '"\n', 2, "quotation mark"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(tmp_path, text, line, words):
    with pytest.raises(InputError) as error:
        look_at(write(tmp_path, text), lambda cells: len({"a", "b"} & set(cells)))
    assert (error.value.file, error.value.line) == ("a.csv", line)
    assert words in str(error.value)


def test_quotation_marks_inside_a_cell_are_read_where_the_row_is_whole(tmp_path):
    _, rows = read(write(tmp_path, 'a,b\n1,6" pipe\n2,"a ""b"" c"\n3,a "b" c\n4,""\n'))
    assert [row["b"] for row in rows] == ['6" pipe', 'a "b" c', 'a "b" c', ""]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(tmp_path, end, last):
    text = end.join(["a,b", '1,"x"', "2,y"]) + (end if last else "")
    found, rows = read(write(tmp_path, text))
    assert [row["b"] for row in rows] == ["x", "y"] and found.line_count == 3


def test_excels_own_first_line_and_lines_of_nothing(tmp_path):
    found, rows = read(write(tmp_path, "sep=;\na;b\n1;2\n\n;\n3;4\n;;;\n"))
    assert [row["a"] for row in rows] == ["1", "", "3"]
    assert found.empty_records == [2] and found.blank_line_count == 3
    assert found.line_count == 1 + found.record_count + found.blank_line_count


def test_a_delimiter_at_the_end_of_every_row_is_no_cell(tmp_path):
    _, rows = read(write(tmp_path, 'a,b\n1,"2",\n3,4,\n'))
    assert rows == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    with pytest.raises(InputError, match="line 2: 3 cells"):
        look_at(write(tmp_path, "a,b\n1,2,\n3,4\n"), len)


def test_a_line_at_the_edge_of_a_block(tmp_path, monkeypatch):
    """The same counts, wherever the blocks are cut."""
    text = (
        ",".join(HEADER)
        + "\r\n"
        + "".join(f'{row},"x, {row}\r\nsecond line",' + ",".join(["é"] * 10) + "\r\n" for row in range(300))
    )
    path = write(tmp_path, text)
    expected = [(row["c1"], row["c2"]) for row in read(path)[1]]
    for size in (61, 64, 1000):
        monkeypatch.setattr(text_files, "BLOCK_BYTES", size)
        found = look_at(path, len)
        assert (found.line_count, found.record_count, found.breaks_in_cells) == (601, 300, 300)
    monkeypatch.undo()
    assert expected[299] == ("299", "x, 299\r\nsecond line")


def test_rows_that_reading_loses_are_an_error(tmp_path):
    """Should Arrow ever count another number of rows than there are lines, nothing goes on."""
    found = look_at(write(tmp_path, "a,b\n1,2\n3,4\n"), len)
    found.record_count = 3
    with pytest.raises(InputError, match="3 records stand on its 3 lines, yet 2 were read"):
        found.table({"a": 0})
