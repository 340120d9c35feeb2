"""What is to be read, one query a file: the council's own queries, or the tables and columns of a list."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from asc_cld.landing.catalogue import Match
from asc_cld.landing.connection import BrokenOff, LandingError
from asc_cld.nearest import nearest
from asc_cld.specification import extract_columns, extract_names

REMARKS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
QUOTED = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class Plan:
    """One file to land: its name, the query, and the columns that are kept; empty where the query names them."""

    name: str
    query: str
    # Counted before and after, so that a driver which takes a broken connection for the end is found out.
    counted: str = ""
    columns: dict[str, bool] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Changes when anything else would be read."""
        return hashlib.sha256(f"{self.query}\n{sorted(self.columns)}".encode()).hexdigest()


def plans_of_queries(folder: Path) -> list[Plan]:
    """One plan for each .sql file of a folder, which is called like an extract. Raises LandingError."""
    if not folder.is_dir():
        raise LandingError(f"there is no folder {folder}")
    plans, problems = [], []
    for path in sorted(folder.glob("*.sql")):
        name = path.stem.lower()
        if name not in extract_names():
            near = nearest(name, extract_names())
            problems.append(f"{path.name}: there is no extract called '{path.stem}'; the nearest is {near}")
            continue
        try:
            query = path.read_text(encoding="utf-8-sig").strip()
        except UnicodeDecodeError:
            problems.append(f"{path.name} is not UTF-8: save it as UTF-8")
            continue
        problem = query_problem(query)
        if problem:
            problems.append(f"{path.name}: {problem}")
            continue
        contract = {column: row["is_required"] == "yes" for column, row in extract_columns(name).items()}
        plans.append(Plan(name, query.rstrip("; \n"), columns=contract))
    if problems:
        raise LandingError("\n".join(problems))
    if not plans:
        raise LandingError(f"no query (person.sql, contact.sql, ...) stands in {folder}")
    return plans


def query_problem(query: str) -> str:
    """Why a text is not one query that only reads; '' where it is."""
    bare = QUOTED.sub("''", REMARKS.sub(" ", query)).strip().rstrip("; \n")
    if not bare:
        return "no query stands in it"
    if ";" in bare:
        return "several statements stand in it: write one query"
    if not re.match(r"(select|with)\b", bare, re.IGNORECASE):
        return "it is no query: begin with select or with"
    writes = re.search(
        r"\b(insert|update|delete|merge|drop|alter|create|truncate|into)\b", bare, re.IGNORECASE
    )
    return f"it holds the word {writes[0].lower()}: a query that only reads has none" if writes else ""


def plans_of_tables(matches: list[Match]) -> list[Plan]:
    """One plan for each table that was found, with the columns asked for and no other. Raises LandingError."""
    plans, files = [], {}
    for match in matches:
        name = file_name(match.wanted.table.rpartition(".")[2])
        if name.lower() in files:
            raise LandingError(f"{match.wanted.table} and {files[name.lower()]} would be one file")
        files[name.lower()] = match.wanted.table
        if not match.columns:
            continue
        # Quoted as the standard has it, in the spelling of the database: all three kinds take that.
        columns = ", ".join(f"{quoted(there)} as {quoted(name)}" for name, there in match.columns.items())
        place = ".".join(quoted(part) for part in (match.found.schema, match.found.table) if part)
        plans.append(Plan(name, f"select {columns} from {place}", f"select count(*) as n from {place}"))
    return plans


def quoted(name: str) -> str:
    """A name of a table or column as standard SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def file_name(table: str) -> str:
    """The name of a table as the name of its file. Raises LandingError where it cannot be one."""
    if not re.fullmatch(r"[A-Za-z0-9_$#]+", table):
        raise LandingError(f"table {table}: a name of letters, digits and _ can be landed")
    return table


def kept_columns(plan: Plan, schema: pa.Schema) -> list[int]:
    """The places of the columns of a result that are landed. Raises BrokenOff."""
    names = [name.strip().lower() for name in schema.names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BrokenOff(
            f"{plan.name}: column {', '.join(twice)} comes more than once: name each once (as ...)"
        )
    if not plan.columns:
        return list(range(len(names)))
    missing = [column for column, is_required in plan.columns.items() if is_required and column not in names]
    if missing:
        near = [nearest(column, set(names) - plan.columns.keys(), 0.7) for column in missing]
        said = [f"{one} (is it {like}?)" if like else one for one, like in zip(missing, near, strict=True)]
        raise BrokenOff(f"{plan.name}.sql: required column missing: {', '.join(said)}")
    return [place for place, name in enumerate(names) if name in plan.columns]


def unused_columns(plan: Plan, schema: pa.Schema) -> list[str]:
    """The columns of a query that are not of the contract, and are not landed."""
    return [name for name in schema.names if plan.columns and name.strip().lower() not in plan.columns]
