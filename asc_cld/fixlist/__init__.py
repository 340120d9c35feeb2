"""Writes the fix list: which records each team must mend, as workbooks and CSV.

    asc-cld fixlist
    asc-cld fixlist --submission 409-20260930-built --folder output/fixlist --with-identifiers

One workbook for the whole submission, one for each team that has something to mend, and one for records
whose team is not known. A fault in a person's record that shows on many rows of the file is one line.
The list holds keys and references only; names and NHS numbers come in only with --with-names.

The day a finding was first seen is kept in first_seen.csv beside the lists, not in the database, so that
the next list tells what is new, still open and fixed. Days are days of sending (submission_date), unless
--seen-on says otherwise. Same database, same state: same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from asc_cld.database import default_path
from asc_cld.fixlist.findings import FixlistError
from asc_cld.fixlist.lists import file_names, write_fixlist
from asc_cld.plainly import plainly
from asc_cld.settings import current

__all__ = ["FixlistError", "file_names", "main", "write_fixlist"]


@plainly("fix list")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(prog="asc-cld fixlist", description="The fix list.")
    parser.add_argument("--database", type=Path, default=default_path())
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(current("output_path")) / "fixlist",
    )
    parser.add_argument(
        "--submission", help="default: the return built here, else the newest file of the council"
    )
    parser.add_argument("--with-names", action="store_true", help="add names and NHS numbers")
    parser.add_argument("--seen-on", help="day of this list, yyyy-mm-dd; default: the day of sending")
    options = parser.parse_args(arguments)
    try:
        written = write_fixlist(
            options.database,
            options.output,
            options.submission,
            options.with_names,
            options.seen_on,
        )
    except FixlistError as error:
        print(f"fix list: {error}", file=sys.stderr)
        return 1
    for path in written:
        print(path)
    return 0
