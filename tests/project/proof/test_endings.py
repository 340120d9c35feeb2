"""What stops a run is a sentence on the screen, and a trace in dbt's log only."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import weakref
from types import SimpleNamespace

import pytest
from dbt_common.events.base_types import EventLevel
from dbt_common.events.logger import _log_level_map
from dbt_common.exceptions import DbtRuntimeError
from dbt_runs import environment

from asc_cld.plugins import plain_endings
from asc_cld.plugins.loading import set_aside
from asc_cld.return_file import OutputError


def event(name, level="error"):
    return SimpleNamespace(info=SimpleNamespace(name=name, level=level))


def test_a_trace_goes_to_the_log_and_not_to_the_screen(monkeypatch):
    loggers = [
        SimpleNamespace(name=name, filter=lambda event: True, level=level)
        for name, level in (("stdout_log", EventLevel.INFO), ("file_log", EventLevel.DEBUG))
    ]
    monkeypatch.setattr(plain_endings, "get_event_manager", lambda: SimpleNamespace(loggers=loggers))
    for _ in range(2):
        plain_endings.end_in_words()
    screen, log = (logger.filter for logger in loggers)
    assert [screen(event(name)) for name in ("MainStackTrace", "MainEncounteredError")] == [False, True]
    assert log(event("MainStackTrace"))


def test_what_the_screen_passed_over_before_it_still_does():
    assert not plain_endings.without_traces(lambda event: False, 0)(event("MainEncounteredError"))


@pytest.mark.parametrize("level", list(EventLevel), ids=lambda level: level.value)
def test_the_screen_passes_over_what_is_below_its_level_and_nothing_else(level):
    """As Python's logging would, one step later; what is printed (a compiled query) shows at every level."""
    lowest = plain_endings.LEVELS[level.value]
    screen = plain_endings.without_traces(lambda event: True, lowest)
    shown = {other.value for other in EventLevel if screen(event("SQLQuery", other.value))}
    logger = logging.getLogger("as_the_screen")
    logger.setLevel(_log_level_map[level])
    assert shown == {other.value for other in EventLevel if logger.isEnabledFor(_log_level_map[other])}
    assert screen(event("PrintEvent", "info"))
    assert screen(event("SQLQuery", "a level of a later dbt"))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OutputError("out: the return cannot be written here"), "out: the return cannot be written here"),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (ValueError("two\nlines"), "ValueError: two lines"),
        (AssertionError(), "AssertionError: AssertionError"),
    ],
    ids=repr,
)
def test_the_error_of_a_python_model_is_its_own_words(error, said):
    def run(cls, model):
        try:
            raise error
        except Exception as cause:
            raise DbtRuntimeError(f"Python model failed:\nTraceback of {cause}")  # noqa: B904 - as dbt-duckdb does

    with pytest.raises(DbtRuntimeError) as told:
        plain_endings.told_plainly(run)(None, "model")
    assert said in str(told.value) and "Trace" not in str(told.value)


def test_an_error_that_is_a_sentence_already_stays():
    def run(cls, model):
        raise DbtRuntimeError("Failed to load python model")

    with pytest.raises(DbtRuntimeError, match="Failed to load"):
        plain_endings.told_plainly(run)(None, "model")


def test_ctrl_c_says_what_became_of_the_return():
    with pytest.raises(KeyboardInterrupt, match="the last return is untouched"):
        plain_endings.stopped_by_hand(2, None)


@pytest.fixture
def searching():
    """Python's search for garbage as it is in a fresh process; the tests' own runs may have switched it off."""
    before = gc.isenabled()
    gc.enable()
    yield
    gc.unfreeze()
    (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("fails", [False, True], ids=["loaded", "failed"])
def test_what_dbt_has_loaded_is_set_aside_and_the_search_goes_on(searching, fails):
    def load(cls, given):
        assert not gc.isenabled()
        if fails:
            raise DbtRuntimeError("no such macro")
        return given

    load_and_set_aside = set_aside(load)
    for _ in range(2):
        if fails:
            with pytest.raises(DbtRuntimeError, match="no such macro"):
                load_and_set_aside(None, "project")
        else:
            assert load_and_set_aside(None, "project") == "project"
        assert gc.isenabled() and gc.get_freeze_count()


def test_a_second_project_in_one_process_lets_the_first_go(searching):
    class Project:
        pass

    def load(cls):
        project = Project()
        project.itself = project
        gone.append(weakref.ref(project))
        return project

    gone = []
    load_and_set_aside = set_aside(load)
    load_and_set_aside(None)
    gc.collect()
    assert gone[0]() is not None
    load_and_set_aside(None)
    assert gone[0]() is None


def test_dbt_sets_aside_what_it_has_loaded(tmp_path):
    """A run of dbt in a process of its own, asked afterwards: the plugin is there and dbt still loads as it says."""
    asked = (
        "import gc; from dbt.cli.main import dbtRunner;"
        "done = dbtRunner().invoke(['--quiet', 'ls', '--select', 'cld_return', '--resource-type', 'model']);"
        "print(done.success, gc.get_freeze_count() > 100_000, gc.isenabled())"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "True True True", done.stdout + done.stderr


def test_who_has_switched_the_search_off_keeps_it_off(searching):
    gc.disable()
    assert set_aside(lambda cls: gc.isenabled())(None) is False
    assert not gc.isenabled() and not gc.get_freeze_count()
