"""Says whether a CSV file is the return that a manifest describes.

    asc-cld verify output/409_CLD_20251001_20260930.csv
    asc-cld verify <csv> <manifest.json>

Without a manifest, those beside the file are tried. Exit code 0: this is the file; 1: it is not;
2: it cannot be told (a file is missing or is no manifest).
"""

import argparse
import hashlib
import sys
from pathlib import Path

from asc_cld.plainly import plainly
from asc_cld.return_file import sha256_of
from asc_cld.return_file.manifest import ManifestError, manifests_in, read_manifest

SAME, DIFFERENT, UNKNOWN = 0, 1, 2


def compare(csv_path: Path, manifest: dict) -> tuple[bool, str]:
    """Whether the file is the one described, and the reason in words."""
    sent = manifest["return"]
    found = sha256_of(csv_path)
    if found == sent["sha256"]:
        if sent.get("is_draft"):
            return True, "it is the file described, a DRAFT that the checks did not let pass"
        return True, "it is the file described"
    size = csv_path.stat().st_size
    if _without_line_ends(csv_path) == sent["sha256"]:
        return False, "only its line ends or a byte order mark differ: something rewrote it on the way"
    return False, (
        f"its SHA-256 is {found}, the manifest says {sent['sha256']}"
        f" ({size} bytes, the manifest says {sent.get('bytes')})"
    )


def _without_line_ends(path: Path) -> str:
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()


def verify(csv_path: Path, manifest_path: Path | None) -> tuple[int, str]:
    """Exit code and the sentence to print."""
    if not csv_path.is_file():
        return UNKNOWN, f"{csv_path}: there is no such file"
    paths = [manifest_path] if manifest_path else manifests_in(csv_path.parent)
    if not paths:
        return UNKNOWN, f"{csv_path}: there is no manifest beside it; name one"
    verdicts = []
    for path in paths:
        try:
            manifest = read_manifest(path)
        except ManifestError as error:
            if manifest_path:
                return UNKNOWN, str(error)
            continue
        same, reason = compare(csv_path, manifest)
        if same:
            run = manifest["run"]
            return SAME, (
                f"{csv_path.name} is the return of {path.name}: {reason}.\n"
                f"{manifest['return']['rows']} rows, SHA-256 {manifest['return']['sha256']},"
                f" run {run['run_id']} of {run['started_at']}."
            )
        verdicts.append(f"{path.name}: {reason}")
    if not verdicts:
        return UNKNOWN, f"{csv_path}: nothing beside it is a manifest"
    return DIFFERENT, "\n".join([f"{csv_path.name} is NOT the return described.", *verdicts])


@plainly("verify")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path)
    parser.add_argument("manifest", type=Path, nargs="?")
    options = parser.parse_args(arguments)
    code, sentence = verify(options.csv, options.manifest)
    print(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main())
