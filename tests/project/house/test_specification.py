"""The specification seeds are consistent with each other, typed, and say what is an inference."""

import csv
import re
from pathlib import Path

import pytest
from conftest import PROJECT

SEEDS = PROJECT / "seeds"
RELEASES = {"R1", "R2"}
CONFIDENCES = {"high", "medium", "low", "see list"}


def rows(name: str, folder: str = "specification") -> list[dict[str, str]]:
    with (SEEDS / folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


FIELDS = rows("spec_fields")
HEADERS = [row["header"] for row in FIELDS]
LISTS: dict[tuple[str, str], set[str]] = {}
for entry in rows("spec_code_lists"):
    LISTS.setdefault((entry["release"], entry["field"]), set()).add(entry["value"])


def named_fields(text: str) -> list[str]:
    """Headers named in a rule; 'Adult 1-3 Linked Person_ID' stands for three of them."""
    text = text.replace(
        "Adult 1-3 Linked Person_ID", "; ".join(f"Adult {n} Linked Person_ID" for n in (1, 2, 3))
    )
    return [part.strip() for part in text.split(";")]


def test_fifty_fields_in_order():
    assert [int(row["field_order"]) for row in FIELDS] == list(range(1, 51))
    assert len(set(HEADERS)) == len({row["snake_name"] for row in FIELDS}) == 50


def test_every_defined_list_exists_in_both_releases():
    listed = {row["header"] for row in FIELDS if row["data_type"] == "defined list"}
    # No list was found for the hours of care, in either release; rule LST-19 says so.
    assert listed - {field for _, field in LISTS} == {"Total Hrs Caring per week"}
    for field in listed - {"Total Hrs Caring per week"}:
        assert {release for release, name in LISTS if name == field} >= RELEASES, field


def test_lists_belong_to_fields_and_hold_each_value_once():
    seen = set()
    for row in rows("spec_code_lists"):
        assert row["field"] in HEADERS
        assert row["confidence"] in CONFIDENCES
        assert row["value"] == row["value"].strip() != ""
        key = (row["release"], row["field"], row["value"])
        assert key not in seen, key
        seen.add(key)


def test_release_pairs_use_listed_values():
    for row in rows("spec_r1_to_r2"):
        if row["r1_value"]:
            assert row["r1_value"] in LISTS["R1", row["field"]], row
        if row["r2_value"]:
            assert row["r2_value"] in LISTS["R2", row["field"]], row


def test_every_release_1_value_has_a_pair():
    paired = {(row["field"], row["r1_value"]) for row in rows("spec_r1_to_r2")}
    unchanged = {
        "Gender",
        "Has Unpaid Carer",
        "Autism Spectrum Disorder (ASD)",
        "Dementia",
        "Eligible Needs Identified",
    }
    for (release, field), values in LISTS.items():
        if release == "R1" and field not in unchanged:
            assert {(field, value) for value in values} <= paired, field


def test_rules_name_real_fields():
    general = re.compile(
        r"^\(.*\)$|^(all .*|person|dates|key fields|linked ids|Event dates|Reporting Period|Service history)$"
    )
    for row in rows("spec_rules"):
        for name in named_fields(row["fields"]):
            assert name in HEADERS or general.match(name), (row["rule_id"], name)


def test_ids_of_rules_are_unique():
    rules = [row["rule_id"] for row in rows("spec_rules")]
    assert len(rules) == len(set(rules))
    guided = {row["rule_id"] for row in rows("spec_rule_guidance")}
    assert set(rules) <= guided | {
        row["rule_id"] for row in rows("spec_rules") if row["level"] == "build rule"
    }


def test_every_message_says_what_is_wrong_what_is_allowed_why_and_how_to_fix_it():
    known = {"field", "value", "fault", "suggestion", "allowed", "event_type"}
    levels = {row["rule_id"]: row["level"] for row in rows("spec_rules")}
    for row in rows("spec_rule_guidance"):
        if levels[row["rule_id"]] == "build rule":
            continue
        said = row["message"]
        assert set(re.findall(r"{(\w+)}", said)) <= known, row["rule_id"]
        allowed = (
            "Allowed",
            "Expected",
            "{allowed}",
            "It must be filled",
            "more than the limit",
            "{suggestion}",
        )
        assert any(words in said for words in allowed) or row["rule_id"] == "FMT-01", row["rule_id"]
        assert row["why_it_matters"] and row["how_to_fix"] and row["measures_affected"], row["rule_id"]


def test_every_field_has_a_source():
    assert {row["snake_name"] for row in rows("spec_field_sources")} == {row["snake_name"] for row in FIELDS}
    columns = {(row["table_name"], row["column_name"]) for row in rows("spec_extract_columns")}
    for row in rows("spec_field_sources"):
        if row["source_column"]:
            assert (row["source_table"], row["source_column"]) in columns, row
        # The rule that makes a field is one look away.
        (model,) = (PROJECT / "models").rglob(f"{row['model']}.sql")
        # What a classification says is held by kind there, not by column.
        if row["record_role"] != "history":
            text = model.read_text(encoding="utf-8")
            names = (row["snake_name"].removesuffix("_unit_type"), row["source_column"] or row["snake_name"])
            assert any(name in text for name in names), row
    for row in rows("spec_local_code_lists"):
        assert (row["table_name"], row["column_name"]) in columns, row


def test_mappings_lead_to_listed_values():
    for row in rows("map_codes", "mappings"):
        if row["cld_field"] != "Total Hrs Caring per week":
            assert row["cld_value"] in LISTS["R2", row["cld_field"]], row
    for row in rows("map_services", "mappings"):
        if not row["exclusion_code"]:
            assert row["service_type"] in LISTS["R2", "Service Type"], row
            assert row["service_component"] in LISTS["R2", "Service Component"], row
    reasons = {row["reason_code"] for row in rows("exclusion_reasons", "reference")}
    for name in ("map_services", "map_event_scope"):
        for row in rows(name, "mappings"):
            assert not row["exclusion_code"] or row["exclusion_code"] in reasons, row


def test_council_codes_keep_their_text():
    codes = {row["cassr_code"]: row["name"] for row in rows("spec_councils")}
    assert codes["409"] == "Sandwell"
    assert len(rows("spec_councils")) == 153


@pytest.mark.parametrize("path", sorted(SEEDS.rglob("*.csv")), ids=lambda path: path.stem)
def test_every_seed_column_is_typed(path: Path):
    typed = set(re.findall(r"^        (\w+): ", path.with_suffix(".yml").read_text(), re.M))
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert set(header) <= typed


def test_named_values_stand_in_their_lists():
    names = rows("spec_named_values")
    assert len({(row["value_name"], row["from_release"]) for row in names}) == len(names)
    for row in names:
        release, value = row["from_release"], row["value"]
        assert release in RELEASES | {"DHSC"}, row
        if "." in row["field"]:
            seed, column = row["field"].split(".")
            listed = {entry[column] for entry in rows(seed, "reference")}
        elif row["field"] == "(every list that DHSC cleans)":
            listed = set.intersection(
                *[LISTS["DHSC", field] for release_of, field in LISTS if release_of == "DHSC"]
            )
        else:
            listed = LISTS[release, row["field"]]
        if value.endswith("*"):
            assert any(entry.startswith(value[:-1]) for entry in listed), row
        else:
            assert not value or value in listed, row


def test_possible_values_stand_for_listed_ones_and_say_whence():
    for row in rows("spec_possible_values"):
        listed = LISTS[row["release"], row["field"]]
        assert row["in_place_of"] in listed and row["value"] not in listed, row
        assert row["source"] and row["confidence"] in {"medium", "low"}, row
        # The setting speaks of one field.
        assert not row["wording"] or row["field"] == "Eligible Needs Identified", row


def test_every_value_asked_for_is_named_and_no_other():
    named = {row["value_name"] for row in rows("spec_named_values")}
    sql = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("models", "macros")
        for path in sorted((PROJECT / room).rglob("*.sql"))
    )
    calls = re.findall(r"(?:cld|dhsc)_value\(([^()]*)\)", sql)
    forms = {"as listed", "key", "starts", "holds"}
    asked = {name for call in calls for name in re.findall(r"'([^']+)'", call)} - forms
    # Those that a loop puts together from the name of its field begin like this.
    assert asked - {"unknown_", "ethnicity"} <= named
    assert {name for name in named - asked if not name.startswith("unknown_")} == set()


