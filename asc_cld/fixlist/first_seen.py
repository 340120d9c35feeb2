"""The days findings were first seen, kept beside the lists and not in the database."""

from __future__ import annotations

import csv
from pathlib import Path

from asc_cld.files import WholeFiles
from asc_cld.fixlist.findings import Finding, FixlistError
from asc_cld.spreadsheets import Table, as_it_was

Known = dict[str, str]

STATE_FILE = "first_seen.csv"
STATE_COLUMNS = [
    "finding", "la_code", "rule_id", "field", "team_id", "record", "first_seen", "last_seen", "fixed_on",
]  # fmt: skip


def read_state(path: Path) -> dict[str, Known]:
    """What earlier lists knew, by finding. Raises FixlistError where the file is another."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != STATE_COLUMNS:
            raise FixlistError(
                f"{path} is not a list of first-seen days this version can read; move it away to begin anew"
            )
        known = [{column: as_it_was(cell) for column, cell in row.items()} for row in reader]
    return {row["finding"]: row for row in known}


def update_state(
    state: dict[str, Known], findings: list[Finding], seen_on: str, la_code: str
) -> list[Finding]:
    """Sets status and first_seen on every finding; returns what is fixed since the list before."""
    latest = max((known["last_seen"] for known in state.values() if known["la_code"] == la_code), default="")
    # An older submission looked at again closes nothing and reopens nothing.
    is_current = seen_on >= latest
    present = set()
    for line in findings:
        known = state.get(line["finding"])
        if known is None or (is_current and known["fixed_on"] and line["finding"] not in present):
            known = {
                "finding": line["finding"], "la_code": la_code, "rule_id": line["rule_id"],
                "field": line["field"] or "", "team_id": line["team_id"] or "",
                "record": line["record"], "first_seen": seen_on, "last_seen": seen_on, "fixed_on": "",
            }  # fmt: skip
            state[line["finding"]] = known
        elif line["finding"] not in present:
            known["team_id"] = line["team_id"] or ""
            known["record"] = line["record"]
        elif line["team_id"] and line["team_id"] not in known["team_id"].split("|"):
            known["team_id"] = "|".join(filter(None, (known["team_id"], line["team_id"])))
        present.add(line["finding"])
        known["first_seen"] = min(known["first_seen"], seen_on)
        known["last_seen"] = max(known["last_seen"], seen_on)
        line["first_seen"] = known["first_seen"]
        line["status"] = "new" if known["first_seen"] == seen_on else "still open"
    if not is_current:
        return []
    fixed = []
    for finding, known in state.items():
        if known["la_code"] != la_code:
            continue
        if finding not in present and not known["fixed_on"]:
            known["fixed_on"] = seen_on
        if known["fixed_on"] == seen_on:
            fixed.append(dict(known))
    return sorted(fixed, key=lambda known: (known["rule_id"], known["field"], known["record"]))


def write_state(files: WholeFiles, path: Path, state: dict[str, Known]) -> None:
    """Writes what is known now, to take its name with the lists it belongs to."""
    with files.text(path) as stream:
        Table(stream, STATE_COLUMNS).add_named(state[key] for key in sorted(state))
