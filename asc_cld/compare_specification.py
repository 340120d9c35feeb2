"""Compares an official or newer list of values with the specification seeds of the project.

    asc-cld compare-specification official_list.xlsx
    asc-cld compare-specification release_3.csv --release R3 --write --source "workbook of May 2027"

The list (CSV or xlsx, every sheet that has them) needs a column for the field and one for the value; title
rows may stand above. Known names, in any capitals, are field or variable, and value or Release 2 value (of
the release compared); r1_value or Release 1 value, release, and change or comparison may stand beside them.
Rows whose change says removed are left out of the list. Only the fields that occur in it are compared.

It shows what is added, removed, respelt, or differs in capitals only, what is confirmed, and which rules
would then be errors. With --write the seeds spec_code_lists.csv and spec_r1_to_r2.csv are changed to agree,
and confidence becomes high; spec_named_values.csv, through which rules and measures ask for values, follows
what is respelt; and what spec_possible_values.csv allowed for want of the list is dropped. Other seeds, SQL
and macros that hold a value which is dropped or respelt are named by file and line, not changed.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError

from asc_cld.files import writing
from asc_cld.plainly import plainly
from asc_cld.readers.errors import InputError
from asc_cld.readers.submission_reader import bare_header
from asc_cld.readers.workbooks import WORKBOOKS, as_text, open_workbook
from asc_cld.specification import PROJECT
from asc_cld.spreadsheets import Table

SEEDS = PROJECT / "seeds/specification"
Row = dict[str, str]
# Field, value and the Release 1 value beside it, as an official list gives them.
Given = tuple[str, str, str]
# Field, kind, our value, their value.
Difference = tuple[str, str, str | None, str | None]
# Names of columns without capitals, spaces and signs; {n} is the number of the release compared.
COLUMN_NAMES = {
    "field": ("field", "variable", "fieldname"),
    "value": ("release{n}value", "r{n}value", "newvalue", "value"),
    "r1_value": ("release1value", "r1value", "oldvalue"),
    "release": ("release",),
    "change": ("change", "comparison"),
}
# Kept in step with the lists, so that a value they hold is no other place.
FOLLOWING = ("spec_code_lists.csv", "spec_r1_to_r2.csv", "spec_named_values.csv", "spec_possible_values.csv")
GONE = ("removed", "deleted", "withdrawn", "retired")
# How alike two spellings must be to be taken for one value.
RESPELT = 0.8


class ListError(Exception):
    """The list given cannot be used."""


def read_seed(path: Path) -> tuple[list[str], list[Row]]:
    """The columns of a seed and its rows."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return reader.fieldnames, list(reader)


def write_seed(path: Path, columns: list[str], rows: list[Row]) -> None:
    """A seed with other rows, whole or not at all."""
    with writing(path) as stream:
        Table(stream, columns, is_exact=True).add_named(rows)


