"""The lineage page: the ways are those that somebody follows by hand, all is told, nothing is fetched."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
from collections import defaultdict
from html.parser import HTMLParser

import duckdb
import pytest
from conftest import CHROMIUM, opened_in_browser
from typer.testing import CliRunner

from asc_cld import audit_pack, leak_search, lineage_page
from asc_cld.command_line import app, dbt_run
from asc_cld.database import open_database


@pytest.fixture(scope="module")
def built(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed
    return demo_build


@pytest.fixture(scope="module")
def manifest(built):
    return json.loads((built.folder / "target" / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book(built, manifest):
    return lineage_page.Book(manifest, open_database(built.database))


@pytest.fixture(scope="module")
def html(book):
    return lineage_page.render(book)


def test_a_council_s_own_mappings_lead_to_the_same_page(built, manifest, html, tmp_path):
    """They lie in a schema of their own (mappings_path); the page tells of them as of the project's."""
    text = json.dumps(manifest).replace('\\"mappings\\"', '\\"council_mappings\\"')
    text = text.replace('"schema": "mappings"', '"schema": "council_mappings"')
    shutil.copy(built.database, tmp_path / built.database.name)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / built.database.name}' as council")
        connection.execute("create schema if not exists council.council_mappings")
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'council' and schema_name = 'mappings'"
        ).fetchall():
            connection.execute(
                f"create table council.council_mappings.{name} as from council.mappings.{name}"
            )
        connection.execute("drop schema council.mappings cascade")
    moved = lineage_page.Book(json.loads(text), open_database(tmp_path / built.database.name))
    names = {name for way in moved.field_ways.values() for name in way.lists}
    assert "council_mappings.map_codes" in names and "mappings.map_codes" not in names

    def parts(page):
        """What stands in each line; the arrows of a drawing and the lists are in the order of their names."""
        page = page.replace("council_mappings.", "mappings.")
        return [sorted(re.findall(r"<[^>]*>[^<]*", line) or [line]) for line in page.splitlines()]

    told = zip(parts(lineage_page.render(moved)), parts(html), strict=True)
    assert [pair for pair in told if pair[0] != pair[1]] == []


