"""Regional figures are attacked by subtraction: by a reader, and by each council, which knows its own figures."""

import random
from fractions import Fraction

import duckdb
import jinja2
import pytest
from conftest import PROJECT

THRESHOLD = 5
PARTS = ("18 to 64", "65 and above")
WHOLE, NESTED = "3D 1a", "3D 2a"
REGIONS = {"North": 5, "South": 3, "East": 2, "West": 1, "Middle": 4}


def model_sql(name: str, rounding: int = 1) -> str:
    """The SQL of a model of models/regional, as dbt would make it."""
    texts = [
        (PROJECT / path).read_text(encoding="utf-8")
        for path in (
            "macros/sharing/gives_back.sql",
            "macros/sharing/rounded_count.sql",
            f"models/regional/{name}.sql",
        )
    ]
    settings = {"share_threshold": THRESHOLD, "share_rounding": rounding}
    return jinja2.Template("".join(texts)).render(ref=lambda name: name, setting=settings.__getitem__)


def shared(
    councils: dict[str, dict[tuple[str, str], tuple[int, int]]], regions: dict[str, str], rounding: int = 1
) -> list[dict]:
    """What is shown of {council: {(measure, group): (numerator, denominator)}}; {council: region}."""
    connection = duckdb.connect()
    connection.execute(
        "create table reg_measures (area_type text, area_code text, area_name text, period_start date,"
        ' period_end date, measure text, "group" text, numerator bigint, denominator bigint, outcome double,'
        " councils_counted bigint, councils_given bigint)"
    )
    connection.execute("create table dhsc_councils (la_code text, region text)")
    connection.execute("create table share_nested_measures (whole_measure text, part_measure text)")
    connection.execute("insert into share_nested_measures values (?, ?)", [WHOLE, NESTED])
    connection.executemany("insert into dhsc_councils values (?, ?)", list(regions.items()))
    areas = {("council", code): [code] for code in councils}
    for code, region in regions.items():
        areas.setdefault(("region", region), []).append(code)
        areas.setdefault(("all given", "all given"), []).append(code)
    for (area_type, area_code), members in areas.items():
        for measure, group in councils[members[0]]:
            numerator, denominator = (
                sum(councils[code][measure, group][place] for code in members) for place in (0, 1)
            )
            connection.execute(
                "insert into reg_measures values"
                " ($1, $2, $2, '2025-10-01', '2026-09-30', $3, $4, $5, $6, round(100 * $5 / $6, 1), $7, $7)",
                [area_type, area_code, measure, group, numerator, denominator, len(members)],
            )
    for name in ("reg_judged_measures", "reg_measure_verdicts"):
        connection.execute(f"create table {name} as {model_sql(name)}")
    found = connection.execute(model_sql("reg_shared_measures", rounding))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def solved(equations: list[dict]) -> list[dict]:
    """Linear equations {unknown: factor} freed of each other's first unknowns, whatever stands on their other side."""
    rows = [{key: Fraction(factor) for key, factor in equation.items()} for equation in equations]
    done: list[tuple[object, dict]] = []
    for row in rows:
        for pivot, known in done:
            if row.get(pivot):
                row = combined(row, known, -row[pivot])
        if row:
            pivot = next(iter(row))
            row = {key: factor / row[pivot] for key, factor in row.items()}
            done = [
                (other, combined(known, row, -known[pivot]) if known.get(pivot) else known)
                for other, known in done
            ]
            done.append((pivot, row))
    return [row for _, row in done]


def combined(row: dict, other: dict, factor: Fraction) -> dict:
    total = {key: row.get(key, 0) + factor * other.get(key, 0) for key in row.keys() | other.keys()}
    return {key: value for key, value in total.items() if value}


