"""What the desk says about events and their types: frozen, display-safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crm_tui.base.i18n import N_, _
from crm_tui.rules.vocabulary import EventKind

AHEAD = timedelta(minutes=5)
"""How far ahead of now an event may lie: clocks differ."""
EARLIEST = datetime(1950, 1, 1, tzinfo=UTC)
"""Before it nothing happened with a guest that anybody still writes down."""

EVENT_KINDS: Mapping[str, str] = {
    EventKind.CALL: N_("call"),
    EventKind.MAIL: N_("mail"),
    EventKind.SMS: N_("SMS"),
    EventKind.VISIT: N_("visit"),
    EventKind.COMPLAINT: N_("complaint"),
    EventKind.CATALOGUE: N_("catalogue"),
    EventKind.PAYMENT_REMINDER: N_("payment reminder"),
    EventKind.FLIGHT_INFO: N_("flight info"),
    EventKind.NOTE: N_("note"),
    EventKind.OTHER: N_("other"),
}
"""The types of event that every desk has, by code."""


def type_name(code: str, name: str) -> str:
    """What a type is called: those with a code in the agent's language, the others as an admin named them."""
    return name or (_(EVENT_KINDS[code]) if code in EVENT_KINDS else code)


@dataclass(frozen=True, slots=True)
class EventTypeView:
    """A type of event.

    Attributes:
        code: of a type that every desk has; empty for one that an admin added.
        events: how many there are of it.
        removed: nothing new can be of this type; the events that are keep it.
    """

    id: int
    code: str
    name: str
    events: int
    version: int
    removed: bool = False


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened with a guest.

    Attributes:
        type: what the type is called now.
        at: when it happened, aware UTC.
        mine: the agent may change it.
    """

    id: int
    type_id: int
    type: str
    guest: int
    at: datetime
    text: str
    author: str
    created_at: datetime
    edited_at: datetime | None
    conversation: int | None
    inquiry: int | None
    reservation: int | None
    mine: bool
    version: int
