"""The mappings of a council as one workbook, to fill in with drop-downs, and back.

    asc-cld map --extracts path/to/extracts --folder path/to/mappings
    asc-cld map --folder path/to/mappings --read

The first writes <folder>/mappings.xlsx: a sheet for each mapping file with the codes and words that the extracts
really hold, those without an answer on top, how often each stands, what the local_code extract calls it, and the
likely value where one is likely. The second checks what was filled in and writes the CSV files that the build
reads, all or none. Nothing is guessed into a mapping: a cell left empty stays empty. Exit code 1: an extract,
a mapping or the workbook cannot be used; the message names the sheet, row and column, and nothing was written.
"""

from __future__ import annotations

import argparse
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from asc_cld.files import WholeFiles, private_folder
from asc_cld.nearest import likely, nearest
from asc_cld.plainly import plainly
from asc_cld.readers.errors import InputError, lines_named
from asc_cld.readers.extract_reader import read_extract
from asc_cld.readers.mapping_reader import MAPPINGS, Lines, mapping_rows, problems_in
from asc_cld.readers.sources import plain_header, positions_of
from asc_cld.readers.spaces import plain
from asc_cld.readers.workbooks import day_as_iso, look_at_workbook
from asc_cld.specification import extract_columns, seed_columns, seed_rows
from asc_cld.spreadsheets import Table, as_it_was, is_like_a_formula
from asc_cld.starter_mapping import listed_values, starter_rows
from asc_cld.vocabularies import extracts_with_words, known_words, meanings, starter_words, word_key

WORKBOOK = "mappings.xlsx"
FRONT, LISTS = "Start here", "Lists"
# Beside the columns of a mapping: what is known of the code. Not read back.
ABOUT = ("records", "description", "likely value")
# What a row of each mapping is for: empty, the code has no answer yet.
ANSWERS = {
    "map_codes": "cld_value", "map_event_scope": "is_in_scope", "map_services": "service_component",
    "map_units": "cost_frequency", "map_rates": "in_unit_cost", "map_words": "meaning",
}  # fmt: skip
CODE_COLUMNS = {
    "map_codes": "local_code", "map_event_scope": "local_code", "map_services": "element_code",
    "map_units": "unit_code", "map_rates": "rate_type_code", "map_words": "word",
}  # fmt: skip
LIST_OF_MAPPING = {"map_services": "element", "map_units": "unit", "map_rates": "rate_type"}


@dataclass
class Sheet:
    """A mapping as a sheet shows it: its rows in order, each with what is known of its code."""

    mapping: str
    rows: list[dict[str, str]]
    about: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def open_rows(self) -> int:
        """Rows whose code stands in the extracts and has no answer."""
        return sum(
            bool(records) and is_open(self.mapping, row)
            for row, (records, _, _) in zip(self.rows, self.about, strict=True)
        )


def is_open(mapping: str, row: dict[str, str]) -> bool:
    """Whether a row says nothing of its code yet."""
    if mapping == "map_services" and row.get("exclusion_code"):
        return False
    return not row.get(ANSWERS[mapping])


def codes_in_use(extracts: Path) -> dict[str, Counter[str]]:
    """{code list: how often each code stands in the extracts}, as the model cnf_coded_cells counts them."""
    lists = defaultdict(list)
    for row in seed_rows("specification", "spec_local_code_lists"):
        lists[row["table_name"]].append(row)
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for extract, known in lists.items():
        table = read_extract(extracts, extract)
        names = {row["column_name"] for row in known} | ({"classification"} & set(extract_columns(extract)))
        for cells in table.select(sorted(names)).to_pylist():
            for row in known:
                kind = plain(cells.get("classification") or "").upper()
                if row["classification"] and word_key(kind) != word_key(row["classification"]):
                    continue
                for code in re.split(r"\s*[;|]\s*", plain(cells[row["column_name"]] or "").strip(" ;|")):
                    if code and code.upper() != "NULL":
                        used[row["code_list"]][code] += 1
    return used


