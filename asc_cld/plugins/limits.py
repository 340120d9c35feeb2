"""dbt-duckdb plugin that keeps DuckDB within a share of the machine's memory and of the free disk.

Settings: memory_limit (default: 1500MB, or half of a small machine's memory) and temp_limit (default: half
of what is free where the database lies), as a size (2GB) or, for memory, a share (50%). Beyond the memory
limit DuckDB spills to the disk; beyond both it stops with a sentence rather than taking the machine with
it. A million rows of CLD files took no more time within 1500MB than with all the memory there was.
How large a file the readers open is a setting of dbt_project.yml; here it is handed over to them.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.readers.limits import LIMITS
from asc_cld.settings import variable_of

SIZE = r"\d+(\.\d+)?\s*[KMGT]i?B"
SHARE = r"[1-9]\d?\s*%|100\s*%"
LEAST_FREE = 64 * 1024 * 1024
ENOUGH = 1500 * 1000**2
UNITS = {"bytes": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}


class Plugin(BasePlugin):
    """Runs before the database is opened; profiles.yml hands the settings over."""

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Puts the limits into the settings of the connection. Raises DbtRuntimeError."""
        given_vars = getattr(get_flags(), "VARS", None) or {}
        os.environ.update(
            {variable_of(name): str(given_vars[name]) for name in LIMITS if given_vars.get(name) is not None}
        )
        folder = Path() if creds.path == ":memory:" else Path(creds.path).absolute().parent
        config["memory_limit"] = checked(
            "memory_limit", config.get("memory_limit") or default_memory(), f"{SIZE}|{SHARE}"
        )
        config["max_temp_directory_size"] = checked(
            "temp_limit", config.get("max_temp_directory_size") or half_of_the_free_disk(folder), SIZE
        )


def checked(name: str, given: str, pattern: str) -> str:
    """The setting as given. Raises DbtRuntimeError with a sentence where DuckDB could not read it."""
    if not re.fullmatch(pattern, str(given).strip(), re.IGNORECASE):
        share = " or a share of the memory, such as 50%" if name == "memory_limit" else ""
        raise DbtRuntimeError(f"Nothing was built: {name} is '{given}': write a size, such as 2GB{share}.")
    return str(given).strip()


def default_memory() -> str:
    """1500MB, or half of the memory where that is less; DuckDB knows how much a container may have."""
    with duckdb.connect(config={"memory_limit": "50%"}) as connection:
        row = connection.execute("select current_setting('memory_limit')").fetchone()
    number, unit = row[0].split()
    return f"{int(min(float(number) * UNITS[unit], ENOUGH) // 1000**2)}MB"


def half_of_the_free_disk(folder: Path) -> str:
    """Half of what is free where a folder lies or will lie, as DuckDB reads sizes."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return f"{max(free // 2, LEAST_FREE) // 1024}KiB"
