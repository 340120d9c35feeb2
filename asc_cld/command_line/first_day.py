"""What a council needs on its first day: council.yml by asking, and a look at what it says."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from asc_cld import settings
from asc_cld.files import private_folder, writing
from asc_cld.nearest import nearest
from asc_cld.specification import PROJECT, extract_names, seed_columns, seed_rows
from asc_cld.spreadsheets import Table as Csv

QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
# The question for each setting, in the order they are asked, and what is offered.
QUESTIONS = {
    "la_code": ("The council, its code or its name", None),
    "reporting_period_end": ("Last day of the 12 months (yyyy-mm-dd)", None),
    "submission_date": ("Day of sending (yyyy-mm-dd)", None),
    "extracts_path": ("Folder of the 15 extracts", "extracts"),
    "mappings_path": ("Folder of your mapping files", "mappings"),
    "rules_path": ("Folder of your own settings of rules, accepted exceptions and limits", "rules"),
    "submissions_path": ("Folder of earlier CLD files; it may be empty", "submissions"),
    "output_path": ("Where the return is written", "output"),
    "prepared_by": ("Who prepares the return", ""),
    "approved_by": ("Who approves it", ""),
}
# The lists that a council keeps for itself (macro own_list).
OWN_LISTS = ("rule_settings", "accepted_exceptions", "unread_limits")
# Asked for where nobody can be asked.
NEEDED = ("la_code", "reporting_period_end", "submission_date")
OPENING = """\
# The settings of this council; asc-cld, dbt, tests and documentation read them. A relative path is relative to
# this file. An environment variable CLD_<NAME> and --vars go before a line here: `asc-cld settings` shows which.
# Every setting with its default stands in dbt_project.yml; secrets are environment variables, never lines here.
"""
SHELLS = {
    "bash": ("export {}='{}'", "'", "'\\''"),
    "powershell": ("$env:{} = '{}'", "'", "''"),
    "cmd": ('set "{}={}"', "", ""),
}


def init(console: Console, path: Path, answers: dict[str, str | None], *, demo: bool, overwrite: bool) -> int:
    """Writes council.yml from answers, asking for those not given. Raises SettingsError."""
    if path.exists() and not overwrite:
        raise settings.SettingsError(f"{path} is there already: change it, or give --overwrite")
    if demo:
        defaults = settings.project_vars()["defaults"]
        answers = {name: answers.get(name) or str(defaults.get(name, "")) for name in QUESTIONS}
        for name in ("extracts_path", "submissions_path"):
            if answers[name] == str(defaults[name]) and not (path.parent / answers[name]).exists():
                answers[name] = str(PROJECT / answers[name])
    elif any(value is None for value in answers.values()):
        answers = asked(console, answers)
    answers["la_code"] = council_code(answers["la_code"] or "")
    problems = problems_of(answers)
    if problems:
        raise settings.SettingsError("\n".join(problems))
    lines = [f"{name}: {quoted(value)}" for name, value in answers.items() if value]
    with writing(path) as stream:
        stream.write(OPENING + "\n".join(lines) + "\n")
    console.print(f"{path} was written.", soft_wrap=True, highlight=False)
    if answers.get("rules_path"):
        for written in write_rules(path.resolve().parent / str(answers["rules_path"])):
            console.print(f"{written} was written.", soft_wrap=True, highlight=False)
    extracts = path.resolve().parent / (answers["extracts_path"] or "")
    if not extracts.is_dir():
        names = ", ".join(extract_names())
        console.print(
            f"Next: put the extracts into {extracts}, one CSV, Excel or Parquet file each: {names}.",
            soft_wrap=True,
            highlight=False,
        )
    console.print("Then: asc-cld doctor; asc-cld map; asc-cld build", highlight=False)
    return 0


def write_rules(folder: Path) -> list[Path]:
    """The council's own lists where they are not there yet: no rule set otherwise, no exception, the general limits."""
    private_folder(folder)
    written = []
    for name in OWN_LISTS:
        path = folder / f"{name}.csv"
        if path.exists():
            continue
        with writing(path) as stream:
            table = Csv(stream, seed_columns("reference", name), is_exact=True)
            if name == "unread_limits":
                table.add_named(row for row in seed_rows("reference", name) if row["la_code"] == "*")
        written.append(path)
    return written


