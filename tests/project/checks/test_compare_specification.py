"""An official list against the seeds: what differs is shown, and written only when told to."""

import csv
import shutil

import pytest
from openpyxl import Workbook
from rule_files import CHECKS, ROOT, breaches_by_file, edited, query, run_dbt, write_file

from asc_cld import compare_specification as comparison

NAMES = (
    "spec_fields.csv",
    "spec_code_lists.csv",
    "spec_r1_to_r2.csv",
    "spec_named_values.csv",
    "spec_possible_values.csv",
)
OFFICIAL = [
    ("Gender", "Male", "Male"),
    ("Gender", "Female", "Female"),
    ("Gender", "Non-binary", ""),
    ("Gender", "unknown", "Unknown"),
    ("Review Outcomes Achieved", "Fully met", "Fully Met"),
    ("Review Outcomes Achieved", "Partly met", "Partially Met"),
    ("Review Outcomes Achieved", "Not met", "Not Met"),
]


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds/specification"
    folder.mkdir(parents=True)
    for name in NAMES:
        shutil.copy(comparison.SEEDS / name, folder)
    return folder


@pytest.fixture
def official_workbook(tmp_path):
    book = Workbook()
    book.active.append(["Mapping of values"])
    sheet = book.create_sheet("Mapping")
    sheet.append(["variable", "Release 1 value", "Release 2 value", "comparison"])
    for field, value, r1_value in OFFICIAL:
        sheet.append([field, r1_value, value, "Changed"])
    book.save(tmp_path / "official.xlsx")
    return tmp_path / "official.xlsx"


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_differences_are_named(seeds, official_workbook):
    found = comparison.run(official_workbook, seeds=seeds)
    assert [line for line in found if line[1] != "same"] == [
        ("Gender", "capitals only", "Unknown", "unknown"),
        ("Gender", "removed", "Other", ""),
        ("Gender", "added", "", "Non-binary"),
        ("Review Outcomes Achieved", "respelt", "Partially met", "Partly met"),
    ]


def test_nothing_is_written_unless_told(seeds, official_workbook):
    comparison.run(official_workbook, seeds=seeds)
    for name in NAMES:
        assert (seeds / name).read_bytes() == (comparison.SEEDS / name).read_bytes()


def test_seeds_agree_after_writing(seeds, official_workbook):
    comparison.run(official_workbook, write=True, source="official", seeds=seeds)
    again = comparison.run(official_workbook, seeds=seeds)
    assert {kind for _, kind, _, _ in again} == {"same"}
    outcomes = [
        (row["value"], row["confidence"], row["source"])
        for row in rows(seeds / "spec_code_lists.csv")
        if row["release"] == "R2" and row["field"] == "Review Outcomes Achieved"
    ]
    assert outcomes == [
        ("Fully met", "high", "official"),
        ("Partly met", "high", "official"),
        ("Not met", "high", "official"),
    ]
    mapped = {
        row["r1_value"]: row["r2_value"]
        for row in rows(seeds / "spec_r1_to_r2.csv")
        if row["field"] == "Review Outcomes Achieved"
    }
    assert mapped["Partially Met"] == "Partly met"
    untouched = [
        [row for row in rows(folder / "spec_code_lists.csv") if row["field"] == "Ethnicity"]
        for folder in (seeds, comparison.SEEDS)
    ]
    assert untouched[0] == untouched[1]


def test_writing_an_unchanged_seed_keeps_its_bytes(seeds):
    for name in NAMES:
        comparison.write_seed(seeds / name, *comparison.read_seed(seeds / name))
        assert (seeds / name).read_bytes() == (comparison.SEEDS / name).read_bytes()


