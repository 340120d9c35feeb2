"""A check council by council: what is new of one council computes that council's part of the results again, no more.

    asc-cld check --results RESULTS --submissions FOLDER [--engine spark]

The files are landed, put into groups of councils that can be computed apart, and each group gets a key of all that
its tables depend on: its files, the settings, the lists, the code, the engine. The groups whose part is not there are
checked, as many together as `rows_at_once` allows, and their tables are split into parts (asc_cld/results.py). The
results change when all parts are there; what a run that broke off had finished is not computed again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from rich.console import Console

from asc_cld.command_line import dbt_run
from asc_cld.database import attach
from asc_cld.files import private_folder
from asc_cld.landing.submissions import SEVERAL, UNREAD, Index, Part, known_councils, land_some
from asc_cld.plugins.limits import default_memory
from asc_cld.readers.text_files import trimmed
from asc_cld.results import (
    DATABASE,
    KEY_LENGTH,
    LOCK,
    SHARED,
    WORK,
    Group,
    ResultsError,
    keep_part,
    kept_part,
    publish,
    same_for_all,
    split,
)
from asc_cld.results import Part as Results
from asc_cld.results import results as tables_of_results
from asc_cld.settings import Setting, beside
from asc_cld.specification import PROJECT

# On one machine: memory is bounded by it, and the half minute that a run costs of itself does not count.
ROWS_AT_ONCE = 1_000_000
# Where in dbt's target folder these runs leave what was parsed: their database is another than the council's.
TARGET = "results"
OF_FILES = ("ons_deaths_path", "dhsc_lists_path", "rules_path")
CODE = ("dbt_project.yml", "selectors.yml", "models", "macros", "seeds", "asc_cld")
KINDS = (".sql", ".yml", ".csv", ".py", ".md")
PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "dbt-spark", "pyspark")


# -- What a part depends on -------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def version_of_the_code() -> str:
    """Of all that makes a table of a row: models, macros, seeds, Python, and the packages that run them."""
    digest = hashlib.sha256()
    for name in CODE:
        path = PROJECT / name
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.suffix in KINDS and file.is_file():
                digest.update(file.relative_to(PROJECT).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    for package in PACKAGES:
        try:
            digest.update(f"{package}={version(package)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{package} is not there\n".encode())
    return digest.hexdigest()


def setup_key(found: Mapping[str, Setting], engine: str) -> str:
    """The name of all that is the same for every council: code, settings, lists, engine."""
    digest = hashlib.sha256(f"{version_of_the_code()}\n{engine}\n".encode())
    for name, setting in sorted(found.items()):
        # Who signed is of the run, not of a council.
        if name in beside("machine", "signatures"):
            continue
        digest.update(f"{name}={'' if name in OF_FILES else setting.value}\n".encode())
        if name in OF_FILES and setting.value:
            for file in sorted(path for path in Path(setting.value).glob("*") if path.is_file()):
                digest.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:KEY_LENGTH]


def groups_of(index: Index, setup: str, is_one: bool = False) -> list[Group]:
    """The councils of a landing, apart where no file has rows of two; `is_one` puts all together."""
    parts = index.parts()
    imported = {
        one["submission_id"]: one["imported_at"] for one in index.table("submission_files").to_pylist()
    }
    found = []
    for members in _together([(_codes(index, part), part) for part in parts], is_one):
        codes = sorted({code for some, _ in members for code in some})
        files = sorted(
            f"{part.folder}\t{part.looked.key}\t{imported[part.looked.key] or ''}" for _, part in members
        )
        digest = hashlib.sha256("\n".join([setup, *files]).encode()).hexdigest()
        found.append(
            Group(
                _name(codes),
                tuple(codes),
                tuple(sorted(part.looked.key for _, part in members)),
                sum(part.looked.row_count for _, part in members),
                digest[:KEY_LENGTH],
            )
        )
    return sorted(found, key=lambda group: group.name)


def _codes(index: Index, part: Part) -> set[str]:
    """The LA codes in a file, as they stand there; blank is none."""
    if part.council not in (SEVERAL, UNREAD):
        return {part.council}
    cells: set[str | None] = set()
    with pq.ParquetFile(index.folder / part.data) as file:
        for batch in file.iter_batches(columns=["la_code"]):
            cells.update(batch.column(0).unique().to_pylist())
    return {trimmed(cell) for cell in cells if cell is not None} - {""}


def _together(files: Sequence[tuple[set[str], Part]], is_one: bool) -> list[list[tuple[set[str], Part]]]:
    """Files that name a council in common, directly or through others; those that name none are together."""
    groups: list[tuple[set[str], list[tuple[set[str], Part]]]] = []
    for codes, part in files:
        # Capitals apart: no two councils differ in them.
        names = {code.lower() for code in codes}
        joined, members = set(names), [(codes, part)]
        others = []
        for known, some in groups:
            if is_one or known & names or (not known and not names):
                joined |= known
                members = [*some, *members]
            else:
                others.append((known, some))
        groups = [*others, (joined, members)]
    return [members for _, members in groups]


def _name(codes: Sequence[str]) -> str:
    """The name of a group's folder: the code of a known council, else no word of what stands in a file."""
    if len(codes) == 1 and codes[0] in known_councils():
        return codes[0]
    kind = SEVERAL if len(codes) > 1 else UNREAD
    return f"{kind}-{hashlib.sha256(' '.join(codes).encode()).hexdigest()[:12]}"


