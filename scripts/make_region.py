"""Makes a region: the CLD files that many invented councils send in several quarters, landed or as CSV.

    python scripts/make_region.py --rows 1000000 --out region          region/landed, for asc-cld check --landed
    python scripts/make_region.py --rows 1000000 --out region --csv    region/files, for asc-cld land --submissions

Councils have the codes of the specification and sizes like England's (300 to 12,000 people with long term support
in a year); --rows makes all of them smaller or larger, --councils takes the first so many. Their people live the
lives of the demo's generator, told as CLD rows without extracts in between: Release 1 until March 2026, Release 2
from then, a quarter later in one council of ten. About one row in fifty has a fault, listed in planted.csv
(file, row, field, kind; no value). The same arguments give the same bytes, however many processes there are, and
both forms are the same submissions.
"""

import argparse
import csv
import hashlib
import io
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pyarrow as pa
from pyarrow import csv as pa_csv

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from asc_cld.files import private_folder, whole_file, writing
from asc_cld.landing.folder import alone
from asc_cld.landing.submissions import part_key, put_together, reader_version, write_index, write_part
from asc_cld.readers.copies import RowsDigest
from asc_cld.readers.list_reader import LISTS, read_lists
from asc_cld.readers.submission_reader import Folder, Looked, row_schema
from demo_council.as_cld import DAYS_TO_SENDING, FIELDS, HEADERS, NAMES, Period, seed, stories
from demo_council.lives import Lives

# People with long term support in a year, by the share of councils that have fewer: from 300 to 12,000, as England's
# councils differ. The curve between is an assumption of ours, not read from a publication.
SIZES = ((0, 300), (0.1, 1700), (0.25, 2900), (0.5, 4700), (0.75, 7000), (0.9, 9800), (1, 12000))
# Measured: people on file for each with long term support, and rows of one return for each on file.
ON_FILE, ROWS_A_PERSON = 7.0, 1.10
FEWEST = 40
ROWS_TOGETHER = 20_000
LAST_OF_RELEASE_1 = date(2026, 3, 31)
PEOPLE_IN_A_BLOCK = 1_000_000
# One row in so many has the fault.
FAULTS = {
    "VALUE_OF_NO_LIST": 300,
    "BLANK_MANDATORY": 300,
    "STRAY_SPACES": 400,
    "VALUE_OF_RELEASE_1": 400,
    "WRONG_CHECK_DIGIT": 500,
    "IMPOSSIBLE_DATE": 800,
    "END_BEFORE_START": 800,
    "COST_WITH_POUND_SIGN": 800,
    "TWICE": 500,
}
COLUMN = {name: place for place, name in enumerate(NAMES)}
LISTED = [field["snake_name"] for field in FIELDS if field["data_type"] == "defined list"]
MANDATORY = ("gender", "ethnicity", "date_of_birth", "postcode", "accommodation_status", "event_outcome")


def older_values():
    """{field: {Release 2 value: Release 1 value}}, the first listed of several."""
    found = {name: {} for name in NAMES}
    snake = dict(zip(HEADERS, NAMES, strict=True))
    for row in seed("specification", "spec_r1_to_r2"):
        if row["r1_value"] and row["r2_value"]:
            found[snake[row["field"]]].setdefault(row["r2_value"], row["r1_value"])
    return found


OLDER = older_values()


@dataclass(frozen=True)
class Council:
    """One council to make: its people on file and where its NHS numbers begin."""

    code: str
    people: int
    first_number: int
    is_late: bool


class RegionLives(Lives):
    """Lives whose NHS numbers no other council has. Beyond a million people they begin with 998, 997, ...:
    numbers of nine hundred million and more are given to nobody."""

    first_number = 0

    def nine_digits(self, count):
        block, place = divmod(self.first_number + count, PEOPLE_IN_A_BLOCK)
        return f"{999 - block}{place:06d}"


def size_at(share):
    for (low, fewer), (high, more) in zip(SIZES, SIZES[1:]):
        if share <= high:
            return fewer + (more - fewer) * (share - low) / (high - low)
    raise ValueError(share)


