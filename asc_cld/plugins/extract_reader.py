"""dbt-duckdb plugin that lands one raw extract as a table of text (asc_cld/readers/extract_reader.py).

Named in profiles.yml; dbt calls it for each source of models/staging/extracts.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import read_extract, read_file_facts
from asc_cld.settings import of_this_run

# The one source that is no extract: what the files were, for the manifest.
FILES = "extract_files"


class Plugin(BasePlugin):
    """Loads a source from the folder `extracts_path`; the source's name is the extract's."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        # dbt-duckdb makes the schema when it loads the first table of it; two threads that do so
        # at the same moment collide, so it stands ready before any thread starts.
        conn.execute("create schema if not exists extracts")

    def load(self, source_config: SourceConfig) -> pa.Table:
        settings = of_this_run()
        folder = Path(settings["extracts_path"])
        try:
            if source_config.name == FILES:
                return read_file_facts(folder, settings.__getitem__)
            return read_extract(folder, source_config.name, settings.__getitem__)
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None
