"""Makes the report: one offline HTML page for managers and team leaders, of one run.

    asc-cld report
    asc-cld report --database council.duckdb --folder output/report

The page says what the return holds, what got better and worse since the submission before, which team has
most to mend, the measures beside those published, waits, costs, and what DHSC will not count. It holds counts
and names nobody; small counts are hidden (setting share_threshold). Nothing in it is fetched from a network.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from asc_cld import charts
from asc_cld.audit_pack import day_in_words
from asc_cld.chosen import NotChosen, choose
from asc_cld.database import default_path, has_table, open_database, tables_of_earlier_runs
from asc_cld.files import private_folder, writing
from asc_cld.plainly import plainly
from asc_cld.settings import current, is_on

TEMPLATE, PAGE = "report.html", "index.html"
Row = dict[str, Any]

# $submission and $previous are the key of the submission the page is of and that of the one before; $least is the
# smallest count that may be told.
SUBMISSION = """
    select
        files.submission_id, files.la_code, files.origin, files.file_name, files.row_count, files.imported_at,
        files.stated_period_start, files.stated_period_end, files.release,
        before.submission_id as previous_submission_id, before.file_name as previous_file_name,
        before.imported_at as previous_imported_at, before.stated_period_end as previous_period_end,
        coalesce(councils.name, files.la_code, 'a council that the file does not name') as council, councils.region
    from submissions.sub_files as files
    left join submissions.sub_files as before on before.submission_id = $previous
    left join specification.spec_councils as councils on files.la_code = councils.cassr_code
    where files.submission_id = $submission
