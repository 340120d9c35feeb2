"""Writes the lives as the extracts of one day: what was not known on that day is not there."""

import csv
import os
from datetime import date
from functools import cache
from pathlib import Path

COLUMNS = {}
_SPECIFICATION = Path(__file__).resolve().parents[2] / "seeds" / "specification" / "spec_extract_columns.csv"
with open(_SPECIFICATION, encoding="utf-8", newline="") as _file:
    for _row in csv.DictReader(_file):
        COLUMNS.setdefault(_row["table_name"], []).append((_row["column_name"], _row["data_type"]))

# provider.csv comes from an old Windows finance system, team.csv from a spreadsheet saved as UTF-8.
ENCODINGS = {"provider": "cp1252", "team": "utf-8-sig"}
DAY_FORMATS = {("person", "date_of_birth"): "dmy"}
EVENT_ANSWERS = ("outcome_code", "eligible_needs_code", "outcomes_achieved_code")


@cache  # a few thousand days, asked for millions of times
def day_text(day, style):
    moment = date.fromordinal(day)
    if style == "dmy":
        return f"{moment:%d/%m/}{moment.year:04d}"
    if style == "timestamp":
        return f"{moment.year:04d}-{moment:%m-%d} 00:00:00"
    return f"{moment.year:04d}-{moment:%m-%d}"


def moment_text(moment, style):
    day, minute = moment
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    if style == "dmy":
        return f"{day_text(day, 'dmy')} {clock}"
    if style == "t":
        return f"{day_text(day, 'iso')}T{clock}:00"
    return f"{day_text(day, 'iso')} {clock}:00"


class Extracts:
    """The files of one day, written beside their names first and moved when they are whole."""

    def __init__(self, folder, as_of):
        self.folder = Path(folder)
        self.as_of = as_of
        self.folder.mkdir(parents=True, exist_ok=True)
        self.files, self.writers, self.moves = {}, {}, []
        self.counts = dict.fromkeys(COLUMNS, 0)
        for table in COLUMNS:
            target = self.folder / f"{table}.csv"
            self.open(table, target, [name for name, _ in COLUMNS[table]])
        self.open(
            "planted", self.folder.parent / "planted.csv", ["kind", "table_name", "record_id", "detail"]
        )

    def open(self, name, target, header):
        draft = target.with_name(target.name + ".part")
        self.files[name] = open(draft, "w", encoding=ENCODINGS.get(name, "utf-8"), newline="")
        self.writers[name] = csv.writer(self.files[name], lineterminator="\n")
        self.writers[name].writerow(header)
        self.moves.append((draft, target))

    def finish(self):
        for file in self.files.values():
            file.close()
        for draft, target in self.moves:
            os.replace(draft, target)

    def abandon(self):
        for file in self.files.values():
            file.close()
        for draft, _ in self.moves:
            draft.unlink(missing_ok=True)

    # --- what was known on the day -----------------------------------------------------------
    def seen(self, table, row, hidden):
        """The row as it stood on the day, or None when nobody had entered it yet."""
        today = self.as_of
        if table in ("contact", "assessment", "review"):
            begun = row["received_at" if table == "contact" else "started_at"]
            if row.get("_known", begun[0] if begun else 0) > today:
                return None
            completed = row["completed_at"]
            if completed and completed[0] > today:
                status = "OPEN" if row["status"] == "COMPLETED" else row["status"]
                row = dict(row, completed_at=None, status=status)
                if "form_end_date" in row:
                    row["form_end_date"] = None
                for answer in EVENT_ANSWERS:
                    if answer in row:
                        row[answer] = ""
            return row
        if row.get("_known", 0) > today:
            return None
        if table == "rate" and row["line_id"] in hidden:
            return None
        if table == "person":
            if row["date_of_death"] is not None and row.get("_death_known", 0) > today:
                row = dict(row, date_of_death=None)
            if "updated_at" not in row:
                changed = row["_known"]
                if row["date_of_death"] is not None:
                    changed = max(changed, min(row.get("_death_known", changed), today))
                row = dict(row, updated_at=(changed, 600))
            return row
        if row.get("end_date") is not None and row.get("_end_known", 0) > today:
            row = dict(row, end_date=None)
            if "end_reason_code" in row:
                row["end_reason_code"] = ""
        if (
            table == "service_line"
            and row.get("suspended_from") is not None
            and row["suspended_from"] > today
        ):
            row = dict(row, suspended_from=None)
        if table == "service_package" and "status" not in row:
            if row["end_date"] is not None:
                status = "ENDED"
            elif row["start_date"] > today:
                status = "APPROVED"
            elif row.get("_suspended_from") is not None and row["_suspended_from"] <= today:
                status = "SUSPENDED"
            else:
                status = "ACTIVE"
            row = dict(row, status=status)
        return row

    def values(self, table, row):
        styles, literals = row.get("_styles", {}), row.get("_literals", {})
        cells = []
        for name, kind in COLUMNS[table]:
            if name in literals:
                cells.append(literals[name])
                continue
            value = row.get(name)
            if value is None:
                cells.append("")
            elif type(value) is int:
                cells.append(
                    day_text(value, styles.get(name) or DAY_FORMATS.get((table, name), "iso"))
                    if kind == "date"
                    else str(value)
                )
            elif type(value) is tuple:
                cells.append(moment_text(value, styles.get(name)))
            else:
                cells.append(value)
        return cells

    def write_case(self, case, planted):
        written, hidden = set(), set()
        for table, rows in case.rows.items():
            writer = self.writers[table]
            key = COLUMNS[table][0][0]
            for row in rows:
                shown = self.seen(table, row, hidden)
                if shown is None:
                    if table == "service_line":
                        hidden.add(row["line_id"])
                    continue
                written.add((table, row[key]))
                writer.writerow(self.values(table, shown))
                self.counts[table] += 1
        writer = self.writers["planted"]
        for kind, table, record, detail in planted:
            if (table, record) in written:
                writer.writerow((kind, table, record, detail))

    def write_rows(self, table, rows):
        for row in rows:
            self.writers[table].writerow([row.get(name, "") for name, _ in COLUMNS[table]])
            self.counts[table] += 1
