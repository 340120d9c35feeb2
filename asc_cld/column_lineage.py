"""Which columns a column rests on, followed through the compiled SQL of all models.

Five ways lead from one column to another:

- `value`: what stands in the one is made of what stands in the other: `upper(nhs_number) as ref_no`.
- `key`: the value comes from a list, and the other column is what is looked up there.
- `condition`: the other column only decides: `case when nhs_number is null then 'no' end`.
- `operand`: the same, but as it is, not compared: `case is_open when true then 'open' end`.
- `row`: it decides which rows there are: where, join, group, having. Looked at only where asked for.

Through all layers values are followed (`origins`), not conditions. Of the last step, the models that share, nothing
is left out (`reads`): every column of another model that their SQL names and uses, in a value, condition, join,
order, partition, count or hash, also inside cld_pseudonym(), the one door through which an identifier may pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, traverse_scope

DIALECT = "duckdb"
DOOR = "cld_pseudonym"
VALUE, KEY, CONDITION, OPERAND, ROW = "value", "key", "condition", "operand", "row"
# What a shared value may be made of: a bare operand tells itself, a comparison tells only yes or no.
ORIGIN = frozenset({VALUE, OPERAND})
PREDICATES = (exp.Predicate, exp.Connector, exp.Not, exp.Is, exp.In, exp.Between)
# Where a comparison is what is put out, rather than a part of a value.
OUTPUT = (exp.Alias, exp.If, exp.Select, exp.Case, exp.Coalesce, exp.Paren)

Column = tuple[str, str]


@dataclass(frozen=True)
class Parent:
    """A column that another rests on, and the way: value, key, condition, operand, row."""

    relation: str
    column: str
    way: str


@dataclass
class Made:
    """How one column of a model is made: its expressions, one a branch of a union, and what they rest on."""

    parents: set[Parent] = field(default_factory=set)
    expressions: list[exp.Expression] = field(default_factory=list)
    constants: set[str] = field(default_factory=set)


# Parsing is what takes time. The tests change one model at a time: the others are parsed once a session. What is kept
# is kept under all that it was made of, so that no project is answered with what is true of another.
_prepared: dict[tuple, exp.Expression] = {}
_made: dict[tuple, Made] = {}


class Lineage:
    """The lineage of one project: its dbt manifest and the columns of its built relations."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        columns: Mapping[str, dict[str, str]],
        looked_up: Iterable[str] = (),
    ):
        """`columns`: 'schema.table' -> column -> type, for every relation that is stored.

        `looked_up`: models that other values are looked up in, as in a list.
        """
        self.schema: dict[str, dict[str, dict[str, str]]] = {}
        for relation, types in columns.items():
            schema, table = relation.split(".")
            self.schema.setdefault(schema, {})[table] = types
        self.sql = {
            _name(node): node["compiled_code"]
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model"
            and node["language"] == "sql"
            and node["config"]["materialized"] != "ephemeral"
            and node.get("compiled_code")
        }
        self.lists = _lists(manifest)
        self.looked_up = frozenset(self.lists | set(looked_up))
        self._of_schema = frozenset((relation, tuple(types.items())) for relation, types in columns.items())
        self.parents = _parents(manifest)
        self._origins: dict[Column, set[Column]] = {}

    def origins(self, relation: str, column: str) -> set[Column]:
        """All (relation, column) pairs, on the way and at the end, whose value reaches this column."""
        key = (relation.lower(), column.lower())
        if key not in self._origins:
            self._origins[key] = set()  # a relation never reads itself, but stay safe
            found = set()
            for parent in self.made(*key).parents:
                if parent.way in ORIGIN:
                    pair = (parent.relation, parent.column)
                    found |= {pair} | self.origins(*pair)
            self._origins[key] = found
        return self._origins[key]

    def made(
        self, relation: str, column: str, only: Mapping[str, frozenset[str]] | None = None, rows: bool = False
    ) -> Made:
        """How a column is made, by its own model; `rows`: also by what it is decided which rows there are.

        `only`: column -> constants of the rows that are asked about; branches of a union, and models, that put others
        into such a column are left out. A relation that is no model, or a column that it has not, rests on nothing.
        """
        if relation not in self.sql:
            return Made()
        asked = (column, tuple(sorted((only or {}).items())), rows)
        key = (self.sql[relation], self._of_schema, self.looked_up, *asked)
        if key not in _made:
            scope = build_scope(self._prepared(relation))
            walk = _Walk(self.looked_up, only or {}, rows)
            made = walk.column(scope, column) if scope and walk.may_hold_what_is_asked(scope) else None
            _made[key] = made or Made()
        return _made[key]

    def reads(self, relation: str, needed: Iterable[str] | None = None) -> set[Column]:
        """(schema, table.column) of every stored column that a model uses in any way.

        `needed`: only for these of its columns, and for which rows there are.
        """
        query = self._prepared(relation).copy()
        if needed is not None:
            columns = [exp.column(name, table="asked", quoted=True) for name in sorted(needed)]
            query = exp.select(*columns).from_(query.subquery("asked"))
        query = pushdown_projections(query)
        found = set()
        for scope in traverse_scope(query):
            for column in scope.columns:
                source = scope.sources.get(column.table)
                if isinstance(source, exp.Table):
                    found.add((source.db.lower(), f"{source.name}.{column.name}".lower()))
        return found

    def _prepared(self, relation: str) -> exp.Expression:
        key = (self.sql[relation], self._of_schema)
        if key not in _prepared:
            query = sqlglot.parse_one(self.sql[relation], dialect=DIALECT)
            for table in query.find_all(exp.Table):
                table.set("catalog", None)
            _prepared[key] = qualify(
                query, schema=self.schema, dialect=DIALECT, validate_qualify_columns=False, identify=False
            )
        return _prepared[key]


