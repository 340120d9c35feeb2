"""Attacks on what is shared, by a motivated intruder who knows the council's own records (docs/data-protection.md)."""

from __future__ import annotations

import csv
import itertools
import json
import re
import shutil
from collections import Counter, defaultdict

import duckdb
import pytest
from dbt_runs import PSEUDONYM_KEY

from asc_cld import share as share_command
from asc_cld.plugins.pseudonyms import register

K = 5
# The same in all rows of a release, and the keys.
NOT_TOLD = {"recipient_id", "purposes", "release_id", "row_key", "person_key", "la_code", "period_start"}
NOT_TOLD |= {"period_end"}


def shared_columns(run):
    return [
        name
        for (name,) in run.query(
            "select column_name from duckdb_columns() where schema_name = 'sharing'"
            " and table_name = 'share_events' order by column_index"
        )
    ]


def told(run, recipient="dhsc", columns=None):
    """person_key -> all rows of the person, in the given columns (default: all that tell something)."""
    columns = columns or [name for name in shared_columns(run) if name not in NOT_TOLD]
    people = defaultdict(list)
    for key, *row in run.query(
        f"select person_key, {', '.join(columns)} from council.sharing.share_events"
        f" where recipient_id = '{recipient}'"
    ):
        people[key].append(tuple(row))
    return {key: tuple(sorted(rows, key=str)) for key, rows in people.items()}


