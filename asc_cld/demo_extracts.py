"""Whether a folder of extracts is that of the invented council, in whatever form it was written again.

The demo's settings hold for the demo's people only: a council that forgot its code would otherwise send a file
under another council's name. Nobody is the demo by their NHS numbers alone: another invented council counts them
from the same first one.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import read_extract
from asc_cld.specification import PROJECT

DEMO = PROJECT / "data" / "demo" / "extracts"
SAME_NUMBERS, SAME_NAMES = 0.9, 0.5
NHS_DIGITS = 10


def is_the_demo(folder: Path) -> bool:
    """Whether these are the demo's people: their NHS numbers, and under those mostly the same surnames.

    A folder whose people cannot be read is nobody's; what is wrong with it is said elsewhere.
    """
    if folder.resolve() == DEMO.resolve():
        return True
    try:
        numbers, names = _people(folder)
        demo_numbers, demo_names = _people_of_the_demo()
    except InputError:
        return False
    same = names & demo_names
    if not numbers:
        return bool(names) and len(same) >= SAME_NUMBERS * len(names)
    return len(numbers & demo_numbers) >= SAME_NUMBERS * len(numbers) and len(same) >= SAME_NAMES * len(names)


@lru_cache(maxsize=1)
def _people_of_the_demo() -> tuple[set[str], set[tuple[str, str]]]:
    return _people(DEMO)


def _people(folder: Path) -> tuple[set[str], set[tuple[str, str]]]:
    """(NHS numbers as digits, (person, surname) in one form) of a folder of extracts. Raises InputError."""
    identifiers = read_extract(folder, "person_identifier")["id_value"].to_pylist()
    numbers = {digits for value in identifiers if len(digits := _digits(value or "")) == NHS_DIGITS}
    people = read_extract(folder, "person").select(["person_id", "surname"]).to_pylist()
    return numbers, {(_plain(row["person_id"]), _plain(row["surname"])) for row in people}


def _digits(text: str) -> str:
    text = text.strip()
    if re.fullmatch(r"[0-9]([.][0-9]+)?[eE][+]?[0-9]{1,2}", text):
        text = str(int(Decimal(text)))
    text = re.sub(r"[.]0+$", "", text)
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())


def _plain(text: str | None) -> str:
    decomposed = unicodedata.normalize("NFKD", text or "").casefold()
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[.]0+$", "", decomposed.strip()))