def plan(given):
    """The councils, the same for the same arguments."""
    codes = sorted({row["cassr_code"] for row in seed("specification", "spec_councils")} - {""})
    draw = Random(given.seed)
    # Sizes are dealt to all codes, so that a smaller region has the same councils as a larger one.
    shares = [(place + 0.5) / len(codes) for place in range(len(codes))]
    for place in range(len(shares) - 1, 0, -1):
        other = int(draw.random() * (place + 1))
        shares[place], shares[other] = shares[other], shares[place]
    people = [size_at(share) * ON_FILE for share in shares][: given.councils]
    factor = given.rows / (sum(people) * ROWS_A_PERSON * given.quarters) if given.rows else 1
    councils, first_number = [], 0
    for code, on_file in zip(codes, people):
        on_file = max(FEWEST, round(on_file * factor))
        councils.append(Council(code, on_file, first_number, draw.random() < 0.1))
        # Carers come with the last case, and one number in eleven has no check digit.
        first_number += int(on_file * 1.1) + 50
    if first_number > 100 * PEOPLE_IN_A_BLOCK:
        raise SystemExit("There are not NHS numbers enough for so many people.")
    return councils


def quarters(given):
    """(first day, last day) of each return, the oldest first."""
    found, end = [], given.period_end
    for _ in range(given.quarters):
        after = end + timedelta(days=1)
        found.append((after.replace(year=after.year - 1), end))
        month = after.month - 3
        before = after.replace(year=after.year - (month < 1), month=month + 12 * (month < 1))
        end = before - timedelta(days=1)
    return found[::-1]


# -- Faults -----------------------------------------------------------------------------------------------------------


class RegionMess:
    """Plants faults into rows, each at its rate, from a generator of its own: the lives stay as they are."""

    def __init__(self, seed_text):
        self.draw = Random(seed_text).random
        limit, self.limits = 0.0, []
        for kind, one_in in FAULTS.items():
            limit += 1 / one_in
            self.limits.append((limit, kind))

    def plant(self, row):
        """[(row, field, kind)]: the row as it is or with a fault, twice for TWICE."""
        roll = self.draw()
        if roll >= self.limits[-1][0]:
            return ((row, "", ""),)
        kind = next(kind for limit, kind in self.limits if roll < limit)
        if kind == "TWICE":
            return (row, "", ""), (row, "", kind)
        cells = list(row)
        field = getattr(self, kind.lower())(cells)
        return ((tuple(cells), field, kind if field else ""),)

    def some(self, names, cells):
        filled = [name for name in names if cells[COLUMN[name]]]
        return filled[int(self.draw() * len(filled))] if filled else ""

    def value_of_no_list(self, cells):
        field = self.some(LISTED, cells)
        cells[COLUMN[field]] = f"{cells[COLUMN[field]]} (old)"
        return field

    def blank_mandatory(self, cells):
        field = self.some(MANDATORY, cells)
        cells[COLUMN[field]] = ""
        return field

    def stray_spaces(self, cells):
        field = self.some((*LISTED, "postcode", "last_name"), cells)
        cells[COLUMN[field]] = f" {cells[COLUMN[field]]} "
        return field

    def value_of_release_1(self, cells):
        fields = [name for name in LISTED if cells[COLUMN[name]] in OLDER[name]]
        field = self.some(fields, cells)
        if field:
            cells[COLUMN[field]] = OLDER[field][cells[COLUMN[field]]]
        return field

    def wrong_check_digit(self, cells):
        place = COLUMN["nhs_number"]
        cells[place] = cells[place][:-1] + str((int(cells[place][-1]) + 1) % 10)
        return "nhs_number"

    def impossible_date(self, cells):
        field = self.some(("event_start_date", "event_end_date", "date_of_birth"), cells)
        cells[COLUMN[field]] = f"31/02/{cells[COLUMN[field]][6:]}"
        return field

    def end_before_start(self, cells):
        place = COLUMN["event_end_date"]
        if not cells[place]:
            return ""
        cells[place] = f"{cells[place][:6]}{int(cells[place][6:]) - 20}"
        return "event_end_date"

    def cost_with_pound_sign(self, cells):
        place = COLUMN["unit_cost"]
        if not cells[place]:
            return ""
        cells[place] = f"£{cells[place]}"
        return "unit_cost"


