"""Why does this cell say that, why is it blank, and why is this record not in the return?

    asc-cld explain CN1000294                     an event reference, or a record of the extracts
    asc-cld explain CN1000294 --field Ethnicity
    asc-cld explain --record RT1000094            a record: the rows that hold it, or why none does
    asc-cld explain --person P1000886             a person's rows, and the records that are left out
    asc-cld explain CN1000294 --format html --to why.html

Reads the built database and writes nothing but the file that --to names. Names, NHS numbers, identifiers, dates of
birth and postcodes, and the records they lead to, are shown only --with-identifiers.
Exit code 0: in the return; 1: not in the return, with the reason, or not known; 2: wrong arguments.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console
from rich.table import Table
from rich.text import Text

from asc_cld.database import default_path, has_table, open_database
from asc_cld.files import writing
from asc_cld.nearest import nearest, shown
from asc_cld.plainly import plainly
from asc_cld.spreadsheets import Table as Csv

HIDDEN = "(hidden)"
# Of more rows than these only the list is shown; each is one question more.
ROWS_IN_FULL = 5
# What a record of these extracts is called is who the person is.
PERSON_EXTRACTS = frozenset({"person"})
WHY_BLANK = {
    "not_asked": "the return does not ask for it on such a row",
    "not_understood": "recorded, and nobody could read it: it is in the fix list",
    "not_sent": "recorded, and left out by the rule",
    "not_recorded": "nothing is recorded there",
    "no_record": "there is no record that it could come from",
}
# The extracts whose records belong to a person, and how the person is found.
PEOPLE_OF_RECORDS = """
    select 'contact' as source_table, contact_id as record_id, person_id from staging.stg_extracts__contact
    union all select 'assessment', assessment_id, person_id from staging.stg_extracts__assessment
    union all select 'review', review_id, person_id from staging.stg_extracts__review
    union all select 'service_package', package_id, person_id from staging.stg_extracts__service_package
    union all
    select 'service_line', lines.line_id, packages.person_id
    from staging.stg_extracts__service_line as lines
    inner join staging.stg_extracts__service_package as packages on lines.package_id = packages.package_id
    union all select 'person', person_id, person_id from staging.stg_extracts__person
    union all select 'address', address_id, person_id from staging.stg_extracts__address
    union all select 'relationship', relationship_id, person_id from staging.stg_extracts__relationship
    union all select 'person_identifier', 'row ' || source_row, person_id from staging.stg_extracts__person_identifier
    union all
    select 'person_classification', 'row ' || source_row, person_id from staging.stg_extracts__person_classification
    union all select 'gp_registration', 'row ' || source_row, person_id from staging.stg_extracts__gp_registration