CONDITIONS = rows("spec_field_conditions")
CLIENT_TYPES = FIELDS[0]["applies_to_client_types"].split("|")


def takes_in(types: str, one: str) -> bool:
    """As the macro holds_for: 'A|B', 'not A', empty for all."""
    if types.startswith("not "):
        return one not in types.removeprefix("not ").split("|")
    return not types or one in types.split("|")


def in_rule_words(types: str, name: str) -> list[str]:
    """'not Service' of Event Type as a rule's applies_when says it: Event Type <> Service."""
    if not types:
        return []
    if types.startswith("not "):
        return [f"{name} <> {types.removeprefix('not ')}"]
    listed = types.split("|")
    return [f"{name} = {types}" if len(listed) == 1 else f"{name} in ({', '.join(listed)})"]


def test_conditions_speak_of_listed_types_and_of_what_is_asked_of_each_row():
    profile = (PROJECT / "models/data_quality/rows/dq_rows.sql").read_text(encoding="utf-8")
    for row in CONDITIONS:
        for column, field in (("client_types", "Client Type"), ("event_types", "Event Type")):
            named = row[column].removeprefix("not ").split("|") if row[column] else []
            assert set(named) <= LISTS["R2", field], row
        # A name that no row's profile can hold would switch the condition off and say nothing.
        assert not row["extra_condition"] or f"'{row['extra_condition']}|'" in profile, row


