"""Each macro that engines write differently gives the same for the same texts, on DuckDB and on Spark."""

from __future__ import annotations

import csv
import random
from types import SimpleNamespace

import duckdb
import pytest

from asc_cld import spark_run
from asc_cld.spark_run import SparkError

pytestmark = pytest.mark.spark

PERIOD_END = "2026-09-30"
# Texts as files hold them; with line breaks at the end, letters beyond ASCII, quotation marks and backslashes.
TEXTS = [
    *("24-12-2024", "24.12.2024", "31.02.2024", "1-2-2024"),
    *(
        "",
        " ",
        "NULL",
        "null",
        "a",
        "ab",
        "Service",
        "service ",
        " Service",
        "Ser\u200bvice",
        "Ser\u00a0vice",
        "\u00a0",
    ),
    *(
        "a; b; c",
        "a; b; c; d; e",
        "O'Brien",
        'say "so"',
        "back\\slash",
        "tab\there",
        "line\nbreak",
        "end\n",
        "end\r\n",
    ),
    *(
        "=1+1",
        "@x",
        "-5",
        "+44",
        "−5",
        "Ελένη",
        "Жанна",
        "naïve café",
        "ß",
        "ﬀ",
        "a\u3000\u2003",
        "é",
        "\ufeffbom",
    ),
    *(
        "2024-12-24",
        "24/12/2024",
        "4/1/2024",
        "31/02/2024",
        "2024-02-30",
        "0000-01-01",
        "01/01/0001",
        "9999-12-31",
    ),
    *(
        "24-DEC-2024",
        "24 December 2024",
        "2024/12/24",
        "20241224",
        "2024-12-24T10:11:12",
        "2024-12-24 10:11:12.5",
    ),
    *(
        "2024-07-01T00:30:00+01:00",
        "2024-07-01T23:30:00Z",
        "Excel day 45650",
        "Excel day 45650.75",
        "12 AM",
        "1/2/24",
    ),
    *(
        "24/12/2024 1:05 PM",
        "24/12/2024 12:05 AM",
        "24/12/2024 25:00",
        "1st of May 2024",
        "May 3, 2024",
        "2024-May-03",
    ),
    *(
        "18.50",
        ".5",
        "1,234.56",
        "1 234.56",
        "-18.50",
        "18.50-",
        "(18.50)",
        "£18.50",
        "GBP 18.50",
        "18,50",
        "1.85E+01",
    ),
    *("NaN", "12345678901234567890", "0.00005", "1,23", "£ -5", "- £5", "7 GBP", "£(3.25)"),
    *(
        "9990000018",
        "999 000 0018",
        "999-000-0018",
        "999.000.0018",
        "'9990000018",
        '="9990000018"',
        "NHS 999 000 0018",
    ),
    *(
        "9990000018.0",
        "9.990000018E+09",
        "9.99E+09",
        "９９９００００００１８",
        "NHS No: 9990000018",
        "99900O0018",
    ),
    *(
        "B70 8SZ",
        "b708sz",
        "someone@example.org",
        "call 999 000 0018 now",
        "1-123456789",
        "SL9",
        "SL10",
        "9",
        "10",
    ),
    *("ABC-1,2", "x\u00ady", "two  spaces", "three   and\u2003em", "nil"),
]
FORMS = {
    "clean_text": lambda m: m["clean_text"]("t"),
    "strip_spaces": lambda m: m["strip_spaces"]("t"),
    "is_plain_text": lambda m: m["is_plain_text"]("t"),
    "blank_to_null": lambda m: m["blank_to_null"]("t"),
    "holds_unseen": lambda m: m["holds_unseen"]("t"),
    "shown_text": lambda m: m["shown_text"]("t"),
    "holds_other_alphabet": lambda m: m["holds_other_alphabet"]("t"),
    "holds_identifier": lambda m: m["holds_identifier"]("t"),
    "begins_like_a_formula": lambda m: m["begins_like_a_formula"]("t"),
    "begin_of_list": lambda m: m["begin_of_list"]("t", 3),
    "form_of": lambda m: m["form_of"]("t"),
    "small letters": lambda m: "lower(t)",
    "trimmed": lambda m: m["trimmed"]("t"),
    "end_trimmed": lambda m: m["end_trimmed"]("t"),
    "plain_figures": lambda m: m["plain_figures"]("t"),
    "csv_cell": lambda m: m["csv_cell"]("t"),
    "sha256_of": lambda m: m["sha256_of"]("t"),
    "submitted_date": lambda m: m["submitted_date"]("t"),
    "submitted_amount": lambda m: m["submitted_amount"]("t"),
    "submitted_whole_number": lambda m: m["submitted_whole_number"]("t"),
    "month first": lambda m: m["try_parse_date"]("t", ["%m/%d/%Y"]),
    "other signs": lambda m: m["try_parse_date"]("t", ["%d-%m-%Y", "%d.%m.%Y"]),
    "read_number": lambda m: m["read_number"]("t"),
    # The year before the first is written otherwise; parse_date() takes it for no day.
    "read_date": lambda m: f"case when t not like '0000%' then {m['read_date']('t')} end",
    "read_timestamp": lambda m: f"case when t not like '0000%' then {m['read_timestamp']('t')} end",
    "real_day": lambda m: m["real_day"](
        f"case when t not like '0000%' then {m['read_date']('t')} end", "start_date"
    ),
    "without_signs": lambda m: m["without_signs"]("lower(t)", "[^a-z0-9]"),
    "parse_date": lambda m: m["parse_date"]("t"),
    "parse_nhs_number": lambda m: m["parse_nhs_number"]("t"),
    "nhs_number_is_valid": lambda m: m["nhs_number_is_valid"]("t"),
    **{
        f"pattern {pattern}": lambda m, pattern=pattern: m["matches_pattern"]("t", pattern)
        for pattern in (
            "^[0-9]{10}$",
            "(^|[^a-z])é$",
            "(?i)^É",
            "a.b",
            "^.*$",
            "[$]",
            "''",
            r"\\",
            "^[^$]+$",
            r"\s$",
        )
    },
    "day as text": lambda m: m["day_as_text"](m["try_parse_date"]("t", ["%Y-%m-%d"]), "%-d %b %Y"),
    "day as sent": lambda m: m["day_as_text"](m["try_parse_date"]("t", ["%Y-%m-%d"]), "%d/%m/%Y"),
    "name of a month": lambda m: m["day_as_text"](m["try_parse_date"]("t", ["%Y-%m-%d"]), "%-d%B%y"),
}


