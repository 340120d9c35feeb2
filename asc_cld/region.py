"""Writes what a region may hand out of a database in which several councils were checked.

    asc-cld region --submissions FOLDER

`measures.csv` and `waiting_times.csv` (by council, region and all given, small counts hidden), `quality_league.csv` and
`region.xlsx`, which holds the three, are for every council; `councils/CODE` holds what is of one council alone, its own
figures in full, and is for that council only. docs/regional.md says what is hidden and why.
Exit code 0: written; 2: refused, with the reason.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from asc_cld.database import default_path, has_table, open_database
from asc_cld.files import WholeFiles, private_folder
from asc_cld.landing.connection import LandingError
from asc_cld.landing.submissions import known_councils, read_index
from asc_cld.plainly import plainly
from asc_cld.readers.copies import as_meant
from asc_cld.readers.errors import InputError
from asc_cld.readers.submission_reader import cld_files, open_cld_file, rows_of
from asc_cld.region_workbook import write_workbook
from asc_cld.settings import current
from asc_cld.share import fill

FOR_ALL = {
    "measures.csv": "select * from regional.reg_shared_measures order by all",
    "waiting_times.csv": "select * from regional.reg_shared_waiting_times order by all",
    "quality_league.csv": "select * exclude (submission_id) from regional.reg_quality_league"
    " order by rule_id, league_rank, la_code",
}
WORKBOOK = "region.xlsx"
FOR_ONE = {
    "own_measures.csv": "select * from regional.reg_measures where area_type = 'council' and area_code = ?"
    " order by all",
    "own_waiting_times.csv": "select * from regional.reg_waiting_times where area_type = 'council'"
    " and area_code = ? order by all",
    # The counts of a file with rows of several councils are of those others too.
    "own_checks.csv": "select * from data_quality.dq_summary where la_code = ? and submission_id not in"
    " (select submission_id from regional.reg_mixed_files) order by submission_id, rule_id",
}
READS = (
    "dhsc.ascof_measures",
    "dhsc.waiting_times",
    "data_quality.dq_summary",
    "submissions.sub_files",
    "submissions.sub_rows",
    "dhsc.dhsc_councils",
)
MADE = (
    "reg_measures",
    "reg_shared_measures",
    "reg_waiting_times",
    "reg_shared_waiting_times",
    "reg_mixed_files",
    "reg_quality_league",
)


class Refused(Exception):
    """Nothing is written; the message says why."""


def refuse_one_council(submissions: str, landed: str, lists: Mapping[str, str]) -> None:
    """Raises Refused where the files are of one council, before a run takes the tables of the last one with it.

    It stops at the second council. Where nothing can be read it says nothing: the run does, and makes nothing either.
    """
    codes: set[str | None] = set()
    for code in _codes_of_files(submissions, landed, lists):
        codes.add(code)
        if len(codes & known_councils()) > 1:
            return
    if codes:
        raise Refused(_too_few(len(codes & known_councils())))


def _codes_of_files(submissions: str, landed: str, lists: Mapping[str, str]) -> Iterator[str | None]:
    """The LA code of each file that can be read."""
    if landed:
        # Why a landing cannot be read, the run says.
        with suppress(LandingError):
            index = read_index(landed, lists)
            for file in index.files("submission_rows"):
                yield _council_of(index.rows_of(file))
        return
    for path in cld_files(Path(submissions))[0] if Path(submissions).is_dir() else ():
        with suppress(InputError, OSError):
            yield _council_of(rows_of("", open_cld_file(path)))


def _council_of(rows: Iterable[pa.RecordBatch]) -> str | None:
    """The LA code of a file as sub_file_facts has it: what most rows say of council and period."""
    said: Counter = Counter()
    for batch in rows:
        code, start, end = (
            batch.column(name)
            for name in ("la_code", "reporting_period_start_date", "reporting_period_end_date")
        )
        days = (as_meant(column, are_days=True).to_pylist() for column in (start, end))
        said.update(zip(code.to_pylist(), *days, strict=True))
    # Of as many rows the code that comes first, as there.
    first = sorted(said.items(), key=lambda item: (-item[1], item[0][0] is None, item[0][0] or ""))
    return first[0][0][0] if first else None


def _too_few(councils: int) -> str:
    return (
        f"the files are of {councils} council{'' if councils == 1 else 's'} of the list, and a region has two or more;"
        " for one council there is asc-cld check"
    )


def write_region(database: Path, folder: Path, given_vars: dict | None = None) -> list[str]:
    """Writes all files, or none, and gives what is to be said of the councils. Raises Refused."""
    with open_database(database, *READS, given_vars=given_vars) as connection:
        return write_files(connection, folder)


def write_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """The same from the tables of one run, wherever they lie."""
    for name in MADE:
        if not has_table(connection, "regional", name):
            raise Refused(f"regional.{name} is not there: asc-cld region --submissions FOLDER makes it")
    councils = connection.execute(
        "select la_code, la_name from dhsc.dhsc_councils order by la_code"
    ).fetchall()
    if len(councils) < 2:
        raise Refused(_too_few(len(councils)))
    notes = said_of_files(connection)
    private_folder(folder)
    own = folder / "councils"
    private_folder(own)
    with WholeFiles() as files:
        for name, query in FOR_ALL.items():
            with files.text(folder / name) as stream:
                fill(stream, connection, query, [])
        write_workbook(files.path(folder / WORKBOOK), connection, FOR_ALL)
        for code, _ in councils:
            private_folder(own / code)
            for name, query in FOR_ONE.items():
                with files.text(own / code / name) as stream:
                    fill(stream, connection, query, [code])
    # What an earlier run wrote of a council that is gone would be taken for today's.
    for path in own.iterdir():
        if path.is_dir() and path.name not in {code for code, _ in councils}:
            if {file.name for file in path.iterdir()} <= set(FOR_ONE):
                shutil.rmtree(path)
            else:
                notes.append(f"{path}: of an earlier run, with files that are not ours; it was left alone.")
    notes.append(
        f"{len(councils)} councils: {', '.join([*FOR_ALL, WORKBOOK])} in {folder} are for all,"
        f" {own} holds a folder for each council alone."
    )
    return notes


def said_of_files(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A sentence for each file and council that is in no figure, or in fewer than one would think."""
    notes = [
        f"{name}: its LA Code is of no council of the list; it is in no figure (rule FIL-02)."
        for (name,) in connection.execute(
            "select file_name from submissions.sub_files where la_code is null"
            " or la_code not in (select la_code from dhsc.dhsc_councils) order by file_name"
        ).fetchall()
    ]
    notes += [
        f"{name}: its rows are of more than one council. Its measures count for the one that most rows name"
        f" ({code or 'none of the list'}), as DHSC takes it; as nobody's own it is in no league and no own_checks.csv."
        # In a file whose columns are shifted something of a person stands for the code: only a council's is said.
        for name, code in connection.execute(
            "select files.file_name, councils.la_code from submissions.sub_files as files"
            " left join dhsc.dhsc_councils as councils on files.la_code = councils.la_code where files.submission_id in"
            " (select submission_id from regional.reg_mixed_files) order by files.file_name"
        ).fetchall()
    ]
    notes += [
        f"{name} ({code}): DHSC takes no file of it for these 12 months; it has no figures and is in no total."
        for code, name in connection.execute(
            "select area_code, area_name from regional.reg_measures where area_type = 'council'"
            " group by all having max(councils_counted) = 0 order by all"
        ).fetchall()
    ]
    return notes


@plainly("region")
def main(arguments: list[str] | None = None, given_vars: dict | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="default: region in the output folder")
    parser.add_argument("--database", type=Path, default=default_path())
    options = parser.parse_args(arguments)
    folder = options.folder or Path(current("output_path")) / "region"
    try:
        notes = write_region(options.database, folder, given_vars)
    except Refused as reason:
        print(f"Nothing was written: {reason}.", file=sys.stderr)
        return 2
    for note in notes:
        print(note)
    return 0


if __name__ == "__main__":
    sys.exit(main())
