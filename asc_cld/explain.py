"""Why does this cell say that? Prints every filled cell of one event's row with where it came from.

    python -m asc_cld.explain CN1000294
    python -m asc_cld.explain CN1000294 --with-identifiers

Reads cld.cld_cell_lineage, which `dbt build --selector lineage` builds on demand. Nothing is
written. Names, NHS numbers, dates of birth and postcodes are shown only when asked for.
Exit code 1: no such event in the return.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from asc_cld.database import default_path, has_table, open_database

QUERY = """
    select
        lineage.cld_field,
        case when ? or fields.personal_identifiable = 'no' then lineage.cld_value else '(hidden)' end,
        concat_ws(' ', lineage.source_table, lineage.source_record_id, lineage.source_column),
        case when ? or fields.personal_identifiable = 'no' then lineage.raw_value else '(hidden)' end,
        coalesce(lineage.mapping_id, lineage.how_it_is_made)
    from cld.cld_cell_lineage as lineage
    inner join specification.spec_fields as fields on lineage.cld_field = fields.header
    where lineage.event_reference = ?
    order by lineage.row_number, lineage.field_order
"""
TITLES = ("Field", "Cell", "Record", "Recorded", "Mapping or rule")


def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("event_reference")
    parser.add_argument("--with-identifiers", action="store_true")
    parser.add_argument("--database", type=Path, default=default_path())
    given = parser.parse_args(arguments)
    connection = open_database(given.database)
    if not has_table(connection, "cld", "cld_cell_lineage"):
        raise SystemExit("Where cells come from has not been built: dbt build --selector lineage")
    shown = given.with_identifiers
    rows = connection.execute(QUERY, [shown, shown, given.event_reference]).fetchall()
    if not rows:
        left_out = connection.execute(
            "select source_table, reason_code, reason from cld.cld_exclusions where source_record_id = ?",
            [given.event_reference],
        ).fetchall()
        for source_table, code, reason in left_out:
            print(f"{given.event_reference} ({source_table}) is not in the return: {code}. {reason}")
        if not left_out:
            print(f"{given.event_reference}: no such event in the return or among the exclusions.")
        return 1
    table = [TITLES, *(tuple(cell or "" for cell in row) for row in rows)]
    widths = [min(44, max(len(row[i]) for row in table)) for i in range(len(TITLES))]
    for row in table:
        print("  ".join(cell[:44].ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
