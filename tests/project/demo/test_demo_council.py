"""The demo council: same bytes every time, the promised mess, volumes like a real council's, and
nothing on returned people that would leave a mandatory cell of the return empty or invalid."""

import csv
import datetime
import hashlib
import re
import subprocess
import sys
from collections import Counter, defaultdict

import duckdb
import pytest
from dbt_runs import DATABASE, PROJECT, run_dbt

from asc_cld import report
from demo_council import mess
from demo_council.calibration import PEOPLE_ON_FILE_OF_SANDWELL
from demo_council.extracts import COLUMNS, ENCODINGS

SCRIPT = PROJECT / "scripts" / "make_demo_council.py"

PERIOD = ("2025-10-01", "2026-09-30")


def make(folder, *words):
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--out", str(folder / "extracts"), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return Council(folder)


def checksums(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [*sorted((folder / "extracts").iterdir()), folder / "planted.csv"]
    }


def read(path, encoding="utf-8"):
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def seed(name, folder="mappings"):
    return read(PROJECT / "seeds" / folder / f"{name}.csv")


def iso(text):
    """Any of the ways in which the extracts write a day, as yyyy-mm-dd; blank where it is no day."""
    text = text.strip()
    if text.upper() == "NULL" or text[:4] in ("9999", "2099") or text[6:10] == "9999":
        return ""
    text = f"{text[6:10]}-{text[3:5]}-{text[:2]}" if text[2:3] == "/" else text[:10]
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


class Council:
    """The extracts of a folder, tidied just enough to be judged."""

    def __init__(self, folder):
        self.folder = folder
        self.tables = {
            table: [
                {key: value.strip().strip("\u00a0") for key, value in row.items()}
                for row in read(folder / "extracts" / f"{table}.csv", ENCODINGS.get(table, "utf-8"))
            ]
            for table in COLUMNS
        }
        self.planted = read(folder / "planted.csv")
        self.people = {row["person_id"]: row for row in self.tables["person"]}
        self.packages = {row["package_id"]: row for row in self.tables["service_package"]}

    def planted_ids(self, kind):
        return {row["record_id"] for row in self.planted if row["kind"] == kind}

    def survivor(self, person):
        seen = set()
        while person in self.people and person not in seen:
            seen.add(person)
            into = self.people[person]["merged_into_person_id"]
            if not into:
                return person if self.people[person]["record_status"] == "ACTIVE" else None
            person = into
        return None

    def birth(self, person):
        row = self.people[person]
        if row["birth_year"]:
            return f"{int(row['birth_year']):04d}-{int(row['birth_month']):02d}-{int(row['birth_day']):02d}"
        return iso(row["date_of_birth"])

    def age(self, person, day):
        born = self.birth(person)
        return int(day[:4]) - int(born[:4]) - (day[5:] < born[5:])


@pytest.fixture(scope="module")
def demo():
    """The extracts that are in the repository."""
    return Council(PROJECT / "data" / "demo")


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    return make(tmp_path_factory.mktemp("larger"), "--people", "5000", "--no-mess")


class Mappings:
    def __init__(self):
        self.codes = {(row["code_list"], row["local_code"]): row["cld_value"] for row in seed("map_codes")}
        self.scope = {(row["code_list"], row["local_code"]): row for row in seed("map_event_scope")}
        self.units = {row["unit_code"]: row for row in seed("map_units")}
        self.rates = {row["rate_type_code"]: row for row in seed("map_rates")}
        self.services = {
            (row["element_code"], row["package_type_code"], row["subject_role"]): row
            for row in seed("map_services")
        }

    def service(self, element, package_type, role):
        for key in (
            (element, package_type, role),
            (element, package_type, "*"),
            (element, "*", role),
            (element, "*", "*"),
        ):
            if key in self.services:
                return self.services[key]
        return None


@pytest.fixture(scope="module")
def mappings():
    return Mappings()


