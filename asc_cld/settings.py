"""The settings of a council: where they are given, which of them wins, and what is wrong with them.

Their names, types and defaults stand in dbt_project.yml and nowhere else. A setting is given, the first that
is present wins, by --vars, by an environment variable CLD_<NAME>, by a line of council.yml, or not at all.
council.yml stands in the working folder, or where --council or CLD_COUNCIL say; only this module reads it. A
relative path in it is relative to the file. dbt knows no such file: its lines are handed to it as CLD_ variables
of the process (asc-cld and the plugin dbt_asc_cld do so).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from asc_cld.nearest import nearest
from asc_cld.specification import PROJECT

FILE, FILE_VARIABLE = "council.yml", "CLD_COUNCIL"
# What an editor or a copy makes of it: council.yaml, Council.yml, council.yml.txt, council (1).yml.
ALIKE = re.compile(r"council(?:[\W_]|copy|settings|[0-9])*(?:\.ya?ml)+(?:\.txt)?")
DATABASE = "council.duckdb"
# Set beside the settings of dbt_project.yml: where the database is, what it may take.
BESIDE = {"database_path": DATABASE, "memory_limit": "", "temp_limit": ""}
SECRET = "pseudonym_key"
FOR_TESTS = "CLD_WRITE_"
# How Spark is started (profiles.yml), and what one part of a run tells the next.
OF_SPARK = {
    *(
        "CLD_SPARK_MASTER",
        "CLD_SPARK_MEMORY",
        "CLD_SPARK_PARTITIONS",
        "CLD_SPARK_WORKER_MEMORY",
        "CLD_SPARK_SCRATCH",
        "CLD_SPARK_WAREHOUSE",
    ),
    *("CLD_SPARK_CODEGEN", "CLD_LANDED_PLACES"),
}
# Tells a process which of its variables are lines of the file: some commands start dbt in another process.
HANDED_OVER = "ASC_CLD_HANDED_OVER"
# Tells it which lines of the file it does without.
WITHOUT = "ASC_CLD_WITHOUT"
# One command tells another; a secret; a person; what is true of one run only.
NOT_IN_THE_FILE = {
    SECRET: "it is a secret: set the environment variable CLD_PSEUDONYM_KEY",
    "without_latest_submission": "asc-cld movement sets it",
    "with_earlier_state": "asc-cld movement sets it",
}
# Without a default where the extracts are not the demo's.
OWN = ("la_code", "reporting_period_end", "submission_date", "submissions_path")
# A build can do without earlier CLD files, and says so.
READ_FROM = (
    "extracts_path",
    "mappings_path",
    "rules_path",
    "ons_deaths_path",
    "dhsc_lists_path",
    "source_path",
    "connector_path",
    "landed_path",
)
# What makes a folder that is not there.
NEXT = {
    "extracts_path": ": put the 15 extracts there, or mend the line",
    "mappings_path": ": asc-cld map makes it (after asc-cld doctor), or mend the line",
    "landed_path": ": asc-cld land makes it, or mend the line",
}
# Without a connector: the extracts are the council's own.
NO_SYSTEM = "extracts"
DEMO = ("extracts_path", "submissions_path")
FOLLOWS = {"reporting_period_start": "reporting_period_end", "submissions_as_of": "submission_date"}


class SettingsError(ValueError):
    """Settings that cannot be used; the message has a sentence for each."""


@dataclass(frozen=True)
class Setting:
    """A setting in force: its value and who says so."""

    name: str
    value: str
    source: str
    is_given: bool


@dataclass(frozen=True)
class Council:
    """What a council.yml says: its path, and value and line of each setting in it."""

    path: Path
    values: dict[str, str]
    lines: dict[str, int]


@lru_cache(maxsize=1)
def project_vars() -> dict[str, Any]:
    """The settings' defaults and types (dbt_project.yml, `vars`)."""
    return yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def beside(*kinds: str) -> tuple[str, ...]:
    """The settings of these kinds, on which no figure depends (dbt_project.yml, `settings_beside`)."""
    return tuple(name for kind in kinds for name in project_vars()["settings_beside"][kind])


def setting_names() -> list[str]:
    """Every setting by name, as dbt knows it."""
    return [*project_vars()["defaults"], *BESIDE, SECRET]


