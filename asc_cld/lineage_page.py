"""Makes the lineage page: the way of every field, extract column and measure, for people who read no SQL.

    asc-cld docs
    asc-cld docs --database council.duckdb

One offline HTML file. Of each of the 50 fields it draws and tells the way from the extracts to the file, model by
model, with the lists that codes are looked up in, the rules on the field, who reads it and for which purposes; of
each extract column the fields that it reaches; of each measure the fields that it rests on. The ways are those of
the SQL that dbt compiled (target/manifest.json), not of somebody's notes. No row about a person is read, and nothing
in the page is fetched from a network; its one script filters the list, and all can be read without it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlglot import exp

from asc_cld.audit_pack import day_in_words, of_layer
from asc_cld.column_lineage import CONDITION, KEY, OPERAND, VALUE, Column, Lineage, Made, is_mapping
from asc_cld.database import default_path, has_table, open_database
from asc_cld.field_lineage import (
    HUBS,
    LOOKED_UP,
    RETURN,
    ROWS,
    Way,
    expression_of,
    field_way,
    in_sql,
    measure_way,
    way_back,
    with_all_before,
)
from asc_cld.files import private_folder, writing
from asc_cld.plainly import plainly
from asc_cld.settings import target_folder

TEMPLATE, SCRIPT, PAGE, MANIFEST = "lineage.html", "lineage.js", "field_lineage.html", "manifest.json"
Row = dict[str, Any]

QUERIES = {
    "fields": """
        select register.field_order, register.header, fields.snake_name, fields.module, fields.value_rule,
            register.definition, register.pii, register.release_status, register.purposes,
            register.recipients, register.models
        from governance.gov_field_register as register
        inner join specification.spec_fields as fields on register.header = fields.header
        order by register.field_order""",
    "sources": """
        select snake_name, row_kind, source_table, source_column, only_when, how_it_is_made, mapping_column,
            model
        from specification.spec_field_sources
        order by snake_name, row_kind, precedence, source_table, source_column""",
    "rules": """
        select rules.rule_id, rules.fields, rules.rule_text, rules.severity,
            coalesce(summary.breach_count, 0) as breach_count
        from specification.spec_rules as rules
        left join data_quality.dq_summary as summary
            on rules.rule_id = summary.rule_id and summary.origin = 'built'
        order by rules.rule_id""",
    "extracts": """
        select table_name, column_name, is_required, data_type, key_role, description, feeds
        from specification.spec_extract_columns""",
    "codes": """
        select table_name, column_name, cld_field from specification.spec_local_code_lists""",
    "map_codes": """
        select cld_field, code_list, local_code, cld_value, valid_from, valid_to from conformed.cnf_map_codes
        order by code_list, local_code, valid_from""",
    "map_event_scope": """
        select * exclude (mapping_id) from conformed.cnf_map_event_scope order by all""",
    "map_services": "select * exclude (mapping_id) from conformed.cnf_map_services order by all",
    "map_units": "select * exclude (mapping_id) from conformed.cnf_map_units order by all",
    "map_rates": "select * exclude (mapping_id, reason) from conformed.cnf_map_rates order by all",
    "measures": """
        select measure, min(description) as description from reference.dhsc_measures
        group by measure order by measure""",
    "purposes": "select purpose_id, purpose from governance.gov_purposes",
    "recipients": """
        select recipient, receives_identifiable, sees from governance.gov_recipients""",
    "council": """
        select coalesce(councils.name, events.la_code) as name, events.la_code, events.period_start,
            events.period_end
        from (
            select la_code, min(reporting_period_start_date) as period_start,
                max(reporting_period_end_date) as period_end
            from cld.cld_events group by la_code
        ) as events
        left join specification.spec_councils as councils on events.la_code = councils.cassr_code""",
}
TABLES_READ = sorted(set(re.findall(r"(?:from|join) ([a-z_]+[.][a-z_]+)", " ".join(QUERIES.values()))))
# What DHSC computes beside the measures of dhsc_measures: title, sentence, where its figures stand.
ASCOF = "dhsc.ascof_people"
OTHER_MEASURES = (
    ("Waiting times", "dhsc.waiting_times", ("median_waiting_time", "number_of_waiting_times_identified")),
    ("Cost per week", "dhsc.costs", ("cost_per_week", "total_cost_period")),
)
ENDS = [(title, relation) for title, relation, _ in OTHER_MEASURES]
SHARED = "sharing.share_events"
# What comes after the return.
LATER_LAYERS = ("submissions", "data_quality", "dhsc", "sharing")
# A drawing: its boxes stand in one column a layer. In the units of the drawing.
WIDTH, GAP, LINE, PAD, SPACE, INDENT = 196, 40, 15, 9, 12, 16
LETTERS, MOST_LINES = 25, 4


@dataclass(frozen=True)
class Box:
    """A model in a drawing: where it stands and the lines in it."""

    x: int
    y: int
    width: int
    height: int
    title: list[str]
    lines: list[str]
    kind: str


@dataclass(frozen=True)
class Drawing:
    """A way drawn: boxes, the paths of the arrows between them, and the heads of the columns."""

    boxes: list[Box]
    arrows: list[str]
    heads: list[tuple[int, str]]
    width: int
    height: int


class Book:
    """What is known of the project and its run: everything the page tells."""

    def __init__(self, manifest: Mapping[str, Any], connection: duckdb.DuckDBPyConnection):
        self.rows = {name: _rows(connection, query) for name, query in QUERIES.items()}
        columns: dict[str, dict[str, str]] = defaultdict(dict)
        for relation, column, kind in connection.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
            " where database_name = current_database() and not internal"
        ).fetchall():
            columns[relation][column] = kind
        self.lineage = Lineage(manifest, columns, LOOKED_UP)
        self.nodes = {
            f"{node['schema']}.{node.get('alias') or node['name']}".lower(): node
            for node in [*manifest["nodes"].values(), *manifest.get("sources", {}).values()]
            if node["resource_type"] in ("model", "source", "seed")
        }
        self.before_measures = with_all_before(self.lineage, HUBS)
        self.headers = {
            name.lower(): _meta(column).get("cld_field")
            for name, column in self.nodes[ROWS]["columns"].items()
        }
        self.listed: dict[Column, set[str]] = defaultdict(set)
        for row in self.rows["codes"]:
            self.listed[row["table_name"], row["column_name"]].add(row["cld_field"])
        tables = {row["table_name"] for row in self.rows["extracts"]}
        self.field_ways = {
            row["header"]: field_way(self.lineage, row, self.listed, tables) for row in self.rows["fields"]
        }
        self.measure_ways = {
            row["measure"]: measure_way(
                self.lineage,
                [(ASCOF, "in_numerator"), (ASCOF, "in_denominator")],
                {"measure": frozenset({row["measure"]})},
            )
            for row in self.rows["measures"]
        } | {
            title: measure_way(self.lineage, [(relation, name) for name in names], {})
            for title, relation, names in OTHER_MEASURES
        }

    def fields_of(self, way: Way) -> list[str]:
        """The fields of the return that a measure rests on, in the order of the file."""
        found = {self.headers.get(column) for relation, column in way.ends if relation == ROWS}
        return [row["header"] for row in self.rows["fields"] if row["header"] in found]

    def sentence(self, relation: str) -> str:
        """What a model is, as its YAML says; nothing is cut."""
        return " ".join(self.nodes.get(relation, {}).get("description", "").split())

    def steps(self, way: Way) -> list[Row]:
        """The models of a way, one after the other: what each is, and how its columns are made."""
        return [
            {
                "relation": relation,
                "layer": self.layer_of(relation),
                "name": relation.split(".")[1],
                "sentence": self.sentence(relation),
                "columns": [self._column(way, relation, column) for column in sorted(way.columns[relation])],
                "lists": sorted(name for name, used in way.lists.items() if relation in used),
            }
            for relation in way.in_order()
        ]

    def _column(self, way: Way, relation: str, column: str) -> Row:
        node = self.nodes.get(relation, {})
        described = {name.lower(): item for name, item in node.get("columns", {}).items()}
        made = way.made.get((relation, column), Made())
        kinds = defaultdict(set)
        for parent in made.parents:
            kinds[parent.way].add((parent.relation, parent.column))
        deciding = (kinds[CONDITION] | kinds[OPERAND]) - kinds[VALUE] - kinds[KEY]
        return {
            "name": column,
            "text": " ".join(described.get(column, {}).get("description", "").split()),
            "how": self._how(node, column, made, kinds),
            "sql": in_sql(made),
            "deciding": sorted({name for place, name in deciding if place not in self.lineage.lists}),
        }

    def _how(self, node: Mapping[str, Any], column: str, made: Made, kinds: Mapping[str, set[Column]]) -> Row:
        """In which of a few ways a column is made; the page has the words."""
        lists = self.lineage.looked_up
        values = sorted({name for place, name in kinds[VALUE] if place not in lists})
        keys = sorted({name for place, name in kinds[KEY] if place not in lists})
        taken_from = sorted({place.split(".")[1] for place, _ in kinds[VALUE] if place in lists})
        called = re.search(
            rf"{{{{\s*(\w+)\([^{{}}]*\)\s*}}}}\s+as\s+{re.escape(column)}\b", node.get("raw_code") or ""
        )
        outer = expression_of(made)
        if not made.expressions:
            kind = "given"
        elif taken_from and keys:
            kind = "looked up"
        elif not values and made.constants:
            kind = "constant"
        elif outer is None:
            kind = "as it is"
        elif called:
            kind = "macro"
        elif isinstance(outer, exp.Cast):
            kind = "cast"
        elif outer.find(exp.Count):
            kind = "counted"
        elif isinstance(outer, exp.Coalesce) and len(values) > 1:
            kind = "first filled"
        elif isinstance(outer, (exp.Min, exp.Max, exp.Sum)):
            kind = "over rows"
        elif outer.find(exp.Case, exp.If):
            kind = "chosen"
        else:
            kind = "computed"
        return {
            "kind": kind,
            "values": values,
            "keys": keys,
            "lists": taken_from,
            "constants": sorted(made.constants),
            "macro": called.group(1) if called else "",
        }

    def mappings_of(self, source: Row) -> list[str]:
        """The mappings that decide or translate what a field is made of, by the column that remembers the mapping."""
        if not source["mapping_column"]:
            return []
        places = [name for name in self.lineage.sql if name.split(".")[1] == source["model"]]
        found = {
            relation
            for place in places
            for relation, _ in self.lineage.origins(place, source["mapping_column"])
            if is_mapping(relation)
        }
        return sorted(found)

    def mapped(self, header: str, used: Iterable[str]) -> list[Row]:
        """The rows of the council's mappings for a field: a table each."""
        found = []
        for name in sorted(used):
            mapping = name.split(".")[1]
            rows = self.rows.get(mapping, [])
            if mapping == "map_codes":
                rows = [row for row in rows if row["cld_field"] == header]
            # What no row says is not shown.
            columns = [key for key in (rows[0] if rows else {}) if any(row[key] is not None for row in rows)]
            if rows:
                found.append({"name": mapping, "columns": columns, "rows": rows})
        return found

    def layer_of(self, relation: str) -> str:
        """The column of a drawing that a relation stands in."""
        schema = relation.split(".")[0]
        if schema != "dhsc":
            return schema
        if relation in self.before_measures:
            return "dhsc_tables"
        return "dhsc_measure"


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _meta(column: Mapping[str, Any]) -> Mapping[str, Any]:
    return (column.get("config") or {}).get("meta") or column.get("meta") or {}


