"""The unit tests of the rules, run by dbt on the built demo council."""

from conftest import dbt


def test_every_unit_test_passes(demo_build):
    run = dbt(demo_build.folder, "test", "--selector", "unit_tests")
    assert run.exit_code == 0, run.printed[-6000:]
    assert "PASS=" in run.printed
