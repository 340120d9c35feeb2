"""The export of ContrOCC becomes service lines and rates, beside extracts that came from elsewhere."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from connector_models import Models, mutated

from asc_cld import connect

SYSTEM = "controcc"
COLUMNS = connect.expected_tables(SYSTEM)["controcc_export"].columns


def export(*rows):
    """Prices of line items: (line, start, end, price from, price until, cost)."""
    named = [
        dict.fromkeys(COLUMNS)
        | dict(zip(("carepackagelineitemid", "start", "end", "pricestart", "priceend", "cost"), row))
        | {"carepackageid": "K1", "service": "Home care", "frequency": "Hour"}
        for row in rows
    ]
    return {
        "controcc_export": pa.Table.from_pylist(named, schema=pa.schema([(n, pa.string()) for n in COLUMNS]))
    }


# A line over two prices, the first older than the line; one that ended before its last price; one that runs.
PRICES = export(
    ("1", "01/05/2025", None, "01/04/2025", "31/03/2026", "18.50"),
    ("1", "01/05/2025", None, "01/04/2026", None, "19.10"),
    ("2", "2025-06-01 00:00:00", "2026-02-28 00:00:00", "2025-04-01", "2026-03-31", "700"),
    ("2", "2025-06-01 00:00:00", "2026-02-28 00:00:00", "2026-04-01", None, "725"),
    ("3", "01/09/2026", None, None, None, "20"),
)
RATES = [
    ("1-20250501-COST", "1", "18.50", "2025-05-01", "2026-03-31"),
    ("1-20260401-COST", "1", "19.10", "2026-04-01", None),
    ("2-20250601-COST", "2", "700", "2025-06-01", "2026-02-28"),
    ("3-20260901-COST", "3", "20", "2026-09-01", None),
]
RATE_QUERY = "select rate_id, line_id, amount, start_date, end_date from rate order by all"


def test_a_price_change_is_a_rate_and_no_line():
    models = Models(SYSTEM, PRICES)
    assert models.rows("select line_id, package_id, start_date, end_date from service_line order by all") == [
        ("1", "K1", "2025-05-01", None),
        ("2", "K1", "2025-06-01", "2026-02-28"),
        ("3", "K1", "2026-09-01", None),
    ]
    assert models.rows(RATE_QUERY) == RATES
    assert models.findings() == []
    assert models.findings("note") == [("CONTROCC_EXPORT", 1)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("greatest(start_day, coalesce(pricestart_day, start_day))", "coalesce(pricestart_day, start_day)"),
        ("else least(end_day, priceend_day)", "else priceend_day"),
        ("where end_day is null or start_day <= end_day", ""),
    ],
)
def test_a_mutation_of_the_days_is_seen(old, new):
    assert Models(SYSTEM, PRICES, mutated(SYSTEM, "rate", old, new)).rows(RATE_QUERY) != RATES


def test_what_is_not_understood_is_named():
    models = Models(
        SYSTEM,
        export(
            ("1", "01/05/2025", None, None, "soon", "1"),
            ("2", None, None, None, None, "1"),
            ("3", "01/05/2025", None, None, None, "1"),
            ("3", "02/05/2025", None, None, None, "2"),
        ),
    )
    assert models.findings() == [
        ("CONTROCC_EXPORT.CAREPACKAGELINEITEMID", 1),
        ("CONTROCC_EXPORT.PRICEEND", 1),
        ("CONTROCC_EXPORT.START", 1),
    ]


def test_the_two_extracts_are_written_beside_the_others(tmp_path):
    source, extracts = tmp_path / "export", tmp_path / "extracts"
    source.mkdir()
    extracts.mkdir()
    (extracts / "person.csv").write_text("person_id\n", encoding="utf-8")
    pq.write_table(PRICES["controcc_export"], source / "CONTROCC_EXPORT.parquet")
    made = connect.connect(SYSTEM, source, extracts)
    assert made.records == {"service_line": 3, "rate": 4}
    names = {path.name for path in extracts.iterdir()}
    assert names == {"person.csv", "service_line.parquet", "rate.parquet", connect.MADE_FROM}
