"""Damaged settings of every kind: each is read rightly or named in a sentence with its file or setting.

council.yml, the lists in which a council sets rules and limits, typed values, names of variables, limits of
memory: some 300 corruptions from a fixed seed, on the readers and the checks themselves.
"""

from __future__ import annotations

import csv
import io
import random
import re
import shutil

import duckdb
import pytest
from dbt_common.exceptions import DbtRuntimeError
from macro_sql import macros

from asc_cld import settings
from asc_cld.plugins import limits
from asc_cld.readers import own_lists
from asc_cld.readers.errors import InputError

COUNCIL = """\
# our own
la_code: 409
reporting_period_end: 2026-12-31
submission_date: "2027-01-20"
operator: 'Ann Example'
prepared_by: Bob Example, systems
force_draft: no
plausible_weekly_cost_max: 6000
share_k: 7
"""
NAMES = [line.partition(":")[0] for line in COUNCIL.splitlines()[1:]]
LISTS = {
    "rule_settings": [["MAN-04", "", "", "0.05"], ["MAN-06", "no", "", ""], ["DAT-03", "", "info", ""]],
    "accepted_exceptions": [
        ["MAN-06", "team_id", "North", "Known, being mended", "Head of systems", "Director", "2027-01-01"],
        ["OUT-03", "rule", "", 'Said "so"', "Head of systems", "Director", "2027-06-30"],
    ],
    "unread_limits": [
        ["*", "*", "*", "*", "0", "", "Somebody looks first", "Systems and data"],
        ["*", "contact", "outcome_code", "code", "", "0.02", "Old codes", "Systems and data"],
    ],
}


def damaged(draw: random.Random, text: str) -> bytes:
    """The text after one damage."""
    at = draw.randrange(len(text))
    lines = text.split("\n")
    line = draw.randrange(len(lines) - 1)
    kind = draw.randrange(14)
    if kind == 0:
        return (text[:at] + draw.choice("\"':,;[{}]#&*!|>%@`-\t\\") + text[at:]).encode()
    if kind == 1:
        return text[:at].encode()
    if kind == 2:
        return text.encode(draw.choice(["utf-16", "utf-16-le", "utf-8-sig", "cp500"]))
    if kind == 3:
        content = bytearray(text.encode())
        content[at] = draw.choice([0x00, 0x1B, 0x82, 0xE9, 0xFF])
        return bytes(content)
    if kind == 4:
        return "\n".join([*lines[: line + 1], *lines[line:]]).encode()
    if kind == 5:
        return "\n".join([*lines[:line], *lines[line + 1 :]]).encode()
    if kind == 6:
        return text.replace("\n", draw.choice(["\r\n", "\r", "\n\n", "\n  "])).encode()
    if kind == 7:
        return bytes(draw.randrange(256) for _ in range(draw.randrange(300)))
    if kind == 8:
        return text.replace(",", draw.choice(";\t|")).replace(":", draw.choice([":", "=", " "])).encode()
    if kind == 9:  # two quotation marks, rows or lines apart
        first, last = sorted(draw.sample(range(len(text)), 2))
        mark = draw.choice("\"'")
        return (text[:first] + mark + text[first:last] + mark + text[last:]).encode()
    if kind == 10:
        word = draw.choice(re.findall(r"\w+", text))
        return text.replace(
            word, draw.choice(["", "x" + word, word.upper(), word[::-1], "é" + word]), 1
        ).encode()
    if kind == 11:
        return (lines[line] + "\n" + text).encode()
    if kind == 12:
        return ("\n".join(lines[:line]) + "\n---\n" + "\n".join(lines[line:])).encode()
    return (text + draw.choice(["\x1a", "   \n", ",,,\n", "x", '"', "...\n", "<<: *x\n"])).encode()


