"""Writing the return to its CSV file so that a failed or stopped run leaves the last one whole."""

from __future__ import annotations

import csv
import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class OutputError(Exception):
    """The file could not be written. The message names the folder and the cause, nothing else."""


@dataclass(frozen=True)
class Written:
    """What was written: the file's name and folder, its data rows and the SHA-256 of its bytes."""

    file_name: str
    folder: str
    row_count: int
    sha256: str


def write_return(
    folder: Path, name: str, headers: list[str], rows: Iterable[tuple[str | None, ...]]
) -> Written:
    """Writes UTF-8, '\\n' line ends, a cell quoted only where it must be, a missing value empty.

    The bytes go to a temporary file in the same folder, reach the disk, and only then take the
    name: whoever looks sees the old file or the new one. Raises OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    except OSError as error:
        raise OutputError(f"{folder}: the return cannot be written here: {error.strerror}") from None
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
        digest = sha256_of(Path(temporary))
        os.replace(temporary, folder / name)
    except OSError as error:
        raise OutputError(f"{folder}: the return was not written: {error.strerror}") from None
    finally:
        Path(temporary).unlink(missing_ok=True)
    return Written(name, str(folder), count, digest)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
