"""One database holds one council, its tables are of one run, and nothing but a build lands extracts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from conftest import DEMO_EXTRACTS
from dbt_common.exceptions import DbtRuntimeError
from dbt_runs import DATABASE, run_dbt

from asc_cld import audit_pack, export_powerbi, fixlist, report, subject_access
from asc_cld.database import open_database
from asc_cld.plugins import one_run
from asc_cld.plugins.looked_at import without_default

COMMANDS = {
    "audit": lambda database: audit_pack.main(["--database", str(database), "--folder", "audit"]),
    "export": lambda database: export_powerbi.main(["--database", str(database), "--folder", "powerbi"]),
    "fixlist": lambda database: fixlist.main(["--database", str(database), "--output", "fixlist"]),
    "report": lambda database: report.main(["--database", str(database), "--folder", "report"]),
    "subject access": lambda database: subject_access.main(["--person", "P1", "--database", str(database)]),
}


@pytest.fixture
def built(demo_build, tmp_path, monkeypatch) -> Path:
    """A copy of the demo council's database, in a working folder of its own, with no setting given."""
    monkeypatch.chdir(tmp_path)
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("CLD_", "ASC_CLD_"))}
    monkeypatch.setattr(os, "environ", kept)
    shutil.copy(demo_build.database, tmp_path)
    return tmp_path / DATABASE


def change(database: Path, sql: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as council")
        connection.execute("use council")
        connection.execute(sql)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_the_database_of_another_council(built, command):
    os.environ["CLD_LA_CODE"] = "209"
    with pytest.raises(SystemExit) as stopped:
        COMMANDS[command](built)
    assert f"{built} was built with other settings: la_code (409 there, 209 here)" in str(stopped.value)
    assert [path.name for path in built.parent.iterdir()] == [DATABASE]


def test_a_council_file_counts_as_a_setting_and_what_one_run_was_told_does_not(built):
    (built.parent / "council.yml").write_text("reporting_period_end: 2026-12-31\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"reporting_period_end \(2026-09-30 there, 2026-12-31 here\)"):
        open_database(built)
    (built.parent / "council.yml").write_text("force_draft: true\n", encoding="utf-8")
    open_database(built).close()


@pytest.mark.parametrize(
    ("command", "table"),
    [
        ("audit", "cld.cld_exclusions"),
        ("export", "dhsc.costs"),
        ("fixlist", "data_quality.dq_findings"),
        ("report", "data_quality.dq_summary"),
    ],
)
def test_tables_that_the_last_run_did_not_reach_are_not_told_as_its_own(built, command, table):
    change(built, f"""comment on table governance.gov_run is '["{table}"]'""")
    with pytest.raises(SystemExit, match=f"did not reach {table}: there they are of an earlier run"):
        COMMANDS[command](built)
    change(
        built,
        """update governance.gov_run set settings = json_merge_patch(settings, '{"include_built": "false"}')""",
    )
    with pytest.raises(
        SystemExit, match=f"checked CLD files already made: it built no return, and {table} are"
    ):
        COMMANDS[command](built)
    change(built, "comment on table governance.gov_run is null")
    with pytest.raises(SystemExit, match="was ended before it was done"):
        COMMANDS[command](built)


def test_the_audit_pack_refuses_the_tables_of_a_run_that_wrote_no_return(built):
    change(built, "update governance.gov_run set run_id = 'another', started_at = '2026-11-01T08:00:00Z'")
    with pytest.raises(
        SystemExit, match="tables are of the run of 2026-11-01T08:00:00Z, which wrote no return"
    ):
        COMMANDS["audit"](built)
    assert not (built.parent / "audit").exists()


def test_a_finished_build_has_nothing_older_than_itself(demo_build):
    [(noted,)] = demo_build.query(
        "select comment from duckdb_tables() where database_name = 'council' and table_name = 'gov_run'"
    )
    assert noted == "[]"


def other_people(folder: Path) -> Path:
    """The demo's extracts with everybody called otherwise: another council's."""
    shutil.copytree(DEMO_EXTRACTS, folder)
    path = folder / "person.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    place = header.split(",").index("surname")
    for number, line in enumerate(lines):
        cells = line.split(",")
        cells[place] = f"Other{number}"
        lines[number] = ",".join(cells)
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return folder


def test_other_peoples_extracts_need_settings_of_their_own(tmp_path, monkeypatch):
    extracts = str(other_people(tmp_path / "extracts"))
    for name in [*os.environ]:
        if name.startswith("CLD_"):
            monkeypatch.delenv(name)
    own = {"la_code": "209", "reporting_period_end": "2026-09-30", "submissions_path": "none"}
    assert without_default(extracts, {}) == [
        "la_code", "reporting_period_end", "submission_date", "submissions_path"
    ]  # fmt: skip
    assert without_default(extracts, own) == ["submission_date"]
    assert without_default(extracts, own | {"submission_date": "2026-10-20"}) == []
    assert without_default(str(DEMO_EXTRACTS), {}) == []


def test_a_part_is_not_built_for_another_council_nor_with_a_setting_forgotten(built, demo_build):
    folder, landed = built.parent, "select count(*) from council.extracts.team"
    os.environ["CLD_LA_CODE"] = "409"
    before = demo_build.query(landed)
    refused = run_dbt(folder, "run", "--select", "stg_extracts__team", la_code="209")
    assert refused.returncode != 0
    assert "the database was built with other settings: la_code (409 there, 209 here)" in refused.stdout
    forgotten = run_dbt(
        folder, "run", "--select", "stg_extracts__team", extracts_path=other_people(folder / "extracts")
    )
    assert forgotten.returncode != 0
    said = "these extracts are not the demo's, and nobody said la_code, reporting_period_end, submission_date"
    assert said in forgotten.stdout
    # What compiles lands nothing: the extracts stay those of the build.
    change(built, "delete from extracts.team")
    compiled = run_dbt(folder, "compile", "--select", "stg_extracts__team")
    assert compiled.returncode == 0, compiled.stdout
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built}' as council (read_only)")
        assert connection.execute(landed).fetchall() == [(0,)] != before


OPENS = """
import sys
import duckdb

connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_database_that_another_program_has_open_is_one_sentence(tmp_path):
    database = tmp_path / DATABASE
    duckdb.connect(str(database)).close()
    other = subprocess.Popen(
        [sys.executable, "-c", OPENS, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(DbtRuntimeError, match="is open in another program") as stopped:
            one_run.lock(database)
        assert str(stopped.value).count("\n") <= 1
    finally:
        other.communicate()
    one_run.lock(database)


def test_the_database_of_an_earlier_version_is_named_and_left_alone(tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(one_run, "AdapterLogger", lambda _: SimpleNamespace(info=said.append))
    earlier = tmp_path / "cld.duckdb"
    earlier.write_bytes(b"as it was")
    one_run.say_earlier_file(tmp_path / "other.duckdb")
    assert said == []
    one_run.say_earlier_file(tmp_path / DATABASE)
    assert len(said) == 1 and str(earlier) in said[0]
    assert earlier.read_bytes() == b"as it was"
    with pytest.raises(SystemExit, match="is of an earlier version and is not read"):
        open_database(tmp_path / DATABASE)


def test_dbt_run_on_an_empty_database_says_what_comes_first(tmp_path):
    done = run_dbt(tmp_path, "run", "--select", "cnf_map_event_scope")
    assert done.returncode != 0
    assert "the database has no seeds yet. Run `dbt seed` first" in done.stdout
    assert "Catalog Error" not in done.stdout