# --- the files ---------------------------------------------------------------------------------
def test_same_arguments_give_the_same_bytes(tmp_path):
    words = ("--people", "300", "--seed", "7")
    first, second = make(tmp_path / "a", *words), make(tmp_path / "b", *words)
    assert checksums(first.folder) == checksums(second.folder)
    other = make(tmp_path / "c", "--people", "300", "--seed", "8")
    assert checksums(first.folder)["person.csv"] != checksums(other.folder)["person.csv"]


def test_the_committed_demo_is_what_the_script_makes(tmp_path, demo):
    assert checksums(make(tmp_path).folder) == checksums(demo.folder)


def test_no_wall_clock_and_no_hash_order():
    for path in [SCRIPT, *(PROJECT / "scripts" / "demo_council").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(today\(|now\(|utcnow|time\.|hash\()", text), path.name


def test_columns_are_those_of_the_contract(demo):
    for table, columns in COLUMNS.items():
        path = demo.folder / "extracts" / f"{table}.csv"
        with open(path, encoding=ENCODINGS.get(table, "utf-8"), newline="") as file:
            assert next(csv.reader(file)) == [name for name, _ in columns], table
        assert b"\r" not in path.read_bytes(), table
    assert len(COLUMNS) == 15


def test_one_file_in_another_encoding_and_one_with_a_byte_order_mark(demo):
    provider = (demo.folder / "extracts" / "provider.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        provider.decode("utf-8")
    assert "Résidence Sainte-Agnès" in provider.decode("cp1252")
    assert (demo.folder / "extracts" / "team.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_nothing_is_left_when_a_run_is_refused(tmp_path):
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--people", "10", "--out", str(tmp_path / "extracts")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0 and "--people" in run.stderr
    assert not list(tmp_path.iterdir())


# --- keys --------------------------------------------------------------------------------------
def test_keys_are_unique_and_resolve_but_for_planted_orphans(demo):
    keys = {}
    for table, column in (
        ("person", "person_id"),
        ("address", "address_id"),
        ("relationship", "relationship_id"),
        ("contact", "contact_id"),
        ("assessment", "assessment_id"),
        ("review", "review_id"),
        ("service_package", "package_id"),
        ("service_line", "line_id"),
        ("rate", "rate_id"),
        ("provider", "provider_id"),
        ("team", "team_id"),
    ):
        values = [row[column] for row in demo.tables[table]]
        assert len(values) == len(set(values)), table
        assert all(value.isalnum() for value in values), table
        keys[column] = set(values)
    events = [
        row[column]
        for table, column in (
            ("contact", "contact_id"),
            ("assessment", "assessment_id"),
            ("review", "review_id"),
            ("service_line", "line_id"),
        )
        for row in demo.tables[table]
    ]
    assert len(events) == len(set(events))

    lost = set()
    for table, rows in demo.tables.items():
        own = COLUMNS[table][0][0]
        for row in rows:
            for column, target in (
                ("person_id", "person_id"),
                ("related_person_id", "person_id"),
                ("merged_into_person_id", "person_id"),
                ("contact_id", "contact_id"),
                ("package_id", "package_id"),
                ("line_id", "line_id"),
                ("previous_line_id", "line_id"),
                ("provider_id", "provider_id"),
                ("team_id", "team_id"),
            ):
                if row.get(column) and row[column] not in keys[target]:
                    lost.add(row[own])
    assert lost == demo.planted_ids("ORPHAN_RECORD")


def test_every_planted_record_is_in_the_extracts(demo):
    for row in demo.planted:
        own = COLUMNS[row["table_name"]][0][0]
        assert any(each[own] == row["record_id"] for each in demo.tables[row["table_name"]]), row


# --- the mess ----------------------------------------------------------------------------------
def test_faults_are_planted_at_their_rates(demo):
    found = Counter(row["kind"] for row in demo.planted)
    people = len(demo.people)
    for kind, every in mess.RATES.items():
        expected = 1 + people / every
        if kind in ("DUMMY_POSTCODE", "MERGED_CYCLE", "MERGED_CHAIN"):  # several rows for one fault
            assert found[kind] >= 1, kind
        else:
            assert 0.6 * expected - 2 <= found[kind] <= expected + 1, (kind, found[kind], expected)
    assert set(found) == set(mess.RATES) | {"CARER_KNOWN_BY_ASSOCIATION"}


def test_without_mess_the_lives_are_the_same(tmp_path):
    with_mess = make(tmp_path / "a", "--people", "300")
    without = make(tmp_path / "b", "--people", "300", "--no-mess")
    assert without.planted == []
    assert {row["line_id"] for row in without.tables["service_line"]} <= {
        row["line_id"] for row in with_mess.tables["service_line"]
    }
    assert {row["record_status"] for row in without.tables["person"]} == {"ACTIVE"}


def test_nhs_numbers_are_valid_and_of_the_test_range(demo):
    for row in demo.tables["person_identifier"]:
        if row["id_type"] != "NHS":
            continue
        number = re.sub(r"\.0$", "", row["id_value"].replace(" ", ""))
        assert re.fullmatch(r"999\d{7}", number), row["person_id"]
        remainder = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1))) % 11
        assert int(number[9]) == (11 - remainder) % 11, row["person_id"]


def test_postcodes_and_codes_of_organisations_look_right(demo):
    dummies = {"XXXX", "NOPOSTCODE", "ZZ99 3VZ"}
    for row in demo.tables["address"]:
        assert row["postcode"] in dummies or re.fullmatch(
            r"(B6[5-9]|B7[01]|DY4|WS10) ?[09]Z[A-Z]", row["postcode"].upper()
        ), row["address_id"]
    assert all(re.fullmatch(r"M99\d{3}", row["practice_code"]) for row in demo.tables["gp_registration"])
    assert all(re.fullmatch(r"(1-999\d{6})?", row["cqc_location_id"]) for row in demo.tables["provider"])


def test_some_services_of_people_who_died_in_the_period_were_left_open(demo):
    lines = {row["line_id"]: row for row in demo.tables["service_line"]}
    deaths = [
        iso(demo.people[demo.packages[lines[line]["package_id"]]["person_id"]]["date_of_death"])
        for line in demo.planted_ids("OPEN_SERVICE_OF_DEAD")
        if not iso(lines[line]["end_date"])
    ]
    assert any(PERIOD[0] <= death <= PERIOD[1] for death in deaths)
    assert any("" < death < PERIOD[0] for death in deaths)


# --- another day -------------------------------------------------------------------------------
def test_an_earlier_day_knows_less_of_the_same_lives(tmp_path, demo):
    day = "2026-07-14"
    earlier = make(tmp_path, "--as-of", day)
    for table in ("person", "contact", "assessment", "review", "service_package", "service_line", "rate"):
        own = COLUMNS[table][0][0]
        later_rows = {row[own]: row for row in demo.tables[table]}
        early_rows = {row[own]: row for row in earlier.tables[table]}
        assert set(early_rows) < set(later_rows), table
        for column in (
            "received_at",
            "started_at",
            "completed_at",
            "date_of_death",
            "end_date",
            "suspended_from",
        ):
            if column in COLUMNS[table][0] or column in later_rows[next(iter(later_rows))]:
                assert not [key for key, row in early_rows.items() if iso(row[column]) > day], (table, column)
    reopened = [
        key
        for key, row in ((row["contact_id"], row) for row in earlier.tables["contact"])
        if row["status"] == "OPEN" and key not in demo.planted_ids("OPEN_EVENT")
    ]
    assert reopened
    ended_since = [row for row in demo.tables["service_line"] if iso(row["end_date"]) > day]
    open_then = {row["line_id"] for row in earlier.tables["service_line"] if not iso(row["end_date"])}
    assert [row for row in ended_since if row["line_id"] in open_then]


# --- mappings ----------------------------------------------------------------------------------
def test_every_local_code_is_mapped_but_for_the_planted_ones(demo, mappings):
    unmapped = set()
    for row in demo.tables["local_code"]:
        key = (row["code_list"], row["code"])
        known = {
            "contact_type": key in mappings.scope,
            "assessment_type": key in mappings.scope,
            "element": any(element == row["code"] for element, _, _ in mappings.services),
            "unit": row["code"] in mappings.units,
            "rate_type": row["code"] in mappings.rates,
            "package_type": True,
            "relationship": True,
        }.get(row["code_list"], key in mappings.codes)
        if not known:
            unmapped.add((row["code_list"], row["code"]))
    assert unmapped == {(code_list, code) for code_list, (code, _) in mess.UNMAPPED_CODES.items()}


def test_mapped_values_are_release_2_values(mappings):
    lists = defaultdict(set)
    for row in seed("spec_code_lists", "specification"):
        if row["release"] == "R2":
            lists[row["field"]].add(row["value"])
    for row in seed("map_codes"):
        assert row["cld_value"], row
        if row["code_list"] != "hours_of_care":
            assert row["cld_value"] in lists[row["cld_field"]], row
    for row in seed("map_services"):
        if not row["exclusion_code"]:
            assert row["service_type"] in lists["Service Type"], row
            assert row["service_component"] in lists["Service Component"], row
    for row in seed("map_event_scope"):
        in_scope_assessment = row["is_in_scope"] == "Y" and row["code_list"] == "assessment_type"
        assert (row["cld_value"] in lists["Assessment Type"]) == in_scope_assessment, row
        assert bool(row["exclusion_code"]) == (row["is_in_scope"] == "N"), row
    for row in seed("map_units"):
        assert row["cost_frequency"] in lists["Cost Frequency (Unit Type)"], row
    for row in seed("map_rates"):
        assert bool(row["reason"]) == (row["in_unit_cost"] == "N"), row


# --- what will be returned ---------------------------------------------------------------------
def returned_events(council, mappings, period=PERIOD):
    """(event type, row, person, start, end) of everything a return of the period would hold."""
    start, end = period
    for table, event, begun, codes in (
        ("contact", "Request", "received_at", "contact_type"),
        ("assessment", "Assessment", "started_at", "assessment_type"),
        ("review", "Review", "started_at", None),
    ):
        for row in council.tables[table]:
            person = council.survivor(row["person_id"])
            if person is None or row["status"] != "COMPLETED" or not start <= iso(row["completed_at"]) <= end:
                continue
            if codes:
                scope = mappings.scope.get((codes, row[f"{codes}_code"]))
                assert scope, (table, row[f"{table}_id"], "unmapped")
                if scope["is_in_scope"] == "N":
                    continue
            yield event, row, person, iso(row[begun]), iso(row["completed_at"])
    for row in council.tables["service_line"]:
        package = council.packages.get(row["package_id"])
        person = package and council.survivor(package["person_id"])
        if not person or package["status"] in ("CANCELLED", "PROPOSED", "APPROVED"):
            continue
        mapped = mappings.service(row["element_code"], package["package_type_code"], package["subject_role"])
        death = iso(council.people[person]["date_of_death"])
        ends = min(
            [day for day in (iso(row["end_date"]), iso(package["end_date"]), death) if day], default=""
        )
        if iso(row["start_date"]) > end or (ends and ends < start):
            continue
        assert mapped, (row["line_id"], "unmapped")
        if not mapped["exclusion_code"]:
            yield ("Service", dict(row, package=package, mapped=mapped), person, iso(row["start_date"]), ends)


def latest(rows, person, end):
    """The value known for a person at the end of the period: latest start, then latest recorded."""
    rows = [row for row in rows.get(person, []) if iso(row["start_date"]) <= end]
    return max(rows, key=lambda row: (iso(row["start_date"]), row.get("recorded_at", "")), default=None)


def faults_of_return(council, mappings, period=PERIOD):
    """Every fault in a mandatory cell, and every impossible order of dates, of a naive return."""
    faults, missing_number, people = [], set(), set()
    by_class, addresses, numbers = (
        defaultdict(lambda: defaultdict(list)),
        defaultdict(list),
        defaultdict(list),
    )
    for row in council.tables["person_classification"]:
        by_class[row["classification"]][row["person_id"]].append(row)
    for row in council.tables["address"]:
        addresses[row["person_id"]].append(row)
    for row in council.tables["person_identifier"]:
        if row["id_type"] == "NHS":
            numbers[row["person_id"]].append(row)
    rated = {
        row["line_id"]
        for row in council.tables["rate"]
        if mappings.rates.get(row["rate_type_code"], {}).get("in_unit_cost") == "Y"
    }
    continued = {row["previous_line_id"] for row in council.tables["service_line"]}
    unlinked = {(row["package_id"], iso(row["start_date"])) for row in council.tables["service_line"]}
    end = period[1]
    codes = mappings.codes

    def value(person, classification, code_list):
        row = latest(by_class[classification], person, end)
        return row and codes.get((code_list, row["code"]))

    for event, row, person, begun, ended in returned_events(council, mappings, period):
        people.add(person)
        record = council.people[person]
        key = (
            row.get("contact_id")
            if event == "Request"
            else row.get({"Assessment": "assessment_id", "Review": "review_id", "Service": "line_id"}[event])
        )
        role = row["package"]["subject_role"] if event == "Service" else row["subject_role"]
        death = iso(record["date_of_death"])
        address = latest(addresses, person, end)
        if not numbers[person]:
            missing_number.add(person)

        def check(good, what, event=event, key=key):
            if not good:
                faults.append((event, key, what))

        check(record["forename"] and record["surname"], "name")
        check(not re.search("DUPLICATE|TEST", record["forename"] + record["surname"]), "name marker")
        check(codes.get(("gender", record["gender_code"])), "gender")
        check(codes.get(("ethnicity", record["ethnicity_code"])), "ethnicity")
        born = council.birth(person)
        check(born > "1900-01-01" and born < begun, "date of birth")
        check(
            address
            and re.fullmatch(r"[A-Z0-9 ]{5,8}", address["postcode"].upper())
            and not address["postcode"].upper().startswith(("XXXX", "NOPO", "ZZ99")),
            "postcode",
        )
        check(value(person, "ACCOMMODATION", "accommodation"), "accommodation")
        check(begun and begun <= end and (not ended or begun <= ended), "start")
        check(not death or death >= period[0], "died before the period")
        check(not death or begun <= death, "starts after death")
        check(not death or event != "Service" or ended, "open service of dead person")
        if event != "Request" and role == "CLIENT":
            reason = value(person, "PRIMARY_SUPPORT_REASON", "support_reason")
            check(reason and reason != "Social support: Support to unpaid carer", "support reason")
        if (
            role == "CLIENT"
            and value(person, "PRIMARY_SUPPORT_REASON", "support_reason") == "Learning disability support"
        ):
            check(
                not 18 <= council.age(person, end) < 65 or value(person, "EMPLOYMENT", "employment"),
                "employment",
            )
        if event in ("Service", "Review") and role == "CLIENT":
            check(value(person, "FUNDING", "funding"), "funding")
        if event == "Request":
            check(codes.get(("contact_route", row["route_code"])), "route")
            check(codes.get(("contact_outcome", row["outcome_code"])), "outcome")
        elif event == "Assessment":
            check(codes.get(("assessment_method", row["method_code"])), "method")
            check(codes.get(("assessment_outcome", row["outcome_code"])), "outcome")
            form = iso(row["form_start_date"]), iso(row["form_end_date"])
            check(form[0] <= form[1] and bool(form[0]) == bool(form[1]), "form dates")
        elif event == "Review":
            check(codes.get(("review_method", row["method_code"])), "method")
            check(codes.get(("review_outcome", row["outcome_code"])), "outcome")
            reason = codes.get(("review_reason", row["reason_code"]))
            check(reason, "reason")
            check(
                reason != "Planned" or codes.get(("outcomes_achieved", row["outcomes_achieved_code"])),
                "achieved",
            )
        else:
            mapped, package = row["mapped"], row["package"]
            delivery = codes.get(("delivery", row["delivery_code"]), "")
            kind, component = mapped["service_type"], mapped["service_component"]
            if kind in ("Long term support: Community", "Unpaid carer support: Direct to unpaid carer"):
                check(delivery, "delivery")
            check(component != "Direct payment" or delivery == "Direct payment", "direct payment")
            check((role == "CLIENT") != kind.startswith("Unpaid carer"), "carer service")
            unit = mappings.units.get(row["unit_code"])
            if (
                delivery != "CASSR commissioned support"
                and unit
                and unit["cost_frequency"] != "No charge to client"
                and (
                    kind.startswith(("Long term", "Unpaid carer"))
                    or component
                    in ("Short term residential care", "Short term nursing care", "Unpaid carer respite")
                )
            ):
                check(row["line_id"] in rated, "unit cost")
                check(float(row["planned_units"] or 0) > 0, "units")
            check(unit, "unit")
            follows = ended and (
                row["line_id"] in continued
                or (
                    row["package_id"],
                    (datetime.date.fromisoformat(ended) + datetime.timedelta(days=1)).isoformat(),
                )
                in unlinked
            )
            if ended and not follows and mapped["ends_on_delivery"] == "N" and ended != death:
                check(codes.get(("service_end_reason", package["end_reason_code"])), "end reason")
    for row in council.tables["relationship"]:  # carers returned only because they are linked
        carer, client = (council.survivor(row["person_id"]), council.survivor(row["related_person_id"]))
        if row["is_unpaid_carer"] != "Y" or not carer or carer in people or client not in people:
            continue
        if iso(row["start_date"]) > end:
            continue
        address = latest(addresses, carer, end)
        for good, what in (
            (council.birth(carer) > "1900-01-01", "date of birth"),
            (codes.get(("gender", council.people[carer]["gender_code"])), "gender"),
            (address and not address["postcode"].upper().startswith(("XXXX", "NOPO", "ZZ99")), "postcode"),
            (value(carer, "ACCOMMODATION", "accommodation"), "accommodation"),
            (value(carer, "PRIMARY_SUPPORT_REASON", "support_reason"), "support reason"),
        ):
            if not good:
                faults.append(("Carer", row["relationship_id"], what))
    return faults, people, missing_number


@pytest.mark.parametrize("end", ["2026-09-30", "2026-06-30", "2025-12-31"])
def test_no_mandatory_cell_of_a_returned_row_is_at_fault(demo, mappings, end):
    year = int(end[:4])
    start = {"09-30": f"{year - 1}-10-01", "06-30": f"{year - 1}-07-01", "12-31": f"{year}-01-01"}[end[5:]]
    faults, people, missing_number = faults_of_return(demo, mappings, (start, end))
    assert not faults
    assert 0 < len(missing_number) < 0.02 * len(people)


def test_nobody_is_returned_under_an_nhs_number_of_somebody_else(demo, mappings):
    owners = defaultdict(set)
    returned = {person for _, _, person, _, _ in returned_events(demo, mappings)}
    for row in demo.tables["person_identifier"]:
        if row["id_type"] == "NHS" and demo.survivor(row["person_id"]) in returned:
            owners[row["id_value"].replace(" ", "").replace(".0", "")].add(demo.survivor(row["person_id"]))
    assert max(len(people) for people in owners.values()) == 1


# --- volumes -----------------------------------------------------------------------------------
def test_volumes_are_those_of_a_council_like_sandwell(larger, mappings):
    scale = PEOPLE_ON_FILE_OF_SANDWELL / len(larger.people)
    start, end = PERIOD
    setting, at_end, admitted, direct, short_term = {}, {}, set(), set(), Counter()
    requests = 0
    for event, row, person, begun, ended in returned_events(larger, mappings):
        if event == "Request":
            requests += row["subject_role"] == "CLIENT"
        if event != "Service":
            continue
        kind = row["mapped"]["service_type"]
        if kind.startswith("Long term"):
            rank = {"Nursing care": 1, "Residential care": 2}.get(kind.split(": ")[1], 3)
            setting[person] = min(rank, setting.get(person, 9))
            if not ended or ended > end:
                at_end[person] = min(rank, at_end.get(person, 9))
                if row["delivery_code"].startswith("DP"):
                    direct.add(person)
            if rank < 3 and begun >= start and begun == iso(row["package"]["start_date"]):
                admitted.add(person)
        if kind == "Short term support: ST-Max" and ended and ended <= end:
            short_term[row["package"]["end_reason_code"]] += 1
    young = {person for person in setting if larger.age(person, end) < 65}
    reasons = {
        row["person_id"]: row["code"]
        for row in larger.tables["person_classification"]
        if row["classification"] == "PRIMARY_SUPPORT_REASON" and not row["end_date"]
    }
    community = [person for person, rank in at_end.items() if rank == 3]

    def near(found, published, tolerance):
        assert abs(found - published) <= tolerance * published, (found, published)

    near(len(setting) * scale, 5100, 0.15)  # long term support in the year
    near(len(young) * scale, 1619, 0.25)  # of them 18 to 64
    near(len(community) * scale, 2685, 0.2)  # in the community at the end
    near(len(admitted) * scale, 440, 0.3)  # admissions to care homes
    near(requests * scale, 12700, 0.15)  # requests, about 800 of them of people with support
    near(len(direct & set(community)) / len(community), 0.16, 0.3)
    near(sum(reasons.get(person) == "LD" for person in young) / len(young), 0.455, 0.2)
    no_ongoing = short_term["GOAL"] + short_term["COMP"] + short_term["SIGN"]
    near(no_ongoing / (no_ongoing + short_term["LTS"] + short_term["ASS"]), 0.56, 0.15)
    near(sum(short_term.values()) * scale, 2300, 0.2)

    white = {"old": Counter(), "young": Counter()}
    for person, row in larger.people.items():
        age = larger.age(person, end)
        group = "old" if age >= 85 else "young" if age < 60 else None
        if group:
            white[group][row["ethnicity_code"].startswith(("A", "WBRI"))] += 1
    near(white["old"][True] / sum(white["old"].values()), 0.93, 0.05)
    near(white["young"][True] / sum(white["young"].values()), 0.57, 0.12)


@pytest.mark.slow
def test_a_council_of_sandwells_size_comes_near_what_dhsc_has_published(tmp_path):
    """The whole way: extracts, return, what DHSC computes of it; within 5% of the published figures."""
    make(tmp_path, "--sandwell")
    models = ("+activity_long_term_people", "+dhsc_assessments", "+published_figures")
    done = run_dbt(
        tmp_path,
        *("build", "--select", *models, "--exclude", "resource_type:test", "resource_type:unit_test"),
        extracts_path=tmp_path / "extracts",
        submissions_path=tmp_path / "none",
        la_code="409",
        reporting_period_end=PERIOD[1],
        submission_date="2026-10-20",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / DATABASE}' as council (read_only)")
        connection.execute("use council")

        def figure(name, **values):
            return connection.execute(report.QUERIES[name], values).fetchall()

        published = {row[3]: float(row[6]) for row in figure("published") if row[2] == "409"}
        found = {
            report.LONG_TERM: figure("long_term", la_code="409")[0][0],
            report.NEW_ASSESSMENTS: figure("new_assessments", la_code="409")[0][0],
        }
    for measure, count in found.items():
        assert abs(count - published[measure]) <= 0.05 * published[measure], (measure, count)


def test_prices_are_those_of_the_year(larger):
    lines = {row["line_id"]: row["element_code"] for row in larger.tables["service_line"]}
    prices = defaultdict(list)
    for row in larger.tables["rate"]:
        if row["start_date"] <= "2026-03-31" and (row["end_date"] or "9999") >= "2026-03-31":
            prices[lines[row["line_id"]]].append(float(row["amount"]))
    assert 22 < sum(prices["HC"]) / len(prices["HC"]) < 25
    homes = [price for element in ("RES", "RESD", "NUR", "NURD") for price in prices[element]]
    assert 780 < sum(homes) / len(homes) < 1100
