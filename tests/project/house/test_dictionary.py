"""One dictionary: what a column means and whether it is personal is said once."""

import datetime
import re
import sys
from collections import Counter, defaultdict

import pytest
import yaml
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "scripts"))

import describe_columns as tool

ENTRIES = tool.dictionary_from((PROJECT / tool.DICTIONARY).read_text(encoding="utf-8"))
DECISION = PROJECT / "docs" / "decisions" / "0007-one-name-one-class.md"
SNAKE_NAMES = {field["header"]: field["snake_name"] for field in tool.fields()}


def columns_of(kind):
    """(table, column) of all YAML of one kind: models or sources."""
    for path in sorted((PROJECT / "models").rglob("*.yml")):
        content = tool.parsed(path.read_text(encoding="utf-8"))
        tables = content.get("models") or []
        if kind == "sources":
            tables = [table for source in content.get("sources") or [] for table in source["tables"]]
        for table in tables:
            for column in table.get("columns") or []:
                yield table["name"], column


MODEL_COLUMNS = list(columns_of("models"))
ALL_COLUMNS = [*MODEL_COLUMNS, *columns_of("sources")]


def snake(column):
    return SNAKE_NAMES.get(column["name"], column["name"])


def test_the_yaml_says_what_the_dictionary_says():
    differing = [
        str(path)
        for path, text in tool.files_as_they_should_be().items()
        if (PROJECT / path).read_text(encoding="utf-8") != text
    ]
    assert not differing, "run python scripts/describe_columns.py"
    assert len(MODEL_COLUMNS) > 2000


@pytest.mark.parametrize(
    "test",
    [
        "unique",
        {"relationships": {"name": "a__is_in__b", "arguments": {"to": "ref('b')", "field": "c"}}},
        {"not_null": {"config": {"where": "a <> 'x: y'"}}, "name": "of two keys"},
        {
            "accepted_values": {
                "arguments": {"values": ["1", "true", "a, b", None, 2, 0.5, datetime.date(2026, 9, 30)]}
            }
        },
    ],
    ids=["a name", "arguments", "two keys", "values"],
)
def test_a_column_is_written_as_it_was_read(test):
    column = {"name": "a", "description": "An 'a': with {signs}.", "data_tests": [test, {"is_filled": {}}]}
    assert yaml.safe_load("\n".join(tool.written(column, "  "))) == [column]


def test_a_column_of_two_models_is_in_the_dictionary():
    models = defaultdict(set)
    for model, column in MODEL_COLUMNS:
        if not set(tool.REFERENCE.findall(column["description"])) & ENTRIES.keys():
            models[snake(column)].add(model)
    assert [name for name, found in models.items() if len(found) > 1 and name not in ENTRIES] == []


def test_no_entry_is_unused():
    used = {snake(column) for _, column in ALL_COLUMNS}
    for _, column in ALL_COLUMNS:
        used |= set(tool.REFERENCE.findall(column["description"]))
    assert ENTRIES.keys() - used == set()


def test_no_description_is_written_twice():
    own = Counter(
        text
        for _, column in ALL_COLUMNS
        if len(text := tool.REFERENCE.sub("", column["description"]).strip()) > 0
    )
    twice = [text for text, count in own.items() if count > 1]
    extracts = {
        f"{row['table_name']}__{row['column_name']}" for row in tool.seed_rows("spec_extract_columns")
    }
    said = Counter(entry.text for name, entry in ENTRIES.items() if name not in extracts)
    twice += [text for text, count in said.items() if count > 1]
    assert twice + [text for text in own if text in said] == []


