"""Makes the audit pack: one HTML page for people who read no SQL, and the CSV files behind it.

    asc-cld audit
    asc-cld audit --database council.duckdb --folder output/audit

The page says what was sent on which day, from which records, on which legal basis, how each field was
made, what was checked and found, what was left out and accepted, and who signed. It holds counts, hashes
and texts, never a row about a person; nothing in it is fetched from a network. Where `dbt docs generate
--static` was run, its page is put beside it as lineage.html; that of asc_cld.lineage_page as field_lineage.html.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from asc_cld.database import default_path, has_table, open_database
from asc_cld.files import WholeFiles, private_folder
from asc_cld.leak_search import Identifiers
from asc_cld.plainly import plainly
from asc_cld.sent import SentError, uploads_of
from asc_cld.settings import current, target_folder
from asc_cld.spreadsheets import Table as CsvTable

TEMPLATE = "audit_pack.html"
# Not the system's language: the pack is the same on every machine.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Each becomes a CSV file and a table of the page. Text columns of people are in none of them.
QUERIES = {
    "manifests": """
        select started_at, file_name, submission_date, row_count, sha256, is_draft, is_forced, operator,
            prepared_by, checked_by, approved_by, project_commit, is_as_committed, dbt_version,
            duckdb_version, run_id, return_key, manifest_file
        from governance.gov_manifest order by started_at desc, run_id""",
    "records": """
        select source_table, records_received, records_returned, records_excluded, difference
        from cld.cld_reconciliation order by source_table""",
    "excluded": """
        select source_table, reason_code, reason, count(*) as records
        from cld.cld_exclusions group by source_table, reason_code, reason
        order by records desc, source_table, reason_code""",
    "rows_by_event_type": """
        select event_type, client_type, count(*) as rows
        from cld.cld_events group by event_type, client_type order by event_type, client_type""",
    "rules": """
        select summary.rule_id, rules.fields, rules.rule_text, summary.severity, summary.rows_in_scope,
            summary.breach_count, summary.accepted_count, summary.threshold_share,
            summary.is_beyond_threshold, summary.previous_breach_count, summary.change_from_previous
        from data_quality.dq_summary as summary
        inner join specification.spec_rules as rules on summary.rule_id = rules.rule_id
        where summary.origin = 'built'
        order by summary.breach_count desc, summary.rule_id""",
    "accepted_exceptions": """
        select rule_id, scope_column, reason, owner, approved_by, expires_on
        from reference.accepted_exceptions order by rule_id, reason""",
    "changes": """
        select sub_changes.change, sub_changes.period_effect, count(*) as events
        from submissions.sub_changes as sub_changes
        where sub_changes.submission_id
            in (select submission_id from data_quality.dq_summary where origin = 'built')
        group by all order by events desc, sub_changes.change, sub_changes.period_effect""",
    "fields": """
        select register.field_order, register.header, register.definition, register.pii,
            register.release_status, register.extract_columns, fields.value_rule, register.models,
            register.rule_count, register.breach_count, register.broken_rules, register.purposes,
            register.recipients, fields.snake_name
        from governance.gov_field_register as register
        inner join specification.spec_fields as fields on register.header = fields.header
        order by register.field_order""",
    "processing_record": """
        select section, item_id, title, item_text, served_by, valid_from, valid_to, is_in_force, said_by,
            source
        from governance.gov_processing_record order by section_order, item_id""",
    "open_questions": """
        select question_id, title, notice_says, practice, practice_source, question, answer, answered_on
        from governance.gov_open_questions order by question_id""",
    "measures": """
        select measures.measure, coalesce(described.description, 'Median wait') as what, measures."group",
            measures.period_start, measures.period_end, measures.numerator, measures.denominator,
            measures.outcome, case described.multiplier when 100 then '%' when 100000 then 'per 100,000'
                else case when described.measure is null then 'days' end end as unit, measures.marker
        from sharing.share_measures as measures
        left join reference.dhsc_measures as described
            on measures.measure = described.measure and measures."group" = described."group"
        order by measures.measure, measures.period_start, measures."group" """,
    "k_anonymity": """
        select recipient_id, la_code, release_id, least_group, people, people_shared, people_left_out,
            descriptions, smallest_group, smallest_joined_group, fewest_special_values
        from sharing.share_k_anonymity order by recipient_id, la_code""",
}
# The last return before this one, and the records behind each dated field: for the page only.
COMPARED = """
    select compared.previous_submission_id, compared.previous_period_start, compared.previous_period_end
    from submissions.sub_compared_files as compared
    where compared.submission_id
        in (select submission_id from data_quality.dq_summary where origin = 'built')"""
DATED = """
    select distinct cld_field, source_table || '.' || source_column as record
    from conformed.cnf_person_history order by cld_field, record"""
# Those that must be of the run that wrote the return; all but the manifests, which are of all runs.
TABLES_READ = sorted(
    set(re.findall(r"(?:from|join) ([a-z_]+[.][a-z_]+)", " ".join((*QUERIES.values(), COMPARED, DATED))))
    - {"governance.gov_manifest"}
)
OPTIONAL = {"k_anonymity": ("sharing", "share_k_anonymity")}


@dataclass(frozen=True)
class Table:
    """One result: its columns and its rows as dicts."""

    columns: list[str]
    rows: list[dict]


def read_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, Table]:
    """Every table of the pack. Raises SystemExit where the database was not built to the end."""
    tables = {}
    for name, query in QUERIES.items():
        if name in OPTIONAL and not has_table(connection, *OPTIONAL[name]):
            tables[name] = Table([], [])
            continue
        try:
            result = connection.execute(query)
        except duckdb.CatalogException as error:
            missing = str(error).splitlines()[0].removeprefix("Catalog Error: ")
            raise SystemExit(f"The database is not complete: {missing} Build it first: make build") from None
        columns = [column[0] for column in result.description]
        tables[name] = Table(columns, [dict(zip(columns, row, strict=True)) for row in result.fetchall()])
    return tables


def refuse_two_runs(connection: duckdb.DuckDBPyConnection, newest: dict) -> None:
    """Raises SystemExit where the tables are of another run than the newest manifest."""
    if not has_table(connection, "governance", "gov_run"):
        return
    runs = connection.execute("select run_id, started_at from governance.gov_run").fetchall()
    if runs and runs[0][0] != newest["run_id"]:
        raise SystemExit(
            f"The tables are of the run of {runs[0][1]}, which wrote no return; the newest manifest, of"
            f" {newest['file_name']}, is of the run of {newest['started_at']}. An audit pack speaks of one run: build"
            " again (asc-cld build), or take the pack that was made after that return was written."
        )


# Free texts of the council: whoever writes a reason may name somebody.
FREE_TEXTS = (
    ("accepted_exceptions", "reason"),
    ("accepted_exceptions", "owner"),
    ("accepted_exceptions", "approved_by"),
    ("open_questions", "answer"),
    ("processing_record", "item_text"),
    ("uploads", "sent_by"),
    ("uploads", "receipt"),
)


def refuse_names(connection: duckdb.DuckDBPyConnection, tables: dict[str, Table]) -> None:
    """Raises SystemExit where a free text holds something that identifies a person of the database."""
    texts = {
        (name, column): [row[column] for row in tables[name].rows if row[column]]
        for name, column in FREE_TEXTS
    }
    identifiers = Identifiers.of(connection)
    found = []
    for (name, column), cells in texts.items():
        kinds = sum((identifiers.kinds_in(cell) for cell in cells), Counter())
        # An officer may be called as somebody else is.
        if column in ("owner", "approved_by", "sent_by"):
            kinds.pop("forename and surname", None)
        if kinds:
            found.append(f"{name}.{column} ({', '.join(sorted(kinds))})")
    if found:
        raise SystemExit(
            f"Something that identifies a person stands in {'; '.join(found)}: say it without, build again;"
            " no pack was written."
        )


def write_pack(
    database: Path,
    folder: Path,
    docs_page: Path | None = None,
    output: Path | None = None,
    lineage_page: Path | None = None,
) -> Path:
    """Writes the page and the CSV files; gives the page's path. In `output` stand the records of sending."""
    connection = open_database(database, *TABLES_READ)
    tables = read_tables(connection)
    if not tables["manifests"].rows:
        raise SystemExit("No return has been written yet, so there is nothing to audit: asc-cld build")
    refuse_two_runs(connection, tables["manifests"].rows[0])
    try:
        uploads = uploads_of(tables["manifests"].rows[0]["sha256"], output) if output else []
    except SentError as error:
        raise SystemExit(f"{error}; no pack was written.") from None
    tables["uploads"] = Table(["sent_on", "sent_by", "receipt"], uploads)
    refuse_names(connection, tables)
    latest = connection.execute(
        "select manifest from governance.gov_manifest order by started_at desc, run_id limit 1"
    ).fetchall()[0][0]
    has_docs = docs_page is not None and docs_page.is_file()
    has_lineage = lineage_page is not None and lineage_page.is_file()
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": lambda value: "" if value is None else f"{value:,}",
        "day": day_in_words,
        "share": lambda value: f"{value:.1%}".replace(".0%", "%"),
        "change": lambda value: "" if value is None else f"{value:+,}",
        "outcome": outcome_in_words,
        "of_layer": of_layer,
        "readers_of": readers_of,
    }
    template = environment.get_template(TEMPLATE)
    said = {
        "manifest": json.loads(latest),
        "tables": tables,
        "has_docs": has_docs,
        "has_lineage": has_lineage,
        "uploads": uploads,
        "compared": compared_with(connection),
        "dated": dated_records(connection),
        "people": connection.execute(
            "select count(distinct la_person_unique_identifier) from cld.cld_events"
        ).fetchall()[0][0],
    }
    private_folder(folder)
    page = folder / "index.html"
    # The page last: it never tells of a table that is not there.
    with WholeFiles() as files:
        for name, table in tables.items():
            if table.columns:
                with files.text(folder / f"{name}.csv") as stream:
                    CsvTable(stream, table.columns).add_named(table.rows)
        if has_docs:
            shutil.copyfile(docs_page, files.path(folder / "lineage.html"))
        if has_lineage:
            shutil.copyfile(lineage_page, files.path(folder / "field_lineage.html"))
        # The same with every section open, for browsers that print what is shown only.
        for path, opened in ((folder / "print.html", True), (page, False)):
            with files.text(path) as stream:
                stream.write(template.render(opened=opened, **said))
    return page


