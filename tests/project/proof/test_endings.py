"""What stops a run is a sentence on the screen, and a trace in dbt's log only."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.plugins import plain_endings
from asc_cld.return_file import OutputError


def event(name):
    return SimpleNamespace(info=SimpleNamespace(name=name))


def test_a_trace_goes_to_the_log_and_not_to_the_screen(monkeypatch):
    loggers = [SimpleNamespace(name=name, filter=lambda event: True) for name in ("stdout_log", "file_log")]
    monkeypatch.setattr(plain_endings, "get_event_manager", lambda: SimpleNamespace(loggers=loggers))
    for _ in range(2):
        plain_endings.end_in_words()
    screen, log = (logger.filter for logger in loggers)
    assert [screen(event(name)) for name in ("MainStackTrace", "MainEncounteredError")] == [False, True]
    assert log(event("MainStackTrace"))


def test_what_the_screen_passed_over_before_it_still_does():
    assert not plain_endings.without_traces(lambda event: False)(event("MainEncounteredError"))


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