@pytest.fixture(scope="module")
def spark():
    try:
        spark_run.refuse_without_spark()
    except SparkError as error:
        pytest.skip(str(error))
    from pyspark.sql import SparkSession

    # As dbt-spark's session is; profiles.yml has the same.
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.ansi.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate()
    )
    yield session
    session.stop()


def test_the_list_of_functions_is_sparks(spark):
    """By which the tests without Spark (test_sql_of_both_engines.py) know what it has."""
    from test_sql_of_both_engines import FUNCTIONS

    there = {row[0] for row in spark.sql("show system functions").collect()}
    assert len(FUNCTIONS) > 400 and there >= FUNCTIONS, FUNCTIONS - there


def on_both(spark, rows: list[tuple], columns: str, forms: dict) -> tuple[list[dict], list[dict]]:
    """What the forms give on DuckDB and on Spark for rows of texts, as texts."""
    from macro_sql import macros

    found = []
    for engine in ("duckdb", "spark"):
        written = macros(engine, reporting_period_end=PERIOD_END)
        sql = "select " + ", ".join(
            f"cast({form(written)} as string) as f{number}" for number, form in enumerate(forms.values())
        )
        if engine == "spark":
            spark.createDataFrame(
                rows, ", ".join(f"{column} string" for column in columns)
            ).createOrReplaceTempView("given")
            answers = [tuple(row) for row in spark.sql(f"{sql} from given").collect()]
        else:
            connection = duckdb.connect()
            connection.execute("set timezone = 'UTC'")
            connection.execute(f"create table given ({', '.join(f'{column} varchar' for column in columns)})")
            connection.executemany(f"insert into given values ({', '.join('?' * len(columns))})", rows)
            answers = connection.execute(f"{sql} from given").fetchall()
        found.append([dict(zip(forms, row, strict=True)) for row in answers])
    return found[0], found[1]


