"""The one way the project writes a file: whole or not at all, and for its owner's eyes only.

    with writing(folder / "list.csv") as stream:          one text file
        ...
    with WholeFiles() as files:                            several, all or none
        with files.text(folder / "a.csv") as stream: ...
        duckdb.execute(f"copy ... to '{files.path(folder / 'b.parquet')}'")

A file is written under a temporary name in its own folder, reaches the disk, and only then takes its
name. After an error or Ctrl-C what had that name before is there again and nothing else is left; what a
killed run left is deleted by the next one that writes the same file. Files have mode 600 whatever the
umask; `private_folder` makes or closes the folder (700). Windows keeps its own permissions. `why_not` says
beforehand what could not be written. Every file that the package writes goes through here
(tests/project/proof/test_files.py).
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

# Nothing else in a folder we write to is called so.
UNFINISHED = ".unfinished"
# How much is written to see whether there is room, in bytes.
TRIED = 1024**2
# What this process is writing now, so that it does not take its own for what a killed run left.
_in_hand: set[Path] = set()


def private_folder(folder: Path) -> Path:
    """The folder, made if absent (with its parents) and closed to everybody else, whoever made it.

    Left as they are: a folder that belongs to somebody else, one that all may write to (/tmp), and one
    that the work or the home of the user lies in; what is written there is closed file by file.
    """
    # One by one: a umask may take from us the right to enter what mkdir(parents=True) just made.
    for part in reversed((folder, *folder.parents)):
        try:
            part.mkdir(mode=0o700)
        except FileExistsError:
            continue
        except OSError:
            if not part.is_dir():
                raise
            continue
        part.chmod(0o700)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if os.name == "posix" and not _is_shared(folder.resolve()):
        folder.chmod(0o700)
    sweep(folder)
    return folder


def close_to_others(*folders: Path) -> None:
    """From here on this process makes everything for its owner only; so are these folders and what lies in them."""
    os.umask(0o077)
    for folder in folders:
        # The folder itself first: nobody reads a file in a folder that is closed to them.
        for path in [folder, *(folder.glob("*") if folder.is_dir() else ())]:
            # What belongs to somebody else is left as it is.
            with suppress(OSError):
                path.chmod(0o700 if path.is_dir() else 0o600)


def _is_shared(folder: Path) -> bool:
    facts = folder.stat()
    works_in = (Path.cwd().resolve(), Path.home().resolve())
    return (
        facts.st_uid != os.geteuid()
        or bool(facts.st_mode & stat.S_ISVTX)
        or any(place.is_relative_to(folder) for place in works_in)
    )


class WholeFiles:
    """Files that take their names together when the block ends without an error, in the order begun."""

    def __init__(self) -> None:
        self._begun: list[tuple[Path, Path]] = []

    def path(self, target: Path) -> Path:
        """The temporary name under which to write `target`; the file is there, empty and private."""
        sweep(target.parent, target.name)
        temporary = _temporary_name(target)
        self._begun.append((temporary, target))
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        # A umask may have taken even the owner's right.
        temporary.chmod(0o600)
        return temporary

    def last(self, target: Path, waiting: Path) -> None:
        """`target` is complete, and is to take its name after all others.

        Until it does its bytes stand under the name `waiting`, by which the next run knows that a killed
        one did not come so far.
        """
        temporary = next(temporary for temporary, begun in self._begun if begun == target)
        self._begun.remove((temporary, target))
        self._begun.append((waiting, target))
        os.replace(temporary, waiting)
        _in_hand.discard(temporary)

    @contextmanager
    def text(self, target: Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
        """A text stream for `target`; line ends are written as they are given."""
        with self.path(target).open("w", encoding=encoding, newline="") as stream:
            yield stream

    def __enter__(self) -> WholeFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._take_names()
        finally:
            for temporary, _ in self._begun:
                _in_hand.discard(temporary)
                temporary.unlink(missing_ok=True)

    def _take_names(self) -> None:
        for temporary, _ in self._begun:
            # DuckDB and others may have made the file anew, under the umask.
            temporary.chmod(0o600)
            to_disk(temporary)
        # What had the names before; with one file there is nothing to take back.
        several = len(self._begun) > 1
        before = {target: _kept(target) for _, target in self._begun if several and target.is_file()}
        try:
            for temporary, target in self._begun:
                os.replace(temporary, target)
        except BaseException:
            for temporary, target in reversed(self._begun):
                # One that cannot be taken back does not keep the others from it.
                with suppress(OSError):
                    if not temporary.exists() and target in before:
                        os.replace(before[target], target)
                    elif not temporary.exists():
                        target.unlink(missing_ok=True)
            raise
        finally:
            # The names are taken: what fails from here on is no failure. The next run sweeps.
            with suppress(OSError):
                for kept in before.values():
                    _in_hand.discard(kept)
                    kept.unlink(missing_ok=True)
        for folder in {target.parent for _, target in self._begun}:
            with suppress(OSError):
                to_disk(folder)


def _temporary_name(target: Path) -> Path:
    name = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}{UNFINISHED}")
    _in_hand.add(name)
    return name


def _kept(target: Path) -> Path:
    """A second name for what `target` is now, to take it back by."""
    before = _temporary_name(target)
    try:
        os.link(target, before)
    except OSError:
        # A file system without second names.
        shutil.copy2(target, before)
        before.chmod(0o600)
    return before


@contextmanager
def writing(target: Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """A text stream for one file, which takes its name when the block ends without an error."""
    with WholeFiles() as files, files.text(target, encoding) as stream:
        yield stream


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """The temporary path of one file that something else writes (DuckDB, a workbook writer)."""
    with WholeFiles() as files:
        yield files.path(target)


def to_disk(path: Path) -> None:
    """Sees to it that a file, or the names in a folder, outlast a power cut."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, name: str | None = None) -> None:
    """Deletes what killed runs left of one file, or of any: it may hold rows about people."""
    for left in folder.glob(f".{_literal(name) if name else '*'}.*{UNFINISHED}"):
        if left not in _in_hand and not _is_being_written(left):
            left.unlink(missing_ok=True)


def why_not(target: Path) -> str:
    """Why `target` could not be written now, with the place; '' where it could. Tried on the disk, nothing is left."""
    there = target.parent
    try:
        while not there.exists():
            there = there.parent
        if not there.is_dir():
            return f"{there} is a file and no folder"
        if target.is_dir():
            return f"{target} is a folder and no file"
        temporary = _temporary_name(there / target.name)
        try:
            with temporary.open("xb") as stream:
                stream.write(bytes(TRIED))
        finally:
            _in_hand.discard(temporary)
            temporary.unlink(missing_ok=True)
    except OSError as error:
        return f"{there}: {error.strerror}"
    try:
        # Windows gives no name to a file that somebody has open; elsewhere nothing happens.
        if target.exists():
            os.replace(target, target)
    except OSError as error:
        return f"{target}: {error.strerror} (is it open in Excel or another program?)"
    return ""


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _is_being_written(left: Path) -> bool:
    """Whether the process that began it still runs."""
    process = left.name.removesuffix(UNFINISHED).rpartition(".")[2].partition("-")[0]
    if os.name != "posix" or not process.isdigit() or int(process) == os.getpid():
        # Windows does not let a file be deleted that somebody has open.
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
