"""Computes the figures as they were before each council's latest submission, and what moved them.

    python -m asc_cld.measure_movement
    python -m asc_cld.measure_movement --vars '{reporting_period_end: "2026-09-30", include_built: "false"}'

Needs a built database. The dhsc layer is built once more without the latest submission, for the period of
the one before it, in a schema of its own that is dropped at the end; then dhsc.dhsc_measure_movement and
dhsc.dhsc_movement_people are built (docs/measures.md). Give the same settings as to the build.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from asc_cld.database import default_path, has_table, open_database, open_to_change
from asc_cld.plainly import plainly
from asc_cld.settings import given, target_folder
from asc_cld.specification import PROJECT

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


def compared_councils(database: Path, settings: dict | None = None) -> list[tuple[str, str | None]]:
    """(council, last day of its earlier submission's period) of each council with two submissions."""
    with open_database(database, given_vars=settings) as connection:
        for schema, table in (("submissions", "sub_compared_files"), ("dhsc", HEADLINES[0])):
            if not has_table(connection, schema, table):
                raise SystemExit(
                    f"{database} has no table {schema}.{table}: build first (make build or make check)."
                )
        return connection.execute(COMPARED).fetchall()


def run_dbt(named: dict, *arguments: str, target: Path, without: Iterable[str] = ()) -> None:
    """One dbt run with these settings. Raises SystemExit where it fails: its own words say why."""
    with given(named, without):
        done = _dbt(arguments, target)
    if done.returncode != 0:
        raise SystemExit(
            f"dbt stopped (exit code {done.returncode}); the tables of the last build are untouched."
        )


def _dbt(arguments: Sequence[str], target: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "dbt.cli.main", *arguments],
        # In whatever folder the command is given: dbt would look for its project there.
        env={
            "DBT_PROJECT_DIR": str(PROJECT),
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_LOG_PATH": str(Path.cwd() / "logs"),
        }
        | os.environ
        | {"DBT_TARGET_PATH": str(target)},
        check=False,
    )


def drop_earlier_schema(database: Path) -> None:
    """What the earlier state was computed in holds people and is not needed again."""
    with open_to_change(database) as connection:
        connection.execute(f"drop schema if exists council.{EARLIER_SCHEMA} cascade")


@plainly("movement")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vars", default="{}", help="settings, as given to dbt build")
    options = parser.parse_args(arguments)
    settings = yaml.safe_load(options.vars) or {}
    database = Path(settings.get("database_path") or default_path())

    councils = compared_councils(database, settings)
    for la_code, earlier_end in councils:
        if earlier_end is None:
            print(
                f"{la_code}: the earlier submission states no period that ends with a quarter: nothing to compare."
            )
    if not councils:
        print("No council has two submissions: nothing to compare with.")
    target = target_folder().absolute()
    new_figures = [
        "build",
        "--select",
        *(f"{name}+" for name in COPIES),
        "--exclude",
        "resource_type:unit_test",
    ]
    with_earlier_state = settings | {"with_earlier_state": "true"}
    periods = sorted({end for _, end in councils if end})
    try:
        for earlier_end in periods:
            earlier = {"without_latest_submission": "true", "reporting_period_end": earlier_end}
            chain = [f"+{name},path:models/dhsc" for name in HEADLINES]
            # A target folder of its own: the parse cache of the last build stays good.
            run_dbt(
                settings | earlier,
                *("run", "--select", *chain),
                target=target / "movement",
                # The first day follows from the last: that of the later period is no day of this one.
                without=["reporting_period_start"],
            )
            run_dbt(with_earlier_state, *new_figures, target=target)
        if not periods:
            run_dbt(with_earlier_state, *new_figures, target=target)
    finally:
        drop_earlier_schema(database)
    return 0


if __name__ == "__main__":
    sys.exit(main())
