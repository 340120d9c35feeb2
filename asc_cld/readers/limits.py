"""How large a file the readers open: settings of dbt_project.yml, as those in force say.

The readers run in dbt and in commands that are no run of dbt; both know a setting as a CLD_ variable or a line of
council.yml. What dbt was given by --vars the plugin asc_cld.plugins.limits makes a variable of its process.
"""

from __future__ import annotations

from asc_cld.readers.errors import InputError
from asc_cld.settings import beside, current, value_problem

LIMITS = beside("limits")


def limit(name: str) -> int:
    """The limit in force. Raises InputError where it is no number: outside dbt nobody has looked before."""
    given = current(name)
    problem = value_problem(name, given)
    if problem:
        raise InputError(problem)
    return int(given)
