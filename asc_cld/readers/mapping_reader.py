"""Reads a council's own mapping files, as Excel saves them, in place of the seeds.

Used only when the setting `mappings_path` names a folder. The files have the names and columns of
seeds/mappings; dates and remarks may be left out, dates may be written dd/mm/yyyy. A value that no
list of the specification holds, or two answers for one code, is an error that names the file, the
line and the column, never what stands in the cell.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from asc_cld.nearest import nearest, unseen_in
from asc_cld.readers.errors import SHOWN, InputError
from asc_cld.readers.sources import (
    TABLES,
    base_name,
    is_passed_over,
    open_source,
    plain_header,
    positions_of,
    refuse_error_cells,
    refuse_misspelt,
    without_text_marks,
)
from asc_cld.readers.text_files import trimmed
from asc_cld.specification import seed_columns, seed_rows
from asc_cld.spreadsheets import as_it_was
from asc_cld.vocabularies import faults_of_words, known_words, meanings, word_key

# Rows of a mapping with the lines they stand on.
Lines = list[tuple[int, dict[str, str]]]

OPTIONAL = {
    "valid_from",
    "valid_to",
    "owner",
    "reviewed_on",
    "note",
    "reason",
    "price_factor",
    "planned_for_weeks",
    "hours_per_unit",
    "weeks_per_unit",
}
# A council whose case system speaks the words of spec_words needs no file of its own words.
OPTIONAL_FILES = {"map_words"}
TYPO = 0.85
DAYS = ("valid_from", "valid_to", "reviewed_on")
REMARKS = {*DAYS, "owner", "note"}
# The columns that say which code a row is about; the others say what it stands for.
KEYS = {
    "map_codes": ("code_list", "local_code", "cld_field"),
    "map_event_scope": ("code_list", "local_code"),
    "map_services": ("element_code", "package_type_code", "subject_role"),
    "map_units": ("unit_code",),
    "map_rates": ("rate_type_code",),
}
# The list of the specification that a column's values come from.
LISTS = {
    ("map_services", "service_type"): "Service Type",
    ("map_services", "service_component"): "Service Component",
    ("map_units", "cost_frequency"): "Cost Frequency (Unit Type)",
}
# The mapping files, in the order in which a council fills them in.
MAPPINGS = (*KEYS, "map_words")
FLAGS = {
    ("map_event_scope", "is_in_scope"),
    ("map_services", "ends_on_delivery"),
    ("map_rates", "in_unit_cost"),
}


def read_mapping(folder: Path, mapping: str) -> pa.Table:
    """One mapping file as text, with every column that the seed of the same name has.

    Raises InputError: no such file, a column missing or twice, rows that do not fit the header, a
    value that is not listed, a day that is none, two answers for one code.
    """
    rows = mapping_rows(folder, mapping)
    return pa.table(
        {
            column: pa.array([row[column] for _, row in rows], pa.string())
            for column in seed_columns("mappings", mapping)
        }
    )


def mapping_rows(folder: Path, mapping: str) -> Lines:
    """The same as rows, each with the line it stands on. Raises InputError."""
    columns = seed_columns("mappings", mapping)
    path = _find(folder, mapping)
    if path is None:
        return []
    source = open_source(path, frozenset(columns), plain_header)
    positions = positions_of(source, frozenset(columns), plain_header)
    missing = [name for name in columns if name not in positions and name not in OPTIONAL]
    if missing:
        raise InputError(f"column missing: {', '.join(missing)}.", path.name)
    refuse_misspelt([plain_header(cell) for cell in source.header], columns, path.name, source.header_lines)
    table = source.table(positions)
    refuse_error_cells(table, source.name, source.line_of)
    for place, name in enumerate(table.column_names):
        marked = without_text_marks(table[name], name in KEYS.get(mapping, ()))
        table = table.set_column(place, name, marked)
    empty = set(source.empty_records)
    rows = []
    for record, row in enumerate(table.to_pylist(), start=1):
        if record not in empty:
            rows.append(
                # A code such as =1 stands in a starter mapping as '=1.
                (
                    source.line_of(record),
                    {column: as_it_was(trimmed(row.get(column, ""))) for column in columns},
                )
            )
    problems = problems_in(path.name, mapping, rows, folder)
    rows = _without_copies(rows)
    if problems:
        more = f"\nand {len(problems) - 4 * SHOWN} more" if len(problems) > 4 * SHOWN else ""
        raise InputError("\n".join(str(problem) for problem in problems[: 4 * SHOWN]) + more)
    return rows


def problems_in(
    file: str, mapping: str, rows: list[tuple[int, dict[str, str]]], folder: Path
) -> list[InputError]:
    """What is wrong with the rows (line, cells) of a mapping. Words and days become the contract's in place."""
    problems = [
        *_words(folder, file, mapping, rows),
        *_values_not_listed(file, mapping, rows),
        *_days(file, rows),
        *_no_code(file, mapping, rows),
    ]
    if mapping == "map_words":
        problems += [InputError(fault, file, line, column) for line, column, fault in faults_of_words(rows)]
    return problems + _two_answers(file, mapping, _without_copies(rows))


