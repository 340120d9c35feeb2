"""Writes the DHSC facts, dimensions and measures as Parquet files for Power BI.

    asc-cld export
    asc-cld export --database council.duckdb --folder output/powerbi
    asc-cld export --with-identifiers

One file per table of the star schema (docs/measures.md); all are written, or none. In place of NHS numbers
and the council's identifiers the files hold person_key, a number that is good within one export of the
same submissions. Only --with-identifiers adds people.parquet, which tells who a key is: keep that file where
the return is kept.
"""

import argparse
import sys
from pathlib import Path

import duckdb

from asc_cld.database import default_path, open_database, quoted
from asc_cld.files import WholeFiles, private_folder
from asc_cld.plainly import plainly
from asc_cld.settings import current

TABLES = (
    "services",
    "requests",
    "assessments",
    "reviews",
    "costs",
    "dhsc_calendar",
    "dhsc_councils",
    "dhsc_dimensions",
    "ascof_measures",
    "ascof_people",
    "ascof_unknowns",
    "ascof_2a_disaggregated",
    "waiting_times",
    "waiting_times_response_context",
    "waiting_times_service_context",
    "activity_tables",
    "dhsc_periods",
    "dhsc_damage",
    "dhsc_reablement_indicator",
    "dhsc_measure_movement",
    "dhsc_movement_people",
)
EVENTS = ("services", "requests", "assessments", "reviews")
# Of two states of the measures; asc-cld movement makes the other one.
MOVEMENT = ("dhsc_measure_movement", "dhsc_movement_people")
PERSON, LOCAL_ID = "der_nhs_la_combined_person_id", "la_person_unique_identifier"
# With references of events, as the council wrote them: what they say of a person is in the database.
REFERENCES = {"event_references", "changes"}


def columns_of_tables(connection: duckdb.DuckDBPyConnection, database: Path) -> dict[str, list[str]]:
    """Columns of each table to export. Raises SystemExit for the first that is not there."""
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns where table_catalog = current_database()"
        " and table_schema = 'dhsc'"
        " order by table_name, ordinal_position"
    ).fetchall():
        found.setdefault(table, []).append(column)
    for name in TABLES:
        if name not in found:
            raise SystemExit(
                f"{database} has no table dhsc.{name}: build the dhsc models first (make check)."
            )
    return {name: found[name] for name in TABLES}


def number_people(connection: duckdb.DuckDBPyConnection, columns: dict[str, list[str]]) -> None:
    """Makes the table people of the connection: person_key and identifiers of everybody exported."""
    parts = [
        f"select {PERSON} as person, {LOCAL_ID if LOCAL_ID in names else 'null'} as local_id from dhsc.{table}"
        for table, names in columns.items()
        if PERSON in names
    ]
    connection.execute(
        "create temp table people as select row_number() over (order by sha256($submissions || person)) as person_key,"
        f" person as {PERSON}, max(local_id) as {LOCAL_ID}"
        f" from ({' union all '.join(parts)}) where person is not null group by person",
        {"submissions": submissions_of(connection)},
    )


def submissions_of(connection: duckdb.DuckDBPyConnection) -> str:
    """What sets one export's order of people apart: by their numbers alone they would have one key in every quarter."""
    query = "select string_agg(distinct submission_id, ' ' order by submission_id) from dhsc.dhsc_periods"
    return connection.execute(query).fetchone()[0] or ""


def selected(table: str, columns: list[str]) -> str:
    """The table without direct identifiers, in an order of its own."""
    listed = ", ".join(
        "people.person_key" if name == PERSON else f'facts."{name}"'
        for name in columns
        if name not in {LOCAL_ID, *REFERENCES}
    )
    people = f" left join people on facts.{PERSON} = people.{PERSON}" if PERSON in columns else ""
    return f"select {listed} from dhsc.{table} as facts{people} order by all"


def export(database: Path, folder: Path, with_identifiers: bool = False) -> dict[str, int]:
    """Write every table; give the rows of each."""
    with open_database(database, *(f"dhsc.{table}" for table in TABLES)) as connection:
        columns = columns_of_tables(connection, database)
        number_people(connection, columns)
        queries = {name: selected(name, columns[name]) for name in TABLES}
        if with_identifiers:
            queries["people"] = "select * from people order by person_key"
        private_folder(folder)
        rows = {}
        with WholeFiles() as files:
            for name, query in queries.items():
                target = quoted(files.path(folder / f"{name}.parquet"))
                rows[name] = connection.execute(
                    f"copy ({query}) to {target} (format parquet, compression zstd, use_tmp_file false)"
                ).fetchone()[0]
        if not with_identifiers:
            # Keys of an earlier export would name the wrong people.
            (folder / "people.parquet").unlink(missing_ok=True)
    return rows


@plainly("export")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, default=default_path())
    parser.add_argument("--folder", type=Path, default=Path(current("output_path")) / "powerbi")
    parser.add_argument(
        "--with-identifiers", action="store_true", help="also write people.parquet, to drill through"
    )
    options = parser.parse_args(arguments)
    rows = export(options.database, options.folder, options.with_identifiers)
    for name, count in rows.items():
        print(f"{name}: {count} rows" + ("" if count else f", {why_empty(name, rows)}"))
    return 0


def why_empty(name: str, rows: dict[str, int]) -> str:
    """Why a table has no row, so that nobody takes it for lost."""
    if name in MOVEMENT:
        return "for nobody moved a figure, or asc-cld movement has not run since the build"
    if not any(rows[fact] for fact in EVENTS):
        return "for DHSC takes no file for these 12 months (dhsc_periods says why)"
    return "for there is nothing of the kind in these 12 months"


if __name__ == "__main__":
    sys.exit(main())
