"""A first mapping for a new council, from the codes its extracts hold.

    python -m asc_cld.starter_mapping --extracts path/to/extracts --out path/to/mappings

Writes the files of seeds/mappings with one row for each local code, and for each word of a closed vocabulary
(map_words.csv: statuses, roles, types, flags) that the extracts really hold. Codes whose description is a listed
value are filled in; for the others a likely value stands in `note`, where there is one, and the value is left
for a person to write. Nothing is guessed into the return. Files that exist already are not touched. The same as
a workbook with drop-downs: asc_cld.mapping_workbook. Exit code 1: the local_code extract cannot be read.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from asc_cld.files import private_folder, writing
from asc_cld.nearest import likely
from asc_cld.plainly import plainly
from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import read_extract
from asc_cld.specification import seed_columns, seed_rows
from asc_cld.spreadsheets import Table
from asc_cld.vocabularies import extracts_with_words, starter_words

RELEASE = "R2"
# The roles of the input contract are the same in every council.
ROLES = {"CLIENT": "service_user", "CARER": "unpaid_carer", "CARED_FOR": "unpaid_carer"}


def listed_values() -> dict[str, list[str]]:
    """The values of each defined list, in order."""
    values = defaultdict(list)
    for row in seed_rows("specification", "spec_code_lists"):
        if row["release"] == RELEASE:
            values[row["field"]].append(row["value"])
    return values


def nearest(description: str, values: list[str]) -> tuple[str, str]:
    """(the value that the description is, '') or ('', a note with the likely value where there is one)."""
    by_lower = {value.lower(): value for value in values}
    if description.lower() in by_lower:
        return by_lower[description.lower()], ""
    close = likely(description, values)
    return "", f"{description}. Likely: {close}" if close else description


def starter_rows(local_codes: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Rows for each mapping file, from the rows of the local_code extract."""
    lists = {row["code_list"]: row for row in seed_rows("specification", "spec_local_code_lists")}
    values = listed_values()
    rows = defaultdict(list)
    for entry in local_codes:
        code_list, code, description = entry["code_list"], entry["code"], entry["description"]
        known = lists.get(code_list)
        if known is None or code_list == "subject_role":
            continue
        value, note = nearest(description, values[known["cld_field"]])
        if known["mapping_seed"] == "map_codes":
            row = {
                "code_list": code_list,
                "local_code": code,
                "cld_field": known["cld_field"],
                "cld_value": value,
            }
        elif known["mapping_seed"] == "map_event_scope":
            row = {"code_list": code_list, "local_code": code, "is_in_scope": "", "cld_value": value}
        elif code_list == "element":
            row = {
                "element_code": code,
                "package_type_code": "*",
                "subject_role": "*",
                "service_component": value,
            }
        elif code_list == "unit":
            row = {"unit_code": code, "cost_frequency": value}
        elif code_list == "rate_type":
            row, note = {"rate_type_code": code, "in_unit_cost": ""}, description
        else:
            continue  # package types stand beside their elements
        rows[known["mapping_seed"]].append(row | {"note": note})
    client_types = {
        row["value_name"]: row["value"]
        for row in seed_rows("specification", "spec_named_values")
        if row["field"] == "Client Type"
    }
    for role, value_name in ROLES.items():
        rows["map_codes"].append(
            {
                "code_list": "subject_role",
                "local_code": role,
                "cld_field": "Client Type",
                "cld_value": client_types[value_name],
                "note": "Role of the input contract",
            }
        )
    return rows


def write_mapping(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """One mapping file; a column that a row has not is left empty."""
    with writing(path) as stream:
        Table(stream, columns).add_named(rows)


@plainly("starter mapping")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--extracts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    try:
        local_codes = read_extract(given.extracts, "local_code").to_pylist()
    except InputError as error:
        print(error)
        return 1
    worded = {}
    for name in extracts_with_words():
        try:
            worded[name] = read_extract(given.extracts, name).to_pylist()
        except InputError as error:
            print(f"{error} Its words are not in map_words.csv.")
    cleaned = [{name: str(cell or "").strip() for name, cell in row.items()} for row in local_codes]
    rows = starter_rows(cleaned) | {"map_words": starter_words(worded)}
    private_folder(given.out)
    for mapping in ("map_codes", "map_event_scope", "map_services", "map_units", "map_rates", "map_words"):
        path = given.out / f"{mapping}.csv"
        if path.exists():
            print(f"{path}: is there already and was left alone")
            continue
        write_mapping(path, seed_columns("mappings", mapping), rows[mapping])
        filled = ("cld_value", "cost_frequency", "service_component", "meaning")
        open_rows = sum(not any(row.get(column) for column in filled) for row in rows[mapping])
        print(f"{path}: {len(rows[mapping])} rows, {open_rows} for you to fill in")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
