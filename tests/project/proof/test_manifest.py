"""What was sent can be proved: one manifest a run, one hash for the same return, a changed byte seen."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import duckdb
import pytest
from conftest import PROJECT, dbt

from asc_cld import files, return_file, verify
from asc_cld.return_file import manifest, register

# The rest stands in the database already, of the same settings. cld_submission holds the output folder, which
# is another now. gov_run is not among them: what was built in part still names its own run.
LAST_MODELS = ("build", "--select", "cld_submission", "gov_return_file", "gov_manifest_files", "gov_manifest")


@pytest.fixture(scope="module")
def first(demo_build, tmp_path_factory):
    """A copy of the demo build that the tests here may run again and spoil."""
    assert demo_build.exit_code == 0, demo_build.printed
    folder = tmp_path_factory.mktemp("manifest") / "run"
    shutil.copytree(demo_build.folder, folder)
    return type(demo_build)(0, demo_build.printed, folder)


def read_one(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_manifest_says_what_was_sent_and_from_what(first):
    made = read_one(first.manifests[0])
    assert made["return"]["sha256"] == return_file.sha256_of(first.return_file)
    assert made["return"]["bytes"] == first.return_file.stat().st_size
    assert first.query("select count(*) from council.cld.cld_return") == [(made["return"]["rows"],)]
    for fact in made["inputs"]["extracts"]:
        path = PROJECT / "data" / "demo" / "extracts" / fact["file_name"]
        assert fact["sha256"] == return_file.sha256_of(path)
    assert len(made["inputs"]["extracts"]) == 15
    records = made["records"]
    assert records["received"] == records["returned"] + records["excluded"]
    assert sum(row["records"] for row in records["excluded_by_reason"]) == records["excluded"]
    assert sum(fact["rows"] for fact in made["inputs"]["extracts"]) == records["received"]
    assert {"2A", "2B", "2C", "2E LD"} <= {row["measure"] for row in made["measures"]}
    assert made["checks"]["is_good"] and not made["checks"]["is_forced"]
    assert {fact["file_name"] for fact in made["mappings"]["files"]} >= {"map_codes.csv"}
    assert made["run"]["dbt_version"] and made["run"]["duckdb_version"] and made["run"]["operator"]


def test_two_runs_give_two_manifests_and_one_hash(first):
    before = len(first.manifests)
    again = dbt(
        first.folder,
        *LAST_MODELS,
        prepared_by="A. Preparer",
        checked_by="B. Checker",
        approved_by="The Director's deputy",
    )
    assert again.exit_code == 0, again.printed
    assert f"The return was written: {first.return_file}, " in again.printed
    assert len(first.manifests) == before + 1
    assert read_one(first.manifests[-1])["measures"] == read_one(first.manifests[0])["measures"] != []
    rows = first.query(
        "select sha256, return_key, run_id, approved_by, manifest_sha256, manifest_file"
        " from council.governance.gov_manifest order by started_at"
    )
    assert len(rows) == before + 1
    assert len({sha256 for sha256, *_ in rows}) == 1
    assert len({return_key for _, return_key, *_ in rows}) == 1
    assert len({run_id for _, _, run_id, *_ in rows}) == before + 1
    assert rows[-1][3] == "The Director's deputy"
    for *_, manifest_sha256, manifest_file in rows:
        assert return_file.sha256_of(first.output / manifest_file) == manifest_sha256


def test_a_full_refresh_keeps_the_register_and_a_damaged_manifest_stops_nothing(first):
    known = first.query("select run_id from council.governance.gov_manifest")
    for path in first.manifests:
        path.rename(path.with_suffix(".kept"))
    (first.output / "half.manifest.json").write_text('{"format":')
    run = dbt(first.folder, *LAST_MODELS, "--full-refresh")
    assert "half.manifest.json: is not a manifest (no JSON). It is set aside" in run.printed
    assert (first.output / "half.manifest.json.set_aside").read_text() == '{"format":'
    for path in first.output.glob("*.kept"):
        path.rename(path.with_suffix(".json"))
    assert run.exit_code == 0, run.printed
    assert set(known) < set(first.query("select run_id from council.governance.gov_manifest"))


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda b: b, verify.SAME, "is the return of"),
        (lambda b: b[:-2] + bytes([b[-2] ^ 1]) + b[-1:], verify.DIFFERENT, "is NOT the return"),
        (lambda b: b.replace(b"\n", b"\r\n"), verify.DIFFERENT, "only its line ends"),
        (lambda b: None, verify.UNKNOWN, "there is no such file"),
    ],
    ids=["same", "one changed byte", "line ends", "no file"],
)
def test_verify_tells_the_file(first, tmp_path, capsys, change, code, said):
    csv = tmp_path / first.return_file.name
    changed = change(first.return_file.read_bytes())
    if changed is not None:
        csv.write_bytes(changed)
    assert verify.main([str(csv), str(first.manifests[0])]) == code
    assert said in capsys.readouterr().out


def test_verify_with_something_that_is_no_manifest(first, tmp_path, capsys):
    half = tmp_path / "half.manifest.json"
    half.write_text(first.manifests[0].read_text()[:1000])
    assert verify.main([str(first.return_file), str(half)]) == verify.UNKNOWN
    assert "is not a manifest" in capsys.readouterr().out


def test_the_return_stays_when_the_manifest_cannot_be_written(tmp_path):
    headers, rows = ["LA Code"], [("409",)]
    kept = return_file.write_return(tmp_path, "r.csv", headers, rows)

    def no_manifest(written):
        raise manifest.ManifestError("cannot vouch")

    with pytest.raises(manifest.ManifestError):
        return_file.write_return(tmp_path, "r.csv", headers, [("410",)], no_manifest)
    with pytest.raises(return_file.OutputError):
        return_file.write_return(
            tmp_path, "r.csv", headers, [("410",)], lambda written: ("no/such/folder.json", "{}")
        )
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]
    assert return_file.sha256_of(tmp_path / "r.csv") == kept.sha256


@pytest.mark.parametrize("error", [OSError("disk"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("stopped_at", ["the manifest", "the return", "after both"])
def test_both_names_are_taken_or_none(tmp_path, monkeypatch, stopped_at, error):
    """Stopped on either side of either name: the old return with its manifests, or the new one with its."""
    old = return_file.write_return(tmp_path, "r.csv", ["LA Code"], [("409",)], manifest_called("old"))
    real = files.os.replace

    raised = []

    def stop(source, target):
        last_name = str(target).endswith("r.csv")
        named = not str(target).endswith((files.UNFINISHED, return_file.WAITING))
        if named and stopped_at == ("the return" if last_name else "the manifest"):
            raise error
        real(source, target)
        if stopped_at == "after both" and last_name and not raised:
            raised.append(error)
            raise error

    monkeypatch.setattr(files.os, "replace", stop)
    with pytest.raises((return_file.OutputError, KeyboardInterrupt)):
        return_file.write_return(tmp_path, "r.csv", ["LA Code"], [("410",)], manifest_called("new"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.manifest.json", "r.csv"]
    assert return_file.sha256_of(tmp_path / "r.csv") == old.sha256
    assert verify.verify(tmp_path / "r.csv", None)[0] == verify.SAME


def manifest_called(name):
    def manifest_of(written):
        made = {
            "format": manifest.FORMAT, "run": {"run_id": name, "started_at": "2026-10-20"},
            "return": {"sha256": written.sha256, "bytes": written.byte_count, "rows": written.row_count},
        }  # fmt: skip
        return f"{name}.manifest.json", manifest.text_of(made)

    return manifest_of


KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from asc_cld import files, return_file

sys.path.insert(0, "tests/project/proof")
from test_manifest import manifest_called

real = files.os.replace

def replace(source, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(source, target)

left = int(sys.argv[2])
files.os.replace = replace
return_file.write_return(Path(sys.argv[1]), "r.csv", ["LA Code"], [("410",)], manifest_called("new"))
"""