# -- One submission ---------------------------------------------------------------------------------------------------


class Submission:
    """The rows of one file as they are told; they wait on the disk, for their id is of all of them."""

    def __init__(self, code, first, last, is_release_1, folder, is_csv):
        self.name = f"{code}_CLD_{first:%Y%m%d}_{last:%Y%m%d}.csv"
        self.sent = last + timedelta(days=DAYS_TO_SENDING)
        self.is_release_1 = is_release_1
        self.waiting, self.count, self.planted = [], 0, []
        self.sha256, self.digest = hashlib.sha256(), RowsDigest()
        self.spool = (folder / (self.name + ".rows")).open("wb+")
        # As CSV they wait as they will stand in the file.
        self.writer = None if is_csv else pa.ipc.new_stream(self.spool, row_schema())
        self.take_bytes((",".join(HEADERS) + "\n").encode())

    def take_bytes(self, content):
        self.sha256.update(content)
        if self.writer is None:
            self.spool.write(content)

    def add(self, rows, mess):
        for row in rows:
            for cells, field, kind in mess.plant(row) if mess else ((row, "", ""),):
                self.count += 1
                self.waiting.append(cells)
                if kind:
                    self.planted.append((self.name, self.count, field, kind))
        if len(self.waiting) >= ROWS_TOGETHER:
            self.flush()

    def flush(self):
        rows, self.waiting = self.waiting, []
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        arrays = [
            pa.nulls(len(rows), pa.string()),
            pa.array(range(self.count - len(rows) + 1, self.count + 1), pa.int32()),
        ]
        for name, column in zip(NAMES, columns, strict=True):
            older = OLDER[name] if self.is_release_1 else {}
            arrays.append(pa.array([older.get(cell, cell) or None for cell in column], pa.string()))
        batch = pa.RecordBatch.from_arrays(arrays, schema=row_schema())
        content = io.BytesIO()
        pa_csv.write_csv(
            batch.select(NAMES),
            content,
            pa_csv.WriteOptions(include_header=False, quoting_style="needed"),
        )
        self.take_bytes(content.getbuffer())
        if self.writer is not None:
            self.digest.add(batch)
            self.writer.write_batch(batch)

    def looked(self):
        """What the reader would see of the file."""
        self.flush()
        return Looked(
            name=self.name,
            sha256=self.sha256.hexdigest(),
            row_count=self.count,
            line_count=self.count + 1,
            empty_row_count=0,
            empty_lines=None,
            headers=tuple(HEADERS),
        )

    def batches(self, key):
        """The rows with the id of their submission."""
        self.writer.close()
        self.spool.seek(0)
        with pa.ipc.open_stream(self.spool) as reader:
            for batch in reader:
                ids = pa.repeat(pa.scalar(key, pa.string()), batch.num_rows)
                yield pa.RecordBatch.from_arrays([ids, *batch.columns[1:]], schema=row_schema())

    def land(self, target, version):
        looked = self.looked()
        key = part_key(self.name, looked.sha256, version)
        return write_part(target, key, looked, self.batches(looked.key), self.digest.hexdigest())

    def write_csv(self, target):
        self.flush()
        self.spool.seek(0)
        with whole_file(target / self.name) as temporary, temporary.open("wb") as stream:
            while block := self.spool.read(1 << 22):
                stream.write(block)


