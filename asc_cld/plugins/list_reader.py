"""dbt-duckdb plugin that reads a council's lists beside its CLD files (asc_cld/readers/list_reader.py)."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.landing.connection import LandingError
from asc_cld.landing.submissions import read_index
from asc_cld.readers.errors import InputError
from asc_cld.readers.list_reader import LISTS, read_lists


class Plugin(BasePlugin):
    """Loads a source table of LISTS, whose `meta` holds `list_folder` and `landed_path`."""

    def load(self, source_config: SourceConfig) -> pa.Table:
        meta, name = source_config.meta, source_config.name
        try:
            if meta["landed_path"]:
                landed = read_index(meta["landed_path"], {name: meta["list_folder"]})
                return pa.concat_tables(map(pq.read_table, landed.files(name)))
            return read_lists(meta["list_folder"], **LISTS[name])
        except (InputError, LandingError) as error:
            raise DbtRuntimeError(str(error)) from None
