"""Turns CLD workbooks into CSV files beside them, so that the checks can read them.

    python -m asc_cld.convert_xlsx data/submissions
    python -m asc_cld.convert_xlsx return.xlsx --overwrite

Dates become dd/mm/yyyy, whole numbers lose the decimal point Excel gives them, all else is kept as
it stands. Of several sheets the one with the most CLD headers in its first row is taken.
"""

import argparse
import csv
import sys
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from asc_cld.readers.submission_reader import match_headers

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


def as_text(cell):
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y" if cell.time() == time() else "%d/%m/%Y %H:%M:%S")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def cld_sheet(path):
    """The rows of the sheet that holds the return."""
    best, best_count = None, 0
    workbook = CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        headers = [as_text(cell) for cell in rows[0]] if rows else []
        known = sum(match is not None for match in match_headers(headers))
        if known > best_count:
            best, best_count = rows, known
    if best is None:
        raise ValueError("no sheet has a CLD header in its first row")
    return best


def convert(path, overwrite=False):
    target = path.with_suffix(".csv")
    if target.exists() and not overwrite:
        raise ValueError(f"{target.name} exists already; use --overwrite to replace it")
    rows = cld_sheet(path)
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(map(as_text, row) for row in rows)
    return target


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m asc_cld.convert_xlsx", description="CLD workbooks to CSV."
    )
    parser.add_argument("paths", nargs="+", type=Path, help="workbooks, or folders of them")
    parser.add_argument("--overwrite", action="store_true", help="replace CSV files made before")
    options = parser.parse_args(arguments)
    failed = 0
    for given in options.paths:
        found = sorted(given.iterdir()) if given.is_dir() else [given]
        for path in found:
            if path.suffix.lower() not in WORKBOOKS or path.name.startswith("~$"):
                continue
            try:
                print(f"{path.name} -> {convert(path, options.overwrite).name}")
            except (CalamineError, OSError, ValueError) as error:
                failed += 1
                print(f"{path.name}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