def given_back(rows: list[dict], councils: dict, regions: dict[str, str], measure: str, knows: str) -> set:
    """What of other councils' hidden cells can be worked out by who knows all figures of one council.

    One cell, or the sum of several where fewer people than the threshold stand behind it: as small as a small count.
    """
    groups = [*PARTS, "Total"]
    equations = [{(knows, group): 1} for group in groups]
    # Those in no band are known to be nobody, which helps the attacker most.
    equations += [{(code, "Total"): 1, **{(code, part): -1 for part in PARTS}} for code in councils]
    for row in rows:
        if row["measure"] == measure and row["marker"] is None:
            members = [
                code
                for code in councils
                if row["area_type"] == "all given" or row["area_code"] in (code, regions[code])
            ]
            equations.append({(code, row["group"]): 1 for code in members})
    hidden = {
        (row["area_code"], row["group"])
        for row in rows
        if row["area_type"] == "council"
        and row["measure"] == measure
        and row["marker"] == "c"
        and row["area_code"] != knows
    }
    found = set()
    for row in solved(equations):
        if row.keys() <= hidden and set(row.values()) == {1}:
            people = sum(councils[code][measure, group][0] for code, group in row)
            if len(row) == 1 or people < THRESHOLD:
                found |= row.keys()
    return found


def few_between(rows: list[dict], councils: dict, regions: dict[str, str], knows: str) -> set:
    """Councils of which it can be worked out that a few people are in a measure and not in the one nested in it."""
    shown = {(row["measure"], row["area_code"], row["group"]) for row in rows if row["marker"] is None}
    # In the numerator, in the denominator, in the denominator alone.
    between = {
        (code, group): [
            counted(cells[WHOLE, group]) - counted(cells[NESTED, group])
            for counted in (lambda cell: cell[0], lambda cell: cell[1], lambda cell: cell[1] - cell[0])
        ]
        for code, cells in councils.items()
        for group in (*PARTS, "Total")
    }
    equations = [{(knows, group): 1} for group in (*PARTS, "Total")]
    equations += [{(code, "Total"): 1, **{(code, part): -1 for part in PARTS}} for code in councils]
    seen = set()
    for measure, area, group in shown:
        if measure == WHOLE and (NESTED, area, group) in shown:
            members = [code for code in councils if area in (code, regions[code], "all given")]
            equations.append({(code, group): 1 for code in members})
            seen |= {(area, group)}
    found = set()
    for row in solved(equations):
        if set(row.values()) == {1} and not row.keys() & (seen | {(knows, group) for group in PARTS}):
            few = any(
                0 < sum(counts) < THRESHOLD for counts in zip(*(between[cell] for cell in row), strict=True)
            )
            if few and (knows, "Total") not in row:
                found |= row.keys()
    return found


def invented(seed: int) -> tuple[dict, dict[str, str]]:
    chance = random.Random(seed)
    regions, councils = {}, {}
    for region, size in REGIONS.items():
        for number in range(size):
            code = f"{region} {number}"
            regions[code] = region
            cells = {}
            for part in PARTS:
                whole = chance.choice([0, 2, 6, 9, 20, 55, 80])
                denominator = whole + chance.choice([0, 3, 8, 30, 90])
                cells[WHOLE, part] = (whole, denominator)
                # Of the same people some, and all but a few, in the numerator and in the denominator alone.
                nested, others = (
                    max(0, most - chance.choice([0, 0, 1, 2, 7, 30])) for most in (whole, denominator - whole)
                )
                cells[NESTED, part] = (nested, nested + others)
            for measure in (WHOLE, NESTED):
                cells[measure, "Total"] = tuple(
                    sum(cells[measure, part][place] for part in PARTS) for place in (0, 1)
                )
            councils[code] = cells
    return councils, regions


@pytest.mark.parametrize("seed", range(8))
def test_nobody_works_out_a_hidden_figure_of_another_council(seed):
    councils, regions = invented(seed)
    rows = shared(councils, regions)
    for row in rows:
        if row["marker"] is None:
            assert row["numerator"] >= THRESHOLD and row["denominator"] >= THRESHOLD
            assert not 0 < row["denominator"] - row["numerator"] < THRESHOLD
        else:
            assert row["numerator"] is row["denominator"] is row["outcome"] is None
    for measure in (WHOLE, NESTED):
        for knows in councils:
            assert not given_back(rows, councils, regions, measure, knows), (measure, knows)
    for knows in councils:
        assert not few_between(rows, councils, regions, knows), knows