def test_dbt_s_own_folder_is_where_its_manifest_is_looked_for_and_the_page_lies(
    built, html, tmp_path, monkeypatch
):
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(built.folder / "target" / "manifest.json", tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DBT_TARGET_PATH", "elsewhere")
    assert lineage_page.main(["--database", str(built.database)]) == 0
    assert (tmp_path / "elsewhere" / "field_lineage.html").read_text(encoding="utf-8") == html
    assert not (tmp_path / "target").exists()


def ends(book, header):
    return {
        f"{relation.removeprefix('extracts.')}.{column}" for relation, column in book.field_ways[header].ends
    }


# Followed by hand through models/: the extract columns, the mappings, some models on the way.
FIELDS = {
    "Date of Birth": (
        {"person.date_of_birth", "person.birth_year", "person.birth_month", "person.birth_day"},
        set(),
        {"staging.stg_extracts__person", "conformed.cnf_people"},
    ),
    "Primary Support Reason": (
        {
            "person_classification.code",
            "person_classification.classification",
            "service_package.support_reason_code",
        },
        {"mappings.map_codes", "mappings.map_words"},
        {"conformed.cnf_person_history", "conformed.cnf_person_values", "cld.cld_person_details"},
    ),
    "Accommodation Status": (
        {"person_classification.code", "person_classification.classification"},
        {"mappings.map_codes", "mappings.map_words"},
        {"conformed.cnf_person_history", "conformed.cnf_person_values", "cld.cld_person_details"},
    ),
    "Unit Cost": (
        {"rate.amount", "rate.per_unit_code"},
        {"mappings.map_units"},
        {"conformed.cnf_rates", "conformed.cnf_service_rates", "conformed.cnf_service_costs", "cld.cld_rows"},
    ),
    "Event Outcome": (
        {
            "contact.outcome_code",
            "assessment.outcome_code",
            "review.outcome_code",
            "service_package.end_reason_code",
        },
        {"mappings.map_codes"},
        {"conformed.cnf_event_outcomes", "conformed.cnf_requests", "conformed.cnf_services"},
    ),
    "Service Type": (
        {"service_line.element_code", "service_package.package_type_code", "service_package.subject_role"},
        {"mappings.map_services", "mappings.map_words", "mappings.map_codes"},
        {"conformed.cnf_service_lines", "conformed.cnf_service_details", "conformed.cnf_services"},
    ),
    "GP Practice Code": ({"gp_registration.practice_code"}, set(), {"conformed.cnf_person_history"}),
    "Postcode": ({"address.postcode"}, set(), {"conformed.cnf_person_history"}),
    "Adult 1 Linked Person_ID": (
        {"relationship.related_person_id", "person.person_id"},
        set(),
        {"conformed.cnf_carer_links", "cld.cld_carer_details"},
    ),
}


@pytest.mark.parametrize("header", FIELDS)
def test_a_field_rests_on_what_somebody_finds_by_hand(book, header):
    columns, mappings, models = FIELDS[header]
    way = book.field_ways[header]
    assert ends(book, header) == columns
    assert {name for name in way.lists if name.startswith("mappings.")} == mappings
    assert models <= way.columns.keys()


# A setting, and a word that the kind of record decides.
FROM_NO_CELL = {"LA Code", "Reporting Period Start Date", "Reporting Period End Date", "Event Type"}


def test_every_field_reaches_an_extract_or_says_why_not(book, html):
    assert {header for header in book.field_ways if not ends(book, header)} == FROM_NO_CELL
    assert html.count("taken from no cell of an extract") == len(FROM_NO_CELL)


def test_what_the_specification_says_of_a_field_is_on_its_way(book):
    """Declared columns that are not met only decide; each is named here with why."""
    only_decide = {
        (
            "client_type",
            "relationship.is_unpaid_carer",
        ): "a carer known by association has a row of their own",
        ("has_unpaid_carer", "relationship.is_unpaid_carer"): "chooses the links",
        ("event_outcome", "person.date_of_death"): "a death decides the outcome",
        ("event_type", "contact.contact_type_code"): "whether it is a request",
        ("event_type", "assessment.assessment_type_code"): "whether it is an assessment",
        ("event_type", "review.review_id"): "there is a review",
        ("event_type", "service_line.line_id"): "there is a service",
    }
    headers = {row["snake_name"]: row["header"] for row in book.rows["fields"]}
    missing = {
        (row["snake_name"], f"{row['source_table']}.{row['source_column']}")
        for row in book.rows["sources"]
        if row["source_column"]
        and f"{row['source_table']}.{row['source_column']}" not in ends(book, headers[row["snake_name"]])
    }
    assert missing == only_decide.keys()


PERSON = {"NHS Number", "LA Person Unique Identifier", "Date of Birth"}
SERVICES = PERSON | {"Client Type", "Service Type", "Event Start Date", "Event End Date", "Date of Death"}
# What DHSC's method looks at, from its published description; without its choice among rows.
MEASURES = {
    "2A": SERVICES | {"Service Component", "Event Outcome", "Event Type"},
    "2B": SERVICES | {"Service Component", "Event Outcome", "Event Type"},
    "2C": SERVICES | {"Service Component", "Event Outcome", "Event Type"},
    "2E 18-64": SERVICES | {"Event Type", "Accommodation Status", "Gender", "Service Component"},
    "2E 65+": SERVICES | {"Event Type", "Accommodation Status", "Gender", "Service Component"},
    "2E LD": SERVICES
    | {"Event Type", "Accommodation Status", "Gender", "Service Component", "Primary Support Reason"},
    "3D 1a": SERVICES | {"Service Component", "Delivery Mechanism"},
    "3D 2a": SERVICES | {"Service Component", "Delivery Mechanism"},
    "3D 1b": SERVICES | {"Service Component", "Delivery Mechanism", "Event Type", "Event Outcome"},
    "3D 2b": SERVICES | {"Service Component", "Delivery Mechanism", "Event Type", "Event Outcome"},
}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_rests_on_the_fields_that_its_method_uses(book, measure):
    assert set(book.fields_of(book.measure_ways[measure])) == MEASURES[measure]


def test_every_measure_has_a_way(book):
    assert book.measure_ways.keys() - MEASURES.keys() == {"Waiting times", "Cost per week"}
    assert {"Event Start Date", "Event Type", "Service Type"} <= set(
        book.fields_of(book.measure_ways["Waiting times"])
    )
    assert {"Unit Cost", "Cost Frequency (Unit Type)", "Planned units per week"} <= set(
        book.fields_of(book.measure_ways["Cost per week"])
    )


def test_an_extract_column_is_followed_forwards(book):
    found = {
        f"{row['table_name']}.{row['column_name']}": row for row in lineage_page.contents(book)["extracts"]
    }
    assert len(found) == 132
    assert found["person.date_of_birth"]["fields"] == ["Date of Birth", "No. of adults being cared for"]
    assert found["rate.amount"]["fields"] == ["Unit Cost"]
    assert "Service Type" in found["service_package.package_type_code"]["fields"]
    assert set(found["service_line.element_code"]["fields"]) == {"Service Type", "Service Component"}
    assert "2A" in found["service_line.element_code"]["measures"]
    assert [step["name"] for step in found["rate.amount"]["steps"]][:3] == [
        "rate",
        "stg_extracts__rate",
        "cnf_rates",
    ]
    # What only decides is said to, and by whom.
    assert found["contact.status"]["fields"] == []
    assert "cnf_requests" in [reader["name"] for reader in found["contact.status"]["readers"]]


def test_another_sql_makes_another_way(book, manifest, built):
    """Broken once: an outcome that is taken from the route, and a mapping that is passed by."""
    other = copy.deepcopy(manifest)
    node = other["nodes"]["model.asc_cld.cnf_requests"]
    before = node["compiled_code"]
    node["compiled_code"] = before.replace(
        "    outcomes.event_outcome,", "    dated.route_code as event_outcome,"
    )
    assert node["compiled_code"] != before
    changed = lineage_page.Book(other, open_database(built.database))
    assert "contact.route_code" in ends(changed, "Event Outcome")
    assert "contact.route_code" not in ends(book, "Event Outcome")


class Page(HTMLParser):
    """What stands in a page: tags, addresses, what could be fetched, and what has no name."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.fetched, self.headings = [], [], [], []
        self.counts = defaultdict(int)
        self.language = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.counts[tag] += 1
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag == "html":
            self.language = given.get("lang")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.fetched += [
            given[name] for name in ("src", "action", "data", "srcset", "background") if name in given
        ]
        if tag in ("link", "img", "iframe", "object", "embed", "base"):
            self.fetched.append(tag)
        if tag == "svg":
            assert given["role"] == "img" and given["aria-label"]
        if tag == "th":
            assert given["scope"] in ("col", "row")


@pytest.fixture(scope="module")
def page(html):
    parsed = Page()
    parsed.feed(html)
    return parsed


def test_the_page_fetches_nothing_and_every_link_leads_somewhere(page, html):
    assert page.fetched == []
    assert set(page.links) <= {f"#{name}" for name in page.ids}
    assert len(page.ids) == len(set(page.ids))
    assert "@import" not in html and not re.search(r"url\((?!#tip-)", html)
    assert not re.search(r"https?://", html.replace("http://www.w3.org/2000/svg", ""))
    assert "default-src 'none'" in html
    assert len(html) < 4_000_000


def test_the_page_has_its_parts_in_order(page, html):
    assert page.language == "en-GB" and page.counts["main"] == page.counts["h1"] == page.counts["title"] == 1
    assert all(later - before <= 1 for before, later in zip(page.headings, page.headings[1:]))
    # A drawing each, but of what only decides.
    assert (
        page.counts["svg"]
        == page.counts["details"] - html.count("<p>No cell of the file is made of it")
        > 120
    )
    for name in ("field=date_of_birth", "column=person.date_of_birth", "measure=2A", "measure=3D-1a"):
        assert name in page.ids
    for said in ("Sandwell", "1 October 2025 to 30 September 2026", "Arden &amp; GEM", "MAN-06", "map_codes"):
        assert said in html
    # No sentence of a model is cut.
    for word in (
        "One row is one event or package with an outcome recorded: of several outcomes in one cell the first",
    ):
        assert word in html


def test_nobody_is_named_on_the_page(built, html, tmp_path):
    file = tmp_path / "field_lineage.html"
    file.write_text(html, encoding="utf-8")
    identifiers = leak_search.Identifiers.of(open_database(built.database))
    assert leak_search.search(identifiers, [file]).findings == []


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_opens_what_the_address_names_and_asks_the_network_for_nothing(html, tmp_path):
    file = tmp_path / "field_lineage.html"
    # The script alone filters: it writes what it found into the status.
    file.write_text(
        html.replace('id="find" type="search"', 'id="find" type="search" value="birth"'), encoding="utf-8"
    )
    shown, asked = opened_in_browser(file, tmp_path)
    assert asked == []
    found = re.search(r'id="found" role="status">(\d+) entries fit', shown)
    assert found and 4 < int(found.group(1)) < 60
    assert (
        shown.count("<details") == 194
        and "<details hidden" not in shown.split('id="field=date_of_birth"')[0][-600:]
    )


# One entry of each kind; all 194 are made by the same three loops, and take axe-core 40 seconds.
LOOKED_AT = (
    "field=client_type",
    "field=event_type",
    "field=unit_cost",
    "column=service_line.element_code",
    "column=contact.status",
    "measure=2A",
)


def test_axe_finds_nothing_serious_and_every_width_fits(reader, html, tmp_path):
    file = tmp_path / "field_lineage.html"

    def kept(entry):
        return entry.group() if any(f'<div id="{name}"' in entry.group() for name in LOOKED_AT) else ""

    shown = re.sub(r'<details class="way".*?</details>', kept, html, flags=re.DOTALL)
    # Links to what was left out lead nowhere here, which is no fault of the page.
    file.write_text(shown, encoding="utf-8")
    assert shown.count('<details class="way"') == len(LOOKED_AT)
    seen = reader.looks_at(file)
    assert seen.serious == [] and seen.too_wide == {}


def test_an_address_opens_its_entry_and_words_find_it(reader, html, tmp_path):
    file = tmp_path / "field_lineage.html"
    file.write_text(html, encoding="utf-8")
    with reader.browser.new_context(offline=True) as context:
        tab = context.new_page()
        blocked = []
        tab.on("console", lambda message: blocked.append(message.text))
        opened = "[...document.querySelectorAll('details[open] [data-place]')].map(place => place.id)"
        # As the page has it, and as somebody would write it.
        for address in (
            "field=date_of_birth",
            "field=Date%20of%20Birth",
            "column=person.date_of_birth",
            "measure=2a",
        ):
            tab.goto("about:blank")
            tab.goto(f"{file.as_uri()}#{address}")
            assert [name.lower() for name in tab.evaluate(opened)] == [
                "field=date_of_birth" if "Birth" in address else address
            ]
        tab.goto("about:blank")
        tab.goto(file.as_uri())
        tab.fill("#find", "unit cost")
        tab.press("#find", "Enter")
        assert tab.evaluate(opened) == ["field=unit_cost"]
        shown = tab.evaluate("document.querySelectorAll('details.way:not([hidden])').length")
        assert tab.inner_text("#found") == f"{shown} entries fit." and 1 < shown < 15
        tab.fill("#find", "no such words")
        assert tab.inner_text("#found") == "0 entries fit."
    assert blocked == []


def test_the_mappings_of_a_field_are_on_its_page(book):
    fields = {row["header"]: row for row in lineage_page.contents(book)["fields"]}
    tables = {name: {table["name"]: table["rows"] for table in row["mapped"]} for name, row in fields.items()}
    assert {"map_rates", "map_units"} == tables["Unit Cost"].keys()
    assert {"map_event_scope"} == tables["Event Type"].keys()
    assert {(row["local_code"], row["cld_value"]) for row in tables["Gender"]["map_codes"]} >= {("M", "Male")}
    assert {row["cld_field"] for row in tables["Gender"]["map_codes"]} == {"Gender"}
    assert tables["Postcode"] == {}


def test_a_name_with_markup_is_text(built, manifest, tmp_path):
    copied = tmp_path / "council.duckdb"
    shutil.copyfile(built.database, copied)
    with duckdb.connect(str(copied)) as connection:
        connection.execute(
            "update specification.spec_councils set name = '<script>alert(1)</script> & Sons' where cassr_code = '409'"
        )
    book = lineage_page.Book(manifest, open_database(copied))
    html = lineage_page.render(book)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in html
    assert html.count("<script>") == 1


def test_without_compiled_sql_or_a_return_it_says_what_to_do(built, manifest, tmp_path):
    page = tmp_path / "page.html"
    with pytest.raises(SystemExit, match="There is no .*manifest.json: asc-cld docs"):
        lineage_page.write_page(built.database, page, tmp_path / "manifest.json")
    parsed = {"nodes": {name: node | {"compiled_code": None} for name, node in manifest["nodes"].items()}}
    (tmp_path / "manifest.json").write_text(json.dumps(parsed), encoding="utf-8")
    with pytest.raises(SystemExit, match="no compiled SQL of cld_events"):
        lineage_page.write_page(built.database, page, tmp_path / "manifest.json")
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(SystemExit, match="not what dbt writes"):
        lineage_page.write_page(built.database, page, tmp_path / "manifest.json")
    with pytest.raises(SystemExit, match="There is no database"):
        lineage_page.write_page(tmp_path / "none.duckdb", page)
    duckdb.connect(str(tmp_path / "council.duckdb")).close()
    with pytest.raises(SystemExit, match="holds no return .*asc-cld build"):
        lineage_page.write_page(tmp_path / "council.duckdb", page)
    assert not page.exists()


def test_docs_and_audit_write_the_page_and_a_check_alone_says_why_not(built, manifest, tmp_path, monkeypatch):
    """The command with dbt's own part left out: it is tested with the documentation."""
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", {n: v for n, v in os.environ.items() if not n.startswith("CLD_")})
    monkeypatch.setattr(dbt_run, "run_dbt", lambda *command, **named: 0)
    monkeypatch.setenv("CLD_OUTPUT_PATH", str(built.output))
    for name in ("EXTRACTS", "SUBMISSIONS"):
        monkeypatch.setenv(f"CLD_{name}_PATH", str(built.folder / "none"))
    done = CliRunner().invoke(app, ["docs", "--database", str(built.database)])
    assert done.exit_code == 0, done.output
    assert "field_lineage.html" in done.output and (tmp_path / "target" / "field_lineage.html").is_file()
    (tmp_path / "target" / "field_lineage.html").unlink()
    done = CliRunner().invoke(
        app, ["audit", "--database", str(built.database), "--folder", str(tmp_path / "audit")]
    )
    assert done.exit_code == 0 and done.output.split() == [str(tmp_path / "audit" / "index.html")], (
        done.output
    )
    assert "field_lineage.html#field=gender" in (tmp_path / "audit" / "index.html").read_text(
        encoding="utf-8"
    )
    duckdb.connect(str(tmp_path / "checked.duckdb")).close()
    done = CliRunner().invoke(app, ["docs", "--database", str(tmp_path / "checked.duckdb")])
    assert done.exit_code == 0 and "No page of lineage: the database holds no return" in done.output
    done = CliRunner().invoke(app, ["docs", "--database", str(tmp_path / "none.duckdb")])
    assert done.exit_code == 1 and "There is no database" in done.output


def test_the_audit_pack_leads_from_each_field_to_its_way(built, html, page, tmp_path):
    file = tmp_path / "field_lineage.html"
    file.write_text(html, encoding="utf-8")
    pack = audit_pack.write_pack(built.database, tmp_path / "audit", lineage_page=file)
    assert (pack.parent / "field_lineage.html").read_bytes() == file.read_bytes()
    found = re.findall(r'href="field_lineage.html#([^"]+)"', pack.read_text(encoding="utf-8"))
    assert len(found) == 50 and set(found) <= set(page.ids)
