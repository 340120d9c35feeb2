"""Writes docs/checks: one page per group of rules, from the seeds. Run it when the seeds change."""

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds/specification"
TARGET = ROOT / "docs/checks"
GROUPS = {
    "FIL": ("file", "The file as a whole"),
    "MAN": ("mandatory", "Mandatory fields"),
    "NAP": ("not-applicable", "Fields that do not apply"),
    "FMT": ("format", "Formats"),
    "LST": ("lists", "Defined lists"),
    "DAT": ("dates", "Dates"),
    "OUT": ("outcomes", "Outcomes"),
    "CAR": ("carers", "Carers"),
    "SRV": ("services", "Services"),
    "CST": ("costs", "Costs"),
    "REV": ("reviews", "Reviews"),
    "REQ": ("requests", "Requests"),
    "PER": ("people", "People"),
    "EXT": ("extracts", "The extracts behind our own return"),
}
# Conditions that are rows of a seed, and the models that read them without naming a rule.
SAID_IN_SEEDS = ("spec_field_conditions", "spec_value_pairs", "spec_rule_values")
NAMES_NO_RULE = {
    "MAN": "dq_rules_mandatory",
    "NAP": "dq_rules_not_applicable",
    "LST": "dq_rules_lists",
    "SRV": "dq_rules_services",
}
LINES = (
    ("Must hold", "rule_text"),
    ("Applies to", "applies_when"),
    ("Fields", "fields"),
    ("Severity", "severity"),
    ("Why it matters", "why_it_matters"),
    ("How to fix it", "how_to_fix"),
    ("Damages", "measures_affected"),
    ("What DHSC does", "at_the_centre"),
    ("Source", "source"),
    ("Confidence", "confidence"),
    ("Note", "notes"),
    ("Where it stands", "place"),
)


def read(name):
    with (SEEDS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def in_words(rule):
    """The message of a rule without the places that are filled in for each record."""
    field = rule["fields"] if ";" not in rule["fields"] else "The field"
    words = {
        "{field}": "The field" if rule["fields"].startswith(("(", "all ")) else field,
        "{value}": "\N{HORIZONTAL ELLIPSIS}",
        "{fault} ": "",
        "{fault}": "",
        "{suggestion}": "another place",
        "{allowed}": "",
        "{event_type}": "record",
    }
    text = rule["message"]
    for place, word in words.items():
        text = text.replace(place, word)
    return text.strip()


def places():
    """{rule: where its condition stands}: the model of its subject, and the seeds whose rows say what it asks; of a rule
    that says how our own return is made, the model that keeps it."""
    everywhere = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "models").rglob("*.sql")}
    models = {model: text for model, text in everywhere.items() if model.startswith("dq_rules_")}
    rows_of = {seed: {row["rule_id"] for row in read(f"{seed}.csv")} for seed in SAID_IN_SEEDS}
    extra = {row["rule_id"] for row in read("spec_field_conditions.csv") if row["extra_condition"]}
    found = {}
    for rule in read("spec_rules.csv"):
        rule_id, group = rule["rule_id"], rule["rule_id"][:3]
        seeds = [seed for seed, rules in rows_of.items() if rule_id in rules]
        seeds += ["spec_code_lists"] if group == "LST" else []
        named = [model for model, text in sorted(models.items()) if f"'{rule_id}'" in text]
        if seeds and not named:
            named = [NAMES_NO_RULE[group]]
        named += ["dq_rows (extra_condition)"] if rule_id in extra else []
        named = named or [model for model, text in sorted(everywhere.items()) if rule_id in text]
        found[rule_id] = ", ".join([*named, *(f"rows of {seed}.csv" for seed in seeds)])
    return found


def list_lines(values, possible):
    """The allowed values of a list with their confidence, and what that makes of the rule."""
    if not values:
        return ["- **Allowed values**: not known yet; the check begins when they are in spec_code_lists.csv"]
    confidences = [value["confidence"] for value in [*values, *possible]]
    sure = set(confidences) == {"high"}
    least = min(confidences, key=["low", "medium", "high"].index)
    return [
        f"- **Severity in force**: {'error' if sure else 'warning'}, as the list is of {least} confidence",
        "- **Allowed values** (Release 2; a value that is not sure says so):",
        *(
            f"    - {value['value']}" + ("" if value["confidence"] == "high" else f" ({value['confidence']})")
            for value in values
        ),
        *(
            f"    - {value['value']} ({value['confidence']}): accepted with a warning, as the published list may have it"
            f" in place of {value['in_place_of']}"
            for value in possible
        ),
    ]


def pages():
    """{file name: text}"""
    guidance = {row["rule_id"]: row for row in read("spec_rule_guidance.csv")}
    where = places()
    rules = [
        {**row, **guidance[row["rule_id"]], "place": where[row["rule_id"]]} for row in read("spec_rules.csv")
    ]
    lists = {}
    for row in read("spec_code_lists.csv"):
        if row["release"] == "R2":
            lists.setdefault(row["field"], []).append(row)
    possible = {}
    for row in read("spec_possible_values.csv"):
        if row["release"] == "R2":
            possible.setdefault(row["field"], []).append(row)
    made = {}
    for prefix, (name, heading) in GROUPS.items():
        text = [
            f"# {heading} ({prefix})",
            "",
            "Made from the seeds by `python scripts/make_check_docs.py`; do not edit by hand.",
            "",
        ]
        for rule in rules:
            if not rule["rule_id"].startswith(f"{prefix}-"):
                continue
            text += [f"## {rule['rule_id']}", "", in_words(rule), ""]
            is_list = prefix == "LST"
            text += [
                f"- **{label}**: {rule[key]}"
                for label, key in LINES
                if rule[key] and not (is_list and key in ("severity", "source", "confidence", "notes"))
            ]
            if is_list:
                text += list_lines(lists.get(rule["fields"], []), possible.get(rule["fields"], []))
            text.append("")
        made[f"{name}.md"] = "\n".join(text)
    return made


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (TARGET / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
