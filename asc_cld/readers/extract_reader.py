"""dbt-duckdb plugin that lands one raw extract as a table of text.

Named in profiles.yml; dbt calls it for each source of models/staging/extracts. What it promises:
every column of the input contract is there as text, extra columns are gone, `source_row` counts
the records from 1, and nothing else is changed. What is wrong with a file is an error that names
the file and the column or row, and never shows what is in a cell.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from asc_cld.return_file import sha256_of
from asc_cld.specification import extract_columns, extract_names
from asc_cld.readers.text_files import InputError, encoding_of, header_of, read_table
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig

DELIMITERS = (",", ";", "\t", "|")
# The one source that is no extract: what the files were, for the manifest.
FILES = "extract_files"


class Plugin(BasePlugin):
    """Loads a source whose `meta` holds `extracts_path`; the source's name is the extract's."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        # dbt-duckdb makes the schema when it loads the first table of it; two threads that do so
        # at the same moment collide, so it stands ready before any thread starts.
        conn.execute("create schema if not exists extracts")

    def load(self, source_config: SourceConfig) -> pa.Table:
        folder = Path(source_config.meta["extracts_path"])
        try:
            if source_config.name == FILES:
                return read_file_facts(folder)
            return read_extract(folder, source_config.name)
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None


def read_extract(folder: Path, extract: str) -> pa.Table:
    """One extract as text columns in the order of the contract, then `source_row`.

    Raises InputError: no such folder or file, no header, a column missing or twice, rows that
    do not fit the header, an encoding that is no text, a primary key blank or twice.
    """
    columns = extract_columns(extract)
    path = _find(folder, extract)
    reader = _read_parquet if path.suffix.lower() == ".parquet" else _read_csv
    table = reader(path, set(columns))
    missing = [c for c, spec in columns.items() if spec["is_required"] == "yes" and c not in table.column_names]
    if missing:
        raise InputError(f"{path.name}: required column missing: {', '.join(missing)}.")
    rows = table.num_rows
    complete = {c: table[c] if c in table.column_names else pa.nulls(rows, pa.string()) for c in columns}
    for column, spec in columns.items():
        if spec["key_role"] == "primary key":
            _check_key(path, column, complete[column])
    return pa.table(complete | {"source_row": pa.array(range(1, rows + 1), pa.int32())})


def read_file_facts(folder: Path) -> pa.Table:
    """One row an extract of the contract: its file, the folder, the bytes and their SHA-256."""
    paths = {extract: _find(folder, extract) for extract in extract_names()}
    return pa.table(
        {
            "source_table": pa.array(paths, pa.string()),
            "file_name": pa.array([path.name for path in paths.values()], pa.string()),
            "folder": pa.array([str(folder)] * len(paths), pa.string()),
            "byte_count": pa.array([path.stat().st_size for path in paths.values()], pa.int64()),
            "sha256": pa.array([sha256_of(path) for path in paths.values()], pa.string()),
        }
    )


def _find(folder: Path, extract: str) -> Path:
    if not folder.is_dir():
        raise InputError(f"{extract}: the folder of extracts does not exist: {folder}")
    found = [
        p for p in sorted(folder.iterdir())
        if p.stem.lower() == extract and p.suffix.lower() in (".csv", ".parquet")
    ]
    if not found:
        raise InputError(f"{extract}: no file {extract}.csv or {extract}.parquet in {folder}")
    if len(found) > 1:
        names = ", ".join(p.name for p in found)
        raise InputError(f"{extract}: more than one file for this extract: {names}. Leave only one.")
    return found[0]


def _read_csv(path: Path, known: set[str]) -> pa.Table:
    encoding = encoding_of(path)
    # The delimiter under which the header shows most columns of the contract.
    headers = {d: header_of(path, encoding, d) for d in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda d: len(known & {_plain(c) for c in headers[d]}))
    return read_table(path, encoding, _names(path, headers[delimiter], known), delimiter)


def _read_parquet(path: Path, known: set[str]) -> pa.Table:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError):
        raise InputError(f"{path.name}: this is not a Parquet file that can be read.") from None
    names = _names(path, table.column_names, known)
    kept = [i for i, name in enumerate(names) if name]
    arrays = []
    for i in kept:
        column = table.column(i)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        try:
            arrays.append(column.cast(pa.string()))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise InputError(f"{path.name}, column {names[i]}: cannot be read as text.") from None
    return pa.table(dict(zip([names[i] for i in kept], arrays, strict=True)))


def _plain(header: str) -> str:
    return header.strip().lower()


def _names(path: Path, header: list[str], known: set[str]) -> list[str]:
    """The contract's name for each header cell; '' for a column the contract does not know."""
    names = [_plain(cell) if _plain(cell) in known else "" for cell in header]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError(f"{path.name}: column stands twice in the header: {', '.join(twice)}.")
    return names


def _check_key(path: Path, column: str, keys: pa.ChunkedArray) -> None:
    keys = pc.utf8_trim_whitespace(keys)
    blank = pc.indices_nonzero(pc.fill_null(pc.equal(keys, ""), True))
    if len(blank):
        raise InputError(
            f"{path.name}, row {blank[0].as_py() + 1}: {column} is the primary key and is blank"
            f" ({len(blank)} such rows)."
        )
    if pc.count_distinct(keys).as_py() < len(keys):
        counts = pc.value_counts(keys)
        counts = counts.filter(pc.greater(pc.struct_field(counts, "counts"), 1))
        first = counts[0].as_py()["values"]
        rows = [i.as_py() + 1 for i in pc.indices_nonzero(pc.equal(keys, first))]
        raise InputError(
            f"{path.name}: {column} is the primary key, yet {len(counts)} values stand more than "
            f"once; the first on rows {', '.join(map(str, rows[:5]))}."
        )