def _find(folder: Path, mapping: str) -> Path | None:
    if not folder.is_dir():
        raise InputError(f"the folder of mappings does not exist: {folder}")
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in TABLES and base_name(path) == mapping and not is_passed_over(path)
    ]
    if len(found) > 1:
        raise InputError(
            f"{mapping}: more than one file: {', '.join(p.name for p in found)}. Leave only one."
        )
    if not found and mapping not in OPTIONAL_FILES:
        raise InputError(
            f"no mapping file {mapping}.csv in {folder}: asc-cld map writes a workbook of your codes to fill in,"
            " asc-cld map --read makes the file of it"
        )
    return found[0] if found else None


@lru_cache
def _listed() -> dict[str, tuple[set[str], bool]]:
    """field -> (the values of all releases, whether the list is known for certain)."""
    values, unsure = defaultdict(set), set()
    for row in seed_rows("specification", "spec_code_lists"):
        values[row["field"]].add(row["value"])
        if row["confidence"] != "high":
            unsure.add(row["field"])
    # What the published list may hold in place of ours; one that ends with * is a beginning, not a value.
    for row in seed_rows("specification", "spec_possible_values"):
        unsure.add(row["field"])
        values[row["field"]] |= set() if row["value"].endswith("*") else {row["value"]}
    return {field: (listed, field not in unsure) for field, listed in values.items()}


@lru_cache
def _fields() -> set[str]:
    return {row["header"] for row in seed_rows("specification", "spec_fields")}


@lru_cache
def _fields_of_code_lists() -> dict[str, str]:
    return {row["code_list"]: row["cld_field"] for row in seed_rows("specification", "spec_local_code_lists")}


def _list_of(mapping: str, column: str, row: dict[str, str]) -> str | None:
    if column == "cld_value":
        return row.get("cld_field") or _fields_of_code_lists().get(row["code_list"], "")
    return LISTS.get((mapping, column))


def _values_not_listed(file: str, mapping: str, rows: Lines) -> list[InputError]:
    problems = []
    for line, row in rows:
        code_list = row.get("code_list")
        if code_list and code_list not in _fields_of_code_lists():
            close = nearest(code_list, _fields_of_code_lists())
            problems.append(
                InputError(
                    f"is no code list that is known{unseen_in(code_list)}; the nearest is '{close}'",
                    file,
                    line,
                    "code_list",
                )
            )
            continue
        for column, value in row.items():
            if not value or mapping not in KEYS:
                continue
            field = _list_of(mapping, column, row)
            if field is None:
                continue
            if field not in _fields():
                problems.append(
                    InputError(
                        f"is no field of the return{unseen_in(field)}; the nearest is '{nearest(field, _fields())}'"
                        if field
                        else "the field that the value belongs to is missing",
                        file,
                        line,
                        "cld_field",
                    )
                )
            elif field in _listed() and value not in _listed()[field][0]:
                listed, is_sure = _listed()[field]
                close = nearest(value, listed)
                # A list that is not known for certain may lack a value, but not one a letter away from it.
                if not is_sure and not nearest(value, listed, TYPO):
                    continue
                problems.append(
                    InputError(
                        f"is not a value of {field}{unseen_in(value)}; the nearest listed value is '{close}'",
                        file,
                        line,
                        column,
                    )
                )
    return problems


@lru_cache
def _reasons() -> set[str]:
    return {row["reason_code"] for row in seed_rows("reference", "exclusion_reasons")}


def _contract_words(mapping: str, column: str, row: dict[str, str]) -> tuple[dict[str, str], str]:
    """({key of a word: the contract's word}, what to say where none is meant); nothing for other columns."""
    if (mapping, column) in FLAGS:
        flags = known_words()["flag"]
        return {key: "Y" if meaning == "TRUE" else "N" for key, meaning in flags.items()}, "write Y or N"
    roles, listed = known_words()["subject_role"], ", ".join(meanings()["subject_role"])
    if (mapping, column) == ("map_services", "subject_role"):
        return roles | {"*": "*"}, f"no role; write {listed} or * for every one"
    if (mapping, column) == ("map_codes", "local_code") and row["code_list"] == "subject_role":
        return roles, f"no role; write {listed}"
    if column == "exclusion_code":
        return {word_key(code): code for code in _reasons()}, "no reason of exclusion_reasons"
    return {}, ""


