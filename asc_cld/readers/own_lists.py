"""The lists in which a council sets its rules and limits: whether they are such lists, and say what can be done.

They are seeds (seeds/reference), or files of the council's own folder (the setting rules_path). dbt and DuckDB
read them with a comma and in UTF-8. Whoever edits them in Excel may save them otherwise, and a slip in a cell
would set another rule, or none. Both are said here with file and line, before dbt begins and by the doctor; of a
cell no more than its form, for it may be of a person.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from asc_cld.nearest import nearest
from asc_cld.readers.errors import InputError
from asc_cld.readers.sources import open_source, plain_header, positions_of
from asc_cld.settings import is_day
from asc_cld.specification import SEEDS, extract_columns, extract_names, seed_rows

# A row of a list with the line it stands on.
Row = tuple[int, dict[str, str]]
# What an exception may be about, and what may be beyond a reader.
SCOPES = (
    "rule", "la_code", "submission_id", "team_id", "event_type", "field", "la_person_unique_identifier",
    "event_reference", "source_record_id", "row_id",
)  # fmt: skip
KINDS = ("*", "date", "number", "flag", "word", "code", "identifier", "key", "reference", "day order")
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


def accepted_cells(
    folder: Path | None, la_code: str, extract: str, column: str, kind: str, filled: int
) -> int:
    """How many cells of a kind a council accepts in a column (unread_limits.csv), as a row that names the kind says.

    Raises InputError: the council's own list cannot be used.
    """
    own = folder / "unread_limits.csv" if folder else None
    if own is not None and own.is_file():
        limits = [row for _, row in read_own_list(own, columns_of("unread_limits"))]
    else:
        limits = seed_rows("reference", "unread_limits")
    accepted = 0
    for row in limits:
        if (
            row["kind"] == kind
            and row["la_code"] in ("*", la_code)
            and row["extract"] in ("*", extract)
            and row["column_name"] in ("*", column)
        ):
            try:
                share = float(row["accepted_share"] or 0)
                accepted = max(accepted, int(row["accepted_count"] or 0), int(share * filled))
            except ValueError:
                raise InputError("a number in it cannot be read", "unread_limits.csv") from None
    return accepted


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
            rows = read_own_list(folder / f"{name}.csv", columns_of(name))
            for line, said in sorted(SLIPS[name](rows)):
                yield InputError(said, f"{name}.csv", line)
        except InputError as error:
            yield error
        except OSError as error:
            yield InputError(f"cannot be read: {error.strerror}", f"{name}.csv")


def columns_of(name: str) -> list[str]:
    """The columns of a list, as its YAML declares them."""
    declared = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return list(declared["seeds"][0]["config"]["column_types"])


def read_own_list(path: Path, columns: list[str]) -> list[Row]:
    """The rows of a list as text, each with its line.

    Raises InputError where dbt would read something else than what is written.
    """
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
    rows = [
        (source.line_of(record), {name: row[name] or "" for name in columns})
        for record, row in enumerate(source.table(positions).to_pylist(), start=1)
    ]
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


def form_of(text: str) -> str:
    """The form of a text, which tells nobody's: 9 for a digit, A for a letter (macro form_of)."""
    letters = ("9" if "0" <= one <= "9" else "A" if one.isalpha() else one for one in text[:40])
    return "".join(letters)


def _not(column: str, row: dict[str, str], write: str) -> str:
    return f"{column} is of the form '{form_of(row[column])}': write {write}"


def _is_share(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]+[.]?|[0-9]*[.][0-9]+", text)) and float(text) <= 1


def _rule(text: str) -> str:
    """A rule as it was typed where it looks like one."""
    if re.fullmatch("[A-Z]{2,4}-[0-9]{1,3}", text):
        return f"'{text}'"
    return f"a text of the form '{form_of(text)}'" if text else "a blank"


def _no_rules(rows: list[Row]) -> Iterator[tuple[int, str]]:
    catalogue = {row["rule_id"] for row in seed_rows("specification", "spec_rules")}
    for line, row in rows:
        if row["rule_id"] not in catalogue:
            yield line, f"{_rule(row['rule_id'])} is not a rule of the catalogue"


def _several(rows: list[Row], keys: tuple[str, ...]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """(the last line, how many rows, the row) for rows that are about the same."""
    found = defaultdict(list)
    for line, row in rows:
        found[tuple(row[key] for key in keys)].append((line, row))
    for same in found.values():
        if len(same) > 1:
            yield same[-1][0], len(same), same[-1][1]


def _slips_of_settings(rows: list[Row]) -> Iterator[tuple[int, str]]:
    yield from _no_rules(rows)
    for line, row in rows:
        if row["is_on"] not in ("", "yes", "no"):
            yield line, _not("is_on", row, "yes or no")
        if row["severity"] not in ("", "error", "warning", "info"):
            yield line, _not("severity", row, "error, warning or info")
        if row["threshold_share"] and not _is_share(row["threshold_share"]):
            yield line, _not("threshold_share", row, "a share from 0 to 1, such as 0.05 for 5%")
    for line, count, row in _several(rows, ("rule_id",)):
        yield line, f"{_rule(row['rule_id'])} is set {count} times"


def _slips_of_exceptions(rows: list[Row]) -> Iterator[tuple[int, str]]:
    yield from _no_rules(rows)
    for line, row in rows:
        scope, value = row["scope_column"], row["scope_value"]
        if not scope:
            yield line, f"scope_column is blank: write one of {', '.join(SCOPES)}"
        elif scope not in SCOPES:
            yield line, _not("scope_column", row, f"one of {', '.join(SCOPES)}")
        elif scope == "rule" and value:
            yield line, "scope_value is filled, but the scope is the whole rule"
        elif scope != "rule" and not value:
            yield line, f"scope_value is blank: say which {scope}"
        for name in ("reason", "owner", "approved_by", "expires_on"):
            if not row[name]:
                yield line, f"{name} is blank"
        if row["expires_on"] and not is_day(row["expires_on"]):
            yield line, _not("expires_on", row, "a day as yyyy-mm-dd")


def _slips_of_limits(rows: list[Row]) -> Iterator[tuple[int, str]]:
    for line, row in rows:
        extract, column = row["extract"], row["column_name"]
        extracts = extract_names() if extract == "*" else [extract]
        if extract != "*" and extract not in extract_names():
            yield line, _not("extract", row, "an extract of the contract, or *")
            extracts = []
        if column != "*" and not any(column in extract_columns(name) for name in extracts):
            yield line, _not("column_name", row, "a column of the extract, or *")
        if row["kind"] not in KINDS:
            yield line, _not("kind", row, f"one of {', '.join(KINDS)}")
        if row["accepted_count"] and not re.fullmatch("[0-9]+", row["accepted_count"]):
            yield line, _not("accepted_count", row, "a whole number")
        if row["accepted_share"] and not _is_share(row["accepted_share"]):
            yield line, _not("accepted_share", row, "a share from 0 to 1")
        if not row["accepted_count"] and not row["accepted_share"]:
            yield line, "accepts nothing: write accepted_count or accepted_share"
        if not row["reason"] or not row["owner"]:
            yield line, "reason or owner is blank"
    for line, count, _ in _several(rows, ("la_code", "extract", "column_name", "kind")):
        yield line, f"the same column and kind stand {count} times"


SLIPS = {
    "accepted_exceptions": _slips_of_exceptions,
    "rule_settings": _slips_of_settings,
    "unread_limits": _slips_of_limits,
}
