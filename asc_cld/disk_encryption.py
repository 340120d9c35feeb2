"""Whether the disk that holds a folder is encrypted, as far as this system can tell.

    python -m asc_cld.disk_encryption [folder ...]

One answer a folder: `encrypted`, `not encrypted` or `cannot tell`, and why. It asks the system's own
tools (Linux: lsblk; Windows: manage-bde; macOS: fdesetup), changes nothing and needs no network. A disk
that the machine's owner encrypts from outside (a cloud volume, a self-encrypting drive) looks like any
other from inside: the answer is then `not encrypted` or `cannot tell`, and the council knows better.
The answer is written into each manifest. It never stops a run.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from asc_cld.plainly import plainly

ENCRYPTED, NOT_ENCRYPTED, UNKNOWN = "encrypted", "not encrypted", "cannot tell"
# Nothing that stays when the machine is switched off, and what is not a disk of this machine.
IN_MEMORY = {"tmpfs", "ramfs"}
ELSEWHERE = {"nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "overlay", "fuse.sshfs"}


@dataclass(frozen=True)
class Answer:
    """One of the three words, and what it rests on."""

    state: str
    why: str


def ask(*command: str) -> str | None:
    """What a system tool prints, or None where it is missing or refuses."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def of_folder(
    folder: Path, system: str | None = None, ask: Callable[..., str | None] = ask, mounts: str | None = None
) -> Answer:
    """The answer for the disk of a folder; a folder that is not there yet is asked for through its parent."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    system = system or platform.system()
    if system == "Linux":
        return _linux(folder.resolve(), ask, mounts)
    if system == "Windows":
        return _windows(folder.resolve(), ask)
    if system == "Darwin":
        return _macos(ask)
    return Answer(UNKNOWN, f"no way known to ask {system or 'this system'}")


def _linux(folder: Path, ask: Callable[..., str | None], mounts: str | None) -> Answer:
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8")
        except OSError:
            return Answer(UNKNOWN, "the list of mounted disks cannot be read")
    device, kind = _mount_of(folder, mounts)
    if kind in IN_MEMORY:
        return Answer(UNKNOWN, f"the folder lies in memory ({kind}); what is swapped out is not known")
    if kind in ELSEWHERE or not device.startswith("/dev/"):
        return Answer(UNKNOWN, f"the folder lies on {kind or 'a disk'} that another machine or layer keeps")
    listed = ask("lsblk", "--json", "--inverse", "--output", "NAME,TYPE,FSTYPE", device)
    if listed is None:
        return Answer(UNKNOWN, "lsblk does not say what the disk is made of")
    try:
        layers = list(_flat(json.loads(listed)["blockdevices"]))
    except (ValueError, KeyError, TypeError):
        return Answer(UNKNOWN, "lsblk does not say what the disk is made of")
    if any(layer.get("type") == "crypt" or layer.get("fstype") == "crypto_LUKS" for layer in layers):
        return Answer(ENCRYPTED, "dm-crypt (LUKS) lies under the file system")
    if kind in ("zfs", "ext4", "f2fs", "btrfs"):
        return Answer(
            NOT_ENCRYPTED, f"no dm-crypt lies under the file system; {kind} may encrypt single folders"
        )
    return Answer(NOT_ENCRYPTED, "no dm-crypt lies under the file system")


def _mount_of(folder: Path, mounts: str) -> tuple[str, str]:
    """Device and file system of the longest mount point above the folder; the last one mounted wins."""
    found, length = ("", ""), -1
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        # Spaces and the like are written as octal numbers.
        point = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), parts[1]))
        if (folder == point or point in folder.parents) and len(point.parts) >= length:
            found, length = (parts[0], parts[2]), len(point.parts)
    return found


def _flat(devices: list[dict]) -> Iterator[dict]:
    for device in devices:
        yield device
        yield from _flat(device.get("children") or [])


def _windows(folder: Path, ask: Callable[..., str | None]) -> Answer:
    drive = folder.drive or "C:"
    # 1 on, 6 on and locked, 2 off; other numbers: on the way to one of them, or suspended. Readable
    # without an administrator, unlike manage-bde.
    told = ask(
        "powershell",
        "-NoProfile",
        "-Command",
        f"(New-Object -ComObject Shell.Application).NameSpace('{drive}')"
        ".Self.ExtendedProperty('System.Volume.BitLockerProtection')",
    )
    state = (told or "").strip()
    if state in ("1", "6"):
        return Answer(ENCRYPTED, f"BitLocker is on for {drive}")
    if state == "2":
        return Answer(NOT_ENCRYPTED, f"BitLocker is off for {drive}")
    if state.isdigit():
        return Answer(NOT_ENCRYPTED, f"BitLocker is suspended or not finished for {drive}")
    told = ask("manage-bde", "-status", drive, "-protectionaserrorlevel")
    if told is not None:
        return Answer(ENCRYPTED, f"BitLocker is on for {drive}")
    return Answer(UNKNOWN, f"Windows does not say; an administrator can ask: manage-bde -status {drive}")


def _macos(ask: Callable[..., str | None]) -> Answer:
    told = ask("fdesetup", "status") or ""
    if "FileVault is On" in told:
        return Answer(ENCRYPTED, "FileVault is on")
    if "FileVault is Off" in told:
        return Answer(NOT_ENCRYPTED, "FileVault is off")
    return Answer(UNKNOWN, "fdesetup does not say")


@plainly("disk encryption")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="*", default=[Path()])
    for folder in parser.parse_args(arguments).folders:
        answer = of_folder(folder)
        print(f"{folder}: {answer.state} ({answer.why})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
