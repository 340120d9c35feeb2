"""The audit pack: answers in plain words, nothing fetched, nobody named; and what is kept private."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import stat
import subprocess
import unicodedata
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from conftest import CHROMIUM, PROJECT, opened_in_browser
from dbt_common.exceptions import DbtRuntimeError
from dbt_runs import PSEUDONYM_KEY
from markupsafe import escape
from pypdf import PdfReader
from rich.console import Console

from asc_cld import audit_pack, disk_encryption, leak_search, retention, sent, subject_access
from asc_cld.database import open_database
from asc_cld.landing import command
from asc_cld.plugins import private_files
from asc_cld.plugins.private_files import check_encryption
from asc_cld.return_file import sha256_of


@pytest.fixture(scope="module")
def built(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed
    return demo_build


@pytest.fixture(scope="module")
def page(built, tmp_path_factory):
    return audit_pack.write_pack(built.database, tmp_path_factory.mktemp("pack") / "audit")


class References(HTMLParser):
    """Everything a page could fetch."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.tags = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.found += [value for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]


def test_the_page_fetches_nothing(page):
    html = page.read_text(encoding="utf-8")
    references = References()
    references.feed(html)
    for reference in references.found:
        assert reference.startswith("#") or (page.parent / reference).is_file(), reference
    assert not references.tags & {"script", "img", "iframe", "link", "object", "embed", "form"}
    assert "url(" not in html and "@import" not in html


