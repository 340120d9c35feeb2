"""The closed vocabularies of the input contract, as the commands and the readers need them.

The words are data (seed spec_words and a council's own map_words.csv); the models compare what they mean.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from asc_cld.readers.spaces import plain
from asc_cld.specification import extract_columns, extract_names, seed_rows

BLANK = "(blank)"


def word_key(word: str) -> str:
    """A word as two spellings of it are compared (as the macro word_key does)."""
    return re.sub(r"([A-Za-z]) *[-_/]+ *([A-Za-z])", r"\1 \2", plain(word)).lower()


@cache
def known_words() -> dict[str, dict[str, str]]:
    """{vocabulary: {key of a word: the contract's word for it}}"""
    known: dict[str, dict[str, str]] = {}
    for row in seed_rows("specification", "spec_words"):
        known.setdefault(row["vocabulary"], {})[word_key(row["word"])] = row["meaning"]
    return known


@cache
def meanings() -> dict[str, list[str]]:
    """{vocabulary: the contract's words, in order}"""
    found: dict[str, list[str]] = {}
    for row in seed_rows("specification", "spec_words"):
        if row["is_contract_word"] == "yes":
            found.setdefault(row["vocabulary"], []).append(row["meaning"])
    return found


def faults_of_words(rows: Iterable[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, str, str]]:
    """(line, column, what is wrong) for the rows of a map_words file; nothing for a row still to be filled."""
    said: dict[tuple[str, str], tuple[int, str]] = {}
    for line, row in rows:
        vocabulary, word, meaning = (str(row.get(c) or "").strip() for c in ("vocabulary", "word", "meaning"))
        if not (vocabulary or word or meaning):
            continue
        if vocabulary not in meanings():
            near = difflib.get_close_matches(vocabulary, meanings(), n=1, cutoff=0.0)[0]
            yield line, "vocabulary", f"is no vocabulary; the nearest is '{near}'"
            continue
        if not word:
            yield line, "word", f"no word; write {BLANK} for an empty cell"
            continue
        if not meaning:
            continue
        if meaning.upper() not in meanings()[vocabulary]:
            allowed = ", ".join(meanings()[vocabulary])
            yield line, "meaning", f"is no word of the contract; write one of {allowed}"
            continue
        before = said.setdefault((vocabulary, word_key(word)), (line, meaning.upper()))
        if before[1] != meaning.upper():
            yield line, "meaning", f"line {before[0]} says that the same word means {before[1]}"


def words_in_use(tables: dict[str, list[dict[str, str]]]) -> dict[str, Counter[str]]:
    """{vocabulary: how often each word stands in the extracts}, an empty cell as (blank); flags blank mean no word."""
    used: dict[str, Counter[str]] = {}
    for extract, rows in tables.items():
        for column, contract in extract_columns(extract).items():
            vocabulary = contract["vocabulary"]
            if not vocabulary:
                continue
            spellings = used.setdefault(vocabulary, Counter())
            for row in rows:
                word = plain(row.get(column) or "")
                if word.upper() not in ("", "NULL"):
                    spellings[word] += 1
                elif vocabulary != "flag":
                    spellings[BLANK] += 1
    return used


def starter_words(tables: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    """Rows for map_words.csv: the words really in use, known ones filled in, the others left to fill."""
    rows = []
    for vocabulary, spellings in sorted(words_in_use(tables).items()):
        shown: dict[str, str] = {}
        for word in sorted(spellings):
            shown.setdefault(word_key(word), word)
        for key, word in shown.items():
            meaning = known_words()[vocabulary].get(key, "")
            count = sum(n for other, n in spellings.items() if word_key(other) == key)
            allowed = "" if meaning else f"; write one of {', '.join(meanings()[vocabulary])}"
            rows.append(
                {
                    "vocabulary": vocabulary,
                    "word": word,
                    "meaning": meaning,
                    "note": f"{count} records{allowed}",
                }
            )
    return rows


def extracts_with_words() -> list[str]:
    """The extracts of the contract that hold a word or flag."""
    return [name for name in extract_names() if any(c["vocabulary"] for c in extract_columns(name).values())]