"""
QUERIES = {
    "submissions": """
        select files.submission_id, files.file_name, files.origin, files.imported_at, files.stated_period_end,
            files.row_count
        from submissions.sub_files as files
        where files.la_code is not distinct from $la_code
        order by files.imported_at, files.stated_period_end, files.submission_id""",
    "events": """
        select files.stated_period_end, files.submission_id,
            -- What is no type of event may be anything that stood in the cell.
            case
                when trim(coalesce(submitted_rows.event_type, '')) = '' then 'No event: a person only'
                else coalesce(listed.value, 'Not in the list')
            end as event_type,
            count(*) as row_count
        from submissions.sub_files as files
        inner join submissions.sub_rows as submitted_rows on files.submission_id = submitted_rows.submission_id
        left join (
            select distinct value from specification.spec_code_lists where field = 'Event Type'
        ) as listed on lower(trim(submitted_rows.event_type)) = lower(listed.value)
        where files.la_code is not distinct from $la_code
        group by all
        order by min(files.imported_at), files.stated_period_end, files.submission_id, event_type""",
    "people": """
        select count(distinct coalesce(la_person_unique_identifier, nhs_number)) as people
        from submissions.sub_rows where submission_id = $submission""",
    "severities": """
        select files.stated_period_end, files.submission_id, summary.severity,
            sum(summary.breach_count - summary.accepted_count) as findings
        from submissions.sub_files as files
        inner join data_quality.dq_summary as summary on files.submission_id = summary.submission_id
        -- Found in extracts only, so no file that was made elsewhere can have them.
        where files.la_code is not distinct from $la_code and summary.rule_id not like 'EXT-%'
        group by files.stated_period_end, files.submission_id, files.imported_at, summary.severity
        order by files.imported_at, files.stated_period_end, files.submission_id, summary.severity""",
    "rules": """
        select summary.rule_id, split_part(summary.rule_id, '-', 1) as rule_group, summary.severity,
            rules.rule_text, rules.why_it_matters, rules.how_to_fix, rules.measures_affected,
            summary.rows_in_scope, summary.breach_count - summary.accepted_count as findings,
            summary.accepted_count as accepted, summary.is_beyond_threshold,
            case when summary.rule_id not like 'EXT-%' then before.breach_count - before.accepted_count end
                as previous_findings
        from data_quality.dq_summary as summary
        inner join data_quality.dq_rules as rules on summary.rule_id = rules.rule_id
        left join data_quality.dq_summary as before
            on before.submission_id = $previous and summary.rule_id = before.rule_id
        where summary.submission_id = $submission
            and (summary.breach_count > 0 or coalesce(before.breach_count, 0) > 0)
        order by
            case summary.severity when 'error' then 1 when 'warning' then 2 else 3 end,
            summary.breach_count - summary.accepted_count desc, summary.rule_id""",
    "rule_count": """
        select count(*) as rules from data_quality.dq_summary where submission_id = $submission""",
    # A file that was made elsewhere names no team: its findings are the team's that holds the same event, or
    # else that of the person's latest event in the return.
    "teams": """
        with event_teams as (
            select event_reference, min(team_id) as team_id from cld.cld_events
            where event_reference is not null group by event_reference
        ),
        person_teams as (
            select la_person_unique_identifier, arg_max(team_id, (event_start_date, cld_row_id)) as team_id
            from cld.cld_events where team_id is not null group by la_person_unique_identifier
        ),
        found as (
            select breaches.finding, breaches.rule_id, breaches.severity,
                breaches.submission_id = $submission as is_now,
                coalesce(breaches.team_id, event_teams.team_id, person_teams.team_id) as team_id
            from data_quality.dq_findings as breaches
            left join event_teams on breaches.event_reference = event_teams.event_reference
            left join person_teams
                on breaches.la_person_unique_identifier = person_teams.la_person_unique_identifier
            where not breaches.accepted and breaches.submission_id in ($submission, $previous)
        )
        select
            -- An id that no list holds may be anything that stood in the cell.
            case when found.team_id is null then 'No team' when teams.team_id is null then 'Teams that are in no list'
                else coalesce(teams.team_name, teams.team_id) end as team,
            count(distinct finding) filter (is_now) as findings,
            count(distinct finding) filter (is_now and severity = 'error') as errors,
            count(distinct finding) filter (is_now and rule_id not like 'EXT-%') as comparable,
            case when $previous is not null then count(distinct finding) filter (not is_now) end
                as previous_findings
        from found
        left join conformed.cnf_teams as teams on found.team_id = teams.team_id
        group by found.team_id is null, teams.team_id, teams.team_name
        order by findings desc, team""",
    "verdicts": """
        select method_version, verdict, will_be_taken from dhsc.dhsc_periods
        where submission_id = $submission order by method_version desc""",
    "dropped": """
        select reason, count(*) as row_count from dhsc.dhsc_dropped_rows
        where submission_id = $submission and events_table = 'single'
        group by reason order by row_count desc, reason""",
    "unsure": """
        select dhsc_measure, description, people from dhsc.ascof_unknowns
        where la_code = $la_code order by dhsc_measure, description""",
    "long_term": """
        select count(distinct der_nhs_la_combined_person_id) as people from dhsc.activity_long_term_people
        where activity_table = 'LTS001b' and la_code = $la_code""",
    "new_assessments": """
        select coalesce(sum(event_count) filter (
                client_type in (
                    select value from specification.spec_named_values where value_name = 'service_user'
                ) and lts_flag = 'No'
            ), 0) as assessments
        from dhsc.assessments where la_code = $la_code
        -- Without any assessment no file told of these 12 months: no figure, not 0.
        having count(*) > 0""",
    "published": """
        select area_type, area, la_code, measure, period_start, period_end, outcome, unit, source, published_on
        from reference.published_figures order by measure, area_type, area""",
    # Of a part of another measure, the figure of last time is told only where the difference may be.
    "measures": """
        with may_be_told as (
            select movement.*,
                movement.is_compared
                and coalesce(movement.previous_numerator >= $least, true)
                and coalesce(movement.previous_denominator >= $least, true)
                and coalesce(
                    movement.previous_denominator - movement.previous_numerator not between 1 and $least - 1, true
                )
                and not exists (
                    select 1 from reference.share_nested_measures as nested
                    inner join dhsc.dhsc_measure_movement as whole
                        on nested.whole_measure = whole.measure and movement.la_code = whole.la_code
                    where nested.part_measure = movement.measure and whole."group" = movement."group"
                        and (
                            whole.previous_numerator - movement.previous_numerator between 1 and $least - 1
                            or whole.previous_denominator - movement.previous_denominator between 1 and $least - 1
                            or whole.previous_denominator - whole.previous_numerator
                                - (movement.previous_denominator - movement.previous_numerator)
                                between 1 and $least - 1
                        )
                ) as is_told
            from dhsc.dhsc_measure_movement as movement
        )
        select shared.measure, shared."group" as people_group, shared.period_start, shared.period_end,
            shared.numerator, shared.denominator, shared.outcome, shared.marker, ascof.description,
            case when may_be_told.is_told and shared.marker is null then round(may_be_told.previous_outcome, 1) end
                as previous_outcome,
            may_be_told.previous_period_end, may_be_told.verdict,
            shared."group" = 'Total' or not exists (
                select 1 from sharing.share_measures as totals
                where totals.measure = shared.measure and totals."group" = 'Total'
            ) as is_headline
        from sharing.share_measures as shared
        inner join dhsc.ascof_measures as ascof
            on shared.la_code = ascof.la_code and shared.measure = ascof.measure and shared."group" = ascof."group"
            and shared.period_start = ascof.period_start
        left join may_be_told
            on shared.la_code = may_be_told.la_code and shared.measure = may_be_told.measure
            and shared."group" = may_be_told."group"
        where shared.la_code = $la_code
        order by shared.measure, shared."group" <> 'Total', shared."group" """,
    "waits": """
        select shared.measure, shared."group" as people_group, shared.period_start, shared.period_end,
            shared.denominator as people, shared.outcome as median_days, shared.marker
        from sharing.share_measures as shared
        where shared.la_code = $la_code and shared.measure in (select metric from dhsc.waiting_times)
        order by shared.measure, shared."group", shared.period_start""",
    "costs": """
        select service_type, coalesce(working_age_band, 'Age not known') as working_age_band, people,
            average_cost_per_week, marker
        from sharing.share_costs where la_code = $la_code
        order by service_type, working_age_band""",
    # As share_costs hides and rounds: few people, or one whose cost is more than half of the sum.
    "provider_costs": """
        with of_people as (
            select coalesce(costs.service_type, 'Not recorded') as service_type,
                case when nullif(submitted_rows.provider_cqc_location_id, '') is not null
                    then 'Provider with a CQC location' else 'No CQC location recorded' end as provider,
                costs.der_nhs_la_combined_person_id as person, sum(costs.cost_per_week) as cost_per_week
            from dhsc.costs as costs
            inner join submissions.sub_rows as submitted_rows on costs.kept_row_id = submitted_rows.row_id
            where costs.la_code = $la_code and costs.cost_per_week is not null
            group by all
        ),
        summed as (
            select service_type, provider, count(*) as people, avg(cost_per_week) as average_cost,
                max(cost_per_week) > sum(cost_per_week) / 2 as is_one_persons
            from of_people group by service_type, provider
        )
        select service_type, provider,
            case when people >= $least and not is_one_persons then cast(round(people / 5) * 5 as bigint) end as people,
            case when people >= $least and not is_one_persons then cast(round(average_cost / 10) * 10 as bigint) end
                as average_cost_per_week,
            case when people < $least or is_one_persons then 'c' end as marker
        from summed
        where not exists (select 1 from data_quality.dq_gate where not is_good)
        order by service_type, provider""",
}
# Only a build makes these; of a run that checked files already made, the page says so.
OF_A_BUILD = {"teams"}
# DHSC makes these of all submissions it takes: they are figures of the newest file, not of one before.
OF_THE_LATEST = {"measures", "waits", "costs", "provider_costs", "long_term", "new_assessments", "unsure"}


def tables_of(names: Iterable[str]) -> list[str]:
    """The tables that the queries of these names read."""
    read = " ".join([SUBMISSION, *(QUERIES[name] for name in names)])
    found = set(re.findall(r"(?:from|join) ([a-z_]+[.][a-z_]+)", read))
    return sorted(name for name in found if name.split(".")[0] not in ("specification", "reference"))


@dataclass
class Figures:
    """Everything the page tells: one submission, the run it is of, and the rows of each query."""

    submission: Row
    run: Row | None
    least: int
    was_built: bool
    is_held_back: bool
    is_latest: bool
    councils: int
    period_end: date
    rows: dict[str, list[Row]] = field(default_factory=dict)


def read_figures(database: Path, wanted: str | None = None) -> Figures:
    """Reads the tables of one run. Raises SystemExit where there is none, or where they are of two.

    `wanted` is the submission the page is of; without one see `choose`.
    """
    with open_database(database) as connection:
        run, settings = _run(connection)
    was_built = is_on(settings.get("include_built", "true"))
    names = [name for name in QUERIES if was_built or name not in OF_A_BUILD]
    # Codes, teams and extracts are as the last build had them, as in the fix list. What is shared is not made where
    # the checks hold the return back: that of an earlier run is not read, and the page says why.
    reads = [name for name in tables_of(names) if not name.startswith(("staging.", "sharing."))]
    with open_database(database, *reads) as connection:
        for table in ("submissions.sub_files", "data_quality.dq_summary"):
            if not has_table(connection, *table.split(".")):
                raise SystemExit(
                    f"{database} has no table {table}, so there is nothing to report on: build it first (asc-cld"
                    " build or asc-cld check)."
                )
        try:
            chosen = choose(connection, wanted, settings.get("la_code") or current("la_code"))
        except NotChosen as reason:
            raise SystemExit(f"There is nothing to report on: {reason}.") from None
        least = int(settings.get("share_threshold") or current("share_threshold"))
        values = {
            "submission": chosen.submission_id,
            "previous": chosen.previous_submission_id,
            "la_code": chosen.la_code,
            "least": least,
        }
        period_end = date.fromisoformat(
            settings.get("reporting_period_end") or current("reporting_period_end")
        )
        [submission] = _rows(connection, SUBMISSION, values)
        not_read = tables_of_earlier_runs(connection)
        is_held_back = (
            was_built
            and has_table(connection, "data_quality", "dq_gate")
            and bool(_rows(connection, "select 1 from data_quality.dq_gate where not is_good", {}))
        )
        figures = Figures(
            submission, run, least, was_built, is_held_back, chosen.is_latest, chosen.councils, period_end
        )
        for name in names:
            if name in OF_THE_LATEST and not chosen.is_latest:
                continue
            # Of what the run did not make (no measures, an earlier version), the page says so.
            tables = tables_of([name])
            if all(
                has_table(connection, *table.split(".")) for table in tables
            ) and not not_read.intersection(table for table in tables if table.startswith("sharing.")):
                figures.rows[name] = _rows(connection, QUERIES[name], values)
    name_submissions(figures)
    for row in figures.rows.get("published", []):
        if row["outcome"] == int(row["outcome"]) and row["unit"] in ("people", "assessments"):
            row["outcome"] = int(row["outcome"])
    return figures


def name_submissions(figures: Figures) -> None:
    """Gives each row of a submission the name by which the page calls it, and leaves out those after this one.

    Of one period several may lie in the folder: without names of their own a chart would add or join their figures.
    """
    known, submission = figures.rows["submissions"], figures.submission
    roles = {submission["previous_submission_id"]: "last time", submission["submission_id"]: "now"}
    names: dict[str, str] = {}
    for row in known:
        sent = _short(row["imported_at"]).replace("|", " ")
        name = roles.get(row["submission_id"], f"sent {sent}")
        twins = sum(other.split(" (")[0] == name for other in names.values())
        names[row["submission_id"]] = f"{name} ({twins + 1})" if twins else name
        if name == "now":
            break
    for table in ("submissions", "events", "severities"):
        figures.rows[table] = [
            row | {"submission": names[row["submission_id"]]}
            for row in figures.rows[table]
            if row["submission_id"] in names
        ]


def _run(connection: duckdb.DuckDBPyConnection) -> tuple[Row | None, dict[str, str]]:
    if not has_table(connection, "governance", "gov_run"):
        return None, {}
    rows = _rows(connection, "select run_id, started_at, settings from governance.gov_run", {})
    return (rows[0], json.loads(rows[0]["settings"])) if rows else (None, {})


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: Row) -> list[Row]:
    given = {name: value for name, value in values.items() if f"${name}" in query}
    result = connection.execute(query, given)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def hide_small(rows: list[Row], name: str, least: int, whole: str | None = None) -> None:
    """Sets `name` to None, in place, where the count is too small to be told or would give one away.

    The rows are the parts of a total that may be known: what is hidden of it is hidden with others, together no
    small count. `whole` is a count beside it that it is part of: a small rest is as telling as a small part. Called
    again with some of the rows it hides more, for a total of these.
    """
    for row in rows:
        row.setdefault(f"{name}_counted", row[name])
    hidden, shown = [], []
    for row in sorted(
        (row for row in rows if row[f"{name}_counted"]), key=lambda row: row[f"{name}_counted"]
    ):
        count = row[f"{name}_counted"]
        rest = row.get(f"{whole}_counted", row[whole]) - count if whole else 0
        is_small = count < least or 0 < rest < least
        (hidden if is_small or row.get(f"{name}_hidden") else shown).append(row)
    while hidden and shown and (len(hidden) == 1 or sum(row[f"{name}_counted"] for row in hidden) < least):
        hidden.append(shown.pop(0))
    for row in hidden:
        row[name] = None
        row[f"{name}_hidden"] = True


COUNTS = ("findings", "previous_findings")


def rule_groups(rules: list[Row]) -> list[Row]:
    """Findings by group of rules, now and before: told where all its rules are, so it tells no more than they do."""
    groups = []
    for name, members in _by(rules, "rule_group").items():
        group: Row = {"rule_group": name}
        for count in COUNTS:
            known = [rule[f"{count}_counted"] for rule in members if rule[f"{count}_counted"] is not None]
            group[f"{count}_counted"] = sum(known) if known else None
            group[f"{count}_hidden"] = any(rule.get(f"{count}_hidden") for rule in members)
            group[count] = None if group[f"{count}_hidden"] else group[f"{count}_counted"]
        groups.append(group)
    _went(groups, "findings")
    return sorted(groups, key=lambda group: (-group["findings_counted"], group["rule_group"]))


def _went(rows: list[Row], now: str, is_part: bool = False) -> None:
    """Adds to rows how the count `went` (up, down, same; None without one before), and by how much where both are told.

    Of a hidden count no more is said than that it is up: beside a count that is told, "no change" would tell it. Of a
    part whose whole is told not even that.
    """
    for row in rows:
        before, after = row["previous_findings_counted"], row[f"{now}_counted"]
        is_told = row[now] is not None and row["previous_findings"] is not None
        if before is None:
            row["went"] = None
        elif not is_told:
            row["went"] = "up" if after > before and not is_part else "hidden"
        else:
            row["went"] = "up" if after > before else "down" if after < before else "same"
        row["rise"] = after - before if before is not None else None
        row["change"] = row["rise"] if is_told else None


def hide_in_rules(rules: list[Row], least: int) -> None:
    """Hides small counts of the rules; the totals that a reader knows are that of all, that of a severity, and FIL-13.

    FIL-13 counts the rows in which a list is broken: less what the rules of lists tell, it would tell the one that is
    hidden; and hidden itself, it can be made out of them.
    """
    # What is found in extracts only is in no total of an earlier file, nor in the chart by severity.
    wholes = [
        [rule for rule in some if is_any or not rule["rule_id"].startswith("EXT-")]
        for some in (rules, *_by(rules, "severity").values())
        for is_any in (True, False)
    ]
    wholes.append(
        [rule for rule in rules if rule["rule_id"] == "FIL-13" or rule["rule_id"].startswith("LST-")]
    )
    for count in COUNTS:
        before = -1
        # What is hidden for one total may stand alone in another.
        while before != (before := sum(rule.get(f"{count}_hidden", False) for rule in rules)):
            for whole in wholes:
                hide_small(whole, count, least)
    _went(rules, "findings")


def hide_in_teams(teams: list[Row], least: int) -> None:
    """Hides small counts of the teams, and parts of a team's findings whose rest is small."""
    hide_small(teams, "errors", least, whole="findings")
    hide_small(teams, "comparable", least, whole="findings")
    for count in COUNTS:
        hide_small(teams, count, least)
    _went(teams, "comparable", is_part=True)