LAYERS = (
    "mappings",
    "extracts",
    "staging",
    "conformed",
    "cld",
    "fields",
    "submissions",
    "dhsc_tables",
    "dhsc_measure",
    "measure",
)


def drawn(book: Book, way: Way, end: tuple[str, list[str]] | None = None) -> Drawing:
    """A way as boxes and arrows. `end`: what it leads to, as a last box with its lines."""
    arrows = set(way.relation_arrows)
    lines = {
        relation: sorted({book.headers[name] for name in columns if book.headers.get(name)})
        if relation == ROWS
        else sorted(columns)
        for relation, columns in way.columns.items()
    }
    order = way.in_order()
    mapped = {name: used for name, used in way.lists.items() if is_mapping(name)}
    # By name alone: a council's own mappings lie in a schema of their own.
    for name in sorted(mapped, key=lambda relation: relation.split(".")[1]):
        order.append(name)
        lines[name] = []
        arrows |= {(name, relation) for relation in mapped[name] & way.columns.keys()}
    if end:
        last = [relation for relation in order if not any(before == relation for before, _ in arrows)]
        arrows |= {(relation, "end") for relation in last if relation in way.columns}
        lines["end"] = end[1]
        order.append("end")
    columns: dict[str, list[str]] = defaultdict(list)
    for relation in order:
        layer = "measure" if relation == "end" else book.layer_of(relation)
        # Lists stand under the extracts: both are what the council gives.
        columns["extracts" if is_mapping(relation) else layer].append(relation)
    boxes: dict[str, Box] = {}
    heads, x, height = [], 0, 0
    for layer in LAYERS:
        if not columns.get(layer):
            continue
        heads.append((x, layer))
        within = {arrow for arrow in arrows if {*arrow} <= {*columns[layer]}}
        depths: dict[str, int] = {}
        y = 34
        for relation in columns[layer]:
            depths[relation] = 1 + max(
                (depths[before] for before, after in within if after == relation), default=-1
            )
            title = _broken(end[0] if relation == "end" and end else relation.split(".")[1])
            shown = lines[relation]
            if len(shown) > MOST_LINES + 1 and relation not in ("end", ROWS):
                shown = [*shown[:MOST_LINES], f"+ {len(shown) - MOST_LINES}"]
            shown = [part for line in shown for part in _broken(line)]
            tall = 2 * PAD + LINE * (len(title) + len(shown))
            kind = "list" if relation in mapped else "end" if relation == "end" else "model"
            boxes[relation] = Box(x + INDENT * depths[relation], y, WIDTH, tall, title, shown, kind)
            y += tall + SPACE
        x += WIDTH + INDENT * max(depths.values()) + GAP
        height = max(height, y)
    paths = [_arrow(boxes[before], boxes[after]) for before, after in sorted(arrows)]
    return Drawing(list(boxes.values()), paths, heads, x - GAP + 4, height)


