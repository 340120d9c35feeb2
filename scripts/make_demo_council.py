"""Makes the extracts of an invented council.

    python scripts/make_demo_council.py --people 2500 --out data/demo/extracts
    python scripts/make_demo_council.py --sandwell --out extracts_of_a_real_size

The same arguments give the same bytes. --as-of gives the extracts as they stood on an earlier day
of the same lives; keep the other arguments as they are when comparing two days.
"""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo_council import as_eclipse, as_mosaic
from demo_council.calibration import DAYS_AFTER_PERIOD, PEOPLE_ON_FILE_OF_SANDWELL
from demo_council.codes import LOCAL_CODES, TEAMS
from demo_council.extracts import Extracts
from demo_council.lives import Lives
from demo_council.mess import Mess

# Each writes the tables of a system from a folder of extracts.
SYSTEMS = {"eclipse": as_eclipse.write, "mosaic": as_mosaic.write}


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--people", type=int, default=2500, help="people on file at the end, 200 to 400,000")
    size.add_argument(
        "--sandwell",
        dest="people",
        action="store_const",
        const=PEOPLE_ON_FILE_OF_SANDWELL,
        help=f"the size of the real Sandwell: {PEOPLE_ON_FILE_OF_SANDWELL:,} people on file",
    )
    parser.add_argument(
        "--seed", type=int, default=37, help="37 comes near the published shares even with 2,500 people"
    )
    parser.add_argument("--out", default="data/demo/extracts", help="folder of the extracts")
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        default=None,
        help="day of the extracts; default 14 days after the period end",
    )
    parser.add_argument("--period-end", type=date.fromisoformat, default=date(2026, 9, 30))
    parser.add_argument(
        "--as-system",
        choices=sorted(SYSTEMS),
        default=None,
        help="write the council as the tables of a case system (connectors/), not as extracts",
    )
    parser.add_argument("--no-mess", action="store_true", help="the same lives, recorded without a fault")
    given = parser.parse_args(words)
    latest = date.fromordinal(given.period_end.toordinal() + DAYS_AFTER_PERIOD)
    given.as_of = given.as_of or latest
    if not 200 <= given.people <= 400_000:
        parser.error("--people must be 200 to 400000")
    if given.as_of > latest:
        parser.error(f"--as-of must not be later than {latest}, {DAYS_AFTER_PERIOD} days after --period-end")
    return given


def main(words=None):
    given = arguments(words)
    if given.as_system:
        with tempfile.TemporaryDirectory() as folder:
            write_extracts(given, folder)
            SYSTEMS[given.as_system](Path(folder), Path(given.out))
    else:
        write_extracts(given, given.out)


def write_extracts(given, out):
    period_end = given.period_end.toordinal()
    lives = Lives(given.seed, given.people, period_end)
    mess = None if given.no_mess else Mess(lives, period_end)
    extracts = Extracts(out, given.as_of.toordinal())
    try:
        for case in lives.cases():
            planted = mess.plant(case) if mess else []
            extracts.write_case(case, planted)
        extracts.write_rows("provider", lives.provider_rows)
        extracts.write_rows(
            "team",
            [
                {"team_id": team, "team_name": name, "service_area": area}
                for team, (name, area) in TEAMS.items()
            ],
        )
        extracts.write_rows("local_code", LOCAL_CODES)
        if mess:
            extracts.write_rows("local_code", mess.unmapped_codes())
    except BaseException:
        extracts.abandon()
        raise
    extracts.finish()
    for table, count in extracts.counts.items():
        print(f"{table:24}{count:>10,}", file=sys.stderr)


if __name__ == "__main__":
    main()