def test_the_page_answers_the_auditor(page, built):
    html = page.read_text(encoding="utf-8")
    sha256, rows, sent = built.query(
        "select sha256, row_count, submission_date from council.governance.gov_manifest"
    )[0]
    for said in (
        sha256,
        f"{rows:,}",
        audit_pack.day_in_words(sent),
        "In short",
        "nobody named",
        "Directions of the Secretary of State",
        "Arden &amp; GEM",
        "MAN-04",
        "cld.cld_events",
        "person.forename",
        "no opt-out",
    ):
        assert said in html, said
    for (reason,) in built.query("select distinct reason_code from council.cld.cld_exclusions"):
        assert reason in html
    with (page.parent / "fields.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 50


def test_nobody_is_named_in_the_pack(page, built):
    identifiers = leak_search.Identifiers.of(open_database(built.database))
    assert leak_search.search(identifiers, [page.parent]).findings == []


def test_the_pack_asks_the_council_to_settle_what_is_open(page):
    html = page.read_text(encoding="utf-8")
    assert "For the council to settle" in html and "8 questions are open" in html
    assert "None of the three recipients, the DSCRO included, sees identifiable data" in html
    for said in ("19/09/2017", "Regulation 32 of the National Institute", "clinical commissioning groups"):
        assert said in html, said
    with (page.parent / "open_questions.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 8


@pytest.mark.parametrize("form", ["{nhs}", "{first} {last} asked", "see {nhs3}"])
def test_a_reason_that_names_somebody_keeps_the_pack_back_and_is_not_repeated(built, copied, form):
    nhs, first, last = built.query(
        "select nhs_number, first_name, last_name from council.submissions.sub_rows where nhs_number is not null"
        " and length(first_name) > 3 and nhs_number > '9990000500' order by row_id limit 1"
    )[0]
    reason = form.format(nhs=nhs, first=first, last=last, nhs3=f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}")
    with duckdb.connect(str(copied / "council.duckdb")) as connection:
        connection.execute(
            "insert into council.reference.accepted_exceptions (rule_id, scope_column, reason, owner, approved_by)"
            " values ('MAN-06', 'rule', ?, 'a', 'b')",
            [reason],
        )
    with pytest.raises(SystemExit) as stopped:
        audit_pack.write_pack(copied / "council.duckdb", copied / "audit")
    said = str(stopped.value)
    assert "accepted_exceptions.reason" in said and "no pack was written" in said
    assert nhs not in said and last not in said and not (copied / "audit" / "index.html").exists()


def test_the_pack_is_the_same_twice_and_private(page, built, tmp_path):
    again = audit_pack.write_pack(built.database, tmp_path / "again")
    assert again.read_bytes() == page.read_bytes()
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in page.parent.iterdir())


def test_a_reader_with_any_screen_can_read_it(reader, page):
    seen = reader.looks_at(page)
    assert seen.findings == [] and seen.too_wide == {}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_the_page_opens_in_a_browser_without_a_network(page, tmp_path):
    text, asked = opened_in_browser(page, tmp_path)
    assert "Who signed" in text and asked == []


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_page_that_asks_the_network_is_caught(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p>Who signed</p><img src="http://example.org/x.png">')
    assert opened_in_browser(page, tmp_path)[1] != []


def test_every_table_says_what_it_is_and_heads_its_columns(page):
    html = page.read_text(encoding="utf-8")
    assert html.count("<table>") == html.count("<caption>") and "<caption></caption>" not in html
    assert html.count("<table>") == html.count('tabindex="0"') >= 8
    assert not re.search(r"<th(?! scope=)[ >]", html)
    assert html.count("<main>") == html.count("</main>") == 1


def test_the_record_of_processing_stands_section_by_section(page, built):
    html = page.read_text(encoding="utf-8")
    headings = {"Purpose": "Purposes", "Legal basis": "Legal bases", "Recipient": "Recipients"}
    headings["Activity"] = "The activity itself"
    rows = built.query(
        "select section, item_text from council.governance.gov_processing_record"
        " where section <> 'Open question'"
    )
    assert {section for section, _ in rows} == set(headings)
    for section, text in rows:
        part = html.split(f"<h3>{headings[section]}</h3>")[1].split("<h3")[0]
        assert str(escape(text)) in part, section


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_printing_opens_every_field(page, built, tmp_path):
    printed = tmp_path / "page.pdf"
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer"]
    subprocess.run(
        [*command, f"--print-to-pdf={printed}", page.as_uri()], capture_output=True, check=True, timeout=120
    )
    text = close_up("".join(sheet.extract_text() for sheet in PdfReader(printed).pages))
    fields = built.query("select header, definition from council.governance.gov_field_register")
    assert len(fields) == 50
    assert [header for header, definition in fields if close_up(definition) not in text] == []


def close_up(text):
    """Without spaces and joined letters: a printer breaks lines where it likes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_the_page_to_print_has_every_section_open(page):
    html = (page.parent / "print.html").read_text(encoding="utf-8")
    assert html.count("<details") == 50 == len(re.findall("<details[^>]* open>", html))
    assert " open>" not in page.read_text(encoding="utf-8")


def test_figures_have_words_and_units(page, built):
    html = page.read_text(encoding="utf-8")
    for query, said in (
        ("like '2A%' and \"group\" = 'Total'", "{}%"),
        ("= '2C'", "{} per 100,000"),
    ):
        outcome = built.query(
            f"select outcome from council.sharing.share_measures where measure {query} and marker is null"
        )[0][0]
        assert f"<td>{said.format(outcome)}</td>" in html
    assert "The proportion of people who received short-term services" in html and " days</td>" in html


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ({"outcome": 55.4, "unit": "%"}, "55.4%"),
        ({"outcome": 1056.6, "unit": "per 100,000"}, "1,056.6 per 100,000"),
        ({"outcome": 7.0, "unit": "days"}, "7 days"),
        ({"outcome": 0.0, "unit": "%"}, "0.0%"),
        ({"outcome": None, "unit": "%"}, "not known"),
        ({"outcome": 1.5, "unit": None}, "1.5"),
    ],
)
def test_an_outcome_in_words(measure, words):
    assert audit_pack.outcome_in_words(measure) == words


def test_the_page_says_what_changed_since_which_return(copied):
    with duckdb.connect(str(copied / "council.duckdb")) as connection:
        connection.execute("use submissions")
        (mine,) = connection.execute("select submission_id from sub_files where origin = 'built'").fetchone()
        connection.execute(
            "insert into sub_compared_files by name select '409' as la_code, $1 as submission_id, 'earlier' as"
            " previous_submission_id, date '2025-07-01' as previous_period_start,"
            " date '2026-06-30' as previous_period_end",
            [mine],
        )
        connection.execute(
            "insert into sub_changes by name select $1 as submission_id, 'earlier' as previous_submission_id,"
            " 'ended' as change from range(1234)",
            [mine],
        )
    html = audit_pack.write_pack(copied / "council.duckdb", copied / "audit").read_text(encoding="utf-8")
    assert "The last return before this one is earlier, for 1 July 2025 to 30 June 2026" in html
    assert '<td>ended</td><td></td><td class="n">1,234</td>' in html


def test_without_an_earlier_return_the_page_says_so(page):
    html = page.read_text(encoding="utf-8")
    assert "holds no earlier file of this council" in html and "There is no earlier submission" in html


def test_a_dated_field_names_the_records_it_comes_from(page, built):
    html = page.read_text(encoding="utf-8")
    sources = built.query(
        "select cld_field, list(distinct source_table || '.' || source_column)"
        " from council.conformed.cnf_person_history group by cld_field"
    )
    assert len(sources) == 11
    for field, records in sources:
        section = html.split(f"<b>{field}</b>", 1)[1].split("</details>", 1)[0]
        assert all(f"<li>{record}</li>" in section for record in records), field
        assert "the last day of the period" in section


def test_made_and_sent_are_told_apart(page, built, copied):
    assert "no upload of this file is recorded" in page.read_text(encoding="utf-8")
    record = {"format": sent.FORMAT, "sha256": sha256_of(built.return_file)}
    upload = {"sent_on": "2026-10-20", "sent_by": "A. <Officer>", "receipt": "R-17"}
    path = copied / "output" / f"first{sent.SENT_SUFFIX}"
    path.write_text(json.dumps(record | {"uploads": [upload]}), encoding="utf-8")
    given = (copied / "council.duckdb", copied / "audit", None, copied / "output")
    html = audit_pack.write_pack(*given).read_text(encoding="utf-8")
    assert "uploaded on 20 October 2026 by A. &lt;Officer&gt;, receipt R-17." in html
    assert "no upload of this file is recorded" not in html
    (nhs_number,) = built.query(
        "select nhs_number from council.cld.cld_events where nhs_number > '9990000500' order by 1 limit 1"
    )[0]
    for damaged, said in (
        (record | {"uploads": [upload | {"receipt": nhs_number}]}, "uploads.receipt"),
        (record, "first.sent.json"),
    ):
        path.write_text(json.dumps(damaged), encoding="utf-8")
        with pytest.raises(SystemExit) as stopped:
            audit_pack.write_pack(*given)
        assert said in str(stopped.value) and nhs_number not in str(stopped.value)


def test_the_page_says_why_not_everybody_is_shared(page, built):
    html = page.read_text(encoding="utf-8")
    rows = built.query("select people, people_shared, least_group from council.sharing.share_k_anonymity")
    assert rows
    for people, shared, least in rows:
        assert f"{shared:,} of {people:,} people are shared." in html
        assert f"fewer than {least} people would look the same" in html


def test_no_return_no_pack(tmp_path):
    with pytest.raises(SystemExit, match="There is no database"):
        audit_pack.write_pack(tmp_path / "none.duckdb", tmp_path / "audit")


def test_everything_on_disk_is_private(built):
    for path in [
        built.database,
        *built.output.iterdir(),
        *built.folder.glob("logs/*"),
        *built.folder.glob("target/*"),
    ]:
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for folder in ("output", "logs", "target"):
        assert stat.S_IMODE((built.folder / folder).stat().st_mode) == 0o700, folder
    spill = Path(f"{built.database}.spill")
    assert not spill.exists() or (stat.S_IMODE(spill.stat().st_mode) == 0o700 and not list(spill.iterdir()))


def test_encryption_that_the_engine_cannot_write_is_said_clearly(tmp_path, monkeypatch):
    """A real run with a key: nothing is built, the reason is said, the key is shown nowhere."""
    key = "an invented database key"
    monkeypatch.setenv("DBT_ENV_SECRET_CLD_DATABASE_KEY", key)
    credentials = SimpleNamespace(
        path=":memory:",
        attach=[SimpleNamespace(path=str(tmp_path / "council.duckdb"), options={"encryption_key": key})],
    )
    plugin = private_files.Plugin.__new__(private_files.Plugin)
    try:
        check_encryption()
    except DbtRuntimeError as error:
        assert "cannot write one: it needs the httpfs" in str(error) and key not in str(error)
        with pytest.raises(DbtRuntimeError, match="Nothing was built"):
            plugin.update_connection_config(credentials, {})
        assert not (tmp_path / "council.duckdb").exists()
    else:
        config = {}
        plugin.update_connection_config(credentials, config)
        assert config["temp_file_encryption"] == "true"
    credentials.attach[0].options["encryption_key"] = ""
    with pytest.raises(DbtRuntimeError, match="set DBT_ENV_SECRET_CLD_DATABASE_KEY"):
        plugin.update_connection_config(credentials, {})


MOUNTS = "/dev/mapper/home /home ext4 rw 0 0\n/dev/vda1 / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n"
LUKS = (
    '{"blockdevices": [{"name": "home", "type": "crypt", "fstype": "ext4", "children": [{"name": "vda2"}]}]}'
)
PLAIN = '{"blockdevices": [{"name": "vda1", "type": "part", "fstype": "ext4"}]}'


@pytest.mark.parametrize(
    ("system", "folder", "told", "state"),
    [
        ("Linux", "/home/x", LUKS, "encrypted"),
        ("Linux", "/srv", PLAIN, "not encrypted"),
        ("Linux", "/srv", None, "cannot tell"),
        ("Linux", "/srv", "no json", "cannot tell"),
        ("Linux", "/run/x", PLAIN, "cannot tell"),
        ("Darwin", "/x", "FileVault is On.", "encrypted"),
        ("Darwin", "/x", "FileVault is Off.", "not encrypted"),
        ("Darwin", "/x", None, "cannot tell"),
        ("Windows", "/x", "1\n", "encrypted"),
        ("Windows", "/x", "2\n", "not encrypted"),
        ("Windows", "/x", None, "cannot tell"),
        ("Plan 9", "/x", None, "cannot tell"),
    ],
)
def test_what_the_system_says_of_its_disk(system, folder, told, state, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda self: True)
    monkeypatch.setattr(Path, "resolve", lambda self: self)
    answer = disk_encryption.of_folder(Path(folder), system, lambda *command: told, MOUNTS)
    assert answer.state == state and answer.why


def test_the_disk_of_this_machine_is_judged(tmp_path):
    assert disk_encryption.of_folder(tmp_path / "not there yet").state in (
        "encrypted",
        "not encrypted",
        "cannot tell",
    )


@pytest.fixture
def copied(built, tmp_path):
    """A copy of the database and of what was written, to purge."""
    shutil.copy(built.database, tmp_path / "council.duckdb")
    shutil.copytree(built.output, tmp_path / "output")
    return tmp_path


def purge(folder, *more):
    return retention.main(
        [
            "--database",
            str(folder / "council.duckdb"),
            "--output",
            str(folder / "output"),
            "--work-folders",
            "--days",
            "30",
            *more,
        ]
    )


def test_a_text_of_the_pack_never_becomes_a_formula(copied):
    with duckdb.connect(str(copied / "council.duckdb")) as connection:
        connection.execute("use cld")
        connection.execute("update cld_exclusions set reason = '=HYPERLINK(1)' || chr(13) || '+SUM(1)'")
    page = audit_pack.write_pack(copied / "council.duckdb", copied / "audit")
    with (page.parent / "excluded.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["reason"] for row in csv.DictReader(stream)} == {"'=HYPERLINK(1)\r'+SUM(1)"}


def test_retention_purges_people_and_keeps_manifests(built, copied):
    surname = built.query("select surname from council.extracts.person where length(surname) > 6 limit 1")[0][
        0
    ]
    assert surname.encode() in (copied / "council.duckdb").read_bytes()
    purge(copied, "--as-of", "2000-01-01", "--delete")
    assert (copied / "output" / built.return_file.name).exists()
    purge(copied, "--as-of", "2999-01-01")
    assert (copied / "output" / built.return_file.name).exists()
    purge(copied, "--as-of", "2999-01-01", "--delete")
    left = list((copied / "output").iterdir())
    assert left and all(path.name.endswith(".manifest.json") for path in left)
    assert surname.encode() not in (copied / "council.duckdb").read_bytes()
    connection = open_database(copied / "council.duckdb")
    assert connection.execute("select count(*) from governance.gov_manifest").fetchall()[0][0] >= 1
    schemas = {
        name
        for (name,) in connection.execute(
            "select distinct schema_name from duckdb_tables() where database_name = 'council'"
        ).fetchall()
    }
    assert schemas == {"specification", "mappings", "reference", "governance"}


@pytest.mark.parametrize("own", ["council.yml", "maps", "extracts"])
@pytest.mark.parametrize("purged", ["--output", "--work-folders"])
def test_retention_deletes_nothing_where_the_council_keeps_its_own(
    tmp_path, capsys, monkeypatch, own, purged
):
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("CLD_")]:
        monkeypatch.delenv(variable)
    inside = tmp_path / "inside"
    for folder in ("maps", "extracts"):
        ((inside if own == folder else tmp_path) / folder).mkdir(parents=True)
    inside.mkdir(exist_ok=True)
    place = {name: (inside if own == name else tmp_path) / name for name in ("maps", "extracts")}
    council = (inside if own == "council.yml" else tmp_path) / "council.yml"
    text = f"la_code: 209\nmappings_path: {place['maps']}\nextracts_path: {place['extracts']}\n"
    council.write_text(text, encoding="utf-8")
    monkeypatch.setenv("CLD_COUNCIL", str(council))
    note = inside / "a note of the council.docx"
    note.write_text("kept")
    os.utime(note, (0, 0))
    other = {"--output": ["--work-folders"], "--work-folders": ["--output", "none"]}[purged]
    arguments = ["--database", "none.duckdb", "--days", "30", "--delete", *other, purged, "inside"]
    assert retention.main(arguments) == 1
    assert own in capsys.readouterr().err and note.exists()
    # The same folder without anything of the council's own is purged.
    monkeypatch.delenv("CLD_COUNCIL")
    council.unlink()
    assert retention.main(arguments) == 0
    assert not note.exists()


def test_retention_takes_results_and_landings_whole_and_nothing_that_is_not_ours(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    results, landed = tmp_path / "results", tmp_path / "landed"
    part = results / "councils" / "409" / ("0" * 20)
    (part / "dhsc").mkdir(parents=True)
    names = ("current.json", "results.duckdb", "results.duckdb.wal", f"{part}/dhsc/people.parquet")
    for name in (*names, "councils/409/a note.docx"):
        (results / name).write_text("{}")
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    shutil.copy(next((PROJECT / "data/demo/submissions").glob("409*.csv")), submissions)
    for folder in (landed, results / "landed"):
        command.land_cld_files(Console(quiet=True), submissions, folder, lists={}, is_sealed=False)
    (landed / "ours.xlsx").write_text("of the council")
    purged = ["--database", "none.duckdb", "--output", "none", "--work-folders", "--days", "30"]
    purged += ["--results", str(results), "--landed", str(landed)]
    assert retention.main([*purged, "--delete"]) == 0
    assert list(landed.rglob("*.parquet")) and (part / "dhsc" / "people.parquet").exists()
    capsys.readouterr()
    assert retention.main([*purged, "--as-of", "2999-01-01"]) == 0
    assert capsys.readouterr().out.count("would be deleted") == 3
    assert list(landed.rglob("*.parquet"))
    assert retention.main([*purged, "--as-of", "2999-01-01", "--delete"]) == 0
    assert [path.name for path in results.rglob("*") if path.is_file()] == ["a note.docx"]
    assert list(landed.rglob("*")) == [landed / "ours.xlsx"]
    # What holds none is a slip of whoever named it.
    assert retention.main([*purged, "--as-of", "2999-01-01", "--delete"]) == 1
    assert "results holds no results" in capsys.readouterr().err


def test_retention_keeps_an_old_part_of_results_that_are_new(tmp_path):
    results = tmp_path / "output" / "spark"
    results.mkdir(parents=True)
    for name in ("old.parquet", "current.json"):
        (results / name).write_text("{}")
    os.utime(results / "old.parquet", (0, 0))
    assert retention.old_files(tmp_path / "output", [], date(2000, 1, 1)) == []


def test_subject_access_finds_a_person_in_every_layer(built, tmp_path, capsys):
    person = built.query(
        "select la_person_unique_identifier from council.cld.cld_events where event_type = 'Service' order by 1 limit 1"
    )[0][0]
    code = subject_access.main(
        ["--person", person, "--database", str(built.database), "--folder", str(tmp_path / "reply")]
    )
    assert code == 0
    printed = capsys.readouterr().out
    found = {line.split(":")[0] for line in printed.splitlines()}
    assert {name.split(".")[0] for name in found} >= {
        "extracts",
        "conformed",
        "cld",
        "submissions",
        "data_quality",
        "dhsc",
    }
    # Rows that carry no identifier of the person are found by their record key.
    assert {"extracts.rate", "cld.cld_row_sources"} <= found
    assert person not in printed
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (tmp_path / "reply").iterdir())
    with (tmp_path / "reply" / "submissions.sub_rows.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["la_person_unique_identifier"] for row in csv.DictReader(stream)} == {person}
    assert subject_access.main(["--person", "nobody", "--database", str(built.database)]) == 1


def ask(person, database, capsys):
    code = subject_access.main(["--person", person, "--database", str(database)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_answer_is_in_the_return_left_out_or_not_known(built, copied, capsys, monkeypatch):
    monkeypatch.delenv("CLD_PSEUDONYM_KEY", raising=False)
    inside, nhs_number = built.query(
        "select la_person_unique_identifier, nhs_number from council.cld.cld_events"
        " where nhs_number is not null and la_person_unique_identifier in (select survivor_person_id"
        " from council.conformed.cnf_person_records where person_id <> survivor_person_id) order by 1 limit 1"
    )[0]
    code, said = ask(inside, built.database, capsys)
    assert code == 0 and "In the return: " in said and inside not in said
    assert "without CLD_PSEUDONYM_KEY its rows about this person cannot be told" in said
    # Asked for in another way, the answer is the same.
    asked = f" {nhs_number[:3]}-{nhs_number[3:6]}.{nhs_number[6:]} "
    assert ask(asked, built.database, capsys) == (code, said) == ask(inside.lower(), built.database, capsys)
    monkeypatch.setenv("CLD_PSEUDONYM_KEY", PSEUDONYM_KEY)
    counted = re.search(r"share_events: (\d+) rows under", ask(inside, built.database, capsys)[1])
    # As many for each of the three recipients.
    assert counted and int(counted[1]) % 3 == 0

    outside = built.query(
        "select person_id from council.extracts.contact where person_id not in (select person_id from"
        " council.conformed.cnf_person_records where survivor_person_id in"
        " (select la_person_unique_identifier from council.cld.cld_events)) order by person_id limit 1"
    )[0][0]
    code, said = ask(outside, built.database, capsys)
    assert code == 3 and "Not in the return: excluded because " in said
    assert ask("nobody", built.database, capsys)[0] == 1

    with duckdb.connect(str(copied / "council.duckdb")) as connection:
        connection.execute("drop table council.cld.cld_exclusions")
    code, said = ask(inside, copied / "council.duckdb", capsys)
    assert code == 2 and "Refused" in said and "cld.cld_exclusions" in said


def test_retention_leaves_no_bytes_of_anybody(built, copied):
    """No NHS number, identifier, surname or postcode in any byte of any file that is left."""
    identifiers = {
        value.encode()
        for query in (
            "select nhs_number from council.submissions.sub_rows",
            "select person_id from council.extracts.person",
            "select surname from council.extracts.person where length(surname) > 6",
            "select postcode from council.extracts.address where length(postcode) > 5",
        )
        for (value,) in built.query(query)
        if value
    }
    # What the project itself says in its lists.
    own = b"".join(path.read_bytes() for path in sorted((PROJECT / "seeds").rglob("*.csv")))
    identifiers = {value for value in identifiers if value not in own}
    # A value stands only where a run of such letters stands: a file of 100 MB has 8 of different ones.
    letters = bytes({letter for value in identifiers for letter in value})
    runs = re.compile(rb"[%s]{%d,}" % (re.escape(letters), min(map(len, identifiers))))

    def standing_in(content: bytes) -> int:
        different = b"\n".join(set(runs.findall(content)))
        return sum(value in different for value in identifiers)

    assert standing_in(b"\0" + next(iter(identifiers)) + b"\0") >= 1
    assert len(identifiers) > 3000 and standing_in((copied / "council.duckdb").read_bytes()) > 1000
    purge(copied, "--as-of", "2999-01-01", "--delete")
    left = [path for path in copied.rglob("*") if path.is_file()]
    assert copied / "council.duckdb" in left
    for path in left:
        assert standing_in(path.read_bytes()) == 0, path
        assert not any(value in str(path).encode() for value in identifiers)


def test_a_reply_holds_nobody_else_s_records(built, tmp_path):
    """Every contact, assessment, review and package in it, and every record named as left out, is the person's."""
    person, nhs_number = built.query(
        "select person_id, nhs_number from council.conformed.cnf_people where nhs_number is not null and person_id in"
        " (select person_id from council.cld.cld_rows where source_table = 'contact') order by person_id limit 1"
    )[0]
    asked = f"{nhs_number[:3]} {nhs_number[3:6]} {nhs_number[6:]}"
    command = ["--person", asked, "--database", str(built.database), "--folder", str(tmp_path / "reply")]
    assert subject_access.main(command) == 0
    records = {
        survivor
        for (survivor,) in built.query(
            f"select person_id from council.conformed.cnf_person_records where survivor_person_id = '{person}'"
        )
    }
    own = {
        (table, key)
        for table, name in (
            ("contact", "contact_id"),
            ("assessment", "assessment_id"),
            ("review", "review_id"),
        )
        for key, owner in built.query(f"select {name}, person_id from council.extracts.{table}")
        if owner in records
    }
    named = set()
    for file in (tmp_path / "reply").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row.get("source_table") in ("contact", "assessment", "review"):
                    named.add((row["source_table"], row["source_record_id"]))
                if file.stem in ("extracts.contact", "extracts.assessment", "extracts.review"):
                    assert row["person_id"] in records
    assert named and named <= own


def test_columns_of_people_are_known_by_their_names(built):
    """Subject access compares columns by name: every column that holds a person's id is among them."""
    connection = open_database(built.database)
    connection.execute(
        "create temp table temp.people as select distinct lower(person_id) as id from extracts.person"
    )
    missed = []
    for (schema, table), names in subject_access._text_columns(connection).items():
        for name in names:
            if not subject_access.holds_people(name) and name != subject_access.ANY_RECORD:
                if connection.execute(
                    f'select count(*) from {schema}."{table}" where lower("{name}") in (select id from temp.people)'
                ).fetchall()[0][0]:
                    missed.append(f"{schema}.{table}.{name}")
    assert missed == []
