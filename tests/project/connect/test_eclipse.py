"""The demo council as views of Eclipse gives the same return, and what is not understood is named."""

import hashlib
import json
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from conftest import DEMO_EXTRACTS, PROJECT, TO_THE_FILE, dbt
from connector_models import Models, differing, landed, mutated

from asc_cld import connect

sys.path.insert(0, str(PROJECT / "scripts"))

from demo_council import as_eclipse, as_mosaic

SYSTEM = "eclipse"
GOLDEN = json.loads((PROJECT / "tests" / "project" / "return" / "golden.json").read_text(encoding="utf-8"))
# No public view holds these.
UNKNOWN = frozenset({"is_main"})


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eclipse") / "views"
    as_eclipse.write(DEMO_EXTRACTS, folder)
    return folder


@pytest.fixture(scope="module")
def tables(source):
    return landed(SYSTEM, source)


@pytest.fixture(scope="module")
def demo():
    """The demo's extracts; an end that says there is none is none."""
    database = as_mosaic.as_tables(DEMO_EXTRACTS)
    return without_far_ends(database, "person_classification")


def without_far_ends(database, table):
    database.execute(
        f"update {table} set end_date = null where end_date like '%9999%' or end_date like '%2099%'"
    )
    return database


def differs(tables, demo, changed=None):
    models = Models(SYSTEM, tables, changed)
    without_far_ends(models.database, "person_classification")
    return differing(models, demo, UNKNOWN)


def test_the_return_through_the_connector_is_the_golden_file(source, tmp_path):
    run = dbt(
        tmp_path, *TO_THE_FILE, source_system=SYSTEM, source_path=source, extracts_path=tmp_path / "made"
    )
    assert run.exit_code == 0, run.printed
    assert hashlib.sha256(run.return_file.read_bytes()).hexdigest() in json.dumps(GOLDEN)


def test_the_extracts_say_what_the_demo_says(tables, demo):
    assert differs(tables, demo) == []
    assert Models(SYSTEM, tables).findings() == []


MUTATIONS = [
    ("forms", "where upper(states.status) <> 'DELETED'", ""),
    ("forms", "answers.answerforsubjectid as person_id", "answers.instanceid as person_id"),
    ("answers", "answers.controlname = controls.controlname", "true"),
    ("answers", "lower(max(of_several)) = 'latest'", "true"),
    ("answers", "then answers.dateanswervalue", "then answers.answervalue"),
    ("person_classification", "coalesce(upper(classifications.status), '') <> 'DELETED'", "true"),
    ("person_classification", "classifications.classificationpathid = paths.classificationpathid", "true"),
    ("relationship", "where relationships.meaning in ('carer', 'relation')", ""),
    ("relationships", "relationships.roleapersonid as person_id", "relationships.rolebpersonid as person_id"),
]


@pytest.mark.parametrize(("model", "old", "new"), MUTATIONS)
def test_a_mutation_of_the_connector_is_seen(tables, demo, model, old, new):
    assert differs(tables, demo, mutated(SYSTEM, model, old, new))


@pytest.mark.parametrize(
    ("table", "column", "what"),
    [
        ("formanswerpersonview", "designguid", "form design odd (Request for support)"),
        ("formanswerpersonview", "instancestate", "form state odd"),
        ("formanswerpersonview", "controlname", "form design "),
        ("referencenumberpersonview", "referencetypecode", "reference type odd"),
        ("relationshippersonview", "relationship", "relationship odd"),
        ("classificationpersonview", "classificationpathid", "classification path odd"),
    ],
)
def test_what_is_not_understood_is_named(tables, table, column, what):
    found = tables[table]
    odd = pa.array(["odd"] * len(found))
    if what.endswith(")"):
        found = found.filter(pc.equal(found["designsubname"], "Request for support"))
        odd = pa.array(["odd"] * len(found))
    changed = found.set_column(found.column_names.index(column), column, odd)
    assert any(name.startswith(what) for name, _ in Models(SYSTEM, tables | {table: changed}).findings())


def test_the_discovery_query_lists_the_candidates_by_use(source):
    found = connect.discover(SYSTEM, source)
    assert [len(rows) > 1 for _, _, rows in found] == [True] * 5
    assert found[0][0].startswith("1. form_designs.csv")
