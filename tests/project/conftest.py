"""Whole runs with the real command. The demo council is built once and shared by all tests."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dbt_runs
import duckdb
import pytest
from browser import CHROMIUM, Reader, opened
from dbt_runs import DATABASE, PROJECT, keep_parse_cache, run_dbt
from filelock import FileLock
from hypothesis import settings

# The same examples on every run: what is found by chance is found at a desk (--hypothesis-profile default), not by CI.
settings.register_profile("project", derandomize=True)
settings.load_profile("project")

DEMO_EXTRACTS = PROJECT / "data" / "demo" / "extracts"
sys.path.insert(0, str(PROJECT))


@dataclass
class Run:
    """One finished dbt command: its exit code, what it printed, and where it wrote."""

    exit_code: int
    printed: str
    folder: Path
    bytes_before: bytes = b""
    files_before: tuple[str, ...] = ()
    manifest_count: int = 0

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def return_file(self) -> Path:
        return self.output / "409_CLD_20251001_20260930.csv"

    @property
    def manifests(self) -> list[Path]:
        return sorted(self.output.glob("*.manifest.json"))

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.database}' as council (read_only)")
            return connection.execute(sql).fetchall()


def dbt(folder: Path, *arguments: str, **settings: str) -> Run:
    """One dbt command, without earlier submissions unless the test gives some."""
    settings = {"submissions_path": folder / "no_submissions"} | settings
    done = run_dbt(folder, *arguments, artifacts=True, **settings)
    return Run(done.returncode, done.stdout + done.stderr, folder)


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory, worker_id) -> Path:
    """A folder that the test processes share."""
    root = tmp_path_factory.getbasetemp()
    dbt_runs.shared_folder = root if worker_id == "master" else root.parent
    return dbt_runs.shared_folder


# The files that take longest come first, so that no process works alone at the end: the demo's build for one of the
# two; for the other, runs that do not wait for it.
LONGEST = (
    "test_checklist",
    "test_region_run",
    "test_dhsc_two_submissions",
    "test_bad_input",
    "test_own_rules",
    "test_gate",
    "test_nothing_leaks",
    "test_other_words",
    "test_audit_pack",
    "test_mosaic",
    "test_eclipse",
    "test_compare_specification",
    "test_manifest",
    "test_one_council",
    "test_report",
    "test_leak_search",
    "test_landed_submissions",
    "test_rules",
    "test_mutations",
    "test_mapping_workbook",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


# Every warning of dbt is an error, when it reads the project too; only what a rule finds may warn.
EVERY_WARNING = '{"error": "all", "warn": ["LogTestResult", "RunResultWarning", "RunResultWarningMessage"]}'


# No unit test may hang on what a council sets: they run under the settings of quite another one.
OTHER_SETTINGS = {
    "la_code": "210",
    "reporting_period_end": "2026-12-31",
    "submission_date": "2027-01-20",
    "submission_selection": "stated",
    "method_version": "jun2026",
    "joined_period_start": "2024-04-01",
    "eligible_needs_wording": "needs_identified",
    "force_draft": "true",
    "share_k": "7",
    "share_threshold": "6",
    "share_rounding": "5",
    "plausible_weekly_cost_max": "900",
    "unknown_share_max": "0.1",
    "replaced_service_days": "5",
    "dhsc_short_term_gap_days": "3",
    "dhsc_sequel_days": "9",
    "dhsc_long_term_before_days": "50",
    "dhsc_nested_assessment_days": "2",
    "dhsc_admission_gap_days": "100",
    "dhsc_after_short_term_days": "30",
    "dhsc_waiting_from_age": "18",
    "dhsc_conversation_counts_before": "2024-01-01",
    "dhsc_population_year": "2023",
    "dhsc_count_by_la_id": "true",
}


@pytest.fixture(scope="session")
def demo_runs(shared_folder) -> dict[str, Run]:
    """The demo council built with every data test, then the unit tests on it, as another council's.

    The test processes share them: the first to ask runs them, the others wait and read what it kept.
    Nothing may write into their folder.
    """
    folder, kept = shared_folder / "demo", shared_folder / "demo.json"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            folder.mkdir()
            commands = {
                "build": ("build", "--warn-error-options", EVERY_WARNING),
                "unit_tests": ("test", "--selector", "unit_tests"),
            }
            runs, database, built = {}, folder / DATABASE, folder / "as built"
            for name, command in commands.items():
                # The very command that a user types; other tests take a shorter way to the same.
                run = dbt(folder, *command, as_fork=False, **(OTHER_SETTINGS if name == "unit_tests" else {}))
                runs[name] = [run.exit_code, run.printed]
                if name == "build":
                    keep_parse_cache(folder)
                    shutil.copytree(folder / "target", folder / "target of the build")
                    shutil.copy(database, built)
                    if run.exit_code == 0:
                        with duckdb.connect(database) as connection:
                            # Whose it is: it is lent to the other council under its own name, or dbt would parse again.
                            connection.execute("drop table governance.gov_run")
            shutil.move(built, database)
            # A manifest holds compiled SQL for the nodes of its own command only: the build's is the one to read.
            shutil.rmtree(folder / "target")
            (folder / "target of the build").rename(folder / "target")
            kept.write_text(json.dumps(runs), encoding="utf-8")
    runs = json.loads(kept.read_text(encoding="utf-8"))
    return {name: Run(*run, folder) for name, run in runs.items()}


@pytest.fixture(scope="session")
def demo_build(demo_runs) -> Run:
    return demo_runs["build"]


@pytest.fixture(scope="session")
def checked_files(shared_folder) -> Path:
    """The folder of one run of the checks over every rule fixture and every mutation of a clean return."""
    import test_mutations
    import test_rules
    from rule_files import run_checks

    folder, done = shared_folder / "checked", shared_folder / "checked.done"
    with FileLock(f"{done}.lock"):
        if not done.exists():
            submissions = folder / "submissions"
            submissions.mkdir(parents=True)
            test_rules.write_fixtures(submissions)
            test_mutations.write_mutations(submissions)
            run_checks(folder)
            done.touch()
    return folder


# Enough of the project to reach the file; the checks have tests of their own.
TO_THE_FILE = (
    "build",
    "--select",
    "+gov_manifest",
    # What the last lines of the run count.
    "dq_findings",
    "dq_signs",
    "dq_unmapped_codes",
    "cnf_teams",
    "--exclude",
    "resource_type:test",
    "resource_type:unit_test",
)


@pytest.fixture(scope="session")
def workplace(demo_build, tmp_path_factory) -> Run:
    """One folder for all runs on spoilt input: what the demo's build left, and extracts that may be spoilt."""
    folder = tmp_path_factory.mktemp("workplace")
    shutil.copytree(DEMO_EXTRACTS, folder / "extracts")
    shutil.copy(demo_build.database, folder)
    shutil.copytree(demo_build.output, folder / "output")
    return Run(0, demo_build.printed, folder)


