"""What happens to the people of the invented council, day by day, whoever looks at it and when."""

from demo_council.calibration import (
    CARER_CHANCE,
    CASE_KINDS,
    FAR,
    HISTORY_START,
    LEAVE,
    SUPPORT_REASONS,
    YEAR,
)
from demo_council.carers import Carers
from demo_council.records import Case


class Lives(Carers):
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
            death_end, death_known = (
                person.latest["address"]["end_date"],
                person.latest["address"]["_end_known"],
            )
            self.add_address(case, person, "HOME", self.make_postcode(), day)
            person.latest["address"]["end_date"] = death_end
            person.latest["address"]["_end_known"] = death_known
