"""asc-cld: one style of help, a first council.yml, a doctor that builds nothing, and a package that can be installed."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from conftest import DEMO_EXTRACTS
from dbt_runs import PROJECT
from typer.main import get_command
from typer.testing import CliRunner

from asc_cld import command_line, demo_extracts, fixlist, settings
from asc_cld.command_line import app, dbt_run
from asc_cld.readers.mapping_reader import MAPPINGS, mapping_rows
from asc_cld.specification import find_project, seed_columns
from asc_cld.spreadsheets import Table

READ_BY_PEOPLE = (".md", ".yml", ".sql", ".html", ".csv", ".py")

COMMANDS = get_command(app).commands
# The same word for the same thing, wherever it is an option.
MEANS = {"--council", "--vars", "--verbose", "--database", "--folder", "--with-identifiers"}


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Calls asc-cld in an empty folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("CLD_", "ASC_CLD_", "DBT_"))}
    monkeypatch.setattr(os, "environ", kept)

    def called(*arguments: str):
        before = dict(os.environ)
        try:
            return CliRunner().invoke(app, [*arguments])
        finally:
            # A command is a process of its own; what it hands over ends with it.
            os.environ.clear()
            os.environ.update(before)

    return called


def test_every_command_says_what_it_does_and_names_its_options_alike():
    assert len(COMMANDS) >= 18
    words = {}
    for name, command in COMMANDS.items():
        assert (command.help or "").strip(), name
        for parameter in command.params:
            assert getattr(parameter, "help", None), (name, parameter.name)
            for option in MEANS & set(parameter.opts):
                words.setdefault(option, set()).add(parameter.help)
    assert set(words) == MEANS
    assert {option for option, texts in words.items() if len(texts) > 1} == set()


def test_no_command_shows_the_help(call):
    assert "Usage:" in call().output
    assert call("no-such-command").exit_code == 2


def test_init_writes_what_it_was_told_and_the_file_can_be_read(call, tmp_path):
    (tmp_path / "extracts").mkdir()
    answers = ("--la-code", "sandwell", "--period-end", "2026-12-31", "--submission-date", "2027-01-20")
    done = call("init", *answers, "--prepared-by", "It's me: #1")
    assert done.exit_code == 0, done.output
    values = settings.read_council(tmp_path / "council.yml").values if _with_mappings(tmp_path) else {}
    assert values["la_code"] == "409"
    assert values["prepared_by"] == "It's me: #1"
    assert values["extracts_path"] == str(tmp_path / "extracts")
    again = call("init", *answers)
    assert again.exit_code == 2 and "is there already" in again.output


def _with_mappings(folder) -> bool:
    (folder / "mappings").mkdir()
    return True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Nobody can be asked here: give --la-code, --period-end, --submission-date"),
        (
            ("--la-code", "Sandwel", "--period-end", "2026-12-31", "--submission-date", "2027-01-20"),
            "the nearest is Sandwell (409)",
        ),
        (
            ("--la-code", "409", "--period-end", "2026-12-30", "--submission-date", "2027-01-20"),
            "reporting_period_end is 2026-12-30: the return ends with a quarter",
        ),
        (
            ("--la-code", "409", "--period-end", "2026-12-31", "--submission-date", "2026-12-31"),
            "submission_date is 2026-12-31: a return is sent after",
        ),
    ],
)
def test_init_writes_nothing_that_cannot_be_used(call, tmp_path, arguments, said):
    done = call("init", *arguments)
    assert done.exit_code == 2
    assert said in done.output.replace("\n", " ")
    assert not (tmp_path / "council.yml").exists()


def test_a_fault_of_the_settings_stops_every_command_before_it_begins(call, tmp_path):
    (tmp_path / "council.yml").write_text("la_kode: 409\n", encoding="utf-8")
    for command in ("build", "check", "fixlist", "export", "audit", "settings", "env"):
        done = call(command)
        assert done.exit_code == 2, command
        assert "council.yml, line 1: there is no setting called 'la_kode'" in done.output
    (tmp_path / "council.yml").unlink()
    os.environ["CLD_LA_KODE"] = "409"
    assert "CLD_LA_KODE is no setting; the nearest is CLD_LA_CODE" in call("build").output
    del os.environ["CLD_LA_KODE"]
    done = call("build", "--vars", "{la_kode: 409}")
    assert done.exit_code == 2
    assert "--vars: there is no setting called 'la_kode'; the nearest is la_code" in done.output
    assert not (tmp_path / "council.duckdb").exists()


def test_settings_and_env_say_what_is_in_force(call, tmp_path):
    (tmp_path / "council.yml").write_text("la_code: 209\nprepared_by: O'Neil\n", encoding="utf-8")
    shown = call("settings", "--vars", "{share_k: 9}").output
    assert [line.split() for line in shown.splitlines() if line.startswith(("la_code", "share_k "))] == [
        ["la_code", "209", "council.yml,", "line", "1"],
        ["share_k", "9", "--vars"],
    ]
    assert "export CLD_PREPARED_BY='O'\\''Neil'" in call("env", "--shell", "bash").output
    assert "$env:CLD_PREPARED_BY = 'O''Neil'" in call("env", "--shell", "powershell").output
    assert 'set "CLD_LA_CODE=209"' in call("env", "--shell", "cmd").output
    assert call("env", "--shell", "fish").exit_code == 2


def test_a_module_of_its_own_names_a_misspelt_variable_too(call, tmp_path):
    os.environ["CLD_LA_KODE"] = "409"
    with pytest.raises(SystemExit) as stopped:
        fixlist.main([])
    assert stopped.value.code == 2


def test_without_a_council_file_the_demo_is_looked_at(call):
    looked = call("doctor")
    assert looked.exit_code == 0, looked.output
    [extracts] = [line for line in call("settings").output.splitlines() if line.startswith("extracts_path")]
    assert extracts.split()[-1] == "default"


def test_doctor_names_what_stands_in_the_way_and_builds_nothing(call, tmp_path):
    assert call("init", "--demo").exit_code == 0
    good = call("doctor")
    assert good.exit_code == 0, good.output
    assert "2,525 records" in good.output and "cp1252" in good.output
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    for path in DEMO_EXTRACTS.iterdir():
        if path.stem not in ("team", "rate", "provider"):
            (extracts / path.name).symlink_to(path)
    (extracts / "provider.csv").write_bytes((DEMO_EXTRACTS / "provider.csv").read_bytes().rstrip())
    (extracts / "rate.csv").write_text("rate_id\n1\n", encoding="utf-8")
    (tmp_path / "a_file").write_text("x", encoding="utf-8")
    (tmp_path / "council.yml").write_text(
        f"extracts_path: {extracts}\noutput_path: a_file\n", encoding="utf-8"
    )
    bad = call("doctor")
    assert bad.exit_code == 1
    words = " ".join(bad.output.split())
    assert (
        "provider is the file whole? its last line has no end, as others have" in words
        and words.count("has no end") == 1
    )
    assert "has no end" not in good.output
    assert "team: no file team.csv" in words and "required column missing" in words
    assert "the return cannot be written here (output_path)" in words and "is a file and no folder" in words
    assert "3 to mend before a build." in words
    assert not (tmp_path / "council.duckdb").exists()


def test_a_build_without_extracts_of_ones_own_says_whose_they_were(call, tmp_path, monkeypatch):
    monkeypatch.setattr(dbt_run, "run_dbt", lambda *words, **given: dbt_run.DONE)
    assert command_line.INVENTED.split(",")[0] in " ".join(call("build").output.split())
    for own in ("extracts_path: extracts\n", "source_system: mosaic\n"):
        (tmp_path / "council.yml").write_text(own, encoding="utf-8")
        assert "invented" not in call("build").output


def test_the_mappings_folder_that_the_file_names_is_made_by_map(call, tmp_path):
    shutil.copytree(DEMO_EXTRACTS, tmp_path / "extracts")
    # Whoever opens a packed file or a workbook asks the settings how large it may be.
    with gzip.open(tmp_path / "extracts" / "team.csv.gz", "wb") as packed:
        packed.write((tmp_path / "extracts" / "team.csv").read_bytes())
    (tmp_path / "extracts" / "team.csv").unlink()
    (tmp_path / "council.yml").write_text(
        "extracts_path: extracts\nmappings_path: mappings\n", encoding="utf-8"
    )
    looked = " ".join(call("doctor").output.split())
    assert "asc-cld map makes it" in looked and "person.csv; 2,525 records" in looked
    assert call("build").exit_code == 2
    made = call("map")
    assert made.exit_code == 0, made.output
    assert (tmp_path / "mappings" / "mappings.xlsx").is_file()
    for name in MAPPINGS:
        rows = [row for _, row in mapping_rows(PROJECT / "seeds" / "mappings", name)]
        with (tmp_path / "mappings" / f"{name}.csv").open("w", encoding="utf-8") as stream:
            Table(stream, seed_columns("mappings", name)).add_named(
                row for row in rows if row.get("local_code") != "F"
            )
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rule_settings.csv").write_text(
        "rule_id,is_on,severity,threshold_share\nMAN-04,maybe,,\n", encoding="utf-8"
    )
    with (tmp_path / "council.yml").open("a", encoding="utf-8") as stream:
        stream.write("rules_path: rules\n")
    words = " ".join(call("doctor").output.split())
    assert "asc-cld map makes it" not in words
    assert "codes and words of the extracts have no answer: asc-cld map" in words
    assert "rule_settings.csv, line 2: is_on is of the form 'AAAAA': write yes or no" in words
    # What the doctor says the build says, before anything is built.
    assert "rule_settings.csv, line 2: is_on is of the form" in call("build").output


def test_other_peoples_extracts_are_not_the_demo(tmp_path):
    assert demo_extracts.is_the_demo(DEMO_EXTRACTS)
    rewritten, others = tmp_path / "rewritten", tmp_path / "others"
    for folder in (rewritten, others):
        folder.mkdir()
        for name in ("person", "person_identifier"):
            (folder / f"{name}.csv").write_bytes((DEMO_EXTRACTS / f"{name}.csv").read_bytes())
    numbers = rewritten / "person_identifier.csv"
    # 9990000018 as 999 000 0018, the surnames in capitals.
    text = numbers.read_text(encoding="utf-8").replace(",999", ",999 ")
    numbers.write_text(text, encoding="utf-8")
    people = rewritten / "person.csv"
    people.write_text(
        people.read_text(encoding="utf-8").upper().replace("PERSON_ID", "person_id", 1), "utf-8"
    )
    assert demo_extracts.is_the_demo(rewritten)
    # Another invented council begins with the same NHS numbers.
    lines = (others / "person.csv").read_text(encoding="utf-8").splitlines()
    moved = [lines[0], *(_with_surname(line, f"Other{n}") for n, line in enumerate(lines[1:]))]
    (others / "person.csv").write_text("\n".join(moved) + "\n", encoding="utf-8")
    assert not demo_extracts.is_the_demo(others)
    assert not demo_extracts.is_the_demo(tmp_path / "none")


def _with_surname(line: str, surname: str) -> str:
    cells = line.split(",")
    cells[3] = surname
    return ",".join(cells)


def test_what_dbt_says_is_told_without_its_makers_words():
    said = dbt_run.in_words(
        "Compilation Error in model gov_return_file (models/governance/gov_return_file.py)\n"
        "  The return is not written: the checks do not let it.\n"
        "  \n"
        "  > in macro stop_where_the_gate_says_no (macros/governance/x.sql)\n"
        "  > called by model gov_return_file (models/governance/gov_return_file.py)"
    )
    assert said == "The return is not written: the checks do not let it."


def test_no_console_makes_pictures_of_what_it_says():
    for path in (PROJECT / "asc_cld").rglob("*.py"):
        for made in re.findall(r"Console\((?!Console\))[^()]*\)", path.read_text(encoding="utf-8")):
            assert "emoji=False" in made, f"{path.name}: {made}"
    for console in (command_line.console, command_line.errors):
        with console.capture() as said:
            dbt_run.say(console, "days written yyyy-mm-dd h:m:s, not sent:x:")
        assert said.get() == "days written yyyy-mm-dd h:m:s, not sent:x:\n"


def test_a_copy_of_the_project_that_one_works_in_goes_before_the_one_installed(tmp_path):
    package, copy = tmp_path / "site-packages" / "asc_cld", tmp_path / "copy"
    assert find_project(package, tmp_path) == package / "project"
    (copy / "seeds" / "specification").mkdir(parents=True)
    (copy / "dbt_project.yml").touch()
    assert find_project(package, copy) == copy
    assert find_project(PROJECT / "asc_cld", copy) == PROJECT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package as pip would get it."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_project_whole(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("models", "macros", "seeds", "tests/generic", "tests/reconciliation", "data/demo"):
        for path in (PROJECT / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert f"asc_cld/project/{path.relative_to(PROJECT).as_posix()}" in held
    assert {"dbt_asc_cld.py", "asc_cld/project/dbt_project.yml", "asc_cld/project/profiles.yml"} <= held


def test_the_wheel_works_in_an_empty_folder(wheel, tmp_path):
    installed, folder = tmp_path / "installed", tmp_path / "empty"
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("CLD_", "DBT_", "ASC_CLD_"))}
    for command in (("init", "--demo"), ("doctor",)):
        done = subprocess.run(
            [sys.executable, "-m", "asc_cld", *command],
            cwd=folder,
            env=kept | {"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert str(installed / "asc_cld" / "project" / "data") in (folder / "council.yml").read_text("utf-8")


def test_what_a_council_reads_names_the_command_and_no_module_behind_it():
    folders = ("asc_cld", "docs", "models", "macros", "seeds", "connectors")
    read = [
        path for folder in folders for path in (PROJECT / folder).rglob("*") if path.suffix in READ_BY_PEOPLE
    ]
    named = {
        (path.name, module)
        for path in [*read, PROJECT / "README.md", PROJECT / "RELEASE.md", PROJECT / "dbt_project.yml"]
        for module in re.findall(r"python -m asc_cld[. ]([a-z_]+)", path.read_text(encoding="utf-8"))
    }
    # These two have no command.
    assert {module for _, module in named} == {"leak_search", "disk_encryption"}, named
