"""The report of managers: its figures are those of the tables, nobody is in it, and what is missing is said."""

from __future__ import annotations

import csv
import random
import re
import shutil
import stat
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from conftest import CHROMIUM, PROJECT, dbt, opened_in_browser

from asc_cld import charts, fixlist, leak_search, report
from asc_cld.database import open_database


@pytest.fixture(scope="module")
def built(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed
    return demo_build


@pytest.fixture(scope="module")
def page(built, tmp_path_factory):
    return report.write_report(built.database, tmp_path_factory.mktemp("report") / "report")


@pytest.fixture
def changed(built, tmp_path):
    """Writes the page of a copy of the database on which some statements were run; gives its HTML."""

    def make(*statements: str) -> str:
        database = tmp_path / built.database.name
        shutil.copy(built.database, database)
        with duckdb.connect() as connection:
            connection.execute(f"attach '{database}' as council")
            connection.execute("use council")
            for statement in statements:
                connection.execute(statement)
        return report.write_report(database, tmp_path / "report").read_text(encoding="utf-8")

    return make


class Page(HTMLParser):
    """The tables of a page by caption, as lists of cells, and all that an eye or a screen reader wants to know."""

    def __init__(self, html: str):
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.elements: list[tuple[str, dict]] = []
        self.text = ""
        self._into: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "table":
            self._rows: list[list[str]] = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th", "caption"):
            self._into = []

    def handle_data(self, data):
        self.text += data
        if self._into is not None:
            self._into.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._rows[-1].append("".join(self._into).strip())
            self._into = None
        elif tag == "caption":
            self.tables["".join(self._into).strip()] = self._rows
            self._into = None

    def of(self, name: str) -> list[list[str]]:
        """The cells of a table without its heading."""
        return self.tables[name][1:]


def read(page: Path) -> Page:
    return Page(page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """The folder of a region, checked: two submissions of Sandwell and two of Dudley, which is smaller."""
    folder = tmp_path_factory.mktemp("region")
    (folder / "submissions").mkdir()
    for file in sorted((PROJECT / "data" / "demo" / "submissions").glob("409_*.csv")):
        shutil.copy(file, folder / "submissions")
        with file.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        with (folder / "submissions" / file.name.replace("409", "408", 1)).open(
            "w", encoding="utf-8", newline=""
        ) as stream:
            csv.writer(stream).writerows([header, *(["408", *row[1:]] for row in rows[:900])])
    run = dbt(
        folder,
        *("build", "--selector", "check", "--exclude-resource-type", "test", "unit_test"),
        include_built="false",
        submissions_path=folder / "submissions",
        reporting_period_end="2026-06-30",
    )
    assert run.exit_code == 0, run.printed
    return run


@pytest.fixture
def its_settings(monkeypatch, checked):
    """The settings of that run, which `asc-cld report` would read in council.yml."""
    monkeypatch.setenv("CLD_REPORTING_PERIOD_END", "2026-06-30")
    monkeypatch.setenv("CLD_SUBMISSIONS_PATH", str(checked.folder / "submissions"))


@pytest.mark.usefixtures("its_settings")
def test_after_a_check_alone_the_page_has_the_measures_of_the_files(checked, tmp_path):
    """Of the newest file of the council of the settings, although another council's are in the folder."""
    told = read(report.write_report(checked.database, tmp_path))
    assert "this page is of Sandwell (409) alone" in told.text and "files of 2 councils" in told.text
    assert "Client Level Data of Sandwell, to 30 June 2026" in told.text
    assert "Got worse since 409_CLD_20250401_20260331.csv" in " ".join(told.text.split())
    assert {row[0] for row in told.of("Rows by type of event")} == {"31 March 2026", "30 June 2026"}
    rows = {row[0]: row[2] for row in told.of("Headline measures")}
    for measure, outcome in checked.query(
        "select measure, outcome from council.sharing.share_measures"
        " where la_code = '409' and measure like '2E%' and \"group\" = 'Total' and marker is null"
    ):
        assert rows.pop(measure) == str(outcome)
    assert "2E 18-64" not in rows
    assert told.of("Average cost by service and age") and told.of(
        "Average cost by service and kind of provider"
    )
    assert "The file is for another period" not in told.text


@pytest.mark.usefixtures("its_settings")
def test_the_page_is_of_the_file_asked_for(checked, tmp_path):
    told = read(report.write_report(checked.database, tmp_path, "408_CLD_20250701_20260630.csv"))
    assert "Client Level Data of Dudley" in told.text and "this page is of Dudley (408) alone" in told.text
    assert "900" in told.text and checked.query(
        "select row_count from council.submissions.sub_files where submission_id like '408-cld-20250701%'"
    ) == [(900,)]
    earlier = read(report.write_report(checked.database, tmp_path, "409_CLD_20250401_20260331.csv"))
    assert (
        "made of the newest file of the council" in earlier.text and "Headline measures" not in earlier.tables
    )
    with pytest.raises(
        SystemExit, match="there is no submission 1.csv; known are .*409_CLD_20250401_20260331"
    ):
        report.write_report(checked.database, tmp_path, "1.csv")


@pytest.mark.usefixtures("its_settings")
def test_of_several_councils_none_is_guessed(checked, tmp_path, monkeypatch):
    database = tmp_path / checked.database.name
    shutil.copy(checked.database, database)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as council")
        connection.execute("update council.submissions.sub_files set la_code = '407' where la_code = '409'")
    with pytest.raises(SystemExit, match=r"files of 2 councils \(407, 408\) and none of .* \(409\)"):
        report.write_report(database, tmp_path / "report")
    with pytest.raises(fixlist.FixlistError, match=r"files of 2 councils \(407, 408\)"):
        fixlist.write_fixlist(database, tmp_path / "fixlist")
    assert [path.name for path in tmp_path.iterdir()] == [database.name]


def shown(value) -> str:
    return "[c]" if value is None else f"{value:,}"


def test_the_figures_of_the_page_are_those_of_the_tables(page, built):
    told = read(page)
    measures = built.query(
        'select measure, "group", numerator, denominator, outcome, marker from council.sharing.share_measures'
        " where measure in (select measure from council.dhsc.ascof_measures)"
    )
    assert len(measures) > 20
    rows = {tuple(row[:2]): row[2:] for row in told.of("Measures in percent")}
    for measure, group, numerator, denominator, outcome, marker in measures:
        expected = ["[c]"] * 3 if marker else [shown(value) for value in (numerator, denominator, outcome)]
        assert rows[measure, group] == expected, (measure, group)
    counted = built.query(
        "select event_type, count(*) from council.submissions.sub_rows where submission_id = '409-20260930-built'"
        " and event_type is not null group by event_type"
    )
    events = {row[2]: row[3] for row in told.of("Rows by type of event") if row[1] == "now"}
    assert len(counted) == 4 and all(events[name] == shown(count) for name, count in counted)
    rules = {row[0]: row[3] for row in told.of("Rules that are broken")}
    for rule, count in built.query(
        "select rule_id, breach_count from council.data_quality.dq_summary where origin = 'built' and breach_count > 0"
    ):
        assert rules.pop(rule) == (shown(count) if count >= 5 else "[c]"), rule
    assert rules == {}
    costs = {(row[0], row[1]): row[2:] for row in told.of("Average cost by service and age")}
    for service, band, *figures in built.query(
        "select service_type, working_age_band, people, average_cost_per_week from council.sharing.share_costs"
    ):
        assert costs[service, band] == [shown(figure) for figure in figures]
    waits = built.query(
        "select count(*) from council.sharing.share_measures where measure in (select metric from"
        " council.dhsc.waiting_times)"
    )[0][0]
    assert sum(len(told.of(name)) for name in told.tables if name.startswith("Wait time")) == waits > 10
    people = built.query(
        "select count(distinct la_person_unique_identifier) from council.submissions.sub_rows"
        " where submission_id = '409-20260930-built'"
    )[0][0]
    assert f"{people:,}" in told.text


def test_the_teams_have_what_the_findings_say(page, built):
    rows = {row[0]: row[1:] for row in read(page).of("Findings by team")}
    for team, count in built.query(
        "select teams.team_name, count(distinct finding) from council.data_quality.dq_findings"
        " inner join council.conformed.cnf_teams as teams using (team_id)"
        " where origin = 'built' and not accepted group by 1 having count(distinct finding) >= 10"
    ):
        assert rows[team][0] == str(count)


def test_published_figures_stand_beside_ours(page):
    rows = {row[0]: row[2:] for row in read(page).of("Headline measures")}
    assert rows["2A"][2:] == ["56.3", "68.5", "77.1"]
    assert rows["2B"][2:] == ["16.4", "none", "17.0"] and rows["3D 1b"][2:] == ["none"] * 3
    told = read(page)
    assert ["Sandwell", "4,005"] in [
        [row[0], row[2]] for row in told.of("Long-term support on the last day, as published")
    ]
    assert "5,225 published for the 12 months to 31 March 2026" in told.text


EARLIER = (
    """insert into submissions.sub_files by name
        select * replace ('earlier' as submission_id, 'supplied' as origin, 'earlier.csv' as file_name,
            date '2026-07-20' as imported_at, date '2026-06-30' as stated_period_end) from submissions.sub_files""",
    # Last time, all of DAT-15 but none of MAN-04 was found, and twice as many of MAN-32.
    """insert into data_quality.dq_findings by name
        select * replace ('earlier' as submission_id, 'supplied' as origin, null as team_id)
        from data_quality.dq_findings where rule_id = 'DAT-15'""",
    """insert into data_quality.dq_summary by name
        select * replace ('earlier' as submission_id, 'supplied' as origin, 0 as accepted_count,
            case rule_id when 'DAT-15' then breach_count when 'MAN-32' then 30 else 0 end as breach_count)
        from data_quality.dq_summary""",
)


def test_what_got_worse_and_whom_to_call_stands_on_top(changed, built):
    html = changed(*EARLIER)
    told = Page(html)
    on_top = told.text[told.text.index("In a minute", told.text.index("What DHSC will drop")) :][:1500]
    assert "Got worse since earlier.csv (20 July 2026)" in " ".join(on_top.split())
    assert "MAN-04 (error)" in on_top and "28, was 0" in on_top
    assert "EXT-0" not in on_top and "DAT-15" not in on_top.split("Call first")[0].split("Got better")[0]
    [(team, count, of_extracts)] = built.query(
        "select team_name, count(distinct finding), count(distinct finding) filter (rule_id like 'EXT-%')"
        " from council.data_quality.dq_findings inner join council.conformed.cnf_teams using (team_id)"
        " where rule_id <> 'DAT-15' or rule_id like 'EXT-%' group by 1"
        " order by count(distinct finding) filter (rule_id not like 'EXT-%') desc, 1 limit 1"
    )
    first = on_top.split("Call first")[1].split("to mend")[0]
    assert team in first and count > of_extracts
    changes = {row[0]: row[3:6] for row in told.of("Rules that are broken")}
    assert changes["MAN-04"] == ["28", "0", "+28"] and changes["DAT-15"] == ["5", "5", "no change"]
    assert changes["MAN-32"] == ["[c]", "30", "[c]"] and changes["EXT-02"][1:] == ["none", "not compared"]


def test_last_time_is_shown_where_it_was_computed_and_not_where_it_was_small(changed):
    html = changed(
        """update dhsc.dhsc_measure_movement set is_compared = true, previous_outcome = 51.2,
            previous_numerator = case measure when '2A' then 4 else 40 end, previous_denominator = 60"""
    )
    rows = {row[0]: row[3] for row in Page(html).of("Headline measures")}
    assert rows["2E 18-64"] == "51.2" and rows["2A"] == "none" and rows["2B"] == "none"


def test_nobody_is_in_the_page_and_no_small_count(page, built):
    identifiers = leak_search.Identifiers.of(open_database(built.database))
    assert leak_search.search(identifiers, [page.parent]).findings == []
    told = read(page)
    cells = [cell for rows in told.tables.values() for row in rows for cell in row]
    assert len(cells) > 400 and not {"1", "2", "3", "4"} & set(cells) and "[c]" in cells


def test_every_chart_has_its_table_and_a_text_and_nothing_is_fetched(page):
    html = page.read_text(encoding="utf-8")
    told = Page(html)
    tags = [tag for tag, _ in told.elements]
    assert not set(tags) & {"script", "img", "iframe", "link", "object", "embed", "form"}
    assert "url(" not in html and "@import" not in html and len(html) < 1_000_000
    for tag, attributes in told.elements:
        assert not attributes.get("href", "#").strip("#").startswith(("http", "/")), attributes
        if tag == "svg":
            assert attributes["role"] == "img" and attributes["aria-label"].count(":") > 2
        if tag == "th":
            assert attributes["scope"] in ("row", "col")
    # Of one submission there is no trend of findings to draw.
    assert tags.count("svg") == 9 and tags.count("figure") == 10
    assert "There is nothing to draw: a trend needs two submissions." in told.text
    assert tags.count("table") == len(re.findall("<caption>", html)) == 15
    assert tags.count("main") == tags.count("h1") == 1 and 'lang="en-GB"' in html


def test_the_page_is_the_same_twice_and_private(page, built, tmp_path):
    again = report.write_report(built.database, tmp_path / "again")
    assert again.read_bytes() == page.read_bytes()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600 and stat.S_IMODE(page.parent.stat().st_mode) == 0o700


def test_what_is_missing_is_said(changed):
    text = Page(
        changed(
            "drop table governance.gov_run",
            "drop table sharing.share_measures",
            "delete from sharing.share_costs",
            "drop table dhsc.dhsc_dropped_rows",
            "delete from dhsc.dhsc_periods",
        )
    ).text
    for said in (
        "The database does not say which run made it",
        "There is no earlier submission in the folder",
        "There is one submission only, so there is no trend to show",
        "Call first (these have most to mend):",
        "The database holds no measures",
        "Whether DHSC will take the file is not known",
        "Which rows DHSC will drop is not known",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    "held_back",
    [
        ["delete from sharing.share_measures"],
        # The run did not come to what is shared: there it is of a run before, or was never made.
        [
            """comment on table governance.gov_run is '["sharing.share_measures", "sharing.share_costs"]'""",
            "update data_quality.dq_gate set is_good = false",
        ],
        ["drop table sharing.share_measures", "update data_quality.dq_gate set is_good = false"],
    ],
)
def test_a_return_that_is_held_back_shows_no_measures(changed, held_back):
    told = Page(changed(*held_back))
    assert "No figures may be shown: the checks hold this return back" in told.text
    assert "Headline measures" not in told.tables


def test_files_of_one_period_are_never_one_bar_or_one_point(changed):
    html = changed(*EARLIER, "update submissions.sub_files set stated_period_end = date '2026-09-30'")
    told = Page(html)
    assert {row[1] for row in told.of("Findings by severity")} == {"last time", "now"}
    assert "30 Sep 2026 last time, error" in html and "30 Sep 2026 now, error" in html
    assert "Last time is earlier.csv, sent on 20 July 2026, of the same period." in " ".join(
        told.text.split()
    )


def test_a_service_without_a_type_is_a_bar_of_its_own(changed):
    html = changed("update dhsc.costs set service_type = null where service_type like 'Long%Nursing%'")
    assert "Not recorded" in html


def test_of_files_made_elsewhere_the_page_says_what_only_a_build_makes(changed):
    told = Page(
        changed(
            """update governance.gov_run set settings = json_merge_patch(settings, '{"include_built": "false"}')""",
            """comment on table governance.gov_run is '["cld.cld_events"]'""",
            "delete from data_quality.dq_gate",
            "update submissions.sub_files set origin = 'supplied'",
        )
    )
    assert "a file made elsewhere names no team" in told.text and "Findings by team" not in told.tables
    assert "made elsewhere and checked here" in told.text


def test_names_that_hold_markup_are_told_as_they_stand(changed):
    html = changed(
        """update specification.spec_councils set name = '<script>x</script> & "Co"' where cassr_code = '409'""",
        "update conformed.cnf_teams set team_name = '<i>' || team_name || '</i>|x'",
    )
    assert "<script" not in html and "<i>" not in html
    assert "Client Level Data of &lt;script&gt;x&lt;/script&gt; &amp; &#34;Co&#34;" in html
    assert "&lt;i&gt;Adult Front Door" in html


def test_a_database_without_submissions_is_refused(built, changed, tmp_path):
    with pytest.raises(SystemExit, match="holds no submission"):
        changed("delete from submissions.sub_files")
    with pytest.raises(SystemExit, match="There is no database"):
        report.write_report(tmp_path / "none.duckdb", tmp_path / "report")
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([10, 0, 7], [10, 0, 7]),
        ([10, 3, 7], [10, None, None]),  # alone it would be the rest of the total
        ([10, 3, 4], [10, None, None]),
        ([10, 1, 1, 7], [10, None, None, None]),  # two hidden alone would be one each
        ([3], [None]),
        ([], []),
    ],
)
def test_small_counts_are_hidden_with_one_more_where_one_would_be_given_away(counts, told):
    rows = [{"people": count} for count in counts]
    report.hide_small(rows, "people", 5)
    assert [row["people"] for row in rows] == told


