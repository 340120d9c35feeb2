"""Purges what is about people and older than a number of days; manifests are kept.

    asc-cld retention --days 90 --as-of 2026-11-23
    asc-cld retention --days 90 --as-of 2026-11-23 --delete
    asc-cld retention --days 90 --results RESULTS --landed LANDED --delete

Without --delete it only says what would go. What goes: returns in the output folder whose manifest is
older (by the day the run started), exports and audit pages beside them, dbt's log and target folder,
and, when the latest run in the database is older, every table about people in it. Results and landings
are each one thing, as old as their last run, and go as a whole: those in the output folder, the landing
that the setting landed_path names, and those named here. What stays: all manifests, the records of
sending, the register governance.gov_manifest, the record of processing, the specification and the mappings,
and every file that the project did not write.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from asc_cld.database import attach, default_path, open_database, open_to_change
from asc_cld.files import whole_file
from asc_cld.landing.folder import LIST
from asc_cld.landing.submissions import files_of_landing
from asc_cld.plainly import plainly
from asc_cld.results import CURRENT, LANDED, files_of_results
from asc_cld.return_file.manifest import ManifestError, manifests_in, read_manifest
from asc_cld.sent import records_in
from asc_cld.settings import current, day_of, dbt_folders, inputs_of_this_council

# Layers without a row about a person; of governance only what describes returns and processing.
KEPT_SCHEMAS = ("specification", "mappings", "council_mappings", "reference", "governance")


class RetentionError(Exception):
    """What cannot be purged, and why."""


def refuse_own_files(folders: list[Path]) -> None:
    """Raises where a folder to be purged holds what the council itself keeps: nothing tells old from wanted there."""
    for folder in folders:
        for name, place in inputs_of_this_council():
            if place.resolve().is_relative_to(folder.resolve()):
                raise RetentionError(
                    f"{folder} holds {place} ({name}), which is no output: nothing was deleted. Give what is"
                    " written a folder of its own (output_path)"
                )


def last_use(path: Path) -> date:
    """The day the file was last written."""
    return datetime.fromtimestamp(path.stat().st_mtime).date()


def old_files(output: Path, work_folders: list[Path], before: date) -> list[Path]:
    """Files about people that were made before a day."""
    found = []
    started = {}
    for path in manifests_in(output):
        try:
            made = read_manifest(path)
            day = date.fromisoformat(made["run"]["started_at"][:10])
            name = made["return"]["file_name"]
        except (ManifestError, KeyError, TypeError, ValueError):
            # Its return is then as old as the file itself says.
            print(f"{path}: does not say which return was made when, and is left alone")
            continue
        started[name] = max(day, started.get(name, day))
    kept = {*manifests_in(output), *records_in(output)}
    # Results and landings are whole or gone: an old part of new results counts.
    whole = [path.parent for name in (CURRENT, LIST) for path in output.rglob(name)]
    for path in sorted(output.rglob("*")) if output.is_dir() else []:
        if path.is_file() and path not in kept and not any(path.is_relative_to(folder) for folder in whole):
            day = started.get(path.name) if path.parent == output else None
            if (day or last_use(path)) < before:
                found.append(path)
    for folder in work_folders:
        if folder.is_dir():
            found += [
                path for path in sorted(folder.rglob("*")) if path.is_file() and last_use(path) < before
            ]
    return found


def old_whole(output: Path, results: Path | None, landed: list[Path], before: date) -> dict[Path, list[Path]]:
    """{folder: what the project wrote there}, of results and landings that were last written before a day.

    Raises RetentionError where a folder that somebody named holds none.
    """
    places = [(folder, CURRENT, files_of_results) for folder in [results] if folder]
    places += [(path.parent, CURRENT, files_of_results) for path in output.rglob(CURRENT)]
    # A landing of results that is of their own goes with them.
    own = [folder / LANDED for folder, *_ in places if (folder / LANDED / LIST).is_file()]
    places += [(folder, LIST, files_of_landing) for folder in (*landed, *own)]
    places += [(path.parent, LIST, files_of_landing) for path in output.rglob(LIST)]
    found = {}
    for folder, sign, files_of in places:
        if not (folder / sign).is_file():
            raise RetentionError(f"{folder} holds no results and no landing of ours ({sign} is not there)")
        if last_use(folder / sign) < before:
            found[folder.resolve()] = files_of(folder)
    return found


def purge_whole(folder: Path, files: list[Path]) -> None:
    """Deletes files, and the folders that are empty without them."""
    for path in files:
        path.unlink()
    below = sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True)
    for place in [*below, folder]:
        if not any(place.iterdir()):
            place.rmdir()


def old_tables(database: Path, before: date) -> list[str]:
    """Tables and views about people, when the latest run that wrote a return is older than a day."""
    if not database.is_file():
        return []
    with open_database(database) as connection:
        try:
            latest = connection.execute("select max(started_at) from governance.gov_manifest").fetchall()[0][
                0
            ]
        except duckdb.CatalogException:
            latest = None
        if (latest.date() if latest else last_use(database)) >= before:
            return []
        kept = ", ".join(f"'{schema}'" for schema in KEPT_SCHEMAS)
        return [
            f'{kind} "{schema}"."{name}"'
            for schema, name, kind in connection.execute(
                "select table_schema, table_name, case table_type when 'VIEW' then 'view' else 'table' end"
                " from information_schema.tables where table_catalog = current_database()"
                f" and table_schema not in ({kept})"
                " order by table_type desc, table_schema, table_name"
            ).fetchall()
        ]


def purge_tables(database: Path, tables: list[str]) -> None:
    """Drops them and writes the rest to a new file: dropping alone leaves the bytes on the disk."""
    with whole_file(database) as fresh, open_to_change(database) as connection:
        # DuckDB makes a database where there is no file.
        fresh.unlink()
        for table in tables:
            connection.execute(f"drop {table.split(' ')[0]} council.{table.split(' ', 1)[1]}")
        # Encrypted again where the old one is.
        attach(connection, fresh, "kept", "storage_version 'v1.5.0'")
        connection.execute("copy from database council to kept")
        connection.execute("detach kept")
        connection.execute("detach council")


@plainly("retention")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--as-of", type=day_of, default=date.today(), help="today")
    parser.add_argument("--delete", action="store_true", help="delete; otherwise only say what would go")
    parser.add_argument("--database", type=Path, default=default_path())
    parser.add_argument("--output", type=Path, default=Path(current("output_path")))
    parser.add_argument("--results", type=Path, help="a folder of results beside those in the output")
    parser.add_argument(
        "--landed",
        type=Path,
        nargs="*",
        default=[Path(place) for place in [current("landed_path")] if place],
        help="landings beside those in the output (default: the setting landed_path)",
    )
    parser.add_argument("--work-folders", type=Path, nargs="*", default=dbt_folders())
    options = parser.parse_args(arguments)
    if options.days < 1:
        parser.error("--days must be at least 1")
    before = options.as_of - timedelta(days=options.days)
    refuse_own_files([options.output, *options.work_folders])
    files = old_files(options.output, options.work_folders, before)
    tables = old_tables(options.database, before)
    whole = old_whole(options.output, options.results, options.landed, before)
    if not options.database.is_file():
        print(f"There is no database {options.database}: only files were looked at.")
    said = "deleted" if options.delete else "would be deleted"
    for path in files:
        print(f"{path}: {said}")
    for folder, those in whole.items():
        print(f"{folder}: {len(those)} files of results or of a landing {said}")
    if tables:
        print(f"{options.database}: {len(tables)} tables and views about people {said}, the register kept")
    if not files and not tables and not whole:
        print(f"Nothing about people is older than {before}.")
    if options.delete:
        for path in files:
            path.unlink()
        for folder, those in whole.items():
            purge_whole(folder, those)
        for folder in options.work_folders:
            if folder.is_dir() and not any(path.is_file() for path in folder.rglob("*")):
                shutil.rmtree(folder)
        if tables:
            purge_tables(options.database, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
