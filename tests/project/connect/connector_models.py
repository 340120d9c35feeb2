"""The models of a connector without dbt: their SQL on landed tables in memory, in a second instead of ten."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import jinja2
import pyarrow as pa

from asc_cld import connect

MANY = "10"


def landed(system: str, source: Path) -> dict[str, pa.Table]:
    files = connect.landed_files(source)
    return {
        table.name: connect.read_table(files[table.name], table)
        if table.name in files
        else pa.schema([(name, pa.string()) for name in table.columns]).empty_table()
        for table in connect.expected_tables(system).values()
    }


class Models:
    """All models of a connector as tables; `changed` is SQL that stands in for a model's own."""

    def __init__(self, system: str, tables: dict[str, pa.Table], changed: dict[str, str] | None = None):
        self.database = duckdb.connect()
        self.database.execute("create schema landed; create schema base; set search_path = 'base,landed'")
        folder = connect.CONNECTORS / system
        for name, table in tables.items():
            self.database.register("now", table)
            self.database.execute(f'create table landed."{name}" as select * from now')
        for path in (folder / "seeds").glob("*.csv"):
            self.database.execute(
                f"create table base.\"{path.stem}\" as select * from read_csv('{path}', all_varchar=true, header=true)"
            )
        self.sql = {
            path.stem: path.read_text(encoding="utf-8") for path in (folder / "models").rglob("*.sql")
        }
        self.sql |= changed or {}
        self.made = {path.stem for path in (folder / "seeds").glob("*.csv")}
        for name in self.sql:
            self._make(name)

    def _make(self, name: str) -> None:
        if name in self.made:
            return
        self.made.add(name)
        for other in re.findall(r"ref\('(\w+)'\)", self.sql[name]):
            self._make(other)
        query = jinja2.Template(self.sql[name]).render(
            ref='base."{}"'.format, source='{}."{}"'.format, var={"many": MANY}.get
        )
        self.database.execute(f'create table base."{name}" as {query}')

    def rows(self, query: str) -> list[tuple]:
        return self.database.execute(query).fetchall()

    def findings(self, severity: str = "stop") -> list[tuple[str, int]]:
        return self.rows(f"select what, records from findings where severity = '{severity}' order by all")


def sql_of(system: str, model: str) -> str:
    [path] = (connect.CONNECTORS / system / "models").rglob(f"{model}.sql")
    return path.read_text(encoding="utf-8")


def mutated(system: str, model: str, old: str, new: str) -> dict[str, str]:
    """A model's SQL with one piece of it changed; the piece must stand in it once."""
    sql = sql_of(system, model)
    assert sql.count(old) == 1, (model, old)
    return {model: sql.replace(old, new)}


# What of each extract says the same in every system's shape.
COMPARED = {
    "person": "person_id forename surname gender_code ethnicity_code restricted record_status merged_into_person_id"
    " dob_estimated @date_of_death",
    "address": "address_id person_id address_type postcode uprn @start_date @end_date is_main",
    "person_classification": "person_id classification code @start_date @end_date",
    "relationship": "relationship_id person_id related_person_id relationship_code is_unpaid_carer is_main_carer"
    " hours_code @start_date",
    "contact": "contact_id person_id subject_role contact_type_code @received_at @completed_at status route_code"
    " outcome_code is_conversation team_id",
    "assessment": "assessment_id person_id subject_role contact_id assessment_type_code @started_at @completed_at"
    " @form_start_date @form_end_date status eligible_needs_code method_code outcome_code team_id",
    "review": "review_id person_id subject_role package_id reason_code @due_date @started_at @completed_at status"
    " method_code outcomes_achieved_code outcome_code team_id",
    "service_package": "package_id person_id status package_type_code",
    "service_line": "line_id package_id element_code provider_id",
    "rate": "rate_id line_id amount",
}


def compared(
    database: duckdb.DuckDBPyConnection, extract: str, leave_out: frozenset[str] = frozenset()
) -> list:
    """The rows of an extract as they are compared: moments typed, in order."""
    from demo_council.as_mosaic import moment

    columns = [name for name in COMPARED[extract].split() if name.lstrip("@") not in leave_out]
    shown = [
        f"cast({moment(name[1:])} as varchar)" if name.startswith("@") else f'trim("{name}")'
        for name in columns
    ]
    return database.execute(f"select {', '.join(shown)} from {extract} order by all").fetchall()


def differing(
    models: Models, demo: duckdb.DuckDBPyConnection, leave_out: frozenset[str] = frozenset()
) -> list:
    """The extracts in which a connector says something else than the demo does."""
    return [
        extract
        for extract in COMPARED
        if compared(models.database, extract, leave_out) != compared(demo, extract, leave_out)
    ]