def test_macros_read_the_same_of_every_text(spark):
    ours, theirs = on_both(spark, [(text,) for text in TEXTS] + [(None,)], ["t"], FORMS)
    faults = [
        f"{name} of {text!r}: DuckDB {here[name]!r}, Spark {there[name]!r}"
        for text, here, there in zip([*TEXTS, None], ours, theirs, strict=True)
        for name in FORMS
        if here[name] != there[name]
    ]
    assert not faults, "\n".join(faults)
    # They say something: no form gives the same for all.
    for name in FORMS:
        assert len({row[name] for row in ours}) > 1, name


def test_texts_are_as_alike_on_spark_as_on_duckdb(spark):
    draw = random.Random(7)
    words = [
        "Long term support",
        "Long Term Support: Nursing care",
        "Unpaid carer",
        "",
        "a",
        "ab",
        "ba",
        "naïve",
        "Martha",
        "Marhta",
    ]
    pairs = [(one, other) for one in words for other in words]
    pairs += [
        (
            "".join(draw.choices("abcde ", k=draw.randint(0, 14))),
            "".join(draw.choices("abcde ", k=draw.randint(0, 14))),
        )
        for _ in range(400)
    ]
    forms = {"alike": lambda m: f"round({m['text_similarity']('one', 'two')}, 9)"}
    ours, theirs = on_both(spark, pairs, ["one", "two"], forms)
    faults = [
        (pair, here, there)
        for pair, here, there in zip(pairs, ours, theirs, strict=True)
        if abs(float(here["alike"]) - float(there["alike"])) > 1e-9
    ]
    assert not faults, faults[:20]


def rows_on_both(spark, tables: dict[str, tuple[str, list[tuple]]], query) -> tuple[list[tuple], list[tuple]]:
    """The rows that a query gives on DuckDB and on Spark, as sorted texts; {table: (columns with types, rows)}.

    `query` writes it from the macros of an engine.
    """
    from macro_sql import macros

    connection = duckdb.connect()
    for name, (columns, rows) in tables.items():
        spark.createDataFrame(rows, columns).createOrReplaceTempView(name)
        connection.execute(f"create table {name} ({columns})")
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into {name} values ({places})", rows)
    written = {engine: macros(engine, reporting_period_end=PERIOD_END) for engine in ("duckdb", "spark")}
    # Spark reads a file through a view, which the macro makes.
    written["spark"]["run_query"] = spark.sql
    ours = connection.execute(query(written["duckdb"])).fetchall()
    theirs = [tuple(row) for row in spark.sql(query(written["spark"])).collect()]

    def as_texts(rows):
        return sorted([tuple(None if cell is None else str(cell) for cell in row) for row in rows], key=repr)

    return as_texts(ours), as_texts(theirs)


def test_texts_are_joined_in_one_order(spark):
    words = ["b", "Z", "a", "é", "Ω", "10", "9", "", " ", "a", "\u00a0x", "ab", None]
    rows = [(group, word, len(words) - place) for group in ("one", "two") for place, word in enumerate(words)]
    rows += [("none", None, 1), ("none", None, 2), ("unordered", "x", None), ("unordered", "y", 5)]
    ours, theirs = rows_on_both(
        spark,
        {"given": ("name string, word string, place int", rows)},
        lambda m: (
            "select name, "
            + ", ".join(
                m["joined_text"](text, separator, order) + f" as {name}"
                for name, text, separator, order in (
                    ("by_word", "word", "'; '", "word"),
                    ("by_place", "word", "', '", "place"),
                    ("each_once", "distinct word", "'|'", "word"),
                )
            )
            + " from given group by name"
        ),
    )
    assert ours == theirs
    # By code point; nothing of nothing is nothing, and what has no place comes last.
    assert ours[0] == ("none", None, None, None)
    assert ours[1] == ("one", "; ".join(sorted(word for word in words if word is not None)), *ours[1][2:])
    assert ours[3][2] == "y, x"