def nested(between: dict[str, int]) -> tuple[dict, dict[str, str]]:
    """Councils of one region, and so many people aged 18 to 64 in the measure and not in the nested one."""
    councils = {}
    for code, few in between.items():
        cells = {(WHOLE, part): (40, 90) for part in PARTS} | {(NESTED, part): (40, 90) for part in PARTS}
        cells[NESTED, PARTS[0]] = (40 - few, 90)
        for measure in (WHOLE, NESTED):
            cells[measure, "Total"] = tuple(
                sum(cells[measure, part][place] for part in PARTS) for place in (0, 1)
            )
        councils[code] = cells
    return councils, dict.fromkeys(between, "North")


def test_people_between_two_measures_are_behind_a_total_as_a_small_count_is():
    """Five in five councils: the one of them that knows its own would see four in the others."""
    councils, regions = nested(dict.fromkeys("abcde", 1))
    rows = shared(councils, regions)
    markers = {(row["area_code"], row["measure"], row["group"]): row["marker"] for row in rows}
    assert markers["a", NESTED, PARTS[0]] == markers["North", NESTED, PARTS[0]] == "c"
    assert markers["North", WHOLE, "Total"] is None and not few_between(rows, councils, regions, "a")
    # The attack sees it where the total is shown.
    for row in rows:
        row["marker"] = None if row["area_type"] == "region" else row["marker"]
    assert few_between(rows, councils, regions, "a")
    # With enough people in the others nothing is hidden for them.
    rows = shared(*nested({"a": 3, "b": 3, "c": 3, "d": 0}))
    assert [row["marker"] for row in rows if row["area_code"] == "North"] == [None] * 6


@pytest.mark.parametrize("kind", ["region", "all given"])
def test_the_attack_finds_a_council_that_a_total_gives_back(kind):
    councils, regions = invented(1)
    rows = shared(councils, regions)
    told = next(row for row in rows if row["area_type"] == "council" and row["marker"] == "c")
    region = regions[told["area_code"]]
    for row in rows:
        is_of_region = region in (row["area_code"], regions.get(row["area_code"]))
        if row["area_type"] == "council" and is_of_region:
            row["marker"] = "c" if row["area_code"] == told["area_code"] else None
        elif row["area_type"] == "region" and is_of_region:
            row["marker"] = None if kind == "region" else "c"
        else:
            row["marker"] = None if kind == "all given" else row["marker"]
    others = [code for code in councils if regions[code] != region]
    assert given_back(rows, councils, regions, told["measure"], others[0])


def test_the_attack_finds_a_handful_of_people_in_two_councils():
    numbers = {"a": 30, "b": 40, "c": 1, "d": 2}
    councils = {
        code: {("2A", group): (count, 500) for group in (*PARTS, "Total")} for code, count in numbers.items()
    }
    rows = [
        {"area_type": kind, "area_code": area, "measure": "2A", "group": PARTS[0], "marker": marker}
        for kind, area, marker in [
            *(("council", code, "c" if count < THRESHOLD else None) for code, count in numbers.items()),
            ("region", "North", None),
        ]
    ]
    regions = dict.fromkeys(numbers, "North")
    assert given_back(rows, councils, regions, "2A", "a") == {("c", PARTS[0]), ("d", PARTS[0])}
    councils["d"]["2A", PARTS[0]] = (9, 500)
    assert given_back(rows, councils, regions, "2A", "a") == set()


def plain(numbers: dict[str, int], south: tuple[str, ...] = ()) -> dict[tuple[str, str], str | None]:
    """{(area, group): marker} for one measure with 100 more in every denominator; North holds who is not South."""
    councils = {
        code: {
            ("2A", "Total"): (2 * count + 40, 2 * count + 240),
            **{("2A", part): (count + 20 * (count >= 5), count + 120) for part in PARTS},
        }
        for code, count in numbers.items()
    }
    for cells in councils.values():
        cells["2A", "Total"] = tuple(sum(cells["2A", part][place] for part in PARTS) for place in (0, 1))
    rows = shared(councils, {code: "South" if code in south else "North" for code in numbers})
    return {(row["area_code"], row["group"]): row["marker"] for row in rows}