def test_no_small_count_of_findings_can_be_worked_out():
    """The reader takes what is told from every total the page shows: of all, of a severity, of a group, of a team."""
    dice, least = random.Random(20261128), 5
    hidden_at_all = 0
    for _ in range(300):
        rules = [
            {
                "rule_id": f"{group}-{number:02}",
                "rule_group": group,
                "severity": dice.choice(("error", "warning", "info")),
                "findings": dice.choice((0, 1, 2, 4, 5, 7, 30)),
                "previous_findings": None if group == "EXT" else dice.choice((0, 1, 3, 5, 40)),
            }
            for group in dice.sample(("MAN", "DAT", "LST", "SRV", "EXT"), dice.randint(1, 5))
            for number in range(dice.randint(1, 4))
        ]
        listed = [rule for rule in rules if rule["rule_group"] == "LST"]
        if listed:
            rules.append(
                {"rule_id": "FIL-13", "rule_group": "FIL", "severity": "error"}
                | {name: sum(rule[name] for rule in listed) for name in report.COUNTS}
            )
        report.hide_in_rules(rules, least)
        groups = {group["rule_group"]: group for group in report.rule_groups(rules)}
        comparable = [rule for rule in rules if rule["rule_group"] != "EXT"]
        for count in report.COUNTS:
            hidden_lists = [rule for rule in listed if rule.get(f"{count}_hidden")]
            if listed and (hidden_lists or rules[-1].get(f"{count}_hidden")):
                # Either sum and lists are both unknown, or the lists that are hidden are no small count together.
                rest = sum(rule[f"{count}_counted"] for rule in hidden_lists)
                assert hidden_lists and (
                    rules[-1].get(f"{count}_hidden") or (len(hidden_lists) > 1 and rest >= least)
                )
            totals = [(rules, None), (comparable, None)]
            totals += [
                ([rule for rule in some if rule["severity"] == severity], None)
                for some in (rules, comparable)
                for severity in ("error", "warning", "info")
            ]
            totals += [
                ([rule for rule in rules if rule["rule_group"] == name], group)
                for name, group in groups.items()
            ]
            for parts, group in totals:
                hidden = [rule for rule in parts if rule.get(f"{count}_hidden")]
                rest = sum(rule[f"{count}_counted"] for rule in hidden)
                told = [rule for rule in parts if rule[count]]
                hidden_at_all += len(hidden)
                if group is not None:
                    assert not hidden or group[count] is None
                elif hidden and told:
                    assert len(hidden) > 1 and rest >= least, (count, parts)
                assert all(rule[count] >= least for rule in told)
    assert hidden_at_all > 1000


