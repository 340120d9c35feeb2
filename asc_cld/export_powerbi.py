"""Writes the DHSC facts, dimensions and measures as Parquet files for Power BI.

    python -m asc_cld.export_powerbi
    python -m asc_cld.export_powerbi --database cld.duckdb --folder output/powerbi

One file per table of the star schema (docs/measures.md), written whole or not at all. The files hold
person identifiers: keep them where the return is kept.
"""

import argparse
import os
import sys
from pathlib import Path

import duckdb

TABLES = (
    "services",
    "requests",
    "assessments",
    "reviews",
    "costs",
    "dhsc_calendar",
    "dhsc_councils",
    "dhsc_dimensions",
    "ascof_measures",
    "ascof_people",
    "ascof_unknowns",
    "ascof_2a_disaggregated",
    "waiting_times",
    "waiting_times_response_context",
    "waiting_times_service_context",
    "activity_tables",
    "dhsc_periods",
    "dhsc_damage",
)


def export(database: Path, folder: Path) -> dict[str, int]:
    """Write every table; give the rows of each."""
    if not database.is_file():
        raise SystemExit(f"There is no database {database}: build first, or name it with --database.")
    rows = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        found = {
            name
            for (name,) in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'dhsc'"
            ).fetchall()
        }
        missing = [name for name in TABLES if name not in found]
        if missing:
            raise SystemExit(
                f"{database} has no table dhsc.{missing[0]}: build the dhsc models first."
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            unfinished = folder / f"{name}.parquet.part"
            target = str(unfinished).replace("'", "''")
            connection.execute(
                f"copy (select * from dhsc.{name} order by all) to '{target}'"
                " (format parquet, compression zstd)"
            )
            unfinished.replace(folder / f"{name}.parquet")
            rows[name] = connection.execute(f"select count(*) from dhsc.{name}").fetchone()[0]
    return rows


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--database", type=Path, default=Path(os.environ.get("CLD_DATABASE_PATH", "cld.duckdb"))
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(os.environ.get("CLD_OUTPUT_PATH", "output")) / "powerbi",
    )
    options = parser.parse_args(arguments)
    for name, count in export(options.database, options.folder).items():
        print(f"{name}: {count} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
