"""A workbook is opened first in a process of its own: what a damaged one asks for can end the process that opens it.

The library that reads workbooks makes room for every cell between the first and the last: one byte of an XLS, or one
place of a cell in an XLSX, asks for 170 GB, and the process is ended with no word. So another one tries, which holds
no more memory than the largest workbook of the limits takes. It is this file run alone, which imports nothing of the
project: 0.02 s a workbook, and 6.6 s beside 19 s for one of 43 MB and 9 million cells.
"""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

GOOD, TOO_LARGE = 0, 3
# No workbook within the limits takes so long.
LONGEST = 1800
# What a cell and a byte of the unpacked parts take at most, doubled.
BYTES_OF_A_CELL, TIMES_UNPACKED = 200, 4


def tried(path: Path, most_cells: int, most_mb: int) -> int:
    """GOOD, TOO_LARGE for more cells than that, anything else for a workbook that ends the process.

    An error that is told when the workbook is opened is none here.
    """
    state = path.stat()
    return _tried(path, state.st_size, state.st_mtime_ns, most_cells, most_mb)


@lru_cache(maxsize=64)
def _tried(path: Path, size: int, changed: int, most_cells: int, most_mb: int) -> int:
    memory = TIMES_UNPACKED * most_mb * 1024**2 + BYTES_OF_A_CELL * most_cells
    try:
        return subprocess.run(
            [sys.executable, "-P", __file__, str(path), str(most_cells), str(memory)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # What it says when it is ended may be of the cells.
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return -1


def _try(path: str, most_cells: int, memory: int) -> int:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        # Windows gives no more than there is, and writes no memory to the disk.
        pass
    cells = 0
    try:
        workbook = CalamineWorkbook.from_path(path)
    except (CalamineError, OSError, ValueError):
        return GOOD
    for metadata in workbook.sheets_metadata:
        if metadata.typ == SheetTypeEnum.WorkSheet:
            try:
                sheet = workbook.get_sheet_by_name(metadata.name)
            except CalamineError:
                continue
            cells += sheet.height * sheet.width
            if cells > most_cells:
                return TOO_LARGE
    return GOOD


if __name__ == "__main__":
    sys.exit(_try(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