def test_council_yml(tmp_path):
    draw = random.Random("council.yml")
    path, outcomes = tmp_path / "council.yml", {"read": 0, "named": 0}
    for number in range(150):
        content = damaged(draw, COUNCIL)
        path.write_bytes(content)
        try:
            council = settings.read_council(path)
        except settings.SettingsError as error:
            outcomes["named"] += 1
            assert all(said.startswith("council.yml") for said in str(error).split("\n")), (
                number,
                str(error),
            )
            continue
        outcomes["read"] += 1
        text = content.decode("utf-8-sig")
        given = {}
        for line in text.splitlines():
            name, mark, value = line.strip().partition(":")
            if mark and name.strip() in settings.setting_names():
                given[name.strip()] = value.strip()
        # No line is lost in another: what looks like a setting is one, with its own value.
        assert set(council.values) == {name for name, value in given.items() if value.strip("'\" ")}, (
            number,
            text,
        )
        for name, value in council.values.items():
            assert settings.value_problem(name, value) == "", (number, name)
            assert value in given[name].replace("''", "'") or "\\" in given[name], (number, name)
    assert outcomes["read"] > 25 and outcomes["named"] > 50, outcomes


def test_an_open_quotation_mark_takes_no_other_setting_in(tmp_path):
    path = tmp_path / "council.yml"
    for text in (
        'operator: "Ann\nla_code: 409\nprepared_by: Bob"\n',
        "operator: |\n  la_code\n",
        "operator: Ann\n  Bob\n",
    ):
        path.write_text(text)
        with pytest.raises(
            settings.SettingsError, match="council.yml, line 1: operator goes on over several lines"
        ):
            settings.read_council(path)


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_of_rules_and_limits(tmp_path, name):
    draw = random.Random(name)
    for other in own_lists.OWN_LISTS:
        shutil.copy(own_lists.FOLDER / f"{other}.csv", tmp_path)
    stream = io.StringIO()
    columns = own_lists.columns_of(name)
    csv.writer(stream, lineterminator="\n").writerows([columns, *LISTS[name]])
    path = tmp_path / f"{name}.csv"
    counted = f"select count(*) from {macros()['csv_rows'](str(path))}"
    path.write_text(stream.getvalue(), encoding="utf-8")
    assert own_lists.own_list_problems(tmp_path) == []
    outcomes = {"read": 0, "named": 0, "refused": 0}
    for number in range(60):
        content = damaged(draw, stream.getvalue())
        path.write_bytes(content)
        problems = own_lists.own_list_problems(tmp_path)
        try:
            rows = own_lists.read_own_list(path, columns)
        except InputError:
            assert problems, number
            outcomes["refused"] += 1
        else:
            # Every line of a list in form is a row for us and for the models.
            outcomes["named" if problems else "read"] += 1
            seen = duckdb.sql(counted).fetchall()
            kept = [
                row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if any(row)
            ]
            assert len(rows) >= len(kept) - 1 and seen[0][0] >= len(kept) - 1, number
        assert all(said.startswith(f"{name}.csv") for said in problems), (number, problems)
    assert outcomes["read"] and outcomes["named"] and outcomes["refused"], outcomes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"rule_id;is_on;severity;threshold_share\nMAN-04;;;0.06\n", "save it as CSV with commas"),
        (b"rule_id\tis_on\tseverity\tthreshold_share\n", "save it as CSV with commas"),
        ("rule_id,is_on,severity,threshold_share\n".encode("utf-16"), "is not UTF-8"),
        (b"rule_id,is_on,severity\nMAN-04,,\n", "column missing: threshold_share"),
        (b"rule_id,is_on,severity,threshold_share\nMAN-04,,\n", "3 cells where the header has 4"),
        (b"rule_id,is_on,severity,treshold_share\n", "the nearest is 'threshold_share'"),
        (b"", "rule_settings.csv"),
        (
            b"rule_id,is_on,severity,threshold_share\nMAN-04,,,0.06\nMAN-06,maybe,,\n",
            "line 3: is_on is of the form 'AAAAA'",
        ),
    ],
)
def test_a_folder_of_the_councils_own_is_looked_at_like_the_seeds(tmp_path, content, said):
    path = tmp_path / "rule_settings.csv"
    path.write_bytes(b"rule_id,is_on,severity,threshold_share\nMAN-04,,,0.06\n")
    assert own_lists.rules_path_problems(tmp_path) == []
    path.write_bytes(content)
    (problem,) = own_lists.rules_path_problems(tmp_path)
    assert problem.startswith("rules_path: rule_settings.csv") and said in problem
    assert "maybe" not in problem


