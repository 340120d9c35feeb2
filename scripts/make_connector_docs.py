"""Makes the YAML of a connector's models: the contract's columns, and how well each is known.

    python scripts/make_connector_docs.py

Written from seeds/specification/spec_extract_columns.csv and connectors/<system>/known_columns.csv.
"""

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asc_cld.connect import CONNECTORS, NOT_TRIED, extracts_of, systems
from asc_cld.contract import grain, is_personal, meaning
from asc_cld.specification import extract_columns


def known_columns(system: str) -> dict[tuple[str, str], dict[str, str]]:
    """{(extract, column): what is publicly known of where it stands}"""
    with (CONNECTORS / system / "known_columns.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["extract"], row["extract_column"]): row for row in csv.DictReader(stream)}


def as_text(words: str) -> str:
    return '"' + words.replace("\\", "").replace('"', "'") + '"'


def model_yaml(system: str, extract: str) -> str:
    """The YAML of one model of an extract."""
    known = known_columns(system)
    lines = [
        f"# Made by scripts/make_connector_docs.py. The connector {NOT_TRIED}.",
        "version: 2",
        "",
        "models:",
        f"  - name: {extract}",
        f"    description: {as_text(f'One row is {grain(extract)}.')}",
        "    columns:",
    ]
    for column, row in extract_columns(extract).items():
        fact = known.get((extract, column), {})
        place = ".".join(filter(None, (fact.get("table_name"), fact.get("column_name")))) or "no public name"
        confidence = fact.get("confidence") or "unknown"
        lines += [
            f"      - name: {column}",
            f"        description: {as_text(f'{meaning(row)}. Known as {place}.')}",
            "        data_type: varchar",
            f"        config: {{meta: {{pii: {is_personal(extract, column)}, confidence: {confidence}}}}}",
        ]
    return "\n".join(lines) + "\n"


def files() -> dict[Path, str]:
    """{file: its text} of every connector."""
    return {
        CONNECTORS / system / "models" / "extracts" / f"{extract}.yml": model_yaml(system, extract)
        for system in systems()
        for extract in extracts_of(system)
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
