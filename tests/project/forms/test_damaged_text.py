"""Letters that were damaged on the way are told from letters that somebody has."""

import pyarrow as pa
import pytest

from asc_cld.readers.damaged_text import damaged_cells


def is_damaged(text):
    return damaged_cells(pa.chunked_array([pa.array(["Smith", None, text])])) == [2]


@pytest.mark.parametrize("code_page", ["cp1252", "cp850", "cp437", "mac_roman", "latin-1"])
@pytest.mark.parametrize("name", ["Renée", "Siân", "O’Brien", "Łukasz", "£12", "à la"])
def test_utf_8_read_in_another_code_page_is_damaged(name, code_page):
    assert is_damaged(name.encode().decode(code_page, errors="replace"))
    assert not is_damaged(name)


@pytest.mark.parametrize(
    "text", ["Ren\ufffde", "O\x92Brien", "O&#39;Brien", "O&#x2019;Brien", "A&amp;E", "one_x000D_", "Ã  la"]
)
def test_so_are_a_lost_letter_and_one_that_is_spelled(text):
    assert is_damaged(text)


@pytest.mark.parametrize(
    "text",
    ["RENÉ’S", "JOÃO", "SIMÕES", "PÂTISSERIE", "“Café”", "½°C", "Ærøskøbing", "Αλέξης", "A & B; C", "x_x_y"],
)
def test_what_somebody_writes_is_not(text):
    assert not is_damaged(text)
