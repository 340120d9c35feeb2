"""The audit pack: answers in plain words, nothing fetched, nobody named; and what is kept private."""

from __future__ import annotations

import csv
import shutil
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import CHROMIUM, dbt, opened_in_browser
from dbt_common.exceptions import DbtRuntimeError

from asc_cld import audit_pack, leak_search, retention, subject_access
from asc_cld.database import open_database
from asc_cld.private_files import check_encryption

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
        sha256, f"{rows:,}", audit_pack.day_in_words(sent), "In short", "nobody named", "Directions of the Secretary of State", "Arden &amp; GEM", "MAN-04",
        "cld.cld_events", "person.forename", "no opt-out",
    ):
        assert said in html, said
    for reason, in built.query("select distinct reason_code from council.cld.cld_exclusions"):
        assert reason in html
    with (page.parent / "fields.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 50


def test_nobody_is_named_in_the_pack(page, built):
    identifiers = leak_search.Identifiers.of(open_database(built.database))
    assert leak_search.search_files(identifiers, [page.parent]) == []


def test_the_pack_is_the_same_twice_and_private(page, built, tmp_path):
    again = audit_pack.write_pack(built.database, tmp_path / "again")
    assert again.read_bytes() == page.read_bytes()
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in page.parent.iterdir())


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_the_page_opens_in_a_browser_without_a_network(page, tmp_path):
    text, asked = opened_in_browser(page, tmp_path)
    assert "Who signed" in text and asked == []


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_page_that_asks_the_network_is_caught(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p>Who signed</p><img src="http://example.org/x.png">')
    assert opened_in_browser(page, tmp_path)[1] != []


def test_no_return_no_pack(tmp_path):
    with pytest.raises(SystemExit, match="no such database"):
        audit_pack.write_pack(tmp_path / "none.duckdb", tmp_path / "audit")


def test_everything_on_disk_is_private(built):
    for path in [built.database, *built.output.iterdir()]:
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    spill = Path(f"{built.database}.spill")
    assert not spill.exists() or (stat.S_IMODE(spill.stat().st_mode) == 0o700 and not list(spill.iterdir()))


def test_encryption_that_the_engine_cannot_write_is_said_clearly(tmp_path):
    run = dbt(tmp_path, "seed", "--target", "encrypted")
    assert run.exit_code != 0 and "set DBT_ENV_SECRET_CLD_DATABASE_KEY" in run.printed
    with pytest.raises(DbtRuntimeError, match="cannot write one: it needs the httpfs"):
        check_encryption()


@pytest.fixture
def copied(built, tmp_path):
    """A copy of the database and of what was written, to purge."""
    shutil.copy(built.database, tmp_path / "council.duckdb")
    shutil.copytree(built.output, tmp_path / "output")
    return tmp_path


def purge(folder, *more):
    return retention.main([
        "--database", str(folder / "council.duckdb"), "--output", str(folder / "output"), "--work-folders",
        "--days", "30", *more,
    ])


def test_retention_purges_people_and_keeps_manifests(built, copied):
    surname = built.query("select surname from council.extracts.person where length(surname) > 6 limit 1")[0][0]
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
    schemas = {name for name, in connection.execute(
        "select distinct schema_name from duckdb_tables() where database_name = 'council'"
    ).fetchall()}
    assert schemas == {"specification", "mappings", "reference", "governance"}


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
        "extracts", "conformed", "cld", "submissions", "data_quality", "dhsc",
    }
    # Rows that carry no identifier of the person are found by their record key.
    assert {"extracts.rate", "cld.cld_row_sources"} <= found
    with (tmp_path / "reply" / "submissions.sub_rows.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["la_person_unique_identifier"] for row in csv.DictReader(stream)} == {person}
    assert subject_access.main(["--person", "nobody", "--database", str(built.database)]) == 1