def sheets(extracts: Path, folder: Path) -> tuple[list[Sheet], list[str]]:
    """The mappings as they stand, with the codes of the extracts that they lack, and what else should be known."""
    local_codes = [
        {name: plain(cell or "") if isinstance(cell, str | None) else cell for name, cell in row.items()}
        for row in read_extract(extracts, "local_code").to_pylist()
    ]
    used = codes_in_use(extracts)
    descriptions = {(row["code_list"], row["code"]): row["description"] for row in local_codes}
    known_lists = {row["code_list"]: row for row in seed_rows("specification", "spec_local_code_lists")}
    said = []
    for name in sorted({row["code_list"] for row in local_codes} - known_lists.keys() - {""}):
        close = nearest(name, known_lists, at_least=0.6)
        records = [row["source_row"] for row in local_codes if row["code_list"] == name]
        said.append(
            f"local_code, column code_list: no mapping reads the list of {len(records)} records, the first is record"
            f" {records[0]}" + (f"; is it '{close}'?" if close else "")
        )
    # Codes that stand in the extracts and not in local_code need a row as well.
    in_use = [
        {"code_list": code_list, "code": code, "description": descriptions.get((code_list, code), "")}
        for code_list, codes in used.items()
        for code in sorted(codes)
        if code_list != "subject_role"
    ]
    names = names_of_people(extracts)
    left_out = Counter(
        row["code_list"]
        for row in in_use
        if not row["description"] and may_be_of_a_person(row["code"], names)
    )
    in_use = [row for row in in_use if row["description"] or not may_be_of_a_person(row["code"], names)]
    fresh = starter_rows(in_use)
    worded = {name: read_extract(extracts, name).to_pylist() for name in extracts_with_words()}
    words = starter_words(worded)
    left_out += Counter(
        row["vocabulary"] for row in words if not row["meaning"] and may_be_of_a_person(row["word"], names)
    )
    fresh["map_words"] = [
        row for row in words if row["meaning"] or not may_be_of_a_person(row["word"], names)
    ]
    said += [
        f"{name}: {count} that may be a person's name or number, and that local_code does not describe, not in the"
        " workbook: the build names the records to mend (EXT-02)"
        for name, count in sorted(left_out.items())
    ]
    values = listed_values()
    found = []
    for mapping in MAPPINGS:
        rows = [row for _, row in _rows_that_stand(folder, mapping)]
        have = {_code_of(mapping, row) for row in rows}
        rows += [
            # What starter_rows writes as a note has columns of its own here.
            {**row, "note": row["note"] if mapping == "map_words" else ""}
            for row in fresh[mapping]
            if _code_of(mapping, row) not in have
        ]
        about = []
        for row in rows:
            code_list, code = _code_of(mapping, row)
            records = _records(mapping, row, used, worded)
            description = descriptions.get((code_list, code), "")
            field_name = known_lists.get(code_list, {}).get("cld_field", "")
            guess = hint(mapping, row, description, values[field_name]) if is_open(mapping, row) else ""
            about.append((records, description, guess))
        order = sorted(
            range(len(rows)),
            key=lambda n: (
                not (about[n][0] and is_open(mapping, rows[n])),
                -about[n][0] if is_open(mapping, rows[n]) else 0,
                not about[n][0],
                _code_of(mapping, rows[n]),
            ),
        )
        found.append(Sheet(mapping, [rows[n] for n in order], [about[n] for n in order]))
    return found, said


def names_of_people(extracts: Path) -> set[str]:
    """Every word of a name in the person extract, in small letters."""
    table = read_extract(extracts, "person")
    cells = {cell or "" for name in ("forename", "surname") for cell in table[name].unique().to_pylist()}
    return {word for cell in cells for word in words_in(cell)}


def may_be_of_a_person(text: str, names: set[str]) -> bool:
    """Whether what stands in a column of codes may be a name, a number or an address (model cld_unread_cells)."""
    figures = sum(letter.isdigit() for letter in text)
    return figures >= 4 or "@" in text or any(word in names for word in words_in(text))


def words_in(text: str) -> list[str]:
    """The words of a text of three letters or more, in small letters."""
    return re.findall(r"[^\W\d_]{3,}", text.lower())


