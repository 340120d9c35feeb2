"""The columns of the models' YAML, filled in from the dictionary.

Usage: python scripts/describe_columns.py [--check]

models/dictionary.md says once what a column means: its text, its class of personal data, its unit and
the field of the return it holds. A model's YAML names its columns and refers to it. An analyst who adds
a column writes `- {name: the_column}` (with `data_type` under a contract) and runs this script: it
refers to the dictionary's text and fills in `config.meta`. A column that stands in one model only needs
no entry: it has its own `description` and `pii` in the YAML. What it also writes, from the specification:
the dictionary's texts of the fields of the return and of the columns of the extracts, and the columns
between `# the 50 fields` and `# end of the 50 fields` in a model's YAML.

With --check nothing is written; what would change is named, and the exit code is 1.
"""

import argparse
import csv
import functools
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

import yaml

PROJECT = Path(__file__).parents[1]
SPECIFICATION = PROJECT / "seeds" / "specification"
DICTIONARY = Path("models/dictionary.md")
EXTRACTS_HEADING = "## Columns of the extracts"
CLASSES = ("direct", "special", "quasi", "none")

ROW = re.compile(
    r"^\| (?P<name>\w+) \| (?P<pii>\w*) ?\| (?P<unit>[^|]*?) ?\| (?P<field>\d*) ?\| "
    r"\{% docs (?P=name) %\}(?P<text>.*)\{% enddocs %\} \|$"
)
REFERENCE = re.compile(r"\{\{ doc\('(\w+)'\) \}\}")
FIELDS_START = re.compile(r"^ *# the 50 fields(?:: (?P<state>\w+))?$")
FIELDS_END = "# end of the 50 fields"
PLAIN = re.compile(r"(?!(?:yes|no|on|off|true|false|null|y|n)$)[a-z]([\w ./()-]*[\w)])?", re.IGNORECASE)
META = ("pii", "cld_field", "cld_type", "unit")
WRITTEN = ("name", "quote", "data_type", "constraints", "config", "data_tests", "description")


class Entry(NamedTuple):
    """One line of the dictionary; a state (as_submitted) has a text and no class."""

    text: str
    pii: str
    unit: str
    cld_field: str


class Unclear(Exception):
    """The dictionary or a YAML file does not say what it must; the message names where."""


