"""What makes messages one conversation: Message-IDs, canonical subjects and relay addresses (SPEC §2)."""

from __future__ import annotations

import re

from crm_tui.mail.headers import text_of
from crm_tui.mail.text import display_text

MAX_REFERENCES = 200
MAX_ID = 500

_ID = re.compile(r"<([^<>]+)>")
_PREFIX = re.compile(
    r"\s*(?:(?:re|aw|antw|sv|vs|fwd?|wg|tr|rv|odp|pd|rif|res|enc|doorst|r|ref|rép|resp|fw|vl|ynt|ilt|i|bls|trs"
    r"|réf|回复|答复|转发|automatic reply|automatyczna odpowiedź|respuesta automática|réponse automatique"
    r"|automatische antwort)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*|\[(?![^\]]*\d)[^\]\n]{1,40}\]\s*|\[(?:external|ext)\]\s*)+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*\((?:fwd|fw|rv|tr)\)\s*$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
# The relays through which booking sites pass a guest's mail on; each address stands for one counterpart.
_RELAYS = (
    "guest.booking.com",
    "property.booking.com",
    "mchat.booking.com",
    "guest.airbnb.com",
    "reply.airbnb.com",
    "host.airbnb.com",
    "m.expediapartnercentral.com",
    "messages.expediapartnercentral.com",
    "guest.expedia.com",
    "reply.expedia.com",
    "messages.homeaway.com",
    "messages.vrbo.com",
    "reply.vrbo.com",
    "guest.vrbo.com",
    "guest.hotels.com",
    "reply.hotels.com",
    "guest.agoda.com",
    "guest-messages.agoda.com",
    "messages.tripadvisor.com",
    "reply.hostelworld.com",
    "guest.hostelworld.com",
    "guest.trip.com",
    "reply.holidu.com",
)


def message_ids(raw: bytes) -> tuple[str, ...]:
    """The Message-IDs of a References or In-Reply-To header, in order, once each, without angle brackets."""
    text = text_of(raw)
    found = _ID.findall(text) or [word for word in text.split() if "@" in word]
    clean = dict.fromkeys(display_text(one).replace(" ", "")[:MAX_ID] for one in found)
    return tuple(one for one in clean if one)[-MAX_REFERENCES:]


def canonical_subject(subject: str) -> str:
    """The subject that threads compare: casefolded, without reply and forward prefixes and the [tags] of lists.

    A tag with digits (``[Ticket#12]``) tells conversations apart and stays.
    """
    subject = _SUFFIX.sub("", subject)
    found = _PREFIX.match(subject)
    rest = subject[found.end() :] if found else subject
    return _SPACE.sub(" ", rest or subject).strip().casefold()


def relay_key(address: str) -> str:
    """The counterpart that a booking site's relay address stands for, or an empty string for other addresses.

    Aliases of one relay mailbox (``+`` suffixes) are one key.
    """
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at or not local:
        return ""
    for relay in _RELAYS:
        if domain == relay or domain.endswith("." + relay):
            return f"{local.partition('+')[0] or local}@{relay}"
    return ""
