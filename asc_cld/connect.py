"""From the tables of a case system to the 15 extracts: runs the connector that the setting source_system names.

    asc-cld connect

A connector is a folder of dbt models, connectors/<system>: sources (which tables and columns it needs), seeds of
local choices, models of the 15 extracts with their contract. A council's own folder (connector_path) holds models
and seeds of the same file names that stand in for ours. The landed tables lie in source_path, one CSV or Parquet
file a table. The extracts are written to extracts_path, all or none; everything below reads them there and knows
no system. What is not understood is named, and then nothing is written.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from asc_cld.files import WholeFiles, private_folder, writing
from asc_cld.nearest import nearest
from asc_cld.readers.errors import InputError
from asc_cld.readers.sources import (
    TABLES,
    base_name,
    is_passed_over,
    open_source,
    plain_header,
    positions_of,
    refuse_error_cells,
    without_empty,
)
from asc_cld.specification import PROJECT, extract_columns, extract_names

CONNECTORS = PROJECT / "connectors"
PARQUET = ".parquet"
NONE = "extracts"
NOT_TRIED = "was made from what is publicly known and was not tried on a live system"
# Which landed tables a run was made of; beside the extracts.
MADE_FROM = "made_from.json"
# The folder of a run, with the number of its process: it holds people's data until the run ends.
WORK = ".connecting-"
WRONG_STATES = ("error", "fail", "runtime error")


class ConnectError(ValueError):
    """The extracts could not be made; the message has a sentence for each reason."""


@dataclass(frozen=True)
class Table:
    """A table of the system that a connector reads: its columns (kind, needed), and what may stand in for it."""

    name: str
    is_needed: bool
    instead: str = ""
    columns: Mapping[str, tuple[str, bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """What a connector made: records of each extract, and what it has to say."""

    folder: Path
    records: dict[str, int]
    notes: list[str]


def systems() -> list[str]:
    """The systems that a connector is here for."""
    return sorted(path.parent.name for path in CONNECTORS.glob("*/dbt_project.yml"))


@lru_cache
def extracts_of(system: str) -> list[str]:
    """The extracts that a connector makes: all 15, or those that its system knows."""
    made = {path.stem for path in (CONNECTORS / system / "models" / "extracts").glob("*.sql")}
    return [name for name in extract_names() if name in made]


@lru_cache
def expected_tables(system: str) -> dict[str, Table]:
    """{table, lower case: what the connector needs of it}, from the YAML of its sources."""
    [path] = (CONNECTORS / system / "models").glob("_*__sources.yml")
    [source] = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    found = {}
    for entry in source["tables"]:
        meta = entry["config"]["meta"]
        columns = {
            column["name"]: (column["config"]["meta"]["kind"], column["config"]["meta"]["needed"])
            for column in entry["columns"]
        }
        found[entry["name"]] = Table(entry["name"], meta["needed"], meta.get("or", ""), columns)
    return found


def landed_files(folder: Path) -> dict[str, Path]:
    """{table, lower case: its file}. Raises InputError: no such folder, two files of one table."""
    if not folder.is_dir():
        raise InputError(f"source_path: there is no folder {folder}")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in (*TABLES, PARQUET) or is_passed_over(path):
            continue
        name = base_name(path).lower()
        if name in found:
            raise InputError(f"{name}: more than one file for this table: {found[name].name}, {path.name}")
        found[name] = path
    return found


def problems_of_tables(system: str, folder: Path) -> list[str]:
    """A sentence for each table or column that the connector needs and that was not landed."""
    try:
        files = landed_files(folder)
    except InputError as error:
        return [str(error)]
    problems = []
    for table in expected_tables(system).values():
        if table.name not in files:
            if table.is_needed and table.instead not in files:
                other = f" (or {table.instead.upper()})" if table.instead else ""
                problems.append(f"table {table.name.upper()}{other} was not landed in {folder}")
            continue
        try:
            names = columns_of(files[table.name], table)
        except InputError as error:
            problems.append(str(error))
            continue
        for column, (_, is_needed) in table.columns.items():
            if is_needed and column not in names:
                near = f"; the nearest is {nearest(column, names).upper()}" if names else ""
                problems.append(
                    f"{files[table.name].name}: column {column.upper()} of {table.name.upper()} is missing{near}"
                )
    return problems


def columns_of(path: Path, table: Table) -> list[str]:
    """The columns of a landed table, lower case. Raises InputError: it cannot be read."""
    if path.suffix.lower() == PARQUET:
        return [name.lower() for name in _schema(path).names]
    source = open_source(path, frozenset(table.columns), plain_header)
    return [plain_header(cell) for cell in source.header]


def _schema(path: Path) -> pa.Schema:
    try:
        return pq.read_schema(path)
    except (pa.ArrowException, OSError):
        raise InputError("this is not a Parquet file that can be read", path.name) from None


def read_table(path: Path, table: Table) -> pa.Table:
    """A landed table as text: the columns that the connector reads, those that are not there blank.

    Raises InputError: it cannot be read, a column stands twice.
    """
    if path.suffix.lower() == PARQUET:
        names = [name.lower() for name in _schema(path).names]
        for name in table.columns:
            if names.count(name) > 1:
                raise InputError("stands more than once in the file", path.name, column=name)
        wanted = [original for original in _schema(path).names if original.lower() in table.columns]
        found = pq.read_table(path, columns=wanted, partitioning=None)
        found = found.rename_columns([name.lower() for name in wanted])
    else:
        source = open_source(path, frozenset(table.columns), plain_header)
        found = source.table(positions_of(source, frozenset(table.columns), plain_header))
        refuse_error_cells(found, source.name, source.line_of)
        found = without_empty(source, found)
    return pa.table(
        {
            name: _as_text(found[name], kind, path, name)
            if name in found.column_names
            else pa.nulls(found.num_rows, pa.string())
            for name, (kind, _) in table.columns.items()
        }
    )


def _as_text(column: pa.ChunkedArray, kind: str, path: Path, name: str) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        # Parts of a second say nothing here; what they are cut from is no rounding.
        column = (
            pc.strftime(column, "%Y-%m-%d %H:%M:%S")
            if column.type.unit == "s"
            else pc.strftime(
                pc.floor_temporal(column, unit="second").cast(pa.timestamp("s", column.type.tz)),
                "%Y-%m-%d %H:%M:%S",
            )
        )
    try:
        column = column.cast(pa.string())
    except pa.ArrowException:
        raise InputError("cannot be read as text", path.name, column=name) from None
    if kind == "key":
        column = pc.replace_substring_regex(pc.utf8_trim_whitespace(column), r"^([0-9]+)[.]0+$", r"\1")
    is_blank = pc.is_in(pc.utf8_trim_whitespace(column), pa.array(["", "NULL"]))
    return pc.if_else(is_blank, pa.scalar(None, pa.string()), column)


def connect(system: str, source: Path, target: Path, own: Path | None = None) -> Made:
    """Makes the 15 extracts of a system's landed tables. Raises ConnectError with every reason why not."""
    if system not in systems():
        raise ConnectError(f"source_system is '{system}'; there are connectors for {', '.join(systems())}")
    if problems := problems_of_tables(system, source):
        raise ConnectError("\n".join(problems))
    parent = private_folder(target.absolute().parent)
    _sweep(parent)
    with tempfile.TemporaryDirectory(prefix=f"{WORK}{os.getpid()}-", dir=parent) as name:
        work = Path(name)
        _assemble(system, work, own)
        try:
            _land(system, source, work)
            _run_dbt(work)
            return _take(system, source, work, target)
        except InputError as error:
            raise ConnectError(str(error)) from None