def write_workbook(path, *sheets):
    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_the_official_mapping_workbook(seeds, tmp_path, capsys):
    """Its columns are said to be variable, Release 2 value, comparison; titles above, several sheets."""
    path = write_workbook(
        tmp_path / "mapping.xlsx",
        ("Cover", [["Mapping of Release 1 to Release 2"], ["Version", "1.0"]]),
        (
            "Person",
            [
                ["CLD mapping"],
                [],
                ["VARIABLE", " Release 1 Value", "Release 2 Value ", "Comparison"],
                ["gender", "Male", "Male", "No change"],
                ["Gender", "Female", "Female", "No change"],
                ["Gender", "Other", "Other", "No change"],
                ["Gender", "Unknown", "Unknown", "No change"],
                ["Gender", "Indeterminate", "Indeterminate", "Removed"],
            ],
        ),
        (
            "Events",
            [
                ["Variable", "Release 2 value", "comparison"],
                ["Review_Outcomes_Achieved", "Fully met", "Changed (capitalisation only)"],
                ["review outcomes achieved", "Partially met", "Changed"],
                ["Review Outcomes Achieved", "Not met", "Changed"],
                ["Shoe size", "9", "Changed"],
            ],
        ),
    )
    found = comparison.run(path, seeds=seeds, write=True)
    assert {kind for _, kind, _, _ in found} == {"same"}
    told = capsys.readouterr().out
    assert "Events, line 5: Shoe size is not a CLD field" in told
    assert "sure now       Review Outcomes Achieved: a value outside its list becomes an error" in told
    assert "3 values of low or medium confidence are confirmed" in told
    confidences = {
        (row["field"], row["confidence"])
        for row in rows(seeds / "spec_code_lists.csv")
        if row["release"] == "R2" and row["field"] in ("Gender", "Review Outcomes Achieved", "Dementia")
    }
    assert ("Review Outcomes Achieved", "high") in confidences
    assert ("Review Outcomes Achieved", "medium") not in confidences


def test_the_release_compared_says_which_column_counts(seeds, tmp_path):
    lines = [
        ["Field", "Release 1 value", "Release 2 value", "Release 3 value", "Release"],
        ["Gender", "Male", "Male", "Man", ""],
        ["Gender", "Female", "Female", "Woman", "release 2"],
    ]
    path = write_workbook(tmp_path / "three.xlsx", ("Values", lines))
    headers = ["Gender"]
    assert comparison.read_list(path, "R2", headers)[0] == [
        ("Gender", "Male", "Male"), ("Gender", "Female", "Female"),
    ]  # fmt: skip
    assert comparison.read_list(path, "R3", headers)[0] == [("Gender", "Man", "Male")]
    assert comparison.read_list(path, "R1", headers)[0] == [("Gender", "Male", "")]


def test_the_likest_value_is_the_partner():
    assert comparison.compare(["Long term care home", "Long term care homes"], ["Long term care homes."]) == [
        ("respelt", "Long term care homes", "Long term care homes."),
        ("removed", "Long term care home", ""),
    ]


def test_other_seeds_with_an_old_spelling_are_named(seeds, official_workbook, capsys):
    (seeds.parent / "mappings").mkdir()
    (seeds.parent / "mappings/map_codes.csv").write_text("code,cld_value\n1,Fully met|Partially met\n")
    comparison.run(official_workbook, seeds=seeds)
    assert "see also       mappings/map_codes.csv, line 2: Partially met" in capsys.readouterr().out


def test_values_in_sql_are_named_by_file_and_line(seeds, official_workbook, capsys):
    project = seeds.parent.parent
    (project / "models/room").mkdir(parents=True)
    (project / "macros").mkdir()
    (project / "models/room/a.sql").write_text(
        "select 1\nwhere outcome = 'Partially met'\n  and gender = 'Male'\n"
    )
    (project / "macros/b.sql").write_text("lower(gender) like '%other%'\n-- partially met\n")
    comparison.run(official_workbook, seeds=seeds)
    told = capsys.readouterr().out
    assert "see also       models/room/a.sql, line 2: Partially met" in told
    assert "see also       macros/b.sql, line 1: other" in told
    assert told.count("a.sql") == told.count("b.sql") == 1


def test_named_values_follow_the_list(seeds, tmp_path, capsys):
    """A respelt value is asked for in its new spelling; one that is dropped is said to be asked for."""
    release_2 = [
        row["value"]
        for row in rows(seeds / "spec_code_lists.csv")
        if (row["release"], row["field"]) == ("R2", "Delivery Mechanism")
    ]
    assert len(release_2) == 3
    official = [("Delivery Mechanism", release_2[0].upper()), ("Delivery Mechanism", release_2[1])]
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("field", "value"), *official])

    def asked():
        return {
            (row["value_name"], row["from_release"]): row["value"]
            for row in rows(seeds / "spec_named_values.csv")
            if row["field"] == "Delivery Mechanism"
        }

    before = asked()
    changed = next(key for key, value in before.items() if value == release_2[0])
    comparison.run(tmp_path / "list.csv", seeds=seeds, write=True)
    assert asked() == before | {changed: release_2[0].upper()}
    assert (
        f"asked for      Delivery Mechanism: {release_2[2]} (rules ask for it as" in capsys.readouterr().out
    )
    official[0] = ("Delivery Mechanism", release_2[0].lower())
    with (seeds / "spec_code_lists.csv").open("a", encoding="utf-8", newline="") as stream:
        # Release 3 so far: Release 2 as it now is.
        for value in (release_2[0].upper(), release_2[1]):
            csv.writer(stream, lineterminator="\n").writerow(
                ["R3", "Delivery Mechanism", value, 1, "", "", "spec", "", "", "high"]
            )
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("field", "value"), *official])
    comparison.run(tmp_path / "list.csv", release="R3", seeds=seeds, write=True)
    assert asked() == before | {changed: release_2[0].upper(), (changed[0], "R3"): release_2[0].lower()}


