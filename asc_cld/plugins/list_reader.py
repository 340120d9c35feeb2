"""dbt-duckdb plugin that reads a council's lists beside its CLD files (asc_cld/readers/list_reader.py)."""

from __future__ import annotations

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.readers.errors import InputError
from asc_cld.readers.list_reader import read_lists


class Plugin(BasePlugin):
    """Loads a source table whose `meta` holds `list_folder`, `needed` and, if any, `optional` and `numbers`."""

    def load(self, source_config: SourceConfig) -> pa.Table:
        meta = source_config.meta
        try:
            return read_lists(
                meta["list_folder"], meta["needed"], meta.get("optional", ()), meta.get("numbers", ())
            )
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None
