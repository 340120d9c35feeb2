"""CPU seconds of each model's SQL alone, without dbt: its compiled SQL run again over a built database.

python benchmarks/model_cost.py DATABASE TARGET_FOLDER [MODEL ...]

CPU seconds (user and system) are told rather than time on the clock, which others on the machine lengthen.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from pathlib import Path

import duckdb


def cpu_seconds() -> float:
    """What this process has used so far, in all its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def model_costs(database: Path, target: Path, wanted: set[str] | None = None) -> dict[str, float]:
    """{model: CPU seconds to make its table} for the SQL tables of the last run."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    costs = {}
    with (
        tempfile.TemporaryDirectory(dir=database.parent) as folder,
        duckdb.connect(f"{folder}/scratch.duckdb") as connection,
    ):
        connection.execute(f"attach '{database}' as \"{database.stem}\" (read_only)")
        connection.execute("set threads = 2")
        for result in results:
            node = manifest["nodes"].get(result["unique_id"])
            if not node or node["resource_type"] != "model" or node["language"] != "sql":
                continue
            name = node["name"]
            if node["config"]["materialized"] != "table" or (wanted and name not in wanted):
                continue
            sql = result.get("compiled_code") or node["compiled_code"]
            before = cpu_seconds()
            try:
                connection.execute(f"create or replace table {name} as {sql}")
            except duckdb.Error as error:
                print(f"{name}: left out: {str(error).splitlines()[0]}", file=sys.stderr)
                continue
            costs[name] = cpu_seconds() - before
            connection.execute(f"drop table {name}")
    return costs


if __name__ == "__main__":
    database, target, *wanted = sys.argv[1:]
    costs = model_costs(Path(database), Path(target), set(wanted) or None)
    for name, cost in sorted(costs.items(), key=lambda item: -item[1])[:40]:
        print(f"{cost:7.2f}  {name}")
    print(f"{sum(costs.values()):7.2f}  all {len(costs)} tables")
