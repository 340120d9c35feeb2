"""dbt-duckdb plugin that keeps what lies on the disk private to the user who runs dbt.

Files made from here on can be read by their owner only, the database included; so can dbt's own log and
target folder, where dbt finds dbt_asc_cld from the moment the project is loaded. What DuckDB spills to the
disk goes to a private folder beside the database, emptied before and after each run. Where the target asks
for an encrypted database (profiles.yml, target `encrypted`), the engine is tried first and a clear error
says what is missing.
Windows keeps its own permissions: see docs/data-protection.md.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.database import KEY_VARIABLE
from asc_cld.files import close_to_others, private_folder
from asc_cld.readers.own_lists import own_list_problems, rules_path_problems
from asc_cld.settings import (
    SettingsError,
    find_council,
    in_force,
    misspelt_variables,
    read_council,
    variable_of,
)

CANNOT = (
    "This target asks for an encrypted database, but the installed DuckDB cannot write one: it needs the"
    " httpfs extension, installed once by hand. Nothing was built. Use disk encryption instead, or install"
    " the extension (docs/data-protection.md)."
)


class Plugin(BasePlugin):
    """Runs before the database is opened."""

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        flags = get_flags()
        close_dbt_folders()
        problems = misspelt_variables(os.environ)
        if creds.path != ":memory:" or creds.attach:
            given_vars = getattr(flags, "VARS", None) or {}
            problems += not_handed_over(given_vars)
            problems += own_list_problems()
            rules = in_force(None, given_vars=given_vars)["rules_path"].value
            problems += rules_path_problems(Path(rules)) if rules else []
        if problems:
            said = f" {problems[0]}." if len(problems) == 1 else "\n  - " + "\n  - ".join(problems)
            raise DbtRuntimeError(f"Nothing was built:{said}")
        database = None if creds.path == ":memory:" else Path(creds.path)
        for attachment in creds.attach or []:
            if "encryption_key" not in (attachment.options or {}):
                continue
            if not attachment.options["encryption_key"]:
                raise DbtRuntimeError(f"This target asks for an encrypted database: set {KEY_VARIABLE}.")
            check_encryption()
            database = Path(attachment.path)
            # What is spilled would otherwise lie beside the encrypted file in plain text.
            config["temp_file_encryption"] = "true"
        if database is not None:
            if database.is_file():
                database.chmod(0o600)
            config["temp_directory"] = str(private_spill(database))


def close_dbt_folders() -> None:
    """The log and the results of this run of dbt are for its owner only, whatever comes of it."""
    flags = get_flags()
    close_to_others(
        Path(getattr(flags, "LOG_PATH", None) or "logs"),
        Path(getattr(flags, "TARGET_PATH", None) or "target"),
    )


def not_handed_over(given_vars: dict[str, Any]) -> list[str]:
    """A sentence where dbt was started without the settings of the council.yml that stands there."""
    try:
        path = find_council()
        council = read_council(path) if path else None
    except SettingsError as error:
        return str(error).splitlines()
    if council is None:
        return []
    unread = [
        name
        for name in council.values
        if name not in given_vars and not os.environ.get(variable_of(name), "").strip()
    ]
    if not unread:
        return []
    return [
        f"dbt was started without the settings of {path} ({', '.join(unread)}): run `asc-cld build` or `asc-cld"
        " dbt ...`, or install the project (pip install -e .) so that dbt finds them"
    ]


def private_spill(database: Path) -> Path:
    """An empty folder for the owner only; what a stopped run left in it is deleted."""
    folder = database.with_name(f"{database.name}.spill")
    # DuckDB deletes what it spilled when it closes; a killed run does not get there.
    shutil.rmtree(folder, ignore_errors=True)
    return private_folder(folder)


def check_encryption() -> None:
    """Writes a small encrypted database with a throw-away key. Raises DbtRuntimeError where that fails."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        try:
            connection.execute(f"attach '{folder}/try.duckdb' as try (encryption_key 'a throw-away key')")
            connection.execute("create table try.t as select 1 as n")
            connection.execute("detach try")
        except duckdb.Error:
            raise DbtRuntimeError(CANNOT) from None
