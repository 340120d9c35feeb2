"""Searches files and the shared tables for anything that identifies a person of the database.

    python -m asc_cld.leak_search                     # the sharing schema, logs/ and target/
    python -m asc_cld.leak_search output/audit page.html

Looked for: NHS numbers (also spaced), the council's person ids, plain hashes of both, postcodes,
forename next to surname in either order; in the shared tables also a forename or surname alone.
A finding names the place and the kind, never what was found. Exit code 1: something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from asc_cld.database import default_path, open_database
from asc_cld.specification import PROJECT

TEXT_FILES = {".csv", ".html", ".json", ".log", ".md", ".sql", ".svg", ".txt", ".yml", ".jsonl"}
NHS_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9A-Za-z])")
POSTCODE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}(?![0-9A-Za-z])")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
HASHES = ("md5", "sha1", "sha256")
# The project's own text holds invented numbers in examples and unit tests; dbt copies them to target/.
PUBLIC_FOLDERS = ("models", "macros", "seeds", "tests")
# Where the identifiers of people stand: kind, and the query that gives them.
SOURCES = (
    ("NHS number", "select nhs_number from submissions.sub_rows"),
    ("NHS number", "select id_value from extracts.person_identifier"),
    ("person id", "select la_person_unique_identifier from submissions.sub_rows"),
    ("person id", "select person_id from extracts.person"),
    ("postcode", "select postcode from submissions.sub_rows"),
    ("postcode", "select postcode from extracts.address"),
)
NAME_SOURCES = (
    "select first_name, last_name from submissions.sub_rows",
    "select forename, surname from extracts.person",
)


@dataclass
class Identifiers:
    """What identifies the people of one database, folded so that capitals and spaces do not hide it."""

    values: dict[str, str] = field(default_factory=dict)
    names: set[tuple[str, str]] = field(default_factory=set)
    single_names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection) -> Identifiers:
        found = cls()
        for kind, query in SOURCES:
            for (value,) in _rows(connection, query):
                found.add(kind, value)
        for query in NAME_SOURCES:
            for first, last in _rows(connection, query):
                found.add_name(first, last)
        # Stand-ins such as ZZ99 3VZ say that nothing is known.
        for (value,) in _rows(connection, "select dummy_value from reference.dummy_values"):
            found.values.pop(_folded(value), None)
        found.forget(PROJECT)
        return found

    def add(self, kind: str, value: str | None) -> None:
        folded = _folded(value)
        # Shorter ones would be found in any text.
        if len(folded) < 5:
            return
        self.values[folded] = kind
        if kind != "postcode":
            for plain in {(value or "").strip(), folded, folded.upper()}:
                for name in HASHES:
                    digest = hashlib.new(name, plain.encode(), usedforsecurity=False).hexdigest()
                    self.values[digest] = self.values[digest[:32]] = f"unsalted hash of {kind}"

    def forget(self, project: Path) -> None:
        """Leaves out numbers and postcodes that the project itself publishes in examples."""
        for folder in PUBLIC_FOLDERS:
            for file in (project / folder).rglob("*"):
                if file.suffix in (".sql", ".yml"):
                    text = file.read_text(encoding="utf-8")
                    for pattern in (NHS_NUMBER, POSTCODE):
                        for match in pattern.finditer(text):
                            self.values.pop(_folded(match.group()), None)

    def add_name(self, first: str | None, last: str | None) -> None:
        forenames, surnames = _words(first), _words(last)
        if forenames and surnames:
            self.names.add((forenames[0], surnames[-1]))
        self.single_names |= {word for word in (*forenames, *surnames) if len(word) > 2}

    def kinds_in(self, text: str, alone: bool = False) -> Counter[str]:
        """How often each kind of identifier stands in a text; `alone`: single names count too."""
        found: Counter[str] = Counter()
        for pattern in (NHS_NUMBER, POSTCODE):
            for match in pattern.finditer(text):
                kind = self.values.get(_folded(match.group()))
                if kind:
                    found[kind] += 1
        words = _words(text)
        for word in words:
            kind = self.values.get(word)
            if kind and not word.isdigit() and kind != "postcode":
                found[kind] += 1
            elif alone and word in self.single_names:
                found["name"] += 1
        for pair in zip(words, words[1:], strict=False):
            if pair in self.names or pair[::-1] in self.names:
                found["forename and surname"] += 1
        return found


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    try:
        return connection.execute(query).fetchall()
    except duckdb.CatalogException:
        return []  # a database of supplied files only has no extracts


def _folded(value: str | None) -> str:
    return re.sub(r"[\s-]", "", value or "").lower()


def _words(text: str | None) -> list[str]:
    return [word.lower() for word in WORD.findall(text or "")]


def search_files(identifiers: Identifiers, paths: Iterable[Path]) -> list[tuple[str, str, int]]:
    """Findings (place, kind, times) in the names and the text of files."""
    findings = []
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            for kind, times in identifiers.kinds_in(file.name).items():
                findings.append(("the name of a file", kind, times))
            if not file.is_file() or (file.suffix.lower() not in TEXT_FILES and ".log" not in file.name):
                continue
            text = file.read_text(encoding="utf-8", errors="replace")
            findings += [(str(file), kind, n) for kind, n in identifiers.kinds_in(text).items()]
    return findings


def search_tables(
    identifiers: Identifiers, connection: duckdb.DuckDBPyConnection, schema: str = "sharing"
) -> list[tuple[str, str, int]]:
    """Findings in every text column of every table of a schema; also names that stand alone."""
    listed = {
        value for (value,) in _rows(connection, "select value from specification.spec_code_lists") if value
    }
    findings = []
    columns = _rows(
        connection,
        "select table_name, column_name from duckdb_columns() where database_name = current_database()"
        f" and schema_name = '{schema}' order by table_name, column_index",
    )
    for table, column in columns:
        cells = _rows(connection, f'select distinct cast("{column}" as varchar) from {schema}."{table}"')
        found: Counter[str] = Counter()
        for (cell,) in cells:
            if cell and cell not in listed:
                found += identifiers.kinds_in(cell, alone=True)
        findings += [(f"{schema}.{table}.{column}", kind, times) for kind, times in found.items()]
    return findings


def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", type=Path, nargs="*", default=[Path("logs"), Path("target")])
    parser.add_argument("--database", type=Path, default=default_path())
    options = parser.parse_args(arguments)
    connection = open_database(options.database)
    identifiers = Identifiers.of(connection)
    findings = search_tables(identifiers, connection)
    findings += search_files(identifiers, [path for path in options.paths if path.exists()])
    for place, kind, times in findings:
        print(f"{place}: {kind}, {times} times")
    if not findings:
        print(f"Nothing that identifies a person ({len(identifiers.names)} people) was found.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