def read_sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Every sheet (one for CSV) as rows of text."""
    if path.suffix.lower() in WORKBOOKS:
        book, _ = open_workbook(path)
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, [[as_text(cell) for cell in row] for row in rows]
    else:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield path.name, list(csv.reader(stream))


def release_number(text: str) -> str:
    """2 for R2, r2, Release 2 and 2."""
    return "".join(re.findall(r"\d", text))


def find_columns(header: list[str], release: str) -> dict[str, int]:
    """Positions of the columns we know, by their many names; the first name found counts."""
    bare = [bare_header(cell) for cell in header]
    found = {}
    for ours, names in COLUMN_NAMES.items():
        for name in names:
            name = name.replace("{n}", release_number(release))
            if name in bare:
                found.setdefault(ours, bare.index(name))
    if found.get("r1_value") == found.get("value"):
        found.pop("r1_value", None)
    return found


def read_list(path: Path, release: str, headers: list[str]) -> tuple[list[Given], list[str]]:
    """[(field, value, r1_value)] of one release, field as the specification heads it; unknown fields."""
    by_bare_name = {bare_header(header): header for header in headers}
    found, unknown = [], []
    for sheet, rows in read_sheets(path):
        for start, row in enumerate(rows[:20]):  # noqa: B007 - read after the loop
            columns = find_columns(row, release)
            if "field" in columns and "value" in columns:
                break
        else:
            continue
        for line, row in enumerate(rows[start + 1 :], start=start + 2):
            cells = {ours: row[place].strip() for ours, place in columns.items() if place < len(row)}
            if not cells.get("field") or not cells.get("value"):
                continue
            if cells.get("release") and release_number(cells["release"]) != release_number(release):
                continue
            if cells.get("change", "").lower().startswith(GONE):
                continue
            field = by_bare_name.get(bare_header(cells["field"]))
            if field is None:
                unknown.append(f"{sheet}, line {line}: {cells['field']} is not a CLD field")
            else:
                found.append((field, cells["value"], cells.get("r1_value", "")))
    if not found:
        raise ListError(
            "; ".join(unknown[:3])
            or f"{path.name} has no columns for field and value with rows for {release}"
        )
    return found, unknown


def compare(ours: list[str], theirs: list[str]) -> list[tuple[str, str | None, str | None]]:
    """[(kind, our value, their value)] for the list of one field."""
    result = [("same", value, value) for value in ours if value in theirs]
    left = [value for value in ours if value not in theirs]
    new = [value for value in theirs if value not in ours]
    pairs = sorted(
        (
            (difflib.SequenceMatcher(None, one.lower(), two.lower()).ratio(), one, two)
            for one in left
            for two in new
        ),
        key=lambda pair: -pair[0],
    )
    # The likest first, so that no value takes the partner of another.
    for likeness, one, two in pairs:
        if likeness >= RESPELT and one in left and two in new:
            kind = "capitals only" if one.lower() == two.lower() else "respelt"
            result.append((kind, one, two))
            left.remove(one)
            new.remove(two)
    result += [("removed", value, "") for value in left]
    result += [("added", "", value) for value in new]
    return result


def differences(code_lists: list[Row], given: list[Given], release: str) -> list[Difference]:
    """[(field, kind, our value, their value)] for all fields of the list given."""
    found = []
    for field in dict.fromkeys(field for field, _, _ in given):
        ours = [
            row["value"]
            for row in code_lists
            if row["release"] == release and row["field"] == field and row["status"] == "spec"
        ]
        theirs = list(dict.fromkeys(value for name, value, _ in given if name == field))
        found += [(field, *line) for line in compare(ours, theirs)]
    return found


def apply_to_lists(
    columns: list[str], code_lists: list[Row], found: list[Difference], release: str, source: str | None
) -> list[Row]:
    """The rows of spec_code_lists brought into line."""
    changed = {(field, ours): (kind, theirs) for field, kind, ours, theirs in found if ours}
    rows = []
    for row in code_lists:
        kind, theirs = changed.get((row["field"], row["value"]), (None, None))
        if row["release"] != release or row["status"] != "spec" or kind is None:
            rows.append(row)
        elif kind != "removed":
            rows.append({**row, "value": theirs, "confidence": "high", "source": source})
    for field, kind, _, theirs in found:
        if kind == "added":
            orders = [
                int(row["sort_order"]) for row in rows if row["release"] == release and row["field"] == field
            ]
            rows.append(
                {
                    **dict.fromkeys(columns, ""),
                    "release": release,
                    "field": field,
                    "value": theirs,
                    "sort_order": max(orders, default=0) + 1,
                    "status": "spec",
                    "source": source,
                    "confidence": "high",
                }
            )
    return rows


def apply_to_mapping(
    columns: list[str], mapping: list[Row], found: list[Difference], given: list[Given], source: str | None
) -> list[Row]:
    """The rows of spec_r1_to_r2: new spellings, and the Release 1 values the list names."""
    respelt = {
        (field, ours): theirs for field, kind, ours, theirs in found if kind in ("respelt", "capitals only")
    }
    rows = [
        {**row, "r2_value": respelt.get((row["field"], row["r2_value"]), row["r2_value"])} for row in mapping
    ]
    for field, value, r1_value in given:
        if not r1_value:
            continue
        known = [row for row in rows if row["field"] == field and row["r1_value"] == r1_value]
        kind = "same" if r1_value == value else "recoded"
        if not known:
            known = [{**dict.fromkeys(columns, ""), "field": field, "r1_value": r1_value}]
            rows += known
        for row in known:
            if row["r2_value"] != value:
                row.update(r2_value=value, mapping_kind=kind)
            row.update(source=source, confidence="high")
    return rows


def raised(code_lists: list[Row], found: list[Difference], release: str) -> list[tuple[str, str]]:
    """Values of ours that the list confirms and that were not of high confidence yet."""
    confirmed = {(field, ours) for field, _, ours, theirs in found if ours and theirs}
    return [
        (row["field"], row["value"])
        for row in code_lists
        if row["release"] == release
        and row["confidence"] != "high"
        and (row["field"], row["value"]) in confirmed
    ]


def sure_fields(code_lists: list[Row], release: str) -> set[str]:
    """Fields whose every value is of high confidence: their rule is then an error."""
    by_field = {}
    for row in code_lists:
        if row["release"] == release:
            by_field.setdefault(row["field"], set()).add(row["confidence"])
    return {field for field, confidences in by_field.items() if confidences == {"high"}}


def apply_to_named_values(named: list[Row], found: list[Difference], release: str) -> list[Row]:
    """The rows of spec_named_values with respelt values: those of this release anew, later releases beside them."""
    respelt = {
        (field, ours): theirs for field, kind, ours, theirs in found if kind in ("respelt", "capitals only")
    }
    rows, added = [], []
    for row in named:
        theirs = respelt.get((row["field"], row["value"]))
        if theirs is None:
            rows.append(row)
        elif row["from_release"] == release:
            rows.append({**row, "value": theirs})
        else:
            rows.append(row)
            if row["from_release"] < release:
                added.append({**row, "from_release": release, "value": theirs})
    return rows + added


def dropped_names(named: list[Row], found: list[Difference]) -> list[str]:
    """Names whose value the list no longer holds."""
    dropped = {(field, ours) for field, kind, ours, _ in found if kind == "removed"}
    return [row for row in named if (row["field"], row["value"]) in dropped]


def apply_to_possible_values(possible: list[Row], found: list[Difference], release: str) -> list[Row]:
    """The rows of spec_possible_values without those of fields whose list is now known."""
    known = {field for field, *_ in found}
    return [row for row in possible if row["release"] != release or row["field"] not in known]


def other_places(found: list[Difference], seeds: Path) -> Iterator[str]:
    """Where else a value stands that is no longer so spelt, in seeds, SQL and macros: file, line and value."""
    old = {ours for _, kind, ours, _ in found if ours and kind != "same"}
    for path in sorted(seeds.parent.rglob("*.csv")):
        if path.name in FOLLOWING:
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            for row in reader:
                for value in sorted(old & {part.strip() for cell in row for part in cell.split("|")}):
                    yield f"{path.parent.name}/{path.name}, line {reader.line_num}: {value}"
    yield from places_in_sql(old, seeds.parent.parent)


def places_in_sql(old: set[str], project: Path) -> Iterator[str]:
    """Literals of SQL, of models, macros and tests, that are one of the values in any capitals, or hold it with %."""
    if not old:
        return
    quoted = "|".join(re.escape(value.replace("'", "''")) for value in sorted(old, key=len, reverse=True))
    literal = re.compile(rf"'%?({quoted})%?'", re.IGNORECASE)
    for room in ("models", "macros", "tests", "analyses"):
        for path in sorted((project / room).rglob("*.sql")):
            for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                for value in literal.findall(text):
                    yield f"{path.relative_to(project).as_posix()}, line {line}: {value}"


def run(
    path: Path | str, release: str = "R2", write: bool = False, source: str | None = None, seeds: Path = SEEDS
) -> list[Difference]:
    """Prints the comparison; returns the differences."""
    _, fields = read_seed(seeds / "spec_fields.csv")
    columns, code_lists = read_seed(seeds / "spec_code_lists.csv")
    mapping_columns, mapping = read_seed(seeds / "spec_r1_to_r2.csv")
    named_columns, named = read_seed(seeds / "spec_named_values.csv")
    possible_columns, possible = read_seed(seeds / "spec_possible_values.csv")
    given, unknown = read_list(path, release, [row["header"] for row in fields])
    found = differences(code_lists, given, release)
    for said in unknown:
        print(f"{'not compared':14} {said}")
    for field, kind, ours, theirs in found:
        if kind != "same":
            change = " -> ".join(value for value in (ours, theirs) if value)
            print(f"{kind:14} {field}: {change}")
    counts = Counter(kind for _, kind, _, _ in found)
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    source = source or path.name
    lists_then = apply_to_lists(columns, code_lists, found, release, source)
    print(f"{len(raised(code_lists, found, release))} values of low or medium confidence are confirmed")
    for field in sorted(sure_fields(lists_then, release) - sure_fields(code_lists, release)):
        print(f"{'sure now':14} {field}: a value outside its list becomes an error")
    for row in dropped_names(named, found):
        print(
            f"{'asked for':14} {row['field']}: {row['value']} (rules ask for it as {row['value_name']}; until its row"
            f" in spec_named_values.csv says what stands in its place, a run for {release} stops)"
        )
    for place in other_places(found, seeds):
        print(f"{'see also':14} {place}")
    if write:
        write_seed(seeds / "spec_code_lists.csv", columns, lists_then)
        write_seed(
            seeds / "spec_named_values.csv", named_columns, apply_to_named_values(named, found, release)
        )
        write_seed(
            seeds / "spec_possible_values.csv",
            possible_columns,
            apply_to_possible_values(possible, found, release),
        )
        if release == "R2":
            write_seed(
                seeds / "spec_r1_to_r2.csv",
                mapping_columns,
                apply_to_mapping(mapping_columns, mapping, found, given, source),
            )
        print(f"seeds written in {seeds}; look at the difference before you commit it")
    else:
        print("nothing written; --write changes the seeds")
    return found


@plainly("compare_specification")
def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="asc-cld compare-specification",
        description="An official list of values against the seeds.",
    )
    parser.add_argument("path", type=Path, help="the list, CSV or xlsx")
    parser.add_argument("--release", default="R2", help="release the list is of; default R2")
    parser.add_argument("--write", action="store_true", help="change the seeds")
    parser.add_argument("--source", help="what to write as source; default: the name of the file")
    options = parser.parse_args(arguments)
    try:
        run(options.path, options.release, options.write, options.source)
    except (ListError, InputError, OSError, CalamineError, UnicodeDecodeError) as error:
        print(f"compare_specification: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
