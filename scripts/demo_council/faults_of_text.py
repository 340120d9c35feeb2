"""Faults of texts, codes and dates, in whatever table."""

from datetime import date

from demo_council.faults import Faults


class TextFaults(Faults):
    def text_null(self, case):
        table, column = self.next_of(
            "TEXT_NULL",
            (
                ("person", "title"),
                ("address", "uprn"),
                ("contact", "description"),
                ("address", "end_date"),
                ("gp_registration", "end_date"),
            ),
        )
        rows = [
            row for row in case.rows[table] if row.get(column) in (None, "") or not column.endswith("date")
        ]
        row = self.some(rows)
        if row is None:
            self.turn["TEXT_NULL"] -= 1
            return None
        self.literal(row, column, "NULL")
        key = {"person": "person_id", "address": "address_id", "contact": "contact_id"}.get(
            table, "person_id"
        )
        return [(table, row[key], column)]

    def stray_spaces(self, case):
        table, column, key = self.next_of(
            "STRAY_SPACES",
            (
                ("person", "surname", "person_id"),
                ("person", "gender_code", "person_id"),
                ("contact", "route_code", "contact_id"),
                ("address", "postcode", "address_id"),
                ("person", "forename", "person_id"),
                ("service_line", "element_code", "line_id"),
            ),
        )
        row = self.some([row for row in case.rows[table] if column not in row.get("_literals", {})])
        if row is None:
            self.turn["STRAY_SPACES"] -= 1
            return None
        self.literal(row, column, self.some((" {} ", "{}  ", "  {}", "{}\u00a0")).format(row[column]))
        return [(table, row[key], column)]

    def change_postcode(self, case, change, detail):
        row = self.some([row for row in case.rows["address"] if "postcode" not in row.get("_literals", {})])
        if row is None:
            return None
        self.literal(row, "postcode", change(row["postcode"]))
        return [("address", row["address_id"], detail)]

    def lower_case_postcode(self, case):
        return self.change_postcode(case, str.lower, "lower case")

    def spaceless_postcode(self, case):
        return self.change_postcode(case, lambda text: text.replace(" ", ""), "no space")

    def dummy_postcode(self, case):
        person = self.safe_person(case)
        if person is None:
            return None
        text = self.next_of("DUMMY_POSTCODE", ("XXXX", "NOPOSTCODE", "ZZ99 3VZ"))
        rows = self.rows_of(case, "address", person)
        for row in rows:
            self.literal(row, "postcode", text)
        return [("address", row["address_id"], text) for row in rows]

    def far_future_end(self, case):
        table, key = self.next_of(
            "FAR_FUTURE_END",
            (
                ("address", "address_id"),
                ("person_classification", "person_id"),
                ("service_line", "line_id"),
                ("gp_registration", "person_id"),
                ("person_identifier", "person_id"),
            ),
        )
        row = self.some(
            [
                row
                for row in case.rows[table]
                if row.get("end_date") is None and "end_date" not in row.get("_literals", {})
            ]
        )
        if row is None:
            if table != "service_line":
                self.turn["FAR_FUTURE_END"] -= 1
            return None
        self.literal(row, "end_date", self.some(("31/12/9999", "2099-12-31", "9999-12-31 00:00:00")))
        return [(table, row[key], "end_date")]

    def mixed_date_format(self, case):
        table, key, columns, styles = self.next_of(
            "MIXED_DATE_FORMAT",
            (
                ("person", "person_id", ("date_of_birth",), ("iso", "timestamp")),
                ("contact", "contact_id", ("received_at", "completed_at"), ("dmy", "t")),
                ("service_line", "line_id", ("start_date", "end_date"), ("dmy", "timestamp")),
                ("assessment", "assessment_id", ("form_start_date", "form_end_date"), ("dmy", "timestamp")),
            ),
        )
        row = self.some(
            [
                row
                for row in case.rows[table]
                if "_styles" not in row
                and row[columns[0]] is not None
                and columns[0] not in row.get("_literals", {})
            ]
        )
        if row is None:
            return None
        style = self.some(styles)
        row["_styles"] = dict.fromkeys(columns, style)
        return [(table, row[key], style)]

    def impossible_date(self, case):
        variant = self.next_of(
            "IMPOSSIBLE_DATE", ("contact", "service_line", "cancelled_contact", "cancelled_line")
        )
        person = case.people[0]
        if variant == "cancelled_contact":
            row = self.contact_row(person.id, self.period_start + 150, None, "RFS", "SELF", "")
            row["status"] = "CANCELLED"
            case.rows["contact"].append(row)
            self.literal(row, "received_at", "31/02/2026")
            return [("contact", row["contact_id"], "received_at of a cancelled contact")]
        if variant == "cancelled_line":
            package = self.package_row(person.id, "LT", "CANCELLED", self.period_start + 150, None)
            line = self.line_row(package, "HC", "MPB", "7", "HR")
            case.rows["service_package"].append(package)
            case.rows["service_line"].append(line)
            self.literal(line, "start_date", "31/02/2026")
            return [("service_line", line["line_id"], "start_date in a cancelled package")]
        person = self.safe_person(case)
        row = None
        if person is not None and variant == "contact":
            row = self.some(
                self.rows_of(
                    case, "contact", person, lambda row: "_literals" not in row and "_styles" not in row
                )
            )
            if row is not None:
                self.literal(row, "received_at", "31/02/2024")
                return [("contact", row["contact_id"], "received_at")]
        if person is not None and variant == "service_line":
            line = self.some(
                [
                    line
                    for line, _ in self.own_lines(
                        case, lambda line, package: line["end_date"] is not None and "_literals" not in line
                    )
                ]
            )
            if line is not None:
                self.literal(line, "start_date", "31/02/2024")
                return [("service_line", line["line_id"], "start_date")]
        self.turn["IMPOSSIBLE_DATE"] -= 1
        return None

    def unmapped_code(self, case):
        variant = self.next_of(
            "UNMAPPED_CODE",
            (
                "visual",
                "contact_type",
                "eligible_needs",
                "gender",
                "hearing",
                "element",
                "hours_of_care",
                "contact_route",
                "contact_outcome",
            ),
        )
        code = self.unmapped[variant][0]
        person = case.people[0]
        row = record = None
        if variant in ("visual", "hearing"):
            row = self.some(
                self.rows_of(
                    case,
                    "person_classification",
                    person,
                    lambda row: row["classification"] == variant.upper(),
                )
            )
            column, record = "code", row and ("person_classification", person.id)
        elif variant == "eligible_needs":
            row = self.some([row for row in case.rows["assessment"] if row["eligible_needs_code"]])
            column, record = "eligible_needs_code", row and ("assessment", row["assessment_id"])
        elif variant == "hours_of_care":
            row = self.some([row for row in case.rows["relationship"] if row["is_unpaid_carer"] == "Y"])
            column, record = "hours_code", row and ("relationship", row["relationship_id"])
        elif self.safe_person(case) is None:
            pass
        elif variant == "gender":
            row = person.row if "gender_code" not in person.row.get("_literals", {}) else None
            column, record = "gender_code", ("person", person.id)
        elif variant == "element":
            line = self.some(
                self.own_lines(case, lambda line, package: "element_code" not in line.get("_literals", {}))
            )
            row = line and line[0]
            column, record = "element_code", row and ("service_line", row["line_id"])
        else:
            column = {
                "contact_type": "contact_type_code",
                "contact_route": "route_code",
                "contact_outcome": "outcome_code",
            }[variant]
            row = self.some(
                self.rows_of(
                    case,
                    "contact",
                    person,
                    lambda row: row["status"] == "COMPLETED" and column not in row.get("_literals", {}),
                )
            )
            record = row and ("contact", row["contact_id"])
        if not row:
            self.turn["UNMAPPED_CODE"] -= 1
            return None
        row[column] = code
        return [(*record, f"{variant} {code}")]

    def retired_code(self, case):
        table, column, old, new, key = self.next_of(
            "RETIRED_CODE",
            (
                ("contact", "route_code", "SELF", "FAX", "contact_id"),
                ("review", "outcome_code", "NC", "SAME", "review_id"),
                ("contact", "outcome_code", "IAG", "ADV", "contact_id"),
                ("assessment", "method_code", "P", "TEL", "assessment_id"),
                ("person", "ethnicity_code", "A1", "WBRI", "person_id"),
                ("service_package", "end_reason_code", "OTH", "NLR", "package_id"),
            ),
        )
        row = self.some(
            [row for row in case.rows[table] if row[column] == old and column not in row.get("_literals", {})]
        )
        if row is None:
            self.turn["RETIRED_CODE"] -= 1
            return None
        row[column] = new
        return [(table, row[key], f"{column} {new}")]

    def free_text_identifier(self, case):
        table, key = self.next_of(
            "FREE_TEXT_IDENTIFIER", (("contact", "contact_id"), ("assessment", "assessment_id"))
        )
        row = self.some(
            [
                row
                for row in case.rows[table]
                if "description" not in row.get("_literals", {}) and row["person_id"] == case.people[0].id
            ]
        )
        if row is None:
            self.turn["FREE_TEXT_IDENTIFIER"] -= 1
            return None
        person = case.people[0].row
        born = date.fromordinal(case.people[0].birth)
        number = next(
            (
                other["id_value"]
                for other in case.rows["person_identifier"]
                if other["person_id"] == row["person_id"] and other["id_type"] == "NHS"
            ),
            None,
        )
        what, text = self.some(
            [
                each
                for each in (
                    ("name", f"Daughter of {person['forename']} {person['surname']} rang"),
                    ("NHS number", f"NHS number {number} given by ward") if number else None,
                    ("phone", f"Call back on 07700 900{int(self.r() * 1000):03d} after 5pm"),
                    ("postcode", f"Moving to {case.people[0].postcode} next week"),
                    ("birth date", f"Says born {born:%d/%m/}{born.year}"),
                )
                if each
            ]
        )
        row["description"] = text
        return [(table, row[key], what)]
