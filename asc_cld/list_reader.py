"""dbt-duckdb plugin that reads the optional lists a council holds, such as registered deaths.

Every CSV file of the folder in the source's meta is read as text; without a folder, or with an empty one, the
source is empty. Columns are found by name, in any order and capitals; others are left out. Errors name the file
and the row or column, never what is in a cell: DuckDB's own reader would quote the row.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.text_files import InputError, encoding_of, header_of, read_table
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig


class Plugin(BasePlugin):
    """Loads a source whose `meta` holds `list_folder` and `list_columns`."""

    def load(self, source_config: SourceConfig) -> pa.Table:
        try:
            return read_lists(source_config.meta["list_folder"], source_config.meta["list_columns"])
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None


def read_lists(folder: str, columns: list[str]) -> pa.Table:
    """All CSV files of a folder, one below the other, as text columns. Raises InputError."""
    schema = pa.schema([(column, pa.string()) for column in columns])
    if not folder:
        return schema.empty_table()
    if not Path(folder).is_dir():
        raise InputError(f"the folder of lists does not exist: {folder}")
    tables = [schema.empty_table()]
    for path in sorted(Path(folder).glob("*.csv")):
        encoding = encoding_of(path)
        header = [name.lower() for name in header_of(path, encoding)]
        missing = [column for column in columns if column not in header]
        if missing:
            raise InputError(f"{path.name} has no column {', '.join(missing)}; it needs {', '.join(columns)}.")
        table = read_table(path, encoding, [name if name in columns else "" for name in header])
        tables.append(table.select(columns))
    return pa.concat_tables(tables)
