"""The input contract as a product: the page of the 15 extracts, the published data contract, an empty template.

    docs/extracts.md         for people who write the queries
    docs/extracts.odcs.yaml  for suppliers: Open Data Contract Standard 3
    asc-cld template FOLDER  15 files with their headers and no rows

The seed spec_extract_columns is the contract; all three are made from it (scripts/make_extract_docs.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from asc_cld.files import WholeFiles, private_folder
from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import PARQUET, read_extract
from asc_cld.readers.sources import TABLES, base_name, is_passed_over
from asc_cld.specification import PROJECT, extract_columns, extract_names, seed_rows
from asc_cld.spreadsheets import Table
from asc_cld.vocabularies import meanings

DEMO = PROJECT / "data" / "demo" / "extracts"
SOURCES = PROJECT / "models" / "staging" / "extracts" / "_extracts__sources.yml"
PAGE, CONTRACT = "docs/extracts.md", "docs/extracts.odcs.yaml"
STANDARD = "v3.0.2"
# What a column of each kind of data may look like, in words.
FORMS = {
    "text": "text as it stands",
    "identifier": "text or a number; a lost leading zero and spaces are mended",
    "date": "a day: `2026-05-15`, `15/05/2026`, a timestamp, ...",
    "timestamp": "a day, with a time behind it where there is one: `2026-05-15 10:30`",
    "integer": "a whole number: `3`, `3.0`",
    "decimal": "a number: `18.50`, `1,234.56`, `(18.50)`",
    "local code": "your own code; `asc-cld map` asks what it means",
}
# The type that the standard has for it. Words and codes are text; a file holds all of them as text.
TYPES = {"date": "date", "timestamp": "date", "integer": "integer", "decimal": "number"}


@cache
def described_sources() -> dict[str, dict[str, Any]]:
    """{extract: its entry in the YAML of the sources}: what a row is, and which columns are personal."""
    [source] = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    return {table["name"]: table for table in source["tables"]}


def is_personal(extract: str, column: str) -> str:
    """How far a column is about a person: direct, quasi, special or none."""
    [found] = [entry for entry in described_sources()[extract]["columns"] if entry["name"] == column]
    return found["config"]["meta"]["pii"]


@cache
def examples(extract: str) -> dict[str, str]:
    """{column: what stands in it in the first record of the invented council that has it filled}"""
    table = read_extract(DEMO, extract)
    filled = ((name, table[name].drop_null()) for name in extract_columns(extract))
    found = {
        name: next((cell.as_py() for cell in cells if cell.as_py().strip()), "") for name, cells in filled
    }
    return {name: cell for name, cell in found.items() if cell}


def forms_read(column: dict[str, str]) -> str:
    """Which forms of a column are read."""
    vocabulary = column["vocabulary"]
    if vocabulary:
        words = ", ".join(f"`{word}`" for word in meanings()[vocabulary])
        usual = {
            row["meaning"]: row["word"]
            for row in reversed(seed_rows("specification", "spec_words"))
            if row["vocabulary"] == vocabulary and row["is_contract_word"] != "yes"
        }
        like = ", ".join(f"`{usual[word]}`" for word in meanings()[vocabulary] if word in usual)
        return f"{words}, and usual words for them such as {like}"
    return FORMS[column["data_type"]]


def presence(column: dict[str, str]) -> str:
    """Whether the column must be there, and filled."""
    if column["key_role"] == "primary key":
        return "yes; filled, once a record"
    return "yes" if column["is_required"] == "yes" else "no"


def meaning(column: dict[str, str]) -> str:
    """What the column holds, and which record it refers to."""
    words = column["description"].rstrip(".").replace(" | ", ", ")
    return f"{words}. Refers to {column['key_role']}" if "." in column["key_role"] else words


def page() -> str:
    """The page of the extracts, as Markdown."""
    lines = [
        "# The 15 extracts",
        "",
        "Made from `seeds/specification/spec_extract_columns.csv` by `python scripts/make_extract_docs.py`; do not"
        " edit by hand.",
        "The examples are of the invented council. The same contract for machines:"
        " [extracts.odcs.yaml](extracts.odcs.yaml)",
        "(Open Data Contract Standard 3). `asc-cld template FOLDER` writes 15 empty files with these headers;"
        " `asc-cld doctor",
        "--extracts FOLDER` holds a folder against this page in seconds.",
        "",
        "One file an extract, named like it: CSV, Excel or Parquet. All 15 must be there; one with a header and no rows"
        " means",
        "no records. **Must be there** is about the column, not its cells: a cell may be blank unless the column is the"
        " key.",
        "Columns may stand in any order; others are ignored. What is read beyond the forms named here:"
        " [dates, times and",
        "numbers](dates-and-numbers.md), [words and codes](your-own-council.md#map-your-codes). What cannot be read is"
        " named and",
        "stops the return; it is never taken for blank.",
        "",
        "| extract | one row is |",
        "|---|---|",
        *(f"| [{name}](#{name}) | {grain(name)} |" for name in extract_names()),
    ]
    for name in extract_names():
        lines += [
            "",
            f"## {name}",
            "",
            f"One row is {grain(name)}.",
            "",
            "| column | meaning | must be there | forms read | example | goes into |",
            "|---|---|---|---|---|---|",
        ]
        for column, row in extract_columns(name).items():
            example = examples(name).get(column, "")
            cells = (
                f"`{column}`",
                meaning(row),
                presence(row),
                forms_read(row),
                f"`{example}`" if example else "",
                row["feeds"] or "no field of its own",
            )
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def grain(extract: str) -> str:
    """What one row of an extract is."""
    return (
        described_sources()[extract]["description"].removeprefix("One row is ").removesuffix(", as exported.")
    )


def data_contract() -> str:
    """The contract in the words of the Open Data Contract Standard, as YAML."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    content = {
        "apiVersion": STANDARD,
        "kind": "DataContract",
        "id": "asc-cld-extracts",
        "name": "Extracts of a case system of adult social care",
        "version": project["version"],
        "status": "active",
        "domain": "adult social care",
        "description": {
            "purpose": "The 15 extracts from which asc_cld makes the Client Level Data return.",
            "limitations": (
                "One file an extract, named like it: CSV, Excel or Parquet. Every column with mustExist yes"
                " must stand in the header; a cell may be blank unless the column is the primary key."
            ),
            "usage": "asc-cld doctor --extracts FOLDER holds a folder against it.",
        },
        "schema": [dict(_objects(name)) for name in extract_names()],
    }
    heading = "# Made from seeds/specification/spec_extract_columns.csv by scripts/make_extract_docs.py.\n"
    return heading + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)


