"""Takes the measures into the manifest of this run, then reads all manifests beside the returns, one row each.

The return is written by now: nothing here stops the run, what is wrong is said.
"""

from pathlib import Path

from dbt.adapters.events.logging import AdapterLogger
from dbt_common.invocation import get_invocation_id

from asc_cld.return_file.register import register, take_in_measures


def model(dbt, session):
    written = dbt.ref("gov_return_file").to_arrow_table().to_pylist()[0]
    measures = (
        dbt.ref("ascof_measures")
        .filter(f"la_code = '{written['la_code']}'")
        .project('measure, "group", numerator, denominator, outcome')
        .order('measure, "group"')
    )
    folder = Path(written["folder"])
    problems = []
    # Of an earlier run's return the measures in the database may be others by now.
    if written["run_id"] == get_invocation_id():
        problems.append(
            take_in_measures(folder / written["manifest_file"], measures.to_arrow_table().to_pylist())
        )
    found, problems_of_others = register(folder)
    for problem in filter(None, [*problems, *problems_of_others]):
        AdapterLogger("Manifests").warning(problem)
    return session.from_arrow(found)