def _arrow(before: Box, after: Box) -> str:
    """The path of an arrow from one box to another."""
    y, to = before.y + before.height // 2, after.y + after.height // 2
    if abs(before.x - after.x) < WIDTH:
        # Within a layer, as in a tree: down from the one, and to the one below that stands further in.
        x = before.x + INDENT // 2
        return f"M{x} {before.y + before.height}V{to}H{after.x - 3}"
    x, end = before.x + WIDTH, after.x - 5
    bend = GAP * 2 // 3
    return f"M{x} {y}C{x + bend} {y},{end - bend} {to},{end} {to}"


def _broken(name: str) -> list[str]:
    """A name on as many lines as it needs, broken after an underscore, a space or a full stop."""
    lines = [""]
    for part in re.split(r"(?<=[_ .])", name):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > LETTERS:
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines]


def contents(book: Book) -> Row:
    """All sections of the page."""
    measures = {title: book.fields_of(way) for title, way in book.measure_ways.items()}
    rules = book.rows["rules"]
    sources: dict[str, list[Row]] = defaultdict(list)
    for row in book.rows["sources"]:
        sources[row["snake_name"]].append(row | {"mappings": book.mappings_of(row)})
    shared = _shared(book)
    purposes = {row["purpose_id"]: row["purpose"] for row in book.rows["purposes"]}
    fields = []
    for row in book.rows["fields"]:
        header, way = row["header"], book.field_ways[row["header"]]
        used = {name for name in way.lists if is_mapping(name)}
        used |= {name for source in sources[row["snake_name"]] for name in source["mappings"]}
        fields.append(
            row
            | {
                "ends": sorted(_extract_names(way.ends)),
                "steps": book.steps(way),
                "drawing": drawn(book, way, ("The file", [f"column {row['field_order']}"])),
                "lists": sorted(used),
                "rules": [rule for rule in rules if header in (rule["fields"] or "").split("; ")],
                "measures": [title for title, found in measures.items() if header in found],
                "shared": sorted(shared[header]) if shared is not None else None,
                "mapped": book.mapped(header, used),
                "held_by": [
                    (layer, [name.removeprefix(f"{layer}.") for name in of_layer(row["models"] or "", layer)])
                    for layer in LATER_LAYERS
                    if of_layer(row["models"] or "", layer)
                ],
                "sources": sources[row["snake_name"]],
                "purposes": [
                    (letter, purposes.get(letter, ""))
                    for letter in (row["purposes"] or "").split("; ")
                    if letter
                ],
                "recipients": [name for name in (row["recipients"] or "").split("; ") if name],
            }
        )
    described = {row["measure"]: row["description"] for row in book.rows["measures"]}
    return {
        "fields": fields,
        "measures": [
            {
                "title": title,
                "description": described.get(title) or book.sentence(dict(ENDS)[title]),
                "fields": measures[title],
                "steps": [step for step in book.steps(way) if step["layer"] != "submissions"],
                "others": sorted(
                    f"{relation.split('.')[1]}.{column}" for relation, column in way.ends if relation != ROWS
                ),
                "drawing": drawn(book, way, (title, [])),
            }
            for title, way in book.measure_ways.items()
        ],
        "extracts": _extracts(book, measures),
        "council": book.rows["council"][0],
        "recipients": book.rows["recipients"],
    }


