"""Two hundred damaged files: each is read rightly or ends in one sentence that names it.

Never a traceback, and never fewer records than the lines hold. The damage is drawn from a fixed seed;
the file before it is known cell by cell.
"""

import csv
import io
import random
import re

import pytest

from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import read_extract
from asc_cld.readers.list_reader import LISTS, read_lists
from asc_cld.readers.mapping_reader import read_mapping
from asc_cld.readers.submission_reader import read_folder
from asc_cld.specification import extract_columns, seed_columns, seed_rows

ROWS = 40
MARK = "Quillfeather"


def words(row, column):
    return random.Random(row * 100 + column).choice(
        ["", f"{MARK} {row}", "Zoë, of Siân", 'says "no"', "two\nlines, here", "12/05/2026", "0", f"R{row}"]
    )


def cld_table():
    header = [field["header"] for field in seed_rows("specification", "spec_fields")]
    return header, [[f"K{row}", *[words(row, column) for column in range(1, 50)]] for row in range(ROWS)]


def extract_table():
    header = list(extract_columns("contact"))
    return header, [
        [f"K{row}", *[words(row, column) for column in range(1, len(header))]] for row in range(ROWS)
    ]


def list_table():
    return ["nhs_number", "date_of_death"], [[f"99900{row:05}", "12/05/2026"] for row in range(ROWS)]


def mapping_table():
    header = seed_columns("mappings", "map_units")
    return header, [[f"K{row}", "Hourly", "1", *[""] * (len(header) - 3)] for row in range(ROWS)]


def dates_table():
    return ["file_name", "imported_at"], [["a.csv", "2026-01-05"] for _ in range(ROWS)]


def extract_rows(folder):
    return read_extract(folder, "contact").num_rows


def list_rows(folder):
    return read_lists(str(folder), LISTS["death_rows"]).num_rows


def mapping_rows(folder):
    return read_mapping(folder, "map_units").num_rows


def cld_rows(folder):
    result = read_folder(folder)
    left = sum(file[6] for file in result.files)
    if result.problems and not left:
        raise InputError(
            "; ".join(f"{name}, line {line}: {problem}" for name, line, problem in result.problems)
        )
    return sum(batch.num_rows for batch in result.batches())


def dates_rows(folder):
    (folder / "a.csv").write_text(",".join(cld_table()[0]) + "\n")
    result = read_folder(folder)
    if result.problems:
        raise InputError(
            "; ".join(f"{name}, line {line}: {problem}" for name, line, problem in result.problems)
        )
    return ROWS if result.files[0][4] == "2026-01-05" else 0


KINDS = {
    "contact.csv": (extract_table, extract_rows),
    "a.csv": (cld_table, cld_rows),
    "deaths.csv": (list_table, list_rows),
    "map_units.csv": (mapping_table, mapping_rows),
    "submissions.csv": (dates_table, dates_rows),
}


def written(header, rows, delimiter=",", end="\n"):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows([header, *rows])
    return stream.getvalue()


def place(draw, text, after=0):
    return draw.randrange(after, len(text))


def damages(draw, header, rows):
    """The file after one damage."""
    text = written(header, rows)
    body = text.index("\n") + 1
    kind = draw.randrange(18)
    if kind == 0:  # one quotation mark somewhere
        at = place(draw, text)
        return text[:at] + '"' + text[at:]
    if kind == 1:  # two of them, each at a cell's beginning
        cells = [match.end() for match in re.finditer(r"[,\n]", text[:-1])]
        for at in sorted(draw.sample(cells, 2), reverse=True):
            text = text[:at] + '"' + text[at:]
        return text
    if kind == 2:  # one cell opened in one row and closed in another
        first, last = sorted(draw.sample(range(ROWS), 2))
        column = draw.randrange(len(header))
        changed = [[cell.replace('"', "").replace("\n", " ") for cell in row] for row in rows]
        lines = [",".join(cell.replace(",", " ") for cell in row) for row in [header, *changed]]
        for row, form in ((first + 1, '"{}'), (last + 1, '{}"')):
            cells = lines[row].split(",")
            cells[column] = form.format(cells[column] or "x")
            lines[row] = ",".join(cells)
        return "\n".join(lines) + "\n"
    if kind == 3:  # cut off
        return text[: place(draw, text, body)]
    if kind == 4:  # a byte of another encoding
        content = bytearray(text.encode())
        content[place(draw, content)] = draw.choice([0x82, 0xE9, 0x81, 0xFF, 0x00])
        return bytes(content)
    if kind == 5:
        return text.encode("cp850")
    if kind == 6:
        return text.encode(draw.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"]))
    if kind == 7:
        return text.encode("utf-16")[: draw.randrange(3, 400)]
    if kind == 8:
        return text.encode("cp1252")
    if kind == 9:  # a delimiter too many or too few
        at = text.index(",", place(draw, text[:-60]))
        return text[:at] + draw.choice(["", ",,"]) + text[at + 1 :]
    if kind == 10:
        return written(header, rows, delimiter=draw.choice(";\t|"))
    if kind == 11:
        return written(header, rows, end=draw.choice(["\r\n", "\r"]))
    if kind == 12:  # lines of nothing
        lines = text.split("\n")
        return text + draw.choice(["\n\n", ",\n", "," * lines[0].count(",") + "\n", "\x1a", "   \n"])
    if kind == 13:  # a cell without end
        return text[:-1] + "x" * 140_000 + "\n"
    if kind == 14:
        return bytes(draw.randrange(256) for _ in range(draw.randrange(0, 3000)))
    if kind == 15:  # the header
        at = place(draw, header)
        changed = [
            *header[:at],
            draw.choice(['"', "", "x", header[0], header[at] + '"', '"' + header[at]]),
            *header[at + 1 :],
        ]
        return ",".join(changed) + "\n" + text[body:]
    if kind == 16:  # a line break in the middle of a row
        at = place(draw, text, body)
        return text[:at] + draw.choice(["\n", "\r", "\r\n"]) + text[at:]
    return text[:body] + draw.choice(["x\n", '"\n', "\n", '""\n']) + text[body:]


def records_expected(content, header, rows):
    """All of them; of a file that was cut off, those that are left by the plain rules of CSV."""
    for encoding in ("utf-8", "utf-16"):
        left = content.decode(encoding, errors="ignore")
        if written(header, rows).startswith(left):
            return len(list(csv.reader(io.StringIO(left, newline="")))) - 1
    return ROWS


@pytest.mark.parametrize("name", KINDS)
def test_each_damaged_file_is_read_rightly_or_named(tmp_path, name):
    make, read = KINDS[name]
    header, rows = make()
    draw = random.Random(name)
    outcomes = {"read": 0, "named": 0}
    for number in range(45):
        folder = tmp_path / str(number)
        folder.mkdir()
        damaged = damages(draw, header, rows)
        content = damaged if isinstance(damaged, bytes) else damaged.encode()
        (folder / name).write_bytes(content)
        try:
            count = read(folder)
        except InputError as error:
            outcomes["named"] += 1
            assert name in str(error), (number, str(error))
            assert MARK not in str(error)
            continue
        outcomes["read"] += 1
        assert count >= records_expected(content, header, rows), (number, count)
    assert outcomes["read"] > 5 and outcomes["named"] > 10, outcomes