def hint(mapping: str, row: dict[str, str], description: str, values: list[str]) -> str:
    """The value that a code, a word or its description is likely to mean; a person decides."""
    if mapping != "map_words":
        return likely(description or row[CODE_COLUMNS[mapping]], values)
    known = known_words()[row["vocabulary"]]
    return known.get(nearest(word_key(row["word"]), known, at_least=0.75), "")


def _rows_that_stand(folder: Path, mapping: str) -> Lines:
    """The rows of a mapping file that is there already, each with its line."""
    if not folder.is_dir():
        return []
    try:
        return mapping_rows(folder, mapping)
    except InputError as error:
        if error.file or "more than one" in str(error):
            raise
        return []


def _code_of(mapping: str, row: dict[str, str]) -> tuple[str, str]:
    """(code list, code) that a row is about."""
    if mapping == "map_words":
        return row["vocabulary"], word_key(row["word"])
    return LIST_OF_MAPPING.get(mapping) or row["code_list"], row[CODE_COLUMNS[mapping]]


def _records(mapping: str, row: dict[str, str], used: dict[str, Counter[str]], worded: dict) -> int:
    code_list, code = _code_of(mapping, row)
    if mapping != "map_words":
        return used.get(code_list, Counter())[code]
    count = re.match(r"(\d+) records", row.get("note", ""))
    return int(count.group(1)) if count else 0


def allowed(mapping: str, column: str, row: dict[str, str]) -> str | None:
    """The name of the list that a cell is chosen from; None where it is free."""
    if mapping == "map_words" and column == "meaning":
        return f"words {row['vocabulary']}"
    if column in ("is_in_scope", "ends_on_delivery", "in_unit_cost"):
        return "Y or N"
    if column == "exclusion_code":
        return "exclusion codes"
    if column == "cld_value":
        if mapping == "map_event_scope" and row["code_list"] == "contact_type":
            return None
        fields = {r["code_list"]: r["cld_field"] for r in seed_rows("specification", "spec_local_code_lists")}
        return row.get("cld_field") or fields.get(row.get("code_list", ""))
    return {
        "service_type": "Service Type",
        "service_component": "Service Component",
        "cost_frequency": "Cost Frequency (Unit Type)",
    }.get(column)


def _lists() -> dict[str, list[str]]:
    lists = dict(listed_values())
    lists["Y or N"] = ["Y", "N"]
    lists |= {f"words {vocabulary}": words for vocabulary, words in meanings().items()}
    lists["exclusion codes"] = [
        row["reason_code"]
        for row in seed_rows("reference", "exclusion_reasons")
        if row["reason_code"].startswith("OUT_OF_SCOPE")
    ]
    return lists


def write_workbook(path: Path, found: list[Sheet]) -> None:
    """The workbook of the mappings. The same content gives the same bytes."""
    with WholeFiles() as files:
        book = xlsxwriter.Workbook(str(files.path(path)), {"in_memory": True, "strings_to_formulas": False})
        # A file that says no time is the same file tomorrow.
        book.set_properties({"author": "asc_cld", "created": datetime.datetime(2000, 1, 1)})
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "bg_color": "#DDE6EE", "text_wrap": True, "valign": "top"}
            ),
            "about": book.add_format({"font_color": "#5A6775", "num_format": "#,##0"}),
            "quoted about": book.add_format({"font_color": "#5A6775", "quote_prefix": True}),
            "text": book.add_format({"num_format": "@"}),
            "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
            "open": book.add_format({"num_format": "@", "bg_color": "#FFF2CC"}),
        }
        _front(book, found, looks)
        pages = [book.add_worksheet(sheet.mapping) for sheet in found]
        ranges = _write_lists(book, _lists())
        for page, sheet in zip(pages, found, strict=True):
            _write_sheet(page, sheet, ranges, looks)
        book.close()


