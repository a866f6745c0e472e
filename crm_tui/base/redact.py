"""Secrets never reach a log, a traceback or a server's echo (QUALITY S8).

Every :class:`Secret` makes itself known here, in clear and in the encodings that mail protocols use; :func:`redact`
takes all of them out of any text, and what looks like a credential in a protocol line as well.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import threading
from collections.abc import Iterator
from typing import NoReturn
from urllib.parse import quote, quote_plus

MASK = "[…]"
MOST_HIDDEN = 4000  # access tokens change every hour: the oldest are dropped
SHORTEST = 3  # replacing shorter secrets would garble every text without hiding much

_lock = threading.Lock()
_hidden: dict[str, None] = {}
_PATTERNS = (
    re.compile(r"(?i)(\bAUTH(?:ENTICATE)?\s+[A-Z0-9-]+\s+)[A-Za-z0-9+/=]{4,}"),
    re.compile(r'(?i)(\bLOGIN\s+(?:"(?:[^"\\]|\\.)*"|\S+)\s+)(?:"(?:[^"\\]|\\.)*"|\S+)'),
    re.compile(r"(?i)(\bBearer\s+)[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"(?i)\b(password|passwd|secret|token)(\s*[=:]\s*)\S+"),
)


class Secret:
    """A password or token. It shows only through :meth:`reveal`: not in ``repr``, ``str``, formats or pickles."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        hide(value)

    def reveal(self) -> str:
        """The secret in clear; only for handing it to a server or a keyring."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode("utf-8", "replace"), other._value.encode("utf-8", "replace"))

    __hash__ = None  # type: ignore[assignment]  # a secret is no key

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled.")


def hide(value: str) -> None:
    """Take ``value``, and its usual encodings, out of everything that :func:`redact` sees from now on."""
    if len(value) < SHORTEST:
        return
    forms = [form for form in _forms(value) if len(form) >= SHORTEST]
    with _lock:
        _hidden.update(dict.fromkeys(forms))
        for old in list(_hidden)[: max(0, len(_hidden) - MOST_HIDDEN)]:
            del _hidden[old]


def _forms(value: str) -> Iterator[str]:
    """``value`` as mail protocols, URLs, Python's ``repr`` of text and bytes, and JSON would write it."""
    raw = value.encode("utf-8", "replace")
    encoded = base64.b64encode(raw).decode("ascii")
    yield from (encoded, encoded.rstrip("="), quote(value), quote_plus(value))
    for text in (value, _escaped(value, '"')):  # an IMAP quoted string escapes just these (RFC 3501 §4.3)
        yield from (text, json.dumps(text)[1:-1])
        for escaped in (
            _escaped(text),
            "".join(_escaped(chr(byte), high=True) for byte in text.encode("utf-8", "replace")),
        ):
            yield from (escaped, escaped.replace("'", "\\'"), escaped.replace('"', '\\"'))


def _escaped(text: str, also: str = "", *, high: bool = False) -> str:
    """Backslashes and ``also`` behind a backslash; with ``high``, what is beyond ASCII by its number."""
    return "".join(
        "\\" + c if c == "\\" or c in also else c if c.isascii() or not high else f"\\x{ord(c):02x}" for c in text
    )


def redact(text: str) -> str:
    """``text`` without any known secret, and without what looks like one in a protocol line."""
    with _lock:
        known = sorted(_hidden, key=len, reverse=True)
    for value in known:
        if value in text:
            text = text.replace(value, MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: "".join(match.groups()) + MASK, text)
    return text
