"""dbt-duckdb plugin that gives the database its keyed hash, cld_pseudonym(keys_of, release, kind, value).

The secret in the environment variable CLD_PSEUDONYM_KEY is never used as a key itself. HKDF-SHA-256
(RFC 5869, of the package cryptography) derives from it one key for each recipient and its purposes
(seeds/reference/share_recipients.csv); the hash is HMAC-SHA-256 under that key of the release, the
kind and the value. So the pseudonyms of two recipients, two purposes or two releases have nothing in common.

The keys live in this process only, as two variables of each session: they are in no SQL text, so neither in
the log nor in the compiled models, and in no table. The same secret gives the same pseudonyms in every run
of the same release. Without a secret there is no function, and dbt_project.yml leaves out the models
that need it. (A function in Python would need numpy; DuckDB's own sha256 is enough, and faster.)
"""

from __future__ import annotations

import csv
import json
import os
from functools import cache
from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from asc_cld.specification import PROJECT

VARIABLE = "CLD_PSEUDONYM_KEY"
RECIPIENTS = Path("seeds") / "reference" / "share_recipients.csv"
LEAST_LENGTH = 32
# Guesses as zxcvbn counts them, as a power of ten: 10 billion a second would take three centuries.
LEAST_GUESSES = 20
# zxcvbn looks at no more of a password.
LOOKED_AT = 72
BLOCK = 64

# RFC 2104: H(outer || H(inner || text)); of the 64 hexadecimal letters the first 32 (128 bits).
# The kind keeps equal values of two kinds apart. A null value has a null pseudonym.
FUNCTION = """
create or replace temp macro cld_pseudonym(keys_of, release, kind, value) as substr(
    sha256(
        getvariable('cld_outer_pads')[keys_of]
        || unhex(sha256(
            getvariable('cld_inner_pads')[keys_of] || encode(release || '|' || kind || '|' || value)
        ))
    ), 1, 32
)
"""


class WeakKey(ValueError):
    """The secret is too short or too plain. The message tells nothing of it but its length."""


def checked_key(key: str) -> bytes:
    """The secret as bytes. Raises WeakKey: ten-digit NHS numbers can be tried against a weak one."""
    if len(key) < LEAST_LENGTH or _guesses(key) < LEAST_GUESSES:
        raise WeakKey(
            f"{VARIABLE} ({len(key)} characters) can be guessed: it needs at least {LEAST_LENGTH}"
            " characters without words, dates, rows of keys or repetitions that a guesser tries first."
            ' Make one with: python -c "import secrets; print(secrets.token_hex(32))"'
        )
    return key.encode()


def _guesses(key: str) -> float:
    """How many guesses the secret takes, as a power of ten."""
    # Needs a tenth of a second: only where there is a secret.
    from zxcvbn import zxcvbn

    return float(zxcvbn(key[:LOOKED_AT], max_length=LOOKED_AT)["guesses_log10"])


@cache
def recipients(project: Path = PROJECT) -> dict[str, str]:
    """Recipients of shared rows and their purposes."""
    with (project / RECIPIENTS).open(encoding="utf-8-sig", newline="") as stream:
        return {row["recipient_id"].strip(): row["purposes"].strip() for row in csv.DictReader(stream)}


def derived_key(secret: bytes, recipient: str, purposes: str) -> bytes:
    """The key of one recipient for its purposes."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = json.dumps(["asc_cld pseudonyms", recipient, purposes]).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def register(session: DuckDBPyConnection, key: str, given: dict[str, str] | None = None) -> None:
    """Gives one session the function, for the given recipients (default: those of the project)."""
    known = recipients() if given is None else given
    names, inner, outer = _pads(key, tuple(known.items()))
    for variable, pads in (("cld_inner_pads", inner), ("cld_outer_pads", outer)):
        session.execute(f"set variable {variable} = map(?::varchar[], ?::blob[])", [names, pads])
    session.execute(FUNCTION)


@cache
def _pads(key: str, known: tuple[tuple[str, str], ...]) -> tuple[list[str], list[bytes], list[bytes]]:
    """Recipients and the two pads of each key: dbt opens a session for every model, this is done once."""
    secret = checked_key(key)
    blocks = [derived_key(secret, *recipient).ljust(BLOCK, b"\0") for recipient in known]
    inner, outer = ([bytes(byte ^ mask for byte in block) for block in blocks] for mask in (0x36, 0x5C))
    return [recipient for recipient, _ in known], inner, outer


class Plugin(BasePlugin):
    """Gives every session of dbt the function when there is a secret."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        # Once a run, before anything is built: a weak secret stops it here.
        key = os.environ.get(VARIABLE, "")
        if key:
            try:
                checked_key(key)
            except WeakKey as error:
                raise DbtRuntimeError(str(error)) from None

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        key = os.environ.get(VARIABLE, "")
        if key:
            register(cursor, key)
