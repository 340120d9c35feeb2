"""The pages of docs/checks are those the seeds make."""

import make_check_docs


def test_pages_are_up_to_date():
    for name, text in make_check_docs.pages().items():
        assert (make_check_docs.TARGET / name).read_text(encoding="utf-8") == text, name


def test_every_rule_has_a_page():
    told = "".join(make_check_docs.pages().values())
    for rule in make_check_docs.read("spec_rules.csv"):
        assert f"## {rule['rule_id']}\n" in told


def test_the_first_page_counts_them():
    said = (make_check_docs.TARGET / "README.md").read_text(encoding="utf-8")
    assert f"{len(make_check_docs.read('spec_rules.csv'))} rules, each with a stable id" in said
