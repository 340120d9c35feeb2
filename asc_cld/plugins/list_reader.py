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
from asc_cld.readers.list_reader import LISTS, list_folders, read_lists
from asc_cld.settings import of_this_run


class Plugin(BasePlugin):
    """Loads a source table of LISTS from the folder of its setting, or from `landed_path`."""

    def load(self, source_config: SourceConfig) -> pa.Table:
        name, settings = source_config.name, of_this_run()
        folder, landed_path = list_folders(settings)[name], settings["landed_path"]
        try:
            if landed_path:
                landed = read_index(landed_path, {name: folder})
                return pa.concat_tables(map(pq.read_table, landed.files(name)))
            return read_lists(folder, LISTS[name])
        except (InputError, LandingError) as error:
            raise DbtRuntimeError(str(error)) from None
