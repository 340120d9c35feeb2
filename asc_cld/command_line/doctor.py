"""asc-cld doctor: looks at the machine, the settings and every file before anything is built."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from asc_cld import settings
from asc_cld.command_line.first_day import council_code, problems_of
from asc_cld.connect import NOT_TRIED, problems_of_tables, systems
from asc_cld.database import AWAY, is_held, is_no_database
from asc_cld.demo_extracts import is_the_demo
from asc_cld.files import why_not
from asc_cld.landing.connection import LandingError
from asc_cld.landing.submissions import read_index
from asc_cld.mapping_workbook import without_an_answer
from asc_cld.plugins.looked_at import problems_of_mappings
from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import (
    PARQUET,
    file_facts,
    find_extract,
    plain_keys,
    read_extract,
    signs_of_a_cut,
)
from asc_cld.readers.list_reader import list_folders
from asc_cld.readers.own_lists import rules_path_problems
from asc_cld.readers.sources import open_source, plain_header
from asc_cld.readers.spaces import plain_column
from asc_cld.readers.submission_reader import read_folder
from asc_cld.return_file import why_not_written
from asc_cld.specification import PROJECT, extract_columns, extract_names
from asc_cld.vocabularies import known_words, word_key

OLDEST_PYTHON = (3, 11)
LEAST_FREE = 2 * 1024**3
BLANKS = ["", "NULL"]
GOOD, SAID, WRONG = "ok", "note", "WRONG"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is as it should be, and what was seen."""

    state: str
    what: str
    seen: str


def examine(console: Console) -> int:
    """Prints every finding; gives 0, or 1 where something must be mended before a build."""
    findings = list(machine())
    try:
        path = settings.find_council()
        # Folders that are not there are findings of their own.
        council = settings.read_council(path, folders_are_there=False) if path else None
    except settings.SettingsError as error:
        findings += [Finding(WRONG, "settings", line) for line in str(error).splitlines()]
    else:
        settings.hand_over(council)
        settings.connector_stands_in(council)
        settings.demo_stands_in()
        findings += look(council)
    return show(console, findings, "to mend before a build.", "Nothing stands in the way of: asc-cld build")


def examine_extracts(console: Console, folder: Path) -> int:
    """Prints what of a folder is not as the contract has it; gives 1 where something must be mended."""
    findings = [*look_at_extracts(folder), *look_at_words_and_references(folder)]
    return show(console, findings, "to mend (docs/extracts.md).", "The folder is as the contract has it.")