def _extracts(book: Book, measures: Mapping[str, list[str]]) -> list[Row]:
    """The columns of the extracts: the fields that each reaches, and where it only decides."""
    readers = _readers(book)
    found = []
    for row in book.rows["extracts"]:
        end = (f"extracts.{row['table_name']}", row["column_name"])
        way, reached = Way(), []
        for header, back in book.field_ways.items():
            if end in back.ends:
                reached.append(header)
                way.add(back.from_end(end))
        found.append(
            row
            | {
                "fields": reached,
                "steps": book.steps(way),
                "drawing": drawn(book, way, ("Fields of the return", reached)) if reached else None,
                "measures": [title for title, fields in measures.items() if set(fields) & set(reached)],
                "readers": [
                    {"name": name.split(".")[1], "sentence": book.sentence(name)}
                    for name in sorted(readers[end] - way.columns.keys())
                ],
            }
        )
    return found


def _readers(book: Book) -> dict[Column, set[str]]:
    """Of each extract column the models between staging and the return that use it, in whatever way."""
    from_extract: dict[Column, set[Column]] = defaultdict(set)
    lineage = book.lineage
    staged = {relation for relation in lineage.sql if relation.startswith("staging.stg_extracts__")}
    for relation in staged:
        for column in lineage.schema.get("staging", {}).get(relation.split(".")[1], ()):
            # Which columns could not be read is asked of nearly all, and told of each on its own.
            if not column.startswith("unreadable_"):
                for origin in lineage.made(relation, column).parents:
                    if origin.relation.startswith("extracts.") and origin.way == VALUE:
                        from_extract[relation, column].add((origin.relation, origin.column))
    readers: dict[Column, set[str]] = defaultdict(set)
    for relation in sorted(with_all_before(lineage, [RETURN])):
        if relation.startswith("conformed.") and lineage.parents[relation] & staged:
            for schema, name in lineage.reads(relation):
                table, _, column = name.partition(".")
                for origin in from_extract.get((f"{schema}.{table}", column), ()):
                    readers[origin].add(relation)
    return readers


