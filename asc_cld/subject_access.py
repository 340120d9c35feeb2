"""Finds all rows about one person in every layer of the database.

    asc-cld subject-access --person P1000886
    asc-cld subject-access --person P1000886 --folder output/subject

--person takes the council's identifier or the NHS number of the person, in small or capital letters, with or
without spaces, dots and hyphens; with `--person -` it is read from the keyboard and so stays out of the shell's
history. The person's other identifiers (merged records, NHS number) are looked up first; then every column of every
stored table that holds identifiers of people is compared with them (carers and linked people too), and every record
that a found row names by its key. It prints where and how many, never who; with --folder the rows are written there
as CSV files for the council's reply, and nowhere else. Seeds hold nothing about people and are not searched.

The last lines are the answer: in the return (exit code 0), known but not in the return, with the reasons (3), or
not known (1). An answer is complete or there is none: a database that was not built to the end is refused (2).
Shared rows carry pseudonyms; with the secret in CLD_PSEUDONYM_KEY they are counted too, without it that is said.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import duckdb

from asc_cld.database import default_path, has_table, open_database
from asc_cld.files import private_folder, writing
from asc_cld.plainly import plainly
from asc_cld.spreadsheets import Table

VARIABLE = "CLD_PSEUDONYM_KEY"
IN_THE_RETURN, NOT_KNOWN, REFUSED, NOT_IN_THE_RETURN = 0, 1, 2, 3
# Without these nobody can say whether all was found: of every database, and of one built from extracts.
ALWAYS = (("submissions", "sub_rows"), ("submissions", "sub_files"), ("data_quality", "dq_breaches"))
OF_EXTRACTS = (
    ("conformed", "cnf_person_records"),
    ("cld", "cld_events"),
    ("cld", "cld_exclusions"),
    ("governance", "gov_return_file"),
)
NOT_SEARCHED = ("specification", "mappings", "council_mappings", "reference")
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


# An identifier without capitals and what may stand between its letters and digits.
FOLDED = "translate(lower(\"{}\"), ' .-/' || chr(160), '')"


def folded(identifier: str) -> str:
    """The same of a text that was typed."""
    return identifier.strip().lower().translate(str.maketrans("", "", " .-/\u00a0"))


def identifiers_of(connection: duckdb.DuckDBPyConnection, person: str) -> set[str]:
    """The person's identifier, those of records merged with it, and the NHS numbers of all of them."""
    known = {folded(person)}
    columns = _text_columns(connection)
    for schema, table, left, right in (
        ("conformed", "cnf_person_records", "person_id", "survivor_person_id"),
        ("extracts", "person_identifier", "person_id", "id_value"),
        ("conformed", "cnf_people", "person_id", "nhs_number"),
        ("submissions", "sub_rows", "la_person_unique_identifier", "nhs_number"),
        # Once more, for records merged with what an NHS number led to.
        ("conformed", "cnf_person_records", "person_id", "survivor_person_id"),
    ):
        if {left, right} <= set(columns.get((schema, table), [])):
            pairs = connection.execute(
                f'select distinct "{left}", "{right}" from {schema}.{table}'
                f" where {FOLDED.format(left)} in (select unnest(?)) or {FOLDED.format(right)} in (select unnest(?))",
                [sorted(known), sorted(known)],
            ).fetchall()
            known |= {folded(value) for pair in pairs for value in pair if value}
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
    known = sorted(identifiers_of(connection, person))
    columns = _text_columns(connection)
    keys: dict[str, set[str]] = {"person": set(known)}
    found: dict[tuple[str, str], list[tuple[str, list]]] = {}
    for relation, names in columns.items():
        for name in filter(holds_people, names):
            # DHSC's own person id is the council code, a line and the identifier, when there is no NHS number.
            found.setdefault(relation, []).append(
                (
                    f"{FOLDED.format(name)} in (select unnest(?)) or (\"{name}\" like '___\\_%' escape '\\'"
                    f" and substr({FOLDED.format(name)}, 5) in (select unnest(?)))",
                    [known, known],
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


@plainly("subject access")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--person", required=True)
    parser.add_argument("--folder", type=Path, help="write the rows here as CSV files")
    parser.add_argument("--database", type=Path, default=default_path())
    options = parser.parse_args(arguments)
    person = sys.stdin.readline() if options.person == "-" else options.person
    if not folded(person):
        parser.error("--person is empty")
    connection = open_database(options.database)
    missing = what_is_missing(connection)
    if missing:
        print(
            f"Refused: this database was not built to the end ({', '.join(missing)} not there), so an answer could be"
            " incomplete. Build it first.",
            file=sys.stderr,
        )
        return REFUSED
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
    print(shared_rows(connection, person))
    return answer(connection, hits)


def what_is_missing(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables without which an answer could be incomplete."""
    of_extracts = connection.execute(
        "select count(*) from duckdb_tables() where database_name = current_database()"
        " and schema_name = 'extracts'"
    ).fetchall()[0][0]
    wanted = (*ALWAYS, *(OF_EXTRACTS if of_extracts else ()))
    return [f"{schema}.{table}" for schema, table in wanted if not has_table(connection, schema, table)]


def answer(connection: duckdb.DuckDBPyConnection, hits: dict[str, tuple[str, list]]) -> int:
    """Says whether the person is in the return, and gives the exit code."""
    if not hits:
        print("Not known: no row about this person is in the database.")
        return NOT_KNOWN
    in_return = _found(connection, hits, "cld.cld_events")
    left_out = []
    if "cld.cld_exclusions" in hits:
        condition, values = hits["cld.cld_exclusions"]
        left_out = connection.execute(
            f"select reason, count(*) from cld.cld_exclusions where {condition} group by reason order by reason",
            values,
        ).fetchall()
    reasons = "; ".join(f"{reason} ({count} records)" for reason, count in left_out)
    files = []
    if "submissions.sub_rows" in hits:
        condition, values = hits["submissions.sub_rows"]
        files = connection.execute(
            "select files.file_name, count(*) from submissions.sub_rows as rows"
            " inner join submissions.sub_files as files using (submission_id)"
            f" where rows.row_id in (select row_id from submissions.sub_rows where {condition})"
            " group by files.file_name order by files.file_name",
            values,
        ).fetchall()
    for file_name, count in files:
        print(f"In the file {file_name}: {count} rows.")
    is_built = has_table(connection, "cld", "cld_events")
    if in_return or (files and not is_built):
        if is_built:
            print(f"In the return: {in_return} rows." + (f" Left out because: {reasons}." if reasons else ""))
        else:
            print("In a file that was checked; no return was built here.")
        return IN_THE_RETURN
    if reasons:
        print(f"Not in the return: excluded because {reasons}.")
    else:
        print("Not in the return: no record of this person falls into it; what is known stands above.")
    return NOT_IN_THE_RETURN


def _found(connection: duckdb.DuckDBPyConnection, hits: dict[str, tuple[str, list]], relation: str) -> int:
    if relation not in hits:
        return 0
    schema, table = relation.split(".")
    return _count(connection, (schema, table), *hits[relation])


def shared_rows(connection: duckdb.DuckDBPyConnection, person: str) -> str:
    """What can be said of the shared rows, which carry pseudonyms."""
    if not has_table(connection, "sharing", "share_events"):
        return "No row-level data was shared from this database."
    secret = os.environ.get(VARIABLE, "")
    if not secret:
        return (
            f"sharing.share_events holds pseudonyms: without {VARIABLE} its rows about this person cannot be told and"
            " are not in this answer."
        )
    # Only here: it brings dbt with it.
    from asc_cld.plugins.pseudonyms import register

    register(connection, secret)
    known = sorted(identifiers_of(connection, person))
    count = connection.execute(
        "select count(*) from sharing.share_events as shared"
        " inner join reference.share_recipients as recipients using (recipient_id)"
        " inner join (select distinct la_code, der_nhs_la_combined_person_id from dhsc.dhsc_events_single"
        f" where {FOLDED.format('la_person_unique_identifier')} in (select unnest(?))"
        f" or {FOLDED.format('der_nhs_la_combined_person_id')} in (select unnest(?))) as people"
        " on shared.person_key = cld_pseudonym(recipients.keys_of, shared.release_id, 'person',"
        " people.la_code || '|' || people.der_nhs_la_combined_person_id)",
        [known, known],
    ).fetchall()[0][0]
    return f"sharing.share_events: {count} rows under this person's pseudonyms."


if __name__ == "__main__":
    sys.exit(main())