def batches(groups: Iterable[Group], rows_at_once: int) -> list[list[Group]]:
    """Groups that are computed in one run: as many as have that many rows together, at least one."""
    found: list[list[Group]] = []
    rows = 0
    for group in groups:
        if not found or rows + group.rows > rows_at_once:
            found.append([])
            rows = 0
        found[-1].append(group)
        rows += group.rows
    return found


# -- A run ------------------------------------------------------------------------------------------------------------


@dataclass
class Ran:
    """How one run of dbt ended: whether every table is there, and which tests found something."""

    is_whole: bool = False
    failed: tuple[str, ...] = ()

    def hear(self, result: Any) -> str:
        """Takes the result of dbt; what it gives is said, here nothing."""
        found = getattr(result, "results", None) or []
        built = [one for one in found if one.node.resource_type != "test"]
        self.is_whole = bool(built) and all(str(one.status) in ("success", "no-op") for one in built)
        self.failed = tuple(sorted(one.node.name for one in found if str(one.status) in dbt_run.WENT_WRONG))
        return ""


class BrokenOff(ResultsError):
    """A run of dbt has not made every table; dbt has said why."""

    def __init__(self, done: int, of_runs: int, code: int) -> None:
        kept = f"; what {done} of {of_runs} runs computed need not be computed again" if done else ""
        super().__init__(f"Not every table was made{kept}.")
        self.code = code


