"""dbt-duckdb plugin that reads the lists a council may hold beside its CLD files: registered deaths, and
the record-level lists DHSC returned.

Every CSV file of the folder in the table's meta is read as text; without a folder the table is empty.
Columns are found by name, in any order, capitals and spelling (`LA Code`, `LA_Code`, `la code`); others
are left out. A file that cannot be used stops the run; the message names the file, the line and the
column, never what stands in a cell.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.readers.text_files import InputError, encoding_of, header_of, read_table
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig


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


def read_lists(folder, needed, optional=(), numbers=()) -> pa.Table:
    """All lists of a folder, one below the other. Raises InputError for the first file that cannot be used.

    Columns: file_name, line_number (the header is line 1), then `optional` and `needed`; text, those in
    `numbers` whole numbers.
    """
    schema = pa.schema(
        [("file_name", pa.string()), ("line_number", pa.int64())]
        + [(name, pa.int64() if name in numbers else pa.string()) for name in (*optional, *needed)]
    )
    if not folder:
        return schema.empty_table()
    if not Path(folder).is_dir():
        raise InputError(f"the folder of lists does not exist: {folder}")
    files = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() == ".csv")
    return pa.concat_tables([schema.empty_table(), *(read_list(path, schema, needed) for path in files)])


def read_list(path: Path, schema: pa.Schema, needed) -> pa.Table:
    """One list. Raises InputError: columns missing or twice, rows that do not fit, no whole number."""
    encoding = encoding_of(path)
    delimiter = max(",;\t", key="".join(header_of(path, encoding, "\0")).count)
    names = [re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_") for cell in header_of(path, encoding, delimiter)]
    missing = [name for name in needed if name not in names]
    if missing:
        raise InputError(f"{path.name} has no column {', '.join(missing)}; it needs {', '.join(needed)}.")
    known = schema.names[2:]
    twice = sorted({name for name in names if name in known and names.count(name) > 1})
    if twice:
        raise InputError(f"{path.name} has the column {', '.join(twice)} more than once.")
    table = read_table(path, encoding, [name if name in known else "" for name in names], delimiter)
    columns = {
        "file_name": pa.array([path.name] * table.num_rows, pa.string()),
        "line_number": pa.array(range(2, table.num_rows + 2), pa.int64()),
    }
    for name in known:
        cells = table[name].to_pylist() if name in table.column_names else [""] * table.num_rows
        if schema.field(name).type == pa.int64():
            cells = [whole_number(cell, path, line, name) for line, cell in enumerate(cells, start=2)]
        else:
            cells = [cell.strip() or None for cell in cells]
        columns[name] = pa.array(cells, schema.field(name).type)
    return pa.table(columns, schema=schema)


def whole_number(cell: str, path: Path, line: int, column: str) -> int:
    """1, 1.0 or 51,241 as a number, nothing or NULL as 0. Raises InputError for anything else."""
    text = cell.strip().replace(",", "")
    if text.upper() in ("", "NULL"):
        return 0
    if not re.fullmatch(r"\d+(\.0*)?", text):
        raise InputError(f"{path.name}, line {line}, column {column}: not a whole number.")
    return int(text.split(".")[0])