def make_council(council, given, target, version):
    """The submissions of one council: [(name, day of sending, landed part or None)], and what was planted."""
    lives = RegionLives(given.seed * 1000 + int(council.code), council.people, given.period_end.toordinal())
    lives.first_number = council.first_number
    providers = {
        row["provider_id"]: (row["cqc_location_name"], row["cqc_location_id"]) for row in lives.provider_rows
    }
    mess = None if given.no_mess else RegionMess(f"{given.seed}-{council.code}")
    with tempfile.TemporaryDirectory(dir=target) as folder:
        told = []
        for first, last in quarters(given):
            is_release_1 = last <= LAST_OF_RELEASE_1 or (
                council.is_late and last <= LAST_OF_RELEASE_1 + timedelta(days=92)
            )
            submission = Submission(council.code, first, last, is_release_1, Path(folder), given.csv)
            told.append((Period(council.code, first.toordinal(), last.toordinal(), providers), submission))
        for story in stories(lives):
            for period, submission in told:
                submission.add(period.rows(story), mess)
        made = []
        for _, submission in told:
            part = None
            if given.csv:
                submission.write_csv(target)
            else:
                part = submission.land(target, version)
            made.append((submission.name, submission.sent.isoformat(), submission.count, part))
            submission.spool.close()
        return made, [fault for _, submission in told for fault in submission.planted]


def make_region(given):
    """Makes all councils, the largest first, and gives the number of rows."""
    councils = plan(given)
    target = given.out / ("files" if given.csv else "landed")
    private_folder(target)
    version = reader_version()
    with alone(target):
        by_size = sorted(councils, key=lambda council: -council.people)
        jobs = min(given.jobs or os.cpu_count() or 1, len(councils))
        if jobs == 1:
            results = [make_council(council, given, target, version) for council in by_size]
        else:
            with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
                waiting = [pool.submit(make_council, council, given, target, version) for council in by_size]
                results = [one.result() for one in waiting]
        made = sorted((one for council, _ in results for one in council), key=lambda one: one[0])
        dates = {name: sent for name, sent, _, _ in made}
        if given.csv:
            with writing(target / "submissions.csv") as stream:
                csv.writer(stream, lineterminator="\n").writerows(
                    [("file_name", "imported_at"), *dates.items()]
                )
        else:
            folder = Folder()
            parts = put_together(folder, [{"name": name, "part": part} for name, _, _, part in made], dates)
            lists = {name: read_lists("", wanted) for name, wanted in LISTS.items()}
            write_index(target, parts, folder, lists, version=version, source=None, list_folders={})
        with writing(given.out / "planted.csv") as stream:
            csv.writer(stream, lineterminator="\n").writerows(
                [
                    ("file_name", "row_number", "field", "kind"),
                    *sorted(fault for _, planted in results for fault in planted),
                ]
            )
    return sum(count for _, _, count, _ in made)


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for landed (or files) and planted.csv"
    )
    parser.add_argument("--councils", type=int, default=147, help="how many, 1 to 147 (those with a code)")
    parser.add_argument("--quarters", type=int, default=4, help="returns of each council, 1 to 11")
    parser.add_argument(
        "--rows", type=int, default=0, help="about so many rows in all; 0: sizes like England's"
    )
    parser.add_argument("--period-end", type=date.fromisoformat, default=date(2026, 9, 30))
    parser.add_argument("--seed", type=int, default=37)
    parser.add_argument("--csv", action="store_true", help="CLD files instead of a landing")
    parser.add_argument("--no-mess", action="store_true", help="no faults")
    parser.add_argument("--jobs", type=int, default=0, help="processes; default: one for each core")
    given = parser.parse_args(words)
    if not 1 <= given.councils <= 147:
        parser.error("--councils must be 1 to 147")
    if not 1 <= given.quarters <= 11:
        parser.error("--quarters must be 1 to 11: the lives begin in April 2023")
    if not 0 <= given.rows <= 100_000_000:
        parser.error("--rows must be 0 to 100000000")
    if (given.period_end + timedelta(days=1)).day != 1 or given.period_end.month % 3:
        parser.error("--period-end must be the last day of a quarter")
    return given


if __name__ == "__main__":
    given = arguments()
    print(f"{make_region(given):,} rows", file=sys.stderr)