def test_one_name_has_one_class():
    """Other meanings with another class are named in the decision, and the decision names no others."""
    classes = defaultdict(set)
    for _, column in ALL_COLUMNS:
        meant = [
            name
            for name in tool.REFERENCE.findall(column["description"])
            if name in ENTRIES and ENTRIES[name].pii
        ]
        entry = (*meant, snake(column))[0]
        classes[snake(column)].add((column["config"]["meta"]["pii"], entry if "__" in entry else ""))
    decided = set(re.findall(r"`(\w+__\w+)`", DECISION.read_text(encoding="utf-8")))
    assert decided <= ENTRIES.keys()
    left = {name: {pii for pii, entry in found if entry not in decided} for name, found in classes.items()}
    assert {name: found for name, found in left.items() if len(found) > 1} == {}
    needless = [entry for entry in decided if len({pii for pii, _ in classes[entry.rpartition("__")[2]]}) < 2]
    assert needless == []


ENTRY = {"days_waited": tool.Entry("Days from request to service.", "quasi", "days", "")}
MODEL = """models:
  - name: waits
    description: "One row per wait."
    columns:
      # what is counted
      - {name: days_waited}
      - name: request_id
        description: "The request."
        config: {meta: {pii: quasi}}
        data_tests: [unique, not_null]
"""


def test_a_new_column_needs_its_name_only():
    lines = tool.refreshed(MODEL, ENTRY, "waits.yml").splitlines()
    assert lines[4:] == [
        "      # what is counted",
        "      - {name: days_waited, config: {meta: {pii: quasi, unit: days}},"
        """ description: "{{ doc('days_waited') }}"}""",
        "      - {name: request_id, config: {meta: {pii: quasi}}, data_tests: [unique, not_null],"
        ' description: "The request."}',
    ]


def test_what_is_written_once_stays_as_it_is():
    once = tool.refreshed(MODEL, ENTRY, "waits.yml")
    assert tool.refreshed(once, ENTRY, "waits.yml") == once


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (MODEL.replace("days_waited", "weeks_waited"), "waits.yml: column weeks_waited has no description"),
        (MODEL.replace("{pii: quasi}", "{}"), "waits.yml: column request_id says no class"),
        (MODEL.replace("# what is counted", "# the 50 fields"), "waits.yml: '# the 50 fields' without"),
    ],
)
def test_what_is_missing_is_named(broken, said):
    with pytest.raises(tool.Unclear, match=re.escape(said)):
        tool.refreshed(broken, ENTRY, "waits.yml")


def test_a_test_with_arguments_keeps_them():
    with_arguments = MODEL.replace("[unique, not_null]", "[{accepted_values: {arguments: {values: [a, b]}}}]")
    column = tool.parsed(tool.refreshed(with_arguments, ENTRY, "waits.yml"))["models"][0]["columns"][1]
    assert column["data_tests"] == [{"accepted_values": {"arguments": {"values": ["a", "b"]}}}]


def test_fields_are_written_in_the_order_of_the_return():
    some = (
        "models:\n  - name: sent\n    columns:\n      # the 50 fields: as_submitted\n"
        "      - {name: gender, data_type: varchar}\n      # end of the 50 fields\n"
    )
    columns = tool.parsed(tool.refreshed(some, ENTRIES, "sent.yml"))["models"][0]["columns"]
    assert [column["name"] for column in columns] == [field["snake_name"] for field in tool.fields()]
    assert {column["data_type"] for column in columns} == {"varchar"}
    assert columns[9]["description"] == "{{ doc('gender') }} {{ doc('as_submitted') }}"
    unknown = some.replace("gender", "sex")
    with pytest.raises(tool.Unclear, match="no field of the return is called sex"):
        tool.refreshed(unknown, ENTRIES, "sent.yml")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| a | secret | | | {% docs a %}A.{% enddocs %} |", "a: the class is"),
        ("| a | none | | 99 | {% docs a %}A.{% enddocs %} |", "a: the return has no field 99"),
        ("| a | none | {% docs a %}A.{% enddocs %} |", "not a row"),
        ("| a | none | | | {% docs a %}A.{% enddocs %} |\n" * 2, "a is there twice"),
    ],
)
def test_a_broken_row_of_the_dictionary_is_named(row, said):
    with pytest.raises(tool.Unclear, match=said):
        tool.dictionary_from(row)
