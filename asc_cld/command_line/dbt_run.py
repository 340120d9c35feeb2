"""One run of dbt from the command line: what is seen while it runs, and in which words it ends.

dbt's own log goes to logs/dbt.log always, and to the screen with --verbose, then with each statement in the file.
Otherwise a terminal shows one line for each layer; a pipe or CI shows nothing until the end.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from asc_cld.settings import given, target_folder
from asc_cld.specification import PROJECT

# What the macros of on-run-end say; their lists of rules are for dbt's own log.
ENDINGS = ("The return was written", "NOT WRITTEN", "CHECKED")
NOTICES = ("sharing.share_events was not built", "submissions_path: ", "Not read: ")
# How a line of them names what failed, and why the return waits for the checks (macro stop_where_the_gate_says_no).
FAILED, HELD_BACK = " failed", "the checks do not let it"
WENT_WRONG = ("error", "fail", "runtime error")
DONE, STOPPED, NOT_BEGUN = 0, 1, 2
SHOWN = 10
OF_SPARK = re.compile(r"\[(?P<kind>[A-Z_]+(?:\.[A-Z_]+)*)\] (?P<said>.*?)\s*SQLSTATE: \w+", re.DOTALL)
# What Java says when its heap is full, and what is heard of it once it has ended.
NO_MEMORY = re.compile(r"OutOfMemoryError|Not enough memory|UNABLE_TO_ACQUIRE_MEMORY")
NO_JAVA = re.compile(
    r"Py4JNetworkError|Connection refused|does not exist in the JVM|SparkContext was shut down"
)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass
class Layer:
    """How far a layer is."""

    started: float
    ended: float = 0.0
    models: int = 0
    rows: int = 0
    tests: int = 0
    wrong: int = 0


@dataclass
class Progress:
    """What dbt has said so far; every event of the run passes through `hear`."""

    live: Live | None = None
    layers: dict[str, Layer] = field(default_factory=dict)
    steps: int = 0
    of_steps: int = 0
    endings: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def hear(self, event: Any) -> None:
        """Takes one event of dbt in; dbt's threads call it side by side."""
        name = event.info.name
        with self.lock:
            if name in ("JinjaLogInfo", "AdapterEventInfo", "AdapterEventError"):
                self._keep(event.info.msg.strip())
            elif name in ("LogStartLine", "LogModelResult", "LogSeedResult"):
                self.of_steps = max(self.of_steps, getattr(event.data, "total", 0))
            elif name == "NodeStart":
                self.layers.setdefault(_layer(event.data.node_info), Layer(time.monotonic()))
            elif name == "NodeFinished":
                self._count(event.data)
            else:
                return
            if self.live:
                self.live.update(self.table())

    def _keep(self, said: str) -> None:
        said = re.sub(r"^\w+ adapter: ", "", said)
        if said.startswith(ENDINGS):
            self.endings.append(said)
        elif said.startswith(NOTICES) or "was left alone" in said:
            self.notices.append(said)

    def _count(self, data: Any) -> None:
        layer = self.layers.setdefault(_layer(data.node_info), Layer(time.monotonic()))
        layer.ended = time.monotonic()
        self.steps += 1
        if data.node_info.resource_type in ("test", "unit_test"):
            layer.tests += 1
        else:
            layer.models += 1
            # Asked only where somebody looks.
            layer.rows += rows_of(data.node_info.node_relation) if self.live else 0
        layer.wrong += data.run_result.status in WENT_WRONG

    def table(self) -> Table:
        """One line for each layer, in the order they were begun, and one for the whole."""
        table = Table(box=None, pad_edge=False)
        table.add_column("layer")
        for title in ("tables", "rows", "tests", "seconds"):
            table.add_column(title, justify="right")
        table.add_column("")
        for name, layer in self.layers.items():
            seconds = (layer.ended or time.monotonic()) - layer.started
            wrong = f"[red]{layer.wrong} failed[/red]" if layer.wrong else ""
            table.add_row(
                name, str(layer.models), f"{layer.rows:,}", str(layer.tests), f"{seconds:.1f}", wrong
            )
        if self.of_steps:
            table.add_row(f"[bold]{min(self.steps, self.of_steps)} of {self.of_steps}[/bold]")
        return table


