"""Which submission a page or a list is of, where the folder holds several and perhaps of several councils."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


class NotChosen(Exception):
    """Why it cannot be said which submission is meant; the message says what to do."""


@dataclass(frozen=True)
class Chosen:
    """A submission, the one of the same council before it, and how many councils the database holds."""

    submission_id: str
    la_code: str | None
    imported_at: str
    previous_submission_id: str | None
    is_latest: bool
    councils: int


def choose(connection: duckdb.DuckDBPyConnection, wanted: str | None, la_code: str) -> Chosen:
    """The submission asked for, else the return built here, else the newest of the council.

    The council is that of the settings (`la_code`), or the only one there is. Raises NotChosen.
    """
    councils = connection.execute("select count(distinct la_code) from submissions.sub_files").fetchall()[0][
        0
    ]
    # In the order in which sub_compared_files compares them.
    known = connection.execute(
        """
        select submission_id, la_code, cast(imported_at as varchar), lag(submission_id) over in_time,
            origin = 'built' or lead(submission_id) over in_time is null, origin, file_name
        from submissions.sub_files
        window in_time as (partition by la_code order by imported_at, stated_period_end, submission_id)
        order by origin = 'built' desc, imported_at desc, stated_period_end desc, submission_id desc
        """
    ).fetchall()
    if not known:
        raise NotChosen("the database holds no submission: build or check first")
    if wanted is not None:
        found = [row for row in known if wanted in (row[0], row[6])]
        if len(found) != 1:
            names = ", ".join(f"{row[0]} ({row[6]})" for row in known)
            many = "there are several submissions" if found else "there is no submission"
            raise NotChosen(f"{many} {wanted}; known are {names}")
    elif known[0][5] == "built":
        found = known
    else:
        found = [row for row in known if row[1] == la_code] or (known if councils == 1 else [])
        if not found:
            codes = ", ".join(sorted({row[1] or "not known" for row in known}))
            raise NotChosen(
                f"the database holds files of {councils} councils ({codes}) and none of the council of the settings"
                f" ({la_code}): say which file is meant with --submission, or which council with la_code, and check"
                " again"
            )
    return Chosen(*found[0][:5], councils)