def test_a_rule_says_in_words_what_its_conditions_say():
    snake = {row["header"]: row["snake_name"] for row in FIELDS}
    for rule in rows("spec_rules"):
        conditions = [row for row in CONDITIONS if row["rule_id"] == rule["rule_id"]]
        assert bool(conditions) == rule["rule_id"].startswith(("MAN-", "NAP-")), rule["rule_id"]
        if not conditions:
            continue
        if not rule["fields"].startswith("all "):
            said = {snake[name] for name in named_fields(rule["fields"])}
            assert said == {row["field_name"] for row in conditions}, rule["rule_id"]
        whole = rule["applies_when"]
        ways = list(
            dict.fromkeys((r["client_types"], r["event_types"], r["extra_condition"]) for r in conditions)
        )
        parts = [part.strip("()") for part in whole.split(") OR (")] if len(ways) > 1 else [whole]
        assert len(parts) == len(ways), rule["rule_id"]
        for words, (client_types, event_types, extra) in zip(parts, ways, strict=True):
            types = [*in_rule_words(client_types, "Client Type"), *in_rule_words(event_types, "Event Type")]
            begin = " AND ".join(types) or "every row"
            # What else is asked of the row stands behind the types, and nowhere where nothing else is asked.
            rest = words.removeprefix(begin)
            assert words.startswith(begin) and bool(extra) == rest.startswith(" AND "), (
                rule["rule_id"],
                words,
            )
            assert extra or not rest, (rule["rule_id"], words)


def test_a_field_applies_to_the_client_types_that_no_condition_rules_out():
    """The return leaves a field blank by applies_to_client_types, the checks (NAP) look for it by the conditions."""
    for field in FIELDS:
        ruled_out = [
            row["client_types"]
            for row in CONDITIONS
            if (row["field_name"], row["field_status"], row["event_types"])
            == (field["snake_name"], "Not applicable", "")
        ]
        applies = [one for one in CLIENT_TYPES if not any(takes_in(types, one) for types in ruled_out)]
        assert field["applies_to_client_types"] == "|".join(applies), field["snake_name"]


def test_the_fields_conformance_is_what_the_conditions_ask():
    """spec_fields says it as the specification's table does, spec_field_conditions as the checks ask it."""
    event_types = [value for value in FIELDS[0]["applies_to_event_types"].split("|") if value]
    for field in FIELDS:
        conditions = [row for row in CONDITIONS if row["field_name"] == field["snake_name"]]
        said = {
            event_type: asked_of(row for row in conditions if takes_in(row["event_types"], event_type))
            for event_type in event_types
        }
        for event_type, conformance in said.items():
            assert field[f"conformance_{event_type.lower()}"] == conformance, (
                field["snake_name"],
                event_type,
            )
        applies = [one for one in event_types if said[one] != "Not applicable"]
        assert field["applies_to_event_types"] == "|".join(applies), field["snake_name"]
        # No event type stands on the rows of such carers, so what is asked of one type alone is not asked of them.
        by_association = asked_of(
            row | {"client_types": ""}
            for row in conditions
            if takes_in(row["client_types"], CLIENT_TYPES[-1]) and takes_in(row["event_types"], "")
        )
        assert field["conformance_carer_known_by_association"] == by_association, field["snake_name"]


def asked_of(conditions) -> str:
    """What conditions ask of a field on one kind of row: more than blank or filled needs a further condition."""
    found = {
        row["field_status"]
        for row in conditions
        if (row["field_status"] == "Mandatory" and not row["extra_condition"])
        or (row["field_status"] == "Not applicable" and not row["client_types"])
    }
    return next(iter(sorted(found)), "Applicable but not mandatory")


def test_every_dated_field_has_a_known_rule_and_is_on_the_rows_of_the_return():
    """Any other rule, or a field that cld_person_details does not carry, would leave the field blank and say nothing."""
    dated = {row["snake_name"] for row in FIELDS if row["value_rule"]}
    assert {row["value_rule"] for row in FIELDS} <= {"", "latest_in_period", "as_at_event"}
    text = (PROJECT / "models/cld/return/cld_person_details.sql").read_text(encoding="utf-8")
    [columns] = re.findall(r"{% set columns = \[(.*?)\]", text, re.S)
    assert set(re.findall(r"'(\w+)'", columns)) == dated
