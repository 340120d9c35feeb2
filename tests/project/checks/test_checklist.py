"""Rules are tested by subject; each keeps its name in the run's last lines and in the file for CI."""

import csv
import re

import yaml
from conftest import PROJECT
from rule_files import checklist

SPECIFICATION = PROJECT / "seeds/specification"


def test_every_rule_of_the_catalogue_belongs_to_a_subject_that_is_tested():
    with (SPECIFICATION / "spec_rules.csv").open(encoding="utf-8", newline="") as stream:
        rules = list(csv.DictReader(stream))
    # EXT rules are ours, on the extracts: build rules that are checked on the return built here.
    checked = {row["rule_id"].split("-")[0] for row in rules if row["level"] != "build rule"} | {"EXT"}
    (model,) = yaml.safe_load(
        (PROJECT / "models/data_quality/breaches/dq_breaches.yml").read_text(encoding="utf-8")
    )["models"]
    tests = [
        test["rules_are_kept"]["arguments"]["subject"]
        for test in model["data_tests"]
        if "rules_are_kept" in test
    ]
    assert sorted(tests) == sorted(checked)


def test_the_file_for_ci_names_every_rule_as_the_summary_does(demo_build):
    told = checklist(demo_build.folder)
    summary = demo_build.query(
        "select check_name, sum(breach_count - accepted_count), bool_or(rule_state = 'checked')"
        " from council.data_quality.dq_summary where origin = 'built' and rule_state <> 'build rule' group by all"
    )
    assert set(told) == {name for name, _, _ in summary}
    assert len(told) >= 148
    warned = {name for name, count, _ in summary if count}
    assert warned
    assert {name for name, said in told.items() if said and said[0][0] == "system-out"} == warned
    off = {name for name, _, is_checked in summary if not is_checked}
    assert {name for name, said in told.items() if said and said[0][0] == "skipped"} == off


def test_the_last_lines_of_the_run_name_every_rule_and_how_often_it_is_broken(demo_build):
    assert (
        len(re.findall(r"(?:PASS|WARN|FAIL|OFF) \d+ dq_breaches__[A-Z]{3}-\d\d", demo_build.printed)) >= 148
    )
    summary = demo_build.query(
        "select check_name, sum(breach_count - accepted_count) from council.data_quality.dq_summary"
        " where origin = 'built' and breach_count > 0 group by all"
    )
    printed = {
        name: count
        for count, name in re.findall(
            r"WARN (\d+) (dq_breaches__[A-Z]{3}\S*) \(must hold", demo_build.printed
        )
    }
    assert printed == {name: str(count) for name, count in summary if count}
