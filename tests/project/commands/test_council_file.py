"""council.yml: what is read, what wins, and that each fault is one sentence with file and line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pytest
from dbt_runs import DATABASE, PROJECT, run_dbt
from typer.testing import CliRunner

from asc_cld import settings
from asc_cld.command_line import app
from asc_cld.plugins.looked_at import nobody_named_extracts
from asc_cld.plugins.private_files import not_handed_over


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes a council.yml into the working folder, an empty one of the test's own."""
    monkeypatch.chdir(tmp_path)
    for name in [*os.environ]:
        if name.startswith(("CLD_", "ASC_CLD_")):
            monkeypatch.delenv(name)
    # What hand_over sets goes with the test.
    monkeypatch.setattr(settings.os, "environ", dict(os.environ))

    def write(text: str, name: str = "council.yml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


GOOD = """
# our own
la_code: 0209
reporting_period_end: 2026-12-31
submissions_path: sent before
force_draft: no
plausible_weekly_cost_max: 6000
"""


def test_values_are_read_as_they_are_written_and_paths_from_the_file(written):
    council = settings.read_council(written(GOOD))
    assert council.values == {
        "la_code": "0209",
        "reporting_period_end": "2026-12-31",
        "submissions_path": str(council.path.parent / "sent before"),
        "force_draft": "no",
        "plausible_weekly_cost_max": "6000",
    }
    assert council.lines["la_code"] == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("la_code: [1\n", "council.yml, line 2: this is not YAML"),
        ("- la_code\n", "council.yml, line 1: this is no list of `setting: value` lines"),
        ("la_code: 209\n\nla_code: 210\n", "council.yml, line 3: la_code stands twice (the first on line 1)"),
        (
            "la_kode: 209\n",
            "council.yml, line 1: there is no setting called 'la_kode'; the nearest is la_code",
        ),
        ("la_code: [209, 210]\n", "council.yml, line 1: la_code has one value, not several"),
        ("la_code: 2-0\n", "council.yml, line 1: la_code is '2-0': a code holds letters and digits only"),
        (
            "reporting_period_end: 31/12/2026\n",
            "council.yml, line 1: reporting_period_end is '31/12/2026': write it as yyyy-mm-dd",
        ),
        ("extracts_path: nowhere\n", "council.yml, line 1: extracts_path: there is no folder "),
        ("pseudonym_key: abc\n", "council.yml, line 1: pseudonym_key has no place here: it is a secret"),
        ("\n  force_draft: perhaps\n", "council.yml, line 2: force_draft is 'perhaps': write true or false"),
    ],
)
def test_a_fault_is_one_sentence_with_file_and_line(written, text, said):
    with pytest.raises(settings.SettingsError) as stopped:
        settings.read_council(written(text))
    assert str(stopped.value).startswith(said)
    assert "\n" not in str(stopped.value)


def test_every_fault_is_named_at_once(written):
    with pytest.raises(settings.SettingsError) as stopped:
        settings.read_council(written("la_kode: 1\nshare_k: 1\nsubmission_date: soon\n"))
    assert len(str(stopped.value).splitlines()) == 3


def test_a_file_that_is_named_must_be_there(written):
    with pytest.raises(
        settings.SettingsError, match="CLD_COUNCIL names other.yml, and there is no such file"
    ):
        settings.find_council(environment={"CLD_COUNCIL": "other.yml"})
    assert settings.find_council() is None
    path = written(GOOD)
    assert settings.find_council().resolve() == path
    other = written("la_code: 210\n", "other.yml")
    assert settings.find_council(other) == other


def test_vars_win_over_variables_over_the_file_over_the_default(written):
    council = settings.read_council(written(GOOD))
    found = settings.in_force(council, {"CLD_LA_CODE": "210"}, {"reporting_period_end": "2026-09-30"})
    assert (found["la_code"].value, found["la_code"].source) == ("210", "CLD_LA_CODE")
    assert found["reporting_period_end"].source == "--vars"
    assert found["reporting_period_start"].value == "2025-10-01"
    assert found["force_draft"].source == "council.yml, line 6"
    assert found["submission_date"].source == "default" and not found["submission_date"].is_given


