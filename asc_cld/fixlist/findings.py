"""What is wrong, one finding for each record to mend, read from the built database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from asc_cld.fixlist.words import AT_THE_CENTRE, IMPORTANCE, NO_TEAM, THE_FILE, THE_RETURN

Finding = dict[str, Any]

FINDINGS_SQL = """
    select
        findings.* exclude (la_person_unique_identifier),
        findings.la_person_unique_identifier as person,
        rules.how_to_fix,
        rules.why_it_matters,
        rules.at_the_centre,
        submitted_rows.first_name,
        submitted_rows.last_name,
        submitted_rows.nhs_number
    from data_quality.dq_findings as findings
    inner join data_quality.dq_rules as rules on findings.rule_id = rules.rule_id
    left join submissions.sub_rows as submitted_rows on findings.row_id = submitted_rows.row_id
    where findings.submission_id = $submission
    order by
        findings.rule_id, findings.field, findings.row_number, findings.source_table, findings.source_record_id
"""


# Why a field is blank or Unknown though something is recorded: (row of the file or person, field, extract, column,
# kind). Only what nobody could read has such a cause; a council has few of them, or none.
CAUSES_SQL = """
    select
        return_rows.row_number,
        cast(null as varchar) as person,
        fields.header,
        unread.source_table,
        unread.source_column,
        unread.kind
    from cld.cld_unread_cells as unread
    inner join cld.cld_row_sources as sources
        on unread.source_table = sources.source_table and unread.source_record_id = sources.source_record_id
    inner join cld.cld_return_rows as return_rows on sources.cld_row_id = return_rows.cld_row_id
    inner join specification.spec_field_sources as made
        on unread.source_table = made.source_table and unread.source_column = made.source_column
    inner join specification.spec_fields as fields on made.snake_name = fields.snake_name
    union all
    select null, person_id, cld_field, source_table, source_column, 'code'
    from conformed.cnf_person_values
    where raw_value is not null and cld_value is null
"""
OTHER_CAUSE = "what stands in {column} of {extract} could not be read"
# What is done about a cell that nobody could read, by its kind.
CAUSES = {
    "code": "the code in {column} of {extract} has no answer in the mapping: map the code, the record is right",
    "word": "the word in {column} of {extract} is not known: say in map_words what it means, the record is right",
    "flag": "what stands in {column} of {extract} is neither yes nor no: say in map_words what it means",
    "date": "the date in {column} of {extract} cannot be read: mend the date, or how the export writes it",
    "number": "the number in {column} of {extract} cannot be read: mend it, or how the export writes it",
    "key": "{column} of {extract} has lost its digits (1.2E+11): mend the export",
    "identifier": "the number in {column} of {extract} cannot be read: mend it in the record",
    "reference": "{column} of {extract} points at a record that is not in the extracts: mend the export",
}


class FixlistError(Exception):
    """Something the user can put right."""


def as_dicts(result: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """The rows of a result, by the names of its columns."""
    names = [column[0] for column in result.description]
    while batch := result.fetchmany(10_000):
        for values in batch:
            yield dict(zip(names, values, strict=True))


def read_teams(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Names of teams by their ids; none where the run had no extracts."""
    found = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'conformed' and table_name = 'cnf_teams'"
    ).fetchone()
    if not found:
        return {}
    return dict(
        connection.execute(
            "select team_id, team_name from conformed.cnf_teams where team_id is not null"
        ).fetchall()
    )


def read_causes(connection: duckdb.DuckDBPyConnection) -> dict[tuple[Any, str], str]:
    """{(row of the return or person, field): why it is blank} of a return built here."""
    found = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'cld' and table_name = 'cld_unread_cells'"
    ).fetchone()
    if not found:
        return {}
    return {
        (person if row is None else row, header): CAUSES.get(kind, OTHER_CAUSE).format(
            column=column, extract=extract.replace("_", " ")
        )
        for row, person, header, extract, column, kind in connection.execute(CAUSES_SQL).fetchall()
    }


