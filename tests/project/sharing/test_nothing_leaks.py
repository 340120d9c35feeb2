"""What is shared identifies nobody: followed through the SQL, searched for in the results, and planted."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import hmac
import json
import shutil
from collections import defaultdict

import duckdb
import pytest
from column_lineage import Lineage
from conftest import CHROMIUM, dbt, opened_in_browser
from dbt_runs import PSEUDONYM_KEY

from asc_cld import leak_search
from asc_cld.database import open_database
from asc_cld.plugins.pseudonyms import VARIABLE, WeakKey, checked_key, register
from asc_cld.readers import extract_reader, list_reader, mapping_reader, submission_reader
from asc_cld.readers.text_files import InputError

CLASSES = {"direct", "quasi", "special", "none"}
SHARED = ("share_events", "share_measures", "share_k_anonymity")

# Direct identifiers whose value reaches a shared column, made coarser on the way, and why that is right.
COARSENED = {
    ("birth_year", "date_of_birth"): "only the year is kept",
    ("birth_month", "date_of_birth"): "only the month is kept",
    ("birth_year", "date_of_birth_date"): "the same, of the submitted text as a day",
    ("birth_month", "date_of_birth_date"): "the same, of the submitted text as a day",
    ("birth_year", "birth_day"): "split dates: put together, then only the year is kept",
    ("birth_month", "birth_day"): "split dates: put together, then only the month is kept",
    ("event_end_date", "date_of_death"): "DHSC ends open events at death; the day is that of the event",
    ("event_end_date", "date_of_death_date"): "the same, of the submitted text as a day",
    (
        "autism_spectrum_disorder_asd",
        "postcode",
    ): "rows of one tall table (cnf_person_values), not its postcodes",
    ("dementia", "postcode"): "rows of one tall table (cnf_person_values), not its postcodes",
}


@pytest.fixture(scope="module")
def built(demo_build):
    assert demo_build.exit_code == 0, demo_build.printed
    return demo_build


@pytest.fixture(scope="module")
def graph(built):
    """dbt's manifest, and the columns and types of everything stored."""
    manifest = json.loads((built.folder / "target" / "manifest.json").read_text())
    columns = defaultdict(dict)
    for schema, table, column, kind in built.query(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
    ):
        columns[f"{schema}.{table}"][column] = kind
    return manifest, dict(columns)


def classes_of(manifest):
    """relation -> column -> class, of models and sources."""
    return {
        f"{node['schema']}.{node.get('alias') or node['name']}": {
            name.lower(): (column.get("config") or {}).get("meta", {}).get("pii")
            for name, column in node["columns"].items()
        }
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if node["resource_type"] in ("model", "source")
    }


def test_every_column_is_classed(graph):
    manifest, columns = graph
    classes = classes_of(manifest)
    stored = {relation: names for relation, names in columns.items() if relation in classes}
    assert len(stored) > 150
    missing = [
        f"{relation}.{name}"
        for relation, known in classes.items()
        for name in stored.get(relation, known)
        if known.get(name.lower()) not in CLASSES
    ]
    assert missing == []


# Tall tables of all attributes of a person, the postcode among them; the lineage test follows it to its source.
# And the postcode of a care home, which is that of those who live there.
HOLD_IDENTIFIERS_TOO = {
    "conformed.cnf_person_history": {"raw_value", "cld_value"},
    "conformed.cnf_person_values": {"raw_value", "cld_value"},
    "extracts.provider": {"postcode"},
    "staging.stg_extracts__provider": {"postcode"},
}


def test_columns_that_hold_identifiers_are_classed_direct(graph, people):
    """The class follows the data: the lineage test is only as good as the classes it starts from."""
    manifest, _ = graph
    found, connection = people
    own = connection.cursor()
    own.execute(
        "create or replace temp table identifiers as select unnest(?) as folded",
        [[value for value, kind in found.values.items() if not kind.startswith("unsalted")]],
    )
    wrong, held = [], 0
    for relation, classes in classes_of(manifest).items():
        schema, table = relation.split(".")
        for (column,) in own.execute(
            "select column_name from duckdb_columns() where database_name = 'council' and schema_name = ?"
            " and table_name = ? and data_type = 'VARCHAR'",
            [schema, table],
        ).fetchall():
            hits = own.execute(
                f'select count(*) from council.{schema}."{table}"'
                f""" where translate(lower("{column}"), ' -', '') in (select folded from temp.identifiers)"""
            ).fetchall()[0][0]
            held += hits > 0
            if (
                hits
                and classes.get(column.lower()) != "direct"
                and column not in HOLD_IDENTIFIERS_TOO.get(relation, ())
            ):
                wrong.append(f"{relation}.{column}")
    assert wrong == [] and held > 100


