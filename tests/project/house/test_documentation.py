"""Every model and every column of the built database is described, and nothing that does not exist."""

import json
from collections import defaultdict

import pytest


@pytest.fixture(scope="module")
def described(demo_build):
    """Tables and views of the project by schema and name: description, and columns with theirs."""
    manifest = json.loads((demo_build.folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return {
        (node["schema"], node["alias"]): node
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed") and node["config"]["materialized"] != "ephemeral"
    }


@pytest.fixture(scope="module")
def built(demo_build):
    """Columns of every table and view that the build made; the extracts as they were read apart."""
    manifest = json.loads((demo_build.folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    sources = {(source["schema"], source["identifier"]) for source in manifest["sources"].values()}
    columns = defaultdict(list)
    for schema, table, column in demo_build.query(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where not internal and database_name = 'council' order by all"
    ):
        if (schema, table) not in sources:
            columns[schema, table].append(column)
    return columns


def test_the_build_is_good(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed


def test_every_table_is_described(described, built):
    assert len(built) > 100
    undescribed = [".".join(key) for key in built if not described.get(key, {}).get("description")]
    assert not undescribed


def test_columns_described_are_the_columns_built(described, built):
    missing, surplus, empty = [], [], []
    for key in built.keys() & described.keys():
        documented = described[key]["columns"]
        name = ".".join(key)
        missing += [f"{name}.{column}" for column in built[key] if column not in documented]
        surplus += [f"{name}.{column}" for column in documented if column not in built[key]]
        empty += [
            f"{name}.{column}" for column, entry in documented.items() if not entry["description"].strip()
        ]
    assert (missing, surplus, empty) == ([], [], [])


def test_every_column_of_a_model_says_whether_it_is_personal(described):
    unsaid = [
        f"{key[0]}.{key[1]}.{column}"
        for key, node in described.items()
        if node["resource_type"] == "model"
        for column, entry in node["columns"].items()
        if entry["config"].get("meta", {}).get("pii") not in ("direct", "quasi", "special", "none")
    ]
    assert not unsaid


def test_the_fifty_fields_are_named_where_they_stand(described):
    fields = set(described["cld", "cld_return"]["columns"])
    assert len(fields) == 50
    for model in ("cld_events", "cld_return", "cld_return_rows"):
        named = [
            entry["config"]["meta"]["cld_field"]
            for entry in described["cld", model]["columns"].values()
            if "cld_field" in entry["config"].get("meta", {})
        ]
        assert sorted(named) == sorted(fields), model
