"""The pages of docs/checks are those the seeds make."""

import make_check_docs


def test_pages_are_up_to_date():
    for name, text in make_check_docs.pages().items():
        assert (make_check_docs.TARGET / name).read_text(encoding="utf-8") == text, name


def test_every_rule_has_a_page():
    told = "".join(make_check_docs.pages().values())
    for rule in make_check_docs.read("spec_rules.csv"):
        assert f"## {rule['rule_id']}\n" in told


def test_every_rule_says_where_its_condition_stands():
    assert [rule for rule, place in make_check_docs.places().items() if not place] == []


def test_the_first_page_counts_them():
    rules = {rule["rule_id"]: rule for rule in make_check_docs.read("spec_rules.csv")}
    made = {
        row["rule_id"]
        for row in make_check_docs.read("spec_rule_guidance.csv")
        if row["scope_kind"] == "not checked"
    }
    extracts = {rule_id for rule_id in rules if rule_id.startswith("EXT-")}
    own = {rule_id for rule_id, rule in rules.items() if rule["level"] == "build rule"} - made - extracts
    specified = set(rules) - made - extracts - own - {"LST-19"}
    said = " ".join((make_check_docs.TARGET / "README.md").read_text(encoding="utf-8").split())
    assert (
        f"{len(rules)} rules, each with a stable id: {len(specified)} of the specification and {len(own)} of our own are"
        f" checked on any CLD file, {len(extracts)} speak of the extracts (EXT), {len(made)} say how our own return is"
        " made, and 1 (LST-19"
    ) in said