def _front(book: xlsxwriter.Workbook, found: list[Sheet], looks: dict[str, Format]) -> None:
    front = book.add_worksheet(FRONT)
    front.set_column(0, 0, 24)
    front.set_column(1, 4, 16)
    front.write_string(0, 0, "What your codes mean in the return", looks["title"])
    for line, text in enumerate(
        (
            "Fill in the yellow cells of each sheet; a cell offers the values that the return allows.",
            "Codes without an answer stand on top. Save, close, and read it back: asc-cld map --read",
            "Leave nothing to chance: a code without an answer is named by the build, and never guessed.",
        ),
        start=1,
    ):
        front.write_string(line, 0, text)
    for column, title in enumerate(("Sheet", "Rows", "Without an answer")):
        front.write_string(5, column, title, looks["head"])
    for line, sheet in enumerate(found, start=6):
        front.write_url(line, 0, f"internal:'{sheet.mapping}'!A1", string=sheet.mapping)
        front.write_number(line, 1, len(sheet.rows))
        front.write_number(line, 2, sheet.open_rows)


def _write_lists(book: xlsxwriter.Workbook, lists: dict[str, list[str]]) -> dict[str, str]:
    """A sheet with a column for each list; gives the range of each."""
    page = book.add_worksheet(LISTS)
    ranges = {}
    for column, (name, values) in enumerate(sorted(lists.items())):
        page.write_string(0, column, name)
        for line, value in enumerate(values, start=1):
            page.write_string(line, column, value)
        ranges[name] = f"='{LISTS}'!{xl_range_abs(1, column, len(values), column)}"
    page.hide()
    return ranges


def _write_sheet(page: Worksheet, sheet: Sheet, ranges: dict[str, str], looks: dict[str, Format]) -> None:
    columns = seed_columns("mappings", sheet.mapping)
    page.freeze_panes(1, 0)
    for place, name in enumerate((*ABOUT, *columns)):
        page.write_string(0, place, name, looks["head"])
        page.set_column(
            place, place, 34 if name in ("description", "likely value", ANSWERS[sheet.mapping]) else 16
        )
    for line, (row, about) in enumerate(zip(sheet.rows, sheet.about, strict=True), start=1):
        page.write_number(line, 0, about[0], looks["about"])
        for place, text in enumerate(about[1:], start=1):
            page.write_string(
                line, place, text, looks["quoted about" if is_like_a_formula(text) else "about"]
            )
        for place, name in enumerate(columns, start=len(ABOUT)):
            value = row.get(name) or ""
            wanted = name == ANSWERS[sheet.mapping] and is_open(sheet.mapping, row) and about[0]
            look = "open" if wanted else "quoted" if is_like_a_formula(value) else "text"
            page.write_string(line, place, value, looks[look]) if value else page.write_blank(
                line, place, None, looks[look]
            )
            choice = allowed(sheet.mapping, name, row)
            if choice in ranges:
                page.data_validation(
                    line, place, line, place,
                    {
                        "validate": "list", "source": ranges[choice], "error_title": choice,
                        "error_message": "Choose one of the list.",
                    },
                )  # fmt: skip
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(ABOUT) + len(columns) - 1)


def read_workbook(path: Path) -> dict[str, list[dict[str, str]]]:
    """{mapping: its rows} as they were filled in.

    Raises InputError: no workbook, a sheet missing or a column of it, a value outside its list, two answers for one
    code; all of them are named.
    """
    if not path.is_file():
        raise InputError(f"there is no workbook {path.name} to read; asc-cld map writes it", path.name)
    problems, rows = [], {}
    for mapping in MAPPINGS:
        columns = seed_columns("mappings", mapping)
        pages, _ = look_at_workbook(
            path, lambda header, own=frozenset(columns): len(own & set(map(plain_header, header))), day_as_iso
        )
        page = next((page for page in pages if page.title.strip().lower() == mapping), None)
        if page is None:
            problems.append(InputError(f"the sheet {mapping} is missing or hidden", path.name))
            continue
        where = f"{path.name}, sheet {mapping}"
        positions = positions_of(page, frozenset(columns), plain_header)
        missing = [name for name in columns if name not in positions]
        if missing:
            problems.append(InputError(f"column missing: {', '.join(missing)}", where))
            continue
        errors = [
            InputError(f"holds an error of Excel, {error}", where, line, name)
            for line, name, error in page.error_cells()
        ]
        numbered = [
            (page.line_of(record), {name: as_it_was(plain(row[name] or "")) for name in columns})
            for record, row in enumerate(page.table(positions).to_pylist(), start=1)
        ]
        numbered = [(line, row) for line, row in numbered if any(row.values())]
        problems += errors or problems_in(where, mapping, numbered, path.parent)
        rows[mapping] = [row for _, row in numbered]
    if problems:
        raise InputError("\n".join(map(str, problems)))
    return rows


