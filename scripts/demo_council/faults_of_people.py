"""Faults of the records and numbers of people."""

from datetime import date

from demo_council.calibration import YEAR
from demo_council.faults import Faults


class PeopleFaults(Faults):
    def copy_of_person(self, case, person, status, into, known):
        row = {key: value for key, value in person.row.items() if key not in ("_literals", "_styles")}
        row.update(person_id=self.new_id("P"), record_status=status, merged_into_person_id=into, _known=known)
        case.rows["person"].append(row)
        return row

    def repoint(self, case, person, identifier):
        """One of the person's requests, moved to the other record of theirs."""
        contact = self.some(
            self.rows_of(
                case, "contact", person, lambda row: row["status"] == "COMPLETED" and "_literals" not in row
            )
        )
        if contact is not None:
            contact["person_id"] = identifier
        return contact

    def merged(self, case):
        person = case.people[0]
        if self.person_touched or not self.rows_of(case, "contact", person):
            return None
        self.person_touched = True
        row = self.copy_of_person(case, person, "MERGED", person.id, person.known)
        number = self.fresh_number_row(case, person)
        if number is not None:
            case.rows["person_identifier"].append(dict(number, person_id=row["person_id"]))
        self.repoint(case, person, row["person_id"])
        return [("person", row["person_id"], f"merged into {person.id}")]

    def merged_chain(self, case):
        person = case.people[0]
        if self.person_touched or not self.rows_of(case, "contact", person):
            return None
        self.person_touched = True
        middle = self.copy_of_person(case, person, "MERGED", person.id, person.known)
        first = self.copy_of_person(case, person, "MERGED", middle["person_id"], person.known)
        self.repoint(case, person, first["person_id"])
        return [
            ("person", first["person_id"], f"merged into {middle['person_id']}"),
            ("person", middle["person_id"], f"merged into {person.id}"),
        ]

    def merged_cycle(self, case):
        person = self.safe_person(case)
        if person is None or self.person_touched:
            return None
        self.person_touched = True
        other = self.copy_of_person(case, person, "MERGED", person.id, person.known)
        person.row.update(record_status="MERGED", merged_into_person_id=other["person_id"])
        return [
            ("person", person.id, f"merged into {other['person_id']}"),
            ("person", other["person_id"], f"merged into {person.id}"),
        ]

    def duplicate_with_survivor(self, case):
        person = case.people[0]
        if self.person_touched or not self.rows_of(case, "contact", person):
            return None
        self.person_touched = True
        row = self.copy_of_person(case, person, "DUPLICATE", person.id, person.known)
        if self.next_of("DUPLICATE_WITH_SURVIVOR", (True, False)):
            self.repoint(case, person, row["person_id"])
        return [("person", row["person_id"], f"duplicate of {person.id}")]

    def duplicate_without_survivor(self, case):
        person = self.safe_person(case)
        if person is None or self.person_touched or not self.rows_of(case, "contact", person):
            return None
        self.person_touched = True
        row = self.copy_of_person(case, person, "DUPLICATE", "", person.known)
        self.repoint(case, person, row["person_id"])
        return [("person", row["person_id"], "duplicate of an unknown record")]

    def test_record(self, case):
        person = case.people[0]
        row = self.copy_of_person(case, person, "TEST", "", self.period_start + 10)
        row.update(forename="ZZTEST", surname="Training", date_of_death=None)
        identifier, day = row["person_id"], self.period_start + 20
        case.rows["contact"].append(self.contact_row(identifier, day, day + 1, "RFS", "SELF", "IAG"))
        package = self.package_row(identifier, "LT", "ACTIVE", day + 2, None)
        case.rows["service_package"].append(package)
        line = self.line_row(package, "HC", "MPB", "7", "HR")
        case.rows["service_line"].append(line)
        return [("person", identifier, "a contact and a package in the period")]

    def name_marker(self, case):
        person = self.safe_person(case)
        if person is None or self.person_touched:
            return None
        self.person_touched = True
        if self.next_of("NAME_MARKER", (True, False)):
            person.row["surname"] = f"{person.row['surname'].upper()} DUPLICATE"
            return [("person", person.id, "DUPLICATE in surname")]
        person.row["forename"] = "ZZTEST"
        return [("person", person.id, "ZZTEST in forename")]

    def split_birth_date(self, case):
        person = self.some(case.people)
        if self.person_touched or type(person.row["date_of_birth"]) is not int:
            return None
        self.person_touched = True
        born = date.fromordinal(person.row["date_of_birth"])
        person.row.update(
            date_of_birth=None,
            birth_day=str(born.day),
            birth_month=str(born.month),
            birth_year=str(born.year),
        )
        return [("person", person.id, "date_of_birth blank, parts filled")]

    def estimated_birth(self, case):
        person = case.people[0]
        if self.person_touched or (self.lives.end - person.birth) / YEAR < 30:
            return None
        self.person_touched = True
        year = date.fromordinal(person.birth).year
        month = self.next_of("ESTIMATED_BIRTH", (1, 7))
        person.row.update(date_of_birth=date(year, month, 1).toordinal(), dob_estimated="Y")
        return [("person", person.id, f"1 {'January' if month == 1 else 'July'} of the year")]

    def placeholder_birth(self, case):
        person = self.safe_person(case)
        if person is None or self.person_touched:
            return None
        self.person_touched = True
        self.literal(person.row, "date_of_birth", "01/01/1900")
        return [("person", person.id, "01/01/1900")]

    def two_nhs_numbers(self, case):
        row = self.fresh_number_row(case, case.people[0])
        if row is None:
            return None
        row["verified"], row["_touched"] = "Y", True
        case.rows["person_identifier"].append(
            dict(row, id_value=self.new_number(), verified="N", _touched=True)
        )
        return [("person_identifier", row["person_id"], "the verified number counts")]

    def shared_nhs_number(self, case):
        person = self.safe_person(case)
        row = person and self.fresh_number_row(case, person)
        if not row or self.other_number is None:
            return None
        number, holder = self.other_number
        row.update(id_value=number, verified="N", _touched=True)
        return [("person_identifier", person.id, f"same number as {holder}")]

    def nhs_number_with_spaces(self, case):
        row = self.fresh_number_row(case, self.some(case.people))
        if row is None:
            return None
        number, row["_touched"] = row["id_value"], True
        row["id_value"] = f"{number[:3]} {number[3:6]} {number[6:]}"
        return [("person_identifier", row["person_id"], "3 3 4")]

    def nhs_number_as_decimal(self, case):
        row = self.fresh_number_row(case, self.some(case.people))
        if row is None:
            return None
        row["id_value"], row["_touched"] = row["id_value"] + ".0", True
        return [("person_identifier", row["person_id"], "ends in .0")]

    def missing_nhs_number(self, case):
        row = self.fresh_number_row(case, self.some(case.people))
        if row is None:
            return None
        case.rows["person_identifier"].remove(row)
        return [("person", row["person_id"], "no NHS number on record")]