def cause_of(breach: Finding, causes: dict[tuple[Any, str], str]) -> str | None:
    """Why the field of a breach is blank or Unknown, where something is recorded that nobody could read."""
    field = breach["field"]
    if (
        not causes
        or breach["row_number"] is None
        or (breach["found_value"] or "").lower() not in ("", "unknown")
    ):
        return None
    return causes.get((breach["row_number"], field)) or causes.get((breach["person"], field))


def record_in_words(breach: Finding) -> str:
    """What must be opened to mend it."""
    kind, _, key = breach["record_key"].partition(" ")
    if kind == "file":
        return THE_FILE
    if kind == "return":
        return THE_RETURN
    if kind == "person":
        return f"Person {key}"
    reference = breach["source_record_id"] or breach["event_reference"]
    if not reference:
        return f"Row {breach['row_number']} of the file"
    name = (breach["source_table"] or breach["event_type"] or "record").replace("_", " ")
    return f"{name[0].upper()}{name[1:]} {reference}"


def team_name(team_id: str | None, teams: dict[str, str]) -> str:
    """The team in words, with its id."""
    name = teams.get(team_id)
    return f"{name} ({team_id})" if name and name != team_id else team_id or NO_TEAM


def rows_in_words(numbers: list[int]) -> str:
    """The first five row numbers, and how many more."""
    told = ", ".join(str(number) for number in numbers[:5])
    return told if len(numbers) <= 5 else f"{told} and {len(numbers) - 5} more"


def gather(
    breaches: Iterable[Finding], teams: dict[str, str], causes: dict[tuple[Any, str], str] | None = None
) -> list[Finding]:
    """One finding for each record to mend: rows of one person with one fault become one line."""
    groups = {}
    for breach in breaches:
        team_id = breach["team_id"]
        lines = groups.setdefault(
            (breach["finding"], team_id, breach["accepted"]),
            {
                **breach,
                "record": record_in_words(breach), "numbers": [], "values": {}, "suggestions": {},
                "team": team_name(team_id, teams) if breach["is_for_a_team"] else "",
                "cause": cause_of(breach, causes or {}),
            },
        )  # fmt: skip
        if breach["row_number"] is not None:
            lines["numbers"].append(breach["row_number"])
        # Dictionaries keep the order in which values were met.
        lines["values"][breach["found_value"]] = lines["suggestions"][breach["suggestion"]] = None
    for line in groups.values():
        several = line["record_kind"] not in ("event", "export") and len(line["numbers"]) > 1
        line.update(
            importance=IMPORTANCE[line["severity"]],
            found_value="; ".join(value for value in line.pop("values") if value) or None,
            suggestion="; ".join(value for value in line.pop("suggestions") if value) or None,
            rows=rows_in_words(line["numbers"]),
            row_count=len(line.pop("numbers")) or None,
            is_file=line["record_key"] == "file",
            accepted="yes" if line["accepted"] else "",
            accepted_because=line["accepted_because"] or "",
        )
        if several:
            line["event_reference"] = None
            line["event_type"] = None
    severities, ends = list(IMPORTANCE), list(AT_THE_CENTRE)
    return sorted(
        groups.values(),
        key=lambda line: (
            bool(line["accepted"]),
            severities.index(line["severity"]),
            ends.index(line["at_the_centre"]),
            line["rule_id"],
            line["field"] or "",
            line["team"],
            line["record"],
            line["row_number"] or 0,
        ),
    )


def each_once(findings: list[Finding]) -> list[Finding]:
    """The findings without those that stand in the list of a second team as well."""
    return list({(line["finding"], line["accepted"]): line for line in reversed(findings)}.values())[::-1]


def counts(findings: list[Finding], fixed: list[Finding]) -> dict[str, int]:
    """How many findings of each importance, new, fixed and accepted."""
    findings = each_once(findings)
    open_findings = [finding for finding in findings if not finding["accepted"]]
    return {
        **{
            severity: sum(finding["severity"] == severity for finding in open_findings)
            for severity in IMPORTANCE
        },
        "new": sum(finding["status"] == "new" for finding in open_findings),
        "still_open": sum(finding["status"] != "new" for finding in open_findings),
        "fixed": len(fixed),
        "accepted": len(findings) - len(open_findings),
    }