def test_what_was_possible_is_settled_by_the_list(seeds, tmp_path):
    assert {row["field"] for row in rows(seeds / "spec_possible_values.csv")} >= {
        "Review Reason",
        "Visual Impairment",
    }
    (tmp_path / "list.csv").write_text("field,value\nReview Reason,Planned\n")
    comparison.run(tmp_path / "list.csv", seeds=seeds, write=True)
    left = {row["field"] for row in rows(seeds / "spec_possible_values.csv")}
    assert "Review Reason" not in left and "Visual Impairment" in left


def test_unusable_lists_are_clear_errors(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("field,value\nShoe size,9\n")
    assert comparison.main([str(tmp_path / "a.csv")]) == 1
    assert "line 2: Shoe size is not a CLD field" in capsys.readouterr().err
    (tmp_path / "b.csv").write_text("x,y\n1,2\n")
    assert comparison.main([str(tmp_path / "b.csv")]) == 1


# What the release of today is compared by; the new release comes through all checks.
BREACHES_ALONE = (
    "--select",
    *(
        f"+dq_breaches,path:models/{layer}"
        for layer in ("staging/submissions", "submissions", "data_quality", "dhsc")
    ),
    "stg_submissions__problems",
    "sub_files",
    "dq_rules",
    "seeds/specification",
    "seeds/reference",
    "--exclude",
    "resource_type:test",
    "resource_type:unit_test",
)


def test_release_3_is_new_seed_rows_and_no_sql(tmp_path):
    """A Release 3 that is Release 2 with one more gender: written by the command, checked by a run."""
    project = tmp_path / "project"
    shutil.copytree(
        ROOT,
        project,
        ignore=shutil.ignore_patterns(".*", "target", "logs", "output", "data", "*.duckdb*"),
    )
    seeds = project / "seeds/specification"
    release_2 = [
        (row["field"], row["value"]) for row in rows(seeds / "spec_code_lists.csv") if row["release"] == "R2"
    ]
    with (tmp_path / "r3.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        new = [("Gender", "Non-binary"), ("Total Hrs Caring per week", "0 to 19 hours")]
        writer.writerows([("field", "value"), *release_2, *new])
    found = comparison.run(tmp_path / "r3.csv", release="R3", write=True, seeds=seeds)
    assert {kind for _, kind, _, _ in found} == {"added"}
    (tmp_path / "submissions").mkdir()
    edits = [
        *((row, "Gender", "Non-binary") for row in (7, 8)),
        (9, "Total Hrs Caring per week", "0 to 19 hours"),
        (10, "Total Hrs Caring per week", "Many"),
        (3, "Service Component", "Zzz"),
    ]
    write_file(tmp_path / "submissions", "three", *edited(edits))
    rules, severities, checked = {}, {}, {}
    for release, checks in (("R2", BREACHES_ALONE), ("R3", CHECKS)):
        finished = run_dbt(tmp_path, "build", *checks, project=project, cld_release=release)
        assert finished.returncode == 0, finished.stdout[-1500:]
        rules[release] = {
            breach for breach in breaches_by_file(tmp_path)["three"] if breach[0][:3] in ("LST", "FIL")
        }
        severities[release] = query(
            tmp_path,
            "select rule_id, rule_state, severity from data_quality.dq_rules"
            " where rule_id in ('LST-19', 'LST-21') order by all",
        )
        [(checked[release],)] = query(
            tmp_path, "select count(*) from data_quality.dq_rules where rule_state = 'checked'"
        )
    wrong_component = {("LST-21", 3), ("FIL-13", 3)}
    assert rules["R2"] == {("LST-01", 7), ("LST-01", 8), ("FIL-13", 7), ("FIL-13", 8)} | wrong_component
    assert rules["R3"] == {("LST-19", 10), ("FIL-13", 10)} | wrong_component
    # A list that is known begins to be checked, and one that is sure becomes an error.
    assert severities["R2"] == [("LST-19", "no list known", "info"), ("LST-21", "checked", "warning")]
    assert severities["R3"] == [("LST-19", "checked", "error"), ("LST-21", "checked", "error")]
    assert checked["R3"] == checked["R2"] + 1 > 149