def _shared(book: Book) -> dict[str, set[str]] | None:
    """Of each field the columns of the pseudonymised rows that are made of it; None where no such rows are made."""
    if SHARED not in book.lineage.sql:
        return None
    found: dict[str, set[str]] = defaultdict(set)
    for column in book.lineage.schema.get("sharing", {}).get("share_events", ()):
        way = way_back(book.lineage, [(SHARED, column)], lambda relation: relation == ROWS)
        for relation, origin in way.ends:
            if relation == ROWS and book.headers.get(origin):
                found[book.headers[origin]].add(column)
    return found


def _extract_names(ends: Iterable[Column]) -> set[str]:
    return {f"{relation.removeprefix('extracts.')}.{column}" for relation, column in ends}


def with_code(text: str) -> Markup:
    """A description: what stands between backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def plain(value: Any) -> Any:
    """A number without the zeros that its type adds; anything else as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def anchor(kind: str, name: str) -> str:
    """The address of a section within the page: field=date_of_birth."""
    return f"{kind}={re.sub(r'[^A-Za-z0-9_.+-]+', '-', name)}"


def render(book: Book) -> str:
    """The page."""
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day_in_words,
        "number": lambda value: f"{value:,}",
        "code": with_code,
        "plain": plain,
    }
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    environment.globals["anchor"] = anchor
    script = (folder / SCRIPT).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    said = contents(book)
    snakes = {row["header"]: row["snake_name"] for row in book.rows["fields"]}
    return environment.get_template(TEMPLATE).render(
        script=Markup(script),
        script_digest=digest,
        snakes=snakes,
        headers=book.headers,
        return_model=RETURN,
        **said,
    )


