"""Nothing that DuckDB alone knows is left in the SQL that Spark gets: every model is written for it and taken apart.

`tests/project/house/test_engines.py` reads how models are spelt, this what becomes of them with their macros. Spark itself
runs them in `make check-spark`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from dbt_runs import PROJECT
from rendered import Rendered
from sqlglot import exp
from sqlglot.dialects import Spark
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.tokens import TokenType

# Jinja's, of patterns in the models; dbt's says nothing of them.
pytestmark = pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")

# What `show system functions` of Spark 4.1 lists; make check-spark asks the Spark that is there.
FUNCTIONS = set(Path(__file__).with_name("spark_functions.txt").read_text(encoding="utf-8").split())
# Before a bracket, and no functions; two that Spark's grammar has and its list has not.
WORDS = {
    *(
        "as",
        "else",
        "except",
        "from",
        "group",
        "intersect",
        "join",
        "limit",
        "on",
        "over",
        "partition",
        "select",
    ),
    *("then", "using", "values", "where", "group by", "order by", "partition by", "timestampadd", "try_cast"),
}
TYPES = {
    *(
        "string",
        "date",
        "timestamp",
        "boolean",
        "tinyint",
        "smallint",
        "int",
        "integer",
        "bigint",
        "float",
        "double",
    ),
    *("decimal", "numeric", "binary", "array", "map", "struct"),
}
# One word, or several that the grammar takes for one (group by).
WORD = re.compile(r"[a-z_][\w ]*", re.IGNORECASE)
NO_WORDS = {"similar to", "glob", "asof", "positional"}
SIGNS = set("()[].,*/+-=<>%?:") | {"<>", "!=", "<=", ">=", "||", "->", "<=>", "=>"}
TEXTS = {TokenType.STRING, TokenType.RAW_STRING, TokenType.NUMBER, TokenType.IDENTIFIER}
BEFORE_AN_INDEX = {TokenType.VAR, TokenType.IDENTIFIER, TokenType.R_PAREN, TokenType.R_BRACKET}


@cache
def for_spark() -> Rendered:
    return Rendered("spark")


def unknown_to_spark(sql: str) -> list[str]:
    """What of a query Spark does not know, in the order it stands there."""
    try:
        tokens = Spark().tokenize(sql)
        trees = Spark().parser(error_level=ErrorLevel.RAISE).parse(tokens, sql)
    except (ParseError, TokenError) as error:
        return [f"is no SQL of Spark: {str(error).splitlines()[0]}"]
    found, brackets = [], []
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None]):
        if token.token_type is TokenType.L_PAREN:
            brackets.append(before.text.lower() if before else "")
        elif token.token_type is TokenType.R_PAREN:
            brackets.pop()
        elif (
            before and before.text.lower() == "as" and brackets[-1:] and brackets[-1] in ("cast", "try_cast")
        ):
            if token.text.lower() not in TYPES:
                found.append(f"type {token.text}")
        if sql[token.start] == '"':
            # Spark would take it for a text.
            found.append(f'"{token.text}": adapter.quote()')
        elif token.token_type in TEXTS:
            continue
        elif WORD.fullmatch(token.text):
            is_called = after is not None and after.token_type is TokenType.L_PAREN
            if is_called and before is not None and before.token_type is TokenType.DOT:
                found.append(f".{token.text}(): no function behind a dot")
            elif is_called and token.text.lower() not in FUNCTIONS | WORDS:
                found.append(f"{token.text}()")
            elif token.text.lower() in NO_WORDS:
                found.append(token.text.lower())
        elif token.token_type is TokenType.L_BRACKET and (
            before is None or before.token_type not in BEFORE_AN_INDEX
        ):
            found.append("[ ]: no list")
        elif token.text not in SIGNS:
            found.append(token.text)
    selects = sum(token.token_type is TokenType.SELECT for token in tokens)
    for tree in trees:
        for node in tree.walk():
            selects -= isinstance(node, exp.Select)
            if isinstance(node, (exp.Qualify, exp.Pivot)):
                found.append(type(node).__name__.lower())
            elif isinstance(node, exp.Distinct) and node.args.get("on"):
                found.append("distinct on")
            elif isinstance(node, exp.SetOperation) and node.args.get("by_name"):
                found.append("union by name")
            elif isinstance(node, exp.Star) and any(
                node.args.get(part) for part in ("except_", "except", "replace", "rename")
            ):
                found.append("* but some columns")
    if selects < 0:
        found.append("a query that begins with from")
    return found


def test_spark_knows_all_that_the_models_give_it():
    models = for_spark().models()
    assert len(models) > 130
    faults = {name: found for name, sql in models.items() if (found := unknown_to_spark(sql))}
    assert faults == {}


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select list_filter(words, word -> word <> '') from {{ ref('spec_words') }}", "list_filter()"),
        ("select strftime(day, '%Y') from days", "strftime()"),
        ("select regexp_matches(word, 'x') from words", "regexp_matches()"),
        ("select date_diff('day', a, b), epoch_ms(a) from days", "epoch_ms()"),
        ("select word::string from words", "::"),
        ("select 7 // 2", "is no SQL of Spark"),
        ("select [1, 2] as numbers", "[ ]: no list"),
        ("select {'a': 1} as thing", "is no SQL of Spark|{"),
        ('select words."group" from words', '"group": adapter.quote()'),
        ("select cast(word as varchar) from words", "type varchar"),
        ("select cast(word as hugeint) from words", "type"),
        ("select word from words qualify row_number() over (order by word) = 1", "qualify"),
        ("select distinct on (word) word from words", "distinct on"),
        ("select word.upper() from words", ".upper(): no function behind a dot"),
        ("select * exclude (word) from words", "exclude()|is no SQL of Spark|* but some columns"),
        ("select word from words union all by name select word from others", "union by name"),
        ("with words as (from others) select word from words", "a query that begins with from"),
        ("select word from words where word similar to 'a'", "similar to"),
        ("select cast(word as text) from words", "type text"),
        ("select word from words asof join days on words.day >= days.day", "asof"),
        ("select (1", "is no SQL of Spark"),
    ],
)
def test_what_duckdb_alone_knows_is_found(sql, named):
    found = unknown_to_spark(for_spark().sql(sql))
    assert any(fault.startswith(tuple(named.split("|"))) for fault in found), found


def test_a_macro_without_a_form_for_spark_is_found():
    """Where a macro writes DuckDB's form for both, a model that looks well gives it to Spark."""
    rendered = Rendered("spark")
    rendered.known["day_as_text"] = Rendered("duckdb").known["duckdb__day_as_text"]
    sql = (
        "select {{ day_as_text('rows_read.day', '%d/%m/%Y') }} as day from {{ ref('sub_rows') }} as rows_read"
    )
    assert unknown_to_spark(for_spark().sql(sql)) == []
    assert unknown_to_spark(rendered.sql(sql)) == ["strftime()"]


