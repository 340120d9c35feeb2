"""The first rows of a new council's mappings, from the codes its extracts hold (asc_cld.mapping_workbook).

A code whose description is a listed value is filled in; for the others a likely value stands in `note`, where there is
one, and the value is left for a person to write. Nothing is guessed into the return.
"""

from __future__ import annotations

from collections import defaultdict

from asc_cld.nearest import likely
from asc_cld.settings import current
from asc_cld.specification import seed_rows

# The roles of the input contract are the same in every council.
ROLES = {"CLIENT": "service_user", "CARER": "unpaid_carer", "CARED_FOR": "unpaid_carer"}


def listed_values() -> dict[str, list[str]]:
    """The values of each defined list of the release in force, in order."""
    release = current("cld_release")
    values = defaultdict(list)
    for row in seed_rows("specification", "spec_code_lists"):
        if row["release"] == release:
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
