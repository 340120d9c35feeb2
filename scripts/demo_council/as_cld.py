"""The lives as a council's supplier would report them: rows of CLD files, without extracts in between.

The project makes the return of the demo's extracts itself, with every rule. Here a region of many councils
is wanted in minutes, so each event is told as it is, with the mappings of the seeds. What a case system keeps
beside it (merged people, local choices, links that are missing) does not come up.
"""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

from demo_council.extracts import day_text

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
DAYS_TO_SENDING = 20
# People of earlier cases may turn up as carers in later ones.
CASES_REMEMBERED = 400
KNOWN_BY_ASSOCIATION = "Unpaid carer known by association"


def seed(folder, name):
    with open(SEEDS / folder / f"{name}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


FIELDS = sorted(seed("specification", "spec_fields"), key=lambda row: int(row["field_order"]))
HEADERS = [field["header"] for field in FIELDS]
NAMES = [field["snake_name"] for field in FIELDS]
VALUES = defaultdict(dict)
for _row in seed("mappings", "map_codes"):
    VALUES[_row["code_list"]].setdefault(_row["local_code"], _row["cld_value"])
ASSESSMENT_TYPES = {
    row["local_code"]: row["cld_value"]
    for row in seed("mappings", "map_event_scope")
    if row["code_list"] == "assessment_type"
}
SERVICES = {
    (row["element_code"], row["package_type_code"], row["subject_role"]): (
        row["service_type"],
        row["service_component"],
    )
    for row in seed("mappings", "map_services")
}
UNITS = {
    row["unit_code"]: (row["cost_frequency"], float(row["units_per_week"] or 0))
    for row in seed("mappings", "map_units")
}
GOES_ON = VALUES["service_end_reason"]["CHG"]
# What the return says of a person, by the classification that says it.
OF_CLIENTS = (
    ("ASD", "autism"),
    ("VISUAL", "visual"),
    ("HEARING", "hearing"),
    ("DEMENTIA", "dementia"),
    ("FUNDING", "funding"),
)
NOTHING = ("",) * 26
BLANK_OF_CLIENTS = ("",) * len(OF_CLIENTS)


@cache
def service_of(element, package, role):
    for key in ((element, package, role), (element, package, "*"), (element, "*", role), (element, "*", "*")):
        if key in SERVICES:
            return SERVICES[key]
    raise KeyError(f"map_services has no row for {element}")


class Person:
    """What is said of a person in every row about them."""

    __slots__ = ("addresses", "carers", "classes", "links", "nhs", "practice", "row")

    def __init__(self, row):
        self.row, self.nhs, self.practice = row, "", ("", "")
        self.addresses, self.classes, self.links, self.carers = [], {}, [], []

    def code(self, classification, day):
        """The code that holds on a day; the first one before that. '' where there is none."""
        found = ""
        for start, code in self.classes.get(classification, ()):
            if found and start > day:
                break
            found = code
        return found

    def postcode(self, day):
        found = ""
        for start, postcode in self.addresses:
            if found and start > day:
                break
            found = postcode
        return found


class Story:
    """One case in the order of its people, ready to be told for any period."""

    def __init__(self, case, remembered):
        rows = case.rows
        mine = {row["person_id"]: Person(row) for row in rows["person"]}
        self.people = list(mine)
        self.all = remembered | mine
        for row in rows["person_identifier"]:
            if row["id_type"] == "NHS":
                mine[row["person_id"]].nhs = row["id_value"]
        for row in rows["address"]:
            mine[row["person_id"]].addresses.append((row["start_date"], row["postcode"]))
        for row in rows["gp_registration"]:
            mine[row["person_id"]].practice = (row["practice_name"], row["practice_code"])
        for row in rows["person_classification"]:
            classes = mine[row["person_id"]].classes
            classes.setdefault(row["classification"], []).append((row["start_date"], row["code"]))
        for row in rows["relationship"]:
            carer, client = self.all.get(row["person_id"]), self.all.get(row["related_person_id"])
            if row["is_unpaid_carer"] == "Y" and carer and client:
                carer.links.append((row["start_date"], row["related_person_id"], row["hours_code"]))
                client.carers.append(row["start_date"])
        self.mine = mine
        self.rows = rows
        self.packages = {row["package_id"]: row for row in rows["service_package"]}
        chains = {}
        for line in rows["service_line"]:
            before = chains.get(line["previous_line_id"])
            chain = before if before is not None else []
            chain.append(line)
            chains[line["line_id"]] = chain
        self.chains = [chain for line, chain in chains.items() if chain[0]["line_id"] == line]
        self.rates = defaultdict(list)
        for row in rows["rate"]:
            self.rates[row["line_id"]].append(row)


class Period:
    """The twelve months of one submission, and what is known when it is sent."""

    def __init__(self, la_code, first, last, providers):
        self.first, self.last, self.sent = first, last, last + DAYS_TO_SENDING
        self.head = (la_code, day_text(first, "dmy"), day_text(last, "dmy"))
        self.providers = providers

    def rows(self, story):
        """The rows of one case as tuples of the 50 fields, text, '' for nothing."""
        told = []
        add = told.append
        active, heads = set(), {}
        for row in story.rows["contact"]:
            if self.first <= row["completed_at"][0] <= self.last and row["person_id"] in story.all:
                text = row["description"]
                if row["is_conversation"] == "Y":
                    text = f"{text} - conversation" if text else "conversation"
                add(
                    (
                        *self.head_of(story, row, heads, active),
                        "Request",
                        row["contact_id"],
                        day_text(row["received_at"][0], "dmy"),
                        day_text(row["completed_at"][0], "dmy"),
                        text,
                        VALUES["contact_outcome"][row["outcome_code"]],
                        VALUES["contact_route"][row["route_code"]],
                        *NOTHING[:3],
                        *self.caring(story, row),
                        *NOTHING[:11],
                    )
                )
        for row in story.rows["assessment"]:
            if self.first <= row["completed_at"][0] <= self.last and row["person_id"] in story.all:
                add(
                    (
                        *self.head_of(story, row, heads, active),
                        "Assessment",
                        row["assessment_id"],
                        day_text(row["started_at"][0], "dmy"),
                        day_text(row["completed_at"][0], "dmy"),
                        "",
                        VALUES["assessment_outcome"][row["outcome_code"]],
                        "",
                        ASSESSMENT_TYPES[row["assessment_type_code"]],
                        VALUES["eligible_needs"].get(row["eligible_needs_code"], ""),
                        VALUES["assessment_method"][row["method_code"]],
                        *self.caring(story, row),
                        *NOTHING[:11],
                    )
                )
        for chain in story.chains:
            row = self.service(story, chain, heads, active)
            if row:
                add(row)
        for row in story.rows["review"]:
            if self.first <= row["completed_at"][0] <= self.last and row["person_id"] in story.all:
                add(
                    (
                        *self.head_of(story, row, heads, active),
                        "Review",
                        row["review_id"],
                        day_text(row["started_at"][0], "dmy"),
                        day_text(row["completed_at"][0], "dmy"),
                        "",
                        VALUES["review_outcome"][row["outcome_code"]],
                        *NOTHING[:4],
                        *self.caring(story, row),
                        *NOTHING[:5],
                        VALUES["review_reason"][row["reason_code"]],
                        VALUES["outcomes_achieved"].get(row["outcomes_achieved_code"], ""),
                        VALUES["review_method"][row["method_code"]],
                        *NOTHING[:3],
                    )
                )
        if told:
            for key in story.people:
                person = story.mine[key]
                if key in active or not any(
                    client in active and start <= self.last for start, client, _ in person.links
                ):
                    continue
                row = {"person_id": key, "subject_role": "CARER"}
                add(
                    self.head_of(story, row, heads, active, KNOWN_BY_ASSOCIATION)
                    + NOTHING[:10]
                    + self.caring(story, row)
                    + NOTHING[:11]
                )
        return told

    def head_of(self, story, row, heads, active, client_type=None):
        """The fields about the person, which are the same in all their rows in one role."""
        key, role = row["person_id"], row["subject_role"]
        reason = row.get("support_reason_code")
        asked = (key, role, client_type, reason)
        active.add(key)
        if asked not in heads:
            person = story.all[key]
            is_client = role == "CLIENT"
            reason = reason or (person.code("PRIMARY_SUPPORT_REASON", self.last) if is_client else "CARSUP")
            about, death = person.row, person.row["date_of_death"]
            is_dead = death is not None and death <= self.last and about.get("_death_known", 0) <= self.sent
            heads[asked] = (
                *self.head,
                person.nhs,
                key,
                about["forename"],
                about["surname"],
                *person.practice,
                VALUES["gender"][about["gender_code"]],
                VALUES["ethnicity"][about["ethnicity_code"]],
                day_text(about["date_of_birth"], "dmy"),
                day_text(death, "dmy") if is_dead else "",
                client_type or VALUES["subject_role"][role],
                VALUES["support_reason"][reason],
                person.postcode(self.last),
                VALUES["accommodation"][person.code("ACCOMMODATION", self.last)],
                VALUES["employment"].get(person.code("EMPLOYMENT", self.last), ""),
                "Yes" if any(start <= self.last for start in person.carers) else "No",
                *(
                    (
                        VALUES[code_list].get(person.code(classification, self.last), "")
                        for classification, code_list in OF_CLIENTS
                    )
                    if is_client
                    else BLANK_OF_CLIENTS
                ),
            )
        return heads[asked]

    def caring(self, story, row):
        """Hours, number of adults and who they are, of a carer."""
        if row["subject_role"] == "CLIENT":
            return NOTHING[:5]
        links = [link for link in story.all[row["person_id"]].links if link[0] <= self.last][-3:]
        if not links:
            return NOTHING[:5]
        adults = [client for _, client, _ in links] + ["", ""]
        return (VALUES["hours_of_care"][links[-1][2]], str(len(links)), *adults[:3])

    def service(self, story, chain, heads, active):
        """One service: the lines that continue each other, with the last price; None outside the period."""
        first = chain[0]
        package = story.packages[first["package_id"]]
        known = [
            line for line in chain if line["start_date"] <= self.last and line["_known"] <= self.sent
        ] or None
        if known is None or package["person_id"] not in story.all:
            return None
        last = known[-1]
        end = last["end_date"] if last is chain[-1] else None
        if end is not None and (end > self.last or last["_end_known"] > self.sent):
            end = None
        if end is not None and end < self.first:
            return None
        rates = [rate for rate in story.rates[last["line_id"]] if rate["start_date"] <= self.last]
        frequency, per_week = UNITS[last["unit_code"]]
        provider = self.providers.get(last["provider_id"], ("", ""))
        return (
            *self.head_of(story, package, heads, active),
            "Service",
            first["line_id"],
            day_text(first["start_date"], "dmy"),
            day_text(end, "dmy") if end is not None else "",
            "",
            GOES_ON if end is None else VALUES["service_end_reason"].get(package["end_reason_code"], GOES_ON),
            *NOTHING[:4],
            *self.caring(story, package),
            *service_of(last["element_code"], package["package_type_code"], package["subject_role"]),
            VALUES["delivery"].get(last["delivery_code"], ""),
            *provider,
            *NOTHING[:3],
            rates[-1]["amount"] if rates else "",
            frequency,
            f"{float(last['planned_units']) * per_week:.2f}" if per_week else "",
        )


def stories(lives):
    """Every case of the lives as a story; people of earlier cases are known for a while."""
    remembered = {}
    for case in lives.cases():
        story = Story(case, remembered)
        yield story
        remembered.update(story.mine)
        for key in list(remembered)[: max(0, len(remembered) - CASES_REMEMBERED)]:
            del remembered[key]