@pytest.mark.parametrize("names_taken", [0, 1, 2])
def test_a_run_killed_between_the_names_leaves_no_untrue_manifest(tmp_path, names_taken):
    """SIGKILL before each renaming: nobody takes the new manifest for that of a return that was sent."""
    old = return_file.write_return(tmp_path, "r.csv", ["LA Code"], [("409",)], manifest_called("old"))
    done = subprocess.run(
        [sys.executable, "-c", KILLED_BETWEEN, str(tmp_path), str(names_taken)], cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": "tests/project:."}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    # The moment that matters is really met.
    assert (tmp_path / "new.manifest.json").exists() == (names_taken == 2)
    assert [path.name for path in manifest.manifests_in(tmp_path)] == ["old.manifest.json"]
    assert return_file.sha256_of(tmp_path / "r.csv") == old.sha256
    assert verify.verify(tmp_path / "r.csv", None)[0] == verify.SAME
    return_file.write_return(tmp_path, "r.csv", ["LA Code"], [("411",)], manifest_called("next"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "next.manifest.json", "old.manifest.json", "r.csv",
    ]  # fmt: skip


def test_an_extract_changed_after_it_was_read_stops_the_manifest(tmp_path):
    path = tmp_path / "person.csv"
    path.write_text("person_id\n1\n")
    facts = [manifest.file_facts(path)]
    assert manifest.unchanged(facts, tmp_path) == facts
    path.write_text("person_id\n2\n")
    with pytest.raises(manifest.ManifestError, match="person.csv: the extract was changed"):
        manifest.unchanged(facts, tmp_path)


KILLED = """
import sys, time
from pathlib import Path
from asc_cld import return_file
from asc_cld.return_file import manifest

def rows():
    for number in range(20_000):
        yield ("409", str(number), sys.argv[2])

def manifest_of(written):
    made = {"format": manifest.FORMAT, "run": {"run_id": sys.argv[2], "started_at": "2026-10-20"},
            "return": {"sha256": written.sha256, "bytes": written.byte_count, "rows": written.row_count},
            "padding": "x" * 3_000_000}
    return f"r.{sys.argv[2]}.manifest.json", manifest.text_of(made)

print("ready", flush=True)
return_file.write_return(Path(sys.argv[1]), "r.csv", ["LA Code", "n", "run"], rows(), manifest_of)
"""


def test_a_killed_run_leaves_no_half_file_and_no_half_manifest(tmp_path):
    """SIGKILL at many moments: whole manifests only, the return whole, and nothing left after the next run."""

    def start(name):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), name],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
        )
        process.stdout.readline()
        return process

    began = time.monotonic()
    assert start("first").wait() == 0
    lasts = time.monotonic() - began
    returns = {return_file.sha256_of(tmp_path / "r.csv")}
    killed_on_the_way = 0
    for number in range(12):
        process = start(f"run{number}")
        time.sleep(lasts * number / 12)
        process.kill()
        killed_on_the_way += process.wait() != 0
        manifests = manifest.manifests_in(tmp_path)
        returns |= {manifest.read_manifest(path)["return"]["sha256"] for path in manifests}
        assert return_file.sha256_of(tmp_path / "r.csv") in returns
    assert killed_on_the_way >= 3
    assert start("last").wait() == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".json"}
    assert verify.verify(tmp_path / "r.csv", None)[0] == verify.SAME


