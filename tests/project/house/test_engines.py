"""The layers that a region runs too (submissions, data_quality, dhsc) are written for more than one engine.

What engines write differently stands in a macro that is dispatched (macros/adapters); a model calls that. Where a
model spells such a function itself, it is named here with the macro to use. Texts given to macros count too.
"""

import re
from pathlib import Path

import pytest
from conftest import PROJECT

ROOMS = (
    "models/submissions",
    "models/data_quality",
    "models/dhsc",
    "models/regional",
    "models/staging/submissions",
)
# {what engines do not share: what to call instead}
NOT_SHARED = {
    r"strftime\s*\(": "day_as_text()",
    r"(?:try_)?strptime\s*\(": "try_parse_date()",
    r"(?:string_agg|listagg|group_concat|array_agg)\s*\(": "joined_text()",
    r"regexp_replace\s*\(": "without_signs()",
    r"regexp_(?:matches|full_match|like|extract|extract_all|split_to_array)\s*\(": "matches_pattern() or words()",
    r"unnest\s*\(": "words() or split_codes()",
    r"(?:list|array|struct|map)_\w+\s*\(": "a row for each thing",
    r"sha256\s*\(": "sha256_of()",
    r"(?:jaro_winkler_similarity|levenshtein)\s*\(": "text_similarity()",
    # Which spaces go, and in which order two texts stand, is for each engine to say.
    r"[lr]?trim\s*\((?!leading|trailing|both)": "trimmed() or end_trimmed(), or trim(leading ... from ...)",
    r"(?:date_diff|datediff|date_sub|date_add)\s*\(": "dbt.datediff() or add_days()",
    r"(?:arg_max|arg_min|max_by|min_by)\s*\(": "row_number() in a query before",
    r"(?:unpivot|pivot|qualify|asof)\b": "unpivoted() or a query before",
    r"union\s+(?:all\s+)?by\s+name\b": "the columns by name",
    r"\*\s+exclude\b": "the columns by name",
    r"::\s*\w+": "cast()",
}
PARTS = [
    (re.compile(rf"(?<![\w.]){part}" if part[0] not in r"\:" else part, re.IGNORECASE), macro)
    for part, macro in NOT_SHARED.items()
]
COMMENT = re.compile(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", re.DOTALL)


def of_one_engine(text: str) -> list[tuple[int, str, str]]:
    """[(line, what is spelt, what to call instead)] of a model's text."""
    text = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return sorted(
        (text.count("\n", 0, found.start()) + 1, found[0], macro)
        for part, macro in PARTS
        for found in part.finditer(text)
    )


def models() -> list[Path]:
    return sorted(path for room in ROOMS for path in (PROJECT / room).rglob("*.sql"))


def test_models_of_these_layers_leave_to_macros_what_engines_write_differently():
    assert len(models()) > 100
    faults = [
        f"{path.relative_to(PROJECT).as_posix()}:{line}: {spelt}; use {macro}"
        for path in models()
        for line, spelt, macro in of_one_engine(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "sql",
    [
        "select strftime(day, '%Y')",
        "select STRING_AGG(word, ', ' order by word)",
        "select regexp_replace(lower(word), '[^a-z]', '', 'g')",
        "select regexp_matches (word, 'x')",
        "{%- set day = \"strftime({}, '%d')\" %}",
        "select list_filter(words, lambda word: word <> '')",
        "select word::varchar",
        "select ltrim(trim(word), '0')",
        "select * exclude (word)",
        "select word from words qualify row_number() over (order by word) = 1",
        "select word from words union all by name select word from others",
    ],
)
def test_what_one_engine_alone_knows_is_found(sql: str):
    assert of_one_engine(f"-- why\n{sql}\n")[0][0] == 2


@pytest.mark.parametrize(
    "sql",
    [
        "-- strftime() is not used here",
        "{# string_agg(word, ', ') #}",
        "select {{ day_as_text('day', '%Y') }}, {{ dbt.datediff('one', 'two', 'day') }}",
        "select coalesce(list_rules.severity, rules.severity)",
        "select {{ joined_text('distinct word', \"', '\", 'word') }}",
    ],
)
def test_what_engines_share_is_not(sql: str):
    assert not of_one_engine(sql)