def test_values_are_looked_up_alike(spark):
    known = [
        ("a", "1", "yes"),
        ("a", "1", "yes"),
        ("b", None, "yes"),
        ("A", "2", "yes"),
        ("c", "3", "no"),
        ("", "4", "yes"),
    ]
    asked = [("a",), ("b",), ("A",), ("c",), ("",), ("d",), ("a ",), (None,)]
    for condition in ("known.is_good = 'yes'", "known.is_good = 'never'"):
        ours, theirs = rows_on_both(
            spark,
            {
                "listed": ("word string, meaning string, is_good string", known),
                "given": ("word string", asked),
            },
            lambda m, condition=condition: (
                f"select word, {m['looked_up']('listed', 'word', 'meaning', condition, 'given.word')} as meaning"
                " from given"
            ),
        )
        assert ours == theirs, condition
        assert ("a", "1" if "yes" in condition else None) in ours


def test_texts_by_their_names_are_the_same(spark):
    rows = [(word, word.upper()) for word in TEXTS] + [(None, "x"), ("", None)]
    ours, theirs = rows_on_both(
        spark,
        {"given": ("one string, two string", rows)},
        lambda m: (
            "select texts['one'] as one, texts['two'] as two, texts['three'] as three from"
            f" (select {m['texts_by_name']('given', ['one', 'two'])} as texts from given) as named"
        ),
    )
    assert ours == theirs and len(set(ours)) > 50


def test_the_cells_of_rows_are_the_same(spark):
    rows = [(str(number), word, word[::-1]) for number, word in enumerate(TEXTS)]
    rows += [("none", None, None), ("half", None, "x"), ("rest", "", None)]
    ours, theirs = rows_on_both(
        spark,
        {"given": ("key string, one string, two string", rows)},
        lambda m: (
            "select cells.key, cells.field_name, cells.field_value from"
            f" {m['cells']('given', ['key'], ['one', 'two'])} as cells"
        ),
    )
    assert ours == theirs and len(ours) == 2 * len(rows)
    # A field that is blank has its row too.
    assert [row for row in ours if row[0] == "half"] == [("half", "one", None), ("half", "two", "x")]


@pytest.mark.parametrize("step", ["1 day", "1 month", "3 month", "1 year"])
def test_a_series_of_days_is_the_same(spark, step):
    spans = [
        ("2025-10-01", "2026-09-30"),
        ("2026-01-31", "2026-12-31"),
        ("2024-02-29", "2025-02-28"),
        ("2026-09-30", "2026-09-30"),
        ("2026-03-29", "2026-03-30"),
        ("2026-03-29", "2026-03-28"),
    ]
    series = {}
    for first, last in spans:
        ours, theirs = rows_on_both(
            spark,
            {},
            lambda m, first=first, last=last: (
                "select "
                + m["series_of_days"](f"cast('{first}' as date)", f"cast('{last}' as date)", step)
                + " as day"
            ),
        )
        assert ours == theirs, (first, last, step)
        series[first] = ours
        assert ours[:1] == ([(first,)] if first <= last else [])
    if step == "1 month":
        assert [day for (day,) in series["2026-01-31"]][:4] == [
            "2026-01-31",
            "2026-02-28",
            "2026-03-31",
            "2026-04-30",
        ]