def _name(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node.get('alias') or node['name']}".lower()


def _parents(manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """Of each model those that it reads."""
    nodes = {**manifest["nodes"], **manifest.get("sources", {})}
    return {
        _name(node): {_name(nodes[parent]) for parent in node["depends_on"]["nodes"] if parent in nodes}
        for node in nodes.values()
        if node["resource_type"] == "model"
    }


def is_mapping(relation: str) -> bool:
    """Whether a relation is a mapping: the project's seeds, or the council's own files (mappings_path)."""
    return relation.split(".")[0] in ("mappings", "council_mappings")


def _lists(manifest: Mapping[str, Any]) -> set[str]:
    """The relations that are made of seeds and mappings alone: what is taken from them was looked up."""
    nodes = {**manifest["nodes"], **manifest.get("sources", {})}
    known: dict[str, bool] = {}

    def is_list(name: str) -> bool:
        if name not in known:
            node = nodes.get(name)
            known[name] = False
            if node and node["resource_type"] == "seed":
                known[name] = True
            elif node and node["resource_type"] == "source":
                known[name] = is_mapping(_name(node))
            elif node and node["resource_type"] == "model":
                parents = [parent for parent in node["depends_on"]["nodes"] if parent in nodes]
                known[name] = bool(parents) and all(is_list(parent) for parent in parents)
        return known[name]

    return {_name(node) for name, node in nodes.items() if is_list(name)}


class _Walk:
    """One walk from a column of a query to the stored columns, through its CTEs, unions and subqueries."""

    def __init__(self, lists: frozenset[str], only: Mapping[str, frozenset[str]], rows: bool):
        self.lists = lists
        self.only = only
        self.rows = rows
        self.known: dict[tuple[int, str], Made | None] = {}

    def column(self, scope: Scope, name: str) -> Made | None:
        """How a column of a scope is made; None: the scope has no such column."""
        key = (id(scope.expression), name.lower())
        if key not in self.known:
            self.known[key] = Made()  # of a recursive query
            self.known[key] = self._column(scope, name)
        return self.known[key]

    def _column(self, scope: Scope, name: str) -> Made | None:
        query = scope.expression
        if isinstance(query, exp.SetOperation):
            return self._of_union(scope, name)
        if isinstance(query, exp.Select):
            for position, projection in enumerate(query.selects):
                if projection.alias_or_name.lower() == name.lower():
                    return self._projection(scope, position)
            return None
        return self._of_values(scope, name)

    def _of_union(self, scope: Scope, name: str) -> Made | None:
        names = [projection.alias_or_name.lower() for projection in scope.expression.selects]
        if name.lower() not in names:
            return None
        position, made = names.index(name.lower()), Made()
        for branch in _branches(scope):
            if not self._is_asked(branch, names):
                continue
            _join(made, self._projection(branch, position))
        return made

    def may_hold_what_is_asked(self, scope: Scope) -> bool:
        """Whether a model that is no union may hold rows that are asked about; of a union its branches are asked."""
        if not isinstance(scope.expression, exp.Select):
            return True
        return self._is_asked(scope, [one.alias_or_name.lower() for one in scope.expression.selects])

    def _is_asked(self, branch: Scope, names: list[str]) -> bool:
        """Whether a branch may hold rows that are asked about."""
        for column, asked in self.only.items():
            if column in names:
                said = self._projection(branch, names.index(column))
                # A case between constants rests on columns by its conditions only.
                is_constant = said.constants and not {parent.way for parent in said.parents} & {VALUE, KEY}
                if not said.expressions or (is_constant and not said.constants & asked):
                    return False
        return True

    def _projection(self, scope: Scope, position: int) -> Made:
        projection = scope.expression.selects[position]
        key = (id(projection), "")
        if key not in self.known:
            self.known[key] = Made()
            made = Made(expressions=[projection.unalias()])
            source = scope.sources.get(projection.unalias().table) if _is_column(projection) else None
            if isinstance(source, Scope):
                inner = self.column(source, projection.unalias().name)
                if inner and not inner.expressions:
                    made.expressions = []  # all that it would be taken from was left out
            for way, node in _parts(projection):
                if isinstance(node, exp.Column):
                    self._add(made, scope, node, way)
                elif isinstance(node, exp.Literal) and way == VALUE:
                    made.constants.add(node.name)
                elif isinstance(node, (exp.Query, exp.Subquery)):
                    for inner in _scopes_of(scope, node):
                        for index, _ in enumerate(inner.expression.selects):
                            _join(made, self._projection(inner, index), way)
            if self.rows:
                self._add_rows(made, scope)
            self.known[key] = made
        return self.known[key]

    def _add(self, made: Made, scope: Scope, column: exp.Column, way: str) -> None:
        while column.table not in scope.sources and scope.parent:
            scope = scope.parent  # a subquery speaks of the query around it
        name, source = column.name, scope.sources.get(column.table)
        if self.rows:
            self._add_join(made, scope, column.table)
        if isinstance(source, exp.Table):
            relation = f"{source.db}.{source.name}".lower()
            made.parents.add(Parent(relation, name.lower(), way))
            if relation in self.lists:
                self._add_keys(made, scope, column.table, way)
        elif isinstance(source, Scope):
            inner = self.column(source, name)
            if inner is None:
                # A function that makes a table, or an unnested list: what stands in it.
                inner = self._of_values(source, name)
            _join(made, inner, way)
            if self._is_list(source):
                self._add_keys(made, scope, column.table, way)

    def _add_rows(self, made: Made, scope: Scope) -> None:
        """What decides which rows a query has, those of its subqueries included."""
        for name in ("joins", "where", "group", "having", "qualify"):
            clauses = scope.expression.args.get(name) or []
            for clause in clauses if isinstance(clauses, list) else [clauses]:
                if isinstance(clause, exp.Join) and clause.side:
                    continue  # looked at where something is taken from what it joins
                for _, node in _parts(clause):
                    if isinstance(node, exp.Column):
                        self._add(made, scope, node, ROW)
        for inner in scope.subquery_scopes:
            if isinstance(inner.expression, exp.Select):
                for index, _ in enumerate(inner.expression.selects):
                    _join(made, self._projection(inner, index), ROW)

    def _add_join(self, made: Made, scope: Scope, alias: str) -> None:
        """By what rows of an outer join are found, where something of them is used."""
        for join in scope.expression.args.get("joins") or []:
            if join.alias_or_name == alias and join.side and join.args.get("on"):
                for part in join.args["on"].find_all(exp.Column):
                    if part.table != alias:
                        self._add(made, scope, part, ROW)

    def _add_keys(self, made: Made, scope: Scope, alias: str, way: str) -> None:
        """What is looked up in a list that is joined under an alias: the other side of each equation."""
        if way not in (VALUE, CONDITION, OPERAND):
            return
        for join in scope.expression.args.get("joins") or []:
            if join.alias_or_name != alias or not join.args.get("on"):
                continue
            for equation in join.args["on"].find_all(exp.EQ, exp.In):
                first, *others = equation.iter_expressions()
                for own, asked in ((first, others), *((other, [first]) for other in others)):
                    if {part.table for part in own.find_all(exp.Column)} == {alias}:
                        for part in (column for side in asked for column in side.find_all(exp.Column)):
                            if part.table != alias:
                                # Whether it is found there may be all that is asked.
                                self._add(made, scope, part, KEY if way == VALUE else CONDITION)

    def _is_list(self, source: Scope) -> bool:
        """Whether a CTE is no more than rows of one list."""
        read = [table for _, table in source.selected_sources.values()]
        if len(read) != 1:
            return False
        if isinstance(read[0], exp.Table):
            return f"{read[0].db}.{read[0].name}".lower() in self.lists
        return isinstance(read[0], Scope) and self._is_list(read[0])

    def _of_values(self, scope: Scope, name: str) -> Made:
        """A column of values written down, of an unnested list or of a function that makes a table."""
        made, query = Made(), scope.expression
        values = query if isinstance(query, exp.Values) else query.find(exp.Values)
        position, names = None, []
        alias = query.args.get("alias") if isinstance(query, (exp.Values, exp.Lateral)) else None
        if values is not None:
            alias = alias or values.args.get("alias")
            names = [column.name.lower() for column in (alias.columns if alias else [])]
            position = names.index(name.lower()) if name.lower() in names else None
        if position is None:
            parts = [query]
        else:
            parts = [
                row.expressions[position]
                for row in values.expressions
                if not any(
                    column in names
                    and isinstance(row.expressions[names.index(column)], exp.Literal)
                    and row.expressions[names.index(column)].name not in asked
                    for column, asked in self.only.items()
                )
            ]
        for part in parts:
            made.expressions.append(part)
            for node in part.find_all(exp.Column, exp.Literal):
                if isinstance(node, exp.Column):
                    self._add(made, scope, node, VALUE)
                else:
                    made.constants.add(node.name)
        return made


def _is_column(projection: exp.Expression) -> bool:
    return isinstance(projection.unalias(), exp.Column)


def _branches(scope: Scope) -> Iterator[Scope]:
    """The selects of a union, from the first to the last."""
    for branch in scope.set_operation_scopes:
        if isinstance(branch.expression, exp.SetOperation):
            yield from _branches(branch)
        else:
            yield branch


def _scopes_of(scope: Scope, node: exp.Expression) -> Iterator[Scope]:
    query = node.unnest() if isinstance(node, exp.Subquery) else node
    for inner in scope.subquery_scopes:
        if inner.expression is query or inner.expression is node:
            yield from _branches(inner) if isinstance(query, exp.SetOperation) else [inner]


def _join(made: Made, other: Made | None, way: str = VALUE) -> None:
    """Adds how another column is made; `way`: how it is used, which what it rests on cannot be more than."""
    if other is None:
        return
    for parent in other.parents:
        weaker = parent.way if way == VALUE else way if parent.way in (VALUE, KEY) else parent.way
        made.parents.add(Parent(parent.relation, parent.column, weaker))
    if way == VALUE:
        made.expressions += [part for part in other.expressions if part not in made.expressions]
        made.constants |= other.constants


def _parts(projection: exp.Expression) -> Iterator[tuple[str, exp.Expression]]:
    """(way, column, literal or subquery) of all that an expression is made of."""
    waiting = [(VALUE, projection)]
    while waiting:
        way, node = waiting.pop()
        if isinstance(node, (exp.Column, exp.Literal, exp.Query, exp.Subquery)):
            yield way, node
        elif isinstance(node, exp.Anonymous) and node.name.lower() == DOOR:
            continue
        elif isinstance(node, exp.Count):
            # How many there are, not what they are.
            waiting += [(CONDITION, child) for child in node.iter_expressions()]
        elif isinstance(node, exp.Window):
            # Order and partition choose a row; only what stands before OVER is a value.
            counts = isinstance(node.this, (exp.RowNumber, exp.Rank))
            waiting.append((CONDITION if counts else way, node.this))
            rest = [child for child in node.iter_expressions() if child is not node.this]
            waiting += [(CONDITION, child) for child in rest]
        elif isinstance(node, PREDICATES) and isinstance(node.parent, OUTPUT):
            waiting += [(CONDITION, child) for child in node.iter_expressions()]
        elif isinstance(node, (exp.If, exp.Case)):
            condition = OPERAND if way == VALUE else way
            for child in node.iter_expressions():
                waiting.append((condition if child is node.this else way, child))
        else:
            waiting += [(way, child) for child in node.iter_expressions()]