def show(console: Console, findings: list[Finding], if_wrong: str, if_good: str) -> int:
    """Prints findings and one sentence; gives 0, or 1 where something must be mended."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    styles = {GOOD: "green", SAID: "yellow", WRONG: "bold red"}
    for finding in findings:
        table.add_row(f"[{styles[finding.state]}]{finding.state}[/]", finding.what, finding.seen)
    console.print(table)
    wrong = sum(finding.state == WRONG for finding in findings)
    console.print(
        f"{wrong} {if_wrong}" if wrong else if_good,
        highlight=False,
    )
    return 1 if wrong else 0


def machine() -> Iterator[Finding]:
    """Python and the versions that the project is made for."""
    version = ".".join(map(str, sys.version_info[:3]))
    is_new = sys.version_info[:2] >= OLDEST_PYTHON
    yield Finding(
        GOOD if is_new else WRONG, "Python", version if is_new else f"{version}: 3.11 or later is needed"
    )
    locked = dict(
        line.strip().split("==")
        for line in (PROJECT / "requirements.in").read_text(encoding="utf-8").splitlines()
        if "==" in line
    )
    for package, wanted in locked.items():
        try:
            found = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(WRONG, package, f"is not installed; {wanted} is needed")
            continue
        yield Finding(
            GOOD if found == wanted else SAID,
            package,
            found if found == wanted else f"{found}; tested with {wanted}",
        )


def look(council: settings.Council | None) -> Iterator[Finding]:
    """The settings, the folders and the files."""
    found = settings.in_force(council)
    yield Finding(GOOD, "settings", f"from {council.path}" if council else "no council.yml here")
    values = {name: one.value for name, one in found.items()}
    problems = settings.misspelt_variables(os.environ) + problems_of(values)
    try:
        council_code(values["la_code"])
    except settings.SettingsError as error:
        problems.append(str(error))
    yield from (Finding(WRONG, "settings", problem) for problem in problems)
    extracts = Path(values["extracts_path"])
    yield from look_at_source(values)
    if extracts.is_dir() or values["source_system"] == settings.NO_SYSTEM:
        yield from look_at_extracts(extracts)
    else:
        yield Finding(SAID, "extracts", f"none in {extracts} yet: asc-cld connect makes them")
    missing = [name for name in settings.OWN if not found[name].is_given]
    if missing and extracts.is_dir() and not is_the_demo(extracts):
        yield Finding(WRONG, "settings", f"no value for {', '.join(missing)}: write them into council.yml")
    mappings = values["mappings_path"]
    if mappings and not Path(mappings).is_dir():
        yield Finding(WRONG, "mappings", f"there is no folder {mappings}: asc-cld map makes it")
    elif mappings:
        wrong = problems_of_mappings(mappings)
        yield from (Finding(WRONG, "mappings", problem) for problem in wrong)
        if not wrong:
            yield Finding(GOOD, "mappings", mappings)
            yield from look_at_answers(extracts, Path(mappings))
    else:
        yield Finding(SAID, "mappings", "those of the invented council; asc-cld map begins your own")
    if rules := values["rules_path"]:
        wrong = rules_path_problems(Path(rules))
        yield from (Finding(WRONG, "rules", problem) for problem in wrong)
        if not wrong:
            yield Finding(GOOD, "rules", rules)
    if values["landed_path"]:
        yield from look_at_landing(values)
    else:
        yield from look_at_submissions(values["submissions_path"])
    yield from look_at_places(values)


def look_at_answers(extracts: Path, mappings: Path) -> Iterator[Finding]:
    """Whether every code and word that the extracts hold has an answer in the mappings."""
    # An extract that cannot be read was named before.
    with suppress(InputError, OSError):
        if left := without_an_answer(extracts, mappings):
            told = f"{left:,} codes and words of the extracts have no answer: asc-cld map, then asc-cld map --read"
            yield Finding(SAID, "mappings", told)


def look_at_extracts(folder: Path) -> Iterator[Finding]:
    """Every extract: whether it can be used, its records, encoding and columns."""
    if not folder.is_dir():
        yield Finding(
            WRONG, "extracts", f"there is no folder {folder}: put the {len(extract_names())} extracts there"
        )
        return
    looked_at = []
    for extract in extract_names():
        try:
            table = read_extract(folder, extract)
            path = find_extract(folder, extract)
        except InputError as error:
            yield Finding(WRONG, extract, str(error))
            continue
        said = [path.name, f"{table.num_rows:,} records"]
        if path.suffix.lower() != PARQUET:
            source = open_source(path, frozenset(extract_columns(extract)), plain_header)
            said.append(source.encoding)
        facts = file_facts(folder, extract)
        if facts["columns_absent"]:
            said.append(f"without the optional {facts['columns_absent']}")
        if facts["columns_not_read"]:
            said.append(f"nobody reads {facts['columns_not_read']}")
        yield Finding(GOOD if table.num_rows else SAID, extract, "; ".join(said))
        for seen in (facts["letters_damaged"], facts["days_in_doubt"]):
            if seen:
                yield Finding(SAID, extract, seen)
        looked_at.append(facts)
    for facts, signs in zip(looked_at, signs_of_a_cut(looked_at), strict=True):
        if signs:
            yield Finding(SAID, facts["source_table"], f"is the file whole? {signs}")


def look_at_words_and_references(folder: Path) -> Iterator[Finding]:
    """Words that no list knows, and references to records that are not there: counts and places, no values."""
    tables = {}
    for extract in extract_names():
        # One that cannot be read was named before.
        with suppress(InputError):
            tables[extract] = read_extract(folder, extract)
    for extract, table in tables.items():
        for column, spec in extract_columns(extract).items():
            cells = plain_column(table[column])
            is_blank = pc.is_in(pc.utf8_upper(cells), pa.array(BLANKS))
            is_filled = pc.and_(cells.is_valid(), pc.invert(is_blank))
            if spec["vocabulary"]:
                known = known_words()[spec["vocabulary"]]
                unknown = {word for word in cells.unique().to_pylist() if word_key(word or "") not in known}
                is_odd = pc.and_(is_filled, pc.is_in(cells, pa.array(unknown, pa.string())))
                said = "hold a word that is not known: say in map_words.csv what it means"
            elif "." in spec["key_role"]:
                other, key = spec["key_role"].split(".")
                if other not in tables:
                    continue
                keys = plain_keys(tables[other][key]).combine_chunks()
                is_odd = pc.and_(is_filled, pc.invert(pc.is_in(plain_keys(cells), keys)))
                said = f"refer to no {other} of the extracts"
            else:
                continue
            places = pc.indices_nonzero(is_odd)
            if len(places):
                first = table["source_row"][places[0].as_py()].as_py()
                what = f"{extract}.{column}"
                yield Finding(SAID, what, f"{len(places):,} records {said}; the first is record {first}")


def look_at_source(values: dict[str, str]) -> Iterator[Finding]:
    """The connector that is switched on: how far it may be trusted, and whether its tables are there."""
    system = values["source_system"]
    if system == settings.NO_SYSTEM or system not in systems():
        return
    if values["connector_confirmed_by"]:
        yield Finding(GOOD, "connector", f"{system}, confirmed by {values['connector_confirmed_by']}")
    else:
        yield Finding(SAID, "connector", f"{system} {NOT_TRIED} (connectors/{system}/README.md)")
    if not values["source_path"]:
        yield Finding(WRONG, "source", "name the folder of the landed tables: source_path")
        return
    problems = problems_of_tables(system, Path(values["source_path"]))
    yield from (Finding(WRONG, "source", problem) for problem in problems)
    if not problems:
        yield Finding(GOOD, "source", f"every table and column that is needed, in {values['source_path']}")


def look_at_submissions(path: str) -> Iterator[Finding]:
    """The folder of earlier CLD files."""
    if not Path(path).is_dir():
        yield Finding(
            SAID, "submissions", f"there is no folder {path}: nothing is compared with an earlier return"
        )
        return
    folder = read_folder(path)
    for file_name, line, problem in folder.problems:
        place = f", line {line}" if line else ""
        yield Finding(WRONG, "submissions", f"{file_name}{place}: {problem}")
    yield Finding(GOOD, "submissions", f"{len(folder.files)} CLD files in {path}")


def look_at_landing(values: dict[str, str]) -> Iterator[Finding]:
    """The CLD files as they were landed: whether the landing is whole and still true."""
    try:
        landed = read_index(values["landed_path"], list_folders(values))
    except LandingError as error:
        yield Finding(WRONG, "submissions", str(error))
        return
    yield Finding(
        GOOD, "submissions", f"{landed.rows('submission_rows'):,} rows landed in {values['landed_path']}"
    )


def look_at_places(values: dict[str, str]) -> Iterator[Finding]:
    """Whether database and return can be written, and what room there is."""
    database = Path(values["database_path"]).absolute()
    told = ""
    if database.is_file():
        try:
            duckdb.connect(str(database), read_only=True).close()
        except duckdb.Error as error:
            reason = (
                "is open in another program: close it there" if is_held(error) else str(error).splitlines()[0]
            )
            told = f"{database}: {reason}{AWAY if is_no_database(database, error) else ''}"
    if told:
        yield Finding(WRONG, "database", told)
    elif not database.parent.is_dir():
        yield Finding(WRONG, "database", f"there is no folder {database.parent}")
    elif problem := why_not(database):
        yield Finding(WRONG, "database", problem)
    else:
        yield Finding(GOOD, "database", values["database_path"])
    problem = "" if problems_of(values) else why_not_written(values)
    yield Finding(WRONG if problem else GOOD, "output", problem or values["output_path"])
    there = database.parent
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    yield Finding(
        GOOD if free >= LEAST_FREE else SAID, "disk", f"{free / 1024**3:.1f} GiB free where the database lies"
    )