def asked(console: Console, answers: dict[str, str | None]) -> dict[str, str | None]:
    """The answers with those of the person at the keyboard. Raises SettingsError where nobody is there."""
    if not sys.stdin.isatty():
        missing = [f"--{_flag(name)}" for name in NEEDED if not answers[name]]
        if missing:
            raise settings.SettingsError(f"Nobody can be asked here: give {', '.join(missing)}")
        return {name: QUESTIONS[name][1] if value is None else value for name, value in answers.items()}
    found = dict(answers)
    for name, (question, offered) in QUESTIONS.items():
        while found[name] is None:
            given = typer.prompt(question, default=offered, show_default=bool(offered)).strip()
            try:
                value = council_code(given) if name == "la_code" else given
                known = {other: text for other, text in found.items() if text} | {name: value}
                problem = "; ".join(problems_of(known))
            except settings.SettingsError as error:
                problem, value = str(error), ""
            if problem:
                console.print(problem, style="red", highlight=False)
            else:
                found[name] = value
    return found


def _flag(name: str) -> str:
    return {"reporting_period_end": "period-end"}.get(name, name.removesuffix("_path")).replace("_", "-")


def council_code(text: str) -> str:
    """The code of a council given by code or name. Raises SettingsError with the nearest name."""
    councils = {row["cassr_code"]: row["name"] for row in seed_rows("specification", "spec_councils")}
    if text in councils:
        return text
    by_name = {name.lower(): code for code, name in councils.items()}
    if text.lower() in by_name:
        return by_name[text.lower()]
    close = nearest(text, councils.values(), 0.6)
    like = f"; the nearest is {close} ({by_name[close.lower()]})" if close else ""
    raise settings.SettingsError(
        f"There is no council '{text}' in the list (seeds/specification/spec_councils.csv){like}"
    )


def problems_of(values: dict[str, str | None]) -> list[str]:
    """What is wrong with values by themselves and together, a sentence each (macro check_settings)."""
    problems = [
        problem
        for name, value in values.items()
        if value and (problem := settings.value_problem(name, value))
    ]
    if problems:
        return problems
    end, sent = (
        date.fromisoformat(values[name]) if values.get(name) else None
        for name in ("reporting_period_end", "submission_date")
    )
    if end and (end.month, end.day) not in QUARTER_ENDS:
        problems.append(
            f"reporting_period_end is {end}: the return ends with a quarter (31 March, 30 June, 30 September or"
            " 31 December)"
        )
    if end and sent and sent <= end:
        problems.append(
            f"submission_date is {sent}: a return is sent after its reporting period has ended ({end})"
        )
    return problems


def quoted(value: str) -> str:
    """A value as YAML text that stays the text it is."""
    return "'" + value.replace("'", "''") + "'"


def show_settings(console: Console, given_vars: dict) -> None:
    """Every setting, its value and who says so; those that are given come first."""
    council = settings.this_council()
    table = Table(box=None, pad_edge=False)
    for title in ("Setting", "Value", "From"):
        table.add_column(title, overflow="fold")
    found = settings.in_force(council, given_vars=given_vars).values()
    for one in sorted(found, key=lambda setting: not setting.is_given):
        table.add_row(one.name, one.value, one.source)
    console.print(table)


def show_variables(console: Console, shell: str) -> None:
    """The lines of council.yml as variables of a shell. Raises SettingsError."""
    if shell not in SHELLS:
        raise settings.SettingsError(f"--shell is '{shell}': write one of {', '.join(SHELLS)}")
    form, mark, escaped = SHELLS[shell]
    council = settings.this_council()
    for name, value in (council.values if council else {}).items():
        text = value.replace(mark, escaped) if mark else value
        print(form.format(settings.variable_of(name), text))