def misspelt_variables(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each CLD_ variable that is no setting, with the nearest that is one. No value is shown."""
    known = {variable_of(name) for name in setting_names()} | {FILE_VARIABLE} | OF_SPARK
    return [
        f"{name} is no setting; the nearest is {nearest(name, known)}"
        for name in sorted(environment)
        if name.upper().startswith("CLD_") and name.upper() not in known and not name.startswith(FOR_TESTS)
    ]


def misspelt_vars(given: Iterable[str]) -> list[str]:
    """A sentence for each name of --vars that is no setting, with the nearest that is one."""
    known = [name for name in setting_names() if name != SECRET]
    return [
        f"--vars: there is no setting called '{name}'; the nearest is {nearest(name, known)}"
        for name in given
        if name not in known
    ]


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return f"CLD_{name.upper()}"


def value_problem(name: str, text: str) -> str:
    """Why a text is no value of a setting, without a full stop; '' where it is one (macro setting_problem)."""
    kind = project_vars()["setting_types"].get(name, {"is": "text"})
    wrong = f"{name} is '{text}'"
    if kind["is"] == "day":
        return "" if is_day(text) else f"{wrong}: write it as yyyy-mm-dd"
    if kind["is"] == "flag":
        is_flag = text.lower() in ("true", "yes", "y", "1", "false", "no", "n", "0", "")
        return "" if is_flag else f"{wrong}: write true or false"
    if kind["is"] == "whole number":
        least = kind.get("least", 0)
        is_number = re.fullmatch("[0-9]{1,9}", text) and int(text) >= least
        return "" if is_number else f"{wrong}, which is not a whole number of at least {least}"
    if kind["is"] == "number":
        is_number = re.fullmatch(r"[0-9]{1,12}([.][0-9]{1,6})?", text)
        if is_number and float(text) <= kind.get("most", float(text)):
            return ""
        like = f" from 0 to {kind['most']}" if "most" in kind else " such as 5000 or 0.25"
        return f"{wrong}, which is not a number{like}"
    if kind["is"] == "choice":
        return "" if text in kind["of"] else f"{wrong}, which is not one of {', '.join(kind['of'])}"
    if kind["is"] == "code":
        is_code = re.fullmatch("[A-Za-z0-9]{1,20}", text)
        return "" if is_code else f"{wrong}: a code holds letters and digits only"
    return ""


def day_of(text: str) -> date:
    """The day that yyyy-mm-dd says, in this one form (macro as_day). Raises ValueError; argparse says so in words."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError
    return day


def is_day(text: str) -> bool:
    """Whether a text is a day as yyyy-mm-dd."""
    try:
        day_of(text)
    except ValueError:
        return False
    return True


def find_council(
    named: str | Path | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Path | None:
    """The council.yml to read; none where none is named and none stands in the folder.

    Raises SettingsError: the one that is named is not there, or one stands here under a name that is not quite its own.
    """
    environment = os.environ if environment is None else environment
    for where, path in (("--council", named), (FILE_VARIABLE, environment.get(FILE_VARIABLE))):
        if path:
            if not Path(path).is_file():
                raise SettingsError(f"{where} names {path}, and there is no such file")
            return Path(path)
    found = (folder or Path()) / FILE
    if found.is_file():
        return found
    # Passed over, the settings of the invented council would hold instead.
    for path in sorted(found.parent.glob("[Cc][Oo][Uu][Nn][Cc][Ii][Ll]*")):
        if ALIKE.fullmatch(path.name.lower()) and path.is_file():
            raise SettingsError(
                f"{path.name} stands here and is not read: the settings stand in {FILE}; rename it"
            )
    return None


def read_council(path: Path, folders_are_there: bool = True) -> Council:
    """The settings in a file. Raises SettingsError with a sentence, file and line, for each that cannot be used.

    A folder to read from that is not there is one of them, unless the command makes it or looks itself.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}" if mark else ""
        raise SettingsError(
            f"{path.name}{place}: this is not YAML ({error.problem}); write one `setting: value` a line"
        ) from None
    except yaml.YAMLError:
        raise SettingsError(f"{path.name}: this is not YAML; write one `setting: value` a line") from None
    if node is None:
        return Council(path, {}, {})
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        raise SettingsError(f"{path.name}, line {line}: this is no list of `setting: value` lines")
    values, lines, problems = {}, {}, []
    # A connector makes the folder of extracts.
    is_connected = any(
        key.value == "source_system" and value.value not in ("", NO_SYSTEM) for key, value in node.value
    )
    for key, value in node.value:
        line = key.start_mark.line + 1
        problem = _line_problem(key, value, lines)
        if problem:
            problems.append(f"{path.name}, line {line}: {problem}")
            continue
        given = value.value.strip()
        if key.value.endswith("_path") and given:
            # As the platform writes it; a relative path is relative to the file.
            given = str((path.resolve().parent / given).resolve())
            is_made = is_connected and key.value == "extracts_path"
            if folders_are_there and key.value in READ_FROM and not is_made and not Path(given).is_dir():
                told = f"{path.name}, line {line}: {key.value}: there is no folder {given}"
                problems.append(told + NEXT.get(key.value, ": make it, or mend the line"))
        values[key.value], lines[key.value] = given, line
    if problems:
        raise SettingsError("\n".join(problems))
    without = os.environ.get(WITHOUT, "").split()
    return Council(
        path, {name: value for name, value in values.items() if value and name not in without}, lines
    )


def _line_problem(key: yaml.Node, value: yaml.Node, before: dict[str, int]) -> str:
    if not isinstance(key, yaml.ScalarNode):
        return "this is no `setting: value`"
    name = key.value
    if name in NOT_IN_THE_FILE:
        return f"{name} has no place here: {NOT_IN_THE_FILE[name]}"
    if name not in setting_names():
        allowed = [known for known in setting_names() if known not in NOT_IN_THE_FILE]
        return f"there is no setting called '{name}'; the nearest is {nearest(name, allowed)}"
    if name in before:
        return f"{name} stands twice (the first on line {before[name]})"
    if not isinstance(value, yaml.ScalarNode):
        return f"{name} has one value, not several"
    if value.start_mark.line != value.end_mark.line and value.value.strip():
        # An open quotation mark would otherwise take the settings below into the text of this one.
        return f"{name} goes on over several lines: write it on one, with its quotation marks closed"
    if not value.value.strip():
        return ""
    return value_problem(name, value.value.strip())


def in_force(
    council: Council | None,
    environment: Mapping[str, str] | None = None,
    given_vars: Mapping[str, Any] | None = None,
) -> dict[str, Setting]:
    """Every setting, its value and its source, the first that is present: --vars, environment, file, default."""
    environment = os.environ if environment is None else environment
    defaults = project_vars()["defaults"] | BESIDE
    found = {}
    for name, default in defaults.items():
        from_vars = (given_vars or {}).get(name)
        from_vars = "" if from_vars is None else str(from_vars).strip()
        from_environment = environment.get(variable_of(name), "").strip()
        from_file = council.values.get(name, "") if council else ""
        if from_vars:
            found[name] = Setting(name, from_vars, "--vars", True)
        elif from_environment and not (name in DEMO and from_environment == str(PROJECT / default)):
            is_ours = from_environment == from_file and name in environment.get(HANDED_OVER, "").split()
            source = f"{council.path.name}, line {council.lines[name]}" if is_ours else variable_of(name)
            found[name] = Setting(name, from_environment, source, True)
        elif from_file:
            source = f"{council.path.name}, line {council.lines[name]}"
            found[name] = Setting(name, from_file, source, True)
        else:
            # demo_stands_in names the demo's folders by a variable; nobody said so.
            found[name] = Setting(name, from_environment or str(default), "default", False)
    for name, other in FOLLOWS.items():
        if not found[name].value:
            value = found[other].value
            if name == "reporting_period_start":
                value = _twelve_months_before(value)
            found[name] = Setting(name, value, f"follows from {other}", False)
    return found


def of_this_run() -> dict[str, str]:
    """Every setting of the run of dbt that is under way, by its name; council.yml was handed over before.

    What reads files asks for its settings here. Were they written into the YAML of its sources, dbt would parse
    all that stands on them again for each other folder.
    """
    from dbt.flags import get_flags

    given_vars = getattr(get_flags(), "VARS", None) or {}
    return {name: one.value for name, one in in_force(None, given_vars=given_vars).items()}


def is_on(text: str) -> bool:
    """Whether a flag says yes, in one of the words that a flag may have (macro setting)."""
    return text.strip().lower() in ("true", "yes", "y", "1")


def hand_over(council: Council | None) -> dict[str, str]:
    """Makes the lines of the file environment variables of this process, where none is set. Gives those made."""
    values = council.values if council else {}
    made = {
        variable_of(name): value
        for name, value in values.items()
        if not os.environ.get(variable_of(name), "").strip()
    }
    names = {name for name in values if variable_of(name) in made} | set(
        os.environ.get(HANDED_OVER, "").split()
    )
    os.environ.update(made | {HANDED_OVER: " ".join(sorted(names))})
    return made


def do_without(*names: str) -> None:
    """From now on nobody gives these settings, neither a variable nor council.yml: a command says otherwise."""
    for name in names:
        os.environ.pop(variable_of(name), None)
    os.environ[WITHOUT] = " ".join(sorted({*names, *os.environ.get(WITHOUT, "").split()}))


def blank_in(named: Mapping[str, Any]) -> list[str]:
    """The settings of --vars that are given as nothing: they take back what a variable or council.yml says."""
    return [name for name, value in named.items() if value is None or not str(value).strip()]


_taken_back: dict[str, str | None] = {}


def take_back(named: Mapping[str, Any]) -> list[str]:
    """For one run of dbt nobody gives what its --vars give as nothing; a later run in this process has it again."""
    for variable, value in _taken_back.items():
        if value is None:
            os.environ.pop(variable, None)
        else:
            os.environ[variable] = value
    _taken_back.clear()
    blank = blank_in(named)
    if blank:
        _taken_back.update({name: os.environ.get(name) for name in (WITHOUT, *map(variable_of, blank))})
        do_without(*blank)
    return blank


@contextmanager
def given(named: Mapping[str, Any], without: Iterable[str] = ()) -> Iterator[None]:
    """Settings that a command gives the runs of dbt within, before all others; `without` and blank ones nobody gives.

    They are variables: for other --vars dbt would parse all again.
    """
    before, nobody_gives = dict(os.environ), {*without, *blank_in(named)}
    do_without(*nobody_gives)
    os.environ.update(
        {variable_of(name): str(value).strip() for name, value in named.items() if name not in nobody_gives}
    )
    try:
        yield
    finally:
        for variable in os.environ.keys() - before.keys():
            del os.environ[variable]
        os.environ.update(before)


def demo_stands_in() -> None:
    """Where the project was installed, the demo's folders lie with it and not in the working folder."""
    for name in DEMO:
        default = project_vars()["defaults"][name]
        if not os.environ.get(variable_of(name)) and not Path(default).exists():
            os.environ[variable_of(name)] = str(PROJECT / default)


def connector_stands_in(
    council: Council | None, given_vars: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Where a connector makes the extracts and nobody says where, they lie in output_path. Gives what was set."""
    found = in_force(council, given_vars=given_vars)
    if found["source_system"].value == NO_SYSTEM or found["extracts_path"].is_given:
        return {}
    made = {variable_of("extracts_path"): str((Path(found["output_path"].value) / "extracts").absolute())}
    os.environ.update(made)
    return made


def _twelve_months_before(text: str) -> str:
    """The first day of the 12 months that end on a day; '' for what is no day (macro twelve_months_before)."""
    if not is_day(text):
        return ""
    end = date.fromisoformat(text)
    first = (end.year, 1) if end.month == 12 else (end.year - 1, end.month + 1)
    return date(*first, 1).isoformat()


def this_council() -> Council | None:
    """The council.yml of this process. Raises SystemExit with what is wrong with it, or with a CLD_ variable.

    Whether its folders are there the command has asked once, or makes or looks for them itself.
    """
    try:
        problems = misspelt_variables(os.environ)
        if problems:
            raise SettingsError("\n".join(problems))
        path = find_council()
        return read_council(path, folders_are_there=False) if path else None
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


def inputs_of_this_council() -> list[tuple[str, Path]]:
    """What the council itself keeps, as (setting, place): its council.yml, and each file and folder that is read."""
    council = this_council()
    in_use = in_force(council)
    found = [(name, one.value) for name, one in in_use.items() if name in READ_FROM]
    if in_use["source_system"].value != NO_SYSTEM:
        # Those are made of the tables of the system, by every build.
        found.remove(("extracts_path", in_use["extracts_path"].value))
    places = [(name, Path(value)) for name, value in found if value]
    return places + ([(council.path.name, council.path)] if council else [])


def target_folder() -> Path:
    """Where dbt leaves its results: its manifest, its documentation."""
    return Path(os.environ.get("DBT_TARGET_PATH") or "target")


def dbt_folders() -> list[Path]:
    """Where dbt leaves its logs and its results."""
    return [Path(os.environ.get("DBT_LOG_PATH") or "logs"), target_folder()]


def current(name: str) -> str:
    """The value in force of one setting, for a command that is no run of dbt. Raises SystemExit."""
    return in_force(this_council())[name].value
