"""What a mail address looks like: RFC 5321 with dot-strings, addresses and domains of any script (RFC 6531). Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST_LOCAL = 64
LONGEST = 254
"""Octets of the part before the sign, and of the whole (RFC 5321, 4.5.3.1)."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[^\W_](?:(?:[^\W_]|[\u0300-\u036f-]){0,61}[^\W_])?")


def read_mail_address(text: str) -> str | None:
    """The address with its domain in lower case, without ``mailto:``; None if it is none."""
    clean = text.strip()
    if clean[:7].lower() == "mailto:":
        clean = clean[7:]
    local, sign, domain = clean.rpartition("@")
    if (
        not sign
        or len(clean.encode("utf-8", "replace")) > LONGEST
        or len(local.encode("utf-8", "replace")) > LONGEST_LOCAL
    ):
        return None
    if any(unicodedata.category(one)[0] in "CZ" for one in clean) or not _LOCAL.fullmatch(local):
        return None
    labels = domain.lower().split(".")
    return f"{local}@{domain.lower()}" if all(_LABEL.fullmatch(one) for one in labels) else None
