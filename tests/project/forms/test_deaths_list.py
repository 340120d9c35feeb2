"""The list of registered deaths: read in every form that means one day, stopped by file and line where not."""

from datetime import date

import duckdb
import pytest
from macro_sql import macros, model_sql

from asc_cld.readers.errors import InputError
from asc_cld.readers.list_reader import LISTS, read_lists

SQL = model_sql(
    "staging/submissions/stg_submissions__death_rows.sql", macros(reporting_period_end="2026-09-30")
)


def read(*rows):
    with duckdb.connect() as connection:
        connection.execute(
            "create table death_rows (file_name varchar, line_number bigint, nhs_number varchar, date_of_death varchar)"
        )
        connection.executemany(
            "insert into death_rows values ('deaths.csv', ?, ?, ?)",
            [(line, *row) for line, row in enumerate(rows, start=2)],
        )
        return connection.execute(
            f"select nhs_number, date_of_death from ({SQL}) order by line_number"
        ).fetchall()


def test_forms_that_mean_one_number_and_one_day_are_read():
    assert read(
        ("9990000018", "15/05/2026"),
        ("999 000 0026", "15-Jun-2026"),
        ("‘9990000085’", "2026-06-30T23:30:00Z"),
        ("9990000042", "2026-05-16"),
        (None, None),
    ) == [
        ("9990000018", date(2026, 5, 15)),
        ("9990000026", date(2026, 6, 15)),
        ("9990000085", date(2026, 7, 1)),
        ("9990000042", date(2026, 5, 16)),
        (None, None),
    ]


@pytest.mark.parametrize(
    "day", ["15/06/26", "15-Jun-26", "15.06.2026", "06/15/2026", "15/06/0026", "9999-12-31", "unknown"]
)
def test_a_day_that_is_not_sure_stops_the_run_and_is_not_repeated(day):
    with pytest.raises(
        duckdb.Error, match=r"deaths\.csv, line 3, column date_of_death: .* one day only"
    ) as stopped:
        read(("9990000018", "15/05/2026"), ("9990000042", day))
    assert day not in str(stopped.value)


def test_a_number_that_cannot_be_read_stops_the_run():
    with pytest.raises(duckdb.Error, match=r"deaths\.csv, line 2, column nhs_number"):
        read(("9.99E+09", "15/05/2026"))


def test_a_list_whose_days_are_swapped_in_part_stops_the_run(tmp_path):
    rows = [f"99900000{row},2026-{row % 12 + 1:02}-{row % 9 + 4:02}" for row in range(10, 22)]
    (tmp_path / "deaths.csv").write_text(
        "\n".join(["nhs_number,date_of_death", "9990000018,25/05/2026", *rows])
    )
    with pytest.raises(
        InputError,
        match=r"^deaths\.csv, line 3, column date_of_death: 12 of its 13 days are written yyyy-mm-dd",
    ):
        read_lists(tmp_path, LISTS["death_rows"])
    (tmp_path / "deaths.csv").write_text(
        "\n".join(["nhs_number,date_of_death", "9990000018,2026-05-25", *rows])
    )
    assert read_lists(tmp_path, LISTS["death_rows"]).num_rows == 13