def leaks(manifest, columns):
    """(shared column, direct identifier that reaches it), the coarsened ones left out."""
    classes = classes_of(manifest)
    lineage = Lineage(manifest, columns)
    found = set()
    for table in SHARED:
        for column in classes[f"sharing.{table}"]:
            for relation, origin in lineage.origins(f"sharing.{table}", column):
                if classes.get(relation, {}).get(origin) == "direct" and (column, origin) not in COARSENED:
                    found.add((column, origin))
    return found


def test_no_identifier_reaches_a_shared_column_but_through_the_keyed_hash(graph):
    assert leaks(*graph) == set()


def test_the_lineage_is_really_followed(graph):
    """What the test above relies on: it reaches the extracts, and the keys end at the keyed hash."""
    lineage = Lineage(*graph)
    assert ("extracts.person", "date_of_birth") in lineage.origins("sharing.share_events", "birth_year")
    assert ("extracts.rate", "amount") in lineage.origins("sharing.share_events", "unit_cost")
    assert ("extracts.person_identifier", "id_value") in lineage.origins("cld.cld_events", "nhs_number")
    assert ("extracts.person", "surname") in lineage.origins("submissions.sub_rows", "last_name")
    assert lineage.origins("sharing.share_events", "nhs_key") == set()


PLANTED = {
    "renamed NHS number": ("sent_rows.nhs_number as nhs_key,", "nhs_number"),
    "number in capitals and cut": ("left(upper(trim(sent_rows.nhs_number)), 9) as nhs_key,", "nhs_number"),
    "unsalted hash": ("md5(sent_rows.nhs_number) as nhs_key,", "nhs_number"),
    "hash with a fixed salt": ("sha256('salt' || sent_rows.nhs_number) as nhs_key,", "nhs_number"),
    "unsalted hash of the council's id": (
        "sha256(events.la_person_key) as nhs_key,",
        "la_person_unique_identifier",
    ),
    "HMAC with a key in the SQL": (
        "sha256('outer' || sha256('inner' || sent_rows.nhs_number)) as nhs_key,",
        "nhs_number",
    ),
    "postcode": ("sent_rows.postcode as nhs_key,", "postcode"),
    "a carer's person": ("events.adult_1_linked_person_id as nhs_key,", "adult_1_linked_person_id"),
    "free text": ("sent_rows.event_description as nhs_key,", "event_description"),
    "name in a case": (
        "case when events.la_code = '409' then concat(sent_rows.first_name, '') end as nhs_key,",
        "first_name",
    ),
    "person id, renamed": ("events.la_person_key as nhs_key,", "la_person_unique_identifier"),
    "chosen by a window": (
        "max(sent_rows.last_name) over (partition by events.la_code) as nhs_key,",
        "last_name",
    ),
}


@pytest.mark.parametrize("plant", PLANTED)
def test_a_leak_planted_in_the_sql_is_caught(graph, plant):
    expression, identifier = PLANTED[plant]
    manifest, columns = graph
    manifest = {"nodes": copy.copy(manifest["nodes"]), "sources": manifest["sources"]}
    node = copy.deepcopy(manifest["nodes"]["model.asc_cld.share_events"])
    sql = node["compiled_code"]
    start, end = sql.rindex("-- Links a person across"), sql.index("as nhs_key,") + len("as nhs_key,")
    node["compiled_code"] = sql[:start] + "\n    " + expression + sql[end:]
    manifest["nodes"]["model.asc_cld.share_events"] = node
    assert ("nhs_key", identifier) in leaks(manifest, columns)


@pytest.fixture(scope="module")
def people(built):
    """The identifiers of the demo people, and a connection."""
    connection = open_database(built.database)
    found = leak_search.Identifiers.of(connection)
    assert len(found.names) > 1000 and "NHS number" in found.values.values()
    return found, connection


def test_nothing_identifying_stands_in_the_shared_tables(people):
    assert leak_search.search_tables(*people) == []


def test_nothing_identifying_stands_in_logs_test_names_compiled_sql_or_manifest(built, people):
    assert leak_search.search_files(people[0], [built.folder / "logs", built.folder / "target"]) == []
    assert people[0].kinds_in(built.printed) == {}


