"""Finds all rows about one person in every layer of the database.

    python -m asc_cld.subject_access --person P1000886
    python -m asc_cld.subject_access --person P1000886 --folder output/subject

--person takes the council's identifier or the NHS number of the person; with `--person -` it is read from
the keyboard and so stays out of the shell's history. The person's other identifiers (merged records, NHS
number) are looked up first; then every column of every stored table that holds identifiers of people is
compared with them (carers and linked people too), and every record that a found row names by its key. It
prints where and how many, never who; with --folder the rows are written there as CSV files for the council's
reply, and nowhere else. Seeds hold nothing about people and are not searched. Exit code 1: nothing was found.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from asc_cld.database import default_path, has_table, open_database
from asc_cld.files import private_folder, writing
from asc_cld.spreadsheets import Table

NOT_SEARCHED = ("specification", "mappings", "reference")
# Keys that lead from a row about the person to rows that carry no identifier of the person, and the
# kind of record they name: contact 1001 and assessment 1001 may be about two people.
RECORD_KEYS = {
    "contact_id": "contact",
    "assessment_id": "assessment",
    "review_id": "review",
    "package_id": "service_package",
    "service_package_id": "service_package",
    "line_id": "service_line",
    "service_line_id": "service_line",
    "row_id": "row",
    "kept_row_id": "row",
    "cld_row_id": "row of the return",
}
# A record key whose kind another column of the same row tells.
ANY_RECORD, ITS_KIND = "source_record_id", "source_table"


def holds_people(column: str) -> bool:
    """Whether a column holds identifiers of people; equal text in another column is somebody else's."""
    name = column.lower().replace(" ", "_")
    return "person" in name or "nhs_number" in name or name == "id_value"


def identifiers_of(connection: duckdb.DuckDBPyConnection, person: str) -> set[str]:
    """The person's identifier, those of records merged with it, and the NHS numbers of all of them."""
    known = {person.replace(" ", "").strip()}
    columns = _text_columns(connection)
    for schema, table, left, right in (
        ("conformed", "cnf_person_records", "person_id", "survivor_person_id"),
        ("extracts", "person_identifier", "person_id", "id_value"),
        ("conformed", "cnf_people", "person_id", "nhs_number"),
        ("submissions", "sub_rows", "la_person_unique_identifier", "nhs_number"),
    ):
        if {left, right} <= set(columns.get((schema, table), [])):
            pairs = connection.execute(
                f'select distinct trim("{left}"), trim("{right}") from {schema}.{table}'
                f' where trim("{left}") in (select unnest(?)) or trim("{right}") in (select unnest(?))',
                [sorted(known), sorted(known)],
            ).fetchall()
            known |= {value for pair in pairs for value in pair if value}
    return known


def _text_columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and data_type = 'VARCHAR' and table_name in"
        " (select table_name from duckdb_tables() where database_name = current_database())"
        " order by schema_name, table_name, column_index"
    ).fetchall():
        if schema not in NOT_SEARCHED:
            found.setdefault((schema, table), []).append(column)
    return found


def find_rows(connection: duckdb.DuckDBPyConnection, person: str) -> dict[str, tuple[str, list]]:
    """schema.table -> (condition, its parameters) for every table with rows about the person."""
    known = sorted({value.lower() for value in identifiers_of(connection, person)})
    # DHSC's own person id is the council code, a line and the identifier, when there is no NHS number.
    escaped = [value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for value in known]
    columns = _text_columns(connection)
    keys: dict[str, set[str]] = {"person": set(known)}
    found: dict[tuple[str, str], list[tuple[str, list]]] = {}
    for relation, names in columns.items():
        for name in filter(holds_people, names):
            found.setdefault(relation, []).append(
                (
                    f"lower(replace(\"{name}\", ' ', '')) in (select unnest(?)) or exists ("
                    f"select 1 from (select unnest(?) as known) where lower(\"{name}\") like '___\\_' || known"
                    " escape '\\')",
                    [known, escaped],
                )
            )
        if relation in found:
            _remember_keys(connection, relation, names, *_either(found[relation]), keys)
    for relation, names in columns.items():
        for name in names:
            kind = RECORD_KEYS.get(name)
            if kind and keys.get(kind):
                found.setdefault(relation, []).append(
                    (f'"{name}" in (select unnest(?))', [sorted(keys[kind])])
                )
        if {ANY_RECORD, ITS_KIND} <= set(names):
            for kind, values in sorted(keys.items()):
                found.setdefault(relation, []).append(
                    (
                        f'"{ITS_KIND}" = ? and lower("{ANY_RECORD}") in (select unnest(?))',
                        [kind, sorted(value.lower() for value in values)],
                    )
                )
    hits = {relation: _either(conditions) for relation, conditions in found.items()}
    return {
        f"{schema}.{table}": hit
        for (schema, table), hit in hits.items()
        if _count(connection, (schema, table), *hit)
    }


def _either(conditions: list[tuple[str, list]]) -> tuple[str, list]:
    return (
        " or ".join(f"({condition})" for condition, _ in conditions),
        [value for _, values in conditions for value in values],
    )


def _remember_keys(
    connection: duckdb.DuckDBPyConnection,
    relation: tuple[str, str],
    names: list[str],
    condition: str,
    values: list,
    keys: dict[str, set[str]],
) -> None:
    """Adds the record keys of the rows found in one table."""
    wanted = {name: f"'{RECORD_KEYS[name]}'" for name in names if name in RECORD_KEYS}
    if {ANY_RECORD, ITS_KIND} <= set(names):
        wanted[ANY_RECORD] = f'"{ITS_KIND}"'
    for name, kind in wanted.items():
        for kind_found, value in connection.execute(
            f'select distinct {kind}, "{name}" from {relation[0]}."{relation[1]}" where {condition}', values
        ).fetchall():
            if kind_found and value:
                keys.setdefault(kind_found, set()).add(value)


def _count(
    connection: duckdb.DuckDBPyConnection, relation: tuple[str, str], condition: str, values: list
) -> int:
    return connection.execute(
        f'select count(*) from {relation[0]}."{relation[1]}" where {condition}', values
    ).fetchall()[0][0]


def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--person", required=True)
    parser.add_argument("--folder", type=Path, help="write the rows here as CSV files")
    parser.add_argument("--database", type=Path, default=default_path())
    options = parser.parse_args(arguments)
    person = sys.stdin.readline() if options.person == "-" else options.person
    connection = open_database(options.database)
    hits = find_rows(connection, person)
    if options.folder and hits:
        private_folder(options.folder)
    for relation, (condition, values) in sorted(hits.items()):
        schema, table = relation.split(".")
        print(f"{relation}: {_count(connection, (schema, table), condition, values)} rows")
        if options.folder:
            target = options.folder / f"{relation}.csv"
            # As text, the way DuckDB writes each type.
            rows = connection.execute(
                f'select cast(columns(*) as varchar) from {schema}."{table}" where {condition}', values
            )
            with writing(target) as stream:
                written = Table(stream, [column[0] for column in rows.description])
                while batch := rows.fetchmany(10_000):
                    for row in batch:
                        written.add(row)
    if not hits:
        print("No row was found.")
    elif has_table(connection, "sharing", "share_events"):
        print(
            "sharing.share_events holds pseudonyms only: python -m asc_cld.subject_access cannot search it."
        )
    return 0 if hits else 1


if __name__ == "__main__":
    sys.exit(main())
