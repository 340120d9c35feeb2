"""What happens to the people of the invented council, day by day, whoever looks at it and when.

Days are ordinals (whole numbers); None is "not yet". Keys of a row that start with an underscore
are about the row (from which day it, or its end, was known) and never reach an extract.
Only random() of the standard generator is used: its stream is the same in every Python version.
"""

from datetime import date
from math import log
from random import Random

from demo_council.codes import (
    ACCENTED_PROVIDERS, FEMALE_NAMES, MALE_NAMES, NAME_RANGES, NEIGHBOURHOOD_TEAMS, POSTCODE_AREAS,
    POSTCODE_LETTERS, PRACTICE_WORDS, PROVIDER_KINDS, PROVIDER_WORDS, REGULATED_KINDS, SURNAMES,
)

HISTORY_START = date(2023, 4, 1).toordinal()
DAYS_AFTER_PERIOD = 14  # the extracts reach this far beyond the period: sequels of its last week
FAR = date(9000, 1, 1).toordinal()
YEAR = 365.25
TABLES = (
    "person", "person_identifier", "address", "gp_registration", "person_classification",
    "relationship", "contact", "assessment", "review", "service_package", "service_line", "rate",
)


def odds(**weights):
    """A table of values and running weights for Lives.pick; names starting with _ lose it."""
    total, running, table = float(sum(weights.values())), 0.0, []
    for value, weight in weights.items():
        running += weight
        table.append((running / total, value.lstrip("_")))
    return table


# --- Calibration. Volumes are per person on file; a council like the real Sandwell has about
# 35,000 people on file over three and a half years for 5,100 with long term support in a year.
CASE_KINDS = odds(
    stock_community_young=3.55, stock_care_young=0.8, stock_community_old=4.6, stock_care_old=2.9,
    transition=0.55, arrival_young=26.5, arrival_old=59.5,
)
FURTHER_REQUEST = 0.42          # chance that somebody who got no long term support asks again
DAYS_TO_FURTHER_REQUEST = 260
# Leaving a state: share a year, by age band (young = 18 to 64).
LEAVE = {
    ("community", "old"): {"death": 0.19, "care": 0.12, "end": 0.30},
    ("community", "young"): {"death": 0.02, "care": 0.009, "end": 0.10},
    ("care", "old"): {"death": 0.36, "end": 0.03},
    ("care", "young"): {"death": 0.04, "community": 0.05, "end": 0.015},
}
DEATHS_WITHOUT_SUPPORT = {"old": 0.07, "young": 0.008}
REQUEST_OUTCOMES = {
    "old": odds(IAG=16, SIGN=9, OTH=6, NOS=8, DECL=5, NHS=4, LAO=4, SF=4, REFO=2, HOSP=1.5, RBL=27, ASS=20, SVC=0.5),
    "young": odds(IAG=21, SIGN=14, OTH=9, NOS=11, DECL=6, NHS=4, LAO=7, OLA=1, REFO=2, RBL=4.5, ASS=20, SVC=0.5),
}
# Sequels of short term support to maximise independence: 56 in 100 of those that count have none.
ST_MAX_SEQUELS = odds(GOAL=31, COMP=5, SIGN=2, low_level=11, community=31, care=4.5, short_stay=2.2,
                      DECL=4, HOSP=6, DEC=3, CHC=1)
ASSESSMENT_TYPES = odds(CANA=46, OTA=26, PROPA=18, SENSA=4, TECA=6)
LONG_TERM_AFTER_ASSESSMENT = {"old": 0.54, "young": 0.30}
CARE_HOME_FIRST = {"old": 0.40, "young": 0.13}
DIRECT_PAYMENT = 0.155
SUPPORT_REASONS = {
    "old": odds(PSPC=56, PSAM=14, MCOG=16, MH=4, MHNHS=2, SSVI=2, SSHI=1, SSDI=1, SSI=3, LD=1),
    "young": odds(PSPC=22, PSAM=14, LD=14, MH=22, MHNHS=8, SSVI=3, SSHI=2, SSM=4, SAS=1, SSI=10),
    "young_long_term": odds(LD=50, PSPC=22, PSAM=4, MH=13, MHNHS=6, SSVI=1, SSI=3, SSM=1),
}
CARER_CHANCE = {"long_term": 0.60, "other": 0.045}
CARER_HAS_EVENTS = 0.66
ETHNIC_GROUPS = (  # age at the start of history, from the oldest
    (81, odds(white=95, asian=3, black=1.7, other=0.8)),
    (58, odds(white=82, asian=11, black=5.5, other=1.5)),
    (0, odds(white=56, asian=27, black=10, other=7)),
)
ETHNIC_CODES = {
    "white": odds(A1=84, A1E=6, A1W=1, WBRI=3, A2=2.5, A9=2, A9P=1.2, A3=0.2, A4=0.1),
    "asian": odds(C1=40, C1S=22, C2=24, C3=8, C4=1, C9=5),
    "black": odds(D1=62, D2=28, D9=10),
    "other": odds(B1=34, B3=16, B9=8, B2=3, E1=4, E2=10, E9=8, REF=4, NK=10, NS=3),
}
# element -> (price in 2023-24, unit, kind of provider). Uplifts bring home care to about 24 pounds
# an hour and care homes to about 1,000 pounds a week in 2025-26.
PRICES = {
    "HC": (20.4, "HR", "home"), "HC2": (20.4, "HR", "home"), "HCN": (19.1, "HR", "home"),
    "DOMC": (18.9, "ZHR", "home"), "XC": (19.8, "HR", "living"), "SLH": (19.2, "HR", "living"),
    "SLO": (21.3, "HR", "living"), "SHL": (415, "WK", "other"), "DC": (54, "DAY", "day"),
    "DOP": (38, "SES", "day"), "MEAL": (5.4, "VIS", "other"), "TRAN": (11.2, "VIS", "other"),
    "EMPS": (42, "SES", "day"), "DPP": (265, "WK", None), "DPA": (1180, "4W", None),
    "RES": (705, "WK", "res"), "RESD": (765, "WK", "res"), "NUR": (860, "WK", "nur"),
    "NURD": (905, "WK", "nur"), "PRC": (22, "HR", "home"), "RBH": (37.5, "HR", "home"),
    "RBB": (935, "WK", "res"), "TEC": (4.6, "WK", "other"), "EQ": (96, "OO", "other"),
    "ADP": (340, "OO", "other"), "SENR": (41, "HR", "other"), "EMG": (27, "HR", "home"),
    "SIT": (19.5, "HR", "other"), "CUN": (0, "FREE", "other"), "CBR": (310, "OO", "other"),
    "DPC": (480, "YR", None), "DPO": (300, "OO", None), "COT": (60, "OO", "other"),
    "SWS": (0, "FREE", None), "EOL": (23.5, "HR", "home"),
}
UPLIFT = {2023: 1.0, 2024: 1.075, 2025: 1.135, 2026: 1.185, 2027: 1.23}
ROLLED_OVER = 0.12      # share of packages whose finance system makes a new line each April
PROVIDER_CHANGE = 0.07  # a year
HOURS_CHANGE = 0.16     # a year, home care and the like
CARE_PSR_DEMENTIA = ("MCOG",)
HOUR_ELEMENTS = ("HC", "HC2", "HCN", "DOMC", "XC", "SLH", "SLO", "SIT")

