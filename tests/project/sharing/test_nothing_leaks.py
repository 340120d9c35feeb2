"""What is shared identifies nobody: followed through the SQL, searched for in the results, and planted."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import hmac
import json
import re
import secrets
import shutil
import stat
from collections import defaultdict

import duckdb
import pytest
from conftest import CHROMIUM, dbt, opened_in_browser
from dbt_runs import PROJECT, PSEUDONYM_KEY

from asc_cld import leak_search
from asc_cld.column_lineage import Lineage
from asc_cld.database import open_database
from asc_cld.plugins.no_cells import without_cells
from asc_cld.plugins.pseudonyms import VARIABLE, WeakKey, checked_key, recipients, register
from asc_cld.readers import extract_reader, list_reader, mapping_reader, submission_reader
from asc_cld.readers.text_files import InputError

CLASSES = {"direct", "quasi", "special", "none"}
SHARED = ("share_events", "share_measures", "share_costs", "share_k_anonymity")

# Direct identifiers whose value reaches a shared column, made coarser on the way, and why that is right.
COARSENED = {
    ("birth_year", "date_of_birth"): "only the year is kept",
    ("birth_month", "date_of_birth"): "only the month is kept",
    ("birth_year", "date_of_birth_date"): "the same, of the submitted text as a day",
    ("birth_month", "date_of_birth_date"): "the same, of the submitted text as a day",
    ("birth_year", "birth_day"): "split dates: put together, then only the year is kept",
    ("birth_month", "birth_day"): "split dates: put together, then only the month is kept",
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


# Made of whole files by a hash: the same for all people of a release, as the test below counts.
OF_WHOLE_FILES = {("share_events", "release_id"), ("share_k_anonymity", "release_id")}


def leaks(manifest, columns):
    """(shared column, direct identifier that reaches it), the coarsened ones left out."""
    classes = classes_of(manifest)
    lineage = Lineage(manifest, columns)
    found = set()
    for table in SHARED:
        for column in classes[f"sharing.{table}"].keys() - {
            name for of, name in OF_WHOLE_FILES if of == table
        }:
            for relation, origin in lineage.origins(f"sharing.{table}", column):
                if classes.get(relation, {}).get(origin) == "direct" and (column, origin) not in COARSENED:
                    found.add((column, origin))
    return found


def test_no_identifier_reaches_a_shared_column_but_through_the_keyed_hash(graph):
    assert leaks(*graph) == set()


def test_what_is_made_of_whole_files_is_the_same_for_everybody(built):
    for table, column in OF_WHOLE_FILES:
        assert built.query(f"select count(distinct {column}) from council.sharing.{table}") == [(1,)]


def test_the_lineage_is_really_followed(graph):
    """What the test above relies on: it reaches the extracts, and the keys end at the keyed hash."""
    lineage = Lineage(*graph)
    assert ("extracts.person", "date_of_birth") in lineage.origins("sharing.share_events", "birth_year")
    assert ("extracts.rate", "amount") in lineage.origins("sharing.share_costs", "average_cost_per_week")
    assert ("extracts.person_identifier", "id_value") in lineage.origins("cld.cld_events", "nhs_number")
    assert ("extracts.person", "surname") in lineage.origins("submissions.sub_rows", "last_name")
    assert lineage.origins("sharing.share_events", "person_key") == set()


# Every column of another layer that a sharing model reads, in whatever way (value, condition, join, order, count,
# hash): why, and what measures that it points at nobody. A column that is not here may not be read at all.
K = "share_k_anonymity.smallest_group, over all rows of a person"
CLASS = f"told of share_k people or withheld: {K}"
ONE_FOR_ALL = "the same for all people of a release"
READ = {
    "share_events": {
        "dhsc_events_single.la_code": ONE_FOR_ALL,
        "dhsc_events_single.submission_id": "which files a release was made of, hashed together: "
        + ONE_FOR_ALL,
        "dhsc_events_single.ref_period_start_date": ONE_FOR_ALL,
        "dhsc_events_single.ref_period_end_date": ONE_FOR_ALL,
        "dhsc_events_single.der_nhs_la_combined_person_id": f"tells people apart, and is in the keys: {K}",
        "dhsc_events_single.la_person_key": f"two identifiers of one human being count once: {K}",
        "dhsc_events_single.date_of_death": "whether there is one, and no time beside it: test_attacks.py",
        "dhsc_events_single.event_start_date": "its month or quarter, of the living: test_attacks.py",
        "dhsc_events_single.ethnicity_cleaned": "joins to the group",
        "dhsc_events_single.ethnicity_grouped": CLASS,
        "dhsc_events_single.event_type": CLASS,
        "dhsc_events_single.client_type_cleaned": CLASS,
        "dhsc_events_single.primary_support_reason_cleaned": CLASS,
        "dhsc_events_single.accommodation_status_cleaned": CLASS,
        "dhsc_events_single.request_route_of_access_cleaned": CLASS,
        "dhsc_events_single.service_type_cleaned": CLASS,
        "dhsc_events_single.event_outcome_grouped": CLASS + "; deaths are in one group with others",
        "dhsc_person_details.la_code": ONE_FOR_ALL,
        "dhsc_person_details.der_nhs_la_combined_person_id": f"joins to the events: {K}",
        "dhsc_person_details.der_age_end_of_period": f"joins to the band: {K}",
        "dhsc_person_details.gender": CLASS,
        "dhsc_person_details.ethnicity": "joins to the group",
        "dhsc_person_details.der_birth_year": CLASS,
        "dhsc_person_details.der_birth_month": CLASS,
        "dhsc_person_details.date_of_death": "whether there is one: test_attacks.py",
        "sub_files.submission_id": ONE_FOR_ALL,
        "sub_files.sha256": "in the name of the release: " + ONE_FOR_ALL,
        "dq_gate.is_good": "whether anything is shared",
    },
    "share_costs": {
        "costs.la_code": ONE_FOR_ALL,
        "costs.service_type": "group of share_threshold people at least: test_attacks.py",
        "costs.der_working_age_band": "the same",
        "costs.der_nhs_la_combined_person_id": "counts people: test_attacks.py",
        "costs.cost_per_week": "averaged over the group, to the nearest 10 pounds: test_attacks.py",
        "dq_gate.is_good": "whether anything is shared",
    },
    "share_k_anonymity": {
        "dhsc_events_single.la_code": ONE_FOR_ALL,
        "dhsc_events_single.der_nhs_la_combined_person_id": "counts people",
    },
    "share_measures": {
        **dict.fromkeys(
            (
                "ascof_measures.la_code",
                "ascof_measures.period_start",
                "ascof_measures.period_end",
                "ascof_measures.measure",
                "ascof_measures.group",
                "ascof_measures.numerator",
                "ascof_measures.denominator",
                "ascof_measures.outcome",
                "waiting_times.la_code",
                "waiting_times.statistical_reporting_period_start",
                "waiting_times.statistical_reporting_period_end",
                "waiting_times.metric",
                "waiting_times.modified_working_age_band",
                "waiting_times.number_of_waiting_times_identified",
                "waiting_times.median_waiting_time",
            ),
            "a count of people, hidden where small: test_shared_figures.py",
        ),
        "dq_gate.is_good": "whether anything is shared",
    },
}


def unlisted_reads(manifest, columns):
    """(model, column of another layer) that a sharing model reads without a reason."""
    lineage = Lineage(manifest, columns)
    return {
        (model, name)
        for model in SHARED
        for schema, name in lineage.reads(f"sharing.{model}")
        # Seeds hold nothing about people.
        if schema not in ("sharing", "reference", "specification") and name not in READ[model]
    }


def test_sharing_reads_no_column_without_a_reason(graph):
    assert unlisted_reads(*graph) == set()


def test_no_reason_outlives_its_column(graph):
    lineage = Lineage(*graph)
    for model, listed in READ.items():
        assert listed.keys() <= {name for _, name in lineage.reads(f"sharing.{model}")}, model


# Where a leak may stand, in share_events as compiled: what is replaced, by what, and the column that is then read.
ROW = ("events.la_person_key,", "{} as la_person_key,")
PLANTED = {
    "renamed NHS number": (ROW, "sent_rows.nhs_number", "sub_rows.nhs_number"),
    "number in capitals and cut": (ROW, "left(upper(trim(sent_rows.nhs_number)), 9)", "sub_rows.nhs_number"),
    "unsalted hash": (ROW, "md5(sent_rows.nhs_number)", "sub_rows.nhs_number"),
    "hash with a fixed salt": (ROW, "sha256('salt' || sent_rows.nhs_number)", "sub_rows.nhs_number"),
    "database's own hash": (ROW, "hash(sent_rows.nhs_number)", "sub_rows.nhs_number"),
    "postcode": (ROW, "sent_rows.postcode", "sub_rows.postcode"),
    "a carer's person": (
        ROW,
        "events.adult_1_linked_person_id",
        "dhsc_events_single.adult_1_linked_person_id",
    ),
    "free text": (ROW, "sent_rows.event_description", "sub_rows.event_description"),
    "name in a case": (
        ROW,
        "case when events.la_code = '409' then concat(sent_rows.first_name, '') end",
        "sub_rows.first_name",
    ),
    "a bit through a condition": (
        ROW,
        "case when sent_rows.nhs_number > '999' then 'a' end",
        "sub_rows.nhs_number",
    ),
    "a condition of a row": (ROW, "sent_rows.nhs_number is null", "sub_rows.nhs_number"),
    "chosen by a window": (
        ROW,
        "max(sent_rows.last_name) over (partition by events.la_code)",
        "sub_rows.last_name",
    ),
    "an ordering": (ROW, "row_number() over (order by sent_rows.last_name)", "sub_rows.last_name"),
    "a partition": (ROW, "count(*) over (partition by sent_rows.last_name)", "sub_rows.last_name"),
    "a rank": (ROW, "dense_rank() over (order by sent_rows.date_of_birth)", "sub_rows.date_of_birth"),
    "a count": (ROW, "count(sent_rows.postcode) over ()", "sub_rows.postcode"),
    "provider": (ROW, "events.provider_cqc_location_name", "dhsc_events_single.provider_cqc_location_name"),
    "provider's number": (
        ROW,
        "events.provider_cqc_location_id",
        "dhsc_events_single.provider_cqc_location_id",
    ),
    "event reference": (ROW, "sent_rows.event_reference", "sub_rows.event_reference"),
    "event as DHSC names it": (ROW, "events.der_unique_event_ref", "dhsc_events_single.der_unique_event_ref"),
    "row id": (ROW, "events.kept_row_id", "dhsc_events_single.kept_row_id"),
    "row number": (ROW, "events.der_unique_record_id", "dhsc_events_single.der_unique_record_id"),
    "a date under another name": (ROW, "events.der_event_end_date", "dhsc_events_single.der_event_end_date"),
    "a date as a number": (
        ROW,
        "epoch(events.der_event_end_date)",
        "dhsc_events_single.der_event_end_date",
    ),
    "birth date": (ROW, "events.der_birth_date", "dhsc_events_single.der_birth_date"),
    "cost": (ROW, "events.unit_cost", "dhsc_events_single.unit_cost"),
    "age on a day": (ROW, "events.der_age_event_start_date", "dhsc_events_single.der_age_event_start_date"),
    "outcome that tells of a death": (
        ROW,
        "events.event_outcome_cleaned",
        "dhsc_events_single.event_outcome_cleaned",
    ),
}


@pytest.fixture(scope="module")
def lineage(graph):
    """One reading of the project for all that is planted beside it."""
    return Lineage(*graph)


@pytest.mark.parametrize("plant", PLANTED)
def test_a_leak_planted_in_sql_is_caught(lineage, plant):
    """Each form in a model as share_events is one: events, the rows that were sent, a CTE between, one value."""
    _, expression, read = PLANTED[plant]
    lineage.sql["sharing.planted"] = (
        'with events as (select * from "council"."dhsc"."dhsc_events_single"),'
        ' sent_rows as (select * from "council"."submissions"."sub_rows"),'
        f" told as (select events.la_code, {expression} as la_person_key from events"
        " left join sent_rows on events.la_code = sent_rows.la_code)"
        " select max(told.la_person_key) as age_band from told group by told.la_code"
    )
    reads = {name for _, name in lineage.reads("sharing.planted")}
    assert read in reads and read not in READ["share_events"]
    assert len(reads) < 6


@pytest.mark.parametrize(
    "plant", ["a bit through a condition", "an ordering", "provider", "hash with a fixed salt"]
)
def test_a_leak_planted_in_the_model_itself_is_caught(graph, plant):
    (anchor, replacement), expression, read = PLANTED[plant]
    manifest, columns = graph
    manifest = {"nodes": copy.copy(manifest["nodes"]), "sources": manifest["sources"]}
    node = copy.deepcopy(manifest["nodes"]["model.asc_cld.share_events"])
    sql = node["compiled_code"]
    assert anchor in sql and "inner join people\n" in sql
    sql = sql.replace(anchor, replacement.format(expression), 1).replace(
        "inner join people\n",
        'left join "council"."submissions"."sub_rows" as sent_rows on events.kept_row_id = sent_rows.row_id\n'
        "inner join people\n",
        1,
    )
    node["compiled_code"] = sql
    manifest["nodes"]["model.asc_cld.share_events"] = node
    assert read in {name for _, name in Lineage(manifest, columns).reads("sharing.share_events")}


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
    assert leak_search.search(people[0], [built.folder / "logs", built.folder / "target"]).findings == []
    assert people[0].kinds_in(built.printed) == {}


def test_nothing_identifying_stands_in_the_docs_page(built, people, tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    shutil.copy(built.database, folder / "council.duckdb")
    run = dbt(folder, "docs", "generate", "--static")
    assert run.exit_code == 0, run.printed
    page = folder / "target" / "static_index.html"
    assert "share_events" in page.read_text(encoding="utf-8")
    assert leak_search.search(people[0], [page]).findings == []
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
        lambda: list_reader.read_lists(str(tmp_path), list_reader.ListOf("", ("person_id", "surname"))),
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
    findings = leak_search.search(people[0], [log]).findings
    assert kind in {found for _, found, _ in findings}
    assert nhs not in str(findings) and last not in str(findings)


def test_no_error_of_the_database_quotes_a_cell(built, people, tmp_path):
    """A query that casts what it must not: DuckDB quotes the cell, our plugin keeps it from screen and log."""
    shutil.copy(built.database, tmp_path / "council.duckdb")
    run = dbt(
        tmp_path,
        "show",
        "--inline",
        "select cast(nhs_number || ' x' as integer) as n from council.submissions.sub_rows"
        " where nhs_number > '9990000500' order by row_id",
    )
    assert run.exit_code != 0 and "Could not convert string (not shown) to INT32" in run.printed
    assert leak_search.search(people[0], [tmp_path / "logs"]).findings == []
    assert people[0].kinds_in(run.printed) == {}


def test_what_dbt_shows_is_not_kept_and_its_folders_are_closed_before_the_database_is_opened(
    built, people, tmp_path
):
    shutil.copy(built.database, tmp_path / "council.duckdb")
    shown = dbt(
        tmp_path, "show", "--inline", "select nhs_number from council.submissions.sub_rows", "--limit", "50"
    )
    assert people[0].kinds_in(shown.printed) != {}
    assert leak_search.search(people[0], [tmp_path / "logs"]).findings == []
    for folder in ("logs", "target"):
        (tmp_path / folder).chmod(0o755)
    (tmp_path / "council.duckdb").unlink()
    assert dbt(tmp_path, "parse").exit_code == 0
    assert {stat.S_IMODE((tmp_path / folder).stat().st_mode) for folder in ("logs", "target")} == {0o700}


CELL = "Quillfeather 9990000093"
OF_DATA = (
    "select cast(cell as integer) from cells",
    "select cast(cell as date) from cells",
    "select cast(cell as decimal(18, 2)) from cells",
    "select cast(cell as uuid) from cells",
    "select cast(cell as interval) from cells",
    "select cast(cell as json) from cells",
    "select strptime(cell, '%d/%m/%Y') from cells",
    "select cast(number as tinyint) from cells",
    "select cast(number as decimal(5, 2)) from cells",
    "insert into kept select cell from cells",
    "select regexp_matches('x', cell || '(') from cells",
    "select regexp_extract('x', '[' || cell) from cells",
    "select timezone(cell, now()) from cells",
    "select date_part(cell, now()) from cells",
    "select cast('[' || cell as integer[]) from cells",
    "select number * number * number from cells",
    "select from_base64(cell) from cells",
)


@pytest.mark.parametrize("query", OF_DATA)
def test_what_duckdb_says_of_data_loses_the_data(query):
    connection = duckdb.connect()
    connection.execute("create table cells as select ? as cell, 9990000093::bigint as number", [CELL])
    connection.execute("create table kept (cell varchar primary key)")
    connection.execute("insert into kept select cell from cells")
    with pytest.raises(duckdb.Error) as error:
        connection.execute(query).fetchall()
    assert re.search("Quillfeather|9990000093", str(error.value))
    said = without_cells(str(error.value))
    assert "(not shown)" in said and not re.search("Quillfeather|999|0093", said)


def test_where_memory_or_disk_run_out_the_setting_that_gives_more_is_named():
    connection = duckdb.connect(config={"memory_limit": "30MB", "max_temp_directory_size": "1MB"})
    with pytest.raises(duckdb.OutOfMemoryException) as error:
        connection.execute("select list(range::varchar || 'x') from range(2000000)").fetchall()
    assert "CLD_MEMORY_LIMIT" in without_cells(str(error.value))
    full = "Out of Memory Error: failed to offload data block; set by the 'max_temp_directory_size' setting"
    assert "CLD_TEMP_LIMIT" in without_cells(full)
    # DuckDB's own words on a full disk, at once and to all that is asked afterwards; another fatal error is not one.
    before = "FATAL Error: Failed: database has been invalidated because of a previous fatal error.\nOriginal error: "
    no_room = 'Could not write file "/data/council.duckdb": No space left on device'
    for said in (
        f"IO Error: {no_room}",
        f'{before}"Failed to create checkpoint because of error: {no_room}"',
    ):
        assert "because the disk is full" in without_cells(said)
    assert without_cells(f"{before}\"Could not read 'Quillfeather'\"") == before.splitlines()[0]


@pytest.mark.parametrize(
    "query", ["select nothing from (select 1)", "select 1 +", "from read_csv('none.csv')"]
)
def test_what_is_said_of_sql_stays(query):
    with pytest.raises(duckdb.Error) as error:
        duckdb.connect().execute(query).fetchall()
    assert without_cells(str(error.value)) == str(error.value)


def test_our_own_sentences_stay():
    sentence = "deaths.csv, line 12345: the column 'nhs_number' holds no NHS number."
    macro = (PROJECT / "macros/adapters/stop_with.sql").read_text()
    [mark] = re.findall(r"error\('(.*?)' \|\|", macro)
    with pytest.raises(duckdb.Error) as error:
        duckdb.connect().execute("select error(?)", [mark + sentence]).fetchall()
    assert without_cells(str(error.value)) == sentence


SHARED_LEAKS = {
    "NHS number": "{nhs}",
    "NHS number with dots": "{nhs3:.}",
    "NHS number with spaces that do not break": "{nhs3:\u00a0}",
    "NHS prefix": "NHS{nhs}",
    "in a sentence": "see {nhs} there",
    "person id": "{person}",
    "person id in small letters": "{person_small}",
    "postcode": "{postcode}",
    "surname": "{last}",
    "a name within": "Visit to {first}",
    "event reference": "{event}",
    "provider": "{provider}",
    "birth": "{born}",
    "plain hash": "{md5}",
}


@pytest.mark.parametrize(
    ("plant", "column"),
    [
        *((plant, "event_outcome") for plant in SHARED_LEAKS),
        ("in a sentence", "age_band"),
        ("surname", "gender"),
    ],
)
def test_what_is_planted_in_a_shared_column_fails_the_build(built, shared_check, plant, column):
    connection, check, values = shared_check
    text = SHARED_LEAKS[plant]
    for sign in (".", "\u00a0"):
        nhs = values["nhs"]
        text = text.replace(f"{{nhs3:{sign}}}", sign.join((nhs[:3], nhs[3:6], nhs[6:])))
    connection.execute("begin")
    connection.execute(
        f"update council.sharing.share_events set {column} = ? where row_key = (select min(row_key)"
        " from council.sharing.share_events)",
        [text.format(**values)],
    )
    found = connection.execute(check).fetchall()
    connection.execute("rollback")
    assert {name for name, _ in found} == {column}


@pytest.mark.parametrize("kind", ["bigint", "decimal(18, 2)", "double"])
def test_a_number_planted_in_a_cost_fails_the_build(built, shared_check, kind):
    connection, _, values = shared_check
    check = shared_check_of(built, "share_costs")
    connection.execute("begin")
    connection.execute(
        "create or replace table council.sharing.share_costs as select la_code, service_type, working_age_band,"
        f" people, cast(? as {kind}) as average_cost_per_week, marker from council.sharing.share_costs",
        [int(values["nhs"])],
    )
    found = connection.execute(check).fetchall()
    connection.execute("rollback")
    assert found == [("average_cost_per_week", "NHS number")]


def shared_check_of(built, model):
    nodes = json.loads((built.folder / "target" / "manifest.json").read_text())["nodes"].values()
    return next(node["compiled_code"] for node in nodes if node["name"] == f"{model}__holds_no_identifier")


@pytest.fixture(scope="module")
def shared_check(built, tmp_path_factory):
    """A copy of the council to plant in, the compiled check, and what identifies one person."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(built.database, folder / "council.duckdb")
    connection = duckdb.connect()
    connection.execute(f"attach '{folder / 'council.duckdb'}' as council")
    names = ("nhs", "person", "postcode", "first", "last", "event", "provider", "born")
    row = connection.execute(
        "select nhs_number, la_person_unique_identifier, postcode, first_name, last_name, event_reference,"
        " provider_cqc_location_name, cast(date_of_birth_date as varchar) from council.submissions.sub_rows"
        " where nhs_number is not null and postcode is not null and length(first_name) > 3"
        " and provider_cqc_location_name is not null order by row_id limit 1"
    ).fetchall()[0]
    values = dict(zip(names, row, strict=True))
    values["person_small"] = values["person"].lower()
    values["md5"] = hashlib.md5(values["nhs"].encode()).hexdigest()
    return connection, shared_check_of(built, "share_events"), values


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


