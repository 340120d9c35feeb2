"""The picture of docs/engineering.md holds: what each layer may read, how its models are called, what is promised."""

import graphlib
import json

import pytest
import yaml
from dbt_runs import PROJECT

# A layer may read itself and these; seeds of reference data may be read by all but staging.
MAY_READ = {
    # What the words of the extracts mean is a seed of the specification, and the council's mapping.
    "staging.extracts": {"source", "seed.mappings", "seed.specification"},
    "staging.submissions": {"source"},
    "conformed": {"staging.extracts", "seed.mappings", "seed.specification", "seed.reference"},
    "cld": {"conformed", "seed.specification", "seed.reference"},
    "submissions": {"cld", "staging.submissions", "seed.specification", "seed.reference"},
    "data_quality": {"submissions", "cld", "conformed", "seed.specification", "seed.reference"},
    "dhsc": {"submissions", "seed.specification", "seed.reference"},
    # Several councils beside each other: what the layers say of each.
    "regional": {"submissions", "data_quality", "dhsc", "seed.specification", "seed.reference"},
    # What is shared stands behind the gate (docs/decisions/0021).
    "sharing": {"submissions", "data_quality", "dhsc", "seed.specification", "seed.reference"},
}
# Some rooms read across (docs/decisions/0006). To account for every source record, and to see what contradicts itself
# before one of two columns was taken, these read what came in before anything was made of it.
ACCOUNTS = {
    "cld_event_contradictions",
    "cld_person_contradictions",
    "cld_rate_contradictions",
    "cld_service_contradictions",
    "cld_exclusions",
    "cld_mistakes",
    "cld_person_exclusions",
    "cld_reconciliation",
    "cld_row_sources",
    "cld_service_exclusions",
}
# DHSC counts field results over the rows it keeps. The first reads which they are; only the field results,
# which nothing else reads, come after it: no rule and no gate waits for the measures.
AFTER_DHSC = {"dq_unkept_rows"}
FIELD_RESULTS = {"dq_field_counts", "dq_field_results"}
PREFIXES = {
    "staging.extracts": ("stg_extracts__",),
    "staging.submissions": ("stg_submissions__",),
    "conformed": ("cnf_",),
    "cld": ("cld_",),
    "submissions": ("sub_",),
    "data_quality": ("dq_",),
    "dhsc": ("dhsc_", "ascof_", "waiting_", "activity_"),
    "regional": ("reg_",),
    "sharing": ("share_",),
    "governance": ("gov_",),
}
# Others rely on these names (Power BI reports, councils' own queries).
PUBLIC = {
    "cld": {
        "cld_events",
        "cld_exclusions",
        "cld_reconciliation",
        "cld_return",
    },
    "submissions": {
        "sub_changes",
        "sub_files",
        "sub_rows",
    },
    "data_quality": {
        "dq_breaches",
        "dq_field_results",
        "dq_gate",
        "dq_summary",
        "dq_unmapped_codes",
        "dq_unread_values",
    },
    "dhsc": {
        "activity_tables",
        "ascof_2a_disaggregated",
        "ascof_2a_episodes",
        "ascof_measures",
        "ascof_people",
        "ascof_unknowns",
        "assessments",
        "costs",
        "dhsc_calendar",
        "dhsc_councils",
        "dhsc_damage",
        "dhsc_damage_rows",
        "dhsc_dimensions",
        "dhsc_dropped_rows",
        "dhsc_events_joined",
        "dhsc_events_single",
        "dhsc_measure_movement",
        "dhsc_movement_people",
        "dhsc_periods",
        "dhsc_person_details",
        "dhsc_reablement_indicator",
        "dhsc_reconciliation",
        "dhsc_selection",
        "requests",
        "reviews",
        "services",
        "waiting_time_people",
        "waiting_times",
        "waiting_times_response_context",
        "waiting_times_service_context",
    },
    "regional": {
        "reg_measures",
        "reg_quality_league",
        "reg_shared_measures",
        "reg_shared_waiting_times",
        "reg_waiting_times",
    },
    "sharing": {
        "share_costs",
        "share_events",
        "share_k_anonymity",
        "share_measures",
    },
    "governance": {
        "gov_field_register",
        "gov_manifest",
    },
}


