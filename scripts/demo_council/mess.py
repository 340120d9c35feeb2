"""The faults real extracts have, planted at known rates and listed in planted.csv.

A fault that would leave a mandatory cell of a returned row empty or invalid is planted only on
people nobody did anything for since a year before the reporting period: the demo leads to a clean
return. Everything else here is put right, or left out with a reason, on the way to the return.
"""

from datetime import date

from demo_council.calibration import APRILS, FAR, YEAR
from demo_council.records import nhs_number

# One record in so many people on file; the first goes to the first suitable person.
MERGED = 300  # merged into another record; events still hang on the old one
MERGED_CHAIN = 4000  # merged into a record that was itself merged
MERGED_CYCLE = 20000  # two records, each merged into the other
DUPLICATE_WITH_SURVIVOR = 600  # marked as a duplicate of a record that is named
DUPLICATE_WITHOUT_SURVIVOR = 800  # marked as a duplicate, of what nobody said
TEST_RECORD = 700  # made while testing the system, with events in the period
NAME_MARKER = 600  # DUPLICATE or ZZTEST typed into the name
SPLIT_BIRTH_DATE = 80  # day, month and year in three columns, the date blank
ESTIMATED_BIRTH = 120  # birth date estimated: 1 January or 1 July
PLACEHOLDER_BIRTH = 500  # 01/01/1900
TWO_NHS_NUMBERS = 200  # two numbers on a person, one of them verified
SHARED_NHS_NUMBER = 700  # one number on two people
NHS_NUMBER_WITH_SPACES = 40  # 999 123 4567
NHS_NUMBER_AS_DECIMAL = 60  # 9991234567.0, as a spreadsheet saves it
MISSING_NHS_NUMBER = 80  # none on record: allowed on returned people
TEXT_NULL = 40  # the word NULL in an optional column
STRAY_SPACES = 25  # spaces around names, codes and postcodes
LOWER_CASE_POSTCODE = 40  # b69 9za
SPACELESS_POSTCODE = 40  # B699ZA
DUMMY_POSTCODE = 250  # XXXX, NOPOSTCODE, ZZ99 3VZ
FAR_FUTURE_END = 20  # 31/12/9999 or 2099-12-31 for "still"
MIXED_DATE_FORMAT = 8  # a row that writes dates another way than its file
IMPOSSIBLE_DATE = 800  # 31/02
CANCELLED_EVENT = 60  # recorded in error
OPEN_EVENT = 80  # never completed
OUT_OF_SCOPE_ASSESSMENT = 30  # safeguarding, DoLS, mental capacity and the like
OUT_OF_SCOPE_CONTACT = 20  # casual contacts and other business
FORM_DATES_DIFFER = 40  # the practitioner's dates are not those of the workflow step
CARER_LINK_ONE_WAY = 60  # the link stands on the carer's side only
UNMAPPED_CODE = 200  # a local code no mapping knows
RETIRED_CODE = 150  # a code retired in the case system, still on records
FREE_TEXT_IDENTIFIER = 100  # name, NHS number, phone, postcode or birth date in free text
ROLLOVER_WITHOUT_LINK = 250  # a new line on 1 April that does not name the line before
NEVER_STARTED_PACKAGE = 120  # CANCELLED, PROPOSED or APPROVED, nothing delivered
OPEN_SERVICE_OF_DEAD = 500  # the person died, the service line was never closed
SUSPENDED_SERVICE = 150  # suspended, still open
RATE_OUTSIDE_UNIT_COST = 12  # contributions, nursing money, top-ups and reclaims among the rates
LINE_WITHOUT_RATE = 250  # commissioned support with no price on record
SELF_FUNDER_ARRANGED = 200  # pays in full, the council arranges: in the return
SELF_FUNDER_METERING = 300  # pays in full, the council only keeps count: out
CHILDRENS_SERVICE = 600  # a children's service before the 18th birthday
ORPHAN_RECORD = 500  # points at a person or package that does not exist
PACKAGE_WITHOUT_LINES = 400  # a package with nothing in it
TIED_CLASSIFICATION = 200  # two values from the same day: the later recorded counts

MOST_FAULTS_IN_A_CASE = 3
FREQUENT = {"MIXED_DATE_FORMAT", "RATE_OUTSIDE_UNIT_COST", "FAR_FUTURE_END"}
RARE_FIRST = sorted(
    (
        name
        for name, value in list(globals().items())
        if name.isupper() and type(value) is int and name not in ("FAR", "MOST_FAULTS_IN_A_CASE")
    ),
    key=lambda name: (-globals()[name], name),
)
RATES = {name: globals()[name] for name in RARE_FIRST}

