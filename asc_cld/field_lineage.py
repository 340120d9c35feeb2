"""The way of a field, an extract column or a measure through the models of a built project.

A way backwards begins at a column and ends at the extracts, or at the fields of the return. On it stand the models
that are met with the columns that are used of them, the lists that something is looked up in, and the columns that
only decide. The ways forwards of an extract column are those of all fields, read from their other end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from asc_cld.column_lineage import CONDITION, DIALECT, KEY, OPERAND, VALUE, Column, Lineage, Made, Parent

RETURN = "cld.cld_events"
# Where the fields of every file stand, and what DHSC makes of them before it measures anything.
ROWS = "submissions.sub_rows"
HUBS = frozenset({"dhsc.dhsc_events_joined", "dhsc.dhsc_events_single", "dhsc.dhsc_person_details"})
# Models that values are looked up in, as in a list: which record of a merged person stands, DHSC's own values.
LOOKED_UP = ("conformed.cnf_person_records", "dhsc.dhsc_value_map")
# Other spellings of keys are found there: it takes no value from an extract to another.
SPELLINGS = "staging.stg_extracts__references"
# Longer expressions are told in words only.
LONGEST_SQL = 160
Only = Mapping[str, frozenset[str]]


@dataclass
class Way:
    """What stands between a column and those that it rests on."""

    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    arrows: set[tuple[Column, Column]] = field(default_factory=set)
    ends: set[Column] = field(default_factory=set)
    lists: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    made: dict[Column, Made] = field(default_factory=dict)

    @property
    def relation_arrows(self) -> set[tuple[str, str]]:
        """The arrows between models: from, to."""
        return {(before[0], after[0]) for before, after in self.arrows if before[0] != after[0]}

    def from_end(self, end: Column) -> Way:
        """The part of the way that leads from one of its ends."""
        after: dict[Column, set[Column]] = defaultdict(set)
        for before, later in self.arrows:
            after[before].add(later)
        part, waiting, seen = Way(), [end], {end}
        while waiting:
            here = waiting.pop()
            part.columns[here[0]].add(here[1])
            for later in after[here]:
                part.arrows.add((here, later))
                if later not in seen:
                    seen.add(later)
                    waiting.append(later)
        part.ends = {end}
        part.made = {column: made for column, made in self.made.items() if column in seen}
        part.lists.update({name: part.columns.keys() & used for name, used in self.lists.items()})
        part.lists = {name: used for name, used in part.lists.items() if used}
        return part

    def add(self, other: Way) -> None:
        """Adds another way to this one."""
        for relation, columns in other.columns.items():
            self.columns[relation] |= columns
        for name, used in other.lists.items():
            self.lists[name] |= used
        self.arrows |= other.arrows
        self.ends |= other.ends
        for column, made in other.made.items():
            known = self.made.get(column, Made())
            self.made[column] = replace(made, parents=made.parents | known.parents)

    def in_order(self) -> list[str]:
        """The models, from the ends to where the way began; of two at the same place by name."""
        before: dict[str, set[str]] = defaultdict(set)
        for earlier, later in self.relation_arrows:
            before[later].add(earlier)
        places: dict[str, int] = {}

        def place(relation: str) -> int:
            if relation not in places:
                places[relation] = 0  # models never read in a circle, but stay safe
                places[relation] = 1 + max((place(earlier) for earlier in before[relation]), default=-1)
            return places[relation]

        return sorted(self.columns, key=lambda relation: (place(relation), relation))


def way_back(
    lineage: Lineage,
    starts: Iterable[Column],
    is_end: Callable[[str], bool],
    only: Only | None = None,
    is_whole: Callable[[str], bool] = lambda relation: False,
    is_used: Callable[[Column, Parent], bool] = lambda column, parent: True,
) -> Way:
    """The way back from some columns. `is_whole`: of such a model also what decides which rows there are."""
    way, waiting = Way(), list(starts)
    seen = set(waiting)
    while waiting:
        here = waiting.pop()
        relation, column = here
        way.columns[relation].add(column)
        if is_end(relation):
            way.ends.add(here)
            continue
        whole = is_whole(relation)
        made = lineage.made(relation, column, only, whole)
        if not made.parents and any(part.find(exp.Count) for part in made.expressions):
            # A count of rows rests on what decides which there are.
            made = lineage.made(relation, column, only, True)
            whole = True
        made = replace(made, parents={parent for parent in made.parents if is_used(here, parent)})
        way.made[here] = made
        for parent in _followed(made.parents, lineage.lists, whole):
            if parent.relation in lineage.lists:
                for seed in _seeds(lineage, parent):
                    way.lists[seed].add(relation)
                continue
            there = (parent.relation, parent.column)
            way.arrows.add((there, here))
            if there not in seen:
                seen.add(there)
                waiting.append(there)
    return way


def _followed(parents: set[Parent], lists: Collection[str], whole: bool) -> set[Parent]:
    """Of what a column rests on what is followed: conditions only where no value comes from anywhere."""
    if whole:
        return parents
    values = {parent for parent in parents if parent.way in (VALUE, KEY)}
    if any(parent.relation not in lists for parent in values):
        return values
    return values | {parent for parent in parents if parent.way in (CONDITION, OPERAND)}


def _seeds(lineage: Lineage, parent: Parent) -> set[str]:
    """The seeds and mappings that a column of a list comes from."""
    if parent.relation not in lineage.sql:
        return {parent.relation}
    found = {relation for relation, _ in lineage.origins(parent.relation, parent.column)}
    return {relation for relation in found if relation not in lineage.sql} or {parent.relation}


def field_way(lineage: Lineage, field: Mapping, listed: Mapping[Column, set[str]], extracts: set[str]) -> Way:
    """From a field of the return back to the extracts.

    `listed`: (extract, column) -> the fields that its codes may stand for, as the specification says. Dated fields
    share one column of one model; there only the rows of this field are followed.
    """
    header = field["header"]
    only: dict[str, frozenset[str]] = {"cld_field": frozenset({header})}
    dated = bool(field["value_rule"])
    if dated:
        coded = {table for (table, _), fields in listed.items() if header in fields}
        others = extracts - {table for table, _ in listed}
        only["source_table"] = frozenset(coded or others)

    def is_used(column: Column, parent: Parent) -> bool:
        # Why a record is left out rests on nearly every column, and is told in cld_exclusions.
        if parent.relation == SPELLINGS or parent.column == "exclusion_code":
            return False
        fields = listed.get((parent.relation.removeprefix("staging.stg_extracts__"), parent.column))
        return not (dated and fields and header not in fields)

    return way_back(
        lineage,
        [(RETURN, field["snake_name"])],
        lambda relation: relation.startswith("extracts."),
        only,
        is_used=is_used,
    )


def measure_way(lineage: Lineage, starts: Iterable[Column], only: Only) -> Way:
    """From a measure back to the fields of the return: all that its own models look at, then where that comes from."""
    own = {relation for relation in lineage.sql if relation.startswith("dhsc.")} - with_all_before(
        lineage, HUBS
    )
    return way_back(
        lineage,
        starts,
        lambda relation: not relation.startswith("dhsc."),
        only,
        lambda relation: relation in own,
    )


def with_all_before(lineage: Lineage, relations: Iterable[str]) -> set[str]:
    """Some models and every relation that they are made of."""
    found: set[str] = set()
    waiting = list(relations)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += lineage.parents.get(here, ())
    return found


def expression_of(made: Made) -> exp.Expression | None:
    """What a column is made by, where it is more than a name: the outermost that is."""
    for part in made.expressions:
        if not isinstance(part, (exp.Column, exp.Literal, exp.Null)):
            return part
    return None


def in_sql(made: Made) -> str:
    """That expression in SQL, where it is short enough to be read."""
    part = expression_of(made)
    sql = part.sql(dialect=DIALECT) if part is not None else ""
    return sql if len(sql) <= LONGEST_SQL else ""