def _sweep(parent: Path) -> None:
    """Removes what a run that was killed left behind; a run that is still at work keeps its folder."""
    for left in parent.glob(f"{WORK}*"):
        number = left.name.removeprefix(WORK).partition("-")[0]
        if number.isdigit() and not _is_alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        # Asking would end the process there.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def discover(system: str, source: Path) -> list[tuple[str, list[str], list[tuple]]]:
    """The lists of the connector's discovery query on landed tables: title, columns, rows. Raises ConnectError."""
    path = CONNECTORS / system / "discovery" / "discovery.sql"
    if not path.is_file():
        raise ConnectError(f"the connector {system} has no local choices to discover")
    try:
        files = landed_files(source)
        found = []
        with duckdb.connect() as database:
            for table in expected_tables(system).values():
                if table.name in files:
                    landed = read_table(files[table.name], table)
                else:
                    landed = pa.schema([(name, pa.string()) for name in table.columns]).empty_table()
                database.register(table.name, landed)
            for query in path.read_text(encoding="utf-8").split(";"):
                titles = [line for line in query.splitlines() if line.startswith("-- ")]
                if "select" in query:
                    result = database.execute(query)
                    columns = [column[0] for column in result.description]
                    found.append((titles[-1].removeprefix("-- "), columns, result.fetchall()))
        return found
    except InputError as error:
        raise ConnectError(str(error)) from None


def _assemble(system: str, work: Path, own: Path | None) -> None:
    """The dbt project of the connector in a folder of this run, the council's own files in place of ours."""
    for part in ("dbt_project.yml", "models", "seeds"):
        if not (CONNECTORS / system / part).exists():
            continue
        origin = CONNECTORS / system / part
        (shutil.copytree if origin.is_dir() else shutil.copy)(
            origin, work / "project" / part if origin.is_dir() else _folder(work / "project") / part
        )
    if own:
        _stand_in(own, work / "project")
    profile = {
        "connector": {
            "target": "local",
            "outputs": {
                "local": {
                    "type": "duckdb",
                    "path": str(work / "work.duckdb"),
                    "threads": 2,
                    "module_paths": [str(PROJECT)],
                    "plugins": [{"module": "asc_cld.plugins.no_cells"}],
                }
            },
        }
    }
    with writing(work / "project" / "profiles.yml") as stream:
        yaml.safe_dump(profile, stream)


def _folder(path: Path) -> Path:
    return private_folder(path)


