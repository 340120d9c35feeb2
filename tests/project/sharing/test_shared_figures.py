"""Shared figures against a reader who subtracts: the project's own SQL on many invented councils."""

from __future__ import annotations

import csv
import json
import random

import duckdb
import pytest
from conftest import PROJECT

THRESHOLD = 5
PERIOD = ("2025-10-01", "2026-09-30")


def seed(name):
    with (PROJECT / "seeds" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


GROUPS = {}
for row in seed("dhsc_measures"):
    GROUPS.setdefault(row["measure"], []).append(row["group"])
NESTED = [(row["whole_measure"], row["part_measure"]) for row in seed("share_nested_measures")]


@pytest.fixture(scope="module")
def nodes(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed
    return json.loads((demo_build.folder / "target" / "manifest.json").read_text())["nodes"]


@pytest.fixture(scope="module")
def engine():
    """The tables that the compiled SQL names, empty, in memory."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as council")
    connection.execute("use council")
    for schema in ("dhsc", "sharing", "reference", "data_quality"):
        connection.execute(f"create schema {schema}")
    connection.execute("create table data_quality.dq_gate as select true as is_good")
    connection.execute(
        "create table dhsc.ascof_measures (la_code varchar, period_start date, period_end date, measure varchar,"
        ' "group" varchar, numerator bigint, denominator bigint, outcome double)'
    )
    connection.execute(
        "create table dhsc.waiting_times (la_code varchar, statistical_reporting_period_start date,"
        " statistical_reporting_period_end date, metric varchar, modified_working_age_band varchar,"
        " number_of_waiting_times_identified bigint, median_waiting_time double)"
    )
    connection.execute(
        "create table reference.share_nested_measures (whole_measure varchar, part_measure varchar)"
    )
    connection.executemany("insert into reference.share_nested_measures values (?, ?)", NESTED)
    connection.execute(
        "create table sharing.share_k_anonymity (recipient_id varchar, la_code varchar, smallest_group bigint,"
        " smallest_joined_group bigint, fewest_special_values bigint, keys_of_others bigint, least_group integer)"
    )
    return connection


def invented_council(dice):
    """(measure, group) -> (numerator, denominator): small and large councils, people in no group, nested measures."""
    size = dice.choice([3, 8, 30, 200])
    figures = {}
    wholes = {part: whole for whole, part in NESTED}
    for measure in sorted(GROUPS, key=lambda name: name in wholes):
        parts = [group for group in GROUPS[measure] if group != "Total"]
        for group in [*parts, "nobody's"]:
            most = size if group != "nobody's" else dice.choice([0, 0, 2, 6])
            denominator = dice.randint(0, most)
            numerator = dice.randint(0, denominator)
            if measure in wholes:
                within, whole = figures[wholes[measure], group]
                numerator, others = (
                    dice.choice([dice.randint(0, most), most, max(most - 2, 0)])
                    for most in (within, whole - within)
                )
                denominator = numerator + others
            figures[measure, group] = (numerator, denominator)
        if "Total" in GROUPS[measure]:
            counts = [figures[measure, group] for group in [*parts, "nobody's"]]
            figures[measure, "Total"] = tuple(sum(column) for column in zip(*counts, strict=True))
    return {key: counts for key, counts in figures.items() if key[1] in GROUPS[key[0]]}


def test_no_measure_has_more_than_two_parts():
    """share_measures hides one more part, not two: with three parts the SQL would have to say more."""
    assert max(len([group for group in groups if group != "Total"]) for groups in GROUPS.values()) == 2


def must_stay_hidden(figures, measure, group):
    """A small count, or one that makes a small one with the measure it is part of."""
    counts = with_others(figures[measure, group])
    wholes = [with_others(figures[whole, group]) for whole, part in NESTED if part == measure]
    return (
        min(counts[:2]) < THRESHOLD
        or 0 < counts[2] < THRESHOLD
        or any(0 < whole[at] - counts[at] < THRESHOLD for whole in wholes for at in range(3))
    )


def with_others(counts):
    """Numerator, denominator and those in the denominator alone: what is told of two is told of the third."""
    return counts and (*counts, counts[1] - counts[0])


def gives_away(shown, figures):
    """What a reader can work out of the shown figures, and what should not be worked out."""
    found = []
    shown = {key: with_others(counts) for key, counts in shown.items()}
    for measure, groups in GROUPS.items():
        parts = [group for group in groups if group != "Total"]
        found += [
            (measure, group, "nearly all")
            for group in groups
            if shown[measure, group] and 0 < shown[measure, group][2] < THRESHOLD
        ]
        for at in range(3):
            told = {group: shown[measure, group][at] for group in groups if shown[measure, group]}
            # That nobody is in the denominator alone tells of nobody.
            least = 1 if at == 2 else 0
            found += [
                (measure, group, "shown") for group, count in told.items() if least <= count < THRESHOLD
            ]
            if "Total" in told:
                rest = told["Total"] - sum(told.get(group, 0) for group in parts)
                hidden = [group for group in parts if group not in told]
                # What is left for the hidden parts and for those in no part, together.
                if (
                    (hidden and least <= rest < THRESHOLD)
                    or (not hidden and 0 < rest < THRESHOLD)
                    or (len(hidden) == 1 and must_stay_hidden(figures, measure, hidden[0]))
                ):
                    found.append((measure, tuple(hidden), "total less the rest"))
    for whole, part in NESTED:
        for group in GROUPS[part]:
            both = shown.get((whole, group)), shown.get((part, group))
            if all(both):
                found += [
                    (part, group, "one measure less the other")
                    for at in range(3)
                    if 0 < both[0][at] - both[1][at] < THRESHOLD
                ]
    return found


def shared(engine, sql, figures):
    engine.execute("delete from dhsc.ascof_measures")
    engine.executemany(
        "insert into dhsc.ascof_measures values ('409', ?, ?, ?, ?, ?, ?, ?)",
        [
            (*PERIOD, *key, *counts, round(100 * counts[0] / counts[1], 1) if counts[1] else 0)
            for key, counts in figures.items()
        ],
    )
    return {
        (measure, group): None if marker else (numerator, denominator)
        for measure, group, numerator, denominator, marker in engine.execute(
            f'select measure, "group", numerator, denominator, marker from ({sql})'
        ).fetchall()
    }


def test_no_small_count_can_be_worked_out_in_any_of_many_councils(nodes, engine):
    sql = nodes["model.asc_cld.share_measures"]["compiled_code"]
    dice = random.Random(20261120)
    hidden_though_large = 0
    for _ in range(60):
        figures = invented_council(dice)
        shown = shared(engine, sql, figures)
        assert gives_away(shown, figures) == [], figures
        for key, counts in figures.items():
            assert shown[key] in (None, counts)
            hidden_though_large += shown[key] is None and not must_stay_hidden(figures, *key)
    assert hidden_though_large > 20


def test_the_reader_is_no_fool():
    """The same council with the small counts alone taken out: the reader works some of them out."""
    dice = random.Random(20261120)
    caught = 0
    for _ in range(60):
        figures = invented_council(dice)
        shown = {key: None if min(counts) < THRESHOLD else counts for key, counts in figures.items()}
        caught += gives_away(shown, figures) != []
    assert caught > 20


def test_the_project_s_own_check_sees_a_figure_that_gives_another_away(nodes, engine):
    check = next(
        node["compiled_code"]
        for node in nodes.values()
        if node["name"] == "share_measures__no_small_count_can_be_worked_out"
    )
    good = {
        ("3D 1a", "Total"): (60, 90),
        ("3D 1a", "18 to 64"): None,
        ("3D 1a", "65 and above"): None,
        ("3D 2a", "Total"): (30, 90),
        ("3D 2a", "18 to 64"): (10, 40),
        ("3D 2a", "65 and above"): (20, 50),
    }
    spoilt = {
        "a small count shown": {("3D 2a", "18 to 64"): (4, 40)},
        "nearly all": {("3D 2a", "18 to 64"): (38, 40)},
        "one part hidden": {("3D 1a", "65 and above"): (57, 70)},
        "a nested measure": {("3D 2a", "Total"): (57, 90)},
        "those in the denominator alone of one": {("3D 2a", "Total"): (30, 57)},
        "some in no part": {("3D 2a", "Total"): (33, 95)},
        "those in the denominator alone in no part": {("3D 2a", "Total"): (35, 97)},
    }
    for name, change in {"nothing": {}, **spoilt}.items():
        engine.execute(
            "create or replace table sharing.share_measures (la_code varchar, period_start date, measure varchar,"
            ' "group" varchar, numerator bigint, denominator bigint, marker varchar)'
        )
        engine.executemany(
            "insert into sharing.share_measures values ('409', '2025-10-01', ?, ?, ?, ?, ?)",
            [
                (*key, *(counts or (None, None)), None if counts else "c")
                for key, counts in (good | change).items()
            ],
        )
        assert bool(engine.execute(check).fetchall()) == (name != "nothing"), name


@pytest.mark.parametrize(
    ("measured", "fails"),
    [
        ((5, None, 2, 0), False),
        ((None, None, None, 0), False),
        ((4, None, 2, 0), True),
        ((1, None, 2, 0), True),
        ((5, 4, 2, 0), True),
        ((5, None, 1, 0), True),
        ((5, None, 2, 1), True),
    ],
)
def test_a_group_below_the_threshold_fails_its_test(nodes, engine, measured, fails):
    check = next(
        node["compiled_code"]
        for node in nodes.values()
        if node["name"] == "share_k_anonymity__no_group_is_below_the_threshold"
    )
    engine.execute("delete from sharing.share_k_anonymity")
    engine.execute("insert into sharing.share_k_anonymity values ('dhsc', '409', ?, ?, ?, ?, 5)", measured)
    assert bool(engine.execute(check).fetchall()) == fails


def test_one_measure_is_really_part_of_the_other(demo_build):
    """What seeds/reference/share_nested_measures.csv says holds for the people behind the measures."""
    for whole, part in NESTED:
        for role in ("in_numerator", "in_denominator"):
            people = {
                measure: set(
                    demo_build.query(
                        'select "group", la_person_unique_identifier from council.dhsc.ascof_people'
                        f" where measure = '{measure}' and {role}"
                    )
                )
                for measure in (whole, part)
            }
            assert people[part] and people[part] <= people[whole], (whole, part, role)
