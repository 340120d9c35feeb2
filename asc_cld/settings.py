"""The settings a council may give, and the ones that are misspelt.

Their names, types and defaults stand in dbt_project.yml and nowhere else. A setting is given by
--vars, by an environment variable CLD_<NAME>, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from asc_cld.nearest import nearest
from asc_cld.specification import PROJECT

# Set beside the settings of dbt_project.yml: where the database is, what it may take, its secrets,
# and what tests write.
BESIDE = ("database_path", "memory_limit", "temp_limit", "pseudonym_key")
FOR_TESTS = "CLD_WRITE_"


def setting_names() -> list[str]:
    """Every setting by name, as dbt knows it."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return [*project["vars"]["defaults"], *BESIDE]


def misspelt_variables(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each CLD_ variable that is no setting, with the nearest that is one. No value is shown."""
    known = {f"CLD_{name.upper()}" for name in setting_names()}
    return [
        f"{name} is no setting; the nearest is {nearest(name, known)}"
        for name in sorted(environment)
        if name.upper().startswith("CLD_") and name.upper() not in known and not name.startswith(FOR_TESTS)
    ]
