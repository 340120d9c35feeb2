"""How landed tables get to their folder: each is whole, and all of one landing take their names together.

Tables that are finished wait in the folder `.landing` with a list of their queries, hashes and counts. When the
last is there they move, and `landed.json` says what they are. A run that broke off is gone on with: what waits is
taken where the same query of the same database gave it within a day, and its bytes are those that were written.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from asc_cld.files import WholeFiles, private_folder, whole_file, writing
from asc_cld.landing.connection import BrokenOff, Database, LandingError, batches
from asc_cld.landing.plans import Plan, kept_columns, unused_columns
from asc_cld.readers.sources import TABLES
from asc_cld.return_file import sha256_of

WAITING, LIST = ".landing", "landed.json"
KEPT_FOR = timedelta(days=1)
# A driver gives wide tables in small pieces; readers like larger ones.
ROWS_TOGETHER = 100_000
Say = Callable[[str], None]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else lands into the folder meanwhile. Raises LandingError where somebody does."""
    private_folder(folder)
    private_folder(folder / WAITING)
    lock = FileLock(folder / WAITING / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LandingError(f"another landing into {folder} is at work") from None
    try:
        yield
    finally:
        lock.release()


class Landing:
    """One landing into a folder; `with` keeps others out of it."""

    def __init__(self, folder: Path, database: Database, say: Say, progress: Say) -> None:
        self.folder, self.database, self.say, self.progress = folder, database, say, progress
        self.waiting = folder / WAITING
        self.list = self.waiting / LIST

    def alone(self) -> AbstractContextManager[None]:
        """As the function."""
        return alone(self.folder)

    def refuse_others(self, plans: list[Plan]) -> None:
        """Raises LandingError where a file of another kind has the place of one to land."""
        names = {plan.name.lower() for plan in plans}
        others = [
            path.name
            for path in sorted(self.folder.iterdir())
            if path.suffix.lower() in TABLES and path.stem.lower() in names
        ]
        if others:
            raise LandingError(
                f"{self.folder} holds {', '.join(others)} beside what is to be landed: move it away"
            )

    def land(self, plans: list[Plan], is_anew: bool) -> list[dict[str, Any]]:
        """Reads what does not wait already, then moves all to their names. Raises LandingError and BrokenOff."""
        self.refuse_others(plans)
        before = {} if is_anew else {entry["name"]: entry for entry in self._waiting_entries()}
        entries: list[dict[str, Any]] = []
        for plan in plans:
            kept = before.get(plan.name)
            if kept and self._is_good(plan, kept):
                self.say(f"{plan.name}: {kept['rows']:,} rows kept, read at {kept['landed_at']}")
                entries.append(kept)
                continue
            entries.append(self._read(plan))
            others = [entry for name, entry in before.items() if name not in {e["name"] for e in entries}]
            self._write_list(self.list, [*entries, *others])
        self._take_places(entries)
        return entries

    def _waiting_entries(self) -> list[dict[str, Any]]:
        if not self.list.is_file():
            return []
        try:
            return json.loads(self.list.read_text(encoding="utf-8"))["tables"]
        except (ValueError, KeyError, TypeError):
            # Only whole lists are written; one that somebody changed is worth nothing.
            self.say(f"{self.list} cannot be read: everything is read again")
            return []

    def _is_good(self, plan: Plan, entry: dict[str, Any]) -> bool:
        path = self.waiting / f"{plan.name}.parquet"
        age = datetime.now(UTC) - datetime.fromisoformat(entry["landed_at"])
        return (
            entry["query_sha256"] == plan.fingerprint
            and entry["database_sha256"] == self.database.fingerprint
            and timedelta(0) <= age <= KEPT_FOR
            and path.is_file()
            and sha256_of(path) == entry["sha256"]
        )

    def _read(self, plan: Plan) -> dict[str, Any]:
        begun = datetime.now(UTC)
        count_before = self._counted(plan)
        about = f" of about {count_before:,}" if count_before is not None else ""
        schema, found = batches(self.database, plan.query, plan.name)
        places = kept_columns(plan, schema)
        names = [plan_name(plan, schema.names[place]) for place in places]
        landed = pa.schema(
            [pa.field(name, schema.field(place).type) for name, place in zip(names, places, strict=True)]
        )
        path, rows = self.waiting / f"{plan.name}.parquet", 0
        with whole_file(path) as temporary:
            with pq.ParquetWriter(temporary, landed) as writer:
                together: list[pa.RecordBatch] = []
                for batch in found:
                    together.append(pa.record_batch([batch.column(p) for p in places], schema=landed))
                    rows += batch.num_rows
                    self.progress(f"{plan.name}: {rows:,} rows{about}")
                    if sum(one.num_rows for one in together) >= ROWS_TOGETHER:
                        writer.write_table(pa.Table.from_batches(together))
                        together = []
                writer.write_table(pa.Table.from_batches(together, landed))
            count_after = self._counted(plan)
            if count_before is not None and not (
                min(count_before, count_after) <= rows <= max(count_before, count_after)
            ):
                raise BrokenOff(
                    f"{plan.name}: {rows:,} rows came, and the table holds {count_after:,}:"
                    " the connection broke, or the table changed meanwhile"
                )
        unused = unused_columns(plan, schema)
        beside = f"; not of the contract and not landed: {', '.join(unused)}" if unused else ""
        self.say(f"{plan.name}: {rows:,} rows landed{beside}")
        return {
            "name": plan.name,
            "file": path.name,
            "rows": rows,
            "bytes": path.stat().st_size,
            "sha256": sha256_of(path),
            "columns": [{"name": one.name, "type": str(one.type)} for one in landed],
            "query_sha256": plan.fingerprint,
            "database_sha256": self.database.fingerprint,
            "landed_at": begun.isoformat(timespec="seconds"),
        }

    def _counted(self, plan: Plan) -> int | None:
        if not plan.counted:
            return None
        _, found = batches(self.database, plan.counted, plan.name)
        [count] = [row[0].as_py() for batch in found for row in zip(*batch.columns, strict=True)]
        return int(count)

    def _write_list(self, path: Path, entries: list[dict[str, Any]]) -> None:
        with writing(path) as stream:
            json.dump({"tables": entries}, stream, indent=2)
            stream.write("\n")

    def _take_places(self, entries: list[dict[str, Any]]) -> None:
        gone = self._landed_before() - {entry["file"] for entry in entries}
        with WholeFiles() as files:
            for entry in entries:
                temporary = files.path(self.folder / entry["file"])
                temporary.unlink()
                second_name(self.waiting / entry["file"], temporary)
            with files.text(self.folder / LIST) as stream:
                json.dump({"tables": entries}, stream, indent=2)
                stream.write("\n")
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        # What waited has its place now; the lock is held until the end.
        self.list.unlink(missing_ok=True)
        for path in self.waiting.glob("*.parquet"):
            path.unlink()

    def _landed_before(self) -> set[str]:
        try:
            entries = json.loads((self.folder / LIST).read_text(encoding="utf-8"))["tables"]
            return {Path(entry["file"]).name for entry in entries}
        except (OSError, ValueError, KeyError, TypeError):
            # Without a list of ours nothing there is ours to take away.
            return set()


def plan_name(plan: Plan, column: str) -> str:
    """The name under which a column is landed: the contract's spelling, or that of the list."""
    return column.strip().lower() if plan.columns else column


def second_name(path: Path, other: Path) -> None:
    """The same file under another name; a copy where the file system has no second names."""
    try:
        os.link(path, other)
    except OSError:
        shutil.copyfile(path, other)
