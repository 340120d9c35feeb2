"""Words of closed vocabularies: one meaning each, the same in Python as in SQL; what a council may add."""

import re

import pytest
from conftest import PROJECT, edit

from asc_cld.readers.extract_reader import read_extract
from asc_cld.readers.mapping_reader import read_mapping
from asc_cld.readers.text_files import InputError
from asc_cld.specification import extract_columns, extract_names, seed_rows
from asc_cld.vocabularies import faults_of_words, known_words, meanings, starter_words, word_key

TYPED = {"date", "timestamp", "integer", "decimal", "flag", "word"}
WORDS = {
    "Canceled": "CANCELLED", " VOID ": "CANCELLED", "Deleted": "CANCELLED", "Entered in error": "CANCELLED",
    "CANCELLED - ENTERED IN ERROR": "CANCELLED", "entered-in-error": "CANCELLED", "Finished": "COMPLETED",
    "Closed\u00a0": "COMPLETED", "Live": "OPEN", "In\u200b Progress": "OPEN", "In_progress": "OPEN", "On hold": "OPEN",
    "Draft": "OPEN",
}  # fmt: skip
FLAGS = {
    "Y": "TRUE", "yes": "TRUE", "True": "TRUE", "T": "TRUE", "1": "TRUE", "-1": "TRUE", "1.0": "TRUE", "X": "TRUE",
    "On": "TRUE", "Checked": "TRUE", "n": "FALSE", "No": "FALSE", "FALSE": "FALSE", "F": "FALSE", "0": "FALSE",
    "0.0": "FALSE", "Off": "FALSE", "Unchecked": "FALSE",
}  # fmt: skip


def test_a_word_has_one_meaning_and_every_meaning_is_a_word_of_the_contract():
    said = {}
    for row in seed_rows("specification", "spec_words"):
        assert row["meaning"] in meanings()[row["vocabulary"]]
        key = (row["vocabulary"], word_key(row["word"]))
        assert key not in said, key
        said[key] = row["meaning"]
    columns = [column for name in extract_names() for column in extract_columns(name).values()]
    assert {column["vocabulary"] for column in columns} - {""} == set(meanings())


@pytest.mark.parametrize(("vocabulary", "words"), [("event_status", WORDS), ("flag", FLAGS)])
def test_usual_words_are_known(vocabulary, words):
    known = known_words()[vocabulary]
    assert {word: known.get(word_key(word)) for word in words} == words


@pytest.mark.parametrize("word", ["Frozen", "2", "Maybe", "N/K", "?", "Inactive", "Canc"])
def test_a_word_that_may_mean_several_things_has_no_meaning(word):
    for known in known_words().values():
        assert word_key(word) not in known


def test_sql_compares_words_as_python_does(demo_build):
    in_sql = demo_build.query("select vocabulary, word_key, meaning from council.staging.stg_extracts__words")
    in_python = {
        (vocabulary, key, meaning)
        for vocabulary, known in known_words().items()
        for key, meaning in known.items()
    }
    assert set(in_sql) == in_python


def kind_of(spec):
    if spec["key_role"]:
        needed = "needed reference" if spec["is_required"] == "yes" else "reference"
        return "key" if spec["key_role"] == "primary key" else needed
    if spec["data_type"] == "identifier":
        return "nhs_number"
    if spec["data_type"] == "word":
        return f"word:{spec['vocabulary']}"
    return spec["data_type"] if spec["data_type"] in TYPED else None


def test_staging_reads_every_typed_column_of_the_contract():
    """A column that the contract types and staging forgets would be read by nobody, or named by nobody."""
    for name in extract_names():
        wanted = {column: kind for column, spec in extract_columns(name).items() if (kind := kind_of(spec))}
        sql = (PROJECT / f"models/staging/extracts/stg_extracts__{name}.sql").read_text(encoding="utf-8")
        block = re.search(r"typed_columns = \{(.*?)\}", sql, re.DOTALL)
        read = dict(re.findall(r"'(\w+)': '([\w: ]+)'", block[1])) if block else {}
        assert read == wanted, name


def write(folder, *lines):
    path = folder / "map_words.csv"
    path.write_text("\n".join(("vocabulary,word,meaning", *lines)) + "\n", encoding="utf-8")
    return path


def test_the_council_s_own_words_may_be_left_out(tmp_path):
    assert read_mapping(tmp_path, "map_words").num_rows == 0
    write(tmp_path, "event_status,Frozen,OPEN", "flag,Ja,", "event_status,(blank),completed")
    assert read_mapping(tmp_path, "map_words").num_rows == 3


def test_a_slip_in_the_council_s_own_words_is_named(tmp_path):
    write(
        tmp_path,
        "event_status,Frozen,OPEN",
        "event_statuss,Iced,OPEN",
        "event_status,Gone,FINISHED",
        "event_status,FROZEN,COMPLETED",
        "flag,,TRUE",
    )
    with pytest.raises(InputError) as error:
        read_mapping(tmp_path, "map_words")
    said = str(error.value)
    for part in (
        "map_words.csv, line 3",
        "the nearest is 'event_status'",
        "map_words.csv, line 4",
        "write one of OPEN, COMPLETED, CANCELLED",
        "map_words.csv, line 5",
        "line 2 says",
        "map_words.csv, line 6",
    ):
        assert part in said, said
    assert "line 2, column" not in said
    assert not list(faults_of_words([(2, {"vocabulary": "flag", "word": "Ja", "meaning": "true"})]))


def test_a_first_mapping_holds_the_words_really_in_use(extracts_copy):
    edit(extracts_copy / "contact.csv", renamed("status", {"OPEN": "Frozen", "CANCELLED": "Void"}))
    tables = {name: read_extract(extracts_copy, name).to_pylist() for name in ("contact", "relationship")}
    rows = {(row["vocabulary"], row["word"]): row for row in starter_words(tables)}
    assert rows["event_status", "Void"]["meaning"] == "CANCELLED"
    assert rows["event_status", "Frozen"]["meaning"] == ""
    assert "write one of OPEN, COMPLETED, CANCELLED" in rows["event_status", "Frozen"]["note"]
    assert rows["flag", "Y"]["meaning"] == "TRUE"
    assert ("event_status", "OPEN") not in rows


def test_two_keys_that_an_export_of_numbers_makes_one_stop_the_run(extracts_copy):
    edit(
        extracts_copy / "contact.csv",
        lambda rows: [
            row | {"contact_id": ["123", "123.0"][place]} if place < 2 else row
            for place, row in enumerate(rows)
        ],
    )
    with pytest.raises(InputError, match="contact_id is the primary key, yet 1 values stand more than once"):
        read_extract(extracts_copy, "contact")


def renamed(column, words):
    return lambda rows: [row | {column: words.get(row[column], row[column])} for row in rows]


@pytest.fixture
def extracts_copy(tmp_path):
    for name in ("contact", "relationship"):
        source = PROJECT / "data" / "demo" / "extracts" / f"{name}.csv"
        (tmp_path / source.name).write_bytes(source.read_bytes())
    return tmp_path
