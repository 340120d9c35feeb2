"""dbt-duckdb plugin that reads a council's own mapping files instead of the seeds.

Used only when the setting `mappings_path` names a folder. The files have the names and columns of
seeds/mappings; dates and remarks may be left out. Errors name the file and column.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from asc_cld.specification import seed_columns
from asc_cld.readers.text_files import InputError, encoding_of, header_of, read_table
from asc_cld.vocabularies import faults_of_words
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig

# A council whose case system speaks the words of spec_words needs no file of its own words.
OPTIONAL_FILES = {"map_words"}
OPTIONAL = {
    "valid_from", "valid_to", "owner", "reviewed_on", "note", "reason", "price_factor", "planned_for_weeks",
}


class Plugin(BasePlugin):
    """Loads a source whose `meta` holds `mappings_path`; the source's name is the mapping's."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        # Ready before any thread starts, as in extract_reader.
        conn.execute("create schema if not exists council_mappings")

    def load(self, source_config: SourceConfig) -> pa.Table:
        try:
            return read_mapping(Path(source_config.meta["mappings_path"]), source_config.name)
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None


def read_mapping(folder: Path, mapping: str) -> pa.Table:
    """One mapping file as text, with every column that the seed of the same name has.

    Raises InputError: no such file, a column missing, rows that do not fit the header.
    """
    path = folder / f"{mapping}.csv"
    if not path.is_file() and mapping in OPTIONAL_FILES:
        return pa.table({column: pa.nulls(0, pa.string()) for column in seed_columns("mappings", mapping)})
    if not path.is_file():
        raise InputError(f"no mapping file {path.name} in {folder}; start from seeds/mappings/{path.name}")
    encoding = encoding_of(path)
    header = [name.lower() for name in header_of(path, encoding)]
    columns = seed_columns("mappings", mapping)
    missing = [name for name in columns if name not in header and name not in OPTIONAL]
    if missing:
        raise InputError(f"{path.name}: column missing: {', '.join(missing)}.")
    table = read_table(path, encoding, [name if name in columns else "" for name in header])
    absent = pa.nulls(table.num_rows, pa.string())
    complete = pa.table({c: table[c] if c in table.column_names else absent for c in columns})
    if mapping == "map_words":
        faults = [
            f"{path.name}, line {line}, column {column}: {fault}."
            for line, column, fault in faults_of_words(enumerate(complete.to_pylist(), start=2))
        ]
        if faults:
            raise InputError("\n".join(faults))
    return complete