def test_words_are_parted_alike(spark):
    texts = [
        *TEXTS,
        "O'Brien-Smith",
        "naïve café",
        "e\u0301t",
        "a1b2",
        "Ελένη και Жанна",
        "straße STRASSE",
        "中文 字",
        "x_y",
    ]
    ours, theirs = rows_on_both(
        spark,
        {"given": ("t string", [(text,) for text in texts] + [(None,)])},
        lambda m: f"select t, {m['words']('t')} as word from given",
    )
    assert ours == theirs and len(ours) > 80
    assert [row[1] for row in ours if row[0] == "O'Brien-Smith"] == ["Brien", "O", "Smith"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_csv_file_is_read_alike(spark, tmp_path, line_end):
    cells = [
        "plain",
        "",
        "a, b",
        'say "so"',
        "line\nbreak",
        " spaces ",
        "back\\slash",
        "\\",
        '"',
        "é Ω 中",
        "NULL",
        "00012",
    ]
    cells += ["1,5", "'", "#no comment", "=1+1", "2026-09-30", "a;b", "tab\there", "\\N", "nan", "true"]
    path = tmp_path / "of cells.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator=line_end)
        writer.writerow(["name", "first_cell", "second_cell"])
        for number, cell in enumerate(cells):
            writer.writerow([f"row {number}", cell, cells[-1 - number]])
        # An empty text in quotation marks is blank too.
        stream.write(f'quoted,"",x{line_end}')
    ours, theirs = rows_on_both(
        spark,
        {},
        lambda m: f"select name, first_cell, second_cell from {m['csv_rows'](str(path))}",
    )
    assert [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]] == []
    read = {row[0]: row[1] for row in ours}
    assert read == {f"row {number}": cell or None for number, cell in enumerate(cells)} | {"quoted": None}


def test_the_rows_of_a_seed_are_read_alike(spark, tmp_path):
    from macro_sql import macros

    path = tmp_path / "lists.csv"
    path.write_text('word,note,left_out\n"a, b",,1\n"say ""so""",é,2\nNULL," x ",3\n', encoding="utf-8")
    connection = duckdb.connect()
    found = []
    for engine, run in (
        ("duckdb", lambda sql: connection.execute(sql).fetchall()),
        ("spark", lambda sql: spark.sql(sql).collect()),
    ):
        written = macros(engine)
        written["run_query"] = lambda sql, run=run: SimpleNamespace(rows=[tuple(row) for row in run(sql)])
        found.append(written["adapter"].dispatch("rows_of_csv", "asc_cld")(str(path), ["note", "word"]))
    assert (
        found[0]
        == found[1]
        == [
            {"word": "a, b", "note": ""},
            {"word": 'say "so"', "note": "é"},
            {"word": "NULL", "note": " x "},
        ]
    )


def test_days_are_counted_alike(spark):
    days = [
        "1899-12-31",
        "1900-01-01",
        "2024-02-28",
        "2024-02-29",
        "2024-03-31",
        "2025-12-31",
        "2026-01-01",
        "2026-10-25",
        None,
    ]
    pairs = [(one, other, count) for one in days for other in days for count in (-13, -1, 0, 1, 12)]

    def forms(m):
        yield from (m["datediff"]("one", "two", part) for part in ("day", "month"))
        yield from (
            m["dateadd"](part, "count", "one") for part in ("day", "week", "month", "quarter", "year")
        )
        yield from (m["last_day"]("one", part) for part in ("month", "quarter"))
        yield m["add_days"]("one", "count")

    ours, theirs = rows_on_both(
        spark,
        {"written": ("one string, two string, count int", pairs)},
        lambda m: (
            "with given as (select cast(one as date) as one, cast(two as date) as two, count from written)"
            " select one, two, count, "
            + ", ".join(
                # Of a moment the day: DuckDB gives one where months are added.
                f"cast({form} as {'bigint' if place < 2 else 'date'}) as f{place}"
                for place, form in enumerate(forms(m))
            )
            + " from given"
        ),
    )
    assert [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]] == []
    assert len({row[3:] for row in ours}) > 100


def test_a_run_is_stopped_with_the_same_sentence(spark):
    for count in (0, 1):
        said = []
        for query in ("duckdb", "spark"):
            try:
                rows_on_both(
                    spark,
                    {},
                    lambda m, query=query, count=count: (
                        # The other engine has nothing to stop at.
                        "select case when "
                        + (f"{count} = 1" if m["adapter"].engine == query else "1 = 0")
                        + f" then {m['stop_with'](repr('409.csv, line 7: la_code is blank.'))} end as nothing"
                    ),
                )
            except Exception as error:
                said.append("409.csv, line 7: la_code is blank." in str(error))
        assert said == [True] * 2 * count
