"""No value of a code list is spelt in SQL: rules and measures ask the specification for it by name.

A literal is found when it is a listed value letter for letter, capitals apart, or a pattern (with %) of one:
'%service%', 'long term support%'. Comments do not count, nor do the names that a call of cld_value, dhsc_value,
ref or source is given. Very short values (Yes, No, Other, Unknown, Request, Daily) are no
exception: where such a word is not the listed value but a word of our own, ALLOWED says so, file by file.
"""

import csv
import re
from pathlib import Path

import pytest
from conftest import PROJECT

SEEDS = PROJECT / "seeds"
# The lists DHSC's method brings along; {seed: columns that hold values}.
LISTS_OF_DHSC = {
    "dhsc_2a_final_outcomes": ["final_outcome"],
    "dhsc_accommodation_repair": ["service_type", "service_component", "accommodation_status"],
    "dhsc_age_bands": ["age_band", "working_age_band"],
    "dhsc_event_outcomes": ["event_outcome", "outcome_group"],
    "dhsc_service_types": ["service_type", "service_group"],
    "dhsc_settled_accommodation": ["accommodation_status"],
    "dhsc_support_ranks": ["service_type", "delivery_mechanism"],
}
NO_VALUES = {"", "*", "none"}

EXTRACT = "name of an extract"
SWITCH = "a switch in a file of ours, not an answer of the return"
ANSWERED_BY = "which of the three answered the request: a word of our own"
NO_IDENTIFIER = "what DHSC writes where it has no identifier of a person"
# {file: {literal: why it may stand there}}
ALLOWED = {
    "macros/periods/setting.sql": {"yes": SWITCH, "no": SWITCH},
    "models/cld/account/cld_reconciliation.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/cld/contradictions/cld_event_contradictions.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/conformed/codes/cnf_mapping_use.sql": {"service": "alias of a mapping"},
    "models/conformed/codes/cnf_coded_cells.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/conformed/codes/cnf_record_teams.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/conformed/codes/cnf_unread_cells.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/staging/extracts/stg_extracts__assessment.sql": {"assessment": EXTRACT},
    "models/staging/extracts/stg_extracts__references.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/staging/extracts/stg_extracts__review.sql": {"review": EXTRACT},
    "models/staging/extracts/stg_extracts__cells.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/conformed/events/cnf_assessments.sql": {"assessment": EXTRACT},
    "models/conformed/events/cnf_descriptions.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/conformed/events/cnf_event_outcomes.sql": {"assessment": EXTRACT, "review": EXTRACT},
    "models/conformed/events/cnf_reviews.sql": {"review": EXTRACT},
    "models/conformed/mappings/cnf_map_units.sql": {"yes": SWITCH},
    "models/conformed/services/cnf_providers.sql": {"yes": SWITCH},
    "models/conformed/services/cnf_service_costs.sql": {"yes": SWITCH},
    "models/conformed/services/cnf_service_rates.sql": {"yes": SWITCH},
    "models/data_quality/breaches/dq_breaches.sql": {"yes%": SWITCH},
    "models/data_quality/field_results/dq_field_counts.sql": {"yes%": SWITCH},
    "models/data_quality/rules/dq_rules.sql": {"yes": SWITCH, "no": SWITCH},
    "models/data_quality/rules/dq_rules_costs.sql": {"yes": SWITCH},
    "models/dhsc/damage/dhsc_damage_rows.sql": {"unknown": "a kind of damage"},
    "models/dhsc/dashboard/dhsc_long_term_flags.sql": {"Yes": "a flag that DHSC adds", "No": "a flag that DHSC adds"},
    "models/dhsc/events/dhsc_kept_events.sql": {"Unknown": "DHSC's group of ethnicities that no list holds"},
    "models/dhsc/movement/dhsc_compared_people.sql": {"unknown": NO_IDENTIFIER},
    "models/dhsc/movement/dhsc_movement_changes.sql": {"unknown": NO_IDENTIFIER},
    "models/dhsc/people/dhsc_person_ids.sql": {"unknown": NO_IDENTIFIER, "Unknown": NO_IDENTIFIER},
    "models/dhsc/waiting/waiting_pathways.sql": {
        "request": ANSWERED_BY, "assessment": ANSWERED_BY, "service": ANSWERED_BY,
    },
    "models/governance/gov_field_register.sql": {"yes": SWITCH},
    "models/sharing/share_rows.sql": {"Unknown": "our own group of ethnicities that nobody knows"},
    "tests/reconciliation/reconciliation__every_event_record_is_accounted_for.sql": {
        "assessment": EXTRACT, "review": EXTRACT,
    },
}  # fmt: skip


