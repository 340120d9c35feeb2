"""The demo council as tables of Mosaic gives the same return, and what is not understood is named."""

import hashlib
import json
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import DEMO_EXTRACTS, PROJECT, TO_THE_FILE, assert_refused, dbt, run_again
from connector_models import Models, differing, landed, mutated

from asc_cld import connect
from asc_cld.readers.errors import InputError

sys.path.insert(0, str(PROJECT / "scripts"))

from demo_council import as_mosaic

SYSTEM = "mosaic"
GOLDEN = json.loads((PROJECT / "tests" / "project" / "return" / "golden.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mosaic") / "tables"
    as_mosaic.write(DEMO_EXTRACTS, folder)
    return folder


@pytest.fixture(scope="module")
def tables(source):
    return landed(SYSTEM, source)


@pytest.fixture(scope="module")
def demo():
    return as_mosaic.as_tables(DEMO_EXTRACTS)


def test_the_return_through_the_connector_is_the_golden_file(source, tmp_path):
    run = dbt(
        tmp_path,
        *TO_THE_FILE,
        source_system=SYSTEM,
        source_path=source,
        extracts_path=tmp_path / "made",
    )
    assert run.exit_code == 0, run.printed
    assert hashlib.sha256(run.return_file.read_bytes()).hexdigest() in json.dumps(GOLDEN)
    made = json.loads((tmp_path / "made" / connect.MADE_FROM).read_text(encoding="utf-8"))
    assert made["source_system"] == SYSTEM
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".connecting")]


def test_the_extracts_say_what_the_demo_says(tables, demo):
    models = Models(SYSTEM, tables)
    assert differing(models, demo) == []
    assert models.findings() == []


MUTATIONS = [
    ("steps", "where upper(steps.step_status) <> 'PROPOSED'", ""),
    (
        "steps",
        "on steps.subgroup_id = subjects.subgroup_id",
        "on steps.workflow_step_id = subjects.subgroup_id",
    ),
    ("subjects", "where upper(subject_type_code) = 'PER'", ""),
    ("next_actions", "not in ('CANCELLED', 'PROPOSED')", "not in ('PROPOSED')"),
    ("next_actions", "not in ('CANCELLED', 'PROPOSED')", "not in ('CANCELLED')"),
    (
        "next_actions",
        "links.target_step_id = steps.workflow_step_id",
        "links.source_step_id = steps.workflow_step_id",
    ),
    ("answers", "when of_several = 'earliest'", "when of_several = 'never'"),
    ("answers", "0') desc,", "0') asc,"),
    ("answers", "both_kinds.question_user_code = questions.question_user_code", "true"),
    ("relationship", "where relationships.meaning in ('carer', 'relation')", ""),
    ("relationship", "relationships.meaning = 'carer'", "relationships.meaning is not null"),
    ("person", "where meaning = 'merged_into'", "where meaning = 'carer'"),
    ("assessment", "where steps_before.extract = 'contact'", "where steps_before.extract = 'review'"),
    (
        "assessment",
        "links.source_step_id = steps_before.workflow_step_id",
        "links.target_step_id = steps_before.workflow_step_id",
    ),
    ("address", "then 'HOME'", "then 'PLACEMENT'"),
    ("person_classification", "and steps.status = 'COMPLETED'", "and steps.status <> 'COMPLETED'"),
]


@pytest.mark.parametrize(("model", "old", "new"), MUTATIONS)
def test_a_mutation_of_the_connector_is_seen(tables, demo, model, old, new):
    assert differing(Models(SYSTEM, tables, mutated(SYSTEM, model, old, new)), demo)


def changed(tables, name, column, change):
    """The landed tables with one column of one table changed, cell by cell."""
    table = tables[name]
    cells = pa.array([change(cell) for cell in table[column].to_pylist()], pa.string())
    return tables | {name: table.set_column(table.column_names.index(column), column, cells)}


def test_what_no_seed_knows_stops_when_it_is_often_used_and_is_named_when_not(tables):
    types = tables["dm_workflow_steps"]["workflow_step_type_id"].to_pylist()
    often = max(set(types), key=types.count)
    models = Models(
        SYSTEM,
        changed(
            tables, "dm_workflow_steps", "workflow_step_type_id", lambda cell: "77" if cell == often else cell
        ),
    )
    assert models.findings() == [("step type 77", types.count(often))]
    seldom = iter(["77", "77"])
    models = Models(
        SYSTEM,
        changed(tables, "dm_workflow_steps", "workflow_step_type_id", lambda cell: next(seldom, cell)),
    )
    assert models.findings() == []
    assert ("step type 77", 2) in models.findings("note")


@pytest.mark.parametrize(
    ("table", "column", "what"),
    [
        ("dm_workflow_steps", "step_status", "DM_WORKFLOW_STEPS.STEP_STATUS"),
        ("dm_person_references", "reference_type", "reference type odd"),
        ("dm_personal_relationships", "personal_rel_type_id", "relationship type odd"),
        ("dm_subgroup_subjects", "subject_type_code", "DM_WORKFLOW_STEPS.SUBGROUP_ID"),
        ("dm_cached_form_answers", "question_user_code", "form template 12"),
    ],
)
def test_what_is_not_understood_is_named(tables, table, column, what):
    assert what in dict(Models(SYSTEM, changed(tables, table, column, lambda cell: "odd")).findings())


