"""Packages of support with their lines, providers, changes and prices."""

from demo_council.calibration import (
    APRILS,
    DIRECT_PAYMENT,
    FAR,
    HISTORY_START,
    HOUR_ELEMENTS,
    HOURS_CHANGE,
    PRICES,
    PROVIDER_CHANGE,
    ROLLED_OVER,
    YEAR,
    fiscal_year,
    price_in,
)
from demo_council.records import Records


class Services(Records):
    # --- services --------------------------------------------------------------------------
    def package(
        self,
        case,
        person,
        kind,
        parts,
        start,
        end,
        end_reason,
        role="CLIENT",
        end_known=None,
        changes=True,
        funding="",
        rolled=None,
    ):
        """A package with its lines and rates. parts: (element, delivery, planned units)."""
        if end is not None and end_known is None:
            end_known = end + self.between(0, 6)
        known = max(person.known, start - self.between(0, 9))
        row = case.add(
            "service_package",
            {
                "package_id": self.new_id("PK"),
                "person_id": person.id,
                "subject_role": role,
                "package_type_code": kind,
                "start_date": start,
                "end_date": end,
                "end_reason_code": end_reason if end is not None else "",
                "support_reason_code": "CARSUP" if role != "CLIENT" else "",
                "funding_code": funding,
                "team_id": "T03" if kind == "RB" else person.team,
                "_known": known,
                "_end_known": end_known if end is not None else FAR,
            },
        )
        if rolled is None:
            rolled = changes and self.r() < ROLLED_OVER
        provider, provider_kind, previous = None, None, None
        for element, delivery, units in parts:
            if (element, delivery, units) == previous:
                self.second_lines(case, row, element)
                continue
            previous = (element, delivery, units)
            if provider is None or PRICES[element][2] != provider_kind:
                provider_kind = PRICES[element][2]
                provider = self.one_of(self.providers[provider_kind]) if provider_kind else ""
            self.lines(case, row, element, delivery, units, provider, start, end, changes, rolled)
        self.active_until(person, FAR if end is None else end)
        return row

    def second_lines(self, case, package, element):
        """Double-up care sent as two equal lines: the lines of the element once more."""
        names = {}
        for line in [
            row
            for row in case.rows["service_line"]
            if row["package_id"] == package["package_id"] and row["element_code"] == element
        ]:
            names[line["line_id"]] = self.new_id("SL")
            case.add(
                "service_line",
                dict(
                    line,
                    line_id=names[line["line_id"]],
                    previous_line_id=names.get(line["previous_line_id"], ""),
                ),
            )
        for rate in [row for row in case.rows["rate"] if row["line_id"] in names]:
            case.add("rate", dict(rate, rate_id=self.new_id("RT"), line_id=names[rate["line_id"]]))

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
        rate_type = (
            "DPG"
            if delivery in ("DP", "DPPP")
            else (
                "GBL"
                if delivery == "BLK"
                else ("ZGR" if element == "DOMC" else ("GSP" if factor > 1.05 else "GRS"))
            )
        )
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
            line = case.add(
                "service_line",
                {
                    "line_id": self.new_id("SL"),
                    "package_id": package["package_id"],
                    "element_code": element,
                    "delivery_code": delivery,
                    "provider_id": provider,
                    "start_date": first,
                    "end_date": last,
                    "suspended_from": None,
                    "planned_units": f"{units:g}",
                    "unit_code": unit,
                    "previous_line_id": previous,
                    "_known": known,
                    "_end_known": package["_end_known"] if is_last else bounds[index + 1],
                },
            )
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
            case.add(
                "rate",
                {
                    "rate_id": self.new_id("RT"),
                    "line_id": line["line_id"],
                    "rate_type_code": rate_type,
                    "amount": f"{price_in(base, factor, fiscal_year(day)):.2f}",
                    "per_unit_code": unit,
                    "start_date": day,
                    "end_date": end if is_last else days[index + 1] - 1,
                    "_known": line["_known"] if index == 0 else day,
                    "_end_known": line["_end_known"] if is_last else days[index + 1],
                },
            )

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
                return [
                    ("SLH", mechanism, 15 + int(30 * self.r())),
                    ("SLO", mechanism, 5 + int(20 * self.r())),
                ], "SUP"
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
