"""Turns CLD workbooks into CSV files beside them.

    asc-cld convert data/submissions
    asc-cld convert return.xlsx --overwrite

The checks read workbooks without this step; it is for a workbook of several sheets (one CSV file a
sheet) and for people who want to see the rows. Dates become dd/mm/yyyy, whole numbers lose the point
that Excel gives them, all else is kept as it stands. Every visible sheet with CLD headers is
converted; every other sheet is named with the reason it was left out. Error cells of Excel (#N/A)
keep their name and are counted. Exit code 1: a workbook could not be converted, or there was none.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
from pathlib import Path

from asc_cld.files import WholeFiles
from asc_cld.plainly import plainly
from asc_cld.readers.errors import InputError
from asc_cld.readers.sources import is_passed_over
from asc_cld.readers.submission_reader import match_headers, swapped_days
from asc_cld.readers.workbooks import WORKBOOKS, look_at_workbook
from asc_cld.spreadsheets import Table, is_like_a_formula


def known_headers(headers: list[str]) -> int:
    """How many of the headers are those of a CLD file or an extract."""
    return sum(match is not None for match in match_headers(headers))


def convert(path: Path, overwrite: bool = False) -> list[str]:
    """Writes the CSV files of one workbook, all or none; returns what there is to say. Raises InputError."""
    sheets, left_out = look_at_workbook(path, known_headers)
    if not sheets:
        why = "; ".join(f"{sheet.title}: {sheet.why}" for sheet in left_out) or "it has no sheets"
        raise InputError(f"nothing was converted: no visible sheet has CLD headers ({why})", path.name)
    targets = [path.with_suffix(".csv")]
    if len(sheets) > 1:
        targets = [
            path.with_name(f"{path.stem}.sheet-{_file_part(sheet.title, place)}.csv")
            for place, sheet in enumerate(sheets, start=1)
        ]
    there = [target.name for target in targets if target.exists()]
    if there and not overwrite:
        raise InputError(f"{', '.join(there)} exists already; use --overwrite to replace it", path.name)
    said = []
    with WholeFiles() as files:
        for sheet, target in zip(sheets, targets, strict=True):
            with files.text(target) as stream:
                table = Table(stream, sheet.header, is_exact=True)
                formulas = 0
                for row in itertools.islice(sheet.rows(), sheet.record_count):
                    table.add(row)
                    formulas += sum(map(is_like_a_formula, row))
            said.append(f"{path.name}, sheet {sheet.title} -> {target.name}: {sheet.record_count} rows")
            if formulas:
                said.append(
                    f"{path.name}, sheet {sheet.title}: {formulas} cell{'s' if formulas > 1 else ''} that a spreadsheet"
                    f" would take for a formula, kept as they stand; do not open {target.name} in one"
                )
            errors = sheet.error_cells()
            if errors:
                row, column, error = errors[0]
                said.append(
                    f"{path.name}, sheet {sheet.title}: {len(errors)} error cell{'s' if len(errors) > 1 else ''} of "
                    f"Excel, kept as they stand; the first in row {row}, column {column}: {error}"
                )
            # Of the file no one can tell any more which were days and which were texts.
            if doubt := swapped_days(sheet):
                said.append(
                    f"{path.name}, sheet {sheet.title}: days in it may have day and month swapped. {doubt}"
                )
    said += [f"{path.name}, sheet {sheet.title}: left out, it {sheet.why}" for sheet in left_out]
    return said


def _file_part(title: str, place: int) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-").lower() or str(place)


@plainly("convert")
def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="asc-cld convert", description="CLD workbooks to CSV.")
    parser.add_argument("paths", nargs="+", type=Path, help="workbooks, or folders of them")
    parser.add_argument("--overwrite", action="store_true", help="replace CSV files made before")
    options = parser.parse_args(arguments)
    failed, converted = 0, 0
    for given in options.paths:
        found = sorted(given.iterdir()) if given.is_dir() else [given]
        for path in found:
            if is_passed_over(path) or (path.suffix.lower() not in WORKBOOKS and given.is_dir()):
                continue
            try:
                if path.suffix.lower() not in WORKBOOKS:
                    raise InputError(f"is no workbook ({', '.join(WORKBOOKS)})", path.name)
                for sentence in convert(path, options.overwrite):
                    print(sentence)
                converted += 1
            except InputError as error:
                failed += 1
                print(error, file=sys.stderr)
            except OSError as error:
                failed += 1
                print(f"{path.name}: {error.strerror}", file=sys.stderr)
    if not converted and not failed:
        print("no workbook was found there: nothing was converted", file=sys.stderr)
    return 0 if converted and not failed else 1


if __name__ == "__main__":
    raise SystemExit(main())