def test_no_small_rest_of_a_team_can_be_worked_out():
    teams = [
        {"team": "A", "findings": 30, "errors": 28, "comparable": 30, "previous_findings": 9},
        {"team": "B", "findings": 20, "errors": 20, "comparable": 17, "previous_findings": 2},
        {"team": "C", "findings": 12, "errors": 6, "comparable": 12, "previous_findings": 30},
    ]
    report.hide_in_teams(teams, 5)
    told = {team["team"]: [team[name] for name in ("findings", "errors", "comparable")] for team in teams}
    assert told == {"A": [30, None, 30], "B": [20, 20, None], "C": [12, None, None]}
    assert [team["previous_findings"] for team in teams] == [None, None, 30]


@pytest.mark.parametrize(("last", "now"), [(8, 8), (8, 5), (8, 4), (7, 8), (8, 9)])
def test_beside_a_hidden_part_no_change_is_told(last, now):
    """Of 9, one that cannot be compared is hidden and so is the rest: "no change" since 8, or "more" than 7, tells both."""
    teams = [{"team": "A", "findings": 9, "errors": 9, "comparable": now, "previous_findings": last}]
    report.hide_in_teams(teams, 5)
    [team] = teams
    if now == 9:
        assert (team["comparable"], team["went"], team["change"]) == (9, "up", 1)
    else:
        assert (team["comparable"], team["went"], team["change"]) == (None, "hidden", None)


