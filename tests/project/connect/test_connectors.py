"""What holds for every connector: the contract's columns, their confidence, a word on top that it was not tried."""

import sys

import duckdb
import pytest
import yaml
from conftest import PROJECT

from asc_cld import connect
from asc_cld.settings import project_vars
from asc_cld.specification import extract_columns, extract_names

sys.path.insert(0, str(PROJECT / "scripts"))

import make_connector_docs
import make_extract_templates


def test_the_yaml_of_the_models_is_up_to_date():
    differing = [
        str(path.relative_to(PROJECT))
        for path, text in make_connector_docs.files().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert not differing, "python scripts/make_connector_docs.py"


def test_the_setting_knows_every_connector():
    assert sorted(project_vars()["setting_types"]["source_system"]["of"]) == sorted(
        ["extracts", *connect.systems()]
    )


@pytest.mark.parametrize("system", connect.systems())
def test_a_connector_has_a_model_an_extract_and_says_how_well_each_column_is_known(system):
    folder = connect.CONNECTORS / system / "models" / "extracts"
    # ContrOCC knows services only; the other extracts come from the case system.
    made = ["service_line", "rate"] if system == "controcc" else extract_names()
    assert {path.stem for path in folder.glob("*.sql")} == set(made)
    for extract in made:
        [model] = yaml.safe_load((folder / f"{extract}.yml").read_text(encoding="utf-8"))["models"]
        confidences = {column["name"]: column["config"]["meta"]["confidence"] for column in model["columns"]}
        assert list(confidences) == list(extract_columns(extract))
        assert set(confidences.values()) <= {"high", "medium", "low", "unknown"}


@pytest.mark.parametrize("system", connect.systems())
def test_a_connector_says_on_top_that_it_was_not_tried(system):
    readme = (connect.CONNECTORS / system / "README.md").read_text(encoding="utf-8")
    assert "Not tried on a live system" in readme.split("\n\n")[1]
    for path in (connect.CONNECTORS / system / "models").rglob("*.sql"):
        assert path.read_text(encoding="utf-8").startswith("-- "), path.name


def test_the_templates_are_up_to_date_and_each_has_the_columns_of_its_extract():
    made = make_extract_templates.made()
    assert len(made) == 5 * len(extract_names())
    database = duckdb.connect()
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, "python scripts/make_extract_templates.py"
        [tree] = database.execute("select json_serialize_sql(?)", [text]).fetchone()
        [statement] = yaml.safe_load(tree)["statements"]
        named = [column["alias"] for column in statement["node"]["select_list"]]
        assert named == list(extract_columns(path.stem)), path
        assert "not tried on a live system" in " ".join(text.replace("-- ", "").split())
