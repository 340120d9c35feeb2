"""Computes the figures as they were before each council's latest submission, and what moved them.

    asc-cld movement
    asc-cld movement --vars '{reporting_period_end: "2026-09-30", include_built: "false"}'

Needs a built database. The dhsc layer is built once more without the latest submission, for the period of
the one before it, in a schema of its own that is dropped at the end; then dhsc.dhsc_measure_movement and
dhsc.dhsc_movement_people are built (docs/measures.md). Give the same settings as to the build.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from rich.console import Console

from asc_cld.command_line import dbt_run
from asc_cld.database import default_path, has_table, open_database, open_to_change
from asc_cld.plainly import plainly

EARLIER_SCHEMA = "dhsc_earlier"
HEADLINES = ("dhsc_headline_states", "dhsc_headline_measures", "dhsc_headline_people")
COPIES = ("dhsc_earlier_states", "dhsc_earlier_measures", "dhsc_earlier_people")
COMPARED = """
    select
        compared_files.la_code,
        case
            when date_trunc('quarter', compared_files.previous_period_end + 1) = compared_files.previous_period_end + 1
                then strftime(compared_files.previous_period_end, '%Y-%m-%d')
        end as earlier_period_end
    from submissions.sub_compared_files as compared_files
    order by all
"""


MOVED = """
    select
        verdicts.la_code, verdicts.verdict, verdicts.is_compared, count(movement.measure),
        count(*) filter (movement.numerator_change <> 0 or movement.denominator_change <> 0),
        (
            select count(distinct people.der_nhs_la_combined_person_id) from dhsc.dhsc_movement_people as people
            where people.la_code = verdicts.la_code
        )
    from dhsc.dhsc_movement_verdicts as verdicts
    left join dhsc.dhsc_measure_movement as movement using (la_code)
    group by verdicts.la_code, verdicts.verdict, verdicts.is_compared
    order by verdicts.la_code
"""


def compared_councils(database: Path, settings: dict | None = None) -> list[tuple[str, str | None]]:
    """(council, last day of its earlier submission's period) of each council with two submissions."""
    with open_database(database, given_vars=settings) as connection:
        for schema, table in (("submissions", "sub_compared_files"), ("dhsc", HEADLINES[0])):
            if not has_table(connection, schema, table):
                raise SystemExit(
                    f"{database} has no table {schema}.{table}: build first (make build or make check)."
                )
        return connection.execute(COMPARED).fetchall()


def drop_earlier_schema(database: Path) -> None:
    """What the earlier state was computed in holds people and is not needed again."""
    with open_to_change(database) as connection:
        connection.execute(f"drop schema if exists council.{EARLIER_SCHEMA} cascade")


def moved(database: Path, settings: dict | None = None) -> Iterator[str]:
    """What can be said of each council: whether its figures are compared, and how many of them moved, by whom."""
    with open_database(database, given_vars=settings) as connection:
        for la_code, verdict, is_compared, figures, changed, people in connection.execute(MOVED).fetchall():
            said = f" {changed} of {figures} figures moved, by {people} people." if is_compared else ""
            yield f"{la_code}: {verdict}.{said}"


@plainly("movement")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vars", default="{}", help="settings, as given to dbt build")
    parser.add_argument("--verbose", action="store_true", help="show dbt's own log")
    options = parser.parse_args(arguments)
    settings = yaml.safe_load(options.vars) or {}
    database, console = Path(settings.get("database_path") or default_path()), Console(emoji=False)

    # Of a council whose earlier submission states no period that ends with a quarter the verdict says so.
    periods = sorted({end for _, end in compared_councils(database, settings) if end})
    new_figures = [
        *("build", "--select", *(f"{name}+" for name in COPIES)),
        *("--exclude", "resource_type:unit_test"),
    ]
    code = dbt_run.DONE
    try:
        for earlier_end in periods or [None]:
            if earlier_end:
                code = dbt_run.run_dbt(
                    console,
                    *("run", "--select", *(f"+{name},path:models/dhsc" for name in HEADLINES)),
                    named=settings
                    | {"without_latest_submission": "true", "reporting_period_end": earlier_end},
                    verbose=options.verbose,
                    # A target folder of its own: the parse cache of the last build stays good.
                    target="movement",
                    # The first day follows from the last: that of the later period is no day of this one.
                    without=["reporting_period_start"],
                )
            code = code or dbt_run.run_dbt(
                console,
                *new_figures,
                named=settings | {"with_earlier_state": "true"},
                verbose=options.verbose,
            )
            if code:
                dbt_run.say(
                    console, "What moved the figures was not computed; those of the last build are untouched."
                )
                return code
    finally:
        drop_earlier_schema(database)
    dbt_run.say(
        console,
        *moved(database, settings),
        "dhsc.dhsc_measure_movement has each figure before and now, dhsc.dhsc_movement_people who moved it"
        " (docs/measures.md).",
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
