"""dbt-duckdb plugin that reads the record-level lists DHSC returned to a council.

Every CSV file of the folder `dhsc_lists_path` is read as text, columns found by name in any order,
capitals and spelling (`LA Code`, `LA_Code`, `la code`). A file that cannot be used stops the run; the
message names the file, the line and the column, never what stands in a cell.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.text_files import InputError, encoding_of, header_of, read_table
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig

NEEDED = ("la_person_unique_identifier", "measure", "group", "numerator", "denominator")
OPTIONAL = ("la_code", "reporting_period", "description", "sequel_type")
NUMBERS = ("numerator", "denominator")
SCHEMA = pa.schema(
    [("file_name", pa.string()), ("line_number", pa.int64())]
    + [(name, pa.string()) for name in (*OPTIONAL, *NEEDED) if name not in NUMBERS]
    + [(name, pa.int64()) for name in NUMBERS]
)


class Plugin(BasePlugin):
    """Loads the source whose `meta` holds `dhsc_lists_path`; without a path it is empty."""

    def load(self, source_config: SourceConfig) -> pa.Table:
        path = source_config.meta["dhsc_lists_path"]
        if not path:
            return SCHEMA.empty_table()
        try:
            return read_lists(Path(path))
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None


def read_lists(folder: Path) -> pa.Table:
    """All lists of a folder. Raises InputError for the first file that cannot be used."""
    if not folder.is_dir():
        raise InputError(f"dhsc_lists_path: there is no folder {folder}.")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    return pa.concat_tables([SCHEMA.empty_table(), *(read_list(path) for path in files)])


def read_list(path: Path) -> pa.Table:
    """One list. Raises InputError: columns missing or twice, rows that do not fit, no whole number."""
    encoding = encoding_of(path)
    delimiter = max(",;\t", key="".join(header_of(path, encoding, "\0")).count)
    names = [re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_") for cell in header_of(path, encoding, delimiter)]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(f"{path.name} has no column {', '.join(missing)}; it needs {', '.join(NEEDED)}.")
    twice = sorted({name for name in names if name in (*NEEDED, *OPTIONAL) and names.count(name) > 1})
    if twice:
        raise InputError(f"{path.name} has the column {', '.join(twice)} more than once.")
    table = read_table(path, encoding, [name if name in (*NEEDED, *OPTIONAL) else "" for name in names], delimiter)
    columns = {
        "file_name": pa.array([path.name] * table.num_rows, pa.string()),
        "line_number": pa.array(range(2, table.num_rows + 2), pa.int64()),
    }
    for name in (*OPTIONAL, *NEEDED):
        cells = table[name].to_pylist() if name in table.column_names else [""] * table.num_rows
        if name in NUMBERS:
            columns[name] = pa.array(
                [whole_number(cell, path, line, name) for line, cell in enumerate(cells, start=2)], pa.int64()
            )
        else:
            columns[name] = pa.array([cell.strip() or None for cell in cells], pa.string())
    return pa.table(columns, schema=SCHEMA)


def whole_number(cell: str, path: Path, line: int, column: str) -> int:
    """1, 1.0 or 51,241 as a number, nothing or NULL as 0. Raises InputError for anything else."""
    text = cell.strip().replace(",", "")
    if text.upper() in ("", "NULL"):
        return 0
    if not re.fullmatch(r"\d+(\.0*)?", text):
        raise InputError(f"{path.name}, line {line}, column {column}: not a whole number.")
    return int(text.split(".")[0])