def day_in_words(value: str | date) -> str:
    """20 October 2026, of a day or of the text that begins with one."""
    day = date.fromisoformat(str(value)[:10])
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def outcome_in_words(measure: dict) -> str:
    """A measure's outcome with its unit: 55.4%, 56.6 per 100,000, 7 days."""
    if measure["outcome"] is None:
        return "not known"
    figure = f"{measure['outcome']:,}"
    unit = measure["unit"] or ""
    return figure + unit if unit == "%" else f"{figure.removesuffix('.0')} {unit}".strip()


def of_layer(models: str, layer: str) -> list[str]:
    """The models of one layer among those of a field."""
    return [model for model in models.split("; ") if model.startswith(f"{layer}.")]


# What reads a field once it is in the return, in words.
READERS = (("data_quality", "checks"), ("dhsc", "measures"), ("sharing", "sharing"))


def readers_of(models: str) -> list[str]:
    """How many models of each later layer hold a field: 3 models of checks."""
    counts = [(len(of_layer(models, layer)), word) for layer, word in READERS]
    return [f"{count} {'model' if count == 1 else 'models'} of {word}" for count, word in counts if count]


def compared_with(connection: duckdb.DuckDBPyConnection) -> dict | None:
    """The last return before the one built; None where there is none."""
    result = connection.execute(COMPARED)
    columns = [column[0] for column in result.description]
    rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return rows[0] if rows and rows[0]["previous_submission_id"] else None


def dated_records(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Of each dated field the columns of the extracts that its values come from in this run."""
    found: dict[str, list[str]] = {}
    for field, record in connection.execute(DATED).fetchall():
        found.setdefault(field, []).append(record)
    return found


@plainly("audit pack")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, default=default_path())
    parser.add_argument("--folder", type=Path, default=Path(current("output_path")) / "audit")
    parser.add_argument("--output", type=Path, default=Path(current("output_path")), help="of the returns")
    parser.add_argument("--docs-page", type=Path, default=target_folder() / "static_index.html")
    parser.add_argument("--lineage-page", type=Path, default=target_folder() / "field_lineage.html")
    options = parser.parse_args(arguments)
    pages = {"docs_page": options.docs_page, "lineage_page": options.lineage_page}
    print(write_pack(options.database, options.folder, output=options.output, **pages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