# Macros with a form for Spark that no text, day or file is put through, and parts of others that are compared.
NOT_COMPARED = {
    "get_test_sql": "counts what a test found",
    "create_csv_table": "makes a seed's table, and the tables of all seeds are compared",
    "load_csv_rows": "loads seeds, whose tables are compared",
    "make_source_schemas": "makes schemas",
    "write_lines": "writes the JUnit file, on DuckDB only",
}
PART_OF = {
    "near": "text_similarity",
    "read_rare_number": "read_number",
    "read_rare_timestamp": "read_timestamp",
    "day_and_time": "read_rare_timestamp",
    "unseen_replaced": "shown_text",
}


def test_every_macro_with_a_form_for_spark_is_compared():
    texts = [path.read_text(encoding="utf-8") for path in sorted((PROJECT / "macros").rglob("*.sql"))]
    macros = set(re.findall(r"macro\s+spark__(\w+)", "\n".join(texts)))
    compared = Path(__file__).with_name("test_macros_on_both_engines.py").read_text(encoding="utf-8")
    named = {name for name in macros if re.search(rf"\b{name}\b", compared)}
    assert len(macros) > 35
    assert macros - named == NOT_COMPARED.keys() | PART_OF.keys()
    for part, whole in PART_OF.items():
        assert any(re.search(rf"macro (spark__)?{whole}\b", text) and part in text for text in texts), part


def test_the_models_are_written_as_dbt_writes_them(demo_build):
    """On DuckDB, where dbt's own is there to compare; but for the readers of ephemeral models."""
    manifest = json.loads((demo_build.folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    compiled = {
        node["name"]: node["compiled_code"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node.get("compiled_code")
    }
    tables = {
        node["name"]: node["relation_name"]
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if node.get("relation_name")
    }
    written = Rendered("duckdb", lambda *names: tables.get(names[-1], f"__dbt__cte__{names[-1]}")).models()
    compared, differing = 0, []
    for name, sql in written.items():
        if name in compiled and "__dbt__cte__" not in sql:
            compared += 1
            if sql.split() != compiled[name].split():
                differing.append(name)
    assert differing == [] and compared > 120
