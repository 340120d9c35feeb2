"""dbt as a user runs it, with its database, output and logs in a folder of the test's own.

What was parsed once is parsed no more: a run takes the parse cache of the last one for which dbt would parse the same,
else of the demo council's build. dbt throws a cache away when a setting of the profile differs, so every run has the
same name for its database, in the folder it is started in, and the same secret.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import multiprocessing
import multiprocessing.reduction
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from asc_cld.settings import SECRET, project_vars, variable_of

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "council.duckdb"
# For tests only; a council makes its own (docs/data-protection.md).
PSEUDONYM_KEY = "an invented secret for tests: 0123456789"

# Set by the test session: the folder that test processes share.
shared_folder: Path | None = None


def keep_parse_cache(folder: Path) -> None:
    """Hands the parse cache of a finished run on to the runs after it."""
    cache = shared_folder / "partial_parse.msgpack"
    shutil.copy(folder / "target" / cache.name, f"{cache}.{os.getpid()}")
    os.replace(f"{cache}.{os.getpid()}", cache)


def environment(folder: Path, project: Path = PROJECT, **settings: str) -> dict[str, str]:
    """The environment of a run in `folder`; settings by their names (la_code, extracts_path, ...)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLD_", "DBT_"))}
    given = {
        "database_path": DATABASE,
        "extracts_path": PROJECT / "data" / "demo" / "extracts",
        "submissions_path": folder / "submissions",
        "output_path": folder / "output",
        "pseudonym_key": PSEUDONYM_KEY,
    } | settings
    return kept | {
        "PYTHONPATH": str(project),
        "DBT_PROJECT_DIR": str(project),
        "DBT_PROFILES_DIR": str(project),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
        **{f"CLD_{name.upper()}": str(value) for name, value in given.items()},
    }


def run_dbt(
    folder: Path,
    *arguments: str,
    project: Path = PROJECT,
    artifacts: bool = False,
    as_fork: bool = True,
    **settings: str,
) -> subprocess.CompletedProcess:
    """One dbt command; returns the finished process. Manifest, results and log are written only when asked for."""
    variables = environment(folder, project, **settings)
    # Whatever dbt can log is searched for what must not be in it.
    variables |= (
        {"DBT_LOG_LEVEL_FILE": "debug"}
        if artifacts
        else {"DBT_WRITE_JSON": "false", "DBT_LOG_LEVEL_FILE": "none"}
    )
    with_cache = shared_folder is not None and project == PROJECT
    if with_cache:
        take_parse_cache(folder, cache_of(variables, arguments))
    started = in_a_fork if as_fork and os.name == "posix" and sys.platform != "darwin" else as_command
    done = started(["--no-use-colors", *arguments], folder, variables)
    if with_cache:
        leave_parse_cache(folder, cache_of(variables, arguments))
    return done


def cache_of(variables: dict[str, str], arguments: Sequence[str]) -> Path:
    """Where the parse cache of runs with these settings is kept: of most settings dbt asks when it has parsed."""
    asked_later = {variable_of(name) for name in project_vars()["defaults"]}
    asked_later -= {variable_of(name) for name in project_vars()["settings_of_the_graph"]}
    given = sorted(
        item
        for item in variables.items()
        if item[0].startswith("CLD_") and item[0] not in asked_later | {variable_of(SECRET)}
    )
    given += arguments[arguments.index("--vars") :][:2] if "--vars" in arguments else ()
    return shared_folder / f"{hashlib.sha256(repr(given).encode()).hexdigest()[:16]}.msgpack"


def take_parse_cache(folder: Path, kept: Path) -> None:
    own, first = folder / "target" / "partial_parse.msgpack", shared_folder / "partial_parse.msgpack"
    cache = kept if kept.exists() else first
    if cache == kept or (first.exists() and not own.exists()):
        own.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copy(cache, own)


def leave_parse_cache(folder: Path, kept: Path) -> None:
    own = folder / "target" / "partial_parse.msgpack"
    if own.exists() and not kept.exists():
        shutil.copy(own, f"{kept}.{os.getpid()}")
        os.replace(f"{kept}.{os.getpid()}", kept)


def as_command(arguments: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess:
    """The command a user types."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), *arguments],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def in_a_fork(arguments: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess:
    """The same in a process of its own, forked from one that has dbt imported: two seconds less each time."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        forks = multiprocessing.get_context("forkserver")
        forks.set_forkserver_preload(["dbt.cli.main", "dbt.task.build", "dbt.adapters.duckdb", "duckdb"])
        written = [multiprocessing.reduction.DupFd(stream.fileno()) for stream in (said, complained)]
        process = forks.Process(target=_dbt, args=(arguments, str(folder), variables, *written))
        process.start()
        process.join()
        texts = []
        for stream in (said, complained):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", errors="replace"))
    return subprocess.CompletedProcess(["dbt", *arguments], process.exitcode, *texts)


def _dbt(arguments: list[str], folder: str, variables: dict[str, str], said, complained) -> None:
    """What the fork does: the rest of the command after its imports."""
    for number, stream in ((1, said), (2, complained)):
        os.dup2(stream.detach(), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", buffering=1) for number in (1, 2))
    # A run of some seconds need not look for circular garbage in what dbt holds: a tenth of its time.
    gc.disable()
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    sys.path[:0] = variables["PYTHONPATH"].split(os.pathsep)
    sys.argv = ["dbt", *arguments]
    from dbt.cli.main import cli

    try:
        cli()
    finally:
        # A fork ends without its last rites, and DuckDB would leave what it wrote in its log beside the file.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
