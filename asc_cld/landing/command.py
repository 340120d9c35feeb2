"""asc-cld land: reads a database into a folder, or says what it holds and what is missing."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from asc_cld.files import private_folder, writing
from asc_cld.landing.catalogue import (
    COLUMNS,
    Comparison,
    Found,
    Wanted,
    compare,
    discovered,
    read_discovered,
)
from asc_cld.landing.connection import Database, LandingError, find_database
from asc_cld.landing.folder import LIST, Landing
from asc_cld.landing.plans import plans_of_queries, plans_of_tables
from asc_cld.spreadsheets import Table

DISCOVERED = "discovered.csv"


class Told:
    """What the command says: lines that stay, and one that tells how far it is where somebody looks on."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.status = console.status("") if console.is_terminal else None

    def say(self, sentence: str) -> None:
        self.console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def progress(self, sentence: str) -> None:
        if self.status:
            self.status.update(sentence)

    def __enter__(self) -> Told:
        if self.status:
            self.status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.status:
            self.status.stop()


def land(
    console: Console,
    target: Path,
    *,
    queries: Path | None,
    wanted: list[Wanted],
    kind: str,
    dsn: str,
    schema: str,
    anew: bool,
) -> int:
    """Lands everything; 0, or LandingError with the reason. What was landed before stays until all is there."""
    plans = plans_of_queries(queries) if queries else []
    database = find_database(kind, dsn)
    with Told(console) as told:
        if wanted:
            comparison = compare(wanted, discovered(database), schema)
            if comparison.missing:
                raise LandingError("\n".join(comparison.missing))
            for sentence in comparison.left_out:
                told.say(f"left out: {sentence}")
            plans = plans_of_tables(comparison.matches)
        landing = Landing(target, database, told.say, told.progress)
        with landing.alone():
            entries = landing.land(plans, anew)
    rows = sum(entry["rows"] for entry in entries)
    console.print(
        f"{len(entries)} tables, {rows:,} rows landed in {target}; counts and hashes in {LIST}.",
        highlight=False,
        soft_wrap=True,
    )
    return 0


def land_cld_files(
    console: Console, source: Path, target: Path, *, lists: dict[str, str], is_sealed: bool
) -> int:
    """Lands a folder of CLD files; 1 where one of them could not be landed, LandingError where nothing was."""
    from asc_cld.landing.submissions import land_submissions

    with Told(console) as told:
        landed = land_submissions(
            source, target, list_folders=lists, is_sealed=is_sealed, progress=told.progress
        )
        for file_name, line, problem in landed.problems:
            told.say(f"NOT LANDED: {file_name}{f', line {line}' if line else ''}: {problem}")
        if landed.others:
            told.say(f"not a kind of file that is read: {', '.join(landed.others)}")
        kept = f" ({landed.kept:,} of them landed before)" if landed.kept else ""
        told.say(
            f"{landed.submissions:,} CLD files{kept}, {landed.rows:,} rows, councils: {landed.councils:,};"
            f" landed in {target}; counts and hashes in {LIST}."
        )
    return 1 if landed.problems else 0


def discover(
    console: Console,
    *,
    folder: Path,
    wanted: list[Wanted],
    saved: Path | None,
    kind: str,
    dsn: str,
    schema: str,
) -> int:
    """Writes what a database holds, and compares it with a list; 1 where something required is missing."""
    if saved:
        found = read_discovered(saved)
    else:
        database: Database = find_database(kind, dsn)
        found = discovered(database)
        write_discovered(folder, found)
        console.print(f"{folder / DISCOVERED} was written.", highlight=False, soft_wrap=True)
    columns = sum(len(one.columns) for one in found)
    console.print(f"{len(found):,} tables and views, {columns:,} columns.", highlight=False)
    return show_comparison(console, compare(wanted, found, schema)) if wanted else 0


def write_discovered(folder: Path, found: list[Found]) -> None:
    """The tables and columns of a database as CSV: names, types and counts."""
    private_folder(folder)
    with writing(folder / DISCOVERED) as stream:
        table = Table(stream, COLUMNS)
        for one in found:
            for column, data_type in one.columns.items():
                table.add((one.schema, one.table, column, data_type, one.row_count))


def show_comparison(console: Console, comparison: Comparison) -> int:
    """Prints what was found of a list and what was not."""
    for match in comparison.matches:
        count = "" if match.found.row_count is None else f", about {match.found.row_count:,} rows"
        asked, there = len(match.wanted.columns), len(match.columns)
        console.print(
            f"ok       {match.found.schema}.{match.found.table}: {there} of {asked} columns{count}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    for word, sentences in (("optional", comparison.left_out), ("MISSING ", comparison.missing)):
        for sentence in sentences:
            console.print(f"{word} {sentence}", markup=False, highlight=False, soft_wrap=True)
    missing = len(comparison.missing)
    console.print(
        f"{missing} of what is required is missing." if missing else "All that is required is there.",
        highlight=False,
    )
    return 1 if missing else 0