def test_a_step_about_several_people_is_an_event_of_each(tables):
    subjects = tables["dm_subgroup_subjects"].to_pylist()
    first = next(row for row in subjects if row["subgroup_id"].startswith("GCN"))
    more = first | {"subject_compound_id": "P1000001"}
    models = Models(SYSTEM, tables | {"dm_subgroup_subjects": pa.Table.from_pylist([*subjects, more])})
    step = first["subgroup_id"][1:]
    found = models.rows(
        f"select contact_id, person_id from contact where contact_id like '{step}%' order by all"
    )
    people = sorted(["P1000001", first["subject_compound_id"]])
    assert found == [(f"{step}-{person}", person) for person in people]


def test_live_tables_stand_in_for_the_mart(tables):
    mart = tables["dm_persons"]
    names = mart.select(["person_id", "title", "last_name"]).append_column("first_names", mart["first_name"])
    names = names.append_column("name_type_id", pa.array(["DISPLAY"] * len(mart)))
    live = {
        name: mart[name] if name in mart.column_names else pa.nulls(len(mart), pa.string())
        for name in connect.expected_tables(SYSTEM)["mo_persons"].columns
    }
    subjects = tables["dm_subgroup_subjects"]
    models = Models(
        SYSTEM,
        tables
        | {
            "dm_persons": mart.schema.empty_table(),
            "mo_persons": pa.table(live),
            "mo_person_names": names,
            "dm_subgroup_subjects": subjects.schema.empty_table(),
            "mo_subgroup_subjects": subjects,
        },
    )
    assert models.rows("select count(*), count(surname), count(date_of_birth) from person") == Models(
        SYSTEM, tables
    ).rows("select count(*), count(surname), count(date_of_birth) from person")
    assert models.rows("select count(*) from contact") == [(3682,)]


def test_a_table_or_column_that_was_not_landed_is_named(source, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    for path in source.iterdir():
        (folder / path.name.upper()).with_suffix(".parquet").write_bytes(path.read_bytes())
    assert connect.problems_of_tables(SYSTEM, folder) == []
    (folder / "DM_WORKFLOW_LINKS.parquet").unlink()
    steps = pq.read_table(folder / "DM_WORKFLOW_STEPS.parquet")
    pq.write_table(
        steps.rename_columns(
            ["STEP_STATE" if name == "step_status" else name for name in steps.column_names]
        ),
        folder / "DM_WORKFLOW_STEPS.parquet",
    )
    assert connect.problems_of_tables(SYSTEM, folder) == [
        "DM_WORKFLOW_STEPS.parquet: column STEP_STATUS of DM_WORKFLOW_STEPS is missing; the nearest is STEP_STATE",
        f"table DM_WORKFLOW_LINKS was not landed in {folder}",
    ]


def test_a_build_on_a_source_that_lacks_a_table_leaves_the_last_return(ready, tmp_path):
    run = run_again(ready, source_system=SYSTEM, source_path=tmp_path)
    assert_refused(run, ready, "Nothing was built", "table DM_PERSONS (or MO_PERSONS) was not landed")


def test_a_number_is_a_key_whatever_type_it_was_landed_with(tmp_path):
    table = connect.expected_tables(SYSTEM)["organisations"]
    pq.write_table(
        pa.table({"ID": pa.array([12.0, None]), "Name": ["A", "NULL"]}), tmp_path / "organisations.parquet"
    )
    (tmp_path / "more.csv").write_text("id;name\n12.0;A\n;B\n", encoding="utf-8")
    for name in ("organisations.parquet", "more.csv"):
        read = connect.read_table(tmp_path / name, table).to_pylist()
        assert read[0] == {"id": "12", "name": "A", "department": None}
        assert read[1]["id"] is None
    (tmp_path / "organisations.csv").write_text("id,name\n", encoding="utf-8")
    with pytest.raises(InputError, match="more than one file for this table"):
        connect.landed_files(tmp_path)


def test_a_councils_own_files_stand_in_for_ours(tmp_path):
    own, project = tmp_path / "own", tmp_path / "project"
    (own / "seeds").mkdir(parents=True)
    connect._assemble(SYSTEM, tmp_path, None)
    (own / "seeds" / "step_types.csv").write_text("ours\n", encoding="utf-8")
    (own / "team.sql").write_text("select 1\n", encoding="utf-8")
    connect._stand_in(own, project)
    assert (project / "seeds" / "step_types.csv").read_text(encoding="utf-8") == "ours\n"
    assert (project / "models" / "extracts" / "team.sql").read_text(encoding="utf-8") == "select 1\n"
    (own / "step_typs.csv").write_text("ours\n", encoding="utf-8")
    with pytest.raises(connect.ConnectError, match=r"step_typs.csv is no seed .* step_types.csv"):
        connect._stand_in(own, project)


def test_the_discovery_query_lists_the_candidates_by_use(source, tables):
    lists = [rows for _, _, rows in connect.discover(SYSTEM, source)]
    assert [len(found) > 1 for found in lists] == [True] * 4
    # Every type of step in use.
    used = set(tables["dm_workflow_steps"]["workflow_step_type_id"].to_pylist())
    assert {str(row[0]) for row in lists[0]} == used


def test_what_a_killed_run_left_is_removed_and_a_run_at_work_is_left_alone(tmp_path):
    (tmp_path / ".connecting-999999999-x").mkdir()
    (tmp_path / f".connecting-{os.getpid()}-x").mkdir()
    connect._sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f".connecting-{os.getpid()}-x"]