def test_a_region_without_small_counts_is_shown_whole():
    assert set(plain({"a": 30, "b": 40}).values()) == {None}


def test_one_hidden_council_takes_the_total_of_its_region_and_of_all_with_it():
    markers = plain({"a": 30, "b": 40, "c": 1})
    assert {area for (area, group), marker in markers.items() if marker and group == "Total"} == {
        "c",
        "North",
        "all given",
    }
    assert markers["a", "Total"] is None and markers["b", PARTS[0]] is None


def test_a_hidden_band_takes_the_bands_of_its_region_and_of_all_but_no_total():
    markers = plain({"a": 30, "b": 40, "c": 4})
    assert {area for (area, group), marker in markers.items() if marker} == {"c", "North", "all given"}
    assert {group for (area, group), marker in markers.items() if marker} == set(PARTS)


def test_a_region_whose_total_is_shown_does_not_stand_before_a_hidden_council_of_another():
    markers = plain({"a": 30, "b": 40, "c": 1, "d": 2, "e": 2, "f": 2}, south=("d", "e", "f"))
    assert markers["South", "Total"] is None and markers["South", PARTS[0]] == "c"
    assert markers["all given", "Total"] == "c"


@pytest.mark.parametrize("seed", range(4))
def test_what_is_compared_follows_from_what_is_shown(seed):
    rows = shared(*(given := invented(seed)))
    compared = 0
    for row in rows:
        region = given[1].get(row["area_code"])
        peers = [
            other["outcome"]
            for other in rows
            if region and given[1].get(other["area_code"]) == region
            if (other["measure"], other["group"]) == (row["measure"], row["group"])
            if other["outcome"] is not None
        ]
        (whole,) = [
            other["outcome"]
            for other in rows
            if other["area_code"] == region
            if (other["measure"], other["group"]) == (row["measure"], row["group"])
        ] or [None]
        if region is None or row["outcome"] is None:
            expected = (None, None, None)
        else:
            difference = None if whole is None else round(row["outcome"] - whole, 1)
            expected = (difference, 1 + sum(peer > row["outcome"] for peer in peers), len(peers))
            compared += difference is not None
        assert (row["difference_from_region"], row["place_in_region"], row["councils_placed"]) == expected
    assert compared > 2


def test_three_hidden_councils_with_enough_people_leave_the_total_of_parts_shown():
    markers = plain({"a": 30, "b": 4, "c": 4, "d": 4})
    assert markers["b", PARTS[0]] == "c" and markers["North", PARTS[0]] is None
    # Without the largest of them four are left.
    markers = plain({"a": 30, "b": 4, "c": 2, "d": 2})
    assert markers["North", PARTS[0]] == "c"


def shared_waits(councils: dict[str, int], regions: dict[str, str], rounding: int = 1) -> list[dict]:
    """What is shown of the waits of one quarter, band and metric; {council: how many waits}."""
    connection = duckdb.connect()
    connection.execute(
        "create table reg_waiting_times (area_type text, area_code text, area_name text,"
        " statistical_reporting_period_start date, statistical_reporting_period_end date,"
        " modified_working_age_band text, metric text, median_waiting_time double,"
        " number_of_waiting_times_identified bigint, councils_with_waits bigint, councils_given bigint)"
    )
    connection.execute("create table dhsc_councils (la_code text, region text)")
    connection.executemany("insert into dhsc_councils values (?, ?)", list(regions.items()))
    areas = {("council", code): [code] for code in councils}
    for code, region in regions.items():
        areas.setdefault(("region", region), []).append(code)
        areas.setdefault(("all given", "all given"), []).append(code)
    for place, ((area_type, area_code), members) in enumerate(areas.items()):
        counts = [councils[code] for code in members if councils[code]]
        if counts:
            connection.execute(
                "insert into reg_waiting_times values"
                " ($1, $2, $2, '2026-07-01', '2026-09-30', '25 to 64', 'Wait', $3, $4, $5, $6)",
                [area_type, area_code, place + 0.5, sum(counts), len(counts), len(members)],
            )
    found = connection.execute(model_sql("reg_shared_waiting_times", rounding))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("seed", range(8))
