"""Who gets which list: the whole one and one for each team, all written together or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from asc_cld.chosen import NotChosen, choose
from asc_cld.database import open_database
from asc_cld.files import WholeFiles, private_folder
from asc_cld.fixlist.findings import (
    FINDINGS_SQL,
    Finding,
    FixlistError,
    as_dicts,
    counts,
    gather,
    read_causes,
    read_teams,
    team_name,
)
from asc_cld.fixlist.first_seen import STATE_FILE, read_state, update_state, write_state
from asc_cld.fixlist.words import NAME_COLUMNS, NO_TEAM, RECORD_COLUMNS, THE_FILE, THE_RETURN, Columns
from asc_cld.fixlist.workbook import in_general, write_workbook
from asc_cld.settings import current, day_of
from asc_cld.spreadsheets import Table

# The findings of somebody, and what is fixed since the list before.
Part = tuple[list[Finding], list[Finding]]

# They must be of one run; codes and teams are as the extracts had them.
TABLES_READ = (
    "data_quality.dq_findings", "data_quality.dq_rules", "data_quality.dq_gate",
    "submissions.sub_rows", "submissions.sub_files",
)  # fmt: skip


@dataclass(frozen=True)
class Submission:
    """What the database says about the submission, and what an earlier list knew of it."""

    submission_id: str
    day: date
    teams: dict[str, str]
    rules: dict[str, Finding]
    figures: list[tuple[str, str]]
    findings: list[Finding]
    fixed: list[Finding]
    state: dict[str, dict[str, str]]
    may_it_be_sent: str | None


def write_fixlist(
    database: Path | str,
    output: Path | str,
    submission: str | None = None,
    with_names: bool = False,
    seen_on: str | None = None,
) -> list[Path]:
    """Writes all files and returns their paths. Raises FixlistError, or SystemExit without a database."""
    output = Path(output)
    told = read_submission(Path(database), output / STATE_FILE, submission, seen_on)
    stem = f"fixlist_{slug(told.submission_id)}"
    columns = {**RECORD_COLUMNS, **(NAME_COLUMNS if with_names else {})}
    facts = {"Submission": told.submission_id, "As of": str(told.day)}
    if told.may_it_be_sent:
        facts["May it be sent?"] = told.may_it_be_sent
    parts = parts_of_teams(told)
    names = file_names(stem, list(parts), told.teams)
    private_folder(output)
    written: list[Path] = []
    with WholeFiles() as files:

        def write(name: str, title: str, part: Part, team_lines: list[Finding] | None = None) -> None:
            workbook, table = output / f"{name}.xlsx", output / f"{name}.csv"
            about = {"title": title, "facts": facts, "day": told.day}
            catalogue = told.rules, told.figures
            write_workbook(files.path(workbook), about, *part, catalogue, columns, team_lines)
            write_table(files, table, part[0], columns)
            written.extend([workbook, table])

        team_lines = []
        for team_id, part in parts.items():
            name = team_name(team_id, told.teams)
            write(names[team_id], f"Fix list for {name}", part)
            team_lines.append({"team": name, "workbook": f"{names[team_id]}.xlsx", **counts(*part)})
        write(stem, "Fix list for the whole council", (told.findings, told.fixed), team_lines)
        write_state(files, output / STATE_FILE, told.state)
    # A team that has nothing to mend any more keeps no old list.
    for old in output.glob(f"{stem}_*"):
        if old not in written and old.suffix in (".xlsx", ".csv"):
            old.unlink()
    return written


def read_submission(
    database: Path, state_file: Path, submission: str | None, seen_on: str | None
) -> Submission:
    """Reads the findings and compares them with those of the list before."""
    with open_database(database, *TABLES_READ) as connection:
        try:
            chosen = choose(connection, submission, current("la_code"))
        except NotChosen as reason:
            raise FixlistError(str(reason)) from None
        submission_id, imported_at, la_code = chosen.submission_id, chosen.imported_at, chosen.la_code
        teams = read_teams(connection)
        rules = {rule["rule_id"]: rule for rule in as_dicts(connection.execute("from data_quality.dq_rules"))}
        figures = connection.execute(
            "select distinct dhsc_measure, description from reference.dhsc_measures order by all"
        ).fetchall()
        (origin,) = connection.execute(
            "select origin from submissions.sub_files where submission_id = ?", [submission_id]
        ).fetchone()
        causes = read_causes(connection) if origin == "built" else {}
        breaches = as_dicts(connection.execute(FINDINGS_SQL, {"submission": submission_id}))
        findings = gather(breaches, teams, causes)
        gate = connection.execute(
            "select may_write, is_draft, reasons from data_quality.dq_gate where submission_id = ?",
            [submission_id],
        ).fetchone()
    seen_on = seen_on or imported_at
    try:
        day = day_of(seen_on)
    except ValueError:
        raise FixlistError(f"--seen-on is {seen_on}: write a day as yyyy-mm-dd") from None
    state = read_state(state_file)
    fixed = update_state(state, findings, seen_on, la_code or "")
    for known in fixed:
        of_teams = known["team_id"].split("|")
        known["team"] = ", ".join(team_name(team_id or None, teams) for team_id in of_teams)
        known["message"] = in_general(rules[known["rule_id"]], known["field"])
    return Submission(
        submission_id, day, teams, rules, figures, findings, fixed, state, gate and may_it_be_sent(*gate)
    )


def may_it_be_sent(may_write: bool, is_draft: bool, reasons: str) -> str:
    """The answer of the gate in words."""
    if may_write and not is_draft:
        return "Yes: nothing that must be mended is beyond its limit."
    return f"No. Held back by (rule, number of rows): {reasons}."


def parts_of_teams(told: Submission) -> dict[str | None, Part]:
    """The findings and what is fixed of each team, teams in order, those without a team last."""
    parts: dict[str | None, Part] = {}
    for finding in told.findings:
        if finding["team"]:
            parts.setdefault(finding["team_id"], ([], []))[0].append(finding)
    for known in told.fixed:
        if known["record"] not in (THE_FILE, THE_RETURN):
            for team_id in known["team_id"].split("|"):
                parts.setdefault(team_id or None, ([], []))[1].append(known)
    # Where no record has a team, the whole list is all there is to say.
    if list(parts) == [None]:
        return {}
    return dict(sorted(parts.items(), key=lambda item: (item[0] is None, item[0] or "")))


def write_table(files: WholeFiles, path: Path, findings: list[Finding], columns: Columns) -> None:
    """The findings as a table."""
    # The byte-order mark tells Excel that the file is UTF-8.
    with files.text(path, encoding="utf-8-sig") as stream:
        table = Table(stream, columns)
        for finding in findings:
            table.add(finding.get(column) for column in columns)


def slug(text: str) -> str:
    """The text as part of a file name."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:60] or "team"


def file_names(stem: str, team_ids: list[str | None], teams: dict[str, str]) -> dict[str | None, str]:
    """A file name for each team; two teams whose names look alike get a number."""
    names: dict[str | None, str] = {}
    taken: set[str] = set()
    for team_id in team_ids:
        if team_id is None:
            text = NO_TEAM
        else:
            # An id that no list of teams holds may be anything that stood in the cell: no name for a file.
            text = f"team {team_id} {teams[team_id] or ''}" if team_id in teams else "team in no list"
        name, number = slug(text), 1
        while name.casefold() in taken:
            number += 1
            name = f"{slug(text)}-{number}"
        taken.add(name.casefold())
        names[team_id] = f"{stem}_{name}"
    return names