"""


@dataclass
class Section:
    """One table of the answer: a heading, the names of its columns and its rows of text."""

    heading: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)


@dataclass
class Answer:
    """What is said about one question: sentences first, then tables."""

    sentences: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    is_in_return: bool = False


def explain_reference(
    connection: duckdb.DuckDBPyConnection, reference: str, only_field: str | None, show: bool
) -> Answer:
    """The rows of the return with an event reference; where there are none, what is known of such a record."""
    rows = _rows(connection, "return_rows.event_reference = $1", reference)
    if not rows:
        return explain_record(connection, reference, only_field, show)
    return _explain_rows(connection, rows, only_field, show)


def explain_record(
    connection: duckdb.DuckDBPyConnection, record: str, only_field: str | None, show: bool
) -> Answer:
    """The rows that a record of the extracts is part of, and why it is left out where it is."""
    rows = _rows(
        connection,
        "events.source_record_id = $1 or events.cld_row_id in"
        " (select cld_row_id from cld.cld_row_sources where source_record_id = $1)",
        record,
    )
    answer = _explain_rows(connection, rows, only_field, show) if rows else Answer()
    left_out = connection.execute(
        "select source_table, reason_code, reason from cld.cld_exclusions where source_record_id = ?"
        " order by all",
        [record],
    ).fetchall()
    for table, code, reason in left_out:
        answer.sentences.append(f"The {_words(table)} record is not in the return ({code}): {reason}")
    if not rows and not left_out:
        known = connection.execute(
            f"select distinct source_table from ({PEOPLE_OF_RECORDS}) where record_id = ? order by all",
            [record],
        ).fetchall()
        for (table,) in known:
            answer.sentences.append(
                f"The {_words(table)} record is in the extracts, and no row of the return rests on it."
            )
        if not known:
            answer.sentences.append(
                f"{shown(record)} is no event reference of the return and no record of the extracts that were read"
                " for it."
            )
    return answer


def explain_person(
    connection: duckdb.DuckDBPyConnection, person: str, only_field: str | None, show: bool
) -> Answer:
    """All rows of a person (by the council's identifier or NHS number), and the records that are left out."""
    compared = person.replace(" ", "")
    people = connection.execute(
        "select person_id, coalesce(survivor_person_id, person_id), exclusion_code"
        " from conformed.cnf_person_records where person_id = $1 or person_id = $2"
        " or person_id in (select person_id from conformed.cnf_people where nhs_number = $2)",
        [person, compared],
    ).fetchall()
    if not people:
        return Answer([f"{_what(person, show)} is no person of the extracts that were read for this return."])
    survivors = sorted({survivor for _, survivor, _ in people})
    answer = Answer()
    if any(own != survivor for own, survivor, _ in people):
        answer.sentences.append("The record was merged into another one; its events stand under that.")
    rows = _rows(connection, "events.person_id in (select unnest($1))", survivors)
    if rows:
        found = _explain_rows(connection, rows, only_field, show)
        answer.sentences += found.sentences
        answer.sections += found.sections
        answer.is_in_return = True
    else:
        answer.sentences.append("The person has no row in the return.")
    left_out = connection.execute(
        f"""
        select exclusions.source_table, exclusions.source_record_id, exclusions.reason_code, exclusions.reason
        from cld.cld_exclusions as exclusions
        inner join ({PEOPLE_OF_RECORDS}) as records
            on exclusions.source_table = records.source_table and exclusions.source_record_id = records.record_id
        where records.person_id in (select unnest($1))
        order by all
        """,
        [sorted({own for own, _, _ in people} | set(survivors))],
    ).fetchall()
    if left_out:
        section = Section("Records of the person that are not in the return", ("Record", "Code", "Why"))
        for table, record, code, reason in left_out:
            known = HIDDEN if table in PERSON_EXTRACTS and not show else record
            section.rows.append((f"{table} {known}", code, reason))
        answer.sections.append(section)
    return answer


def _rows(connection: duckdb.DuckDBPyConnection, condition: str, value: object) -> list[tuple]:
    """The rows of the return that meet a condition: id, number in the file, reference, type and first day."""
    return connection.execute(
        f"""
        select
            return_rows.cld_row_id,
            return_rows.row_number,
            return_rows.event_reference,
            coalesce(events.event_type, 'carer known by association'),
            strftime(events.event_start_date, '%d/%m/%Y')
        from cld.cld_return_rows as return_rows
        inner join cld.cld_rows as events on return_rows.cld_row_id = events.cld_row_id
        where {condition}
        order by return_rows.row_number
        """,
        [value],
    ).fetchall()


def _explain_rows(
    connection: duckdb.DuckDBPyConnection, rows: list[tuple], only_field: str | None, show: bool
) -> Answer:
    answer = Answer(is_in_return=True)
    references = {reference for _, _, reference, _, _ in rows}
    if len(rows) > 1 and len(references) == 1 and None not in references:
        answer.sentences.append(
            f"{len(rows)} rows of the return share this event reference; the centre may take them for one event."
        )
    if len(rows) > ROWS_IN_FULL and only_field is None:
        section = Section(
            f"{len(rows)} rows; for one of them in full ask for its event reference",
            ("Row of the file", "Event", "Begins", "Event reference"),
        )
        for _, number, reference, event_type, begins in rows:
            section.rows.append((str(number), event_type, begins or "", reference or ""))
        answer.sections.append(section)
        return answer
    for row_id, number, reference, event_type, begins in rows:
        heading = f"Row {number} of the file: {event_type}" + (f" of {begins}" if begins else "")
        section = Section(
            heading + (f", {reference}" if reference else ""),
            ("Field", "Cell", "Record", "Recorded", "How it is made", "Decided in"),
        )
        section.rows = _cells(connection, row_id, only_field, show)
        answer.sections.append(section)
    return answer


def _cells(
    connection: duckdb.DuckDBPyConnection, row_id: str, only_field: str | None, show: bool
) -> list[tuple[str, ...]]:
    """One line for each field of a row: what stands in it, where from, and why it is blank."""
    found = connection.execute(
        """
        select
            lineage.cld_field,
            fields.personal_identifiable <> 'no',
            lineage.cld_value,
            lineage.source_table,
            lineage.source_record_id,
            lineage.source_column,
            lineage.raw_value,
            lineage.mapping_id,
            lineage.how_it_is_made,
            lineage.decided_in,
            lineage.why_blank
        from cld.cld_cell_lineage as lineage
        inner join specification.spec_fields as fields on lineage.cld_field = fields.header
        where lineage.cld_row_id = $1 and ($2 is null or lineage.cld_field = $2)
        order by lineage.field_order
        """,
        [row_id, only_field],
    ).fetchall()
    lines = []
    for name, is_personal, value, table, record, column, raw, mapping, made, model, why_blank in found:
        hide = is_personal and not show
        # The mapping's row names the code that was recorded.
        if mapping and not hide:
            made = mapping_in_words(mapping)
        if record and not show and (hide or table in PERSON_EXTRACTS):
            record = HIDDEN
        if why_blank:
            # What the return does not ask for has no story worth a line each.
            if why_blank == "not_asked" and only_field is None:
                continue
            value = f"blank: {WHY_BLANK[why_blank]}"
        elif hide:
            value = HIDDEN
        lines.append(
            (
                name,
                value,
                " ".join(part for part in (table, record, column) if part),
                HIDDEN if hide and raw else raw or "",
                "" if why_blank == "not_asked" else made or "",
                "" if why_blank == "not_asked" else model or "",
            )
        )
    return lines


def mapping_in_words(mapping_id: str) -> str:
    """The row of a mapping file as a council would look for it: map_codes:gender:M is gender M of map_codes."""
    row, begins = re.fullmatch(r"(.*?)(?:@(\d{4}-\d\d-\d\d))?", mapping_id, re.DOTALL).groups()
    file, *keys = row.split(":")
    return f"{' '.join(keys)} of {file}" + (f", in force from {begins}" if begins else "")


def _what(text: str, show: bool) -> str:
    return shown(text) if show else "This"


def _words(table: str) -> str:
    return table.replace("_", " ")


def as_text(answer: Answer, width: int | None = None) -> str:
    """The answer as plain text; long cells are folded, none is cut."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width or 180, highlight=False, markup=False, emoji=False, color_system=None
    )
    for sentence in answer.sentences:
        console.print(Text(_plain(sentence)))
    for section in answer.sections:
        table = Table(
            title=Text(_plain(section.heading)),
            title_justify="left",
            box=None,
            pad_edge=False,
            header_style="",
        )
        for column in section.columns:
            # Names stay whole; long text is folded, never cut.
            table.add_column(column, overflow="fold", no_wrap=column in ("Field", "Decided in"))
        for row in section.rows:
            table.add_row(*(Text(_plain(cell)) for cell in row))
        console.print(table)
        console.print()
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _plain(text: str) -> str:
    """Text without what a terminal would obey: control characters become a question mark."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def as_csv(answer: Answer) -> str:
    """The answer as one CSV, safe to open in a spreadsheet: what it is about, then the columns of all tables."""
    columns = list(dict.fromkeys(column for section in answer.sections for column in section.columns))
    stream = io.StringIO(newline="")
    table = Csv(stream, ["About", *columns])
    for sentence in answer.sentences:
        table.add([sentence, *("" for _ in columns)])
    for section in answer.sections:
        for row in section.rows:
            cells = dict(zip(section.columns, row, strict=True))
            table.add([section.heading, *(cells.get(column, "") for column in columns)])
    return stream.getvalue()


def as_html(answer: Answer, question: str) -> str:
    """The answer as one page that needs nothing else."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return templates.get_template("explain.html").render(answer=answer, question=question)


@plainly("explain")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", nargs="?", help="an event reference, or a record of the extracts")
    parser.add_argument(
        "--record", help="a record of the extracts, where a reference could be taken for another"
    )
    parser.add_argument("--person", help="a person, by the council's identifier or the NHS number")
    parser.add_argument("--field", help="only this field of the return")
    parser.add_argument("--format", choices=("text", "csv", "html"), default="text")
    parser.add_argument("--to", type=Path, help="a file to write to, for nobody but you to read")
    parser.add_argument("--with-identifiers", action="store_true", help="show what tells who the person is")
    parser.add_argument("--database", type=Path, default=default_path())
    given = parser.parse_args(arguments)
    asked = [what for what in (given.reference, given.record, given.person) if what is not None]
    if len(asked) != 1:
        parser.error("ask for one thing: an event reference, --record or --person")
    connection = open_database(given.database, "cld.cld_rows", "cld.cld_return_rows", "cld.cld_exclusions")
    if not has_table(connection, "cld", "cld_cell_lineage"):
        raise SystemExit(f"{given.database} holds no return to explain: build one first (dbt build).")
    only_field = _field(connection, given.field)
    ask = explain_person if given.person else explain_record if given.record else explain_reference
    answer = ask(connection, asked[0], only_field, given.with_identifiers)
    if given.format == "csv":
        text = as_csv(answer)
    elif given.format == "html":
        text = as_html(answer, "a person" if given.person else asked[0])
    else:
        text = as_text(
            answer, shutil.get_terminal_size().columns if given.to is None and sys.stdout.isatty() else None
        )
    if given.to is None:
        sys.stdout.write(text)
    else:
        with writing(given.to) as stream:
            stream.write(text)
        print(given.to)
    return 0 if answer.is_in_return else 1


def _field(connection: duckdb.DuckDBPyConnection, name: str | None) -> str | None:
    """The header of a field of the return, whatever its capitals; SystemExit with the nearest where there is none."""
    if name is None:
        return None
    headers: dict[str, str] = {}
    for header, snake in connection.execute(
        "select header, snake_name from specification.spec_fields"
    ).fetchall():
        headers |= {header.casefold(): header, snake.casefold(): header}
    found = headers.get(name.strip().casefold())
    if found is None:
        raise SystemExit(
            f"{shown(name)} is no field of the return; the nearest: {nearest(name, headers.values())}"
        )
    return found


if __name__ == "__main__":
    raise SystemExit(main())