def test_a_lost_register_is_refilled_from_the_manifests_beside_the_file(first):
    known = set(first.query("select run_id, sha256, row_count from council.governance.gov_manifest"))
    with duckdb.connect(str(first.database)) as connection:
        connection.execute("drop table council.governance.gov_manifest")
    run = dbt(first.folder, "run", "--select", "gov_manifest_files", "gov_manifest")
    assert run.exit_code == 0, run.printed
    assert set(first.query("select run_id, sha256, row_count from council.governance.gov_manifest")) == known


def test_every_number_of_the_manifest_is_that_of_the_database(first):
    made = read_one(first.manifests[0])
    for row in made["records"]["by_extract"]:
        landed = f"council.extracts.{row['source_table']}"
        assert first.query(f"select count(*) from {landed}") == [(row["records_received"],)]
    assert {(r["reason_code"], r["records"]) for r in made["records"]["excluded_by_reason"]} == set(
        first.query(
            "select reason_code, count(*) from council.cld.cld_exclusions group by reason_code, reason"
        )
    )
    severities = dict(
        first.query("select severity, count(*) from council.data_quality.dq_breaches group by severity")
    )
    assert {name: made["checks"][name] for name in ("error", "warning", "info")} == {
        name: severities.get(name, 0) for name in ("error", "warning", "info")
    }
    assert first.query("select count(*) from council.data_quality.dq_breaches where accepted") == [
        (made["checks"]["accepted"],)
    ]
    assert {
        (m["measure"], m["group"], m["numerator"], m["denominator"], m["outcome"]) for m in made["measures"]
    } == set(
        first.query(
            'select measure, "group", numerator, denominator, outcome from council.dhsc.ascof_measures'
        )
    )
    for part, folder in (("specification", "specification"), ("mappings", "mappings")):
        for fact in made[part]["files"]:
            assert fact["sha256"] == return_file.sha256_of(PROJECT / "seeds" / folder / fact["file_name"])
    assert made["at_rest"]["disk_of_database"] in ("encrypted", "not encrypted", "cannot tell")
    assert made["at_rest"]["database_file_is_encrypted"] is False