def _stand_in(own: Path, project: Path) -> None:
    if not own.is_dir():
        raise ConnectError(f"connector_path: there is no folder {own}")
    ours = {
        path.name: path
        for part in ("models", "seeds")
        for path in (project / part).rglob("*")
        if path.suffix in (".sql", ".csv")
    }
    for path in sorted(own.rglob("*")):
        if path.suffix not in (".sql", ".csv") or is_passed_over(path):
            continue
        if path.name in ours:
            shutil.copy(path, ours[path.name])
        elif path.suffix == ".sql":
            shutil.copy(path, project / "models" / path.name)
        else:
            raise ConnectError(
                f"connector_path: {path.name} is no seed of the connector; the nearest is"
                f" {nearest(path.name, [name for name in ours if name.endswith('.csv')])}"
            )


def _land(system: str, source: Path, work: Path) -> None:
    files = landed_files(source)
    with duckdb.connect(str(work / "work.duckdb")) as database:
        database.execute("create schema landed")
        for table in expected_tables(system).values():
            if table.name in files:
                landed = read_table(files[table.name], table)
            else:
                landed = pa.schema([(name, pa.string()) for name in table.columns]).empty_table()
            database.register("landed_now", landed)
            database.execute(f'create table landed."{table.name}" as select * from landed_now')
            database.unregister("landed_now")


def _run_dbt(work: Path) -> None:
    """dbt in a process of its own: this one may be in the midst of a dbt command."""
    project = work / "project"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "asc_cld.connect", "--dbt", "build"),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
            *("--target-path", str(work / "target"), "--log-path", str(work / "logs")),
        ],
        cwd=work,
        env=kept | {"DO_NOT_TRACK": "1", "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path])},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        results = work / "target" / "run_results.json"
        said = []
        if results.exists():
            found = json.loads(results.read_text(encoding="utf-8"))["results"]
            said = [
                f"{one['unique_id'].split('.')[2]}: {' '.join((one['message'] or 'failed').split())}"
                for one in found
                if one["status"] in WRONG_STATES
            ]
        raise ConnectError("\n".join(said) or f"the connector's models cannot be run:\n{_last(done)}")


def _last(done: subprocess.CompletedProcess) -> str:
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return "\n".join(lines[-8:])


def _take(system: str, source: Path, work: Path, target: Path) -> Made:
    """Reads what the connector found, and writes the extracts where nothing stops them."""
    with duckdb.connect(str(work / "work.duckdb"), read_only=True) as database:
        findings = database.execute("select * from main_base.findings").fetchall()
        stops = [_said(*found[1:]) for found in findings if found[0] == "stop"]
        if stops:
            raise ConnectError("\n".join(stops))
        tables = {
            name: database.sql(f"select * from main_extracts.{name}").to_arrow_table()
            for name in extracts_of(system)
        }
    _check(tables)
    private_folder(target)
    strange = [
        path.name
        for path in target.iterdir()
        if path.suffix.lower() in (*TABLES, PARQUET)
        and base_name(path) in tables
        and path.name != f"{base_name(path)}{PARQUET}"
        and not is_passed_over(path)
    ]
    if strange:
        raise ConnectError(
            f"extracts_path holds extracts that no connector wrote: {', '.join(sorted(strange))}. Name an empty folder"
        )
    records = {name: table.num_rows for name, table in tables.items()}
    with WholeFiles() as files:
        for name, table in tables.items():
            pq.write_table(table, files.path(target / f"{name}{PARQUET}"))
        with files.text(target / MADE_FROM) as stream:
            json.dump(
                {"source_system": system, "source_path": str(source), "records": records}, stream, indent=1
            )
    return Made(target, records, [_said(*found[1:]) for found in findings])


def _said(what: str, records: int, said: str) -> str:
    return f"{what}, {records:,} record{'s' if records != 1 else ''}: {said}"


def _check(tables: Mapping[str, pa.Table]) -> None:
    """Primary keys are filled and stand once: said here with the system's model, not below with a file."""
    problems = []
    for name, table in tables.items():
        for column, spec in extract_columns(name).items():
            if spec["key_role"] == "primary key":
                keys = table[column]
                blank, twice = keys.null_count, len(keys) - keys.null_count - pc.count_distinct(keys).as_py()
                if blank:
                    problems.append(f"extract {name}: {column} is blank on {blank:,} records")
                if twice > 0:
                    problems.append(f"extract {name}: {column} stands more than once on {twice:,} records")
    if problems:
        raise ConnectError("\n".join(problems))


def connect_as_set(values: Mapping[str, Any]) -> Made | None:
    """Runs the connector that the settings name; none for source_system extracts. Raises ConnectError."""
    system = values["source_system"]
    if system == NONE:
        return None
    if not values["source_path"]:
        raise ConnectError("source_path: name the folder of the system's landed tables")
    own = values["connector_path"]
    return connect(
        system, Path(values["source_path"]), Path(values["extracts_path"]), Path(own) if own else None
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--dbt"]:
        from dbt.cli.main import cli

        sys.argv[:2] = ["dbt"]
        cli()