def drawings(figures: Figures, groups: list[Row]) -> Row:
    """The charts of the page, each None where it has nothing to show."""
    rows = figures.rows
    periods = [row["stated_period_end"] for row in rows["submissions"]]
    place = {}
    for row in rows["submissions"]:
        end, name = row["stated_period_end"], row["submission"]
        place[row["submission_id"]] = _short(end or row["imported_at"]) + (
            f"|{_broken(name)}" if not name.startswith("sent") or periods.count(end) > 1 else ""
        )
    event_types = sorted(
        {row["event_type"] for row in rows["events"]}, key=lambda name: ("No event" in name, name)
    )
    published = [row for row in rows.get("published", []) if row["measure"] == LONG_TERM]
    return {
        "events": charts.bars(
            [
                _mark(place[row["submission_id"]], row["row_count"], row["event_type"])
                for row in rows["events"]
            ],
            "Rows by type of event",
            "rows",
            event_types,
        ),
        "severities": charts.lines(
            [
                _mark(place[row["submission_id"]], row["findings"], row["severity"])
                for row in rows["severities"]
            ]
            if len(rows["submissions"]) > 1
            else [],
            "Findings by severity",
            "findings",
            ("error", "warning", "info"),
        ),
        "groups": _before_and_now(groups, "title", "findings", "Findings by group of rules"),
        "teams": _before_and_now(rows.get("teams", []), "team", "comparable", "Findings by team"),
        "measures": _measures_drawn(figures),
        "waits": {
            measure: _drawn(charts.lines, found, "period_end", "people_group", "median_days", measure, "days")
            for measure, found in _by(rows.get("waits", []), "measure").items()
        },
        "costs": _drawn(
            charts.bars,
            rows.get("costs", []),
            "service_type",
            "working_age_band",
            "average_cost_per_week",
            "Average cost by service and age",
            "pounds a week",
        ),
        "providers": _drawn(
            charts.bars,
            rows.get("provider_costs", []),
            "service_type",
            "provider",
            "average_cost_per_week",
            "Average cost by service and kind of provider",
            "pounds a week",
        ),
        "region": charts.bars(
            [_mark(row["area"], row["outcome"]) for row in published], f"{LONG_TERM}, as published", "people"
        ),
    }


