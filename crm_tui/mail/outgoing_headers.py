"""Header lines that can hold nothing but what they say (QUALITY S4; RFC 5322, 2047, 5891).

Written here rather than by the standard library's policies: those turn long Message-IDs into encoded words, and on some
versions write a line break that was hidden in a decoded name.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.mail.address import Address
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import ascii_domain

WIDTH = 76
WORD_BYTES = 45
MAX_REFERENCES = 20
MAX_ID = 250

_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[^?\s]*\?.*?\?=|=\?[^?\s]+\?[bBqQ]\?")
_SPACE = re.compile(r"\s+")
_ATEXT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~. -]*")
_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]{1,64}|\"[^\"\\\x00-\x1f\x7f]{1,62}\"")
_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


def clean_header(text: str) -> str:
    """Text fit for a header: one line, no controls, no literal encoded words; white space runs become one space."""
    text = display_text(text)
    while True:
        cleaned = _ENCODED_WORD.sub("", text)
        if cleaned == text:
            return _SPACE.sub(" ", text).strip()
        text = cleaned


def text_words(text: str) -> list[str]:
    """The words of an unstructured header, already encoded where they must be; joined by folds or spaces."""
    if text.isascii() and max(map(len, text.split(" ")), default=0) < WIDTH - 12 and "=?" not in text:
        return text.split(" ")
    return encoded_words(text)


def encoded_words(text: str) -> list[str]:
    """The text as RFC 2047 words of at most 75 characters, never split inside a character."""
    words: list[str] = []
    chunk = b""
    for char in text:
        encoded = char.encode("utf-8", "replace")
        if len(chunk) + len(encoded) > WORD_BYTES:
            words.append(chunk.decode())
            chunk = b""
        chunk += encoded
    words.append(chunk.decode())
    return [f"=?utf-8?b?{b64encode(word.encode()).decode('ascii')}?=" for word in words]


def fold(name: str, words: Iterable[str]) -> bytes:
    """``Name: words`` folded at the spaces between words to lines of at most 76 characters where they allow it."""
    first, *rest = words
    lines = [f"{name}: {first}"]
    for word in rest:
        if len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append("")
        lines[-1] += " " + word
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


def mailbox_words(address: Address, *, smtputf8: bool = False, field: str = "to") -> list[str]:
    """The words of one mailbox: the encoded or quoted name and the address in angle brackets."""
    spec = ascii_address(address.address, smtputf8=smtputf8, field=field)
    name = clean_header(address.name)
    if not name:
        return [spec]
    if _ATEXT.fullmatch(name) and "." not in name and "=?" not in name and len(name) < WIDTH - 12:
        return [*name.split(" "), f"<{spec}>"]
    if name.isascii() and "=?" not in name and len(name) < WIDTH - 12:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{escaped}"', f"<{spec}>"]
    return [*encoded_words(name), f"<{spec}>"]


def mailboxes(addresses: Iterable[Address], *, smtputf8: bool = False, field: str = "to") -> list[str]:
    """The words of an address list, commas attached."""
    words: list[str] = []
    for address in addresses:
        if words:
            words[-1] += ","
        words += mailbox_words(address, smtputf8=smtputf8, field=field)
    return words


def ascii_address(address: str, *, smtputf8: bool = False, field: str = "to") -> str:
    """The address as SMTP carries it: the domain in its ASCII form.

    Raises:
        InvalidInput: it is no address, or its local part needs SMTPUTF8 and the server has none.
    """
    local, at, domain = address.strip().rpartition("@")
    shown = display_text(address)[:200]
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise InvalidInput(_("“{address}” is not an e-mail address.").format(address=shown), _("Correct it."), field)
    if not local.isascii() and not smtputf8:
        raise InvalidInput(
            _("The mail server cannot deliver to “{address}”: the part before the @ has letters outside ASCII.").format(
                address=shown
            ),
            _("Ask for another address."),
            field,
        )
    host = ascii_domain(domain)
    if not host:
        raise InvalidInput(_("“{address}” has no valid domain.").format(address=shown), _("Correct it."), field)
    return f"{local}@{host}"


def id_words(ids: Iterable[str]) -> list[str]:
    """Message-IDs in angle brackets; malformed ones are dropped, the first and the latest are kept (at most 20)."""
    clean = [one for one in (one.strip().strip("<>") for one in ids) if len(one) <= MAX_ID and _ID.fullmatch(one)]
    clean = list(dict.fromkeys(clean))
    if len(clean) > MAX_REFERENCES:
        clean = [clean[0], *clean[-(MAX_REFERENCES - 1) :]]
    return [f"<{one}>" for one in clean]