def read_manifest(path: Path) -> Row:
    """What dbt wrote of the project. Raises SystemExit where it holds no compiled SQL."""
    if not path.is_file():
        raise SystemExit(f"There is no {path}: asc-cld docs makes it of a built database.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        compiled = [
            node.get("compiled_code") for node in manifest["nodes"].values() if node["name"] == "cld_events"
        ]
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"{path} is not what dbt writes: asc-cld docs makes it anew.") from None
    if not any(compiled):
        raise SystemExit(
            f"{path} holds no compiled SQL of cld_events: asc-cld docs makes it of a built database."
        )
    return manifest


def why_no_return(database: Path) -> str:
    """Why there is no field to follow in a database; '' where there is. Raises SystemExit where it is not there."""
    with open_database(database) as connection:
        missing = [table for table in TABLES_READ if not has_table(connection, *table.split("."))]
        if not missing and connection.execute("select count(*) from cld.cld_events").fetchall() == [(0,)]:
            return "the return that was built has no row, so that no field can be followed."
    if missing:
        return f"the database holds no return ({', '.join(missing)} are missing): asc-cld build makes it."
    try:
        open_database(database, *TABLES_READ).close()
    except SystemExit as of_two_runs:
        return str(of_two_runs)
    return ""


def write_page(database: Path, page: Path, manifest: Path | None = None) -> Path:
    """Writes the page; gives its path. Raises SystemExit where the database holds no return."""
    no_return = why_no_return(database)
    if no_return:
        raise SystemExit(no_return)
    connection = open_database(database, *TABLES_READ)
    html = render(Book(read_manifest(manifest or target_folder() / MANIFEST), connection))
    private_folder(page.parent)
    with writing(page) as stream:
        stream.write(html)
    return page


@plainly("lineage page")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, default=default_path())
    parser.add_argument("--manifest", type=Path, default=target_folder() / MANIFEST)
    parser.add_argument("--page", type=Path, default=target_folder() / PAGE)
    options = parser.parse_args(arguments)
    print(write_page(options.database, options.page, options.manifest))
    return 0


if __name__ == "__main__":
    sys.exit(main())
