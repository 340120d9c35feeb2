"""A command that cannot go on says so in one sentence, whatever the reason, and ends with a code that means it.

    @plainly("fix list")
    def main(arguments: list[str] | None = None) -> int: ...

1: it could not be done, and why. 130: stopped by hand (Ctrl-C). 141: whoever read the output (| head) went away.
What only a fault of the program explains is said with the place in the code and without any value;
`python -X dev -m asc_cld.<command>` shows Python's trace of it.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

FAILED, STOPPED_BY_HAND, READER_GONE = 1, 130, 141


def plainly(name: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Makes a command end in words; `name` is what it is called in them."""

    def decorate(main: Callable[..., int]) -> Callable[..., int]:
        @wraps(main)
        def told(*given: Any, **named: Any) -> int:
            try:
                code = _ended(main, *given, **named)
                # What is only written when Python ends would fail where nobody can say so.
                sys.stdout.flush()
                return code
            except BrokenPipeError:
                _close_output()
                return READER_GONE
            except KeyboardInterrupt:
                _say(f"{name}: stopped by hand; nothing half written is left")
                return STOPPED_BY_HAND
            except Exception as error:
                if sys.flags.dev_mode:
                    raise
                _say(f"{name}: {in_words(error)}")
                return FAILED

        return told

    return decorate


def _ended(main: Callable[..., int], *given: Any, **named: Any) -> int:
    """Its code. A help whose reader went away ends by SystemExit: rich and click make that a 1."""
    try:
        return main(*given, **named)
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise


def in_words(error: Exception) -> str:
    """What went wrong, without a value of any record."""
    if error.args and isinstance(error.args[0], OSError):
        # A library's own error around the system's, as for a workbook that cannot be written.
        error = error.args[0]
    kind = type(error)
    if isinstance(error, OSError):
        return ": ".join(str(part) for part in (error.filename, error.strerror) if part) or kind.__name__
    if kind.__module__.startswith(("_duckdb", "duckdb")):
        if kind.__name__ in ("CatalogException", "BinderException"):
            return (
                "the database was built by another version of the project, or not to the end: build it again"
            )
        if kind.__name__ in ("IOException", "OutOfMemoryException"):
            return str(error).splitlines()[0]
        # DuckDB's other messages may quote a cell.
        return f"DuckDB could not do it ({kind.__name__}){_place(error)}"
    if kind.__module__.startswith("asc_cld"):
        return str(error)
    return f"this is a fault of the program ({kind.__name__}){_place(error)}"


def _place(error: Exception) -> str:
    package = Path(__file__).resolve().parent
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve().is_relative_to(package)
    ]
    return f" at {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""


def _say(sentence: str) -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _close_output()
    print(sentence, file=sys.stderr)


def _close_output() -> None:
    """Lets Python end in silence where its output leads nowhere any more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = io.StringIO()
