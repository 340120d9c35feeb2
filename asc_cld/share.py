"""Writes what one recipient may have of the schema sharing into a folder of its own.

    asc-cld share --recipient dhsc
    asc-cld share --recipient dhsc --folder output/shared/dhsc

Written are the figures (share_measures, share_costs), the recipient's own rows of share_events where there are
any, and README.txt: which release, how many people, and how many look the same, as measured. Nothing is written
where the checks held the return back, where the measured k or l is below the threshold, where something that
identifies a person is found in the shared tables, or, of rows, where seeds/reference/share_recipients.csv
names no agreement.
Exit code 0: written; 2: refused, with the reason.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import IO

import duckdb

from asc_cld.database import default_path, has_table, open_database
from asc_cld.files import WholeFiles, private_folder
from asc_cld.leak_search import Identifiers, search_tables
from asc_cld.plainly import plainly
from asc_cld.settings import current
from asc_cld.spreadsheets import Table

FIGURES = ("share_measures", "share_costs")
README = """Shared by council {la_code} with {recipient}

Release:        {release_id}
Purposes:       {purposes}
Agreement:      {agreement}
Rows of people: {rows} of {people_shared} people{out_of}; {left_out} are left out
                because they could be recognised whatever is withheld.
Measured on these rows, over all columns but the keys and over all rows of a person:
  at least {smallest_group} people look the same (k; asked for: {least_group});
  people alike in the rest differ in at least {fewest_special_values} things of special categories (l).

Keys are of this recipient, these purposes and this release alone: rows of another recipient or another
release cannot be joined to them, and the agreement forbids to try, or to find out who somebody is.
What is Withheld (or empty, for a number or a flag) could not be told of {least_group} people at once.
"""


class Refused(Exception):
    """Nothing is written; the message says why."""


def share(database: Path, recipient: str, folder: Path) -> list[Path]:
    """Writes the files of one recipient and gives their paths. Raises Refused."""
    connection = open_database(database)
    for table in FIGURES:
        if not has_table(connection, "sharing", table):
            raise Refused(f"sharing.{table} is not there: build first")
    gate = connection.execute("select is_good from data_quality.dq_gate").fetchall()
    if not gate:
        raise Refused(
            "the last run checked files already made: only of a return built here is anything shared"
        )
    if not all(is_good for (is_good,) in gate):
        raise Refused("the checks hold this return back, so nothing of it is shared")
    known = dict(
        connection.execute("select recipient_id, recipient from reference.share_recipients").fetchall()
    )
    if recipient not in known:
        raise Refused(f"share_recipients.csv lists no such recipient; it has {', '.join(sorted(known))}")
    identifiers = Identifiers.of(connection)
    if identifiers.not_there:
        raise Refused(f"{', '.join(identifiers.not_there)} is not there: build again")
    findings = search_tables(identifiers, connection)
    if findings:
        places = ", ".join(sorted({f"{place} ({kind})" for place, kind, _ in findings}))
        raise Refused(f"something that identifies a person stands in {places}")
    about = rows_of(connection, recipient)
    private_folder(folder)
    written = []
    with WholeFiles() as files:
        for table in FIGURES:
            written.append(folder / f"{table}.csv")
            with files.text(written[-1]) as stream:
                fill(stream, connection, f"select * from sharing.{table} order by all", [])
        if about:
            written.append(folder / "share_events.csv")
            with files.text(written[-1]) as stream:
                fill(
                    stream,
                    connection,
                    "select * from sharing.share_events where recipient_id = ? order by row_key",
                    [recipient],
                )
            written.append(folder / "README.txt")
            with files.text(written[-1]) as stream:
                stream.write(
                    README.format(recipient=known[recipient], **about, **told_of_those_left_out(about))
                )
    return written


def told_of_those_left_out(about: dict) -> dict[str, str]:
    """How many are left out, out of how many: a few are told neither by their number nor by the total less the rest."""
    if 0 < about["people_left_out"] < about["least_group"]:
        return {"out_of": "", "left_out": f"fewer than {about['least_group']}"}
    return {
        "out_of": f", out of {about['people']} whom DHSC counts",
        "left_out": str(about["people_left_out"]),
    }


def rows_of(connection: duckdb.DuckDBPyConnection, recipient: str) -> dict | None:
    """What is measured of the recipient's rows, or nothing where no rows were made. Raises Refused."""
    if not has_table(connection, "sharing", "share_events"):
        return None
    result = connection.execute(
        "select k.*, recipients.purposes, recipients.agreement,"
        " (select count(*) from sharing.share_events where recipient_id = $1) as rows"
        " from sharing.share_k_anonymity as k inner join reference.share_recipients as recipients"
        " using (recipient_id) where k.recipient_id = $1",
        [recipient],
    )
    about = dict(zip([column[0] for column in result.description], result.fetchone(), strict=True))
    if not about["agreement"]:
        raise Refused(
            "share_recipients.csv names no agreement for this recipient: rows about people, pseudonymised as they"
            " are, leave under one only. For figures alone build without CLD_PSEUDONYM_KEY"
        )
    is_measured = about["smallest_group"] is not None
    is_safe = (
        is_measured
        and about["smallest_group"] >= about["least_group"]
        and (about["smallest_joined_group"] or about["least_group"]) >= about["least_group"]
        and (about["fewest_special_values"] or 2) >= 2
        and not about["keys_of_others"]
    )
    if not is_safe:
        raise Refused("what share_k_anonymity measures of these rows is below the threshold")
    return about


def fill(stream: IO[str], connection: duckdb.DuckDBPyConnection, query: str, values: list) -> None:
    """Writes the rows of a query as a table."""
    rows = connection.execute(query, values)
    table = Table(stream, [column[0] for column in rows.description])
    for row in rows.fetchall():
        table.add(row)


@plainly("share")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipient", required=True, help="as share_recipients.csv calls it")
    parser.add_argument("--folder", type=Path, help="default: shared/RECIPIENT in the output folder")
    parser.add_argument("--database", type=Path, default=default_path())
    options = parser.parse_args(arguments)
    folder = options.folder or Path(current("output_path")) / "shared" / options.recipient
    try:
        written = share(options.database, options.recipient, folder)
    except Refused as reason:
        print(f"Nothing was written: {reason}.", file=sys.stderr)
        return 2
    for path in written:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