def _objects(extract: str) -> Iterator[tuple[str, Any]]:
    yield "name", extract
    yield "physicalName", extract
    yield "physicalType", "file"
    yield "logicalType", "object"
    yield "description", f"One row is {grain(extract)}."
    yield (
        "properties",
        [dict(_properties(extract, name, row)) for name, row in extract_columns(extract).items()],
    )


def _properties(extract: str, name: str, row: dict[str, str]) -> Iterator[tuple[str, Any]]:
    is_key = row["key_role"] == "primary key"
    yield "name", name
    yield "physicalType", "text"
    yield "logicalType", TYPES.get(row["data_type"], "string")
    yield "description", f"{meaning(row)}."
    # In the standard, required means that no cell is empty.
    yield "required", is_key
    if is_key:
        yield "primaryKey", True
        yield "primaryKeyPosition", 1
        yield "unique", True
    yield "classification", is_personal(extract, name)
    if example := examples(extract).get(name):
        yield "examples", [example]
    own = {"mustExist": row["is_required"], "kind": row["data_type"]}
    if row["vocabulary"]:
        own["words"] = ", ".join(meanings()[row["vocabulary"]])
    if "." in row["key_role"]:
        own["refersTo"] = row["key_role"]
    if row["feeds"]:
        own["goesInto"] = row["feeds"]
    yield "customProperties", [{"property": key, "value": value} for key, value in own.items()]


def write_template(folder: Path) -> list[Path]:
    """15 CSV files with headers and no rows, all or none. Raises InputError where an extract is there already."""
    if folder.is_dir():
        there = [
            path.name
            for path in sorted(folder.iterdir())
            if path.suffix.lower() in (*TABLES, PARQUET)
            and base_name(path) in extract_names()
            and not is_passed_over(path)
        ]
        if there:
            raise InputError(f"{folder} holds extracts already: {', '.join(there)}. Name an empty folder")
    private_folder(folder)
    written = [folder / f"{name}.csv" for name in extract_names()]
    with WholeFiles() as files:
        for path in written:
            with files.text(path) as stream:
                Table(stream, list(extract_columns(path.stem)), is_exact=True)
    return written
