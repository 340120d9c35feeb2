"""The one error of all readers: a file, where in it, and what is wrong; never what stands in a cell."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 5


class InputError(Exception):
    """A file that cannot be used. The message is safe to log: no value of any cell is in it."""

    def __init__(self, problem: str, file: str = "", line: int = 0, column: str = ""):
        self.problem, self.file, self.line, self.column = problem, file, line, column
        place = ", ".join(
            part
            for part in (file, f"line {line}" if line else "", f"column {column}" if column else "")
            if part
        )
        super().__init__(f"{place}: {problem}" if place else problem)


def lines_named(lines: Sequence[int]) -> str:
    """'line 3', 'lines 3, 7', 'lines 3, 7, 9, 12, 15 and 20 more'."""
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"
