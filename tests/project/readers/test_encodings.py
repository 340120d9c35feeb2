"""The encoding of a file is proved, or the file is refused with its lines: no letter is guessed."""

import codecs

import pytest

from asc_cld.readers.encodings import EightBits, sniffed
from asc_cld.readers.errors import InputError
from asc_cld.readers.text_files import look_at


def verdict(content: bytes) -> str:
    looked = EightBits("a.csv")
    looked.add(content, 1)
    return looked.verdict()


@pytest.mark.parametrize(
    "text",
    [
        "Renée",
        "Zoë",
        "O’Brien",
        "Seán",
        "Máire",
        "Siân",
        "Jürgen",
        "Peña",
        "JOSÉ",
        "ZOË",
        "SEÁN",
        "Ñuñez",
        "“hello”",
        "‘quoted’",
        "a – b",
        "Monday–Friday",
        "£12.50",
        "• point",
        "Nutricia™",
        "Aleš",
        "20°",
        "½ hour",
        "Åsa",
        "Björk",
        "again… and O’Brien",
        "Service\xa0user Renée",
    ],
)
def test_windows_1252_is_read(text):
    assert verdict(text.encode("cp1252")) == "cp1252"


@pytest.mark.parametrize(
    "text",
    [
        "Renée",
        "André",
        "Zoë",
        "Seán",
        "Máire",
        "Róisín",
        "Siân",
        "Jürgen",
        "Peña",
        "JOSÉ",
        "ZOË",
        "SEÁN",
        "Ñuñez",
        "£12.50",
        "Åsa",
        "Björk",
        "Hélène",
        "FRANÇOIS",
        "Jônes",
        "voilà",
        "Strauß",
        "20°",
        "½ hour",
        "à la carte",
        "Émile",
        "Aïda",
        "Øystein",
    ],
)
def test_code_page_850_is_never_taken_for_windows_1252(text):
    """The same bytes are valid Windows-1252, and would give `Ren‚e`."""
    with pytest.raises(InputError, match="line 1: the encoding"):
        verdict(text.encode("cp850"))


@pytest.mark.parametrize("code_page", ["cp437", "mac_roman"])
def test_neither_are_other_code_pages(code_page):
    with pytest.raises(InputError):
        verdict("Renée,Zoë\nAndré,Chloé".encode(code_page))


def test_one_byte_of_another_encoding_is_named_with_its_lines():
    content = "\n".join(["Zoë"] * 5).encode() + b"\nRen\xe9e\n" + "Siân".encode()
    with pytest.raises(InputError, match="mixed: line 6 holds letters that are not UTF-8"):
        verdict(content)


def test_the_lesser_kind_is_named_in_a_file_of_mostly_windows_1252():
    content = "\n".join(["Zoë"] * 5).encode("cp1252") + b"\nRen\xc3\xa9e\n"
    with pytest.raises(InputError, match="mixed: line 6 holds letters that are UTF-8"):
        verdict(content)


def test_what_every_byte_leaves_open_is_refused():
    """ZO with the byte D3: Ó in one encoding, Ë in the other."""
    with pytest.raises(InputError, match="cannot be told"):
        verdict(b"ZO\xd3")
    assert verdict(b"ZO\xd3,Ren\xe9e") == "cp1252"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_gives_the_same_cells(tmp_path, encoding):
    path = tmp_path / "a.csv"
    text = 'id,name\r\n1,Renée O’Brien\r\n2,"Zoë\r\nof Siân"\r\n'
    path.write_bytes(text.encode(encoding))
    found = look_at(path, len)
    assert found.table({"id": 0, "name": 1}).to_pylist() == [
        {"id": "1", "name": "Renée O’Brien"},
        {"id": "2", "name": "Zoë\r\nof Siân"},
    ]
    assert (found.line_count, found.record_count, found.breaks_in_cells) == (4, 2, 1)


def test_utf_16_by_its_mark_and_by_its_zeros():
    assert sniffed("id".encode("utf-16")) == "utf-16"
    assert sniffed(codecs.BOM_UTF16_BE + b"\0i") == "utf-16"
    assert sniffed("id,name\n".encode("utf-16-le")) == "utf-16-le"
    assert sniffed(b"id,name\n") == ""


def test_utf_16_that_breaks_off_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("id,name\n1,x\n".encode("utf-16") + b"\x00")
    with pytest.raises(InputError, match=r"a.csv, line \d: cannot be read as UTF-16"):
        look_at(path, len)


def test_a_byte_order_mark_proves_nothing_about_the_rest(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("id,name\n1,Zoë\n".encode("utf-8-sig") + b"2,Ren\xe9e\n")
    with pytest.raises(
        InputError, match="a.csv, line 3: begins as UTF-8, but line 3 cannot be read as UTF-8"
    ):
        look_at(path, len)
