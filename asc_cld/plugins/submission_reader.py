"""dbt-duckdb plugin for the CLD files of a folder (asc_cld/readers/submission_reader.py).

Gives dbt the tables submission_rows, _files, _headers and _problems. One look at the files serves all
four, as long as the files stay as they are; the rows stream into the database. With `landed_path` they come
from the Parquet that the same reader has made of the folder (asc_cld/landing/submissions.py).
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt.adapters.events.logging import AdapterLogger
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.landing.connection import LandingError
from asc_cld.landing.submissions import read_index
from asc_cld.readers.errors import InputError
from asc_cld.readers.submission_reader import (
    FILES_SCHEMA,
    HEADERS_SCHEMA,
    PROBLEMS_SCHEMA,
    Folder,
    as_table,
    folder_signature,
    read_folder,
    refuse_nothing_read,
    row_schema,
)
from asc_cld.settings import is_on, of_this_run


class Plugin(BasePlugin):
    """Loads a source table from the folder `submissions_path`, or from `landed_path`."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self._lock = Lock()
        self._folder = None
        self._signature = None

    def load(self, source_config: SourceConfig) -> pa.Table | pa.RecordBatchReader:
        settings, wanted = of_this_run(), source_config.name
        if settings["landed_path"]:
            return self._landed(settings["landed_path"], wanted)
        path = settings["submissions_path"]
        with self._lock:
            folder = self._read_once(path)
        try:
            # Where only supplied files count, the folder must be there and hold some.
            refuse_nothing_read(path, folder, needs_files=not is_on(settings["include_built"]))
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None
        if wanted == "submission_rows":
            return pa.RecordBatchReader.from_batches(row_schema(), folder.batches())
        if wanted == "submission_files":
            return as_table(folder.files, FILES_SCHEMA)
        if wanted == "submission_headers":
            return as_table(folder.headers, HEADERS_SCHEMA)
        if not Path(path).is_dir():
            AdapterLogger("Submissions").info(
                f"submissions_path: the folder does not exist: {path}. Nothing is compared with an earlier return."
            )
        return _said(as_table(folder.problems, PROBLEMS_SCHEMA), folder.others)

    def _landed(self, path: str, wanted: str) -> pa.Table | pa.RecordBatchReader:
        try:
            with self._lock:
                landed = read_index(path)
        except LandingError as error:
            raise DbtRuntimeError(str(error)) from None
        if wanted == "submission_rows":
            return pa.RecordBatchReader.from_batches(row_schema(), landed.row_batches())
        table = pa.concat_tables(map(pq.read_table, landed.files(wanted)))
        return _said(table, landed.others) if wanted == "submission_problems" else table

    def _read_once(self, path: str) -> Folder:
        signature = folder_signature(path)
        if self._folder is None or signature != self._signature:
            self._folder, self._signature = read_folder(path), signature
        return self._folder


def _said(problems: pa.Table, others: list[str]) -> pa.Table:
    """The problems, said: a test fails on them as well, but dbt does not say what a failed test found."""
    if others:
        AdapterLogger("Submissions").info(
            f"submissions_path: not a kind of file that is read: {', '.join(others)}"
        )
    for file_name, line_number, problem in zip(*problems.to_pydict().values(), strict=True):
        place = f", line {line_number}" if line_number else ""
        AdapterLogger("Submissions").error(f"Not read: {file_name}{place}: {problem}")
    return problems