def parsed(text: str) -> object:
    """YAML as Python objects, by the fast loader where the library has it."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def seed_rows(name: str) -> list[dict[str, str]]:
    """Rows of a seed of the specification."""
    with (SPECIFICATION / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def fields() -> list[dict[str, str]]:
    """The 50 fields in the order of the return."""
    return sorted(seed_rows("spec_fields"), key=lambda field: int(field["field_order"]))


def dictionary_from(text: str) -> dict[str, Entry]:
    """The dictionary by name of its entries."""
    headers = {field["field_order"]: field["header"] for field in fields()}
    entries = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if "{% docs" not in line:
            continue
        row = ROW.match(line)
        where = f"{DICTIONARY}, line {number}"
        if not row:
            raise Unclear(f"{where}: not a row | name | class | unit | field | text in docs tags |")
        if row["pii"] not in (*CLASSES, ""):
            raise Unclear(f"{where}: {row['name']}: the class is {', '.join(CLASSES[:-1])} or none")
        if row["name"] in entries:
            raise Unclear(f"{where}: {row['name']} is there twice")
        if row["field"] and row["field"] not in headers:
            raise Unclear(f"{where}: {row['name']}: the return has no field {row['field']}")
        entries[row["name"]] = Entry(row["text"], row["pii"], row["unit"], headers.get(row["field"], ""))
    return entries


def with_fields(text: str) -> str:
    """The dictionary with the text of each field as the specification defines it."""
    for field in fields():
        meaning = f"{field['header']} (CLD field {field['field_order']}). {field['definition']}"
        tag = f"{{% docs {field['snake_name']} %}}"
        text = re.sub(
            re.escape(tag) + ".*?{% enddocs %}",
            lambda _, tag=tag, meaning=meaning: tag + meaning + "{% enddocs %}",
            text,
        )
    return text


def with_extract_columns(text: str) -> str:
    """The dictionary with its last table, the columns of the extracts, as the input contract has them."""
    head, _, table = text.partition(EXTRACTS_HEADING)
    known = {row["name"]: row for row in map(ROW.match, table.splitlines()) if row}
    start = [line for line in table.splitlines() if "{% docs" not in line]
    rows = []
    for column in seed_rows("spec_extract_columns"):
        words = column["description"] or column["column_name"].replace("_", " ").capitalize()
        said = [words.rstrip(".").replace(" | ", ", ")]
        if "." in column["key_role"]:
            said.append(f"Refers to {column['key_role']}")
        elif column["key_role"]:
            said.append(column["key_role"].capitalize())
        if column["feeds"]:
            said.append(f"Feeds {column['feeds']}")
        name = f"{column['table_name']}__{column['column_name']}"
        row = known.get(name, {"pii": "", "unit": ""})
        said_before = "".join(f"| {row[part]}{' ' if row[part] else ''}" for part in ("pii", "unit"))
        rows.append(f"| {name} {said_before}| | {{% docs {name} %}}{'. '.join(said)}.{{% enddocs %}} |")
    return head + EXTRACTS_HEADING + "\n".join([*start, *rows]) + "\n"


def flow(value: object) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(entry) for entry in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and not PLAIN.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def described(column: dict, entries: dict[str, Entry], snake_names: dict[str, str], where: str) -> dict:
    """The column with its text and its meta as the dictionary has them."""
    name = snake_names.get(column["name"], column["name"])
    text = column.get("description") or (f"{{{{ doc('{name}') }}}}" if name in entries else "")
    if not text:
        raise Unclear(f"{where}: column {column['name']} has no description and is not in {DICTIONARY}")
    meant = [
        reference
        for reference in REFERENCE.findall(text)
        if entries.get(reference, Entry("", "", "", "")).pii
    ]
    entry = entries.get((*meant, name)[0])
    own = dict(column.get("config", {}).get("meta", {}))
    if entry:
        own.pop("unit", None)
        own.pop("cld_field", None)
        own["pii"] = entry.pii
        own |= {"cld_field": entry.cld_field} if entry.cld_field else {}
        own |= {"unit": entry.unit} if entry.unit else {}
    if own.get("pii") not in CLASSES:
        raise Unclear(f"{where}: column {column['name']} says no class of personal data (config.meta.pii)")
    meta = {key: own[key] for key in (*META, *(own.keys() - set(META))) if key in own}
    return column | {"description": text, "config": column.get("config", {}) | {"meta": meta}}


def written(column: dict, indent: str) -> list[str]:
    """The column as lines of YAML: one line, or several where a test of it takes arguments."""
    keys = [key for key in (*WRITTEN, *sorted(column.keys() - set(WRITTEN))) if key in column]
    if all(isinstance(test, str) for test in column.get("data_tests", [])):
        said = ", ".join(f"{key}: {flow(column[key])}" for key in keys)
        return [f"{indent}- {{{said}}}"]
    # One line for each: what is tested, and with what.
    tests = [
        flow(test)[1:-1] if isinstance(test, dict) and len(test) == 1 else flow(test)
        for test in column["data_tests"]
    ]
    lines = [
        f"{indent}{'- ' if key == keys[0] else '  '}{key}: {flow(column[key])}"
        for key in keys
        if key != "data_tests"
    ]
    return [*lines, f"{indent}  data_tests:", *(f"{indent}    - {test}" for test in tests)]


def indent_of(line: str) -> int:
    """Spaces before the text of a line; of an empty line a great many, as it ends nothing."""
    return len(line) - len(line.lstrip()) if line.strip() else 1000


def refreshed(text: str, entries: dict[str, Entry], where: str) -> str:
    """A YAML file with its columns as the dictionary describes them; all else as it stands."""
    snake_names = {field["header"]: field["snake_name"] for field in fields()}
    lines, result = text.splitlines(), []
    position, columns_at, group = 0, None, None
    while position < len(lines):
        line = lines[position]
        if columns_at is not None and indent_of(line) <= columns_at:
            columns_at = None
        if re.fullmatch(r" *columns:", line):
            first = next((after for after in lines[position + 1 :] if not after.strip().startswith("# ")), "")
            columns_at = indent_of(line) if re.match(r" *- \{?name: ", first) else columns_at
        start = FIELDS_START.match(line)
        if columns_at is not None and start:
            group = (start["state"], {}, indent_of(line))
        if columns_at is not None and re.match(r" *- \{?name: ", line):
            end = position + 1
            while end < len(lines) and indent_of(lines[end]) > indent_of(line):
                end += 1
            column = parsed("\n".join(lines[position:end]))[0]
            if group is None:
                filled = described(column, entries, snake_names, where)
                result += written(filled, " " * indent_of(line))
            else:
                group[1][column["name"]] = column
            position = end
            continue
        if group is not None and line.strip() == FIELDS_END:
            result += fields_written(*group, entries, snake_names, where)
            group = None
        result.append(line)
        position += 1
    if group is not None:
        raise Unclear(f"{where}: '# the 50 fields' without '{FIELDS_END}'")
    return "\n".join(result) + "\n"


def fields_written(
    state: str | None, columns: dict[str, dict], indent: int, entries: dict, snake_names: dict, where: str
) -> list[str]:
    """The 50 columns in the order of the return, as found, or new ones like those beside them."""
    by_header = any(name in snake_names for name in columns)
    model = next(iter(columns.values()), {})
    result = []
    for field in fields():
        name = field["header"] if by_header else field["snake_name"]
        column = columns.get(name) or {key: model[key] for key in ("quote", "data_type") if key in model}
        column = {"name": name} | column
        if "cld_type" in model.get("config", {}).get("meta", {}):
            own = column.get("config", {}).get("meta", {})
            column["config"] = {"meta": own | {"cld_type": field["data_type"]}}
        if state:
            column["description"] = f"{{{{ doc('{field['snake_name']}') }}}} {{{{ doc('{state}') }}}}"
        result += written(described(column, entries, snake_names, where), " " * indent)
    unknown = columns.keys() - {field[kind] for field in fields() for kind in ("header", "snake_name")}
    if unknown:
        raise Unclear(f"{where}: no field of the return is called {', '.join(sorted(unknown))}")
    return result


def files_as_they_should_be() -> dict[Path, str]:
    """Every file this script writes, by its path in the project, as it should stand."""
    dictionary = with_extract_columns(with_fields((PROJECT / DICTIONARY).read_text(encoding="utf-8")))
    entries = dictionary_from(dictionary)
    result = {DICTIONARY: dictionary}
    for path in sorted((PROJECT / "models").rglob("*.yml")):
        if not path.stem.endswith("__unit_tests"):
            where = path.relative_to(PROJECT)
            result[where] = refreshed(path.read_text(encoding="utf-8"), entries, str(where))
    return result


def main(arguments: list[str] | None = None) -> int:
    """Write the files that differ, or only name them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file differs")
    check = parser.parse_args(arguments).check
    try:
        files = files_as_they_should_be()
    except Unclear as problem:
        print(problem, file=sys.stderr)
        return 1
    differing = [
        path
        for path, text in files.items()
        if not (PROJECT / path).exists() or (PROJECT / path).read_text(encoding="utf-8") != text
    ]
    for path in differing:
        print(f"{path}: {'differs from the dictionary' if check else 'written'}")
        if not check:
            (PROJECT / path).write_text(files[path], encoding="utf-8")
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
