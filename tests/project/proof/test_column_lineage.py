"""The ways from column to column, on small invented SQL: value, key, condition, operand, row."""

from __future__ import annotations

import pytest

from asc_cld.column_lineage import Lineage

COLUMNS = {
    "raw.person": {"id": "varchar", "code": "varchar", "born": "date", "kind": "varchar", "other": "varchar"},
    "raw.event": {"person_id": "varchar", "amount": "integer", "day": "date", "kind": "varchar"},
    "mappings.codes": {"local_code": "varchar", "list": "varchar", "meaning": "varchar"},
}


def lineage_of(sql, *, before=""):
    nodes = {
        "source.codes": {"resource_type": "source", "schema": "mappings", "name": "codes"},
        "model.before": model("before", before or "select 1 as nothing", []),
        "model.asked": model("asked", sql, []),
        "model.list": model("list", "select local_code, meaning from mappings.codes", ["source.codes"]),
    }
    columns = COLUMNS | {
        "cnf.list": {"local_code": "varchar", "meaning": "varchar"},
        "cnf.before": {"cld_field": "varchar", "source_table": "varchar", "cld_value": "varchar"},
    }
    return Lineage({"nodes": nodes}, columns)


def model(name, sql, parents):
    return {
        "resource_type": "model",
        "schema": "cnf",
        "alias": name,
        "name": name,
        "language": "sql",
        "config": {"materialized": "table"},
        "compiled_code": sql,
        "depends_on": {"nodes": parents},
    }


def ways(sql, column="x", only=None, rows=False):
    made = lineage_of(sql).made("cnf.asked", column, only, rows)
    return {(f"{parent.relation}.{parent.column}", parent.way) for parent in made.parents}


CASES = {
    "as it is": ("select id as x from raw.person", {("raw.person.id", "value")}),
    "through CTEs and a star": (
        "with a as (select * from raw.person), b as (select a.*, upper(a.code) as y from a) select y as x from b",
        {("raw.person.code", "value")},
    ),
    "a condition only decides": (
        "select case when born is null then 'no' else code end as x from raw.person",
        {("raw.person.born", "condition"), ("raw.person.code", "value")},
    ),
    "an operand": (
        "select case kind when 'a' then code end as x from raw.person",
        {("raw.person.kind", "operand"), ("raw.person.code", "value")},
    ),
    "order and partition choose": (
        "select max(code) over (partition by id order by born) as x from raw.person",
        {("raw.person.code", "value"), ("raw.person.id", "condition"), ("raw.person.born", "condition")},
    ),
    "a count tells how many": (
        "select count(code) as x from raw.person group by id",
        {("raw.person.code", "condition")},
    ),
    "looked up in a list": (
        "select m.meaning as x from raw.person as p"
        " left join mappings.codes as m on m.list = 'role' and p.code = m.local_code",
        {("mappings.codes.meaning", "value"), ("raw.person.code", "key")},
    ),
    "looked up in a model of lists, behind a CTE": (
        "with m as (select * from cnf.list) select n.meaning as x from raw.person as p"
        " inner join m as n on n.local_code in ('*', p.code)",
        {("cnf.list.meaning", "value"), ("raw.person.code", "key")},
    ),
    "both branches of a union": (
        "select id as x from raw.person union all select person_id from raw.event",
        {("raw.person.id", "value"), ("raw.event.person_id", "value")},
    ),
    "a subquery": (
        "select (select max(e.day) from raw.event as e where e.person_id = p.id) as x from raw.person as p",
        {("raw.event.day", "value")},
    ),
    "the keyed hash is a closed door": ("select cld_pseudonym(id) as x from raw.person", set()),
    "an unnested list": (
        "select unnest(string_split(code, ';')) as x from raw.person",
        {("raw.person.code", "value")},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_ways_of_a_column(case):
    sql, expected = CASES[case]
    assert ways(sql) == expected


def test_rows_are_looked_at_where_asked_for():
    sql = (
        "select p.code as x from raw.person as p inner join raw.event as e on p.id = e.person_id"
        " left join mappings.codes as m on p.kind = m.local_code where e.amount > 0"
        " and exists (select 1 from raw.event as f where f.day = p.born)"
    )
    assert ways(sql) == {("raw.person.code", "value")}
    # What an outer join finds decides nothing where nothing of it is used.
    assert ways(sql, rows=True) == {("raw.person.code", "value")} | {
        (name, "row")
        for name in (
            "raw.person.id",
            "raw.event.person_id",
            "raw.event.amount",
            "raw.event.day",
            "raw.person.born",
        )
    }


LONG = (
    "with facts as (select 'Gender' as cld_field, 'person' as source_table, code as cld_value from raw.person"
    " union all select 'Postcode', 'event', kind from raw.event"
    " union all select v.cld_field, 'other', v.cld_value from raw.person as p, lateral (values"
    " ('Born', p.id), ('Died', p.other)) as v (cld_field, cld_value))"
    " select facts.cld_field, facts.cld_value as x from facts"
)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Gender", "raw.person.code"),
        ("Postcode", "raw.event.kind"),
        ("Born", "raw.person.id"),
        ("Died", "raw.person.other"),
    ],
)
def test_only_the_rows_that_are_asked_about_are_followed(field, expected):
    assert ways(LONG, only={"cld_field": frozenset({field})}) == {(expected, "value")}
    assert len(ways(LONG)) == 4


def test_a_model_without_rows_that_are_asked_about_rests_on_nothing():
    """Neither what its rows are taken from nor the list that they are looked up in."""
    sql = (
        "with a as (select id, 'Gender' as cld_field from raw.person union all select id, 'Died' from raw.event)"
        " select a.cld_field, m.meaning as x from a left join mappings.codes as m on a.id = m.local_code"
    )
    listed = {("mappings.codes.meaning", "value"), ("raw.person.id", "key")}
    assert ways(sql, only={"cld_field": frozenset({"Gender"})}) == listed
    assert ways(sql, only={"cld_field": frozenset({"Postcode"})}) == set()


def test_origins_go_through_all_models_and_a_column_that_is_not_there_has_none():
    lineage = lineage_of(
        "select cld_value as x from cnf.before", before="select id as cld_value from raw.person"
    )
    assert lineage.origins("cnf.asked", "x") == {("cnf.before", "cld_value"), ("raw.person", "id")}
    assert lineage.origins("cnf.asked", "nothing") == set()
    assert lineage.origins("raw.person", "id") == set()
    assert lineage.lists == {"mappings.codes", "cnf.list"}


def test_nothing_is_answered_with_what_is_true_of_another_project():
    sql = "select e.kind as x from raw.person as p left join raw.event as e on p.id = e.person_id"
    nodes = {"nodes": {"model.asked": model("asked", sql, [])}}
    value, key = ("raw.event.kind", "value"), ("raw.person.id", "key")
    for looked_up, expected in (([], {value}), (["raw.event"], {value, key}), ([], {value})):
        made = Lineage(nodes, COLUMNS, looked_up).made("cnf.asked", "x")
        assert {(f"{parent.relation}.{parent.column}", parent.way) for parent in made.parents} == expected
    # A star is what the columns are.
    starred = {"nodes": {"model.asked": model("asked", "select * from raw.person", [])}}
    for columns in (COLUMNS, COLUMNS | {"raw.person": {"id": "varchar", "new": "varchar"}}, COLUMNS):
        made = Lineage(starred, columns).made("cnf.asked", "new")
        assert bool(made.parents) == ("new" in columns["raw.person"])