APRILS = {year: date(year, 4, 1).toordinal() for year in range(1990, 2041)}


def fiscal_year(day):
    moment = date.fromordinal(day)
    return moment.year if moment.month >= 4 else moment.year - 1


def price_in(base, factor, year):
    known = min(max(year, 2020), 2027)
    uplift = UPLIFT[known] if known >= 2023 else 1 - 0.045 * (2023 - known)
    return round(base * factor * uplift, 2)


def nhs_number(nine_digits):
    """The number with its modulus 11 check digit, or None where there is no valid one."""
    total = sum(int(digit) * weight for digit, weight in zip(nine_digits, range(10, 1, -1)))
    check = 11 - total % 11
    if check == 10:
        return None
    return nine_digits + str(0 if check == 11 else check)


class Facts:
    """What the lives of one person need to know about them."""

    __slots__ = ("id", "row", "band", "birth", "death", "death_known", "known", "reason", "gender", "group",
                 "surname", "postcode", "accommodation", "last_active", "is_carer", "has_funding",
                 "long_term", "home", "team", "latest", "linked")

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

    __slots__ = ("rows", "people")

    def __init__(self):
        self.rows = {table: [] for table in TABLES}
        self.people = []

    def add(self, table, row):
        self.rows[table].append(row)
        return row


