"""PINs (SPEC §13): which are too easy to guess, how they are kept, and how long a wrong one makes wait. Pure.

A PIN is kept as scrypt's hash (RFC 7914) with its parameters and a salt of its own: ``scrypt$N$r$p$salt$hash``, the two last in
base64. A store that is read by somebody who should not gives the PINs away only at the price of :data:`COST` for each guess.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from enum import StrEnum

SHORTEST, LONGEST = 4, 64
COST, BLOCK, LANES = 2**15, 8, 1
"""scrypt's N, r and p: 32 MiB and about a tenth of a second."""

LONGEST_WAIT = 300
"""Seconds."""

_COMMON = frozenset(
    [
        "1212",
        "1313",
        "2020",
        "2580",
        "0852",
        "1357",
        "2468",
        "6969",
        "1004",
        "4321",
        "1122",
        "1221",
        "2112",
        "1010",
        "0101",
        "112233",
        "121212",
        "123123",
        "123321",
        "password",
        "passwort",
        "secret",
        "qwerty",
        "qwertz",
        "azerty",
        "letmein",
        "admin",
        "hotel",
        "reception",
    ]
)
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")


class PinFault(StrEnum):
    """Why a PIN is not taken."""

    SHORT = "short"
    LONG = "long"
    OBVIOUS = "obvious"
    NAME = "name"
    UNPRINTABLE = "unprintable"


def fault(pin: str, *names: str) -> PinFault | None:
    """Why a PIN is not taken; None if it is.

    Args:
        names: what the agent is called, and the system user: not to be guessed from.
    """
    if len(pin) < SHORTEST:
        return PinFault.SHORT
    if len(pin) > LONGEST:
        return PinFault.LONG
    if not pin.isprintable() or pin != pin.strip():
        return PinFault.UNPRINTABLE
    folded = pin.casefold()
    if any(folded in (name.casefold(), name.casefold()[::-1]) for name in names if name):
        return PinFault.NAME
    return PinFault.OBVIOUS if _obvious(folded) else None


def _obvious(pin: str) -> bool:
    """One character only, a run of the keyboard either way, two halves that are alike, or one of the common ones."""
    if len(set(pin)) == 1 or pin in _COMMON:
        return True
    if any(pin in row or pin in row[::-1] for row in _ROWS):
        return True
    half = len(pin) // 2
    return len(pin) % 2 == 0 and len(pin) <= 6 and pin[:half] == pin[half:]


def hashed(pin: str, salt: bytes | None = None) -> str:
    """What is kept of a PIN. Takes about a tenth of a second."""
    salt = secrets.token_bytes(16) if salt is None else salt
    parts = (b64encode(one).decode("ascii") for one in (salt, _scrypt(pin, salt, COST, BLOCK, LANES)))
    return "$".join(("scrypt", str(COST), str(BLOCK), str(LANES), *parts))


def matches(pin: str, kept: str) -> bool:
    """Whether it is the PIN that was kept; compared in constant time. What cannot be read is matched by nothing."""
    try:
        kind, cost, block, lanes, salt, digest = kept.split("$")
        if kind != "scrypt":
            return False
        found = _scrypt(pin, b64decode(salt), int(cost), int(block), int(lanes))
        return hmac.compare_digest(found, b64decode(digest))
    except ValueError:
        return False


def wait(failures: int) -> int:
    """Seconds that must pass after so many wrong PINs in a row: 0, 1, 2, 4 … at most :data:`LONGEST_WAIT`."""
    return min(LONGEST_WAIT, 2 ** min(failures - 1, 10)) if failures > 0 else 0


def _scrypt(pin: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    room = 132 * cost * block * lanes + 1024 * 1024
    return hashlib.scrypt(pin.encode("utf-8"), salt=salt, n=cost, r=block, p=lanes, maxmem=room, dklen=32)
