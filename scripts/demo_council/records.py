"""The people of the invented council and the rows a case system keeps about them.

Days are ordinals (whole numbers); None is "not yet". Keys of a row that start with an underscore
are about the row (from which day it, or its end, was known) and never reach an extract.
Only random() of the standard generator is used: its stream is the same in every Python version.
"""

from math import log
from random import Random

from demo_council.calibration import (
    DAYS_AFTER_PERIOD,
    ETHNIC_CODES,
    ETHNIC_GROUPS,
    FAR,
    HISTORY_START,
    YEAR,
    odds,
)
from demo_council.codes import (
    ACCENTED_PROVIDERS,
    FEMALE_NAMES,
    MALE_NAMES,
    NAME_RANGES,
    NEIGHBOURHOOD_TEAMS,
    POSTCODE_AREAS,
    POSTCODE_LETTERS,
    PRACTICE_WORDS,
    PROVIDER_KINDS,
    PROVIDER_WORDS,
    REGULATED_KINDS,
    SURNAMES,
)

TABLES = (
    "person",
    "person_identifier",
    "address",
    "gp_registration",
    "person_classification",
    "relationship",
    "contact",
    "assessment",
    "review",
    "service_package",
    "service_line",
    "rate",
)


def nhs_number(nine_digits):
    """The number with its modulus 11 check digit, or None where there is no valid one."""
    total = sum(int(digit) * weight for digit, weight in zip(nine_digits, range(10, 1, -1)))
    check = 11 - total % 11
    if check == 10:
        return None
    return nine_digits + str(0 if check == 11 else check)


class Facts:
    """What the lives of one person need to know about them."""

    __slots__ = (
        "accommodation",
        "band",
        "birth",
        "death",
        "death_known",
        "gender",
        "group",
        "has_funding",
        "home",
        "id",
        "is_carer",
        "known",
        "last_active",
        "latest",
        "linked",
        "long_term",
        "postcode",
        "reason",
        "row",
        "surname",
        "team",
    )

    def __init__(self):
        self.death = FAR
        self.death_known = FAR
        self.last_active = 0
        self.is_carer = False
        self.has_funding = False
        self.long_term = False
        self.reason = None
        self.latest = {}
        self.linked = []


class Case:
    """The rows about one client and the carers found through them."""

    __slots__ = ("people", "rows")

    def __init__(self):
        self.rows = {table: [] for table in TABLES}
        self.people = []

    def add(self, table, row):
        self.rows[table].append(row)
        return row


