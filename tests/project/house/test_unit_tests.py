"""The unit tests of the rules, run by dbt on the built demo council."""

import re


def test_every_unit_test_passes(demo_runs):
    run = demo_runs["unit_tests"]
    assert run.exit_code == 0, run.printed[-6000:]
    assert int(re.search(r"PASS=(\d+)", run.printed)[1]) > 100