@pytest.fixture(scope="module")
def built(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed
    return demo_build


def test_the_k_that_is_reported_is_the_k_that_is_there(built):
    """Counted again in Python, person by person across all rows and all columns, for each recipient."""
    reported = {
        row[0]: row[1:]
        for row in built.query(
            "select recipient_id, people_shared, descriptions, smallest_group, fewest_special_values, people,"
            " people_left_out, keys_of_others from council.sharing.share_k_anonymity"
        )
    }
    special = {"ethnic_group", "has_died", "primary_support_reason", "service_type", "event_outcome"}
    columns = [name for name in shared_columns(built) if name not in NOT_TOLD]
    assert len(reported) == 3 and special < set(columns)
    for recipient, (
        shared,
        descriptions,
        smallest,
        values,
        people,
        left_out,
        keys_of_others,
    ) in reported.items():
        of_people = told(built, recipient)
        alike = Counter(of_people.values())
        assert (len(of_people), len(alike), min(alike.values())) == (shared, descriptions, smallest)
        assert smallest >= K and shared > 0.95 * people and left_out == people - shared
        assert keys_of_others == 0
        at, died = [columns.index(name) for name in special], columns.index("has_died")
        rest = [at for at, name in enumerate(columns) if name not in special]
        found = defaultdict(set)
        for rows in of_people.values():
            if any(
                row[index] not in ("Withheld", None) or (index != died and row[index] is None)
                for row in rows
                for index in at
            ):
                found[tuple(sorted((tuple(row[i] for i in rest) for row in rows), key=str))].add(rows)
        assert min(map(len, found.values())) == values >= 2


def test_no_few_columns_point_at_anybody(built):
    """Whatever two or three columns an intruder knows of all rows of a person."""
    columns = [name for name in shared_columns(built) if name not in NOT_TOLD]
    everything = told(built)
    for size in (1, 2, 3):
        for some in itertools.combinations(range(len(columns)), size):
            alike = Counter(
                tuple(sorted((tuple(row[i] for i in some) for row in rows), key=str))
                for rows in everything.values()
            )
            assert min(alike.values()) >= K, [columns[i] for i in some]


def test_an_intruder_with_the_councils_own_records_finds_enough_candidates(built):
    """Knows age, gender, support reason and all events of everybody: who could each person be?"""
    known = defaultdict(set)
    for person, *row in built.query(
        "select e.der_nhs_la_combined_person_id, e.event_type, e.client_type_cleaned, d.gender"
        " from council.dhsc.dhsc_events_single as e inner join council.dhsc.dhsc_person_details as d"
        " using (la_code, der_nhs_la_combined_person_id)"
    ):
        known[person].add(tuple(row))
    shared = Counter(
        frozenset(rows) for rows in told(built, columns=["event_type", "client_type", "gender"]).values()
    )

    def fits(true, seen):
        def one(left, right):
            return all(b in (a, "Withheld") for a, b in zip(left, right, strict=True))

        return all(any(one(t, s) for s in seen) for t in true) and all(
            any(one(t, s) for t in true) for s in seen
        )

    possible = {}
    for person, rows in known.items():
        key = frozenset(rows)
        if key not in possible:
            possible[key] = sum(count for seen, count in shared.items() if fits(key, seen))
        assert possible[key] == 0 or possible[key] >= K, person


def test_nothing_shared_is_a_day_an_amount_or_a_reference(built):
    """Deaths, costs, providers, references: what pointed at people is not there, under whatever name."""
    cells = {
        str(cell)
        for row in built.query("select * from council.sharing.share_events")
        for cell in row
        if cell is not None
    }
    for query in (
        "select event_reference from council.submissions.sub_rows",
        "select row_id from council.submissions.sub_rows",
        "select provider_cqc_location_name from council.submissions.sub_rows",
        "select provider_cqc_location_id from council.submissions.sub_rows",
        "select cast(unit_cost_value as varchar) from council.submissions.sub_rows",
        "select cast(date_of_birth_date as varchar) from council.submissions.sub_rows",
        "select cast(date_of_death_date as varchar) from council.submissions.sub_rows",
        "select la_person_unique_identifier from council.submissions.sub_rows",
    ):
        values = {value for (value,) in built.query(query) if value}
        periods = {"2025-10-01", "2026-09-30"}
        assert values and not (values & cells) - periods, query
    days = [
        (name, kind)
        for name, kind in built.query(
            "select column_name, data_type from duckdb_columns() where schema_name = 'sharing'"
            " and table_name = 'share_events' and data_type not in ('VARCHAR', 'BOOLEAN', 'INTEGER')"
        )
    ]
    assert sorted(days) == [("period_end", "DATE"), ("period_start", "DATE")]


def test_no_time_stands_beside_a_death(built):
    """Of the people told to have died, and of all who have: no event has a month or quarter."""
    assert built.query(
        "select count(*) from council.sharing.share_events where has_died and event_start <> 'Withheld'"
    ) == [(0,)]
    assert built.query("select count(*) from council.sharing.share_events where has_died")[0][0] > 0
    dead, timed = built.query(
        "select count(distinct e.der_nhs_la_combined_person_id), (select count(distinct person_key)"
        " from council.sharing.share_events where recipient_id = 'dhsc' and event_start <> 'Withheld')"
        " from council.dhsc.dhsc_events_single as e where e.date_of_death is not null"
    )[0]
    assert dead > 20 and timed > 50
    assert not built.query(
        "select 1 from council.sharing.share_events where event_outcome ilike '%deceased%' or event_outcome ilike '%died%'"
    )


def test_two_recipients_cannot_join_their_rows(built):
    """Not by keys, and not by laying row beside row: the rows stand in the order of the keys."""
    by_recipient = defaultdict(list)
    for recipient, *keys in built.query(
        "select recipient_id, row_key, person_key, release_id from council.sharing.share_events"
    ):
        by_recipient[recipient].append(tuple(keys))
    assert len(by_recipient) == 3
    for rows in by_recipient.values():
        assert rows == sorted(rows)
    for one, other in itertools.combinations(by_recipient.values(), 2):
        for at in (0, 1):
            assert not {row[at] for row in one} & {row[at] for row in other}


@pytest.fixture
def council(built, tmp_path):
    """A copy of the built council in which the sharing models can be made again of other data."""
    shutil.copy(built.database, tmp_path / "council.duckdb")
    nodes = json.loads((built.folder / "target" / "manifest.json").read_text())["nodes"]
    connection = duckdb.connect()
    connection.execute(f"attach '{tmp_path / 'council.duckdb'}' as council")
    connection.execute("use council")
    register(connection, PSEUDONYM_KEY)

    def share():
        for model in ("share_events", "share_k_anonymity"):
            connection.execute(
                f"create or replace table sharing.{model} as {nodes[f'model.asc_cld.{model}']['compiled_code']}"
            )
        return connection

    return connection, share


def described(connection, recipient="dhsc"):
    columns = [
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where database_name = 'council'"
            " and table_name = 'share_events' order by column_index"
        ).fetchall()
        if name not in NOT_TOLD
    ]
    people = defaultdict(list)
    for key, *row in connection.execute(
        f"select person_key, {', '.join(columns)} from sharing.share_events where recipient_id = ?",
        [recipient],
    ).fetchall():
        people[key].append(tuple(row))
    return {key: tuple(sorted(rows, key=str)) for key, rows in people.items()}