def rows_of(relation: Any) -> int:
    """How many rows a table just made holds, by dbt's own open database; 0 for a view."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    database = getattr(DuckDBConnectionManager._ENV, "conn", None)
    if database is None:
        return 0
    found = (
        database.cursor()
        .execute(
            "select estimated_size from duckdb_tables() where schema_name = ? and table_name = ?",
            [relation.schema, relation.alias],
        )
        .fetchall()
    )
    return found[0][0] if found else 0


def _layer(node: Any) -> str:
    """The schema of a model or seed; tests have a line of their own."""
    if node.resource_type in ("test", "unit_test"):
        return "tests"
    return node.node_relation.schema or "other"


def dbt_arguments(*command: str, verbose: bool = False, target: str = "") -> list[str]:
    """A dbt command on this project, its log and target in the working folder; `target` is a folder in the latter."""
    log = ["--log-level-file", "debug"] if verbose else ["--log-level", "none", "--no-print"]
    folders, into = [], target_folder().absolute()
    for option, variable, default in (
        ("--project-dir", "DBT_PROJECT_DIR", PROJECT),
        ("--profiles-dir", "DBT_PROFILES_DIR", PROJECT),
    ):
        folders += [option, os.environ.get(variable) or str(default)]
    folders += ["--target-path", str(Path(into, target))]
    log_path = os.environ.get("DBT_LOG_PATH") or str(Path.cwd() / "logs")
    return [*log, "--log-path", log_path, *command, *folders]


def run_dbt(
    console: Console,
    *command: str,
    named: Mapping[str, Any] | None = None,
    verbose: bool = False,
    at_end: Callable[[Any], str] = lambda result: "",
    target: str = "",
    without: Iterable[str] = (),
) -> int:
    """Runs dbt and says how it ended; gives the exit code (README). What `at_end` makes of the results is said last.

    `named` are settings that the command itself was given: they go before all others; those in `without` nobody
    gives. A run on another database than the council's has a `target` folder of its own: dbt parses all again for a
    database of another path.
    """
    # dbt takes a second to import: commands that need none do without.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["DO_NOT_TRACK"] = "1"
    progress = Progress()
    runner = dbtRunner(callbacks=[progress.hear])
    arguments = dbt_arguments(*command, verbose=verbose, target=target)
    with given(named or {}, without):
        if console.is_terminal and not verbose and not os.environ.get("CI"):
            with Live(console=console, refresh_per_second=4, transient=False) as live:
                progress.live = live
                result = runner.invoke(arguments)
        else:
            result = runner.invoke(arguments)
    # dbt keeps the database open until its process ends; here a command may read it next.
    DuckDBConnectionManager.close_all_connections()
    for notice in dict.fromkeys(progress.notices):
        console.print(notice, markup=False, highlight=False, soft_wrap=True)
    if result.exception is not None:
        # With --verbose dbt has said it.
        if not verbose:
            say(console, in_words(str(result.exception)))
        return NOT_BEGUN
    if not verbose:
        # The reason first: the ending begins with it.
        if result.success:
            say(console, *progress.endings)
        else:
            say(console, *ended_by(progress.endings, result.result))
    if last := at_end(result.result):
        say(console, last)
    return DONE if result.success else STOPPED


def say(console: Console, *sentences: str) -> None:
    """Prints sentences as they are."""
    for sentence in sentences:
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def ended_by(endings: list[str], result: Any) -> list[str]:
    """The endings of a run and what failed in it, in words: each once, where the ending names it or behind it."""
    found = getattr(result, "results", None) or []
    reasons = {
        one.node.name: in_words(one.message or "failed") for one in found if str(one.status) in WENT_WRONG
    }
    named = set()

    def with_reason(line: str) -> str:
        name = line.strip().removesuffix(FAILED)
        if not line.endswith(FAILED) or name not in reasons:
            return line
        named.add(name)
        return f"  {name}: {reasons[name]}"

    sentences = ["\n".join(map(with_reason, ending.splitlines())) for ending in endings]
    # The ending has said what the rules found, and that they hold the file back.
    others = [
        f"{name}: {reason}"
        for name, reason in reasons.items()
        if name not in named
        and not name.startswith("dq_breaches__")
        and not (name == "gov_return_file" and HELD_BACK in reason)
    ]
    sentences += others[:SHOWN]
    if len(others) > SHOWN:
        sentences.append(f"and {len(others) - SHOWN} more (logs/dbt.log)")
    skipped = sum(str(one.status) == "skipped" for one in found)
    if skipped:
        sentences.append(f"{skipped} steps that need what failed were not run.")
    return sentences


def in_words(message: str) -> str:
    """dbt's message without what only its makers read: the kind of error, macros, the place in the code.

    Of Spark's message its first sentence, without what is quoted in it: that may have stood in a cell. Our own
    sentences, which SQL raises, stay whole.
    """
    if "[JAVA_GATEWAY_EXITED]" in message:
        return (
            "Spark did not start: Java ended at once. Is there as much memory as CLD_SPARK_MEMORY asks for?"
        )
    if NO_MEMORY.search(message):
        return "Spark had too little memory: give it more in CLD_SPARK_MEMORY (docs/scale.md)."
    if found := OF_SPARK.search(message):
        if found["kind"] == "USER_RAISED_EXCEPTION":
            return found["said"].strip()
        said = QUOTED.sub("(not shown)", found["said"].strip().splitlines()[0])
        return f"{said} ({found['kind']})"
    if NO_JAVA.search(message):
        return "Spark had ended before."
    if "An error occurred while calling o" in message:
        return "Spark broke off; the reason stands in logs/dbt.log."
    lines = []
    for line in message.splitlines():
        text = line.strip()
        if re.match(r"(Runtime|Compilation|Database|Dependency|Parsing|Validation)? ?Error( in .*)?$", text):
            continue
        if re.match(r"(> (in macro|called by)|compiled code at |Traceback|File \")", text):
            continue
        if text:
            lines.append(line.removeprefix("  "))
    return "\n".join(lines) or message