def test_keys_are_hmac_under_a_key_of_recipient_purposes_and_release(built):
    """The keys made again by hand, with another library's HMAC and the derivation of RFC 5869."""
    rows = built.query(
        "select recipient_id, purposes, release_id, la_code, array_agg(distinct person_key)"
        " from council.sharing.share_events group by all"
    )
    people = {
        person
        for (person,) in built.query(
            "select der_nhs_la_combined_person_id from council.dhsc.dhsc_events_single"
        )
    }
    assert len(rows) == len(recipients())
    for recipient, purposes, release, la_code, keys in rows:
        extracted = hmac.new(bytes(32), PSEUDONYM_KEY.encode(), hashlib.sha256).digest()
        info = json.dumps(["asc_cld pseudonyms", recipient, purposes]).encode()
        key = hmac.new(extracted, info + b"\1", hashlib.sha256).digest()
        expected = {
            hmac.new(key, f"{release}|person|{la_code}|{person}".encode(), hashlib.sha256).hexdigest()[:32]
            for person in people
        }
        assert set(keys) <= expected and len(keys) > 1000


def test_the_secret_is_kept_nowhere(built):
    for path in built.folder.rglob("*"):
        if path.is_file():
            assert PSEUDONYM_KEY.encode() not in path.read_bytes(), path


