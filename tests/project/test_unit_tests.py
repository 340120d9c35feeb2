"""The unit tests of the rules, run by dbt on the built demo council."""

from conftest import PSEUDONYM_KEY, dbt


def test_every_unit_test_passes(demo_build):
    # With the secret, as the build: other tests read the manifest that this run writes again.
    run = dbt(
        demo_build.folder, "test", "--selector", "unit_tests", pseudonym_key=PSEUDONYM_KEY
    )
    assert run.exit_code == 0, run.printed[-6000:]
    assert "PASS=" in run.printed