def test_nothing_identifying_stands_in_the_docs_page(built, people, tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    shutil.copy(built.database, folder / "council.duckdb")
    run = dbt(folder, "docs", "generate", "--static")
    assert run.exit_code == 0, run.printed
    page = folder / "target" / "static_index.html"
    assert "share_events" in page.read_text(encoding="utf-8")
    assert leak_search.search_files(people[0], [page]) == []
    if CHROMIUM:
        text, asked = opened_in_browser(page, tmp_path)
        assert "How to follow a field" in text and asked == []


NAMED, NUMBERED = "Quillfeather", "9990000093"


def person_csv(line):
    header = "person_id,forename,surname,birth_date\n"
    return (header + f"P1,Zebedee,{NAMED},1940-01-01\n" + line).encode()


@pytest.mark.parametrize(
    "content",
    [
        person_csv(f"P2,{NAMED},{NUMBERED}\n"),
        person_csv(f"P2,{NAMED},{NUMBERED},1,2,3\n"),
        person_csv(f'P2,"{NAMED},{NUMBERED}\n'),
        person_csv(f"P1,{NAMED},{NUMBERED},1940-01-01\n"),
        person_csv("\n" * 3 + f"P3,\x81{NAMED}".encode("latin-1").decode("latin-1") + "\n"),
        person_csv("")[:-1] + b"\x81\x8d,\xff\n",
        f"{NAMED},{NUMBERED}\nP1,{NAMED}\n".encode(),
        b"",
    ],
    ids=["few cells", "many cells", "open quote", "key twice", "control", "encoding", "no header", "empty"],
)
def test_no_reader_quotes_what_it_cannot_read(tmp_path, content):
    """Extracts, mappings, lists of deaths and CLD files: the message names the file and the row, no cell."""
    for name in ("person.csv", "map_codes.csv"):
        (tmp_path / name).write_bytes(content)
    said = []
    for read in (
        lambda: extract_reader.read_extract(tmp_path, "person"),
        lambda: mapping_reader.read_mapping(tmp_path, "map_codes"),
        lambda: list_reader.read_lists(str(tmp_path), ["person_id", "surname"]),
    ):
        with contextlib.suppress(InputError):
            read()
            continue
        with pytest.raises(InputError) as error:
            read()
        said.append(str(error.value))
    said += [problem for _, _, problem in submission_reader.read_folder(tmp_path).problems]
    assert len(said) >= 3
    for message in said:
        assert NAMED not in message and NUMBERED not in message and "Zebedee" not in message, message


def one_person(connection):
    return connection.execute(
        "select nhs_number, la_person_unique_identifier, first_name, last_name, postcode"
        " from submissions.sub_rows where nhs_number is not null and postcode is not null"
        " and length(first_name) > 3 and nhs_number > '9990000500' order by row_id limit 1"
    ).fetchall()[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Conversion Error: Could not convert string '{nhs}' to INT32", "NHS number"),
        ("see {nhs3}, please", "NHS number"),
        ("row of {person}: bad", "person id"),
        ("{last}, {first} has no date of birth", "forename and surname"),
        ("lives at {postcode}.", "postcode"),
        ("{md5}", "unsalted hash of NHS number"),
        ("{sha256}", "unsalted hash of NHS number"),
    ],
)
def test_an_identifier_planted_in_an_error_message_is_caught(people, tmp_path, text, kind):
    nhs, person, first, last, postcode = one_person(people[1])
    log = tmp_path / "dbt.log"
    log.write_text(
        text.format(
            nhs=nhs,
            nhs3=f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}",
            person=person,
            first=first,
            last=last,
            postcode=postcode,
            md5=hashlib.md5(nhs.encode()).hexdigest(),
            sha256=hashlib.sha256(nhs.encode()).hexdigest(),
        )
    )
    findings = leak_search.search_files(people[0], [log])
    assert kind in {found for _, found, _ in findings}
    assert nhs not in str(findings) and last not in str(findings)


def test_an_identifier_in_a_real_error_message_is_caught(built, people, tmp_path):
    """A query that casts what it must not: DuckDB quotes the cell, dbt prints and logs it, the search sees it."""
    shutil.copy(built.database, tmp_path / "council.duckdb")
    run = dbt(
        tmp_path,
        "show",
        "--inline",
        "select cast(nhs_number || ' x' as integer) as n from council.submissions.sub_rows"
        " where nhs_number > '9990000500' order by row_id",
    )
    assert run.exit_code != 0
    kinds = {kind for _, kind, _ in leak_search.search_files(people[0], [tmp_path / "logs"])}
    assert kinds == {"NHS number"}


