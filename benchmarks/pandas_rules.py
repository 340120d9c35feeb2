"""Ten typical rules and ASCOF 2E on one CLD file, as a council's analyst writes them in pandas: to compare with.

python benchmarks/pandas_rules.py RETURN.csv      (pandas is not part of this project: use a venv of its own)
"""

from __future__ import annotations

import sys

import pandas as pd


def nhs_number_is_valid(number: str) -> bool:
    """The check digit of an NHS number."""
    if not isinstance(number, str) or len(number) != 10 or not number.isdigit():
        return False
    check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9])) % 11) % 11
    return check == int(number[9])


def broken_rules(rows: pd.DataFrame) -> dict[str, int]:
    """{rule: rows that break it}"""
    start = pd.to_datetime(rows["Event Start Date"], format="%d/%m/%Y", errors="coerce")
    end = pd.to_datetime(rows["Event End Date"], format="%d/%m/%Y", errors="coerce")
    birth = pd.to_datetime(rows["Date of Birth"], format="%d/%m/%Y", errors="coerce")
    death = pd.to_datetime(rows["Date of Death"], format="%d/%m/%Y", errors="coerce")
    number = rows["NHS Number"]
    is_service = rows["Event Type"] == "Service"
    return {
        "NHS Number is blank": int(number.isna().sum()),
        "NHS Number fails its check digit": int((~number.dropna().map(nhs_number_is_valid)).sum()),
        "Gender is blank": int(rows["Gender"].isna().sum()),
        "Event Outcome is blank where the event has ended": int(
            (rows["Event Outcome"].isna() & end.notna()).sum()
        ),
        "Postcode is badly written": int(
            (~rows["Postcode"].dropna().str.match(r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$")).sum()
        ),
        "Event End Date is before Event Start Date": int((end < start).sum()),
        "Date of Death is before Date of Birth": int((death < birth).sum()),
        "Unit Cost is no amount": int(
            pd.to_numeric(rows["Unit Cost"].dropna(), errors="coerce").isna().sum()
        ),
        "Service Type is blank on a service": int((is_service & rows["Service Type"].isna()).sum()),
        "the same event stands on several rows": int(
            rows.duplicated(
                ["LA Person Unique Identifier", "Event Type", "Event Reference", "Event Start Date"]
            ).sum()
        ),
    }


def living_at_home(rows: pd.DataFrame) -> tuple[int, int]:
    """Numerator and denominator of 2E, in short: people with a long-term service, by their latest row."""
    served = rows[
        (rows["Event Type"] == "Service") & rows["Service Type"].fillna("").str.startswith("Long term")
    ].copy()
    served["start"] = pd.to_datetime(served["Event Start Date"], format="%d/%m/%Y", errors="coerce")
    latest = served.sort_values("start").groupby("LA Person Unique Identifier").tail(1)
    at_home = (
        latest["Accommodation Status"].fillna("").str.contains("Owner occupier|Tenant|Settled|Sheltered")
    )
    return int(at_home.sum()), len(latest)


if __name__ == "__main__":
    data = pd.read_csv(sys.argv[1], dtype=str)
    for rule, count in broken_rules(data).items():
        print(f"{count:>9,}  {rule}")
    print("2E: {:,} of {:,}".format(*living_at_home(data)))
