"""A run that stops says a sentence, whatever stops it; how it came about stands in dbt's log.

dbt prints Python's trace for every error it did not expect (a full disk, Ctrl-C), dbt-duckdb one for every
error of a Python model, also for those that are a sentence of ours. A trace tells a council nothing.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any

from dbt.adapters.duckdb.environments import Environment
from dbt.adapters.events.logging import AdapterLogger
from dbt_common.events.event_manager_client import get_event_manager
from dbt_common.events.logger import PRINT_EVENT_NAMES
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.plugins.no_cells import without_cells

STOPPED_BY_HAND = (
    "Stopped by hand (Ctrl-C): the last return is untouched unless a line above says one was written."
)
FILE_LOG = "file_log"
# dbt's event of `dbt show`: rows of a table. They are for the screen; the log stays when nobody looks.
ROWS = "ShowNode"
# dbt's levels as it hands them to Python's logging.
LEVELS = {
    "debug": logging.DEBUG,
    "test": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}


def end_in_words() -> None:
    """Sets all of it up for this process, once."""
    # A screen or pipe that is gone (| head) stops no run, and logging says nothing about it.
    logging.raiseExceptions = False
    for logger in get_event_manager().loggers:
        if logger.name == FILE_LOG:
            logger.filter = without_rows(logger.filter)
        else:
            logger.filter = without_traces(logger.filter, LEVELS.get(logger.level.value, 0))
    if not hasattr(Environment.run_python_job, "__wrapped__"):
        Environment.run_python_job = classmethod(told_plainly(Environment.run_python_job.__func__))
    is_main = threading.current_thread() is threading.main_thread()
    # Where somebody else listens for Ctrl-C, or the shell switched it off, that stays.
    if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stopped_by_hand)


def stopped_by_hand(number: int, frame: FrameType | None) -> None:
    """What Ctrl-C does; dbt prints what the exception says."""
    raise KeyboardInterrupt(STOPPED_BY_HAND)


def without_traces(known: Callable[[Any], bool], lowest: int) -> Callable[[Any], bool]:
    """The filter of a log, which now passes over traces too, and over what is below the log's level: dbt would
    write each such line out, look for secrets in it, and throw it away (9,439 lines of the demo's build, 0.6 CPU
    seconds). A level that a later dbt may have is not judged here."""
    if hasattr(known, "__wrapped__"):
        return known

    @wraps(known)
    def passes(event: Any) -> bool:
        name = event.info.name
        if name == "MainStackTrace" or (
            name not in PRINT_EVENT_NAMES and LEVELS.get(event.info.level, lowest) < lowest
        ):
            return False
        return known(event)

    passes.__wrapped__ = known
    return passes


def without_rows(known: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """The filter of the log in a file, which now keeps no row of a table."""
    if hasattr(known, "__wrapped__"):
        return known

    @wraps(known)
    def passes(event: Any) -> bool:
        return event.info.name != ROWS and known(event)

    passes.__wrapped__ = known
    return passes


def told_plainly(run: Callable[..., None]) -> Callable[..., None]:
    """dbt-duckdb's way to run a Python model, with the error's own words in place of its trace."""

    @wraps(run)
    def run_and_tell(cls: type[Environment], *given: Any, **named: Any) -> None:
        try:
            run(cls, *given, **named)
        except DbtRuntimeError as error:
            cause = error.__context__
            if cause is None:
                raise
            # The trace for whoever mends it, without what stood in a cell.
            AdapterLogger("Council").debug(str(error).replace(str(cause), without_cells(str(cause))))
            raise DbtRuntimeError(in_words(cause)) from None

    return run_and_tell


def in_words(cause: BaseException) -> str:
    """Our own errors are sentences; of others the kind is said too."""
    kind = type(cause)
    text = " ".join(without_cells(str(cause)).split()) or kind.__name__
    return text if kind.__module__.startswith(("asc_cld", "dbt")) else f"{kind.__name__}: {text}"