def refuse_losses(folder: Path, rows: dict[str, list[dict[str, str]]], workbook: str) -> None:
    """Raises InputError for a code that stands in a mapping file of the folder and not in the workbook."""
    lost = []
    for mapping, found in rows.items():
        have = {_code_of(mapping, row) for row in found}
        lines = [
            line for line, row in _rows_that_stand(folder, mapping) if _code_of(mapping, row) not in have
        ]
        if lines:
            lost.append(f"{mapping}.csv, {lines_named(lines)}")
    if lost:
        raise InputError(
            f"{'; '.join(lost)} would be lost: delete it in the mapping file too, or put it back here",
            workbook,
        )


def is_read_back(workbook: Path, folder: Path) -> bool:
    """Whether the mapping files hold all that stands in a workbook, so that a new one in its place loses nothing."""
    try:
        rows = read_workbook(workbook)
        stand = {mapping: [row for _, row in _rows_that_stand(folder, mapping)] for mapping in rows}
    except InputError:
        return False
    return all(_filled(found) == _filled(stand[mapping]) for mapping, found in rows.items())


def _filled(rows: Iterable[dict[str, str]]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset((name, cell) for name, cell in row.items() if cell) for row in rows}


def write_mappings(folder: Path, rows: dict[str, list[dict[str, str]]]) -> None:
    """The CSV files that the build reads, all or none; a seed's columns, one row a line."""
    private_folder(folder)
    with WholeFiles() as files:
        for mapping, found in rows.items():
            with files.text(folder / f"{mapping}.csv") as stream:
                Table(stream, seed_columns("mappings", mapping)).add_named(found)


def without_an_answer(extracts: Path, folder: Path) -> int:
    """How many codes and words of the extracts have no answer in a folder of mappings. Raises InputError."""
    return sum(sheet.open_rows for sheet in sheets(extracts, folder)[0])


def left_to_do(found: Iterable[Sheet]) -> list[str]:
    """A line for each mapping: its rows, and how many codes of the extracts have no answer."""
    return [
        f"{sheet.mapping}: {len(sheet.rows)} rows, {sheet.open_rows} without an answer" for sheet in found
    ]


@plainly("mapping workbook")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--extracts", type=Path, help="folder of the extracts")
    parser.add_argument("--folder", type=Path, required=True, help="folder of the mapping files")
    parser.add_argument(
        "--workbook", type=Path, help=f"[default: {WORKBOOK} in the folder of the mapping files]"
    )
    parser.add_argument("--read", action="store_true", help="read the workbook back into the mapping files")
    given = parser.parse_args(arguments)
    workbook = given.workbook or given.folder / WORKBOOK
    if not given.read and given.extracts is None:
        parser.error("--extracts says where the codes stand")
    try:
        if given.read:
            rows = read_workbook(workbook)
            refuse_losses(given.folder, rows, workbook.name)
            write_mappings(given.folder, rows)
            for mapping, found in rows.items():
                count = sum(is_open(mapping, row) for row in found)
                print(f"{given.folder / mapping}.csv: {len(found)} rows, {count} without an answer")
            print("Next: asc-cld doctor, then asc-cld build")
        else:
            if workbook.exists() and not is_read_back(workbook, given.folder):
                raise InputError(
                    "is there already, with rows that no mapping file has: read it back (asc-cld map --read), or move"
                    " it away before a new one is written",
                    workbook.name,
                )
            found, said = sheets(given.extracts, given.folder)
            private_folder(workbook.parent)
            write_workbook(workbook, found)
            for line in (*said, *left_to_do(found)):
                print(line)
            print(workbook)
            print("Next: fill in its yellow cells, save and close it, then: asc-cld map --read")
    except InputError as error:
        print(error)
        if not given.read:
            print("No workbook was written. asc-cld doctor looks at every file at once.")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