@pytest.mark.parametrize(("before", "said"), [(0, "up"), (4, "hidden"), (7, "hidden")])
def test_of_a_hidden_count_of_a_rule_no_more_is_said_than_that_it_is_up(before, said):
    rules = [
        {"rule_id": name, "severity": "error", "findings": now, "previous_findings": last}
        for name, now, last in (("A", 4, before), ("B", 4, before), ("C", 30, 20))
    ]
    report.hide_in_rules(rules, 5)
    assert [(rule["went"], rule["change"]) for rule in rules] == [(said, None), (said, None), ("up", 10)]


def test_what_stands_in_a_cell_by_mistake_is_no_name_on_the_page(changed):
    """A person where a team or a type of event should be: counted, not shown."""
    html = changed(
        "update data_quality.dq_findings set team_id = 'Testina Exampleton' where team_id = 'T06'",
        "update cld.cld_events set team_id = '9990001006' where team_id = 'T01'",
        "update submissions.sub_rows set event_type = 'Mr Exampleton, 3 Elm Road' where row_number < 40",
        "update submissions.sub_rows set event_type = ' request' where row_number between 40 and 60",
    )
    assert not re.search("Exampleton|9990001006|Elm Road", html)
    told = Page(html)
    assert "Teams that are in no list" in [row[0] for row in told.of("Findings by team")]
    rows = [row for row in told.of("Rows by type of event") if "Not in the list" in row]
    assert rows and not any(" request" in row for row in told.of("Rows by type of event"))


def test_a_chart_with_nothing_to_show_is_none():
    assert charts.bars([], "Title", "people") is None
    assert charts.lines([{"label": "a", "value": None, "series": "b"}], "Title", "people", ["b"]) is None


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_the_page_opens_in_a_browser_without_a_network(page, tmp_path):
    text, asked = opened_in_browser(page, tmp_path)
    assert "What DHSC will drop" in text and asked == []


@pytest.mark.usefixtures("its_settings")
def test_a_reader_with_any_screen_can_read_it(reader, page, checked, tmp_path):
    """Of one submission, and of a file with one before it."""
    for one in (page, report.write_report(checked.database, tmp_path)):
        seen = reader.looks_at(one)
        assert seen.findings == [] and seen.too_wide == {}, one


def test_the_reader_sees_what_is_wrong(reader, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        '<!doctype html><html><head><title>x</title></head><body><main><h1>x</h1><p style="color:#bbb">faint</p>'
        '<img src="x.png"><details><summary>more</summary><div style="width:700px">wide</div></details></main>',
        encoding="utf-8",
    )
    seen = reader.looks_at(page)
    assert {rule for rule, *_ in seen.serious} == {"color-contrast", "image-alt", "html-has-lang"}
    assert list(seen.too_wide) == [390]
