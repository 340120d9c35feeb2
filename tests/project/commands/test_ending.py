"""A run ends in words: what was written, what is left out, what is to be mended; or why nothing was written."""

from __future__ import annotations

import re
from types import SimpleNamespace

from openpyxl import load_workbook

from asc_cld import fixlist
from asc_cld.command_line.dbt_run import Progress, ended_by
from asc_cld.fixlist.words import IMPORTANCE


def ending(printed: str) -> str:
    return printed[printed.index("The return was written: ") :]


def test_a_good_run_ends_with_what_is_in_the_file_and_what_is_not(demo_build):
    said = ending(demo_build.printed)
    file_line = said.splitlines()[0]
    assert str(demo_build.return_file) in file_line and "2921 rows, SHA-256 f910b3f0" in file_line
    rows = dict(
        demo_build.query(
            "select event_type, count(*) from council.cld.cld_events where event_type <> '' group by 1"
        )
    )
    assert "  Rows: " + ", ".join(f"{kind} {count}" for kind, count in sorted(rows.items())) in said
    left_out = demo_build.query(
        "select reason_code, count(*) from council.cld.cld_exclusions group by 1 order by 2 desc, 1 limit 6"
    )
    assert [
        (code, int(count)) for count, code in re.findall(r"^    (\d+)  .* \(([A-Z_]+)\)$", said, re.MULTILINE)
    ] == left_out
    total = sum(int(count) for count in re.findall(r"^    (\d+)  ", said, re.MULTILINE))
    assert [(total,)] == demo_build.query("select count(*) from council.cld.cld_exclusions")
    codes = demo_build.query(
        "select code_list, count(*) from council.data_quality.dq_unmapped_codes group by 1 order by 1"
    )
    assert "  Codes without a mapping: " + ", ".join(f"{name} {count}" for name, count in codes) in said
    (in_doubt,) = re.findall(r"^  People who may be one, or are in doubt \(.*\): (.*)$", said, re.MULTILINE)
    assert {
        (words.replace(" ", "_").upper(), int(count))
        for words, count in re.findall(r"(\D+) (\d+)(?:, )?", in_doubt)
    } == set(
        demo_build.query("select finding, count(*) from council.conformed.cnf_people_to_judge group by 1")
    )
    assert "  DHSC will take this file for 1 Oct 2025 to 30 Sep 2026." in said
    assert "Next: asc-cld fixlist" in said


def test_records_to_mend_are_those_of_the_fix_list(demo_build, tmp_path):
    """One number of what is to be mended, whole and by team, whoever counts it."""
    fixlist.write_fixlist(demo_build.database, tmp_path)
    start, teams = (
        {row[0]: row[1:] for row in load_workbook(tmp_path / "fixlist_409-20260930-built.xlsx")[name].values}
        for name in ("Start here", "Teams")
    )
    said = ending(demo_build.printed)
    errors, warnings, infos = (start[name][1] for name in IMPORTANCE.values())
    assert (
        "Records to mend, as the fix list counts them:"
        f" must mend {errors}, please check {warnings}, for information {infos}\n" in said
    )
    # Two rows of one person are one record.
    assert demo_build.query(
        f"select count(*) > {errors} from council.data_quality.dq_breaches"
        " where severity = 'error' and origin = 'built' and not accepted"
    ) == [(True,)]
    by_team = re.search(r"by team .*", said)[0]
    counts = {team: sum(row[:3]) for team, row in teams.items() if team != "Team"}
    assert len(counts) > 10
    assert {team for team, count in counts.items() if f" {team} {count}" not in by_team} == set()


def test_no_condition_of_sql_is_told_as_a_reason(demo_build):
    assert "configured to warn if a rule is broken" in demo_build.printed
    assert "bool_or" not in demo_build.printed


def event(name: str, **data):
    message = data.pop("msg", "")
    return SimpleNamespace(info=SimpleNamespace(name=name, msg=message), data=SimpleNamespace(**data))


def node(kind: str, schema: str):
    relation = SimpleNamespace(schema=schema)
    return SimpleNamespace(resource_type=kind, node_relation=relation, node_path="a/b.sql")


def test_each_layer_has_a_line_while_dbt_runs():
    progress = Progress()
    for kind, schema, status in (
        ("model", "cld", "success"),
        ("model", "cld", "error"),
        ("test", "cld", "pass"),
        ("seed", "specification", "success"),
    ):
        progress.hear(event("NodeStart", node_info=node(kind, schema)))
        result = SimpleNamespace(status=status)
        progress.hear(event("NodeFinished", node_info=node(kind, schema), run_result=result))
    progress.hear(event("LogStartLine", total=9))
    progress.hear(event("JinjaLogInfo", msg="PASS 0 dq_breaches__MAN-06"))
    progress.hear(event("JinjaLogInfo", msg="NOT WRITTEN: the checks do not let it."))
    assert {name: (layer.models, layer.wrong) for name, layer in progress.layers.items()} == {
        "cld": (2, 1),
        "tests": (0, 0),
        "specification": (1, 0),
    }
    assert (progress.steps, progress.of_steps) == (4, 9)
    assert progress.endings == ["NOT WRITTEN: the checks do not let it."]
    assert progress.table().row_count == 4


def test_what_failed_is_told_and_what_only_waited_for_it_is_counted():
    def result(name: str, status: str, message: str = ""):
        return SimpleNamespace(node=SimpleNamespace(name=name), status=status, message=message)

    said = ended_by(
        [
            "NOT WRITTEN: what the return is made from failed.\n  gov_return_file failed\n  cnf_people failed\nNext"
        ],
        SimpleNamespace(
            results=[
                result("dq_breaches__dates", "fail", "Got 3 results, configured to fail if > 0"),
                result(
                    "cnf_people",
                    "error",
                    "Runtime Error in model cnf_people (models/x.sql)\n  person.csv: no file",
                ),
                result(
                    "gov_return_file", "error", "Runtime Error in model x\n  /out: No space left on device"
                ),
                result("share_costs", "error", "Runtime Error in model share_costs (y)\n  no room"),
                result("cld_events", "skipped"),
                result("cld_rows", "skipped"),
                result("cnf_requests", "success"),
            ]
        ),
    )
    assert "\n".join(said).splitlines() == [
        "NOT WRITTEN: what the return is made from failed.",
        "  gov_return_file: /out: No space left on device",
        "  cnf_people: person.csv: no file",
        "Next",
        "share_costs: no room",
        "2 steps that need what failed were not run.",
    ]
    held_back = "Compilation Error\n  The return is not written: the checks do not let it. EXT-01 (1)"
    gate = SimpleNamespace(results=[result("gov_return_file", "error", held_back)])
    assert ended_by(["NOT WRITTEN: the checks do not let it."], gate) == [
        "NOT WRITTEN: the checks do not let it."
    ]