APRIL_FIRSTS = frozenset(APRILS.values())
# list -> (code, description) of codes that the case system has and the mapping seeds do not.
UNMAPPED_CODES = {
    "gender": ("I", "Indeterminate"),
    "contact_type": ("CHAT", "Web chat"),
    "contact_route": ("APP", "Partner app"),
    "contact_outcome": ("XFER", "Transferred"),
    "element": ("PILOT", "Pilot 2023 home from hospital"),
    "visual": ("V7", "Awaiting certificate"),
    "hearing": ("HX", "Awaiting audiology"),
    "eligible_needs": ("TBC", "To be confirmed"),
    "hours_of_care": ("H9", "Live-in"),
}


class Mess:
    def __init__(self, lives, period_end):
        self.lives = lives
        self.r = lives.r  # seeded anew for each case, so using it here changes no life
        self.period_end = period_end
        self.period_start = period_end - 364
        self.safe_from = self.period_start - 365
        self.credit = dict.fromkeys(RATES, 1.0)
        self.turn = dict.fromkeys(RATES, 0)
        self.counters = {}
        self.nhs_counter = 0
        self.other_number = None

    # --- helpers ---------------------------------------------------------------------------
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

    def plant(self, case):
        planted = []
        for carer in case.people:
            if carer.is_carer and not any(
                row["person_id"] == carer.id
                for table in ("contact", "assessment", "review", "service_package")
                for row in case.rows[table]
            ):
                planted.append(
                    ("CARER_KNOWN_BY_ASSOCIATION", "person", carer.id, "linked, no event of their own")
                )
        faults, touched = 0, set()
        people = len(case.people)
        for kind in RARE_FIRST:
            self.credit[kind] += people / RATES[kind]
            if self.credit[kind] < 1 or faults >= MOST_FAULTS_IN_A_CASE and kind not in FREQUENT:
                continue
            records = getattr(self, kind.lower())(case, touched)
            if not records:
                continue
            self.credit[kind] -= 1
            faults += kind not in FREQUENT
            planted.extend((kind, *record) for record in records)
        number = self.fresh_number_row(case, case.people[0])
        if number is not None and not self.is_safe(case.people[0]):
            self.other_number = (number["id_value"], case.people[0].id)
        return planted

    @staticmethod
    def unmapped_codes():
        return [
            {"code_list": code_list, "code": code, "description": description}
            for code_list, (code, description) in UNMAPPED_CODES.items()
        ]

    # --- people ----------------------------------------------------------------------------
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

    def merged(self, case, touched):
        person = case.people[0]
        if "person" in touched or not self.rows_of(case, "contact", person):
            return None
        touched.add("person")
        row = self.copy_of_person(case, person, "MERGED", person.id, person.known)
        number = self.fresh_number_row(case, person)
        if number is not None:
            case.rows["person_identifier"].append(dict(number, person_id=row["person_id"]))
        self.repoint(case, person, row["person_id"])
        return [("person", row["person_id"], f"merged into {person.id}")]

    def merged_chain(self, case, touched):
        person = case.people[0]
        if "person" in touched or not self.rows_of(case, "contact", person):
            return None
        touched.add("person")
        middle = self.copy_of_person(case, person, "MERGED", person.id, person.known)
        first = self.copy_of_person(case, person, "MERGED", middle["person_id"], person.known)
        self.repoint(case, person, first["person_id"])
        return [
            ("person", first["person_id"], f"merged into {middle['person_id']}"),
            ("person", middle["person_id"], f"merged into {person.id}"),
        ]

    def merged_cycle(self, case, touched):
        person = self.safe_person(case)
        if person is None or "person" in touched:
            return None
        touched.add("person")
        other = self.copy_of_person(case, person, "MERGED", person.id, person.known)
        person.row.update(record_status="MERGED", merged_into_person_id=other["person_id"])
        return [
            ("person", person.id, f"merged into {other['person_id']}"),
            ("person", other["person_id"], f"merged into {person.id}"),
        ]

    def duplicate_with_survivor(self, case, touched):
        person = case.people[0]
        if "person" in touched or not self.rows_of(case, "contact", person):
            return None
        touched.add("person")
        row = self.copy_of_person(case, person, "DUPLICATE", person.id, person.known)
        if self.next_of("DUPLICATE_WITH_SURVIVOR", (True, False)):
            self.repoint(case, person, row["person_id"])
        return [("person", row["person_id"], f"duplicate of {person.id}")]

    def duplicate_without_survivor(self, case, touched):
        person = self.safe_person(case)
        if person is None or "person" in touched or not self.rows_of(case, "contact", person):
            return None
        touched.add("person")
        row = self.copy_of_person(case, person, "DUPLICATE", "", person.known)
        self.repoint(case, person, row["person_id"])
        return [("person", row["person_id"], "duplicate of an unknown record")]

    def test_record(self, case, touched):
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

    def name_marker(self, case, touched):
        person = self.safe_person(case)
        if person is None or "person" in touched:
            return None
        touched.add("person")
        if self.next_of("NAME_MARKER", (True, False)):
            person.row["surname"] = f"{person.row['surname'].upper()} DUPLICATE"
            return [("person", person.id, "DUPLICATE in surname")]
        person.row["forename"] = "ZZTEST"
        return [("person", person.id, "ZZTEST in forename")]

    def split_birth_date(self, case, touched):
        person = self.some(case.people)
        if "person" in touched or type(person.row["date_of_birth"]) is not int:
            return None
        touched.add("person")
        born = date.fromordinal(person.row["date_of_birth"])
        person.row.update(
            date_of_birth=None,
            birth_day=str(born.day),
            birth_month=str(born.month),
            birth_year=str(born.year),
        )
        return [("person", person.id, "date_of_birth blank, parts filled")]

    def estimated_birth(self, case, touched):
        person = case.people[0]
        if "person" in touched or (self.lives.end - person.birth) / YEAR < 30:
            return None
        touched.add("person")
        year = date.fromordinal(person.birth).year
        month = self.next_of("ESTIMATED_BIRTH", (1, 7))
        person.row.update(date_of_birth=date(year, month, 1).toordinal(), dob_estimated="Y")
        return [("person", person.id, f"1 {'January' if month == 1 else 'July'} of the year")]

    def placeholder_birth(self, case, touched):
        person = self.safe_person(case)
        if person is None or "person" in touched:
            return None
        touched.add("person")
        self.literal(person.row, "date_of_birth", "01/01/1900")
        return [("person", person.id, "01/01/1900")]

    # --- identifiers -----------------------------------------------------------------------
    def two_nhs_numbers(self, case, touched):
        row = self.fresh_number_row(case, case.people[0])
        if row is None:
            return None
        row["verified"], row["_touched"] = "Y", True
        case.rows["person_identifier"].append(
            dict(row, id_value=self.new_number(), verified="N", _touched=True)
        )
        return [("person_identifier", row["person_id"], "the verified number counts")]

    def shared_nhs_number(self, case, touched):
        person = self.safe_person(case)
        row = person and self.fresh_number_row(case, person)
        if not row or self.other_number is None:
            return None
        number, holder = self.other_number
        row.update(id_value=number, verified="N", _touched=True)
        return [("person_identifier", person.id, f"same number as {holder}")]

    def nhs_number_with_spaces(self, case, touched):
        row = self.fresh_number_row(case, self.some(case.people))
        if row is None:
            return None
        number, row["_touched"] = row["id_value"], True
        row["id_value"] = f"{number[:3]} {number[3:6]} {number[6:]}"
        return [("person_identifier", row["person_id"], "3 3 4")]

    def nhs_number_as_decimal(self, case, touched):
        row = self.fresh_number_row(case, self.some(case.people))
        if row is None:
            return None
        row["id_value"], row["_touched"] = row["id_value"] + ".0", True
        return [("person_identifier", row["person_id"], "ends in .0")]

    def missing_nhs_number(self, case, touched):
        row = self.fresh_number_row(case, self.some(case.people))
        if row is None:
            return None
        case.rows["person_identifier"].remove(row)
        return [("person", row["person_id"], "no NHS number on record")]

    # --- texts, codes, dates ---------------------------------------------------------------
    def text_null(self, case, touched):
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

    def stray_spaces(self, case, touched):
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

    def lower_case_postcode(self, case, touched):
        return self.change_postcode(case, str.lower, "lower case")

    def spaceless_postcode(self, case, touched):
        return self.change_postcode(case, lambda text: text.replace(" ", ""), "no space")

    def dummy_postcode(self, case, touched):
        person = self.safe_person(case)
        if person is None:
            return None
        text = self.next_of("DUMMY_POSTCODE", ("XXXX", "NOPOSTCODE", "ZZ99 3VZ"))
        rows = self.rows_of(case, "address", person)
        for row in rows:
            self.literal(row, "postcode", text)
        return [("address", row["address_id"], text) for row in rows]

    def far_future_end(self, case, touched):
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

    def mixed_date_format(self, case, touched):
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

    def impossible_date(self, case, touched):
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

    def unmapped_code(self, case, touched):
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
        code = UNMAPPED_CODES[variant][0]
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

    def retired_code(self, case, touched):
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

    def free_text_identifier(self, case, touched):
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

    # --- events ----------------------------------------------------------------------------
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

    def cancelled_event(self, case, touched):
        table, key, prefix = self.next_of(
            "CANCELLED_EVENT",
            (
                ("contact", "contact_id", "CN"),
                ("assessment", "assessment_id", "AS"),
                ("review", "review_id", "RV"),
            ),
        )
        row = self.some(
            [row for row in case.rows[table] if row["status"] == "COMPLETED" and "_literals" not in row]
        )
        if row is None:
            self.turn["CANCELLED_EVENT"] -= 1
            return None
        copy = dict(row, status="CANCELLED", outcome_code="")
        copy[key] = self.new_id(prefix)
        case.rows[table].append(copy)
        return [(table, copy[key], "recorded in error")]

    def open_event(self, case, touched):
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

    def out_of_scope_assessment(self, case, touched):
        day = self.some_day(case.people[0])
        if day is None:
            return None
        kind = self.next_of(
            "OUT_OF_SCOPE_ASSESSMENT", ("S42", "DOLS", "MCA", "FINA", "MHA", "S42", "DOLS", "CHCC")
        )
        done = min(day + int(self.r() * 20), case.people[0].death - 1)
        row = self.assessment_row(case.people[0], day, max(day, done), kind)
        return [("assessment", self.add_assessment(case, row), kind)]

    def out_of_scope_contact(self, case, touched):
        day = self.some_day(case.people[0])
        if day is None:
            return None
        kind = self.next_of(
            "OUT_OF_SCOPE_CONTACT", ("GENQ", "SGC", "GENQ", "DOLREQ", "FINQ", "BLUB", "COMPL")
        )
        row = self.contact_row(case.people[0].id, day, day, kind, "SELF", "OTH")
        case.rows["contact"].append(row)
        return [("contact", row["contact_id"], kind)]

    def form_dates_differ(self, case, touched):
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

    # --- carers and codes of links ---------------------------------------------------------
    def carer_link_one_way(self, case, touched):
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

    def tied_classification(self, case, touched):
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

    # --- services --------------------------------------------------------------------------
    def rollover_without_link(self, case, touched):
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

    def never_started_package(self, case, touched):
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

    def open_service_of_dead(self, case, touched):
        lines = [
            (line, package)
            for line, package in self.own_lines(
                case,
                lambda line, package: (
                    package["end_reason_code"] == "DEC"
                    and line["end_date"] is not None
                    and line["end_date"] == package["end_date"]
                    and package["package_type_code"] == "LT"
                    and "_literals" not in line
                ),
            )
        ]
        if not lines:
            return None
        line, package = self.some(lines)
        line["end_date"] = None
        if self.is_safe(case.people[0]):
            package.update(end_date=None, end_reason_code="")
            return [("service_line", line["line_id"], "line and package open")]
        return [("service_line", line["line_id"], "line open, package ended")]

    def suspended_service(self, case, touched):
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

    def rate_outside_unit_cost(self, case, touched):
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

    def line_without_rate(self, case, touched):
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

    def self_funder_arranged(self, case, touched):
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

    def self_funder_metering(self, case, touched):
        person = case.people[0]
        day = self.some_day(person)
        if day is None or person.death < FAR:
            return None
        package = self.package_row(person.id, "LT", "ACTIVE", day, None)
        line = self.line_row(package, "SFMT", "", "1", "WK")
        case.rows["service_package"].append(package)
        case.rows["service_line"].append(line)
        return [("service_line", line["line_id"], "metering only: not in the return")]

    def childrens_service(self, case, touched):
        person = case.people[0]
        if (person.known - person.birth) / YEAR > 18.1:
            return None
        package = self.package_row(person.id, "RS", "ENDED", person.known, person.birth + int(18 * YEAR))
        line = self.line_row(package, "CHSV", "", "2", "NGT")
        case.rows["service_package"].append(package)
        case.rows["service_line"].append(line)
        return [("service_line", line["line_id"], "ends on the 18th birthday")]

    def orphan_record(self, case, touched):
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

    def package_without_lines(self, case, touched):
        person = case.people[0]
        day = self.some_day(person)
        if day is None or person.death < FAR:
            return None
        package = self.package_row(person.id, "LT", "ACTIVE", day, None)
        case.rows["service_package"].append(package)
        return [("service_package", package["package_id"], "no line")]
