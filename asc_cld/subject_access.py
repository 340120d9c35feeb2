"""Finds all rows about one person in every layer of the database.

    python -m asc_cld.subject_access --person P1000886
    python -m asc_cld.subject_access --person P1000886 --folder output/subject

--person takes the council's identifier of the person. The person's other identifiers (merged records,
NHS number) are looked up first; then every text column of every stored table is compared with them, and
every row of a table that a found row points to by its record key. It prints where and how many; with
--folder the rows are written there as CSV files for the council's reply, and nowhere else. Seeds hold
nothing about people and are not searched. Exit code 1: nothing was found.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import duckdb

from asc_cld.database import default_path, has_table, open_database

NOT_SEARCHED = ("specification", "mappings", "reference")
# Keys that lead from a row about the person to rows that carry no identifier of the person.
RECORD_KEYS = {
    "source_record_id", "row_id", "kept_row_id", "cld_row_id", "contact_id", "assessment_id", "review_id",
    "package_id", "service_package_id", "line_id", "service_line_id", "event_reference", "der_unique_event_ref",
}


def identifiers_of(connection: duckdb.DuckDBPyConnection, person: str) -> set[str]:
    """The person's identifier, those of records merged with it, and the NHS numbers of all of them."""
    known = {person.strip()}
    for schema, table, left, right in (
        ("conformed", "cnf_person_records", "person_id", "survivor_person_id"),
        ("extracts", "person_identifier", "person_id", "id_value"),
        ("conformed", "cnf_people", "person_id", "nhs_number"),
        ("submissions", "sub_rows", "la_person_unique_identifier", "nhs_number"),
    ):
        columns = _text_columns(connection).get((schema, table), [])
        if left in columns and right in columns:
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
        " where database_name = 'council' and data_type = 'VARCHAR' and table_name in"
        " (select table_name from duckdb_tables() where database_name = 'council')"
        " order by schema_name, table_name, column_index"
    ).fetchall():
        if schema not in NOT_SEARCHED:
            found.setdefault((schema, table), []).append(column)
    return found


def find_rows(connection: duckdb.DuckDBPyConnection, person: str) -> dict[str, tuple[str, list]]:
    """schema.table -> (condition, its parameters) for every table with rows about the person."""
    known = sorted(value.lower() for value in identifiers_of(connection, person))
    # DHSC's own person id is the council code, a line and the identifier, when there is no NHS number.
    like = " or ".join(
        'lower(trim("{c}")) = ? or lower("{c}") like ?' for _ in known
    )
    columns = _text_columns(connection)
    keys: set[str] = set()
    hits = {}
    for relation, names in columns.items():
        condition = " or ".join(like.format(c=name) for name in names)
        values = [text for _ in names for value in known for text in (value, f"___\\_{value}")]
        condition = condition.replace(" like ?", " like ? escape '\\'")
        if _count(connection, relation, condition, values):
            hits[relation] = (condition, values)
            for name in set(names) & RECORD_KEYS:
                rows = connection.execute(
                    f'select distinct "{name}" from {relation[0]}."{relation[1]}" where {condition}', values
                ).fetchall()
                keys |= {value for (value,) in rows if value}
    for relation, names in columns.items():
        by_key = sorted(set(names) & RECORD_KEYS)
        if by_key and keys:
            condition = " or ".join(f'"{name}" in (select unnest(?))' for name in by_key)
            values = [sorted(keys)] * len(by_key)
            if relation in hits:
                condition, values = f"({hits[relation][0]}) or {condition}", hits[relation][1] + values
            if _count(connection, relation, condition, values):
                hits[relation] = (condition, values)
    return {f"{schema}.{table}": found for (schema, table), found in hits.items()}


def _count(connection: duckdb.DuckDBPyConnection, relation: tuple[str, str], condition: str, values: list) -> int:
    return connection.execute(
        f'select count(*) from {relation[0]}."{relation[1]}" where {condition}', values
    ).fetchall()[0][0]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--person", required=True)
    parser.add_argument("--folder", type=Path, help="write the rows here as CSV files")
    parser.add_argument("--database", type=Path, default=default_path())
    options = parser.parse_args(arguments)
    connection = open_database(options.database)
    hits = find_rows(connection, options.person)
    if options.folder and hits:
        options.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for relation, (condition, values) in sorted(hits.items()):
        schema, table = relation.split(".")
        print(f"{relation}: {_count(connection, (schema, table), condition, values)} rows")
        if options.folder:
            target = options.folder / f"{relation}.csv"
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            rows = connection.sql(f'select * from {schema}."{table}" where {condition}', params=values)
            rows.write_csv(str(target), header=True)
    if not hits:
        print("No row was found.")
    elif has_table(connection, "sharing", "share_events"):
        print("sharing.share_events holds pseudonyms only: python -m asc_cld.subject_access cannot search it.")
    return 0 if hits else 1


if __name__ == "__main__":
    sys.exit(main())