def _own_words(folder: Path) -> dict[str, str]:
    """{key of a word for a role in the council's own map_words: the contract's word}"""
    words = read_mapping(folder, "map_words").to_pylist()
    roles = meanings()["subject_role"]
    return {
        word_key(row["word"]): row["meaning"].upper()
        for row in words
        if row["vocabulary"] == "subject_role" and row["meaning"].upper() in roles
    }


def _words(folder: Path, file: str, mapping: str, rows: Lines) -> list[InputError]:
    """Words of the contract become the contract's own in place; one that nobody knows is named with the nearest."""
    problems = []
    for line, row in rows:
        for column, value in row.items():
            known, said = _contract_words(mapping, column, row)
            if not known or not value:
                continue
            if word_key(value) in known:
                row[column] = known[word_key(value)]
            elif "role" in said and word_key(value) in _own_words(folder):
                row[column] = _own_words(folder)[word_key(value)]
            elif (mapping, column) in FLAGS:
                problems.append(InputError(said, file, line, column))
            else:
                near = nearest(value, {*known, *known.values()})
                near = known.get(word_key(near), near)
                problems.append(
                    InputError(f"is {said}{unseen_in(value)}; the nearest is '{near}'", file, line, column)
                )
        if mapping == "map_services" and (row["service_type"] or row["exclusion_code"]):
            for column in ("package_type_code", "subject_role"):
                if not row[column]:
                    problems.append(InputError("is blank; write * for every one", file, line, column))
    return problems


def _days(file: str, rows: Lines) -> list[InputError]:
    """Days become yyyy-mm-dd in place; what is no day is named."""
    problems = []
    for line, row in rows:
        for column in DAYS:
            text = row.get(column)
            if not text:
                continue
            day = _day(text)
            if day is None:
                problems.append(InputError("not a day; write yyyy-mm-dd or dd/mm/yyyy", file, line, column))
            else:
                row[column] = day.isoformat()
    return problems


def _day(text: str) -> datetime.date | None:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", text)
    british = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?", text)
    try:
        if iso:
            return datetime.date(*map(int, iso.groups()))
        if british:
            return datetime.date(*map(int, british.groups()[::-1]))
    except ValueError:
        pass
    return None


def _without_copies(rows: Lines) -> Lines:
    """A row that says what another says word for word is that row again."""
    seen, kept = set(), []
    for line, row in rows:
        said = tuple(value for column, value in row.items() if column not in {"owner", "reviewed_on", "note"})
        if said not in seen:
            seen.add(said)
            kept.append((line, row))
    return kept


def _no_code(file: str, mapping: str, rows: Lines) -> list[InputError]:
    """Rows that say what a code stands for and not which code: they would map nothing, and nobody would know."""
    keys = KEYS.get(mapping, ())
    # A role or a package type that is blank has a rule of its own; a field may follow from the code list.
    needed = [name for name in keys if name not in ("cld_field", "package_type_code", "subject_role")]
    return [
        InputError(f"is blank, but the row fills in {', '.join(said)}", file, line, column)
        for line, row in rows
        if (
            said := [name for name, value in row.items() if value and name not in {*keys, *REMARKS, "reason"}]
        )
        for column in needed
        if not row[column]
    ]


def _two_answers(file: str, mapping: str, rows: Lines) -> list[InputError]:
    """Rows for one code that hold on one day and say different things."""
    by_key, problems = defaultdict(list), []
    for line, row in rows:
        key = tuple(row[column] for column in KEYS.get(mapping, ()))
        if any(key):
            by_key[key].append((line, row))
    for given in by_key.values():
        for place, (line, row) in enumerate(given):
            for earlier_line, earlier in given[:place]:
                if not _overlap(row, earlier):
                    continue
                differ = [
                    column
                    for column in row
                    if column not in REMARKS
                    and column not in KEYS[mapping]
                    and row[column] != earlier[column]
                ]
                problems.append(
                    InputError(
                        f"the code of this row stands on line {earlier_line} too, for the same days"
                        + (f", with another {', '.join(differ)}" if differ else ""),
                        file,
                        line,
                    )
                )
    return problems


def _overlap(one: dict[str, str], other: dict[str, str]) -> bool:
    def span(row: dict[str, str]) -> tuple[str, str]:
        return row.get("valid_from") or "0001-01-01", row.get("valid_to") or "9999-12-31"

    (one_from, one_to), (other_from, other_to) = span(one), span(other)
    return one_from <= other_to and other_from <= one_to