@pytest.fixture
def ready(workplace):
    """The good run's file and untouched extracts, whatever the test before did."""
    good_bytes = workplace.return_file.read_bytes()
    yield workplace
    workplace.return_file.write_bytes(good_bytes)
    shutil.rmtree(workplace.folder / "extracts")
    shutil.copytree(DEMO_EXTRACTS, workplace.folder / "extracts")


@pytest.fixture
def extracts(ready):
    """The extracts that the next run reads; a test may spoil them."""
    return ready.folder / "extracts"


def run_again(ready, *arguments, **settings):
    """Another run of the workplace; to the file and without data tests, unless the test says otherwise.

    Its seeds are those of the demo's build: what a council gives in their place is read from its own files.
    """
    ready.bytes_before = ready.return_file.read_bytes()
    ready.manifest_count = len(ready.manifests)
    return dbt(
        ready.folder,
        *(arguments or (*TO_THE_FILE, "resource_type:seed")),
        **{"extracts_path": ready.folder / "extracts"} | settings,
    )


def assert_refused(run, ready, *said):
    assert run.exit_code != 0, run.printed
    for words in said:
        assert words in run.printed, run.printed
    assert run.return_file.read_bytes() == ready.bytes_before
    left = {path.name for path in run.output.iterdir() if not path.name.endswith(".manifest.json")}
    assert left == {run.return_file.name}
    # A run that wrote no file leaves no manifest either.
    assert len(run.manifests) == ready.manifest_count


def edit(path: Path, change, delimiter: str = ",", rename=str) -> None:
    """Rewrites a CSV file through a function from its rows (dicts) to its rows."""
    content = path.read_bytes()
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.DictReader(stream)
        header, rows = list(reader.fieldnames), list(reader)
    rows = change(rows)
    if rows:
        header = list(rows[0])
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(rename(name) for name in header)
        writer.writerows([row[name] for name in header] for row in rows)


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """Looks at pages as a reader would (browser.py); the browser is started once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with opened() as one:
        yield one


def opened_in_browser(page: Path, folder: Path) -> tuple[str, list[str]]:
    """What a browser makes of a page (its text after scripts ran), and what the page asked the network for."""
    log = folder / "network.json"
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}",
            "--virtual-time-budget=8000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    # The browser's own requests (updates, clock) have no page behind them.
    asked = [
        line
        for line in log.read_text(encoding="utf-8").splitlines()
        if '"initiator"' in line and '"url":"http' in line and '"initiator":"not an origin"' not in line
    ]
    return done.stdout, asked
