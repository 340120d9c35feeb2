"""sqlfluff over all SQL of the project, in one process that reads dbt's project once.

`sqlfluff lint models tests` finds the same and takes twice as long: half of its time is Python's search for
circular garbage among what dbt and the parser hold. Here the search is rare, and leaves out what dbt holds.

What the macros of values (macros/cleaning) make of a column is some thousand letters, which sqlfluff parses and never
judges: it reports what stands in a file, not what came out of a macro. Here such a call stays a call, so that the
nine tenths of staging's SQL which nobody wrote there are not walked by every rule. DuckDB parses them in each build. Decision 0008 has the figures.

Usage: python tests/project/house/sql_form.py FILE.json PATH...
FILE.json says what was found in which line (faults), what sqlfluff warned of (warnings), which rules are on (rules),
and, so that nobody needs to believe it, which rules found what was planted for them (planted, in_a_model).
"""

from __future__ import annotations

import gc
import json
import logging
import re
import sys
from pathlib import Path

from sqlfluff.core import FluffConfig, Linter

PROJECT = Path(__file__).resolve().parents[3]
# Macros that make one value of a column, and no join, list of columns or pattern.
VALUES = {path.stem for path in (PROJECT / "macros" / "cleaning").glob("*.sql")} | {"clean_key", "read_date"}
NO_VALUES = {"join_references", "key_order", "identifying_pattern"}
# `clean_text(records.title)`: the call as SQL, with what it was given of columns and texts.
CALL = "{{% macro {name}() -%}}{name}({{{{ varargs | select('string') | join(', ') }}}}){{%- endmacro %}}"


# Small pieces of SQL, each with a fault in it, and changes to a model that calls macros of values.
PLANTED = Path(__file__).with_name("planted_faults.txt")
MODEL = "models/staging/extracts/stg_extracts__review.sql"
SPOILT = (
    ("    {{ clean_text('records.", "      {{ clean_text('records."),  # LT02
    (") }} as ", ") }}  as "),  # LT01
    ("{{ clean_key('records.", "{{clean_key('records."),  # JJ01
    ("select * from", "SELECT * from"),  # CP01
)


class Heard(logging.Handler):
    """Keeps what sqlfluff warns of: a file it skips or cannot lint is a warning to it, and no fault."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.warnings.append(record.getMessage())


def said_of(linter: Linter, paths: list[str]) -> list[str]:
    """What the linter finds, a line each."""
    result = linter.lint_paths(tuple(paths), processes=1, retain_files=False)
    return [
        f"{record['filepath']}:{fault['start_line_no']}: {fault['code']} {fault['description']}"
        for record in result.as_records()
        for fault in record["violations"]
    ]


def leave_calls_of_values(linter: Linter, config: FluffConfig) -> None:
    """Reads the project, and lets each macro that makes a value write its own name."""
    # Whoever sorts the files has read the project.
    list(linter.templater.sequence_files([], config=config))
    macros = linter.templater.dbt_manifest.macros
    for name in VALUES - NO_VALUES:
        macros[f"macro.asc_cld.{name}"].macro_sql = CALL.format(name=name)


def found_of_planted() -> dict[str, list[str]]:
    """The rules that find a fault in each planted piece, by the rule it was planted for."""
    linter = Linter(config=FluffConfig.from_root(overrides={"templater": "raw"}))
    pieces = re.split(r"(?m)^--= (\w+)\n", PLANTED.read_text(encoding="utf-8"))
    return {
        rule: sorted({fault.rule_code() for fault in linter.lint_string(piece).get_violations()})
        for rule, piece in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def found_in_a_model(linter: Linter, config: FluffConfig) -> list[str]:
    """The rules that find a fault in a model of the project, spoilt in memory only."""
    text = (PROJECT / MODEL).read_text(encoding="utf-8")
    for right, wrong in SPOILT:
        assert right in text, right
        text = text.replace(right, wrong, 1)
    [node] = [
        node
        for node in linter.templater.dbt_manifest.nodes.values()
        if node.original_file_path == MODEL and node.resource_type == "model"
    ]
    node.raw_code, node.compiled = text, False
    return sorted({fault.rule_code() for fault in linter.lint_string(text, fname=MODEL).get_violations()})


def main(written: str, *paths: str) -> None:
    heard = Heard()
    logging.getLogger("sqlfluff").addHandler(heard)
    config = FluffConfig.from_root()
    linter = Linter(config=config)
    leave_calls_of_values(linter, config)
    # What dbt holds by now stays until the end: no use in looking through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 1000)
    told = {
        "faults": said_of(linter, list(paths)),
        "warnings": sorted(set(heard.warnings)),
        "rules": [rule.code for rule in linter.get_rulepack(config=config).rules],
        "planted": found_of_planted(),
        "in_a_model": found_in_a_model(linter, config),
    }
    Path(written).write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
