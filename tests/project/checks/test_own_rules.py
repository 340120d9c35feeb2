"""A council's own settings of rules, accepted exceptions and limits, in a folder of its own (rules_path)."""

import shutil

import pytest
from conftest import PROJECT, assert_refused, run_again

from asc_cld.command_line.first_day import OWN_LISTS, write_rules
from asc_cld.readers.own_lists import rules_path_problems

SEEDS = PROJECT / "seeds" / "reference"


@pytest.fixture
def rules(tmp_path):
    """The folder that `asc-cld init` begins, with the limits of the demo council."""
    folder = tmp_path / "rules"
    assert [path.stem for path in write_rules(folder)] == list(OWN_LISTS)
    shutil.copy(SEEDS / "unread_limits.csv", folder)
    return folder


def test_what_init_begins_sets_no_rule_and_keeps_the_general_limits(tmp_path):
    write_rules(tmp_path)
    assert (tmp_path / "rule_settings.csv").read_text().splitlines() == [
        "rule_id,is_on,severity,threshold_share"
    ]
    limits = (tmp_path / "unread_limits.csv").read_text().splitlines()
    assert len(limits) > 1 and all(line.startswith("*,") for line in limits[1:])
    # Nothing that is there is written over.
    assert write_rules(tmp_path) == []


def test_the_councils_own_rules_hold_in_place_of_the_seeds_and_an_exception_lets_the_file_go(ready, rules):
    """Of one return: held back at a threshold of the council's own, sent with an exception it has accepted."""
    with (rules / "rule_settings.csv").open("a") as stream:
        stream.write("MAN-04,,,0.005\nDAT-15,no,,\nSRV-12,,info,\n")
    with (rules / "accepted_exceptions.csv").open("a") as stream:
        stream.write("MAN-04,rule,,Waiting for the team,Systems,Head of service,2026-10-19\n")
    held = run_again(ready, rules_path=str(rules))
    assert_refused(held, ready, "MAN-04")
    assert (
        "accepted_exceptions.csv accepted until a day that has passed (rule, lines): MAN-04 1\n"
        in held.printed
    )
    with (rules / "accepted_exceptions.csv").open("a") as stream:
        stream.write(
            "MAN-04,rule,,Waiting for the Personal Demographics Service,Systems,Head of service,2099-12-31\n"
        )
    run = run_again(ready, rules_path=str(rules))
    assert run.exit_code == 0, run.printed
    assert run.return_file.read_bytes() == ready.bytes_before
    states = {
        rule: (state, severity, share)
        for rule, state, severity, share in run.query(
            "select rule_id, rule_state, severity, cast(threshold_share as double)"
            " from council.data_quality.dq_rules where rule_id in ('MAN-04', 'DAT-15', 'SRV-12')"
        )
    }
    assert states["MAN-04"][2] == 0.005
    assert states["DAT-15"][0] == "switched off"
    assert states["SRV-12"][1] == "info"


SLIPS = {
    "rule_settings": ("MAN-99,,,", "line 2: 'MAN-99' is not a rule of the catalogue"),
    "accepted_exceptions": ("MAN-04,rule,,,,,", "line 2: reason is blank"),
    "unread_limits": ("*,nothing,*,*,0,,x,y", "extract is of the form"),
}


def test_every_slip_stops_the_run_with_its_file_and_line(ready, rules):
    for name, (line, _) in SLIPS.items():
        with (rules / f"{name}.csv").open("a") as stream:
            stream.write(line + "\n")
    run = run_again(ready, rules_path=str(rules))
    assert_refused(run, ready, *SLIPS, *(said for _, said in SLIPS.values()))


def test_a_folder_that_holds_none_of_them_is_another_folder(tmp_path):
    (problem,) = rules_path_problems(tmp_path / "nowhere")
    assert problem.startswith("rules_path: ") and "holds none of accepted_exceptions.csv" in problem


@pytest.mark.parametrize("name", ["rule_settings.xlsx", "Rule_Settings.csv", "rules_settings.csv"])
def test_a_file_that_would_be_passed_over_is_named(rules, name):
    assert rules_path_problems(rules) == []
    (rules / "rule_settings.csv").rename(rules / name)
    (problem,) = rules_path_problems(rules)
    assert problem.startswith(f"rules_path: {name} is not read")


def test_a_list_with_semicolons_stops_the_run(ready, rules):
    path = rules / "rule_settings.csv"
    path.write_text(path.read_text().replace(",", ";") + "MAN-04;;;0.06\n")
    run = run_again(ready, rules_path=str(rules))
    assert_refused(run, ready, "rules_path: rule_settings.csv", "save it as CSV with commas")