def test_what_a_command_is_given_goes_before_all_and_ends_with_it(written):
    council = settings.read_council(written(GOOD))
    settings.hand_over(council)
    before = dict(settings.os.environ)
    assert before["CLD_LA_CODE"] == "0209" and before["CLD_SUBMISSIONS_PATH"]
    named = {
        "la_code": 210,
        "share_k": None,
        "plausible_weekly_cost_max": " ",
        "submissions_path": "elsewhere",
    }
    with pytest.raises(ZeroDivisionError), settings.given(named, without=["submissions_path", "force_draft"]):
        # A process that is started now reads the file again.
        again = settings.this_council()
        settings.hand_over(again)
        found = settings.in_force(again)
        assert found["la_code"].value == "210"
        assert (found["submissions_path"].value, found["submissions_path"].source) == (
            settings.project_vars()["defaults"]["submissions_path"], "default"
        )  # fmt: skip
        assert found["force_draft"].source == "default" and found["share_k"].source == "default"
        assert found["plausible_weekly_cost_max"].source == "default"
        assert not_handed_over({}) == []
        raise ZeroDivisionError
    assert dict(settings.os.environ) == before
    assert settings.in_force(settings.this_council())["force_draft"].source == "council.yml, line 6"


@pytest.mark.parametrize("command", ["check", "region"])
def test_a_folder_that_a_command_names_is_read_and_not_the_landing_of_the_file(written, command):
    (written(GOOD + "landed_path: landed\n").parent / "odd").mkdir()
    Path("landed").mkdir()
    Path("odd", "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = CliRunner().invoke(app, [command, "--submissions", "odd", "--results", "results"])
    assert done.exit_code == 2 and "no CLD file could be read in odd" in done.output, done.output
    # Without the option the landing is what is read: another command, another process.
    del settings.os.environ[settings.WITHOUT]
    done = CliRunner().invoke(app, [command, "--landed", "landed", "--results", "results"])
    assert "landed_path: " in done.output and "odd" not in done.output


@pytest.mark.parametrize("command", ["check", "region"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "--submissions names nowhere: there is no such folder."),
        ("one.csv", "--submissions names one.csv: that is a file; name its folder."),
        ("empty", "--submissions names empty: no CLD file"),
    ],
)
def test_a_folder_without_a_file_is_said_before_anything_is_built(written, command, name, said):
    """A run that finds no file would take the tables of the last build with it."""
    written(GOOD)
    Path("empty", "a folder").mkdir(parents=True)
    Path("one.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = CliRunner().invoke(app, [command, "--submissions", name])
    assert done.exit_code == 2 and said in done.output, done.output
    assert not Path("council.duckdb").exists() and not Path("target").exists()


@pytest.mark.parametrize("name", ["council.yaml", "Council.YML.txt", "council (1).yml", "council_copy.yml"])
def test_a_council_file_under_another_name_is_named_and_not_passed_over(written, name):
    path = written(GOOD, name)
    with pytest.raises(
        settings.SettingsError, match="is not read: the settings stand in council.yml; rename it"
    ):
        settings.find_council()
    done = CliRunner().invoke(app, ["check"])
    assert done.exit_code == 2 and name in done.output
    # What is called otherwise, and a copy beside the file itself, hold nothing up.
    path.rename("councillors.yml")
    assert settings.find_council() is None
    written(GOOD)
    written(GOOD, name)
    assert settings.find_council() == Path("council.yml")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "la_code: 209\n", "extracts_path:\n"])