def test_a_forename_inside_event_description_is_caught_and_never_shared(built, people):
    """Planted in the rows sent: the free text is not among the shared columns, and would be seen there."""
    connection = duckdb.connect()
    connection.execute("create schema sharing; create schema specification")
    connection.execute("create table specification.spec_code_lists (value varchar)")
    first = one_person(people[1])[2]
    connection.execute(
        "create table sharing.share_events as select ? as event_description", [f"Visit to {first} at home"]
    )
    assert leak_search.search_tables(people[0], connection) == [
        ("sharing.share_events.event_description", "name", 1)
    ]
    shared = {
        name
        for (name,) in built.query("select column_name from duckdb_columns() where schema_name = 'sharing'")
    }
    assert not shared & {
        "event_description",
        "provider_cqc_location_name",
        "postcode",
        "first_name",
        "last_name",
    }


def test_keys_are_hmac_and_link_people_and_carers(built):
    row = built.query(
        "select s.nhs_key, r.nhs_number, s.person_key, r.la_person_unique_identifier"
        " from council.sharing.share_events as s"
        " inner join council.dhsc.dhsc_events_single as e on s.event_start_date = e.event_start_date"
        " inner join council.submissions.sub_rows as r on e.kept_row_id = r.row_id"
        " where s.nhs_key is not null order by r.row_id"
    )
    expected = {
        hmac.new(PSEUDONYM_KEY.encode(), f"nhs|{nhs.replace(' ', '')}".encode(), hashlib.sha256).hexdigest()[
            :32
        ]
        for _, nhs, *_ in row
        if nhs
    }
    assert {nhs_key for nhs_key, *_ in row} <= expected
    carers, linked = built.query(
        "select count(*), count(p.person_key) from council.sharing.share_events as s"
        " left join (select distinct person_key from council.sharing.share_events) as p"
        " on s.linked_adult_1_key = p.person_key where s.linked_adult_1_key is not null"
    )[0]
    assert carers > 50 and linked / carers > 0.9


def test_the_secret_is_kept_nowhere(built):
    for path in built.folder.rglob("*"):
        if path.is_file():
            assert PSEUDONYM_KEY.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("key", ["short", "a" * 64, "0101" * 20])
def test_a_weak_secret_is_refused_and_not_shown(key):
    with pytest.raises(WeakKey) as error:
        checked_key(key)
    assert key not in str(error.value) and VARIABLE in str(error.value)


def test_another_secret_gives_other_keys():
    keys = []
    for secret in (PSEUDONYM_KEY, PSEUDONYM_KEY + "!"):
        connection = duckdb.connect()
        register(connection, secret)
        keys += connection.execute(
            "select cld_pseudonym('nhs', '1'), cld_pseudonym('person', '1')"
        ).fetchall()[0]
    assert len(set(keys)) == 4


def test_without_a_secret_no_pseudonymised_row_is_built_and_it_is_said(built, tmp_path):
    shutil.copy(built.database, tmp_path / "council.duckdb")
    with duckdb.connect(str(tmp_path / "council.duckdb")) as connection:
        connection.execute("drop table council.sharing.share_events")
    run = dbt(tmp_path, "run", "--select", "path:models/sharing", pseudonym_key="")
    assert run.exit_code == 0, run.printed
    assert "share_events was not built: CLD_PSEUDONYM_KEY is not set" in run.printed
    assert run.query("select count(*) from duckdb_tables() where table_name = 'share_events'") == [(0,)]


def test_shared_descriptions_are_shared_by_enough_people(built):
    [(k, people, shared, smallest)] = built.query(
        "select least_group, people, people_shared, smallest_group from council.sharing.share_k_anonymity"
    )
    assert smallest >= k == 5 and shared > 0.95 * people


def test_every_small_count_stays_hidden(built):
    """Every measure, by the reader's own arithmetic: the true figures are never the only solution."""
    shown = defaultdict(dict)
    for measure, group, numerator, marker in built.query(
        'select measure, "group", numerator, marker from council.sharing.share_measures'
    ):
        shown[measure][group] = (numerator, marker)
    true = defaultdict(dict)
    for measure, group, numerator, denominator in built.query(
        'select measure, "group", numerator, denominator from council.dhsc.ascof_measures'
    ):
        true[measure][group] = (numerator, denominator)
    hidden = 0
    for measure, groups in true.items():
        for group, counts in groups.items():
            if min(counts) < 5:
                assert shown[measure][group] == (None, "c")
                hidden += 1
        parts = [group for group in groups if group != "Total"]
        hidden_parts = [group for group in parts if shown[measure][group][1]]
        if "Total" in groups and not shown[measure]["Total"][1]:
            assert len(hidden_parts) != 1 or sum(true[measure][g][0] for g in parts) != groups["Total"][0]
    assert hidden