@contextmanager
def at_work(results: Path) -> Iterator[Path]:
    """The private folder of one run, empty; nobody else works there meanwhile. Raises ResultsError."""
    private_folder(results)
    lock = FileLock(results / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ResultsError(f"another run into {results} is at work") from None
    work = results / WORK
    try:
        shutil.rmtree(work, ignore_errors=True)
        yield private_folder(work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        lock.release()


def check(
    console: Console,
    results: Path,
    index: Index,
    *,
    found: Mapping[str, Setting],
    named: Mapping[str, Any],
    engine: str,
    rows_at_once: int,
    verbose: bool = False,
) -> int:
    """Brings the results up to date with a landing; the exit code of `asc-cld check`. Raises ResultsError.

    `found` are the settings in force, `named` those that were given to the command.
    """
    with at_work(results) as work:
        setup = setup_key(found, engine)
        memory = found["memory_limit"].value or default_memory()
        # A returned list may name councils of which there is no file: it is of none of the parts.
        groups = groups_of(index, setup, is_one=bool(found["dhsc_lists_path"].value))
        wanted = {group.name: kept_part(results, group.folder) for group in groups}
        shared = kept_part(results, f"{SHARED}/{setup}")
        to_make = [group for group in groups if wanted[group.name] is None or shared is None]
        runs = batches(to_make, rows_at_once)
        for number, some in enumerate(runs, start=1):
            if len(runs) > 1:
                dbt_run.say(console, f"Run {number} of {len(runs)}: {_told(some)}.")
            ran = _run(console, work, index, some, engine, named, verbose)
            if not ran.is_whole:
                raise BrokenOff(number - 1, len(runs), dbt_run.STOPPED if ran.failed else dbt_run.NOT_BEGUN)
            shared, made = _keep(results, work, setup, shared, some, ran, engine, memory)
            wanted |= made
        parts = [part for part in wanted.values() if part is not None]
        if shared is None:
            raise ResultsError("there is no CLD file that could be checked")
        problems = [
            (one["file_name"], one["line_number"], one["problem"])
            for one in index.table("submission_problems").to_pylist()
        ]
        publish(results, shared.folder, (part.folder for part in parts), problems)
    kept = [part for part in parts if part.name not in {group.name for group in to_make}]
    dbt_run.say(
        console,
        *_said_before([group for group in groups if group not in to_make], results, found),
        f"{len(shared.tables)} tables as Parquet in {results}: {_told(to_make)} computed, {_told(kept)} as they were.",
        f"{results / DATABASE} shows them; asc-cld fixlist and report read it with --database, asc-cld region with"
        f" --results {results}.",
        *(
            f"{part.name}: when it was computed, these found something wrong: {', '.join(part.failed)}."
            for part in kept
            if part.failed
        ),
    )
    return dbt_run.STOPPED if any(part.failed for part in parts) else dbt_run.DONE


def _told(groups: Sequence[Group | Results]) -> str:
    """How many, and which where they are few. Of a code that is no council's nothing is said."""
    names = [group.name for group in groups]
    shown = f" ({', '.join(names)})" if 0 < len(names) <= dbt_run.SHOWN else ""
    return f"{len(names)} part{'' if len(names) == 1 else 's'}{shown}"


def _said_before(groups: Sequence[Group], results: Path, found: Mapping[str, Setting]) -> Iterator[str]:
    """Of files that were not computed again what the run that did so has said (say_what_became_of_the_return)."""
    if not groups:
        return
    yield "CHECKED before, and as they were:"
    with tables_of_results(results) as connection:
        signs: dict[str, list[str]] = {}
        for submission, sentence in connection.execute(
            "select submission_id, sentence from data_quality.dq_signs order by submission_id, sign"
        ).fetchall():
            signs.setdefault(submission, []).append(sentence)
        for submission, name, rows, errors, verdict in connection.execute(
            """
            select
                files.submission_id, files.file_name, files.row_count, coalesce(any_value(found.to_mend), 0),
                min(periods.verdict)
            from submissions.sub_files as files
            left join (
                select submission_id, count(distinct finding) as to_mend
                from data_quality.dq_findings where severity = 'error' and not accepted group by submission_id
            ) as found using (submission_id)
            left join dhsc.dhsc_periods as periods
                on files.submission_id = periods.submission_id and periods.method_version = ?
            where list_contains(?, files.submission_id)
            group by files.submission_id, files.file_name, files.row_count order by files.file_name
            """,
            [found["method_version"].value, [one for group in groups for one in group.submissions]],
        ).fetchall():
            yield (
                f"  {name}: {rows} rows, must mend {errors} as the fix list counts them."
                f"{f' {verdict}.' if verdict else ''}"
            )
            yield from (f"    {sentence}" for sentence in signs.get(submission, ()))
        without = connection.execute(
            "select distinct la_code || ' ' || la_name from dhsc.ascof_measures where list_contains(?, la_code)"
            " and note like 'No figure of these 12 months%' order by all",
            [[code for group in groups for code in group.codes]],
        ).fetchall()
    if without:
        more = f" and {len(without) - dbt_run.SHOWN} more" if len(without) > dbt_run.SHOWN else ""
        yield (
            f"  Measures are of the 12 months to {found['reporting_period_end'].value}, and for these DHSC takes no"
            f" file of: {', '.join(name for (name,) in without[: dbt_run.SHOWN])}{more}."
        )


def _run(
    console: Console,
    work: Path,
    index: Index,
    groups: Sequence[Group],
    engine: str,
    named: Mapping[str, Any],
    verbose: bool,
) -> Ran:
    """One run of dbt over the files of some groups, in places whose names stay the same from run to run."""
    wanted = {one for group in groups for one in group.submissions}
    landed = work / "landed"
    shutil.rmtree(landed, ignore_errors=True)
    land_some(index, [part for part in index.parts() if part.looked.key in wanted], landed)
    ran = Ran()
    settings = dict(named) | {"landed_path": str(landed.absolute())}
    command = ["build", "--selector", "check"]
    if engine == "spark":
        from asc_cld import spark_run

        spark_run.prepare(work, landed)
        with spark_run.on_spark():
            dbt_run.run_dbt(
                console,
                *(*command, "--target", "spark"),
                named=settings,
                verbose=verbose,
                at_end=ran.hear,
                target=TARGET,
            )
        return ran
    database = _database(work)
    for path in work.glob(f"{database.name}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    settings["database_path"] = str(database.absolute())
    dbt_run.run_dbt(console, *command, named=settings, verbose=verbose, at_end=ran.hear, target=TARGET)
    return ran


def _database(work: Path) -> Path:
    return work / "council.duckdb"


def _keep(
    results: Path,
    work: Path,
    setup: str,
    shared: Results | None,
    groups: Sequence[Group],
    ran: Ran,
    engine: str,
    memory: str,
) -> tuple[Results, dict[str, Results | None]]:
    """Splits the tables of a run and gives each part its place; gives what is shared and the parts."""
    into = private_folder(work / "parts")
    limits = {
        "memory_limit": memory,
        "temp_directory": str(work / "spill"),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=limits) as connection:
        if engine == "spark":
            from asc_cld import spark_run

            spark_run.attach_tables(connection, work, "run")
        else:
            attach(connection, _database(work), "run", "read_only")
        ours, parts = split(connection, "run", groups, into)
        if shared is None:
            ours.folder = f"{SHARED}/{setup}"
            keep_part(results, into / SHARED, ours)
            shared = ours
        else:
            other = same_for_all(connection, into / SHARED, results / shared.folder, shared)
            if other or ours.tables.keys() != shared.tables.keys():
                raise ResultsError(
                    "a table that should be the same for all councils is not:"
                    f" {', '.join(other or sorted(ours.tables.keys() ^ shared.tables.keys()))}"
                )
    for part in parts.values():
        part.failed = ran.failed
        keep_part(results, into / part.name, part)
    shutil.rmtree(into)
    return shared, dict(parts)
