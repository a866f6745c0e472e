"""What a mail address looks like: RFC 5321 with dot-strings, addresses and domains of any script (RFC 6531); and when two are one. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST_LOCAL = 64
LONGEST = 254
"""Octets of the part before the sign, and of the whole (RFC 5321, 4.5.3.1)."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[^\W_](?:(?:[^\W_]|[\u0300-\u036f-]){0,61}[^\W_])?")
_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")


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


def ascii_domain(domain: str) -> str:
    """The ASCII form of a domain (IDNA 2008), or an empty string if it is none."""
    domain = domain.strip().rstrip(".").lower()
    if not domain.isascii():
        import idna

        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    return domain if _DOMAIN.fullmatch(domain) else ""


def address_key(address: str) -> str:
    """What two spellings of one mailbox have in common: lower case, the domain in its ASCII form where it has one."""
    lowered = address.strip().lower()
    local, at, domain = lowered.rpartition("@")
    if domain.isascii():
        return lowered
    return f"{local}{at}{ascii_domain(domain) or domain}"


def same_address(one: str, other: str) -> bool:
    """Whether two spellings are of one mailbox; two empty ones are of none."""
    return bool(one.strip()) and address_key(one) == address_key(other)


def other_spelling(address: str) -> str:
    """An address whose domain is in ASCII with it in its own letters, and the other way round; else as it is.

    For the store: what is compared there is in lower case already.
    """
    if address.isascii() and "xn--" not in address:
        return address
    return next(iter(sorted(spellings(address) - {address})), address)


def spellings(address: str) -> set[str]:
    """How one mailbox may stand in the store, in lower case: its domain as it was written, in ASCII and in its own letters."""
    key = address_key(address)
    local, at, domain = key.rpartition("@")
    found = {address.strip().lower(), key}
    if "xn--" in domain:
        import idna

        try:
            found.add(f"{local}{at}{idna.decode(domain)}")
        except idna.IDNAError:
            return found
    return found
