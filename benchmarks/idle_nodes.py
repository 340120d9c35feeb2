"""A dbt project that does nothing with as many nodes as a build of this one: what dbt itself costs.

Seeds have one row, a model selects one column of one before it, a test looks at that column.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

PROJECT = """name: idle
version: '1.0'
profile: idle
flags:
  send_anonymous_usage_stats: false
  log_level_file: info
"""
PROFILE = """idle:
  target: local
  outputs:
    local: {{type: duckdb, path: '{path}', threads: 2}}
"""


def nodes_of(target: Path) -> Counter[str]:
    """How many seeds, tables, views and tests the last run of a target folder had."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    ran = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    kinds: Counter[str] = Counter()
    for result in ran:
        node = manifest["nodes"].get(result["unique_id"])
        if node is None:
            continue
        kind = node["resource_type"]
        if kind == "model":
            kind = "view" if node["config"]["materialized"] == "view" else "table"
        if kind in ("seed", "table", "view", "test"):
            kinds[kind] += 1
    return kinds


def write_project(folder: Path, nodes: Counter[str]) -> Path:
    """The project, in a folder that is made here; a test for each of the first models."""
    for name in ("seeds", "models"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (folder / "profiles.yml").write_text(PROFILE.format(path=folder / "idle.duckdb"), encoding="utf-8")
    for number in range(nodes["seed"]):
        (folder / "seeds" / f"seed_{number}.csv").write_text("a\n1\n", encoding="utf-8")
    models = []
    for kind in ("table", "view"):
        for number in range(nodes[kind]):
            parent = f"{{{{ ref('{models[len(models) // 3]}') }}}}" if models else "(select 1 as a)"
            models.append(f"{kind}_{number}")
            text = f"{{{{ config(materialized='{kind}') }}}}\nselect a from {parent}\n"
            (folder / "models" / f"{models[-1]}.sql").write_text(text, encoding="utf-8")
    tested = "".join(
        f"  - name: {name}\n    columns:\n      - {{name: a, data_tests: [not_null]}}\n"
        for name in models[: nodes["test"]]
    )
    (folder / "models" / "models.yml").write_text(f"models:\n{tested}", encoding="utf-8")
    return folder
