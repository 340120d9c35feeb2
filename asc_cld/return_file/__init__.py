"""Writing the return and its manifest so that a failed or stopped run leaves the last ones whole."""

from __future__ import annotations

import csv
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


# Nothing else in the output folder is called so.
UNFINISHED = ".unfinished"


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
    takes its name, then the return. So no return is ever seen without its manifest, and where the
    manifest cannot be written the last return stays. A run stopped between the two names leaves a
    manifest whose file is not there, which `asc_cld.verify` says. Raises OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # What a killed run left under temporary names holds rows about people.
        for left in folder.glob(f".*{UNFINISHED}"):
            left.unlink()
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=UNFINISHED, dir=folder)
    except OSError as error:
        raise OutputError(f"{folder}: the return cannot be written here: {error.strerror}") from None
    unfinished = [Path(temporary)]
    try:
        count = 0
        with open(handle, "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(headers)
            for row in rows:
                writer.writerow(row)
                count += 1
            stream.flush()
            os.fsync(stream.fileno())
        path = Path(temporary)
        written = Written(name, str(folder), count, path.stat().st_size, sha256_of(path))
        if manifest_of is not None:
            manifest_name, text = manifest_of(written)
            handle, temporary_manifest = tempfile.mkstemp(
                prefix=f".{manifest_name}.", suffix=UNFINISHED, dir=folder
            )
            unfinished.append(Path(temporary_manifest))
            with open(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary_manifest, folder / manifest_name)
        os.replace(temporary, folder / name)
    except OSError as error:
        raise OutputError(f"{folder}: the return was not written: {error.strerror}") from None
    finally:
        for path in unfinished:
            path.unlink(missing_ok=True)
    return written


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
