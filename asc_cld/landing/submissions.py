"""CLD files as Parquet: what the reader understood of a folder, whole, private, and read only while it is fresh.

    asc-cld land --submissions FOLDER --to LANDED        the files of many councils, for DuckDB and for Spark
    landed_tables(LANDED)                                {source table: its Parquet files}

The reader of CLD files stays the only one (asc_cld/readers/submission_reader.py). Each file becomes a part,
`rows/council=409/submission=<key>/`, in a process of its own where there are several; its key says which bytes
were read, under which name, by which reader, so that a part is made once. `landed.json` names the parts and the
small tables that are whole, and takes its name last: until then the landing before is the one that counts. What
needs the whole folder, copies above all, follows from what is known of each file, as when the folder is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from asc_cld.files import private_folder, to_disk, whole_file, writing
from asc_cld.landing.connection import LandingError
from asc_cld.landing.folder import LIST, WAITING, alone
from asc_cld.readers import limits, submission_reader
from asc_cld.readers.copies import Copies, RowsDigest
from asc_cld.readers.errors import InputError
from asc_cld.readers.list_reader import LISTS, read_lists
from asc_cld.readers.submission_reader import (
    FILES_SCHEMA,
    HEADERS_SCHEMA,
    IMPORT_DATES_FILE,
    PROBLEMS_SCHEMA,
    Folder,
    Looked,
    as_table,
    cannot_be_opened,
    cld_files,
    look,
    open_cld_file,
    read_import_dates,
    refuse_nothing_read,
    row_schema,
    rows_of,
)
from asc_cld.readers.text_files import trimmed
from asc_cld.return_file import sha256_of
from asc_cld.settings import current
from asc_cld.specification import seed_rows, snake_names

KIND, FORM = "CLD files", 1
# Spark passes over what begins with an underscore.
ROWS, TABLES_FOLDER, FACTS, DATA = "rows", "tables", "_part.json", "part-0.parquet"
# Rows of several councils in one file; of none that the specification knows, which a shifted column gives too.
SEVERAL, UNREAD = "several", "unread"
ROWS_TOGETHER = 50_000
# Below this a second process costs more than it saves.
WORTH_A_PROCESS = 16 * 1024**2
LA_CODE = 2
Say = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """One landed file: what the look at it has shown, and where its rows are."""

    looked: Looked
    digest: str
    council: str
    folder: str
    bytes: int
    sha256: str

    @property
    def data(self) -> str:
        return f"{self.folder}/{DATA}"


@dataclass
class Landed:
    """How a landing ended."""

    folder: Path
    submissions: int = 0
    rows: int = 0
    councils: int = 0
    kept: int = 0
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def _version_of_the_code() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(submission_reader.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update("\n".join(snake_names()).encode())
    return digest.hexdigest()


def reader_version() -> str:
    """What the reading of a file depends on beside its bytes: the readers' code, the 50 fields, the limits."""
    said = [_version_of_the_code(), *(f"{name}={current(name)}" for name in limits.LIMITS)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def known_councils() -> frozenset[str]:
    """The LA codes of the specification: only they become names of folders."""
    return frozenset(row["cassr_code"] for row in seed_rows("specification", "spec_councils")) - {""}


def part_key(name: str, file_sha256: str, version: str) -> str:
    """The name of a part's folder: no word of the file's name, which may be long or name a person, is in it."""
    return hashlib.sha256(f"{name}\n{file_sha256}\n{version}".encode()).hexdigest()[:20]


# -- One file ---------------------------------------------------------------------------------------------------------


def write_part(
    target: Path, key: str, looked: Looked, batches: Iterable[pa.RecordBatch], digest: str = ""
) -> Part:
    """Writes the rows of one file, streaming, and gives the part its place when all of it is there.

    `digest` is that of the rows, where it is known; else it is taken as they pass.
    """
    seen: set[str] = set()
    taken = RowsDigest()
    with whole_file(target / WAITING / f"{key}.parquet") as temporary:
        with pq.ParquetWriter(temporary, row_schema(), compression="zstd") as writer:
            for table in _together(batches):
                writer.write_table(table)
                seen.update(table.column(LA_CODE).unique().to_pylist())
                if not digest:
                    for batch in table.to_batches():
                        taken.add(batch)
        sha256, size = sha256_of(temporary), temporary.stat().st_size
    council = _council_of(seen)
    folder = f"{ROWS}/council={council}/submission={key}"
    part = Part(looked, digest or taken.hexdigest(), council, folder, size, sha256)
    place = target / folder
    private_folder(place)
    shutil.move(target / WAITING / f"{key}.parquet", place / DATA)
    # Without its facts a part is not whole.
    with writing(place / FACTS) as stream:
        json.dump(asdict(part), stream)
    return part


def _together(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= ROWS_TOGETHER:
            yield pa.Table.from_batches(waiting, row_schema())
            waiting, count = [], 0
    yield pa.Table.from_batches(waiting, row_schema())


def _council_of(cells: set[str | None]) -> str:
    codes = {trimmed(cell) for cell in cells if cell is not None} - {""}
    if len(codes) > 1:
        return SEVERAL
    [code] = codes or {""}
    return code if code in known_councils() else UNREAD


def kept_part(target: Path, key: str) -> Part | None:
    """The part that an earlier landing made of the same bytes, if it is whole."""
    for facts in target.glob(f"{ROWS}/council=*/submission={key}/{FACTS}"):
        part = _as_written(facts)
        if part is None:
            # Not as we wrote it: the part is made again.
            continue
        data = target / part.data
        if data.is_file() and data.stat().st_size == part.bytes and sha256_of(data) == part.sha256:
            return part
    return None


def _as_written(facts: Path) -> Part | None:
    try:
        said = json.loads(facts.read_text(encoding="utf-8"))
        looked = said.pop("looked")
        looked["headers"] = tuple(looked["headers"])
        looked["problems"] = tuple(tuple(problem) for problem in looked["problems"])
        return Part(Looked(**looked), **said)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def land_file(path: Path, target: Path, version: str) -> dict[str, Any]:
    """Lands one file, in whatever process: {bytes, changed, sha256, part or problem}, of which nothing is a cell."""
    found: dict[str, Any] = {"name": path.name, "is_kept": False}
    try:
        if not path.is_file():
            # Raises with what it is.
            open_cld_file(path)
        found |= state_of(path)
        found["sha256"] = sha256_of(path)
        key = part_key(path.name, found["sha256"], version)
        part = kept_part(target, key)
        if part:
            return found | {"part": part, "is_kept": True}
        source = open_cld_file(path)
        looked = look(source)
        part = write_part(target, key, looked, _unchanged(path, found, rows_of(looked.key, source)))
    except InputError as error:
        return found | {"problem": (error.line, error.problem)}
    except OSError as error:
        return found | {"problem": (0, cannot_be_opened(error))}
    return found | {"part": part}


def _unchanged(
    path: Path, before: Mapping[str, Any], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """The batches; raises InputError at their end where the file is no longer the one that was hashed."""
    yield from batches
    state = state_of(path)
    if any(before[name] != state[name] for name in state):
        raise InputError("was changed while it was landed; land again")


def state_of(path: Path) -> dict[str, Any]:
    """What changes with a file, without reading it. Raises OSError."""
    facts = path.stat()
    return {"bytes": facts.st_size, "changed": [facts.st_mtime_ns, facts.st_ctime_ns]}


# -- A folder ---------------------------------------------------------------------------------------------------------


def land_submissions(
    source: Path,
    target: Path,
    *,
    list_folders: Mapping[str, str],
    is_sealed: bool = False,
    jobs: int = 0,
    progress: Say = lambda said: None,
) -> Landed:
    """Lands a folder of CLD files, and the lists beside it ({source table: folder}). Raises LandingError.

    A file that cannot be landed is named in the result and keeps no other from it.
    """
    if not source.is_dir():
        raise LandingError(f"the folder of CLD files does not exist: {source}")
    if target.resolve() == source.resolve():
        raise LandingError(f"{target}: a landing has a folder of its own, beside the CLD files")
    _refuse_another_kind(target)
    # First: a list that cannot be read stops a check too.
    lists = {name: _read_list(name, list_folders.get(name, "")) for name in LISTS}
    with alone(target):
        dates = state_with_hash(source / IMPORT_DATES_FILE)
        imported, problems = read_import_dates(source / IMPORT_DATES_FILE)
        paths, others = cld_files(source)
        version = reader_version()
        results = _land_files(paths, target, version, jobs, progress)
        folder = Folder(problems=problems, others=others)
        parts = put_together(folder, [results[path.name] for path in paths], imported)
        try:
            refuse_nothing_read(source, folder, needs_files=True)
        except InputError as error:
            raise LandingError(str(error)) from None
        files = [
            {name: one.get(name) for name in ("name", "bytes", "changed", "sha256")}
            for one in results.values()
        ]
        write_index(
            target,
            parts,
            folder,
            lists,
            version=version,
            source=None
            if is_sealed
            else {"folder": str(source.resolve()), "files": [*files, dates], "others": others},
            list_folders=list_folders,
            kept=[one["part"] for one in results.values() if "part" in one],
        )
        return Landed(
            target,
            submissions=len(parts),
            rows=sum(part.looked.row_count for part in parts),
            councils=len({part.council for part in parts} - {SEVERAL, UNREAD}),
            kept=sum(one["is_kept"] for one in results.values()),
            problems=folder.problems,
            others=others,
        )


def put_together(
    folder: Folder, results: Iterable[Mapping[str, Any]], imported: Mapping[str, str]
) -> list[Part]:
    """The parts that are submissions, in the order of the names, and in `folder` what is said of all files."""
    copies, parts = Copies(), []
    for one in results:
        if "problem" in one:
            folder.problems.append((one["name"], *one["problem"]))
            continue
        part: Part = one["part"]
        try:
            copies.refuse(
                one["name"],
                part.looked.sha256,
                part.looked.row_count,
                imported.get(one["name"]),
                lambda part=part: part.digest,
            )
        except InputError as error:
            folder.problems.append((one["name"], error.line, error.problem))
            continue
        folder.add(part.looked, imported.get(one["name"]))
        parts.append(part)
    return parts


def _land_files(
    paths: list[Path], target: Path, version: str, jobs: int, progress: Say
) -> dict[str, dict[str, Any]]:
    sizes = {path: path.stat().st_size if path.is_file() else 0 for path in paths}
    jobs = min(jobs or os.cpu_count() or 1, len(paths))
    if jobs < 2 or sum(sizes.values()) < WORTH_A_PROCESS:
        found = {}
        for path in paths:
            found[path.name] = land_file(path, target, version)
            progress(f"{len(found)} of {len(paths)} files")
        return found
    # The largest first, so that no process is left alone with it.
    return in_processes(
        sorted(paths, key=lambda path: -sizes[path]), jobs, target, version, land_file, progress
    )


def in_processes(
    paths: list[Path],
    jobs: int,
    target: Path,
    version: str,
    work: Callable[[Path, Path, str], dict[str, Any]],
    progress: Say,
) -> dict[str, dict[str, Any]]:
    """What `work` gives for each file, by its name; a process that is ended from outside costs its own file only."""
    found: dict[str, dict[str, Any]] = {}

    def run(some: list[Path], processes: int) -> None:
        # Arrow has threads of its own, which do not come through a fork.
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            waiting: dict[Future, Path] = {pool.submit(work, path, target, version): path for path in some}
            for done in as_completed(waiting):
                try:
                    found[waiting[done].name] = done.result()
                except BrokenProcessPool:
                    # It takes the work of the others with it.
                    continue
                progress(f"{len(found)} of {len(paths)} files")

    run(paths, jobs)
    for path in [path for path in paths if path.name not in found]:
        run([path], 1)
        problem = (0, "its process was ended from outside; is there memory enough?")
        found.setdefault(path.name, {"name": path.name, "is_kept": False, "problem": problem})
    return found


def _refuse_another_kind(target: Path) -> None:
    path = target / LIST
    if path.is_file() and _read_json(path).get("kind") != KIND:
        raise LandingError(f"{target} holds a landing of another kind: give a folder of its own")


def _read_list(name: str, folder: str) -> pa.Table:
    try:
        return read_lists(folder, LISTS[name])
    except InputError as error:
        raise LandingError(str(error)) from None


# -- The index --------------------------------------------------------------------------------------------------------


def write_index(
    target: Path,
    parts: list[Part],
    folder: Folder,
    lists: Mapping[str, pa.Table],
    *,
    version: str,
    source: Mapping[str, Any] | None,
    list_folders: Mapping[str, str],
    kept: Iterable[Part] = (),
) -> None:
    """Writes the small tables, then the index; from then on this is the landing.

    What it does not name goes, but for `kept`: the parts of copies, which would only be made again.
    """
    tables = {
        "submission_files": as_table(folder.files, FILES_SCHEMA),
        "submission_headers": as_table(folder.headers, HEADERS_SCHEMA),
        "submission_problems": as_table(folder.problems, PROBLEMS_SCHEMA),
    } | lists
    if not parts:
        tables["submission_rows"] = row_schema().empty_table()
    index: dict[str, list[dict[str, Any]]] = {
        "submission_rows": [
            {"file": part.data, "bytes": part.bytes, "rows": part.looked.row_count, "sha256": part.sha256}
            for part in parts
        ]
    }
    private_folder(target / TABLES_FOLDER)
    for name, table in tables.items():
        index.setdefault(name, []).append(_write_table(target, name, table))
    said = {
        "kind": KIND,
        "form": FORM,
        "reader": version,
        "source": source,
        "lists": {
            name: {"folder": str(Path(given).resolve()), "files": _files_of_lists(given)}
            for name, given in list_folders.items()
            if given
        },
        "others": folder.others,
        "councils": {
            council: sum(part.looked.row_count for part in parts if part.council == council)
            for council in sorted({part.council for part in parts})
        },
        "tables": index,
    }
    for part in parts:
        to_disk(target / part.folder)
    with writing(target / LIST) as stream:
        json.dump(said, stream, indent=1)
        stream.write("\n")
    named = {entry["file"] for entries in index.values() for entry in entries}
    _sweep(target, named | {part.data for part in kept})


def _write_table(target: Path, name: str, table: pa.Table) -> dict[str, Any]:
    """One small table, under a name that its content gives: the one of the landing before stays until the end."""
    waiting = target / WAITING / f"{name}.parquet"
    with whole_file(waiting) as temporary:
        pq.write_table(table, temporary, compression="zstd")
    sha256, size = sha256_of(waiting), waiting.stat().st_size
    file = f"{TABLES_FOLDER}/{name}-{sha256[:12]}.parquet"
    shutil.move(waiting, target / file)
    return {"file": file, "bytes": size, "rows": table.num_rows, "sha256": sha256}


def _sweep(target: Path, named: set[str]) -> None:
    """Deletes what the index does not name: files that are gone from the folder hold people, too."""
    for path in (target / TABLES_FOLDER).glob("*.parquet"):
        if path.relative_to(target).as_posix() not in named:
            path.unlink()
    for folder in (target / ROWS).glob("council=*/submission=*"):
        if f"{folder.relative_to(target).as_posix()}/{DATA}" not in named:
            shutil.rmtree(folder)
    for folder in (target / ROWS).glob("council=*"):
        if not any(folder.iterdir()):
            folder.rmdir()
    for path in (target / WAITING).glob("*.parquet"):
        path.unlink()


def land_some(index: Index, parts: Iterable[Part], target: Path) -> None:
    """Makes a landing, without a source of its own, of some files of another one: a second name for their rows."""
    parts = list(parts)
    files = index.table("submission_files").to_pylist()
    imported = {one["submission_id"]: one["imported_at"] for one in files}
    folder = Folder()
    for part in parts:
        folder.add(part.looked, imported[part.looked.key])
        place = private_folder(target / part.folder)
        try:
            os.link(index.folder / part.data, place / DATA)
        except OSError:
            # A file system without second names, or another one.
            shutil.copy2(index.folder / part.data, place / DATA)
    private_folder(target / WAITING)
    write_index(
        target,
        parts,
        folder,
        {name: index.table(name) for name in LISTS},
        version=index.said["reader"],
        source=None,
        list_folders={name: one["folder"] for name, one in index.said["lists"].items()},
    )


# -- Reading a landing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Index:
    """A landing that is whole and fresh."""

    folder: Path
    said: Mapping[str, Any]

    def files(self, table: str) -> list[str]:
        return [str(self.folder / entry["file"]) for entry in self.said["tables"][table]]

    def rows(self, table: str) -> int:
        return sum(entry["rows"] for entry in self.said["tables"][table])

    def row_batches(self) -> Iterator[pa.RecordBatch]:
        """Every row, part by part. Less memory and CPU than a dataset of many files, which reads ahead of itself."""
        for file in self.files("submission_rows"):
            yield from self.rows_of(file)

    def rows_of(self, file: str) -> Iterator[pa.RecordBatch]:
        """The rows of one of its files."""
        try:
            with pq.ParquetFile(file) as part:
                yield from part.iter_batches(batch_size=ROWS_TOGETHER)
        except (pa.ArrowException, OSError):
            raise LandingError(
                f"landed_path: {file} cannot be read, though it has its size: land again"
            ) from None

    @property
    def others(self) -> list[str]:
        return self.said["others"]

    def parts(self) -> list[Part]:
        """The landed files, in the order of their names. Raises LandingError."""
        found = []
        for entry in self.said["tables"]["submission_rows"]:
            part = _as_written((self.folder / entry["file"]).parent / FACTS)
            # A landing of no file has a table of rows without a file.
            if part is None and entry["rows"]:
                raise LandingError(f"landed_path: {entry['file']} has lost its facts: land again")
            if part is not None:
                found.append(part)
        return found

    def table(self, name: str) -> pa.Table:
        """A small table, whole."""
        return pa.concat_tables([pq.read_table(file) for file in self.files(name)])


def read_index(folder: Path | str, lists: Mapping[str, str] | None = None) -> Index:
    """The landing in a folder. Raises LandingError where there is none, or it is not whole, or no longer true.

    `lists` are the folders of lists that the settings name: a landing without them would say that nobody died.
    """
    folder = Path(folder).absolute()
    path = folder / LIST
    if not path.is_file():
        raise LandingError(f"landed_path: {folder} holds no landing of CLD files ({LIST} is not there)")
    said = _read_json(path)
    if said.get("kind") != KIND or said.get("form") != FORM:
        raise LandingError(f"landed_path: {path} is no landing of CLD files of this version: land again")
    for entries in said["tables"].values():
        for entry in entries:
            data = folder / entry["file"]
            if not data.is_file() or data.stat().st_size != entry["bytes"]:
                raise LandingError(
                    f"landed_path: {entry['file']} in {folder} is not as it was landed: land again"
                )
    stale = list(_stale(said))
    if stale:
        more = f"; and {len(stale) - 5} more" if len(stale) > 5 else ""
        raise LandingError(f"landed_path: {folder} is stale: {'; '.join(stale[:5])}{more}. Land again.")
    for name, given in (lists or {}).items():
        landed = said["lists"].get(name)
        is_another = landed and said["source"] is not None and landed["folder"] != str(Path(given).resolve())
        if given and (not landed or is_another):
            raise LandingError(
                f"landed_path: the list {name} of {given} was not landed in {folder}. Land again."
            )
    return Index(folder, said)


def files_of_landing(folder: Path) -> list[Path]:
    """Every file that a landing has written here, of CLD files or of a case system; nothing else is ours to delete."""
    said = _read_json(folder / LIST)
    if said.get("kind") == KIND:
        found = [*folder.glob(f"{TABLES_FOLDER}/*.parquet"), *folder.glob(f"{ROWS}/council=*/submission=*/*")]
    else:
        found = [folder / Path(entry["file"]).name for entry in said.get("tables", [])]
    found += (folder / WAITING).rglob("*")
    return [*sorted(path for path in found if path.is_file()), folder / LIST]


def landed_tables(folder: Path | str, lists: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """{source table: its Parquet files} of a landing that is whole and fresh. Raises LandingError.

    Every table has at least one file. The folder `council=` of a path is for people: the column la_code is in
    the file, as it was written.
    """
    index = read_index(folder, lists)
    return {table: index.files(table) for table in index.said["tables"]}


def _stale(said: Mapping[str, Any]) -> Iterator[str]:
    """What is no longer as it was when it was landed, a few words each."""
    source = said["source"]
    if source is None:
        return
    folder = Path(source["folder"])
    if not folder.is_dir():
        yield f"the folder {folder} is no longer there"
        return
    landed = {one["name"]: one for one in source["files"] if one}
    paths, others = cld_files(folder)
    for path in paths:
        if path.name not in landed:
            yield f"{path.name} is new"
    dates = folder / IMPORT_DATES_FILE
    if dates.is_file() and IMPORT_DATES_FILE not in landed:
        yield f"{IMPORT_DATES_FILE} is new"
    there = {path.name for path in paths}
    for name, one in landed.items():
        if name not in there and not (name == IMPORT_DATES_FILE and dates.is_file()):
            yield f"{name} is gone"
        elif _has_changed(folder / name, one):
            yield f"{name} has changed"
    if others != source["others"]:
        yield "files of other kinds came or went"
    for name, one in said["lists"].items():
        if _files_of_lists(one["folder"]) != one["files"]:
            yield f"the lists of {name} have changed"


def _has_changed(path: Path, landed: Mapping[str, Any]) -> bool:
    try:
        state = state_of(path)
        if all(state[name] == landed[name] for name in state):
            return False
        return state["bytes"] != landed["bytes"] or sha256_of(path) != landed["sha256"]
    except OSError:
        # It could not be opened then either, or it was there and is gone.
        return landed["sha256"] is not None


def _files_of_lists(folder: str) -> list[list[str]]:
    paths = sorted(path for path in Path(folder).glob("*") if path.is_file())
    return [[path.name, sha256_of(path)] for path in paths]


def state_with_hash(path: Path) -> dict[str, Any] | None:
    """What is kept of a file to know it again; None where it is not there."""
    if not path.is_file():
        return None
    return {"name": path.name, **state_of(path), "sha256": sha256_of(path)}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict):
        raise LandingError(f"{path} cannot be read: give a folder of its own, or land again")
    return said
