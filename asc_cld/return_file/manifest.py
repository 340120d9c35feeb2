"""The manifest: a JSON file beside each return that says what was sent, made from what, by whom.

Everything in it is a count, a hash, a name of a file or of an officer, a setting or a measure: no
row of the return, no person's data. `return_key` leaves out the run (who and when), so two runs
that made the same file from the same inputs carry the same key.
"""

from __future__ import annotations

import csv
import getpass
import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from asc_cld.return_file import sha256_of, waiting_for
from asc_cld.specification import PROJECT

FORMAT = "asc_cld manifest 1"
SUFFIX = ".manifest.json"
# What decides the bytes of the file, next to its inputs.
CODE_FOLDERS = ("asc_cld", "macros", "models", "seeds")
CODE_SUFFIXES = (".csv", ".py", ".sql", ".yml")


class ManifestError(Exception):
    """A manifest that cannot be made or read. The message names the file and the cause."""


def file_facts(path: Path, rows: int | None = None) -> dict[str, Any]:
    """Name, data rows (counted in a CSV file when not given), bytes and SHA-256 of one file."""
    if rows is None:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            rows = max(sum(1 for row in csv.reader(stream) if row) - 1, 0)
    return {
        "file_name": path.name,
        "rows": rows,
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
    }


def unchanged(facts: Iterable[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """The facts of the extracts as landed. Raises ManifestError when a file is no longer that file."""
    facts = list(facts)
    for fact in facts:
        path = folder / fact["file_name"]
        if not path.is_file() or sha256_of(path) != fact["sha256"]:
            raise ManifestError(
                f"{fact['file_name']}: the extract was changed or removed after it was read, so the"
                " manifest cannot vouch for it. Build again from the extracts."
            )
    return facts


def seed_facts(folder: Path, own_folder: str = "") -> dict[str, Any]:
    """The CSV files of a folder of seeds; a council's own file of the same name goes before it."""
    files = []
    for path in sorted(folder.glob("*.csv")):
        own = Path(own_folder) / path.name
        files.append(file_facts(own if own_folder and own.is_file() else path))
    return {"sha256": hash_of(files), "files": files}


def project_facts() -> dict[str, Any]:
    """The commit, whether the working files are exactly that commit, and a hash of the code itself."""
    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain", "--untracked-files=no")
    files = [
        [path.relative_to(PROJECT).as_posix(), sha256_of(path)]
        for folder in CODE_FOLDERS
        for path in sorted((PROJECT / folder).rglob("*"))
        if path.suffix in CODE_SUFFIXES
    ]
    return {
        "commit": commit,
        # Not known where the project was unpacked without its history.
        "is_as_committed": None if commit is None else not changes,
        "project_sha256": hash_of(sorted(files)),
    }


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(PROJECT), *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def hash_of(value: Any) -> str:
    """SHA-256 of a value written as JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def compose(run: dict[str, Any], sent: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """The manifest as a dict, in the order a reader wants it.

    `run` is the row of gov_run; `sent` the return; `parts` inputs, specification, mappings,
    records, checks, at_rest and measures (null until they are taken in, see register).
    """
    project = project_facts()
    same_for_same = {
        "sent": sent,
        "settings": json.loads(run["settings"]),
        "inputs": parts["inputs"]["sha256"],
        "specification": parts["specification"]["sha256"],
        "mappings": parts["mappings"]["sha256"],
        "project": project["project_sha256"],
    }
    return {
        "format": FORMAT,
        "return": sent,
        "return_key": hash_of(same_for_same),
        "run": {
            "run_id": run["run_id"],
            "started_at": run["started_at"],
            "operator": run["operator"] or _login_name(),
            **project,
            "dbt_version": run["dbt_version"],
            "duckdb_version": run["duckdb_version"],
            "python_version": platform.python_version(),
        },
        "signed": {name: run[name] for name in ("prepared_by", "checked_by", "approved_by")},
        **parts,
        "settings": same_for_same["settings"],
    }


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def file_name_of(manifest: dict[str, Any]) -> str:
    """`<return>.<when the run started>-<run>.manifest.json`: one a run, never written over."""
    when = manifest["run"]["started_at"].replace("-", "").replace(":", "").split(".")[0]
    stem = Path(manifest["return"]["file_name"]).stem
    return f"{stem}.{when}-{manifest['run']['run_id'][:8]}{SUFFIX}"


def text_of(manifest: dict[str, Any]) -> str:
    """The manifest as the text of its file."""
    return json.dumps(manifest, indent=2, ensure_ascii=False, default=str) + "\n"


def read_manifest(path: Path) -> dict[str, Any]:
    """One manifest. Raises ManifestError when the file is none."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{path.name}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise ManifestError(f"{path.name}: is not a manifest (no JSON)") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ManifestError(f"{path.name}: is not a manifest of this project ('{FORMAT}')")
    if not isinstance(manifest.get("return"), dict) or not manifest["return"].get("sha256"):
        raise ManifestError(f"{path.name}: the manifest does not say which file it is about")
    return manifest


def manifests_in(folder: Path) -> list[Path]:
    """The manifests of a folder, by name; without that of a return that never took its name."""
    found = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    return [path for path in found if not waiting_for(path).exists()]