def test_nobody_works_out_the_waits_of_another_council(seed):
    draw = random.Random(seed)
    regions = {f"{region} {number}": region for region, size in REGIONS.items() for number in range(size)}
    councils = {code: draw.choice([0, 1, 2, 4, 4, 7, 30]) for code in regions}
    rows = shared_waits(councils, regions)
    shown = {row["area_code"]: row for row in rows if row["marker"] is None}
    for row in rows:
        if row["marker"] is None:
            assert row["number_of_waiting_times_identified"] >= THRESHOLD
            assert row["area_type"] == "council" or row["councils_with_waits"] >= 3
            region = shown.get(regions.get(row["area_code"]))
            difference = row["median_waiting_time"] - region["median_waiting_time"] if region else None
            assert row["difference_from_region"] == difference
        else:
            assert row["number_of_waiting_times_identified"] is row["median_waiting_time"] is None
            assert row["difference_from_region"] is None
    for knows in councils:
        equations = [{knows: 1}]
        for area, row in shown.items():
            members = [
                code
                for code in councils
                if row["area_type"] == "all given" or area in (code, regions[code])
                if councils[code]
            ]
            equations.append(dict.fromkeys(members, 1))
        hidden = {code for code, count in councils.items() if count and code not in shown} - {knows}
        for found in solved(equations):
            if found.keys() <= hidden and set(found.values()) == {1}:
                waits = sum(councils[code] for code in found)
                assert len(found) > 1 and waits >= THRESHOLD, (knows, found)


def test_waits_of_an_area_are_shown_where_three_councils_have_some():
    def markers(counts: dict[str, int], south: str = "") -> dict[str, str | None]:
        regions = {code: "South" if code in south else "North" for code in counts}
        return {row["area_code"]: row["marker"] for row in shared_waits(counts, regions)}

    assert set(markers({"a": 30, "b": 20, "c": 7}).values()) == {None}
    assert markers({"a": 30, "b": 20, "c": 0}) == {"a": None, "b": None, "North": "c", "all given": "c"}
    assert markers({"a": 30, "b": 20, "c": 4})["North"] == "c"
    assert markers({"a": 30, "b": 4, "c": 4, "d": 4})["North"] is None
    assert markers({"a": 30, "b": 4, "c": 2, "d": 2})["all given"] == "c"
    # Those behind a region that is shown do not stand before the one of another.
    found = markers({"a": 30, "b": 20, "c": 4, "d": 4, "e": 4, "f": 4, "g": 9}, south="defg")
    assert (found["North"], found["South"], found["all given"]) == ("c", None, "c")


def test_counts_are_rounded_where_the_council_asks_for_it():
    councils, regions = invented(2)
    waits = {code: 7 + place for place, code in enumerate(regions)}
    for rows, counts, figures in (
        (shared(councils, regions, 5), ("numerator", "denominator"), ("outcome", "difference_from_region")),
        (
            shared_waits(waits, regions, 5),
            ("number_of_waiting_times_identified",),
            ("median_waiting_time", "difference_from_region"),
        ),
    ):
        shown = [row for row in rows if row["marker"] is None]
        assert len(shown) > 10
        # A decimal would give the counts back.
        assert not [row for row in shown for name in counts if row[name] % 5]
        assert not [row for row in shown for name in figures if row[name] is not None and row[name] % 1]
    as_they_are = shared(councils, regions)
    assert [row["marker"] for row in as_they_are] == [row["marker"] for row in shared(councils, regions, 5)]
    assert [row for row in as_they_are if row["marker"] is None and row["numerator"] % 5]
