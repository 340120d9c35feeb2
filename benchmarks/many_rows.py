"""A large CLD file out of a council's return: copies of its rows, each copy of invented people of its own.

python benchmarks/many_rows.py RETURN.csv COPIES OUT.csv
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

# Everything that tells one person or event from another; a copy has N and its number put behind each.
PERSON_COLUMNS = (
    "LA Person Unique Identifier",
    "Adult 1 Linked Person_ID",
    "Adult 2 Linked Person_ID",
    "Adult 3 Linked Person_ID",
    "Event Reference",
)
# Ten digits with a right check digit, 999 first while they last: numbers that are not given to anybody.
NUMBERS = """
create table numbers as
select
    row_number() over (order by first_nine desc) as place,
    first_nine || cast((11 - weighted % 11) % 11 as varchar) as nhs_number
from (
    select
        cast(n as varchar) as first_nine,
        {weighted} as weighted
    from range({least}, 1000000000) as numbered (n)
)
where (11 - weighted % 11) % 11 < 10
"""


def write_copies(source: Path, copies: int, target: Path) -> int:
    """Writes the file and returns its number of rows."""
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(
            "create table rows as from read_csv(?, all_varchar = true, header = true, nullstr = '')",
            [str(source)],
        )
        connection.execute(
            """create table people as
            select "NHS Number", row_number() over (order by "NHS Number") as place
            from (select distinct "NHS Number" from rows where "NHS Number" is not null)"""
        )
        (people,) = connection.execute("select count(*) from people").fetchone()
        weighted = " + ".join(
            f"{10 - k} * cast(substr(cast(n as varchar), {k + 1}, 1) as int)" for k in range(9)
        )
        least = 1_000_000_000 - int(people * copies * 1.2) - 1000
        connection.execute(NUMBERS.format(weighted=weighted, least=least))
        replaced = ", ".join(f'"{name}" || \'N\' || copy as "{name}"' for name in PERSON_COLUMNS)
        columns = ", ".join(f'"{row[0]}"' for row in connection.execute("describe rows").fetchall())
        connection.execute(
            f"""copy (
                select {columns} from (
                    select rows.* replace (numbers.nhs_number as "NHS Number", {replaced})
                    from rows
                    cross join (select range as copy from range({copies})) as copied
                    left join people on rows."NHS Number" = people."NHS Number"
                    left join numbers on numbers.place = people.place + copied.copy * {people}
                )
            ) to '{target}' (header true, delimiter ',')"""
        )
        return connection.execute("select count(*) from rows").fetchone()[0] * copies


if __name__ == "__main__":
    source, copies, target = sys.argv[1:]
    print(f"{write_copies(Path(source), int(copies), Path(target)):,} rows in {target}")