def test_a_seed_in_another_encoding_is_named_with_its_line(tmp_path):
    assert own_lists.seeds_not_in_utf8() == []
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "map_codes.csv").write_bytes("a,b\n1,é\n".encode("cp1252"))
    assert own_lists.seeds_not_in_utf8(tmp_path) == [
        "mappings/map_codes.csv, line 2: is not UTF-8: save it as CSV UTF-8"
    ]


def test_a_list_that_is_none_or_cannot_be_read(tmp_path):
    (tmp_path / "rule_settings.csv").mkdir()
    said = "\n".join(own_lists.own_list_problems(tmp_path))
    for name in own_lists.OWN_LISTS:
        assert f"{name}.csv" in said
    assert "Traceback" not in said


VALUES = [
    "", " ", "0", "1", "-1", "1.5", "1e9", "0x10", "NaN", "inf", "yes", "No", "TRUE", "maybe", "2026-02-30", "2026-13-01",
    "20261231", "31/12/2026", "2026-12-31 ", "2026-12-31T00:00", "٢٠٢٦-12-31", "½", "１２", "9" * 30, "R2'; drop table x; --",
    "{{ 1 }}", "${HOME}", "a\nb", "\x00", "derived", "DERIVED", "stated ", "409", "4 09", "409;", "[1]", "null", "None", "~",
]  # fmt: skip


@pytest.mark.parametrize("name", settings.project_vars()["setting_types"])
def test_typed_values(name):
    """What passes is of its type in plain letters; what does not is named with its setting."""
    kind = settings.project_vars()["setting_types"][name]["is"]
    forms = {
        "day": r"\d{4}-\d\d-\d\d",
        "flag": "true|yes|y|1|false|no|n|0|",
        "whole number": r"\d{1,9}",
        "number": r"\d{1,12}(\.\d{1,6})?",
        "choice": r"[a-z0-9_]+",
        "code": "[A-Za-z0-9]{1,20}",
    }
    named = 0
    for value in VALUES:
        problem = settings.value_problem(name, value)
        named += bool(problem)
        if problem:
            assert problem.startswith(f"{name} is '{value}'")
        else:
            assert re.fullmatch(forms[kind], value, re.ASCII | re.IGNORECASE), value
    assert named > len(VALUES) / 2


@pytest.mark.parametrize("value", VALUES, ids=ascii)
def test_limits_of_memory_and_disk(value):
    for name, pattern in (("memory_limit", f"{limits.SIZE}|{limits.SHARE}"), ("temp_limit", limits.SIZE)):
        with pytest.raises(DbtRuntimeError, match=f"{name} is "):
            limits.checked(name, value, pattern)


def test_names_of_variables():
    draw = random.Random("variables")
    known = [settings.variable_of(name) for name in settings.setting_names()]
    for _ in range(60):
        name = draw.choice(known)
        at = draw.randrange(4, len(name))
        wrong = name[:at] + draw.choice(["", "X", "_", "-"]) + name[at + 1 :]
        said = settings.misspelt_variables({wrong: "a secret"})
        assert bool(said) == (wrong not in known)
        for sentence in said:
            assert (
                sentence.startswith(f"{wrong} is no setting; the nearest is CLD_")
                and "secret" not in sentence
            )


def test_a_size_that_is_no_number_stops_the_reader_outside_dbt(monkeypatch):
    from asc_cld.readers.limits import limit

    monkeypatch.setenv("CLD_WORKBOOK_MB_MAX", "12 MB")
    with pytest.raises(InputError, match="workbook_mb_max is '12 MB', which is not a whole number"):
        limit("workbook_mb_max")