@pytest.fixture(scope="module")
def nodes(demo_build):
    manifest = json.loads((demo_build.folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return manifest["nodes"] | manifest["sources"]


def models(nodes):
    return {key: node for key, node in nodes.items() if node["resource_type"] == "model"}


def layer(node):
    if node["resource_type"] == "source":
        return "source"
    if node["resource_type"] == "seed":
        return f"seed.{node['schema']}"
    folders = node["path"].split("/")
    return ".".join(folders[:2]) if folders[0] == "staging" else folders[0]


def room(node):
    return node["path"].rsplit("/", 1)[0]


def doors(nodes):
    """{room: the rooms its models read}"""
    found = {}
    for node in models(nodes).values():
        read = found.setdefault(room(node), set())
        read |= {
            room(nodes[key]) for key in node["depends_on"]["nodes"] if nodes[key]["resource_type"] == "model"
        }
        read.discard(room(node))
    return found


def circle(found):
    """A circle of rooms, or nothing."""
    try:
        graphlib.TopologicalSorter(found).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return None


def test_no_circle_between_rooms(nodes):
    found = doors(nodes)
    assert circle(found) is None
    # The test would see one.
    assert circle(found | {"staging/extracts": {"governance"}})


def test_every_model_stands_in_a_room_and_every_room_has_a_selector(nodes):
    selectors = yaml.safe_load((PROJECT / "selectors.yml").read_text(encoding="utf-8"))["selectors"]
    by_room = {
        selector["name"]: selector["definition"]["value"].removeprefix("models/")
        for selector in selectors
        if selector["definition"].get("method") == "path"
    }
    rooms = set(doors(nodes))
    assert by_room == {name.replace("/", "_"): name for name in rooms}
    # A layer with rooms holds no model outside them.
    assert not {name for name in rooms if any(other.startswith(f"{name}/") for other in rooms)}


def test_no_model_reads_upward(nodes):
    upward = []
    for node in models(nodes).values():
        here = layer(node)
        if here == "governance":
            continue
        for parent in (nodes[key] for key in node["depends_on"]["nodes"]):
            there = layer(parent)
            counts = node["name"] in ACCOUNTS and there == "staging.extracts"
            kept = node["name"] in AFTER_DHSC and there == "dhsc"
            if there != here and there not in MAY_READ[here] and not counts and not kept:
                upward.append(f"{node['name']} ({here}) reads {parent['name']} ({there})")
    assert not upward


def test_only_field_results_wait_for_the_measures(nodes):
    after = {
        node["name"]
        for node in models(nodes).values()
        if layer(node) == "data_quality"
        and any(nodes[key]["name"] in AFTER_DHSC for key in node["depends_on"]["nodes"])
    }
    read = {
        nodes[key]["name"]
        for node in models(nodes).values()
        if node["name"] != "dq_field_results"
        for key in node["depends_on"]["nodes"]
    }
    assert after | {"dq_field_results"} == FIELD_RESULTS
    assert not read & FIELD_RESULTS


def test_the_statutory_file_waits_for_no_measure_and_for_nothing_shared(nodes):
    """A fault in a measure may not keep a council from sending its return."""
    ancestors, todo = set(), ["model.asc_cld.gov_return_file"]
    while todo:
        parents = {key for key in nodes[todo.pop()]["depends_on"]["nodes"] if key in nodes} - ancestors
        ancestors |= parents
        todo += [key for key in parents if nodes[key]["resource_type"] not in ("seed", "source")]
    layers = {layer(nodes[key]).split(".")[0] for key in ancestors}
    assert {"cld", "submissions", "data_quality"} <= layers
    assert not layers & {"dhsc", "sharing"}


def test_the_folder_is_the_schema_and_the_prefix(nodes):
    facts = {"costs", "services", "requests", "assessments", "reviews"}
    wrong = [
        node["name"]
        for node in models(nodes).values()
        if node["schema"] != layer(node).split(".")[0]
        or not (node["name"].startswith(PREFIXES[layer(node)]) or node["alias"] in facts)
    ]
    assert not wrong


def test_public_models_are_where_they_are_promised(nodes):
    public = {(node["schema"], node["alias"]): node["config"] for node in models(nodes).values()}
    assert {key for key, config in public.items() if config["access"] == "public"} == {
        (schema, name) for schema, names in PUBLIC.items() for name in names
    }
    for schema, names in PUBLIC.items():
        for name in names:
            # The columns of what the council sends, shares and keeps as proof are held by a contract.
            if schema in ("cld", "submissions", "regional", "sharing", "governance"):
                assert public[schema, name]["contract"]["enforced"], name
    ownerless = [node["name"] for node in models(nodes).values() if not node["config"]["group"]]
    assert not ownerless
