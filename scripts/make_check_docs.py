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
}
LINES = (
    ("Must hold", "rule_text"),
    ("Applies to", "applies_when"),
    ("Fields", "fields"),
    ("Severity", "severity"),
    ("Why it matters", "why_it_matters"),
    ("How to fix it", "how_to_fix"),
    ("Damages", "measures_affected"),
    ("Source", "source"),
    ("Confidence", "confidence"),
    ("Note", "notes"),
)


def read(name):
    with (SEEDS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def in_words(rule):
    """The message of a rule without the places that are filled in for each record."""
    field = rule["fields"] if ";" not in rule["fields"] else "The field"
    words = {
        "{field}": field if rule["fields"][0] != "(" else "The field",
        "{value}": "a value",
        "{suggestion}": "another place",
        "{allowed}": "",
        "{event_type}": "record",
    }
    text = rule["message"]
    for place, word in words.items():
        text = text.replace(place, word)
    return text.strip()


def pages():
    """{file name: text}"""
    guidance = {row["rule_id"]: row for row in read("spec_rule_guidance.csv")}
    rules = [{**row, **guidance[row["rule_id"]]} for row in read("spec_rules.csv")]
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
            text += [f"- **{label}**: {rule[key]}" for label, key in LINES if rule[key]]
            text.append("")
        made[f"{name}.md"] = "\n".join(text)
    return made


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (TARGET / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
