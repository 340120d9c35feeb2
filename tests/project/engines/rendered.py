"""The SQL of the models as an engine gets it, without dbt and without the engine: models and macros are the project's own.

What stands in for dbt is little: names of tables, the settings' defaults, and the columns that the models' YAML
declares. `test_sql_of_both_engines.py` holds it against what dbt itself compiled for DuckDB.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jinja2
import macro_sql
import yaml
from dbt_runs import PROJECT

# Folders of models that run on more than one engine.
ROOMS = ("staging/submissions", "submissions", "data_quality", "dhsc", "regional")
QUOTES = {"duckdb": '"', "spark": "`"}


def declared() -> dict[str, Any]:
    """dbt's graph, as far as macros look at it: the columns of each model."""
    nodes = {}
    for path in (PROJECT / "models").rglob("*.yml"):
        said = yaml.load(
            path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
        for model in (said or {}).get("models") or []:
            columns = {column["name"]: column for column in model.get("columns", [])}
            nodes[f"model.asc_cld.{model['name']}"] = {"name": model["name"], "columns": columns}
    return {"nodes": nodes}


class Rendered:
    """Writes models for one engine; `table` gives a table's name in SQL."""

    def __init__(self, engine: str, table: Callable[..., str] | None = None) -> None:
        quote = QUOTES[engine]
        self.known = known = macro_sql.macros(engine)
        defaults = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
        known["adapter"].quote = lambda name: f"{quote}{name}{quote}"

        def stop(reason: str) -> None:
            raise AssertionError(reason)

        self.table = table or (lambda *names: f"{quote}{names[-1]}{quote}")
        known.update(
            {
                "var": lambda name, default=None: defaults.get(name, default),
                "env_var": lambda name, default=None: default,
                "ref": self.table,
                "source": self.table,
                "config": lambda **_: "",
                "target": SimpleNamespace(type=engine, database="council", schema="main"),
                "graph": declared(),
                "modules": SimpleNamespace(re=re, datetime=datetime),
                "exceptions": SimpleNamespace(raise_compiler_error=stop),
                "date_setting": lambda name: f"cast('{known['setting'](name)}' as date)",
            }
        )
        self.environment = jinja2.Environment(extensions=["jinja2.ext.do"])

    def sql(self, text: str) -> str:
        """The SQL of a model's text."""
        return self.environment.from_string(text, globals=self.known).render()

    def models(self) -> dict[str, str]:
        """{model: its SQL} of all rooms."""
        return {
            path.stem: self.sql(path.read_text(encoding="utf-8"))
            for room in ROOMS
            for path in sorted((PROJECT / "models" / room).rglob("*.sql"))
        }
