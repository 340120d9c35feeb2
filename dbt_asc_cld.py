"""dbt's own way to council.yml: the plugin that plain `dbt build`, `dbt run` and `dbt test` find by its name.

dbt-core loads every installed module called dbt_*. This one hands the lines of council.yml to the run as CLD_
variables before the project is parsed; asc-cld does the same before it starts dbt. The profile has been read by
then, so a database_path in council.yml needs asc-cld, or the variable.

Where dbt runs on a copy of the project other than the one that is installed, the copy's own Python is used.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from dbt.flags import get_flags
from dbt.plugins import dbtPlugin
from dbt_common.context import get_invocation_context
from dbt_common.exceptions import DbtRuntimeError


class CouncilSettings(dbtPlugin):
    """Runs once a command, after profile and project were read."""

    def initialize(self) -> None:
        if self.project_name != "asc_cld":
            return
        root = Path(getattr(get_flags(), "PROJECT_DIR", None) or ".").resolve()
        if (root / "asc_cld").is_dir():
            sys.path.insert(0, str(root))
        from asc_cld.plugins.loading import load_without_searching
        from asc_cld.plugins.plain_endings import end_in_words
        from asc_cld.plugins.private_files import close_dbt_folders
        from asc_cld.readers.own_lists import seeds_not_in_utf8
        from asc_cld.settings import (
            DATABASE,
            SettingsError,
            connector_stands_in,
            find_council,
            hand_over,
            read_council,
            take_back,
            variable_of,
        )

        end_in_words()
        close_dbt_folders()
        load_without_searching()
        # Before dbt reads the seeds: what it says of such a file does not name it.
        if problems := seeds_not_in_utf8():
            raise DbtRuntimeError("Nothing was built: " + "; ".join(problems) + ".")
        given_vars = getattr(get_flags(), "VARS", None) or {}
        blank = take_back(given_vars)
        try:
            path = find_council()
            council = read_council(path) if path else None
        except SettingsError as error:
            raise DbtRuntimeError(f"Nothing was built: {error}") from None
        made = hand_over(council)
        database = made.get("CLD_DATABASE_PATH")
        if database and "database_path" not in given_vars and Path(database) != Path(DATABASE).resolve():
            raise DbtRuntimeError(
                f"Nothing was built: {council.path.name}, line {council.lines['database_path']}, names the database"
                " and dbt reads its profile before that file. Run it as `asc-cld dbt ...`, or set"
                " CLD_DATABASE_PATH (`asc-cld env` prints the line)."
            )
        made |= connector_stands_in(council, given_vars)
        made |= self.landed()
        self.connect()
        context = get_invocation_context()
        kept = {name: value for name, value in context.env.items() if name not in map(variable_of, blank)}
        context._env = type(context.env)(kept | made)

    def landed(self) -> dict[str, str]:
        """Where Spark finds the landed files, as a variable for the macros; on DuckDB the plugins read them."""
        flags = get_flags()
        if (getattr(flags, "TARGET", None) or os.environ.get("DBT_TARGET")) != "spark" or getattr(
            flags, "WHICH", ""
        ) not in ("build", "run", "test", "seed"):
            return {}
        from asc_cld.landing.connection import LandingError
        from asc_cld.readers.list_reader import list_folders
        from asc_cld.readers.own_lists import own_list_problems
        from asc_cld.settings import of_this_run
        from asc_cld.spark_run import landed_places

        # On DuckDB a plugin of its own says so when the database is opened.
        if problems := own_list_problems():
            raise DbtRuntimeError("Nothing was built: " + "; ".join(problems) + ".")
        values = of_this_run()
        try:
            places = landed_places(values["landed_path"], list_folders(values))
        except LandingError as error:
            raise DbtRuntimeError(f"Nothing was built: {error}") from None
        return {"CLD_LANDED_PLACES": json.dumps(places)}

    def connect(self) -> None:
        """Where a connector is switched on, a build begins with it: nothing below it knows the system."""
        from asc_cld.settings import NO_SYSTEM, is_on, of_this_run

        values = of_this_run()
        builds = getattr(get_flags(), "WHICH", "") in ("build", "run")
        is_again = any(is_on(values[name]) for name in ("without_latest_submission", "with_earlier_state"))
        if (
            not builds
            or is_again
            or not is_on(values["include_built"])
            or values["source_system"] == NO_SYSTEM
        ):
            return
        from asc_cld.connect import ConnectError, connect_as_set

        try:
            connect_as_set(values)
        except ConnectError as error:
            raise DbtRuntimeError(
                f"Nothing was built: source_system {values['source_system']}:\n{error}"
            ) from None


plugins = [CouncilSettings]