def seed(folder: str, name: str) -> list[dict[str, str]]:
    with (SEEDS / folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def listed_values() -> set[str]:
    found = {row["value"] for row in seed("specification", "spec_code_lists")}
    for row in seed("specification", "spec_r1_to_r2"):
        found |= {row["r1_value"], row["r2_value"]}
    for name, columns in LISTS_OF_DHSC.items():
        found |= {row[column] for row in seed("reference", name) for column in columns}
    return {value.lower() for value in found} - NO_VALUES


def without_comments(text: str) -> str:
    """The text with comments blanked, so that lines keep their numbers."""
    comment = re.compile(r"\{#.*?#\}|/\*.*?\*/|'(?:[^'\n]|'')*'|--[^\n]*", re.DOTALL)
    return comment.sub(
        lambda found: found[0] if found[0].startswith("'") else re.sub(r"[^\n]", " ", found[0]), text
    )


def spelt_values(text: str, values: set[str]) -> list[tuple[int, str]]:
    """[(line, literal)] of every literal that is a listed value or a pattern of one."""
    text = without_comments(text)
    names = re.compile(r"\b(?:(?:cld|dhsc|build)_value|ref|source)\((?:[^()]|\n)*\)")
    text = names.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    found = []
    for literal in re.finditer(r"'((?:[^'\n]|'')*)'|\"([^\"\n]*)\"", text):
        written = (literal[1] if literal[1] is not None else literal[2]).replace("''", "'")
        # In quotes within quotes, as in a piece of SQL that a macro is given.
        for part in [written, *re.findall(r"'([^']*)'", written)]:
            word = part.strip().lower()
            whole = word.strip("%").strip()
            starts = word.endswith("%") and not word.startswith("%") and len(whole) > 3
            if whole in values or (starts and any(value.startswith(whole) for value in values)):
                found.append((text.count("\n", 0, literal.start()) + 1, part))
    return found


def sql_files() -> list[Path]:
    return sorted(
        path
        for room in ("models", "macros", "tests", "analyses")
        for pattern in ("*.sql", "*.py")
        for path in (PROJECT / room).rglob(pattern)
        if "tests/project" not in path.as_posix()
    )


def test_no_listed_value_is_spelt_in_sql():
    values = listed_values()
    assert len(values) > 250
    faults, met = [], set()
    for path in sql_files():
        name = path.relative_to(PROJECT).as_posix()
        for line, literal in spelt_values(path.read_text(encoding="utf-8"), values):
            if literal in ALLOWED.get(name, {}):
                met.add((name, literal))
            else:
                faults.append(f"{name}, line {line}: '{literal}'")
    assert not faults, "\n".join(
        ["listed values in SQL; give them a name in spec_named_values and ask for it (cld_value):", *faults]
    )
    assert met == {(name, literal) for name, words in ALLOWED.items() for literal in words}


@pytest.mark.parametrize(
    "sql",
    [
        "where rows_read.client_type = 'Service user'",
        "where lower(event_type) = 'service'",
        "where event_type like '%service%'",
        "where service_type like 'Long term support%'",
        "where has_unpaid_carer = 'Yes'",
        "where client_type = 'Carer known by association'",
        "where ethnicity = 'Invalid and not mapped'",
        """{{ breach('CAR-10', 'has_unpaid_carer', "'Yes'") }}""",
        "{% set unknown = 'No data: Refused' %}",
        "case when age < 65 then '18 to 64' end",
        "values.append('One-off')",
    ],
)
def test_a_planted_value_is_found(sql: str):
    assert spelt_values(f"select 1\n{sql}\n", listed_values()), sql


@pytest.mark.parametrize(
    "sql",
    [
        "-- 'Service user' stands here for a reader",
        "{#- as in 'Service user' -#} select 1",
        "where client_type = {{ cld_value('service_user') }}",
        "where event_type in ({{ dhsc_value(['request', 'review'], 'key') }})",
        "select * from {{ source('extracts', 'assessment') }}",
        "select 'user' as word",
    ],
)
def test_what_is_no_spelt_value_is_not(sql: str):
    assert not spelt_values(f"select 1\n{sql}\n", listed_values()), sql
