"""The faults real extracts have, planted at known rates and listed in planted.csv.

A fault that would leave a mandatory cell of a returned row empty or invalid is planted only on
people nobody did anything for since a year before the reporting period: the demo leads to a clean
return. Everything else here is put right, or left out with a reason, on the way to the return.
"""

from demo_council.faults_of_events import EventFaults
from demo_council.faults_of_people import PeopleFaults
from demo_council.faults_of_text import TextFaults

# One record in so many people on file; the first goes to the first suitable person.
RATES = {
    "MERGED": 300,  # merged into another record; events still hang on the old one
    "MERGED_CHAIN": 4000,  # merged into a record that was itself merged
    "MERGED_CYCLE": 20000,  # two records, each merged into the other
    "DUPLICATE_WITH_SURVIVOR": 600,  # marked as a duplicate of a record that is named
    "DUPLICATE_WITHOUT_SURVIVOR": 800,  # marked as a duplicate, of what nobody said
    "TEST_RECORD": 700,  # made while testing the system, with events in the period
    "NAME_MARKER": 600,  # DUPLICATE or ZZTEST typed into the name
    "SPLIT_BIRTH_DATE": 80,  # day, month and year in three columns, the date blank
    "ESTIMATED_BIRTH": 120,  # birth date estimated: 1 January or 1 July
    "PLACEHOLDER_BIRTH": 500,  # 01/01/1900
    "TWO_NHS_NUMBERS": 200,  # two numbers on a person, one of them verified
    "SHARED_NHS_NUMBER": 700,  # one number on two people
    "NHS_NUMBER_WITH_SPACES": 40,  # 999 123 4567
    "NHS_NUMBER_AS_DECIMAL": 60,  # 9991234567.0, as a spreadsheet saves it
    "MISSING_NHS_NUMBER": 80,  # none on record: allowed on returned people
    "TEXT_NULL": 40,  # the word NULL in an optional column
    "STRAY_SPACES": 25,  # spaces around names, codes and postcodes
    "LOWER_CASE_POSTCODE": 40,  # b69 9za
    "SPACELESS_POSTCODE": 40,  # B699ZA
    "DUMMY_POSTCODE": 250,  # XXXX, NOPOSTCODE, ZZ99 3VZ
    "FAR_FUTURE_END": 20,  # 31/12/9999 or 2099-12-31 for "still"
    "MIXED_DATE_FORMAT": 8,  # a row that writes dates another way than its file
    "IMPOSSIBLE_DATE": 800,  # 31/02
    "CANCELLED_EVENT": 60,  # recorded in error
    "OPEN_EVENT": 80,  # never completed
    "OUT_OF_SCOPE_ASSESSMENT": 30,  # safeguarding, DoLS, mental capacity and the like
    "OUT_OF_SCOPE_CONTACT": 20,  # casual contacts and other business
    "FORM_DATES_DIFFER": 40,  # the practitioner's dates are not those of the workflow step
    "CARER_LINK_ONE_WAY": 60,  # the link stands on the carer's side only
    "UNMAPPED_CODE": 200,  # a local code no mapping knows
    "RETIRED_CODE": 150,  # a code retired in the case system, still on records
    "FREE_TEXT_IDENTIFIER": 100,  # name, NHS number, phone, postcode or birth date in free text
    "ROLLOVER_WITHOUT_LINK": 250,  # a new line on 1 April that does not name the line before
    "NEVER_STARTED_PACKAGE": 120,  # CANCELLED, PROPOSED or APPROVED, nothing delivered
    "OPEN_SERVICE_OF_DEAD": 500,  # the person died, the service line was never closed
    "SUSPENDED_SERVICE": 150,  # suspended, still open
    "RATE_OUTSIDE_UNIT_COST": 12,  # contributions, nursing money, top-ups and reclaims among the rates
    "LINE_WITHOUT_RATE": 250,  # commissioned support with no price on record
    "SELF_FUNDER_ARRANGED": 200,  # pays in full, the council arranges: in the return
    "SELF_FUNDER_METERING": 300,  # pays in full, the council only keeps count: out
    "CHILDRENS_SERVICE": 600,  # a children's service before the 18th birthday
    "ORPHAN_RECORD": 500,  # points at a person or package that does not exist
    "PACKAGE_WITHOUT_LINES": 400,  # a package with nothing in it
    "TIED_CLASSIFICATION": 200,  # two values from the same day: the later recorded counts
}
RAREST_FIRST = sorted(RATES, key=lambda kind: (-RATES[kind], kind))
MOST_FAULTS_IN_A_CASE = 3
FREQUENT = ("MIXED_DATE_FORMAT", "RATE_OUTSIDE_UNIT_COST", "FAR_FUTURE_END")  # besides the three

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


class Mess(PeopleFaults, TextFaults, EventFaults):
    unmapped = UNMAPPED_CODES

    def __init__(self, lives, period_end):
        super().__init__(lives, period_end, RATES)

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
        faults, self.person_touched = 0, False
        people = len(case.people)
        for kind in RAREST_FIRST:
            self.credit[kind] += people / RATES[kind]
            if self.credit[kind] < 1 or (faults >= MOST_FAULTS_IN_A_CASE and kind not in FREQUENT):
                continue
            records = getattr(self, kind.lower())(case)
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
