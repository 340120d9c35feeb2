"""The words of the fix list: its columns, what importance and consequences mean."""

from __future__ import annotations

# Column of a finding: (title in the workbook, width in letters).
Columns = dict[str, tuple[str, int]]

NO_TEAM = "team not known"
THE_FILE, THE_RETURN = "The file", "Settings of the return"

IMPORTANCE = {"error": "1 Must mend", "warning": "2 Please check", "info": "3 For information"}
IMPORTANCE_MEANS = {
    "error": "The record breaks a rule of the return. Too many of these and the return is not written.",
    "warning": "The record is probably wrong. The return can be sent, but the figures suffer.",
    "info": "Nothing is broken; a look may be worth while.",
}
# What happens to the record at DHSC, the worst first.
AT_THE_CENTRE = {
    "file not used": "DHSC may not use the file, or may file it under the wrong council or period.",
    "record left out": "DHSC drops the record: it is in no figure.",
    "value lost": "The value becomes blank or Unknown: the person drops out of figures by it.",
    "counted wrongly": "The record is counted, but in the wrong place.",
    "still counted": "The record is counted; the fault shows in the data quality report, or in our own check.",
}

RECORD_COLUMNS: Columns = {
    "importance": ("How important", 14),
    "status": ("New or open", 11),
    "team": ("Team", 22),
    "person": ("Person", 13),
    "record": ("Record to open", 24),
    "event_type": ("Event", 11),
    "field": ("Field", 22),
    "message": ("What is wrong", 52),
    "cause": ("The true cause", 36),
    "found_value": ("Value now", 22),
    "suggestion": ("Change to", 22),
    "how_to_fix": ("How to fix it", 42),
    "why_it_matters": ("Why it matters", 42),
    "measures_affected": ("Figures damaged", 22),
    "at_the_centre": ("What DHSC does", 16),
    "first_seen": ("First seen", 11),
    "accepted": ("Accepted", 9),
    "accepted_because": ("Accepted because", 26),
    "rows": ("Rows in the file", 16),
    "row_count": ("Number of rows", 9),
    "event_reference": ("Event reference", 16),
    "rule_id": ("Rule", 9),
}
NAME_COLUMNS: Columns = {
    "first_name": ("First name", 14),
    "last_name": ("Last name", 16),
    "nhs_number": ("NHS number", 14),
}
SUMMARY_COLUMNS: Columns = {
    "importance": ("How important", 16),
    "field": ("Field", 26),
    "message": ("What is wrong", 52),
    "records": ("To mend", 9),
    "new": ("New", 7),
    "still_open": ("Still open", 8),
    "fixed": ("Fixed", 7),
    "accepted": ("Accepted", 9),
    "how_to_fix": ("How to fix it", 46),
    "why_it_matters": ("Why it matters", 46),
    "measures_affected": ("Figures damaged", 24),
    "at_the_centre": ("What DHSC does", 16),
    "rule_id": ("Rule", 9),
}
TEAM_COLUMNS: Columns = {
    "team": ("Team", 34),
    "error": ("Must mend", 10),
    "warning": ("Please check", 10),
    "info": ("For information", 11),
    "new": ("New", 8),
    "still_open": ("Here last time", 10),
    "fixed": ("Fixed", 8),
    "accepted": ("Accepted", 9),
    "workbook": ("Its workbook", 70),
}
FILE_COLUMNS: Columns = {
    # A message begins a long list only; here is all of it.
    name: ("What was found", 60) if name == "found_value" else RECORD_COLUMNS[name]
    for name in (
        "importance", "status", "field", "message", "found_value", "how_to_fix", "why_it_matters", "measures_affected",
        "at_the_centre", "first_seen", "accepted", "accepted_because", "rule_id",
    )
}  # fmt: skip
EXPORT_COLUMNS: Columns = {
    name: RECORD_COLUMNS[name]
    for name in (
        "importance", "status", "record", "field", "message", "found_value", "how_to_fix", "why_it_matters",
        "at_the_centre", "first_seen", "accepted", "accepted_because", "rows", "rule_id",
    )
}  # fmt: skip
FIXED_COLUMNS: Columns = {
    "team": ("Team", 22),
    "record": ("Record", 30),
    "field": ("Field", 26),
    "message": ("What was wrong", 60),
    "first_seen": ("First seen", 12),
    "fixed_on": ("Gone on", 12),
    "rule_id": ("Rule", 9),
}
VALUE_COLUMNS: Columns = {"field": ("Field", 34), "value": ("Allowed value", 80)}