QUARTER_BEFORE = """
    delete from dhsc.dhsc_events_single where event_start_date > date '2026-06-30';
    update dhsc.dhsc_events_single set ref_period_end_date = date '2026-06-30';
    update submissions.sub_files set sha256 = reverse(sha256);
"""


def test_two_quarters_cannot_be_joined_and_point_at_nobody_together(council):
    connection, share = council
    share()
    now = described(connection)
    release = connection.execute("select distinct release_id from sharing.share_events").fetchall()
    connection.execute(QUARTER_BEFORE)
    share()
    before = described(connection)
    assert connection.execute("select distinct release_id from sharing.share_events").fetchall() != release
    assert len(before) > 800 and len(now) > 1000 and not before.keys() & now.keys()
    alike = [Counter(people.values()) for people in (before, now)]
    assert min(min(counts.values()) for counts in alike) >= K
    # Whoever knows what both tell of a person has in each no fewer candidates, and no way from one to the other.
    assert (
        not {row[0] for row in connection.execute("select row_key from sharing.share_events").fetchall()}
        & now.keys()
    )


def test_the_same_release_again_has_the_same_keys(council):
    connection, share = council
    first = share().execute("select * from sharing.share_events order by row_key").fetchall()
    assert share().execute("select * from sharing.share_events order by row_key").fetchall() == first
    connection.execute("update submissions.sub_files set sha256 = reverse(sha256)")
    share()
    assert not {row[4] for row in first} & described(connection).keys()


def test_recipients_join_their_rows_only_where_the_council_says_so(council):
    connection, share = council
    connection.execute(
        "update reference.share_recipients set keys_of = 'dhsc' where recipient_id = 'nhs_england'"
    )
    share()
    assert described(connection).keys() == described(connection, "nhs_england").keys()
    assert not described(connection).keys() & described(connection, "dars_applicants").keys()
    measured = connection.execute(
        "select recipient_id, smallest_joined_group, keys_of_others from sharing.share_k_anonymity order by all"
    ).fetchall()
    assert measured[0] == ("dars_applicants", None, 0)
    assert all(smallest >= K and others == 0 for _, smallest, others in measured[1:])


def test_nothing_is_shared_of_a_return_that_is_held_back(council):
    connection, share = council
    connection.execute("update data_quality.dq_gate set is_good = false")
    share()
    assert connection.execute("select count(*) from sharing.share_events").fetchall() == [(0,)]
    assert connection.execute(
        "select max(people_shared), max(smallest_group) from sharing.share_k_anonymity"
    ).fetchall() == [(0, None)]


def test_two_identifiers_of_one_human_being_count_once(council):
    """Nine people who look alike are enough; nine identifiers of one are not."""
    connection, share = council
    share()
    before = len(described(connection))
    connection.execute(
        "update dhsc.dhsc_events_single set la_person_key = 'one' where der_unique_record_id % 2 = 0"
    )
    share()
    assert len(described(connection)) < before


