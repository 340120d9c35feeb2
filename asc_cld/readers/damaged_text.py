"""Letters that were damaged on the way: a text was read in one encoding and saved in another.

Told are the mark of a letter that is gone (U+FFFD), what the UTF-8 of a letter looks like in another code page
(`Ã©`, `â€™`, `├®`, `√©`), control characters where Windows has its quotation marks, and letters as a web page or the
inside of a workbook spells them (`&#39;`, `_x000D_`). A question mark in the place of a letter cannot be told.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

# What else is written in words of this country: quotation marks, dashes, an ellipsis, a bullet, euro, trade mark.
SIGNS = "‘’“”–—…•€™"
LETTERS = [chr(code) for code in range(0xA0, 0x180)] + list(SIGNS)
# Windows, the two of DOS and the Mac.
CODE_PAGES = ("cp1252", "cp850", "cp437", "mac_roman")
SPELLED = (
    r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4}|[A-Za-z](?:acute|grave|circ|uml|cedil|tilde));"
    r"|_x[0-9A-F]{4}_"
)


def _in_another_page() -> set[str]:
    """The UTF-8 of every letter as each code page shows it."""
    shown = set()
    for letter in LETTERS:
        for code_page in CODE_PAGES:
            try:
                shown.add(letter.encode().decode(code_page))
            except UnicodeDecodeError:
                continue
    return shown


# Of Ã and a no-break space the second is easily lost.
DAMAGED = "|".join(
    [
        SPELLED,
        r"\x{FFFD}",
        r"[\x{80}-\x{9F}]",
        r"[ÃÂ](?:\P{L}|$)",
        *map(re.escape, sorted(_in_another_page())),
    ]
)


def damaged_cells(cells: pa.ChunkedArray) -> list[int]:
    """The places of the cells in which a letter is damaged."""
    seen = pc.or_(pc.invert(pc.string_is_ascii(cells)), pc.match_substring_regex(cells, "&|_x"))
    places = pc.indices_nonzero(pc.fill_null(seen, False))
    if not len(places):
        return []
    return places.filter(pc.match_substring_regex(cells.take(places), DAMAGED)).to_pylist()
