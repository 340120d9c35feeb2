"""The SQL that a macro of the project writes, without a dbt run: for tests that try a macro on many values."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import jinja2
from dbt_runs import PROJECT

MACRO = re.compile(r"({%-?\s*macro\s+)(\w+)")


class _Adapter:
    """Stands for dbt's adapter: every macro is dispatched to the one for the engine."""

    def __init__(self, macros, engine):
        self.macros = macros
        self.engine = engine

    def dispatch(self, name, package):
        return self.macros.get(f"{self.engine}__{name}") or self.macros[f"default__{name}"]


class _Returned(Exception):
    def __init__(self, value):
        self.value = value


def macros(engine: str = "duckdb", **settings: str) -> dict:
    """Every macro of macros/ as a function of Python; settings are the days that date_setting() gives."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    found: dict = {}

    def give_back(value):
        raise _Returned(value)

    def as_function(name, text):
        @cache
        def template():
            return environment.from_string(text, globals=found)

        def call(*arguments, **named):
            try:
                # A private name, so that macros of one file find each other as those of other files do.
                return getattr(template().make_module(found), f"macro_{name}")(*arguments, **named)
            except _Returned as returned:
                return returned.value

        return call

    # The project's own come last: where both have a form, its is the one (dbt_project.yml).
    for path in [*_of_dbt(), *sorted((PROJECT / "macros").rglob("*.sql"))]:
        text = path.read_text(encoding="utf-8")
        for _, name in MACRO.findall(text):
            found[name] = as_function(name, MACRO.sub(r"\1macro_\2", text))
    found.update(
        {
            "adapter": _Adapter(found, engine),
            "dbt": SimpleNamespace(**found),
            "modules": SimpleNamespace(re=re),
            "execute": True,
            "return": give_back,
            "date_setting": lambda name: f"cast('{settings[name]}' as date)",
            "seed_rows": _seed_rows,
        }
    )
    return found


def _of_dbt():
    """The files of dbt's own macros of days, and DuckDB's."""
    from dbt.include import duckdb, global_project

    for package, names in (
        (global_project, ("datediff", "dateadd", "last_day", "date_trunc")),
        (duckdb, ("datediff", "dateadd", "lastday")),
    ):
        for name in names:
            path = Path(package.__file__).parent / "macros" / "utils" / f"{name}.sql"
            if path.exists():
                yield path


def _seed_rows(seed, columns):
    (path,) = (PROJECT / "seeds").rglob(f"{seed}.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return [{column: row[column] for column in columns} for row in csv.DictReader(stream)]


def model_sql(path: str, macros: dict) -> str:
    """A model that reads sources only, each as a table of the source's name."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    text = (PROJECT / "models" / path).read_text(encoding="utf-8")
    return environment.from_string(text).render(macros | {"source": lambda folder, table: table})
