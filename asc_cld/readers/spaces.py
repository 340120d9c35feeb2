"""Spaces of all kinds and characters that nobody sees: one answer for the readers, the commands and the models.

The macro strip_spaces says the same in SQL: no-break and thin spaces, tabs, line breaks are one plain
space inside and nothing at both ends; zero-width characters, byte order marks, soft hyphens and marks of
writing direction are gone everywhere.
"""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

NOT_SEEN = r"[\p{Cf}\x{034F}\x{FE00}-\x{FE0F}]+"
SPACES = r"[\s\p{Z}\p{Cc}]+"
ALREADY_PLAIN = r"^([!-~]+( [!-~]+)*)?$"


def plain(text: str) -> str:
    """A text without stray spaces and without what cannot be seen."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_plain_letter, text))
    return " ".join(part for part in text.split(" ") if part)


def _plain_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Cf" or letter == "\u034f" or "\ufe00" <= letter <= "\ufe0f":
        return ""
    return " " if kind in ("Cc", "Zs", "Zl", "Zp") else letter


def plain_column(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """plain() of every cell of a pyarrow column of text."""
    # Nearly every column is plain already, and one look says so.
    if pc.all(pc.match_substring_regex(column, ALREADY_PLAIN)).as_py() is not False:
        return column
    seen = pc.replace_substring_regex(column, NOT_SEEN, "")
    return pc.utf8_trim(pc.replace_substring_regex(seen, SPACES, " "), " ")