def test_a_fault_in_a_measure_does_not_keep_the_return_back(first):
    with duckdb.connect(str(first.database)) as connection:
        connection.execute("alter table council.dhsc.ascof_measures rename column numerator to spoilt")
    before, written = first.manifests, first.return_file.stat().st_mtime_ns
    run = dbt(first.folder, *LAST_MODELS)
    with duckdb.connect(str(first.database)) as connection:
        connection.execute("alter table council.dhsc.ascof_measures rename column spoilt to numerator")
    assert run.exit_code == 1, run.printed
    assert "The return was written" in run.printed
    assert first.return_file.stat().st_mtime_ns > written
    (new,) = set(first.manifests) - set(before)
    assert read_one(new)["measures"] is None
    assert verify.verify(first.return_file, new)[0] == verify.SAME


def test_a_part_built_under_other_settings_is_no_return(first):
    before = first.manifests, first.return_file.stat().st_mtime_ns
    run = dbt(first.folder, "run", "--select", "gov_return_file", submission_date="2026-10-21")
    assert run.exit_code == 2
    assert "submission_date (2026-10-20 there, 2026-10-21 here)" in run.printed
    assert "Nothing was built" in run.printed
    assert (first.manifests, first.return_file.stat().st_mtime_ns) == before


def spoilt(made, **changes):
    return json.loads(json.dumps(made)) | changes


@pytest.fixture(scope="module")
def sound(first):
    return read_one(first.manifests[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: spoilt(made, run=[]), "its part 'run' is of the wrong kind"),
        (lambda made: spoilt(made, run={}), "does not say which run"),
        (
            lambda made: spoilt(made, run={"run_id": "x", "started_at": "yesterday"}),
            "started_at is not a day",
        ),
        (
            lambda made: spoilt(made, **{"return": made["return"] | {"rows": "many"}}),
            "row_count is of the wrong kind",
        ),
        (
            lambda made: spoilt(made, **{"return": made["return"] | {"submission_date": 20261020}}),
            "submission_date is not",
        ),
        (lambda made: spoilt(made, checks={"error": 10**30}), "error_count is of the wrong kind"),
    ],
    ids=["run is no part", "no run", "no day", "no number", "number for a day", "beyond all numbers"],
)
def test_a_manifest_the_register_cannot_be_sure_of_is_named_and_left(sound, tmp_path, change, said):
    (tmp_path / "a.manifest.json").write_text(manifest.text_of(sound))
    (tmp_path / "b.manifest.json").write_text(manifest.text_of(change(sound)))
    found, problems = register.register(tmp_path)
    assert found["run_id"].to_pylist() == [sound["run"]["run_id"]]
    (problem,) = problems
    assert problem.startswith("b.manifest.json: ") and said in problem
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"format": "another"}',
        b"[" * 200_000,
        b'{"format": "asc_cld manifest 1"}',
    ],
    ids=["empty", "half", "a list", "no text", "another's", "too deep", "of no return"],
)
def test_what_is_no_manifest_is_named_and_set_aside(sound, tmp_path, content):
    (tmp_path / "a.manifest.json").write_text(manifest.text_of(sound))
    for name in ("b.manifest.json.set_aside", "b.manifest.json"):
        (tmp_path / name).write_bytes(content)
    found, problems = register.register(tmp_path)
    assert found.num_rows == 1
    assert len(problems) == 1 and problems[0].startswith("b.manifest.json: ")
    # An earlier one of the name is kept too.
    assert (tmp_path / "b.manifest.json.set_aside_2").read_bytes() == content
    assert register.register(tmp_path)[1] == []


def test_an_older_manifest_is_registered_with_what_it_says(sound, tmp_path):
    old = {
        "format": manifest.FORMAT,
        "return": {"sha256": "s", "file_name": "r.csv"},
        "run": {"run_id": "old"},
    }
    (tmp_path / "old.manifest.json").write_text(manifest.text_of(old))
    found, problems = register.register(tmp_path)
    assert problems == []
    (row,) = found.to_pylist()
    assert (row["run_id"], row["sha256"], row["error_count"], row["measures"]) == ("old", "s", None, None)


def test_a_copied_manifest_counts_once(sound, tmp_path):
    name = manifest.file_name_of(sound)
    for copy in ("1 copy.manifest.json", name, "z copy.manifest.json"):
        (tmp_path / copy).write_text(manifest.text_of(sound))
    found, problems = register.register(tmp_path)
    assert found["manifest_file"].to_pylist() == [name]
    assert [problem.split(":")[0] for problem in problems] == ["1 copy.manifest.json", "z copy.manifest.json"]
