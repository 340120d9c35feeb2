"""Faults of events, links, packages, lines and rates."""

from demo_council.calibration import APRILS, FAR, YEAR
from demo_council.faults import Faults

APRIL_FIRSTS = frozenset(APRILS.values())


class EventFaults(Faults):
    def cancelled_event(self, case):
        table, key, prefix = self.next_of(
            "CANCELLED_EVENT",
            (
                ("contact", "contact_id", "CN"),
                ("assessment", "assessment_id", "AS"),
                ("review", "review_id", "RV"),
            ),
        )
        row = self.some(
            [
                row
                for row in case.rows[table]
                if row["status"] == "COMPLETED"
                and "_literals" not in row
                and not row[key].startswith(f"{prefix}9")
            ]
        )
        if row is None:
            self.turn["CANCELLED_EVENT"] -= 1
            return None
        copy = dict(row, status="CANCELLED", outcome_code="")
        copy[key] = self.new_id(prefix)
        case.rows[table].append(copy)
        return [(table, copy[key], "recorded in error")]

    def open_event(self, case):
        person = case.people[0]
        day = self.some_day(person)
        if day is None:
            return None
        if self.next_of("OPEN_EVENT", (True, False)):
            row = self.contact_row(person.id, day, None, "RFS", "SELF", "")
            case.rows["contact"].append(row)
            return [("contact", row["contact_id"], "never completed")]
        row = self.assessment_row(person, day, None, "CANA")
        return [("assessment", self.add_assessment(case, row), "never completed")]

    def out_of_scope_assessment(self, case):
        day = self.some_day(case.people[0])
        if day is None:
            return None
        kind = self.next_of(
            "OUT_OF_SCOPE_ASSESSMENT", ("S42", "DOLS", "MCA", "FINA", "MHA", "S42", "DOLS", "CHCC")
        )
        done = min(day + int(self.r() * 20), case.people[0].death - 1)
        row = self.assessment_row(case.people[0], day, max(day, done), kind)
        return [("assessment", self.add_assessment(case, row), kind)]

    def out_of_scope_contact(self, case):
        day = self.some_day(case.people[0])
        if day is None:
            return None
        kind = self.next_of(
            "OUT_OF_SCOPE_CONTACT", ("GENQ", "SGC", "GENQ", "DOLREQ", "FINQ", "BLUB", "COMPL")
        )
        row = self.contact_row(case.people[0].id, day, day, kind, "SELF", "OTH")
        case.rows["contact"].append(row)
        return [("contact", row["contact_id"], kind)]

    def form_dates_differ(self, case):
        row = self.some(
            [
                row
                for row in case.rows["assessment"]
                if row["form_start_date"] is not None and row["assessment_type_code"] != "CHTR"
            ]
        )
        if row is None:
            return None
        earlier = 1 + int(self.r() * 9)
        row["form_start_date"] -= earlier
        row["form_end_date"] = max(row["form_start_date"], row["form_end_date"] - earlier // 2)
        return [("assessment", row["assessment_id"], f"form starts {earlier} days before the step")]

    def carer_link_one_way(self, case):
        rows = [row for row in case.rows["relationship"] if row["is_unpaid_carer"] == "N"]
        row = self.some(rows)
        if row is None:
            return None
        case.rows["relationship"].remove(row)
        kept = next(
            other
            for other in case.rows["relationship"]
            if other["person_id"] == row["related_person_id"]
            and other["related_person_id"] == row["person_id"]
        )
        return [("relationship", kept["relationship_id"], "no row the other way")]

    def tied_classification(self, case):
        person = case.people[0]
        row = self.some(
            self.rows_of(
                case,
                "person_classification",
                person,
                lambda row: (
                    row["classification"] in ("ACCOMMODATION", "FUNDING") and row["recorded_at"][1] > 500
                ),
            )
        )
        if row is None:
            return None
        code = "TPR" if row["classification"] == "ACCOMMODATION" else "NIL"
        other = dict(row, code=code if row["code"] != code else ("OWN" if code == "TPR" else "PART"))
        other["recorded_at"] = (row["recorded_at"][0], 481)
        other.pop("_literals", None)
        case.rows["person_classification"].append(other)
        return [("person_classification", person.id, f"two values of {row['classification']} from one day")]

    def rollover_without_link(self, case):
        lines = [
            line
            for line, package in self.own_lines(
                case, lambda line, package: line["previous_line_id"] and line["start_date"] in APRIL_FIRSTS
            )
        ]
        line = self.some(lines)
        if line is None:
            return None
        before, line["previous_line_id"] = line["previous_line_id"], ""
        return [("service_line", line["line_id"], f"continues {before}")]

    def never_started_package(self, case):
        person = case.people[0]
        day = self.some_day(person)
        if day is None:
            return None
        status = self.next_of("NEVER_STARTED_PACKAGE", ("CANCELLED", "PROPOSED", "APPROVED"))
        package = self.package_row(person.id, "LT", status, day, None)
        line = self.line_row(package, "HC", "MPB", "10.5", "HR")
        case.rows["service_package"].append(package)
        case.rows["service_line"].append(line)
        return [("service_package", package["package_id"], status)]

    def open_service_of_dead(self, case):
        # Half of them died in the period: their service has to end with them in the return.
        in_period = self.next_of("OPEN_SERVICE_OF_DEAD", (True, False))
        person = case.people[0]
        lines = self.own_lines(
            case,
            lambda line, package: (
                package["end_reason_code"] == "DEC"
                and package["package_type_code"] == "LT"
                and line["end_date"] is not None
                and line["end_date"] == package["end_date"]
                and "_literals" not in line
            ),
        )
        if not lines or in_period != (self.period_start <= person.death <= self.period_end):
            self.turn["OPEN_SERVICE_OF_DEAD"] -= 1
            return None
        line, package = self.some(lines)
        line["end_date"] = None
        if self.is_safe(person):
            package.update(end_date=None, end_reason_code="")
            return [("service_line", line["line_id"], "line and package open")]
        return [("service_line", line["line_id"], "line open, package ended")]

    def suspended_service(self, case):
        lines = self.own_lines(
            case,
            lambda line, package: (
                line["end_date"] is None
                and package["end_date"] is None
                and package["package_type_code"] == "LT"
                and "status" not in package
                and line["start_date"] < self.period_end - 90
            ),
        )
        if not lines:
            return None
        line, package = self.some(lines)
        line["suspended_from"] = package["_suspended_from"] = self.period_end - 10 - int(self.r() * 60)
        return [("service_line", line["line_id"], "suspended, not ended")]

    def rate_outside_unit_cost(self, case):
        lines = self.own_lines(
            case,
            lambda line, package: (
                package["package_type_code"] == "LT"
                and "_extra" not in line
                and line["element_code"] in ("RES", "RESD", "NUR", "NURD", "HC", "SLH", "XC")
            ),
        )
        if not lines:
            return None
        line, _ = self.some(lines)
        line["_extra"] = True
        care_home = line["element_code"] in ("RES", "RESD")
        nursing = line["element_code"] in ("NUR", "NURD")
        kind, amount = self.some(
            (("FNC", 235.88), ("CC", -178.4), ("TTU", 65), ("RCL", -235.88))
            if nursing
            else (("CC", -164.25), ("CCN", -210.1), ("TTU", 48.5), ("RCO", -90))
            if care_home
            else (("CC", -42.6), ("CHC", 120), ("ADM", 4.75), ("RCL", -75))
        )
        row = {
            "rate_id": self.new_id("RT"),
            "line_id": line["line_id"],
            "rate_type_code": kind,
            "amount": f"{amount * (0.8 + 0.4 * self.r()):.2f}",
            "per_unit_code": "WK",
            "start_date": line["start_date"],
            "end_date": line["end_date"],
            "_known": line["_known"],
            "_end_known": line["_end_known"],
        }
        case.rows["rate"].append(row)
        return [("rate", row["rate_id"], kind)]

    def line_without_rate(self, case):
        lines = self.own_lines(
            case,
            lambda line, package: (
                line["delivery_code"] in ("COM", "BLK") and package["subject_role"] == "CLIENT"
            ),
        )
        if not lines:
            return None
        line, _ = self.some(lines)
        case.rows["rate"] = [row for row in case.rows["rate"] if row["line_id"] != line["line_id"]]
        return [("service_line", line["line_id"], "commissioned, no rate")]

    def self_funder_arranged(self, case):
        package = self.some(
            [
                row
                for row in case.rows["service_package"]
                if row["package_type_code"] == "LT" and "status" not in row and not row["funding_code"]
            ]
        )
        if package is None:
            return None
        package["funding_code"] = "FULL"
        return [("service_package", package["package_id"], "arranged by the council: in the return")]

    def self_funder_metering(self, case):
        person = case.people[0]
        day = self.some_day(person)
        if day is None or person.death < FAR:
            return None
        package = self.package_row(person.id, "LT", "ACTIVE", day, None)
        line = self.line_row(package, "SFMT", "", "1", "WK")
        case.rows["service_package"].append(package)
        case.rows["service_line"].append(line)
        return [("service_line", line["line_id"], "metering only: not in the return")]

    def childrens_service(self, case):
        person = case.people[0]
        if (person.known - person.birth) / YEAR > 18.1:
            return None
        package = self.package_row(person.id, "RS", "ENDED", person.known, person.birth + int(18 * YEAR))
        line = self.line_row(package, "CHSV", "", "2", "NGT")
        case.rows["service_package"].append(package)
        case.rows["service_line"].append(line)
        return [("service_line", line["line_id"], "ends on the 18th birthday")]

    def orphan_record(self, case):
        table = self.next_of("ORPHAN_RECORD", ("contact", "service_line", "relationship", "assessment"))
        nobody = self.new_id("P").replace("P9", "P8")
        day = self.period_start + 40
        if table == "contact":
            row = self.contact_row(nobody, day, day + 2, "RFS", "SELF", "IAG")
            key = "contact_id"
        elif table == "assessment":
            row = self.assessment_row(case.people[0], day, day + 5, "PROPA")
            row.update(person_id=nobody, method_code="P", outcome_code="IAG")
            key = "assessment_id"
        elif table == "service_line":
            package = self.package_row(nobody, "LT", "ACTIVE", day, None)
            row = self.line_row(package, "HC", "MPB", "7", "HR")
            key = "line_id"
        else:
            row = {
                "relationship_id": self.new_id("RL"),
                "person_id": nobody,
                "related_person_id": case.people[0].id,
                "relationship_code": "FRI",
                "is_unpaid_carer": "Y",
                "is_main_carer": "N",
                "hours_code": "",
                "start_date": day,
                "end_date": None,
                "_known": day,
            }
            key = "relationship_id"
        case.rows[table].append(row)
        return [
            (
                table,
                row[key],
                "its package does not exist" if table == "service_line" else "its person does not exist",
            )
        ]

    def package_without_lines(self, case):
        person = case.people[0]
        day = self.some_day(person)
        if day is None or person.death < FAR:
            return None
        package = self.package_row(person.id, "LT", "ACTIVE", day, None)
        case.rows["service_package"].append(package)
        return [("service_package", package["package_id"], "no line")]
