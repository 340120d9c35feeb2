"""dbt-duckdb plugin that looks at every file a build is made from before anything is built.

The macro look_at_inputs reads its sources at the start of a run. What is wrong with any extract or mapping
file of the council is one row; so a run that cannot end well never begins, all files are named at once, and
the sentence does not depend on how dbt stops its threads. Neither does a run begin that would take the demo's
settings for another council's extracts, or its extracts for another council's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt.flags import get_flags

from asc_cld.demo_extracts import is_the_demo
from asc_cld.readers.extract_reader import InputError, read_extract
from asc_cld.readers.mapping_reader import read_mapping
from asc_cld.return_file import why_not_written
from asc_cld.settings import OWN, current, find_council, in_force, of_this_run, read_council
from asc_cld.specification import PROJECT, extract_names

# The sources that speak of settings and of the file to be written, not of files that are read.
MISSING, OUTPUT = "settings_without_default", "problems_of_output"


class Plugin(BasePlugin):
    """Loads what is wrong with the folders `extracts_path` and `mappings_path` (empty: the seeds)."""

    def load(self, source_config: SourceConfig) -> pa.Table:
        """One row for each file that cannot be used, or for each setting that is missing."""
        settings = of_this_run()
        if source_config.name == MISSING:
            given_vars = getattr(get_flags(), "VARS", None) or {}
            missing = without_default(settings["extracts_path"], given_vars)
            return pa.table({"setting": pa.array(missing, pa.string())})
        if source_config.name == OUTPUT:
            problem = why_not_written(settings)
            return pa.table({"problem": pa.array([problem] if problem else [], pa.string())})
        given_vars = getattr(get_flags(), "VARS", None) or {}
        found = [
            *nobody_named_extracts(given_vars),
            *problems(settings["extracts_path"], settings["mappings_path"], settings.__getitem__),
        ]
        return pa.table({"problem": pa.array(found, pa.string())})


def without_default(extracts_path: str, given_vars: dict[str, Any]) -> list[str]:
    """The settings that nobody gave and that these extracts need; none for the demo's extracts."""
    found = in_force(None, given_vars=given_vars)
    missing = [name for name in OWN if not found[name].is_given]
    folder = Path(extracts_path)
    return missing if missing and folder.is_dir() and not is_the_demo(folder) else []


def nobody_named_extracts(given_vars: dict[str, Any]) -> list[str]:
    """That council.yml has settings of a council and names no extracts: those of the invented one would be sent."""
    council = find_council()
    if council is None or in_force(read_council(council), given_vars=given_vars)["extracts_path"].is_given:
        return []
    return [f"{council.name} names no folder of extracts (extracts_path): write where yours lie"]


def problems(
    extracts_path: str, mappings_path: str = "", setting: Callable[[str], str] = current
) -> list[str]:
    """What is wrong with the files, each sentence once: a folder that is not there is no 15 faults."""
    return list(dict.fromkeys(_problems(extracts_path, mappings_path, setting)))


def _problems(extracts_path: str, mappings_path: str, setting: Callable[[str], str]) -> Iterator[str]:
    folder = Path(extracts_path)
    if not folder.is_dir():
        yield f"the folder of extracts does not exist: {folder}"
        return
    for extract in extract_names():
        try:
            read_extract(folder, extract, setting)
        except InputError as error:
            yield str(error)
    if mappings_path:
        yield from problems_of_mappings(mappings_path)


def problems_of_mappings(mappings_path: str) -> list[str]:
    """What is wrong with a council's mapping files."""
    found = []
    for seed in sorted((PROJECT / "seeds" / "mappings").glob("*.csv")):
        try:
            read_mapping(Path(mappings_path), seed.stem)
        except InputError as error:
            found.append(str(error))
    return found
