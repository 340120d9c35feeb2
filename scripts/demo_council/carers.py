"""Unpaid carers: whom they look after, what they ask for and what they get."""

from demo_council.calibration import (
    CARER_ASKS_AGAIN,
    CARER_HAS_EVENTS,
    CARER_WITH_OWN_SUPPORT,
    CARES_FOR_TWO,
    FAR,
    HISTORY_START,
    YEAR,
    odds,
)
from demo_council.pathways import Pathways


class Carers(Pathways):
    # --- carers ----------------------------------------------------------------------------
    def carer(self, case, client):
        """Somebody who looks after the client, perhaps with requests and support of their own."""
        first_day = max(client.known, HISTORY_START) + self.gap(240)
        last_day = min(self.end, client.death - 30, client.last_active)
        if first_day >= last_day:
            return
        others = self.recent_clients
        if others and self.r() < CARER_WITH_OWN_SUPPORT:
            person = others[-1]
            if person.last_active >= FAR and person.latest["ACCOMMODATION"]["code"] not in ("CH", "NH"):
                day = max(first_day, person.known + 30)
                if day < last_day:
                    self.link(case, person, client, "SIB", day)
                    self.carer_pathway(case, person, client, day, last_day)
                return
        if client.reason == "LD" and client.band == "young":
            relation, age_gap, surname, postcode = (
                "PAR",
                -self.between(22, 36),
                client.surname,
                client.postcode,
            )
        elif self.r() < 0.45:
            relation, age_gap, surname, postcode = "SPO", self.between(-6, 6), client.surname, client.postcode
        elif client.band == "old":
            relation, age_gap, surname, postcode = (
                self.one_of(("SON", "DAU", "DAU")),
                self.between(24, 36),
                None,
                None,
            )
        else:
            relation, age_gap, surname, postcode = (
                self.one_of(("SIB", "FRI", "NEI", "PAR")),
                self.between(-12, 6),
                None,
                None,
            )
        if relation == "PAR":
            age_gap = -abs(age_gap) - 16 if age_gap > -20 else age_gap
        birth = client.birth + int(age_gap * YEAR)
        age = (first_day - birth) / YEAR
        if age < 18.5 or age > 95:
            return
        gender = {"SON": "M", "DAU": "F"}.get(relation) or ("F" if self.r() < 0.6 else "M")
        known = first_day
        person = self.new_person(
            case, known, birth, gender=gender, group=client.group, surname=surname, postcode=postcode
        )
        person.is_carer = True
        self.first_classifications(case, person, known, "CARSUP", is_carer=True)
        self.link(case, person, client, relation, known)
        if others and self.r() < CARES_FOR_TWO:
            other = others.pop()
            if other.last_active > known > other.known:
                self.link(case, person, other, "FRI", known)
                self.active_until(person, other.last_active)
                if max(client.last_active, other.last_active) >= FAR:
                    self.third(case, person, others, known)
        others.append(client)
        del others[:-40]
        if self.r() >= CARER_HAS_EVENTS:
            self.active_until(person, client.last_active)
            return
        self.carer_pathway(case, person, client, known, last_day)
        # A linked carer is in the return for as long as the client is.
        self.active_until(person, client.last_active)

    def third(self, case, carer, others, day):
        """Who looks after two looks after a third as well where somebody is there; draws nothing, so that nothing
        else of these lives changes.
        """
        client = next((one for one in reversed(others) if one.last_active >= FAR and day > one.known), None)
        if client:
            self.link(case, carer, client, "NEI", day, hours="H2", prefix="RM")
            self.active_until(carer, client.last_active)

    def link(self, case, carer, client, relation, day, hours=None, prefix="RL"):
        carer.linked.append(client.id)
        common = {
            "is_main_carer": "Y",
            "hours_code": hours or self.pick(odds(H1=34, H2=20, H3=14, H4=18, H5=11, HV=3)),
            "start_date": day,
            "end_date": None,
            "_known": day,
        }
        case.add(
            "relationship",
            dict(
                common,
                relationship_id=self.new_id(prefix),
                person_id=carer.id,
                related_person_id=client.id,
                relationship_code=relation,
                is_unpaid_carer="Y",
            ),
        )
        inverse = {
            "SPO": "SPO",
            "SON": "PAR",
            "DAU": "PAR",
            "SIB": "SIB",
            "FRI": "FRI",
            "NEI": "NEI",
            "PAR": "SON",
        }
        case.add(
            "relationship",
            dict(
                common,
                relationship_id=self.new_id(prefix),
                person_id=client.id,
                related_person_id=carer.id,
                relationship_code=inverse[relation],
                is_unpaid_carer="N",
                is_main_carer="N",
                hours_code="",
            ),
        )

    def carer_pathway(self, case, person, client, day, last_day):
        """Requests, assessments and support of a carer, again after a year or so."""
        while day is not None and day < last_day:
            day = self.carer_request(case, person, client, day, last_day)
            if day is None or self.r() > CARER_ASKS_AGAIN:
                return
            day += self.between(200, 420)

    def carer_request(self, case, person, client, day, last_day):
        """One request of a carer and what follows; gives the day it is over, or None."""
        outcome = self.pick(odds(ASS=55, IAG=45))
        row, done = self.contact(
            case,
            person,
            day,
            "CARREF",
            self.pick(odds(SELF=70, GP=20, WEB=10)),
            outcome,
            role="CARER",
            team="T11",
        )
        if outcome != "ASS":
            return done
        begun = done + self.between(1, 25)
        ends = begun + self.between(0, 20)
        if ends + 20 >= last_day:
            return None
        support = self.pick(odds(IAG=34, direct=36, ongoing=18, involved=12))
        eligible = support != "IAG" or self.r() < 0.4
        self.assessment(
            case,
            person,
            begun,
            ends,
            "CAREA",
            "IAG" if support == "IAG" else "SP",
            "YC" if eligible else "N",
            "J" if self.r() < 0.3 else "C",
            row,
            role="CARER",
            team="T11",
        )
        start = ends + self.between(2, 16)
        if support == "direct":
            element, delivery = self.one_of(
                (("DPO", "DP"), ("CBR", "COM"), ("COT", "COM"), ("CUN", "COM"), ("DPO", "DPPP"))
            )
            self.package(
                case,
                person,
                "CS",
                [(element, delivery, 1)],
                start,
                start + (60 if element == "CUN" else 0),
                "COMP",
                role="CARER",
                changes=False,
            )
        elif support == "involved":
            part = ("RES", "", 1) if self.r() < 0.6 else ("HC", "MPB", 6)
            self.package(
                case,
                person,
                "RS",
                [part],
                start,
                start + self.between(5, 15),
                "COMP",
                role="CARED_FOR",
                changes=False,
            )
        elif support == "ongoing":
            self.carer_support(case, person, client, start, last_day)
            return None
        return start

    def carer_support(self, case, person, client, start, last_day):
        """Support of a carer that goes on for as long as the caring does, with a review each year."""
        part = ("SIT", "MPB", 3) if self.r() < 0.5 else ("DPC", "DP", 1)
        end = last_day - 3 if client.last_active < FAR else None
        package = self.package(case, person, "CS", [part], start, end, "OTH", role="CARER")
        review = start + self.between(300, 400)
        while review + 10 < (end or self.end):
            self.review(
                case,
                person,
                review,
                review + self.between(0, 8),
                package["package_id"],
                "PLA",
                "NC",
                self.pick(odds(FUL=50, PRT=45, NOT=5)),
                "J" if self.r() < 0.3 else "C",
                role="CARER",
                team="T11",
            )
            review += self.between(320, 420)
