"""Which columns a column's value comes from, followed through the compiled SQL of all models.

Through all layers values are followed (`origins`), not conditions: `case when nhs_number is null then
'no' end` is not, `upper(nhs_number) as ref_no` is. Of the last step, the models that share, nothing is left
out (`reads`): every column of another layer that their SQL names and uses, in a value, condition, join, order,
partition, count or hash, also inside cld_pseudonym(), the one door through which an identifier may pass.
"""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope, traverse_scope

DIALECT = "duckdb"
DOOR = "cld_pseudonym"
# Parsing is what takes time. The tests change one model at a time: the others are parsed once a session.
_parents_by_sql: dict[tuple[str, str], set[tuple[str, str]]] = {}


class Lineage:
    """The lineage of one project: its dbt manifest and the columns of its built relations."""

    def __init__(self, manifest: dict, columns: dict[str, dict[str, str]]):
        """`columns`: 'schema.table' -> column -> type, for every relation that is stored."""
        self.schema: dict[str, dict[str, dict[str, str]]] = {}
        for relation, types in columns.items():
            schema, table = relation.split(".")
            self.schema.setdefault(schema, {})[table] = types
        self.sql = {
            f"{node['schema']}.{node['alias']}".lower(): node["compiled_code"]
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model"
            and node["language"] == "sql"
            and node["config"]["materialized"] != "ephemeral"
            and node.get("compiled_code")
        }
        self._origins: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def origins(self, relation: str, column: str) -> set[tuple[str, str]]:
        """All (relation, column) pairs, on the way and at the end, whose value reaches this column."""
        key = (relation.lower(), column.lower())
        if key not in self._origins:
            self._origins[key] = set()  # a relation never reads itself, but stay safe
            found = set()
            for parent in self._parents(*key):
                found |= {parent} | self.origins(*parent)
            self._origins[key] = found
        return self._origins[key]

    def reads(self, relation: str) -> set[tuple[str, str]]:
        """(schema, table.column) of every stored column that a model uses in any way."""
        query = sqlglot.parse_one(self.sql[relation], dialect=DIALECT)
        for table in query.find_all(exp.Table):
            table.set("catalog", None)
        query = pushdown_projections(
            qualify(
                query, schema=self.schema, dialect=DIALECT, validate_qualify_columns=False, identify=False
            )
        )
        found = set()
        for scope in traverse_scope(query):
            for column in scope.columns:
                source = scope.sources.get(column.table)
                if isinstance(source, exp.Table):
                    found.add((source.db.lower(), f"{source.name}.{column.name}".lower()))
        return found

    def _parents(self, relation: str, column: str) -> set[tuple[str, str]]:
        if relation not in self.sql:
            return set()
        key = (self.sql[relation], column)
        if key not in _parents_by_sql:
            _parents_by_sql[key] = self._parsed_parents(relation, column)
        return _parents_by_sql[key]

    def _parsed_parents(self, relation: str, column: str) -> set[tuple[str, str]]:
        query, scope = self._prepared(relation)
        tree = lineage(column, query, schema=None, scope=scope, dialect=DIALECT, trim_selects=False)
        parents = set()
        for node in tree.walk():
            if isinstance(node.expression, exp.Table):
                table = node.expression
                parents.add((f"{table.db}.{table.name}".lower(), node.name.split(".")[-1].strip('"').lower()))
        return parents

    @cache  # noqa: B019 - one object for one test session
    def _prepared(self, relation: str):
        query = sqlglot.parse_one(self.sql[relation], dialect=DIALECT).transform(_shut)
        for table in query.find_all(exp.Table):
            table.set("catalog", None)
        query = qualify(
            query, schema=self.schema, dialect=DIALECT, validate_qualify_columns=False, identify=False
        )
        return query, build_scope(query)


PREDICATES = (exp.Predicate, exp.Connector, exp.Not, exp.Is, exp.In, exp.Between)


def _shut(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Anonymous) and node.name.lower() == DOOR:
        return exp.Literal.string("pseudonym")
    if isinstance(node, exp.Count):
        return exp.Literal.number(1)
    in_output = isinstance(node.parent, (exp.Alias, exp.If, exp.Select, exp.Case, exp.Coalesce, exp.Paren))
    if isinstance(node, PREDICATES) and in_output:
        return exp.true()
    if isinstance(node, exp.Window):
        # Order and partition choose a row; only what stands before OVER is a value.
        return node.this if not isinstance(node.this, (exp.RowNumber, exp.Rank)) else exp.Literal.number(1)
    return node