def _mark(label: str, value: Any, series: str = "") -> Row:
    return {"label": label, "value": value, "series": series}


def _by(rows: list[Row], name: str) -> dict[str, list[Row]]:
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row[name], []).append(row)
    return parts


def _drawn(
    draw: Callable[..., Markup | None], rows: list[Row], label: str, series: str, value: str, *said: str
) -> Markup | None:
    marks = [
        _mark(
            _short(row[label]) if isinstance(row[label], date) else _broken(row[label]),
            row[value],
            row[series],
        )
        for row in rows
    ]
    return draw(marks, *said, sorted({mark["series"] for mark in marks}))


def _before_and_now(rows: list[Row], label: str, now: str, title: str) -> Markup | None:
    series = ("last time", "now")
    marks = [
        _mark(_broken(row[label]), row[name], when)
        for row in rows
        for when, name in zip(series, ("previous_findings", now), strict=True)
    ]
    return charts.bars(marks, title, "findings", series, charts.BEFORE_AND_NOW)


def _measures_drawn(figures: Figures) -> Markup | None:
    """The measures in percent; those of 100,000 people would be another scale."""
    rows, submission = figures.rows, figures.submission
    published = rows.get("published", [])
    own = {row["measure"]: row["outcome"] for row in published if row["la_code"] == submission["la_code"]}
    country = {row["measure"]: row["outcome"] for row in published if row["area_type"] == "country"}
    series = ("this return", f"{submission['council']}, published", "England, published")
    marks = []
    for row in rows.get("measures", []):
        name = row["measure"]
        if row["is_headline"] and name not in PER_100_000:
            values = (row["outcome"], own.get(name), country.get(name))
            marks += [_mark(name, value, whose) for whose, value in zip(series, values, strict=True)]
    return charts.bars(marks, "Measures in percent", "percent", series)


