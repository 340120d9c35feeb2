"""Records that a return was sent: which file, when, by whom, with which receipt.

    asc-cld sent output/409_CLD_20251001_20260930.csv --on 2026-10-20 --by "A. Officer" --receipt R-17

Made and sent are two things: the manifest says which file was made, this says that it was uploaded. The record
stands beside the manifest, under its name with .sent.json, and is kept as long as it. Exit code 0: recorded; 1: the
file is not the one described, or the record cannot be right; 2: it cannot be told.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from asc_cld.files import writing
from asc_cld.plainly import plainly
from asc_cld.return_file import sha256_of
from asc_cld.return_file.manifest import SUFFIX, ManifestError, manifests_in, read_manifest
from asc_cld.settings import day_of, is_day
from asc_cld.verify import DIFFERENT, SAME, UNKNOWN, verify

FORMAT = "asc_cld sent 1"
SENT_SUFFIX = ".sent.json"
FACTS = ("sent_on", "sent_by", "receipt")


class SentError(Exception):
    """A record of sending that cannot be read. The message names the file and the cause."""


def record_of(manifest_path: Path) -> Path:
    """Where the record of sending stands: beside the manifest."""
    return manifest_path.with_name(manifest_path.name.removesuffix(SUFFIX) + SENT_SUFFIX)


def records_in(folder: Path) -> list[Path]:
    """The records of sending of a folder, by name."""
    return sorted(folder.glob(f"*{SENT_SUFFIX}")) if folder.is_dir() else []


def read_record(path: Path) -> dict[str, Any]:
    """One record of sending. Raises SentError when the file is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SentError(f"{path.name}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise SentError(f"{path.name}: is not a record of sending (no JSON)") from None
    if not isinstance(record, dict) or record.get("format") != FORMAT or not record.get("sha256"):
        raise SentError(f"{path.name}: is not a record of sending ('{FORMAT}')")
    uploads = record.get("uploads")
    if not isinstance(uploads, list) or not all(_is_upload(upload) for upload in uploads):
        raise SentError(f"{path.name}: does not say of each upload when, by whom and with which receipt")
    return record


def _is_upload(upload: Any) -> bool:
    if not isinstance(upload, dict) or not all(
        isinstance(upload.get(fact), str) and upload[fact] for fact in FACTS
    ):
        return False
    return is_day(upload["sent_on"])


def uploads_of(sha256: str, folder: Path) -> list[dict[str, str]]:
    """Every recorded upload of the file with this fingerprint, the first one first."""
    found = [
        upload
        for path in records_in(folder)
        for record in (read_record(path),)
        if record["sha256"] == sha256
        for upload in record["uploads"]
    ]
    return sorted(found, key=lambda upload: upload["sent_on"])


def record_sending(csv: Path, manifest_path: Path | None, upload: dict[str, str]) -> tuple[int, str]:
    """Writes the record; gives the exit code and the sentence to print."""
    code, sentence = verify(csv, manifest_path)
    if code != SAME:
        return code, sentence
    path = manifest_path or described_by(csv)
    manifest = read_manifest(path)
    if manifest["return"].get("is_draft"):
        return DIFFERENT, f"{csv.name} is a DRAFT that the checks did not let pass: nothing is recorded."
    made_on = str(manifest["run"]["started_at"])[:10]
    if upload["sent_on"] < made_on:
        return (
            DIFFERENT,
            f"--on is before the day on which the file was made ({made_on}): nothing is recorded.",
        )
    record = {"format": FORMAT, "file_name": csv.name, "sha256": manifest["return"]["sha256"]}
    record |= {"manifest_file": path.name, "uploads": []}
    target = record_of(path)
    if target.exists():
        record = read_record(target)
        if record["sha256"] != manifest["return"]["sha256"]:
            return UNKNOWN, f"{target.name}: is about another file than {csv.name}: nothing is recorded."
    if upload in record["uploads"]:
        return SAME, f"{target.name} says so already."
    record["uploads"].append(upload)
    with writing(target) as stream:
        stream.write(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    return SAME, f"{csv.name}: recorded as sent on {upload['sent_on']} in {target}"


def described_by(csv: Path) -> Path:
    """The oldest manifest beside a file that describes it: made again, it may have been sent long before."""
    fingerprint, found = sha256_of(csv), []
    for path in manifests_in(csv.parent):
        try:
            manifest = read_manifest(path)
        except ManifestError:
            # Of another file, or of none: verify has found the one that is meant.
            continue
        if manifest["return"]["sha256"] == fingerprint:
            found.append((str(manifest["run"]["started_at"]), path))
    return min(found)[1]


def _day(text: str) -> str:
    day = day_of(text)
    if day > datetime.now().date():
        raise argparse.ArgumentTypeError("is a day still to come")
    return day.isoformat()


def _words(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty")
    return " ".join(text.split())


@plainly("sent")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path, help="the file that was uploaded")
    parser.add_argument("--manifest", type=Path, help="its manifest (default: beside it)")
    parser.add_argument("--on", type=_day, required=True, help="the day of the upload, yyyy-mm-dd")
    parser.add_argument("--by", type=_words, required=True, help="the officer who uploaded it")
    parser.add_argument("--receipt", type=_words, required=True, help="what the portal gave as receipt")
    options = parser.parse_args(arguments)
    upload = {"sent_on": options.on, "sent_by": options.by, "receipt": options.receipt}
    code, sentence = record_sending(options.csv, options.manifest, upload)
    print(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main())
