"""What planting any fault needs: turns, safe people, suitable rows and new rows."""

from demo_council.calibration import FAR
from demo_council.records import nhs_number


class Faults:
    """Each fault is a method named after it: it takes a case and gives the planted records, or
    None where nothing in the case is suitable."""

    def __init__(self, lives, period_end, rates):
        self.lives = lives
        self.r = lives.r  # seeded anew for each case, so using it here changes no life
        self.period_end = period_end
        self.period_start = period_end - 364
        self.safe_from = self.period_start - 365
        self.credit = dict.fromkeys(rates, 1.0)
        self.turn = dict.fromkeys(rates, 0)
        self.counters = {}
        self.nhs_counter = 0
        self.other_number = None

    def new_id(self, prefix):
        """Ids of planted records stand apart, so that the other ids are those of --no-mess."""
        self.counters[prefix] = self.counters.get(prefix, 0) + 1
        return f"{prefix}9{self.counters[prefix]:06d}"

    def new_number(self):
        number = None
        while number is None:
            number = nhs_number(f"9999{self.nhs_counter:05d}")
            self.nhs_counter += 1
        return number

    def next_of(self, kind, values):
        """The values in turn, so that each variant of a fault is there."""
        self.turn[kind] += 1
        return values[(self.turn[kind] - 1) % len(values)]

    def some(self, rows):
        return rows[int(self.r() * len(rows))] if rows else None

    def is_safe(self, person):
        return person.last_active < self.safe_from

    def safe_person(self, case):
        person = case.people[0]
        return person if self.is_safe(person) and person.row["record_status"] == "ACTIVE" else None

    def rows_of(self, case, table, person, test=lambda row: True):
        return [row for row in case.rows[table] if row.get("person_id") == person.id and test(row)]

    def own_lines(self, case, test):
        packages = {row["package_id"]: row for row in case.rows["service_package"]}
        return [
            (line, packages[line["package_id"]])
            for line in case.rows["service_line"]
            if line["package_id"] in packages and test(line, packages[line["package_id"]])
        ]

    @staticmethod
    def literal(row, column, text):
        row.setdefault("_literals", {})[column] = text

    def fresh_number_row(self, case, person):
        rows = self.rows_of(case, "person_identifier", person, lambda row: row["id_type"] == "NHS")
        return rows[0] if len(rows) == 1 and "_touched" not in rows[0] else None

    # --- rows of planted records
    def contact_row(self, person, day, done, kind, route, outcome, role="CLIENT"):
        return {
            "contact_id": self.new_id("CN"),
            "person_id": person,
            "subject_role": role,
            "contact_type_code": kind,
            "received_at": (day, 600),
            "completed_at": (done, 660) if done else None,
            "status": "COMPLETED" if done else "OPEN",
            "route_code": route,
            "outcome_code": outcome,
            "description": "",
            "is_conversation": "N",
            "team_id": "T01",
        }

    def package_row(self, person, kind, status, start, end, role="CLIENT"):
        return {
            "package_id": self.new_id("PK"),
            "person_id": person,
            "subject_role": role,
            "package_type_code": kind,
            "status": status,
            "start_date": start,
            "end_date": end,
            "end_reason_code": "OTH" if end else "",
            "support_reason_code": "",
            "funding_code": "",
            "team_id": "T04",
            "_known": start - 7,
            "_end_known": end or FAR,
        }

    def line_row(self, package, element, delivery, units, unit):
        return {
            "line_id": self.new_id("SL"),
            "package_id": package["package_id"],
            "element_code": element,
            "delivery_code": delivery,
            "provider_id": "PR0001",
            "start_date": package["start_date"],
            "end_date": package["end_date"],
            "suspended_from": None,
            "planned_units": units,
            "unit_code": unit,
            "previous_line_id": "",
            "_known": package["_known"],
            "_end_known": package["_end_known"],
        }

    def some_day(self, person):
        """A day on which the person was on file and alive, in the period where that can be."""
        last = min(self.lives.end, person.death - 1, person.last_active)
        first = person.known
        if last >= self.period_start > first:
            first = self.period_start
        return first + int(self.r() * (last - first + 1)) if last >= first else None

    def assessment_row(self, person, day, done, kind):
        return {
            "assessment_id": self.new_id("AS"),
            "person_id": person.id,
            "subject_role": "CLIENT",
            "contact_id": "",
            "assessment_type_code": kind,
            "started_at": (day, 600),
            "completed_at": (done, 660) if done else None,
            "form_start_date": None,
            "form_end_date": None,
            "status": "COMPLETED" if done else "OPEN",
            "eligible_needs_code": "",
            "method_code": "",
            "outcome_code": "",
            "description": "",
            "team_id": "T13",
        }

    @staticmethod
    def add_assessment(case, row):
        case.rows["assessment"].append(row)
        return row["assessment_id"]
