"""asc-cld sent: what was uploaded is recorded beside the manifest, and nothing that cannot be right."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from asc_cld import retention, sent
from asc_cld.return_file import sha256_of
from asc_cld.return_file.manifest import FORMAT

GIVEN = {"--on": "2026-10-20", "--by": "A. Officer", "--receipt": "R-17"}


def write_return(folder, name="409_CLD_20251001_20260930", made="2026-10-19T10:00:00Z", **facts):
    """A return of one row with its manifest."""
    csv = folder / f"{name}.csv"
    csv.write_text("LA Code\n409\n", encoding="utf-8")
    manifest = {
        "format": FORMAT,
        "return": {"file_name": csv.name, "sha256": sha256_of(csv), "rows": 1, "is_draft": False} | facts,
        "run": {"run_id": f"run of {made}", "started_at": made},
    }
    (folder / f"{name}.{made[:10]}.manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return csv


def say(csv, **changed):
    given = GIVEN | {f"--{name}": value for name, value in changed.items()}
    return sent.main([str(csv), *(part for pair in given.items() for part in pair)])


def test_an_upload_is_recorded_once_beside_the_manifest(tmp_path, capsys):
    csv = write_return(tmp_path)
    assert say(csv) == 0 == say(csv)
    assert "says so already" in capsys.readouterr().out
    assert say(csv, on="2026-10-22", receipt="R-18") == 0
    (record,) = sent.records_in(tmp_path)
    assert record.name == "409_CLD_20251001_20260930.2026-10-19.sent.json"
    assert sent.uploads_of(sha256_of(csv), tmp_path) == [
        {"sent_on": "2026-10-20", "sent_by": "A. Officer", "receipt": "R-17"},
        {"sent_on": "2026-10-22", "sent_by": "A. Officer", "receipt": "R-18"},
    ]
    assert sent.uploads_of("another", tmp_path) == []


def test_a_file_made_again_was_sent_as_first_made(tmp_path):
    csv = write_return(tmp_path)
    write_return(tmp_path, made="2026-11-01T10:00:00Z")
    assert say(csv) == 0


@pytest.mark.parametrize(
    ("facts", "changed", "code", "said"),
    [
        ({"is_draft": True}, {}, 1, "DRAFT"),
        ({"sha256": "0" * 64}, {}, 1, "NOT the return"),
        ({}, {"on": "2026-10-18"}, 1, "before the day on which the file was made (2026-10-19)"),
    ],
)
def test_what_cannot_be_right_is_not_recorded(tmp_path, capsys, facts, changed, code, said):
    csv = write_return(tmp_path, **facts)
    assert say(csv, **changed) == code
    assert said in capsys.readouterr().out and sent.records_in(tmp_path) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"on": "20/10/2026"},
        {"on": (date.today() + timedelta(days=2)).isoformat()},
        {"by": " "},
        {"receipt": ""},
    ],
)
def test_what_is_no_day_or_empty_is_refused(tmp_path, changed):
    csv = write_return(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        say(csv, **changed)
    assert stopped.value.code == 2 and sent.records_in(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"format": "asc_cld sent 1", "sha256": "x"}',
        '{"format": "asc_cld sent 1", "sha256": "x", "uploads": [{"sent_on": "soon", "sent_by": "A", "receipt": "R"}]}',
    ],
)
def test_a_damaged_record_is_named_and_left_as_it_is(tmp_path, capsys, text):
    csv = write_return(tmp_path)
    record = tmp_path / "409_CLD_20251001_20260930.2026-10-19.sent.json"
    record.write_text(text, encoding="utf-8")
    assert say(csv) == 1
    assert record.name in capsys.readouterr().err and record.read_text(encoding="utf-8") == text


def test_retention_keeps_the_record(tmp_path):
    csv = write_return(tmp_path)
    assert say(csv) == 0
    found = retention.old_files(tmp_path, [], date(2999, 1, 1))
    assert found == [csv]