class Lives:
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
        self.carers_seeking_another = []

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
                rows.append({
                    "provider_id": f"PR{number:04d}", "provider_name": name,
                    "cqc_location_id": f"1-999{number * 7919 % 1000000:06d}" if registered else "",
                    "cqc_location_name": name if registered else "", "postcode": self.make_postcode(),
                })
                kinds.setdefault(kind, []).append(f"PR{number:04d}")
        self.provider_rows = rows
        return kinds

    def make_postcode(self):
        letters = POSTCODE_LETTERS
        return f"{self.one_of(POSTCODE_AREAS)}{'09'[int(self.r() * 2)]}Z{letters[int(self.r() * len(letters))]}"

    # --- people ----------------------------------------------------------------------------
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
        person.row = case.add("person", {
            "person_id": person.id, "title": {"M": "Mr", "F": "Ms"}.get(gender, ""),
            "forename": forename, "surname": person.surname, "date_of_birth": birth,
            "dob_estimated": "N", "date_of_death": None, "gender_code": gender,
            "ethnicity_code": self.pick(ETHNIC_CODES[group]), "restricted": "Y" if self.r() < 0.01 else "N",
            "record_status": "ACTIVE", "merged_into_person_id": "", "_known": known,
        })
        case.people.append(person)
        number = None
        while number is None:
            number = nhs_number(f"999{self.nhs_counter:06d}")
            self.nhs_counter += 1
        case.add("person_identifier", {
            "person_id": person.id, "id_type": "NHS", "id_value": number,
            "verified": "Y" if self.r() < 0.93 else "N", "start_date": known, "_known": known})
        if self.r() < 0.3:
            case.add("person_identifier", {
                "person_id": person.id, "id_type": self.one_of(("LEGACY", "FINANCE")),
                "id_value": f"{self.between(100000, 999999)}", "start_date": known, "_known": known})
        self.add_address(case, person, "HOME", person.postcode, known - self.between(0, 4000))
        practice = self.one_of(self.practices)
        case.add("gp_registration", {
            "person_id": person.id, "practice_code": practice[0], "practice_name": practice[1],
            "start_date": max(birth, known - self.between(30, 6000)), "_known": known})
        person.home = None
        return person

    def add_address(self, case, person, kind, postcode, start):
        start = max(start, person.birth)
        known = max(start, person.known)
        earlier = person.latest.get("address")
        if earlier is not None:
            earlier["end_date"], earlier["_end_known"] = max(start - 1, earlier["start_date"]), known
        person.latest["address"] = case.add("address", {
            "address_id": self.new_id("AD"), "person_id": person.id, "address_type": kind,
            "postcode": postcode, "uprn": f"1000{self.between(10000000, 99999999)}",
            "start_date": start, "end_date": None, "is_main": "Y", "_known": known, "_end_known": FAR})

    def classify(self, case, person, classification, code, start):
        """A new value of a classification; the one before ends the day before, known the same day."""
        earlier = person.latest.get(classification)
        if earlier is not None:
            if earlier["code"] == code:
                return
            if start <= earlier["start_date"]:
                start = earlier["start_date"] + 1
            earlier["end_date"], earlier["_end_known"] = start - 1, start
        person.latest[classification] = case.add("person_classification", {
            "person_id": person.id, "classification": classification, "code": code, "start_date": start,
            "end_date": None, "recorded_at": (start, self.between(480, 1050)),
            "_known": max(start, person.known), "_end_known": FAR})

    def first_classifications(self, case, person, day, reason, is_carer=False):
        person.reason = reason
        self.classify(case, person, "PRIMARY_SUPPORT_REASON", reason, day)
        if person.home is None:
            if person.band == "old":
                table = odds(OWN=46, SHO=2, TLA=24, THA=9, TPR=8, SHE=6, FAM=4.2, UNK=0.8)
            elif reason == "LD":
                table = odds(FAM=66, TLA=16, THA=9, TPR=5, OWN=2.5, UNK=0.8, TMPC=0.7)
            else:
                table = odds(TLA=32, THA=14, TPR=20, OWN=14, FAM=15, TMPC=1.2, HOS=0.6, SOFA=0.8, MOB=0.2, UNK=2.2)
            person.home = self.pick(table)
        self.classify(case, person, "ACCOMMODATION", person.home, day)
        if person.band == "young":
            table = odds(NNS=80, PL16=3, PM16=2, VOL=4, NSW=10, UNK=1) if reason == "LD" else odds(
                NNS=58, NSW=12, PM16=14, PL16=5, SEMP=2, PHU=2, VOL=3, UNK=4)
            self.classify(case, person, "EMPLOYMENT", self.pick(table), day)
        elif self.r() < 0.5 or reason == "LD":
            self.classify(case, person, "EMPLOYMENT", "RET", day)
        if is_carer:
            return
        self.classify(case, person, "ASD", "Y" if self.r() < (0.32 if reason == "LD" else 0.015) else
                      ("U" if self.r() < 0.12 else "N"), day)
        dementia = 0.9 if reason == "MCOG" else (0.14 if person.band == "old" else 0.004)
        self.classify(case, person, "DEMENTIA", "Y" if self.r() < dementia else
                      ("SUSP" if person.band == "old" and self.r() < 0.03 else "N"), day)
        if reason in ("SSVI", "SSDI"):
            self.classify(case, person, "VISUAL", self.one_of(("BLI", "PAR", "VIU")), day)
        elif self.r() < 0.8:
            self.classify(case, person, "VISUAL", "VIU" if self.r() < 0.03 else "NVI", day)
        if reason in ("SSHI", "SSDI"):
            self.classify(case, person, "HEARING", self.one_of(("DWS", "DNS", "HOH")), day)
        elif self.r() < 0.8:
            self.classify(case, person, "HEARING", "HOH" if person.band == "old" and self.r() < 0.12 else "NHI", day)

    def set_funding(self, case, person, day):
        if person.has_funding:
            return
        person.has_funding = True
        table = odds(PART=66, NIL=26, FULL=4, DPT=1.5, UNK=0.5) if person.band == "old" else odds(
            NIL=66, PART=24, S117=8, FULL=0.5, UNK=0.5)
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
        text = {"HDN": "Hospital discharge", "CARREF": "Carer asks for support",
                "TRREF": "Preparing for adulthood"}.get(kind, "")
        if not text and self.r() < 0.35:
            text = self.one_of(("Struggling with washing and dressing", "Fall at home", "Asks about equipment",
                                "Family worried about memory", "Review of options", "Lives alone, low mood",
                                "Carer is tired", "Benefits and money advice"))
        row = case.add("contact", {
            "contact_id": self.new_id("CN"), "person_id": person.id, "subject_role": role,
            "contact_type_code": kind, "received_at": received, "completed_at": completed,
            "status": "COMPLETED", "route_code": route, "outcome_code": outcome, "description": text,
            "is_conversation": "Y" if outcome == "ASS" and self.r() < 0.18 else "N", "team_id": team})
        self.active_until(person, done)
        return row, done

    def assessment(self, case, person, day, done, kind, outcome, needs, method, contact=None, role="CLIENT", team=None):
        started = self.moment(day)
        completed = self.moment(done, started)
        has_form = self.r() < 0.7
        row = case.add("assessment", {
            "assessment_id": self.new_id("AS"), "person_id": person.id, "subject_role": role,
            "contact_id": contact["contact_id"] if contact else "", "assessment_type_code": kind,
            "started_at": started, "completed_at": completed,
            "form_start_date": day if has_form else None, "form_end_date": done if has_form else None,
            "status": "COMPLETED", "eligible_needs_code": needs, "method_code": method,
            "outcome_code": outcome, "description": "", "team_id": team or person.team})
        self.active_until(person, done)
        return row

    def review(self, case, person, day, done, package, reason, outcome, achieved, method, role="CLIENT", team="T12"):
        if done > self.end + 60 or day >= person.death or done > person.death:
            return
        started = self.moment(day)
        case.add("review", {
            "review_id": self.new_id("RV"), "person_id": person.id, "subject_role": role,
            "package_id": package, "reason_code": reason, "due_date": day + self.between(-30, 30),
            "started_at": started, "completed_at": self.moment(done, started), "status": "COMPLETED",
            "method_code": method, "outcomes_achieved_code": achieved, "outcome_code": outcome,
            "description": "", "team_id": team})
        self.active_until(person, done)

    # --- services --------------------------------------------------------------------------
    def package(self, case, person, kind, parts, start, end, end_reason, role="CLIENT", end_known=None,
                changes=True, funding="", rolled=None):
        """A package with its lines and rates. parts: (element, delivery, planned units)."""
        if end is not None and end_known is None:
            end_known = end + self.between(0, 6)
        known = max(person.known, start - self.between(0, 9))
        row = case.add("service_package", {
            "package_id": self.new_id("PK"), "person_id": person.id, "subject_role": role,
            "package_type_code": kind, "start_date": start, "end_date": end,
            "end_reason_code": end_reason if end is not None else "",
            "support_reason_code": "CARSUP" if role != "CLIENT" else "", "funding_code": funding,
            "team_id": "T03" if kind == "RB" else person.team, "_known": known,
            "_end_known": end_known if end is not None else FAR})
        if rolled is None:
            rolled = changes and self.r() < ROLLED_OVER
        provider, provider_kind = None, None
        for element, delivery, units in parts:
            if provider is None or PRICES[element][2] != provider_kind:
                provider_kind = PRICES[element][2]
                provider = self.one_of(self.providers[provider_kind]) if provider_kind else ""
            self.lines(case, row, element, delivery, units, provider, start, end, changes, rolled)
        self.active_until(person, FAR if end is None else end)
        return row

    def changes_of_line(self, element, start, end, rolled):
        """Days on which a line is replaced by one that continues it, and why."""
        last = min(self.end, end) if end is not None else self.end
        days = []
        for year in range(2023, 2041):
            first = APRILS[year]
            if first > last:
                break
            if rolled and first > start + 1:
                days.append((first, "rollover"))
        if PRICES[element][2]:
            # Only changes since the history begins were carried over from the old system.
            day = max(start, HISTORY_START) + 20 + self.gap(YEAR / PROVIDER_CHANGE)
            if day < last - 20:
                days.append((day, "provider"))
        if element in HOUR_ELEMENTS or element in ("DPP", "DPA"):
            day = max(start, HISTORY_START) + 30
            while True:
                day += 25 + self.gap(YEAR / HOURS_CHANGE)
                if day >= last - 20:
                    break
                days.append((day, "hours"))
        days.sort()
        kept, previous = [], start
        for day, why in days:
            if day > previous + 10:
                kept.append((day, why))
                previous = day
        return kept

    def lines(self, case, package, element, delivery, units, provider, start, end, changes, rolled):
        base, unit, kind = PRICES[element]
        factor = 0.93 + 0.16 * self.r()
        if element in ("EQ", "ADP", "DPO", "CBR", "DPP", "DPA"):
            factor = 0.45 + 1.2 * self.r()
        splits = self.changes_of_line(element, start, end, rolled) if changes else []
        bounds = [start] + [day for day, _ in splits]
        rate_type = "DPG" if delivery in ("DP", "DPPP") else ("GBL" if delivery == "BLK" else (
            "ZGR" if element == "DOMC" else ("GSP" if factor > 1.05 else "GRS")))
        previous = ""
        for index, first in enumerate(bounds):
            is_last = index == len(bounds) - 1
            if index:
                why = splits[index - 1][1]
                if why == "provider":
                    provider = self.one_of(self.providers[kind])
                elif why == "hours":
                    if element in ("DPP", "DPA"):
                        factor *= 0.85 + 0.4 * self.r()
                    else:
                        units = max(1, round(units * (0.7 + 0.7 * self.r()) * 4) / 4)
            last = end if is_last else bounds[index + 1] - 1
            known = package["_known"] if index == 0 else first
            line = case.add("service_line", {
                "line_id": self.new_id("SL"), "package_id": package["package_id"], "element_code": element,
                "delivery_code": delivery, "provider_id": provider, "start_date": first, "end_date": last,
                "suspended_from": None, "planned_units": f"{units:g}", "unit_code": unit,
                "previous_line_id": previous, "_known": known,
                "_end_known": package["_end_known"] if is_last else bounds[index + 1]})
            previous = line["line_id"]
            self.rates(case, line, rate_type, base, factor, unit)

    def rates(self, case, line, rate_type, base, factor, unit):
        """The gross rate of a line, with a new rate each April."""
        start, end = line["start_date"], line["end_date"]
        last = end if end is not None else self.end
        days = [start]
        if unit != "OO":
            for year in range(max(2022, fiscal_year(start)), 2041):
                if APRILS[year] > last:
                    break
                if APRILS[year] > start:
                    days.append(APRILS[year])
        for index, day in enumerate(days):
            is_last = index == len(days) - 1
            case.add("rate", {
                "rate_id": self.new_id("RT"), "line_id": line["line_id"], "rate_type_code": rate_type,
                "amount": f"{price_in(base, factor, fiscal_year(day)):.2f}", "per_unit_code": unit,
                "start_date": day, "end_date": end if is_last else days[index + 1] - 1,
                "_known": line["_known"] if index == 0 else day,
                "_end_known": line["_end_known"] if is_last else days[index + 1]})

    def community_parts(self, person):
        """Elements, mechanism and units of a community package, and where the person then lives."""
        roll = self.r()
        if roll < DIRECT_PAYMENT:
            mechanism = "DPPP" if self.r() < 0.3 else "DP"
            return [("DPA" if self.r() < 0.35 else "DPP", mechanism, 1)], None
        mechanism = "MPB" if self.r() < 0.93 else ("ISF" if self.r() < 0.75 else self.one_of(("COM", "BLK")))
        hours = round((3.5 + 17 * self.r() * self.r()) * 4) / 4
        roll = self.r()
        if person.band == "old":
            if roll < 0.10:
                return [("XC", mechanism, hours)], "XCH"
            if roll < 0.19:  # two care workers at once, sent as two equal lines
                return [("HC", mechanism, hours), ("HC", mechanism, hours)], None
            if roll < 0.24:
                return [("HC", mechanism, hours), ("HC2", mechanism, hours)], None
            if roll < 0.32:
                return [("HC", mechanism, hours), ("DC", mechanism, self.between(1, 3))], None
            if roll < 0.37:
                return [("DC", mechanism, self.between(1, 4)), ("TRAN", mechanism, self.between(2, 8))], None
            if roll < 0.40:
                return [("HC", mechanism, hours), ("MEAL", mechanism, 7)], None
            return [("HC", mechanism, hours)], None
        if person.reason == "LD":
            if roll < 0.27:
                return [("SLH", mechanism, 20 + int(40 * self.r()))], "SUP"
            if roll < 0.36:
                return [("SLH", mechanism, 15 + int(30 * self.r())), ("SLO", mechanism, 5 + int(20 * self.r()))], "SUP"
            if roll < 0.43:
                return [("SHL", mechanism, 1)], "SLV"
            if roll < 0.70:
                return [("DC", mechanism, self.between(1, 5)), ("TRAN", mechanism, self.between(2, 10))], None
            if roll < 0.85:
                return [("DOP", mechanism, self.between(1, 6))], None
            if roll < 0.88:
                return [("EMPS", mechanism, self.between(1, 3))], None
            return [("HC", mechanism, hours)], None
        if person.reason in ("MH", "MHNHS") and roll < 0.4:
            return [("SLH", mechanism, 8 + int(20 * self.r()))], "SUP"
        if roll < 0.1:
            return [("HC", mechanism, hours), ("HCN", mechanism, 14)], None
        return [("HC", mechanism, hours)], None

    def care_parts(self, person):
        dementia = person.reason == "MCOG"
        if self.r() < (0.33 if person.band == "old" else 0.15):
            return [("NURD" if dementia else "NUR", "", 1)], "NH"
        return [("RESD" if dementia else "RES", "", 1)], "CH"

    def method(self, share_joint=0.12):
        roll = self.r()
        return "J" if roll < share_joint else ("PA" if roll < share_joint + 0.06 else "P")

    def long_term(self, case, person, start, setting, is_new=True):
        """Long term support from a day on, through changes of setting, to its end or the horizon."""
        person.long_term = True
        while True:
            band = person.band
            leave = LEAVE[setting, band]
            length = 12 + self.gap(YEAR / sum(leave.values()))
            if not is_new and start + length < HISTORY_START + 1:
                length = HISTORY_START - start + 1 + self.gap(YEAR / sum(leave.values()))
            is_new = True
            parts, home = self.care_parts(person) if setting == "care" else self.community_parts(person)
            self.set_funding(case, person, start)
            if home:
                self.classify(case, person, "ACCOMMODATION", home, start)
                if setting == "care" or home in ("SUP", "XCH", "SLV"):
                    self.add_address(case, person, "PLACEMENT" if setting == "care" else "HOME",
                                     self.make_postcode(), start)
            elif person.latest["ACCOMMODATION"]["code"] in ("CH", "NH", "SUP", "XCH", "SLV"):
                self.classify(case, person, "ACCOMMODATION", "TLA" if person.home in ("CH", "NH") else person.home, start)
                self.add_address(case, person, "HOME", self.make_postcode(), start)
            end, why = start + length, self.pick(odds(**leave))
            if end > self.end:
                end, why = None, None
            reason, end_known = "", None
            if why == "death":
                self.dies(person, end)
                reason, end_known = "DEC", person.death_known
            elif why in ("care", "community"):
                reason = "CHG"
            elif why == "end":
                reason = self.pick(odds(OTH=20, DECL=18, GOAL=16, OLA=14, SF=8, CHC=14, COMP=10) if setting ==
                                   "community" else odds(OLA=40, CHC=40, SF=20))
            package = self.package(case, person, "LT", parts, start, end, reason, end_known=end_known)
            self.life_in_support(case, person, package, start, end)
            if why not in ("care", "community"):
                return end
            start, setting = end + self.between(0, 2), why

    def life_in_support(self, case, person, package, start, end):
        """Reviews, reassessments, contacts and small extras while long term support runs."""
        last = end if end is not None else self.end
        identifier = package["package_id"]
        day = start + self.between(38, 60)
        if day >= HISTORY_START and day + 3 < last and self.r() < 0.6:
            self.review(case, person, day, day + self.between(0, 9), identifier, "P6W", "NC",
                        self.pick(odds(FUL=45, PRT=48, NOT=7)), self.method())
        day = max(start, HISTORY_START) + self.between(150, 420)
        while day + 15 < last:
            if self.r() < 0.72:
                self.review(case, person, day, day + self.between(0, 14), identifier,
                            "PLN" if self.r() < 0.01 else "PLA",
                            self.pick(odds(NC=66, INC=16, RED=5, CHG=8, REA=4, IAG=1)),
                            self.pick(odds(FUL=50, PRT=44, NOT=6)), self.method())
            day += self.between(300, 450)
        day = max(start, HISTORY_START) + self.gap(1100)
        while day + 15 < last:
            self.review(case, person, day, day + self.between(0, 9), identifier,
                        self.pick(odds(UHO=45, UOT=25, UCA=14, USG=8, UPR=5, UCO=3)),
                        self.pick(odds(INC=45, NC=30, CHG=15, REA=10)),
                        self.one_of(("", "PRT", "NOT")), self.method())
            day += 30 + self.gap(1100)
        day = max(start, HISTORY_START) + self.gap(900)
        while day + 30 < last:
            outcome = self.pick(odds(CONT=48, REV=22, ASS=14, IAG=12, RBL=4))
            row, done = self.contact(case, person, day, self.pick(odds(RFS=60, PREF=40)),
                                     self.pick(odds(SELF=60, GP=25, HD=15)), outcome)
            if outcome == "ASS" and done + 25 < last:
                begun = done + self.between(1, 15)
                self.assessment(case, person, begun, min(begun + self.between(0, 20), last), "REASS", "CONT",
                                "Y", self.method(), row)
            day += 25 + self.gap(900)
        if self.r() < 0.22:
            day = max(start, HISTORY_START) + self.gap(500)
            if day + 5 < last:
                self.low_level(case, person, day, telecare=self.r() < 0.35, until=end)
        if person.band == "old" and self.r() < 0.08 and last - max(start, HISTORY_START) > 60:
            first = max(start, HISTORY_START) + self.between(5, last - max(start, HISTORY_START) - 20)
            self.package(case, person, "ST", [("EMG", "COM", 6)], first, min(first + self.between(3, 12), last),
                         "COMP", changes=False)

    def low_level(self, case, person, day, telecare=False, until=None):
        self.set_funding(case, person, day)
        if telecare:
            self.package(case, person, "ST", [("TEC", "COM", 1)], day, until, "OTH" if until else "",
                         changes=False, end_known=max(until, person.death_known) if until and
                         person.death == until else None)
            if until and person.death == until:
                case.rows["service_package"][-1]["end_reason_code"] = "DEC"
        else:
            self.package(case, person, "ST", [("ADP" if self.r() < 0.15 else "EQ", "COM", 1)], day, day, "COMP",
                         changes=False)

    def reablement(self, case, person, day):
        """Short term support to maximise independence; gives the day the person is idle again."""
        self.set_funding(case, person, day)
        length = self.between(12, 42)
        end = day + length
        if end > self.end:
            self.package(case, person, "RB", self.reablement_parts(), day, None, "", changes=False)
            return None
        sequel = self.pick(ST_MAX_SEQUELS)
        if sequel == "DEC":
            self.dies(person, end)
        if person.death < end:
            return None
        reason = {"low_level": "COMP", "community": "LTS", "care": "LTS", "short_stay": "ASS"}.get(sequel, sequel)
        package = self.package(case, person, "RB", self.reablement_parts(), day, end, reason, changes=False,
                               end_known=person.death_known if sequel == "DEC" else None)
        if sequel != "DEC" and self.r() < 0.6:
            outcome = {"low_level": "CHG", "community": "CHG", "care": "CHG", "short_stay": "REA"}.get(sequel)
            self.review(case, person, end - self.between(1, 5), end, package["package_id"], "STR",
                        outcome or ("END" if sequel in ("GOAL", "COMP", "SIGN") else "ENDO"),
                        self.pick(odds(FUL=60, PRT=34, NOT=6)), self.method(0.06), team="T03")
        following = end + self.between(1, 5)
        if sequel == "low_level":
            self.low_level(case, person, following, telecare=self.r() < 0.25)
        elif sequel in ("community", "care"):
            if following <= self.end:
                begun = end - self.between(0, 3)
                self.assessment(case, person, begun, following, "CANA", "SP", "Y", self.method())
                following = self.long_term(case, person, following, sequel)
                if following is None:
                    return None
        elif sequel == "short_stay":
            ends = following + self.between(10, 30)
            if ends <= self.end:
                self.package(case, person, "ST", [("RES", "", 1)], following, ends, "COMP", changes=False)
                following = ends
            else:
                self.package(case, person, "ST", [("RES", "", 1)], following, None, "", changes=False)
                return None
        return following

    def reablement_parts(self):
        if self.r() < 0.13:
            return [("RBB", "COM", 1)]
        return [("RBH", "COM", round((4 + 9 * self.r()) * 2) / 2)]

    # --- pathways --------------------------------------------------------------------------
    def request(self, case, person, day):
        """One request and what follows; gives the day the person is idle again, or None."""
        band = person.band
        outcome = self.pick(REQUEST_OUTCOMES[band])
        if outcome == "RBL" and self.r() < 0.62:
            kind, route, team = "HDN", self.pick(odds(HD=55, HDP=45)), "T02"
        else:
            kind = self.pick(odds(RFS=58, PREF=27, WEBREF=13, OLDREF=2))
            route = self.pick(odds(SELF=46, GP=18, WEB=12, HD=10, AVO=5, POL=2, HOU=4, OLA=1.2, SFD=1, PRI=0.3, FAX=0.5))
            team = "T01"
            if kind == "OLDREF" and day > HISTORY_START + 200:
                kind = "RFS"
        if band == "young" and self.r() < 0.02 and outcome == "OTH":
            outcome = "ADV"
        row, done = self.contact(case, person, day, kind, route, outcome, team=team)
        if done >= person.death:
            # Nobody completes a request after the person died: it closed on the last day.
            row["completed_at"] = (person.death, 1070)
            row["outcome_code"], row["is_conversation"] = "DEC", "N"
            return None
        if outcome == "RBL":
            begun = done + self.between(0, 2)
            start = begun + self.between(1, 4)
            if start + 45 >= person.death or start > self.end:
                return done
            self.assessment(case, person, begun, start, "REABA", "RBL", "", self.method(0.05), row, team="T03")
            return self.reablement(case, person, start)
        if outcome == "SVC":
            start = done + self.between(0, 3)
            if start > self.end or start >= person.death:
                return done
            self.set_funding(case, person, start)
            self.package(case, person, "ST", [("HC", "COM", 7)], start, min(start + 14, person.death, self.end),
                         "COMP", changes=False)
            return start + 14
        if outcome != "ASS":
            return done
        kind = self.pick(ASSESSMENT_TYPES)
        begun = done + 1 + self.gap(16 if kind == "CANA" else 22)
        ends = begun + self.gap(12)
        if ends >= person.death or begun > self.end:
            return done
        if kind != "CANA":
            gets = self.r() < 0.62
            team = "T10" if kind in ("OTA", "SENSA", "TECA") else None
            self.assessment(case, person, begun, ends, kind, ("EQP" if gets else self.pick(odds(IAG=60, OTH=20, DECL=20))),
                            "", self.method(0.05), row, team=team)
            if gets and ends < self.end:
                start = ends + 1 + self.gap(9)
                if start < person.death and start <= self.end:
                    if kind == "SENSA":
                        self.set_funding(case, person, start)
                        self.package(case, person, "ST", [("SENR", "COM", 1)], start,
                                     min(start + 40, person.death), "COMP", changes=False)
                    else:
                        self.low_level(case, person, start, telecare=kind == "TECA")
                    return start + 1
            return ends
        if self.r() < LONG_TERM_AFTER_ASSESSMENT[band]:
            self.assessment(case, person, begun, ends, "CANA", "SP", "Y", self.method(0.15), row)
            start = ends + 1 + self.gap(11)
            if start >= person.death or start > self.end:
                return ends
            if person.death < FAR:  # the state changes: so does the expectation of life
                person.death, person.row["date_of_death"] = FAR, None
            return self.long_term(case, person, start, "care" if self.r() < CARE_HOME_FIRST[band] else "community")
        self.assessment(case, person, begun, ends, "CANA", self.pick(odds(NE=42, IAG=28, DECL=10, SF=8, LAO=6, NHS=3, OTH=3)),
                        "N" if self.r() < 0.85 else "Y", self.method(0.08), row)
        return ends

    def arrival(self, case, person, day):
        yearly = DEATHS_WITHOUT_SUPPORT[person.band]
        while day is not None and day <= self.end:
            if not person.long_term:
                death = day + 5 + self.gap(YEAR / yearly)
                person.death = death  # as things stand; settled below if nothing changes it
            day = self.request(case, person, day)
            if person.row["date_of_death"] is not None:
                return
            if day is None or person.long_term and person.last_active >= FAR:
                break
            day += 15 + self.gap(DAYS_TO_FURTHER_REQUEST)
            if self.r() >= FURTHER_REQUEST or day >= person.death:
                break
        if person.row["date_of_death"] is None:
            if person.death <= self.end and person.last_active < person.death and not self.is_open(case, person):
                self.dies(person, person.death)
            else:
                person.death = FAR

    @staticmethod
    def is_open(case, person):
        return any(row["person_id"] == person.id and row["end_date"] is None for row in case.rows["service_package"])

    def transition(self, case, person, day):
        row, done = self.contact(case, person, day, "TRREF", "TRN", "ASS", team="T09", days=3)
        birthday = person.birth + int(18 * YEAR) + 1
        self.assessment(case, person, done + 5, birthday + self.between(0, 10), "CHTR", "SP", "Y", "J", row, team="T09")
        start = birthday + self.between(11, 25)
        if start <= self.end:
            self.long_term(case, person, start, "community")

    # --- carers ----------------------------------------------------------------------------
    def carer(self, case, client):
        """Somebody who looks after the client, perhaps with requests and support of their own."""
        first_day = max(client.known, HISTORY_START) + self.gap(240)
        last_day = min(self.end, client.death - 30, client.last_active)
        if first_day >= last_day:
            return
        if client.reason == "LD" and client.band == "young":
            relation, age_gap, surname, postcode = "PAR", -self.between(22, 36), client.surname, client.postcode
        elif self.r() < 0.45:
            relation, age_gap, surname, postcode = "SPO", self.between(-6, 6), client.surname, client.postcode
        elif client.band == "old":
            relation, age_gap, surname, postcode = self.one_of(("SON", "DAU", "DAU")), self.between(24, 36), None, None
        else:
            relation, age_gap, surname, postcode = self.one_of(("SIB", "FRI", "NEI", "PAR")), self.between(-12, 6), None, None
        if relation == "PAR":
            age_gap = -abs(age_gap) - 16 if age_gap > -20 else age_gap
        birth = client.birth + int(age_gap * YEAR)
        age = (first_day - birth) / YEAR
        if age < 18.5 or age > 95:
            return
        gender = {"SON": "M", "DAU": "F"}.get(relation) or ("F" if self.r() < 0.6 else "M")
        known = first_day
        person = self.new_person(case, known, birth, gender=gender, group=client.group, surname=surname, postcode=postcode)
        person.is_carer = True
        self.first_classifications(case, person, known, "CARSUP", is_carer=True)
        self.link(case, person, client, relation, known)
        others = self.carers_seeking_another
        if others and self.r() < 0.05:
            other, other_last = others.pop()
            if other_last > known > other.known:
                self.link(case, person, other, "FRI", known)
                self.active_until(person, other_last)
        others.append((client, client.last_active))
        del others[:-40]
        if self.r() >= CARER_HAS_EVENTS:
            self.active_until(person, client.last_active)
            return
        self.carer_pathway(case, person, client, known, last_day)
        # A linked carer is in the return for as long as the client is.
        self.active_until(person, client.last_active)

    def link(self, case, carer, client, relation, day):
        carer.linked.append(client.id)
        common = {"is_main_carer": "Y", "hours_code": self.pick(odds(H1=34, H2=20, H3=14, H4=18, H5=11, HV=3)),
                  "start_date": max(day - self.between(0, 900), client.birth), "end_date": None, "_known": day}
        case.add("relationship", dict(common, relationship_id=self.new_id("RL"), person_id=carer.id,
                                      related_person_id=client.id, relationship_code=relation, is_unpaid_carer="Y"))
        inverse = {"SPO": "SPO", "SON": "PAR", "DAU": "PAR", "SIB": "SIB", "FRI": "FRI", "NEI": "NEI", "PAR": "SON"}
        case.add("relationship", dict(common, relationship_id=self.new_id("RL"), person_id=client.id,
                                      related_person_id=carer.id, relationship_code=inverse[relation],
                                      is_unpaid_carer="N", is_main_carer="N", hours_code=""))

    def carer_pathway(self, case, person, client, day, last_day):
        outcome = self.pick(odds(ASS=62, IAG=38))
        row, done = self.contact(case, person, day, "CARREF", self.pick(odds(SELF=70, GP=20, WEB=10)), outcome,
                                 role="CARER", team="T11")
        if outcome != "ASS":
            return
        begun = done + self.between(1, 25)
        ends = begun + self.between(0, 20)
        if ends + 20 >= last_day:
            return
        support = self.pick(odds(IAG=40, direct=34, ongoing=16, involved=10))
        eligible = support != "IAG" or self.r() < 0.4
        self.assessment(case, person, begun, ends, "CAREA", "IAG" if support == "IAG" else "SP",
                        "YC" if eligible else "N", "J" if self.r() < 0.3 else "C", row, role="CARER", team="T11")
        start = ends + self.between(2, 16)
        if support == "direct":
            element, delivery = self.one_of((("DPO", "DP"), ("CBR", "COM"), ("COT", "COM"), ("CUN", "COM"), ("DPO", "DPPP")))
            self.package(case, person, "CS", [(element, delivery, 1)], start, start + (60 if element == "CUN" else 0),
                         "COMP", role="CARER", changes=False)
            return
        if support == "involved":
            nights = self.between(5, 15)
            part = ("RES", "", 1) if self.r() < 0.6 else ("HC", "MPB", 6)
            self.package(case, person, "RS", [part], start, start + nights, "COMP", role="CARED_FOR", changes=False)
            return
        if support != "ongoing":
            return
        part = ("SIT", "MPB", 3) if self.r() < 0.5 else ("DPC", "DP", 1)
        end = last_day - 3 if client.last_active < FAR else None
        package = self.package(case, person, "CS", [part], start, end, "OTH", role="CARER")
        review = start + self.between(300, 400)
        while review + 10 < (end or self.end):
            self.review(case, person, review, review + self.between(0, 8), package["package_id"], "PLA", "NC",
                        self.pick(odds(FUL=50, PRT=45, NOT=5)), "J" if self.r() < 0.3 else "C", role="CARER", team="T11")
            review += self.between(320, 420)

    # --- one case --------------------------------------------------------------------------
    def cases(self):
        number = made = 0
        while made < self.people:
            self.rng.seed(self.seed * 1_000_003 + number)
            number += 1
            case = self.client_case()
            made += len(case.people)
            yield case

    def client_case(self):
        case = Case()
        kind = self.pick(CASE_KINDS)
        band = "old" if kind.endswith("old") else "young"
        if kind.startswith("stock"):
            setting = "care" if "care" in kind else "community"
            start = HISTORY_START - 1 - self.gap(YEAR / sum(LEAVE[setting, band].values()))
            start = max(start, HISTORY_START - int(15 * YEAR))
            birth = self.birth_for(band, HISTORY_START, kind)
            start = max(start, birth + int(18.1 * YEAR))
            day = start - self.between(10, 60)
        else:
            day = HISTORY_START + int(self.r() * (self.end - HISTORY_START + 1))
            birth = self.birth_for(band, day, kind)
        person = self.new_person(case, day, birth, band=band)
        if kind.startswith("stock") or kind == "transition":
            reason = self.pick(SUPPORT_REASONS["old" if band == "old" else "young_long_term"])
            if kind == "transition" and self.r() < 0.6:
                reason = "LD"
        else:
            reason = self.pick(SUPPORT_REASONS[band])
        self.first_classifications(case, person, day, reason)
        if kind.startswith("stock"):
            left = self.long_term(case, person, start, setting, is_new=False)
            if left is not None and person.death == FAR and self.r() < 0.5:
                self.arrival(case, person, left + 20 + self.gap(200))
        elif kind == "transition":
            self.transition(case, person, day)
        else:
            self.arrival(case, person, day)
        if self.r() < 0.05:
            self.moves(case, person)
        if self.r() < CARER_CHANCE["long_term" if person.long_term else "other"]:
            self.carer(case, person)
        return case

    def moves(self, case, person):
        """A move of house for somebody who lives in their own home."""
        if person.latest["ACCOMMODATION"]["code"] in ("CH", "NH", "SUP", "XCH", "SLV"):
            return
        day = max(person.known, HISTORY_START) + 10 + self.gap(500)
        if day < min(self.end, person.death) and day > person.latest["address"]["start_date"] + 5:
            death_end, death_known = person.latest["address"]["end_date"], person.latest["address"]["_end_known"]
            self.add_address(case, person, "HOME", self.make_postcode(), day)
            person.latest["address"]["end_date"] = death_end
            person.latest["address"]["_end_known"] = death_known
