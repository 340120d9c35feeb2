"""The lists in which a council sets its rules and limits: whether they are such lists at all.

They are seeds (seeds/reference), or files of the council's own folder (the setting rules_path). dbt and DuckDB
read them with a comma and in UTF-8, and the macros look at what they say (override_problems,
limit_problems). Whoever edits them in Excel may save them otherwise; that is said here, before dbt begins.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from asc_cld.nearest import nearest
from asc_cld.readers.errors import InputError
from asc_cld.readers.sources import open_source, plain_header, positions_of
from asc_cld.specification import SEEDS

OWN_LISTS = ("accepted_exceptions", "rule_settings", "unread_limits")
FOLDER = SEEDS / "reference"


def own_list_problems(folder: Path = FOLDER) -> list[str]:
    """A sentence for each of the seeds that cannot be used, with the file's name."""
    return [str(problem) for problem in _problems(folder, OWN_LISTS)]


def rules_path_problems(folder: Path) -> list[str]:
    """What is wrong with a council's own folder of lists (the setting rules_path), a sentence each.

    A list may be absent, for then the seed holds; a file that is none of them would be passed over though
    somebody means it (rule_settings.xlsx, rules_settings.csv).
    """
    known = [f"{name}.csv" for name in OWN_LISTS]
    try:
        found = sorted(path.name for path in folder.iterdir() if path.name[0] not in ".~")
    except OSError:
        found = []
    problems = [f"{name} is not read; it may hold {', '.join(known)}" for name in found if name not in known]
    present = [name for name in OWN_LISTS if f"{name}.csv" in found]
    if not problems and not present:
        problems = [f"{folder} holds none of {', '.join(known)}"]
    problems += [str(problem) for problem in _problems(folder, present)]
    return [f"rules_path: {problem}" for problem in problems]


def seeds_not_in_utf8(folder: Path = SEEDS) -> list[str]:
    """A sentence for each seed that was saved in another encoding; dbt names no file when it meets one."""
    said = []
    for path in sorted(folder.rglob("*.csv")):
        content = path.read_bytes()
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            where = path.relative_to(folder).as_posix()
            said.append(str(InputError("is not UTF-8: save it as CSV UTF-8", where, line)))
    return said


def _problems(folder: Path, names: Iterable[str]) -> Iterator[InputError]:
    for name in names:
        try:
            read_own_list(folder / f"{name}.csv", columns_of(name))
        except InputError as error:
            yield error
        except OSError as error:
            yield InputError(f"cannot be read: {error.strerror}", f"{name}.csv")


def columns_of(name: str) -> list[str]:
    """The columns of a list, as its YAML declares them."""
    declared = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return list(declared["seeds"][0]["config"]["column_types"])


def read_own_list(path: Path, columns: list[str]) -> list[dict[str, str]]:
    """The rows of a list as text. Raises InputError where dbt would read something else than what is written."""
    source = open_source(path, frozenset(columns), plain_header)
    positions = positions_of(source, frozenset(columns), plain_header)
    if source.delimiter != ",":
        raise InputError("its cells are not parted by commas: save it as CSV with commas", path.name)
    if source.encoding not in ("utf-8", "utf-8-sig"):
        raise InputError("is not UTF-8: save it as CSV UTF-8", path.name)
    if source.header_lines != 1:
        raise InputError("the header is not the first line", path.name, source.header_lines)
    for cell in source.header:
        if cell not in columns:
            raise InputError(
                f"the header has a column that is none of the list; the nearest is '{nearest(cell, columns)}'",
                path.name,
                1,
            )
    missing = [name for name in columns if name not in positions]
    if missing:
        raise InputError(f"column missing: {', '.join(missing)}", path.name)
    rows = source.table(positions).to_pylist()
    _refuse_other_widths(path, len(source.header))
    return rows


def _refuse_other_widths(path: Path, width: int) -> None:
    """A line of spaces, of too few commas or with the mark of an old end of file is a row to dbt, and none to us."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        try:
            for row in reader:
                if row and len(row) != width:
                    raise InputError(
                        f"has {len(row)} cells where the header has {width}; delete the line or fill it in",
                        path.name,
                        reader.line_num,
                    )
        except csv.Error:
            raise InputError("a quotation mark is not closed", path.name, reader.line_num) from None
