"""Writing the return and its manifest so that a failed or stopped run leaves the last ones whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from asc_cld.files import WholeFiles, private_folder, why_not
from asc_cld.settings import is_on
from asc_cld.spreadsheets import Table

# The bytes of a return whose manifest is about to have its name, or has it already.
WAITING = ".waiting"


class OutputError(Exception):
    """The file could not be written. The message names the folder and the cause, nothing else."""


@dataclass(frozen=True)
class Written:
    """What was written: the file's name and folder, its data rows, its bytes and their SHA-256."""

    file_name: str
    folder: str
    row_count: int
    byte_count: int
    sha256: str


def file_name_of(values: Mapping[str, str], *, is_draft: bool) -> str:
    """The name of the return of these settings (model cld_submission)."""
    start, end = (values[f"reporting_period_{name}"].replace("-", "") for name in ("start", "end"))
    return f"{values['la_code']}_CLD_{start}_{end}{'_DRAFT' if is_draft else ''}.csv"


def why_not_written(values: Mapping[str, str]) -> str:
    """Why the return of these settings could not be written now; '' where it could. Known before anything is built."""
    folder = Path(values["output_path"]).absolute()
    for is_draft in (False, True)[: 1 + is_on(values["force_draft"])]:
        if problem := why_not(folder / file_name_of(values, is_draft=is_draft)):
            return f"the return cannot be written here (output_path): {problem}"
    return ""


def write_return(
    folder: Path,
    name: str,
    headers: list[str],
    rows: Iterable[tuple[str | None, ...]],
    manifest_of: Callable[[Written], tuple[str, str]] | None = None,
) -> Written:
    """Writes UTF-8, '\\n' line ends, a cell quoted only where it must be, a missing value empty.

    `manifest_of` gives the name and the text of the manifest for what was written. Both files are
    first written under temporary names in the same folder and reach the disk; then the manifest
    takes its name, then, as the last thing of all, the return. So no return is ever seen without its
    manifest, and after an error neither has changed. A run killed between the two names leaves the
    new return waiting under a name that says which manifest is not true yet: nobody takes that one for
    a manifest, and the next run deletes both (decision 0012). Raises OutputError.
    """
    try:
        private_folder(folder)
        settle(folder)
    except OSError as error:
        raise OutputError(f"{folder}: the return cannot be written here: {error.strerror}") from None
    path = folder / name
    try:
        with WholeFiles() as files:
            count = 0
            with files.text(path) as stream:
                table = Table(stream, headers, is_exact=True)
                for row in rows:
                    table.add(row)
                    count += 1
            temporary = Path(stream.name)
            size, sha256 = temporary.stat().st_size, sha256_of(temporary)
            written = Written(name, str(folder), count, size, sha256)
            if manifest_of is not None:
                manifest_name, text = manifest_of(written)
                with files.text(folder / manifest_name) as stream:
                    stream.write(text)
                files.last(path, waiting=waiting_for(folder / manifest_name))
    except OSError as error:
        raise OutputError(f"{path}: the return was not written: {error.strerror}") from None
    return written


def waiting_for(manifest_path: Path) -> Path:
    """Where the return stands until it takes its name, when this manifest already may have its own."""
    return manifest_path.with_name(f".{manifest_path.name}{WAITING}")


def settle(folder: Path) -> None:
    """Undoes what a run killed between the two names left: its manifest, and the return that waited."""
    for waiting in folder.glob(f".*{WAITING}"):
        waiting.with_name(waiting.name[1:].removesuffix(WAITING)).unlink(missing_ok=True)
        waiting.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