def test_a_cost_of_one_person_cannot_be_worked_out(built):
    """Enough people, none of them most of the sum, and no two figures that differ by a few people."""
    costs = defaultdict(lambda: defaultdict(float))
    for service, band, person, cost in built.query(
        "select service_type, der_working_age_band, der_nhs_la_combined_person_id, cost_per_week"
        " from council.dhsc.costs where cost_per_week is not null"
    ):
        costs[service, band][person] += float(cost)
    shown = hidden = 0
    for service, band, people, average, marker in built.query(
        "select service_type, working_age_band, people, average_cost_per_week, marker from council.sharing.share_costs"
    ):
        amounts = costs[service, band].values()
        if len(amounts) < K or max(amounts) > sum(amounts) / 2:
            assert (people, average, marker) == (None, None, "c")
            hidden += 1
        else:
            assert people % 5 == 0 and average % 10 == 0 and marker is None
            assert abs(average - sum(amounts) / len(amounts)) <= 5.01
            shown += 1
    assert shown > 5 and hidden


def handed_out(tmp_path, recipient, capsys):
    folder = tmp_path / "handed out"
    code = share_command.main(
        ["--recipient", recipient, "--database", str(tmp_path / "council.duckdb"), "--folder", str(folder)]
    )
    return code, capsys.readouterr().err, folder


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        (0, "100 people, out of 100 whom DHSC counts; 0 are"),
        (4, "96 people; fewer than 5 are"),
        (5, "of 100 whom"),
    ],
)
def test_a_few_who_are_left_out_are_not_counted_for_the_recipient(left_out, told):
    about = {"people": 100, "people_shared": 100 - left_out, "people_left_out": left_out, "least_group": 5}
    texts = (
        dict.fromkeys(re.findall(r"{(\w+)}", share_command.README), "")
        | about
        | share_command.told_of_those_left_out(about)
    )
    said = " ".join(share_command.README.format(**texts).split())
    assert told in said and (left_out != 4 or "100" not in said)


def test_a_recipient_gets_its_own_rows_and_what_was_measured(council, tmp_path, capsys):
    connection, _ = council
    connection.execute(
        "update reference.share_recipients set agreement = 'DSA 12' where recipient_id = 'dhsc'"
    )
    keys = set(described(connection))
    connection.close()
    code, said, folder = handed_out(tmp_path, "dhsc", capsys)
    assert (code, said) == (0, "")
    with (folder / "share_events.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["recipient_id"] for row in rows} == {"dhsc"} and {row["person_key"] for row in rows} == keys
    assert "at least 5 people look the same" in (folder / "README.txt").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.txt",
        "share_costs.csv",
        "share_events.csv",
        "share_measures.csv",
    ]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


REFUSED = {
    "no agreement": ("dhsc", "select 1", "names no agreement"),
    "nobody": ("somebody", "select 1", "lists no such recipient; it has dars_applicants, dhsc, nhs_england"),
    "the gate": (
        "dhsc",
        "update data_quality.dq_gate set is_good = false",
        "the checks hold this return back",
    ),
    "k": ("dhsc", "update sharing.share_k_anonymity set smallest_group = 4", "below the threshold"),
    "l": ("dhsc", "update sharing.share_k_anonymity set fewest_special_values = 1", "below the threshold"),
    "a leak": (
        "dhsc",
        "update sharing.share_costs set average_cost_per_week = (select max(nhs_number)::bigint from submissions.sub_rows)",
        "identifies a person stands in sharing.share_costs.average_cost_per_week (NHS number)",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_must_not_leave_is_refused(council, tmp_path, capsys, why):
    recipient, change, reason = REFUSED[why]
    connection, _ = council
    if why != "no agreement":
        connection.execute("update reference.share_recipients set agreement = 'DSA 12'")
    connection.execute(change)
    connection.close()
    code, said, folder = handed_out(tmp_path, recipient, capsys)
    assert code == 2 and reason in said and not folder.exists()
