"""dbt-duckdb plugin that gives the database its keyed hash, cld_pseudonym(kind, value).

The hash is HMAC-SHA-256 with the secret in the environment variable CLD_PSEUDONYM_KEY. The secret
lives in this process only, as two variables of each session: it is in no SQL text, so neither in
the log nor in the compiled models, and in no table. The same secret gives the same pseudonym in
every run and in every council that shares it; another secret gives pseudonyms that cannot be joined
to the first. Without a secret there is no function, and dbt_project.yml leaves out the models that
need it. (A function in Python would need numpy; DuckDB's own sha256 is enough, and faster.)
"""

from __future__ import annotations

import hashlib
import os

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

VARIABLE = "CLD_PSEUDONYM_KEY"
LEAST_LENGTH = 32
LEAST_DIFFERENT_LETTERS = 10
BLOCK = 64

# RFC 2104: H(outer || H(inner || text)); of the 64 hexadecimal letters the first 32 (128 bits).
# The kind keeps equal values of two kinds apart. A null value has a null pseudonym.
FUNCTION = """
create or replace temp macro cld_pseudonym(kind, value) as substr(
    sha256(
        getvariable('cld_outer_pad')
        || unhex(sha256(getvariable('cld_inner_pad') || encode(kind || '|' || value)))
    ), 1, 32
)
"""


class WeakKey(ValueError):
    """The secret is too short or too plain. The message tells nothing of it but its length."""


def checked_key(key: str) -> bytes:
    """The secret as bytes. Raises WeakKey: ten-digit NHS numbers can be tried against a weak one."""
    if len(key) < LEAST_LENGTH or len(set(key)) < LEAST_DIFFERENT_LETTERS:
        raise WeakKey(
            f"{VARIABLE} has {len(key)} characters, {len(set(key))} of them different; it needs at"
            f" least {LEAST_LENGTH}, {LEAST_DIFFERENT_LETTERS} of them different. Make one with:"
            ' python -c "import secrets; print(secrets.token_hex(32))"'
        )
    return key.encode()


def register(session: DuckDBPyConnection, key: str) -> None:
    """Gives one session the function."""
    secret = checked_key(key)
    if len(secret) > BLOCK:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(BLOCK, b"\0")
    for name, mask in (("cld_inner_pad", 0x36), ("cld_outer_pad", 0x5C)):
        session.execute(f"set variable {name} = ?", [bytes(byte ^ mask for byte in block)])
    session.execute(FUNCTION)


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