def test_a_council_file_without_extracts_sends_no_invented_people(written, text):
    written(text)
    [said] = nobody_named_extracts({})
    assert said.startswith("council.yml names no folder of extracts")
    assert nobody_named_extracts({"extracts_path": "here"}) == []
    written("extracts_path: .\n")
    assert nobody_named_extracts({}) == []
    Path("council.yml").unlink()
    assert nobody_named_extracts({}) == []


def test_a_setting_given_as_nothing_takes_back_what_the_file_says(written):
    written(GOOD)
    done = CliRunner().invoke(app, ["settings", "--vars", "{la_code: '', plausible_weekly_cost_max: null}"])
    rows = {line.split()[0]: line.split()[1:] for line in done.output.splitlines() if line.split()}
    assert rows["la_code"][-1] == rows["plausible_weekly_cost_max"][-1] == "default", done.output
    assert rows["la_code"][0] == "409" and "2026-12-31" in done.output


def test_what_one_run_of_dbt_is_given_as_nothing_the_next_in_the_process_has_again(written):
    """As with dbtRunner, in the process of a scheduler: two runs, only the first with the --vars."""
    council = settings.read_council(written(GOOD))
    settings.os.environ["CLD_SHARE_K"] = "8"
    before = dict(settings.os.environ)
    assert settings.take_back({"share_k": "", "la_code": None, "operator": "A"}) == ["share_k", "la_code"]
    found = settings.in_force(settings.this_council())
    assert found["share_k"].source == found["la_code"].source == "default"
    assert settings.take_back({}) == []
    assert dict(settings.os.environ) == before
    found = settings.in_force(council)
    assert (found["share_k"].value, found["la_code"].value) == ("8", "0209")


def test_what_was_handed_over_still_says_where_it_stands(written):
    settings.os.environ["CLD_FORCE_DRAFT"] = "true"
    council = settings.read_council(written(GOOD))
    made = settings.hand_over(council)
    assert made["CLD_LA_CODE"] == "0209" and "CLD_FORCE_DRAFT" not in made
    found = settings.in_force(council, settings.os.environ)
    assert found["la_code"].source == "council.yml, line 3"
    assert (found["force_draft"].value, found["force_draft"].source) == ("true", "CLD_FORCE_DRAFT")


def test_dbt_that_was_started_without_the_file_is_stopped(written):
    assert not_handed_over({}) == []
    written(GOOD)
    [said] = not_handed_over({"la_code": "0209"})
    assert "without the settings of council.yml (reporting_period_end, submissions_path," in said
    settings.hand_over(settings.this_council())
    assert not_handed_over({}) == []


def test_plain_dbt_reads_the_file(tmp_path):
    """The plugin dbt_asc_cld is found where the project is installed; here by the path of Python."""
    text = "la_code: 209\nshare_k: 7\nshare_threshold: 9\nshare_rounding: 5\n"
    (tmp_path / "council.yml").write_text(text, encoding="utf-8")
    # Given as nothing: neither the file's nor the variable's.
    nothing = "{share_threshold: '', share_rounding: null}"
    done = run_dbt(tmp_path, "run", "--select", "gov_run", "--vars", nothing, share_k=8, share_rounding=10)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / DATABASE}' as council (read_only)")
        [(text,)] = connection.execute("select settings from council.governance.gov_run").fetchall()
    found = json.loads(text)
    assert (found["la_code"], found["share_k"]) == ("209", "8")
    assert (found["share_threshold"], found["share_rounding"]) == ("5", "1")


def test_the_two_lists_of_types_say_the_same():
    """The macro of dbt and the function of the commands check a setting alike: each kind is known to both."""
    kinds = {kind["is"] for kind in settings.project_vars()["setting_types"].values()}
    macro = (PROJECT / "macros" / "periods" / "setting.sql").read_text(encoding="utf-8")
    for kind in kinds:
        assert f"kind == '{kind}'" in macro
        name = next(n for n, k in settings.project_vars()["setting_types"].items() if k["is"] == kind)
        assert settings.value_problem(name, "no value -of any kind"), kind
