"""The page of the extracts and the published data contract say what the contract says."""

import sys

import yaml
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "scripts"))

import make_extract_docs

from asc_cld.specification import extract_columns, extract_names


def test_the_page_and_the_data_contract_are_up_to_date():
    differing = [
        name
        for name, text in make_extract_docs.made().items()
        if (PROJECT / name).read_text(encoding="utf-8") != text
    ]
    assert not differing, "run python scripts/make_extract_docs.py"


def test_every_column_is_told_with_its_meaning():
    page = (PROJECT / "docs" / "extracts.md").read_text(encoding="utf-8")
    for extract in extract_names():
        lines = page.partition(f"\n## {extract}\n")[2].partition("\n## ")[0].splitlines()
        rows = [
            [cell.strip() for cell in line.strip("|").split(" | ")]
            for line in lines
            if line.startswith("| `")
        ]
        assert [row[0] for row in rows] == [f"`{column}`" for column in extract_columns(extract)]
        assert all(row[1] and row[2] and row[3] for row in rows), extract


def test_the_data_contract_holds_the_same_columns_and_keys():
    content = yaml.safe_load((PROJECT / "docs" / "extracts.odcs.yaml").read_text(encoding="utf-8"))
    # What the standard asks of every contract.
    assert {"version", "apiVersion", "kind", "id", "status"} <= content.keys()
    assert tuple(table["name"] for table in content["schema"]) == extract_names()
    for table in content["schema"]:
        columns = extract_columns(table["name"])
        assert [entry["name"] for entry in table["properties"]] == list(columns)
        keys = [entry["name"] for entry in table["properties"] if entry.get("primaryKey")]
        assert keys == [name for name, row in columns.items() if row["key_role"] == "primary key"]
        for entry in table["properties"]:
            own = {pair["property"]: pair["value"] for pair in entry["customProperties"]}
            assert own["mustExist"] == columns[entry["name"]]["is_required"]
            assert entry["logicalType"] in {"string", "date", "number", "integer"}