class Records:
    """Makes people and their rows; every choice is drawn from one seeded generator."""

    def __init__(self, seed, people, period_end):
        self.seed = seed
        self.people = people
        self.end = period_end + DAYS_AFTER_PERIOD
        self.rng = Random(seed)
        self.r = self.rng.random
        self.counters = {}
        self.nhs_counter = 0
        self.providers = self.make_providers()
        self.practices = [
            (f"M99{number:03d}", f"{word} Surgery" if number % 3 else f"{word} Medical Centre")
            for number, word in enumerate(PRACTICE_WORDS, start=1)
        ]
        self.recent_clients = []

    # --- small helpers ---------------------------------------------------------------------
    def new_id(self, prefix):
        number = self.counters.get(prefix, 1000000) + 1
        self.counters[prefix] = number
        return f"{prefix}{number}"

    def pick(self, table):
        roll = self.r()
        for limit, value in table:
            if roll < limit:
                return value
        return table[-1][1]

    def one_of(self, values):
        return values[int(self.r() * len(values))]

    def between(self, low, high):
        return low + int(self.r() * (high - low + 1))

    def gap(self, mean):
        """Days until something that happens once in so many days, whatever came before."""
        return int(-mean * log(1.0 - self.r()))

    def moment(self, day, not_before=None):
        low = 480
        if not_before and not_before[0] == day:
            low = not_before[1] + 1
        return (day, self.between(low, max(low, 1050)))

    def make_providers(self):
        rows, kinds, number = [], {}, 0
        for kind, (count, words) in PROVIDER_KINDS.items():
            for index in range(count):
                number += 1
                name = f"{PROVIDER_WORDS[(number * 7) % len(PROVIDER_WORDS)]} {words[index % len(words)]}"
                if index == 1 and kind in ACCENTED_PROVIDERS:
                    name = ACCENTED_PROVIDERS[kind]
                registered = kind in REGULATED_KINDS
                rows.append(
                    {
                        "provider_id": f"PR{number:04d}",
                        "provider_name": name,
                        "cqc_location_id": f"1-999{number * 7919 % 1000000:06d}" if registered else "",
                        "cqc_location_name": name if registered else "",
                        "postcode": self.make_postcode(),
                    }
                )
                kinds.setdefault(kind, []).append(f"PR{number:04d}")
        self.provider_rows = rows
        return kinds

    def make_postcode(self):
        letters = POSTCODE_LETTERS
        return (
            f"{self.one_of(POSTCODE_AREAS)} {'09'[int(self.r() * 2)]}Z{letters[int(self.r() * len(letters))]}"
        )

    # --- people ----------------------------------------------------------------------------
    @staticmethod
    def nine_digits(count):
        return f"999{count:06d}"

    def birth_for(self, band, day, case_kind):
        """A birthday that makes the person of the band on the day."""
        if case_kind == "transition":
            return day - int(17.8 * YEAR) - self.between(0, 20)
        if band == "old":
            age = 65.3 + min(37.0, 8.5 * (self.r() + self.r() + self.r() * 1.2))
            if case_kind in ("stock_care_old",):
                age += 4 * self.r()
        else:
            age = 18.2 + 43.0 * self.r()
        return day - int(age * YEAR)

    def new_person(self, case, known, birth, gender=None, group=None, surname=None, postcode=None, band=None):
        person = Facts()
        person.id = self.new_id("P")
        person.known = known
        person.birth = birth
        person.band = band or ("old" if (known - birth) / YEAR >= 65 else "young")
        age = (HISTORY_START - birth) / YEAR
        if gender is None:
            gender = "F" if self.r() < (0.62 if person.band == "old" else 0.47) else "M"
            if self.r() < 0.004:
                gender = self.one_of(("NB", "U", "TG"))
        person.gender = gender
        if group is None:
            group = next(self.pick(table) for limit, table in ETHNIC_GROUPS if age >= limit)
        person.group = group
        (name_from, name_to), (surname_from, surname_to) = NAME_RANGES[group]
        forenames = MALE_NAMES if gender == "M" else FEMALE_NAMES
        forename = forenames[self.between(name_from, name_to - 1)]
        person.surname = surname or SURNAMES[self.between(surname_from, surname_to - 1)]
        person.postcode = postcode or self.make_postcode()
        person.team = self.one_of(NEIGHBOURHOOD_TEAMS)
        person.row = case.add(
            "person",
            {
                "person_id": person.id,
                "title": {"M": "Mr", "F": "Ms"}.get(gender, ""),
                "forename": forename,
                "surname": person.surname,
                "date_of_birth": birth,
                "dob_estimated": "N",
                "date_of_death": None,
                "gender_code": gender,
                "ethnicity_code": self.pick(ETHNIC_CODES[group]),
                "restricted": "Y" if self.r() < 0.01 else "N",
                "record_status": "ACTIVE",
                "merged_into_person_id": "",
                "_known": known,
            },
        )
        case.people.append(person)
        number = None
        while number is None:
            number = nhs_number(self.nine_digits(self.nhs_counter))
            self.nhs_counter += 1
        case.add(
            "person_identifier",
            {
                "person_id": person.id,
                "id_type": "NHS",
                "id_value": number,
                "verified": "Y" if self.r() < 0.93 else "N",
                "start_date": known,
                "_known": known,
            },
        )
        if self.r() < 0.3:
            case.add(
                "person_identifier",
                {
                    "person_id": person.id,
                    "id_type": self.one_of(("LEGACY", "FINANCE")),
                    "id_value": f"{self.between(100000, 999999)}",
                    "start_date": known,
                    "_known": known,
                },
            )
        self.add_address(case, person, "HOME", person.postcode, known - self.between(0, 4000))
        practice = self.one_of(self.practices)
        case.add(
            "gp_registration",
            {
                "person_id": person.id,
                "practice_code": practice[0],
                "practice_name": practice[1],
                "start_date": max(birth, known - self.between(30, 6000)),
                "_known": known,
            },
        )
        person.home = None
        return person

    def add_address(self, case, person, kind, postcode, start):
        start = max(start, person.birth)
        known = max(start, person.known)
        earlier = person.latest.get("address")
        if earlier is not None:
            earlier["end_date"], earlier["_end_known"] = max(start - 1, earlier["start_date"]), known
        person.latest["address"] = case.add(
            "address",
            {
                "address_id": self.new_id("AD"),
                "person_id": person.id,
                "address_type": kind,
                "postcode": postcode,
                "uprn": f"1000{self.between(10000000, 99999999)}",
                "start_date": start,
                "end_date": None,
                "is_main": "Y",
                "_known": known,
                "_end_known": FAR,
            },
        )

    def classify(self, case, person, classification, code, start):
        """A new value of a classification; the one before ends the day before, known the same day."""
        earlier = person.latest.get(classification)
        if earlier is not None:
            if earlier["code"] == code:
                return
            if start <= earlier["start_date"]:
                start = earlier["start_date"] + 1
            earlier["end_date"], earlier["_end_known"] = start - 1, start
        person.latest[classification] = case.add(
            "person_classification",
            {
                "person_id": person.id,
                "classification": classification,
                "code": code,
                "start_date": start,
                "end_date": None,
                "recorded_at": (start, self.between(480, 1050)),
                "_known": max(start, person.known),
                "_end_known": FAR,
            },
        )

    def first_classifications(self, case, person, day, reason, is_carer=False):
        person.reason = reason
        self.classify(case, person, "PRIMARY_SUPPORT_REASON", reason, day)
        if person.home is None:
            if person.band == "old":
                table = odds(OWN=46, SHO=2, TLA=24, THA=9, TPR=8, SHE=6, FAM=4.2, UNK=0.8)
            elif reason == "LD":
                table = odds(FAM=66, TLA=16, THA=9, TPR=5, OWN=2.5, UNK=0.8, TMPC=0.7)
            else:
                table = odds(
                    TLA=32, THA=14, TPR=20, OWN=14, FAM=15, TMPC=1.2, HOS=0.6, SOFA=0.8, MOB=0.2, UNK=2.2
                )
            person.home = self.pick(table)
        self.classify(case, person, "ACCOMMODATION", person.home, day)
        if person.band == "young":
            table = (
                odds(NNS=80, PL16=3, PM16=2, VOL=4, NSW=10, UNK=1)
                if reason == "LD"
                else odds(NNS=58, NSW=12, PM16=14, PL16=5, SEMP=2, PHU=2, VOL=3, UNK=4)
            )
            self.classify(case, person, "EMPLOYMENT", self.pick(table), day)
        elif self.r() < 0.5 or reason == "LD":
            self.classify(case, person, "EMPLOYMENT", "RET", day)
        if is_carer:
            return
        self.classify(
            case,
            person,
            "ASD",
            "Y" if self.r() < (0.32 if reason == "LD" else 0.015) else ("U" if self.r() < 0.12 else "N"),
            day,
        )
        dementia = 0.9 if reason == "MCOG" else (0.14 if person.band == "old" else 0.004)
        self.classify(
            case,
            person,
            "DEMENTIA",
            "Y" if self.r() < dementia else ("SUSP" if person.band == "old" and self.r() < 0.03 else "N"),
            day,
        )
        if reason in ("SSVI", "SSDI"):
            self.classify(case, person, "VISUAL", self.one_of(("BLI", "PAR", "VIU")), day)
        elif self.r() < 0.8:
            self.classify(case, person, "VISUAL", "VIU" if self.r() < 0.03 else "NVI", day)
        if reason in ("SSHI", "SSDI"):
            self.classify(case, person, "HEARING", self.one_of(("DWS", "DNS", "HOH")), day)
        elif self.r() < 0.8:
            self.classify(
                case, person, "HEARING", "HOH" if person.band == "old" and self.r() < 0.12 else "NHI", day
            )

    def set_funding(self, case, person, day):
        if person.has_funding:
            return
        person.has_funding = True
        table = (
            odds(PART=66, NIL=26, FULL=4, DPT=1.5, UNK=0.5)
            if person.band == "old"
            else odds(NIL=66, PART=24, S117=8, FULL=0.5, UNK=0.5)
        )
        self.classify(case, person, "FUNDING", self.pick(table), day)

    def dies(self, person, day):
        person.death = day
        person.death_known = day + self.between(1, 21)
        person.row["date_of_death"] = day
        person.row["_death_known"] = person.death_known
        address = person.latest.get("address")
        if address is not None:
            address["end_date"], address["_end_known"] = max(day, address["start_date"]), person.death_known

    def active_until(self, person, day):
        if day > person.last_active:
            person.last_active = day

    # --- events ----------------------------------------------------------------------------
    def contact(self, case, person, day, kind, route, outcome, role="CLIENT", team="T01", days=None):
        done = day + (self.gap(2.5) if days is None else days)
        done = min(done, day + 25)
        received = self.moment(day)
        completed = self.moment(done, received)
        text = {
            "HDN": "Hospital discharge",
            "CARREF": "Carer asks for support",
            "TRREF": "Preparing for adulthood",
        }.get(kind, "")
        if not text and self.r() < 0.35:
            text = self.one_of(
                (
                    "Struggling with washing and dressing",
                    "Fall at home",
                    "Asks about equipment",
                    "Family worried about memory",
                    "Review of options",
                    "Lives alone, low mood",
                    "Carer is tired",
                    "Benefits and money advice",
                )
            )
        row = case.add(
            "contact",
            {
                "contact_id": self.new_id("CN"),
                "person_id": person.id,
                "subject_role": role,
                "contact_type_code": kind,
                "received_at": received,
                "completed_at": completed,
                "status": "COMPLETED",
                "route_code": route,
                "outcome_code": outcome,
                "description": text,
                "is_conversation": "Y" if outcome == "ASS" and self.r() < 0.18 else "N",
                "team_id": team,
            },
        )
        self.active_until(person, done)
        return row, done

    def assessment(
        self, case, person, day, done, kind, outcome, needs, method, contact=None, role="CLIENT", team=None
    ):
        started = self.moment(day)
        completed = self.moment(done, started)
        has_form = self.r() < 0.7
        row = case.add(
            "assessment",
            {
                "assessment_id": self.new_id("AS"),
                "person_id": person.id,
                "subject_role": role,
                "contact_id": contact["contact_id"] if contact else "",
                "assessment_type_code": kind,
                "started_at": started,
                "completed_at": completed,
                "form_start_date": day if has_form else None,
                "form_end_date": done if has_form else None,
                "status": "COMPLETED",
                "eligible_needs_code": needs,
                "method_code": method,
                "outcome_code": outcome,
                "description": "",
                "team_id": team or person.team,
            },
        )
        self.active_until(person, done)
        return row

    def review(
        self, case, person, day, done, package, reason, outcome, achieved, method, role="CLIENT", team="T12"
    ):
        if done > self.end + 60 or day >= person.death or done > person.death:
            return
        started = self.moment(day)
        case.add(
            "review",
            {
                "review_id": self.new_id("RV"),
                "person_id": person.id,
                "subject_role": role,
                "package_id": package,
                "reason_code": reason,
                "due_date": day + self.between(-30, 30),
                "started_at": started,
                "completed_at": self.moment(done, started),
                "status": "COMPLETED",
                "method_code": method,
                "outcomes_achieved_code": achieved,
                "outcome_code": outcome,
                "description": "",
                "team_id": team,
            },
        )
        self.active_until(person, done)
