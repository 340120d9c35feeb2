"""What happens to clients: requests, assessments, short and long term support, reviews."""

from demo_council.calibration import (
    ASSESSMENT_TYPES,
    CARE_HOME_FIRST,
    DAYS_TO_FURTHER_REQUEST,
    DEATHS_WITHOUT_SUPPORT,
    FAR,
    FURTHER_REQUEST,
    HISTORY_START,
    LEAVE,
    LONG_TERM_AFTER_ASSESSMENT,
    REQUEST_OUTCOMES,
    ST_MAX_SEQUELS,
    YEAR,
    odds,
)
from demo_council.services import Services


class Pathways(Services):
    # --- pathways --------------------------------------------------------------------------
    def request(self, case, person, day):
        """One request and what follows; gives the day the person is idle again, or None."""
        band = person.band
        outcome = self.pick(REQUEST_OUTCOMES[band])
        if outcome == "RBL" and self.r() < 0.62:
            kind, route, team = "HDN", self.pick(odds(HD=55, HDP=45)), "T02"
        else:
            kind = self.pick(odds(RFS=58, PREF=27, WEBREF=13, OLDREF=2))
            route = self.pick(
                odds(SELF=46, GP=18, WEB=12, HD=10, AVO=5, POL=2, HOU=4, OLA=1.2, SFD=1, PRI=0.3, FAX=0.5)
            )
            team = "T01"
            if kind == "OLDREF" and day > HISTORY_START + 200:
                kind = "RFS"
        if band == "young" and self.r() < 0.02 and outcome == "OTH":
            outcome = "ADV"
        row, done = self.contact(case, person, day, kind, route, outcome, team=team)
        if done >= person.death and self.is_open(case, person):
            person.death = FAR  # with a service running, the chances are those of that service
        if done >= person.death:
            # Nobody completes a request after the person died: it closed on the last day.
            row["completed_at"] = (person.death, 1070)
            row["outcome_code"], row["is_conversation"] = "DEC", "N"
            self.dies(person, person.death)
            return None
        if outcome == "RBL":
            begun = done + self.between(0, 2)
            start = begun + self.between(1, 4)
            if start + 45 >= person.death or start > self.end:
                return done
            self.assessment(
                case, person, begun, start, "REABA", "RBL", "", self.method(0.05), row, team="T03"
            )
            return self.reablement(case, person, start)
        if outcome == "SVC":
            start = done + self.between(0, 3)
            if start > self.end or start >= person.death:
                return done
            self.set_funding(case, person, start)
            self.package(
                case,
                person,
                "ST",
                [("HC", "COM", 7)],
                start,
                min(start + 14, person.death, self.end),
                "COMP",
                changes=False,
            )
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
            self.assessment(
                case,
                person,
                begun,
                ends,
                kind,
                ("EQP" if gets else self.pick(odds(IAG=60, OTH=20, DECL=20))),
                "",
                self.method(0.05),
                row,
                team=team,
            )
            if gets and ends < self.end:
                start = ends + 1 + self.gap(9)
                if start < person.death and start <= self.end:
                    if kind == "SENSA":
                        self.set_funding(case, person, start)
                        self.package(
                            case,
                            person,
                            "ST",
                            [("SENR", "COM", 1)],
                            start,
                            min(start + 40, person.death),
                            "COMP",
                            changes=False,
                        )
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
            return self.long_term(
                case, person, start, "care" if self.r() < CARE_HOME_FIRST[band] else "community"
            )
        self.assessment(
            case,
            person,
            begun,
            ends,
            "CANA",
            self.pick(odds(NE=42, IAG=28, DECL=10, SF=8, LAO=6, NHS=3, OTH=3)),
            "N" if self.r() < 0.85 else "Y",
            self.method(0.08),
            row,
        )
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
            if day is None or (person.long_term and person.last_active >= FAR):
                break
            day += 15 + self.gap(DAYS_TO_FURTHER_REQUEST)
            if self.r() >= FURTHER_REQUEST or day >= person.death:
                break
        if person.row["date_of_death"] is None:
            if (
                person.death <= self.end
                and person.last_active < person.death
                and not self.is_open(case, person)
            ):
                self.dies(person, person.death)
            else:
                person.death = FAR

    @staticmethod
    def is_open(case, person):
        return any(
            row["person_id"] == person.id and row["end_date"] is None for row in case.rows["service_package"]
        )

    def transition(self, case, person, day):
        row, done = self.contact(case, person, day, "TRREF", "TRN", "ASS", team="T09", days=3)
        birthday = person.birth + int(18 * YEAR) + 1
        self.assessment(
            case, person, done + 5, birthday + self.between(0, 10), "CHTR", "SP", "Y", "J", row, team="T09"
        )
        start = birthday + self.between(11, 25)
        if start <= self.end:
            self.long_term(case, person, start, "community")

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
                    self.add_address(
                        case,
                        person,
                        "PLACEMENT" if setting == "care" else "HOME",
                        self.make_postcode(),
                        start,
                    )
            elif person.latest["ACCOMMODATION"]["code"] in ("CH", "NH", "SUP", "XCH", "SLV"):
                self.classify(
                    case,
                    person,
                    "ACCOMMODATION",
                    "TLA" if person.home in ("CH", "NH") else person.home,
                    start,
                )
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
                reason = self.pick(
                    odds(OTH=20, DECL=18, GOAL=16, OLA=16, CHC=14, COMP=10)
                    if setting == "community"
                    else odds(OLA=40, CHC=40, SF=20)
                )
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
            self.review(
                case,
                person,
                day,
                day + self.between(0, 9),
                identifier,
                "P6W",
                "NC",
                self.pick(odds(FUL=45, PRT=48, NOT=7)),
                self.method(),
            )
        day = max(start, HISTORY_START) + self.between(150, 420)
        while day + 15 < last:
            if self.r() < 0.72:
                self.review(
                    case,
                    person,
                    day,
                    day + self.between(0, 14),
                    identifier,
                    "PLN" if self.r() < 0.01 else "PLA",
                    self.pick(odds(NC=66, INC=16, RED=5, CHG=8, REA=4, IAG=1)),
                    self.pick(odds(FUL=50, PRT=44, NOT=6)),
                    self.method(),
                )
            day += self.between(300, 450)
        day = max(start, HISTORY_START) + self.gap(1100)
        while day + 15 < last:
            self.review(
                case,
                person,
                day,
                day + self.between(0, 9),
                identifier,
                self.pick(odds(UHO=45, UOT=25, UCA=14, USG=8, UPR=5, UCO=3)),
                self.pick(odds(INC=45, NC=30, CHG=15, REA=10)),
                self.one_of(("", "PRT", "NOT")),
                self.method(),
            )
            day += 30 + self.gap(1100)
        day = max(start, HISTORY_START) + self.gap(900)
        while day + 30 < last:
            outcome = self.pick(odds(CONT=48, REV=22, ASS=14, IAG=12, RBL=4))
            row, done = self.contact(
                case,
                person,
                day,
                self.pick(odds(RFS=60, PREF=40)),
                self.pick(odds(SELF=60, GP=25, HD=15)),
                outcome,
            )
            if outcome == "ASS" and done + 25 < last:
                begun = done + self.between(1, 15)
                self.assessment(
                    case,
                    person,
                    begun,
                    min(begun + self.between(0, 20), last),
                    "REASS",
                    "CONT",
                    "Y",
                    self.method(),
                    row,
                )
            day += 25 + self.gap(900)
        if self.r() < 0.22:
            day = max(start, HISTORY_START) + self.gap(500)
            if day + 5 < last:
                self.low_level(case, person, day, telecare=self.r() < 0.35, until=end)
        if person.band == "old" and self.r() < 0.08 and last - max(start, HISTORY_START) > 60:
            first = max(start, HISTORY_START) + self.between(5, last - max(start, HISTORY_START) - 20)
            self.package(
                case,
                person,
                "ST",
                [("EMG", "COM", 6)],
                first,
                min(first + self.between(3, 12), last),
                "COMP",
                changes=False,
            )

    def low_level(self, case, person, day, telecare=False, until=None):
        self.set_funding(case, person, day)
        if telecare:
            self.package(
                case,
                person,
                "ST",
                [("TEC", "COM", 1)],
                day,
                until,
                "OTH" if until else "",
                changes=False,
                end_known=max(until, person.death_known) if until and person.death == until else None,
            )
            if until and person.death == until:
                case.rows["service_package"][-1]["end_reason_code"] = "DEC"
        else:
            self.package(
                case,
                person,
                "ST",
                [("ADP" if self.r() < 0.15 else "EQ", "COM", 1)],
                day,
                day,
                "COMP",
                changes=False,
            )

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
        reason = {"low_level": "COMP", "community": "LTS", "care": "LTS", "short_stay": "ASS"}.get(
            sequel, sequel
        )
        package = self.package(
            case,
            person,
            "RB",
            self.reablement_parts(),
            day,
            end,
            reason,
            changes=False,
            end_known=person.death_known if sequel == "DEC" else None,
        )
        if sequel != "DEC" and self.r() < 0.6:
            outcome = {"low_level": "CHG", "community": "CHG", "care": "CHG", "short_stay": "REA"}.get(sequel)
            self.review(
                case,
                person,
                end - self.between(1, 5),
                end,
                package["package_id"],
                "STR",
                outcome or ("END" if sequel in ("GOAL", "COMP", "SIGN") else "ENDO"),
                self.pick(odds(FUL=60, PRT=34, NOT=6)),
                self.method(0.06),
                team="T03",
            )
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
