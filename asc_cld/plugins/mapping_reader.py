"""dbt-duckdb plugin that reads a council's own mapping files (asc_cld/readers/mapping_reader.py)."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from asc_cld.readers.errors import InputError
from asc_cld.readers.mapping_reader import read_mapping
from asc_cld.settings import of_this_run


class Plugin(BasePlugin):
    """Loads a source from the folder `mappings_path`; the source's name is the mapping's."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        # Ready before any thread starts, as in extract_reader.
        conn.execute("create schema if not exists council_mappings")

    def load(self, source_config: SourceConfig) -> pa.Table:
        try:
            return read_mapping(Path(of_this_run()["mappings_path"]), source_config.name)
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None