WEAK = (
    "short",
    "a" * 64,
    "0101" * 20,
    "password" * 5,
    "qwertyuiopasdfghjklzxcvbnm1234567890",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "20261127" * 5,
    "9990000093" * 4,
)


@pytest.mark.parametrize("key", WEAK)
def test_a_secret_that_can_be_guessed_is_refused_and_not_shown(key):
    with pytest.raises(WeakKey) as error:
        checked_key(key)
    assert key not in str(error.value) and VARIABLE in str(error.value)


def test_a_random_secret_is_taken():
    for digits in (16, 32, 64):
        assert checked_key(secrets.token_hex(digits))


def test_another_secret_recipient_purpose_or_release_gives_other_keys():
    keys = []
    for secret, given in (
        (PSEUDONYM_KEY, {"one": "a", "two": "a"}),
        (PSEUDONYM_KEY + "!", {"one": "a", "two": "a"}),
        (PSEUDONYM_KEY, {"one": "b"}),
    ):
        connection = duckdb.connect()
        register(connection, secret, given)
        for recipient in given:
            keys += connection.execute(
                "select unnest([cld_pseudonym($1, '2026-06', 'person', '1'), cld_pseudonym($1, '2026-09', 'person', '1'),"
                " cld_pseudonym($1, '2026-09', 'row', '1')])",
                [recipient],
            ).fetchall()
    assert len(set(keys)) == len(keys) == 15


def test_without_a_secret_no_pseudonymised_row_is_built_and_it_is_said(built, tmp_path):
    shutil.copy(built.database, tmp_path / "council.duckdb")
    with duckdb.connect(str(tmp_path / "council.duckdb")) as connection:
        connection.execute("drop table council.sharing.share_events")
    run = dbt(tmp_path, "run", "--select", "path:models/sharing", pseudonym_key="")
    assert run.exit_code == 0, run.printed
    assert "share_events was not built: CLD_PSEUDONYM_KEY is not set" in run.printed
    assert run.query("select count(*) from duckdb_tables() where table_name = 'share_events'") == [(0,)]


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