PER_100_000 = ("2B", "2C")
LONG_TERM, NEW_ASSESSMENTS = "Long-term support on the last day", "New assessments in 12 months"


def _short(day: date) -> str:
    """30 Sep and 2026, in two lines (|)."""
    number, month, year = day_in_words(day).split()
    return f"{number} {month[:3]}|{year}"


def _broken(label: str) -> str:
    """A label in lines (|) of about 20 letters, as a chart has room for."""
    lines = [""]
    for word in label.replace("|", "/").split():
        if lines[-1] and len(lines[-1]) + len(word) > 19:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "|".join(lines)


def number(value: int | float | Decimal | None) -> str:
    """1,234 or 56.3; [c] where a count is hidden."""
    return "[c]" if value is None else f"{value:,}"


def render(figures: Figures) -> str:
    """The page."""
    rows, least = figures.rows, figures.least
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    environment.filters["day"] = day_in_words
    words = environment.get_template("report_words.html").module
    has_previous = figures.submission["previous_submission_id"] is not None
    open_findings = sum(rule["findings"] for rule in rows["rules"])
    errors = sum(rule["findings"] for rule in rows["rules"] if rule["severity"] == "error")
    hide_in_rules(rows["rules"], least)
    groups = rule_groups(rows["rules"])
    for group in groups:
        group["title"] = words.rule_groups.get(group["rule_group"], group["rule_group"])
    hide_in_teams(rows.get("teams", []), least)
    for key in {row["submission_id"] for row in rows["submissions"]}:
        hide_small([row for row in rows["events"] if row["submission_id"] == key], "row_count", least)
        hide_small([row for row in rows["severities"] if row["submission_id"] == key], "findings", least)
    for name, count in (("dropped", "row_count"), ("unsure", "people")):
        hide_small(rows.get(name, []), count, least)
    # Each alone: no part of anything else on the page.
    single = {name: rows[name][0][column] for name, column in SINGLE if rows.get(name)}
    return environment.get_template(TEMPLATE).render(
        figures=figures,
        submission=figures.submission,
        rows=rows,
        groups=groups,
        has_previous=has_previous,
        open_findings=open_findings if open_findings == 0 or open_findings >= least else None,
        errors=errors if errors == 0 or errors >= least else None,
        single={name: value if value == 0 or value >= least else None for name, value in single.items()},
        worse=sorted(
            (rule for rule in rows["rules"] if rule["went"] == "up"),
            key=lambda rule: (-rule["rise"], rule["rule_id"]),
        ),
        better=[rule for rule in rows["rules"] if rule["went"] == "down"],
        to_call=_teams_to_call(rows.get("teams", [])),
        charts=drawings(figures, groups),
        names={"long_term": LONG_TERM, "new_assessments": NEW_ASSESSMENTS, "per_100_000": PER_100_000},
    )


SINGLE = (("people", "people"), ("long_term", "people"), ("new_assessments", "assessments"))


# What the page calls those that are none (query "teams").
NOT_A_TEAM = ("No team", "Teams that are in no list")


def _teams_to_call(teams: list[Row]) -> list[Row]:
    """The teams whose findings rose most; where none rose, those with most to mend."""
    named = [team for team in teams if team["team"] not in NOT_A_TEAM]
    risen = sorted(
        (team for team in named if team["went"] == "up"), key=lambda team: (-team["rise"], team["team"])
    )
    return (risen or [team for team in named if team["findings"]])[:3]


def write_report(database: Path, folder: Path, wanted: str | None = None) -> Path:
    """Writes the page; gives its path."""
    html = render(read_figures(database, wanted))
    private_folder(folder)
    page = folder / PAGE
    with writing(page) as stream:
        stream.write(html)
    return page


@plainly("report")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, default=default_path())
    parser.add_argument("--folder", type=Path, default=Path(current("output_path")) / "report")
    parser.add_argument(
        "--submission", help="default: the return built here, else the newest file of the council"
    )
    options = parser.parse_args(arguments)
    print(write_report(options.database, options.folder, options.submission))
    return 0


if __name__ == "__main__":
    sys.exit(main())
