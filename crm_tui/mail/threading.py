"""What makes messages one conversation: Message-IDs and relay addresses (SPEC §2); subjects: :mod:`crm_tui.rules.subjects`."""

from __future__ import annotations

import re

from crm_tui.mail.headers import text_of
from crm_tui.mail.text import display_text

MAX_REFERENCES = 200
MAX_ID = 500

_ID = re.compile(r"<([^<>]+)>")
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
