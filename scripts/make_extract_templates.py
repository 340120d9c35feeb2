"""Makes the templates of queries for systems without a connector: one SQL file an extract.

    python scripts/make_extract_templates.py

Written from seeds/specification/spec_extract_columns.csv, the demo's first records and
connectors/templates/<system>/known_columns.csv.
"""

import csv
import re
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asc_cld.connect import CONNECTORS, NOT_TRIED
from asc_cld.contract import examples, grain, meaning
from asc_cld.specification import extract_columns, extract_names

TEMPLATES = CONNECTORS / "templates"
NAMES = {
    "access": "Access",
    "azeus": "Azeus",
    "caredirector": "CareDirector",
    "home_made": "a home-made system",
    "liquidlogic_las": "Liquidlogic LAS",
}


def facts(system, extract):
    """{column: what is publicly known of where it stands}; only what has a table and a column of one name each."""
    with (TEMPLATES / system / "known_columns.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["extract"] == extract]
    return {row["extract_column"]: row for row in rows}


def is_named(fact):
    return all(re.fullmatch(r"\w+", fact.get(part, "")) for part in ("table_name", "column_name"))


def comment(words, indent=""):
    return textwrap.wrap(
        " ".join(words.split()), 96, initial_indent=f"{indent}-- ", subsequent_indent=f"{indent}-- "
    )


def query(system, extract):
    """The text of one template."""
    known = facts(system, extract)
    columns = extract_columns(extract)
    tables = list(dict.fromkeys(known[c]["table_name"] for c in columns if c in known and is_named(known[c])))
    lines = [
        *comment(f"{NAMES[system]}: the extract {extract}. One row is {grain(extract)}."),
        *comment(f"This template {NOT_TRIED}. Null stands where no public name was found."),
        "select",
    ]
    for place, (column, row) in enumerate(columns.items(), start=1):
        fact = known.get(column, {})
        example = examples(extract).get(column)
        must = "must be there" if row["is_required"] == "yes" else "may be left out"
        said = f"{meaning(row)}; {must}." + (f" Such as {example}" if example else "")
        lines += comment(said, "    ")
        if is_named(fact):
            value = f"{fact['table_name']}.{fact['column_name']}"
            lines += comment(f"Confidence {fact['confidence']}. {fact['note']}", "    ")
        else:
            value = "null"
            if fact.get("note"):
                lines += comment(f"Confidence {fact['confidence']}. {fact['note']}", "    ")
        lines.append(f"    {value} as {column}{',' if place < len(columns) else ''}")
    first, *others = tables or ["your_table"]
    lines.append(f"from {first}")
    for table in others:
        lines += ["-- How do these two belong together?", f"left join {table} on 1 = 0"]
    return "\n".join(lines) + "\n"


def made():
    """{file: its text} of every template."""
    return {
        TEMPLATES / system / f"{extract}.sql": query(system, extract)
        for system in NAMES
        for extract in extract_names()
    }


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
