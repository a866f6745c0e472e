"""What a guest's mail proposes for an inquiry: one message, or a conversation whose later mails refine the earlier (SPEC §4).

Who may not see a message or conversation is told that it does not exist, as by :mod:`crm_tui.desk.correspondence.reading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import MessageView
from crm_tui.desk.correspondence import reading, writing
from crm_tui.desk.staff import setup
from crm_tui.mail.language import guess_language
from crm_tui.rules.proposals import Found, Proposals, propose

STAY = ("arrival", "departure", "nights", "period_from", "period_to")


@dataclass(frozen=True, slots=True)
class ProposalsView:
    """What mail proposes, and which message each part was read from.

    Attributes:
        read: the proposals; their places are those of the text, subject or sender's name of the message.
        messages: by the name of a field of :class:`Proposals`, the id of the message.
    """

    read: Proposals
    messages: dict[str, int] = field(default_factory=dict)


def for_message(ctx: Context, message_id: int) -> ProposalsView:
    """What one message states; nothing for one that was sent from here.

    Raises:
        NotFound: there is no such message.
    """
    return _view(message_id, _read(reading.message(ctx, message_id), *_place(ctx)))


def for_conversation(ctx: Context, conversation_id: int) -> ProposalsView:
    """What the guest's messages of a conversation state together.

    A later statement of the stay or the party replaces an earlier one; one that leaves the stay open (two to choose
    from, a cancellation) takes the earlier back. The name is the first that was given. Automatic mail counts only
    where there is no other (a booking site's notice).

    Raises:
        NotFound: there is no such conversation.
    """
    messages = [one for one in reading.conversation(ctx, conversation_id).messages if one.direction == "in"]
    place = _place(ctx)
    together = ProposalsView(Proposals())
    for one in [one for one in messages if not one.automatic] or messages:
        together = _refined(together, _view(one.id, _read(one, *place)))
    return together


def _place(ctx: Context) -> tuple[ZoneInfo, str]:
    """The property's zone, and the country that lies in it; empty where the zone names none."""
    with ctx.store.connect() as connection:
        zone = writing.zone(connection)
    current = setup.current_property(ctx)
    return zone, region_of(current.timezone) if current else ""


def region_of(timezone: str) -> str:
    """The ISO 3166 code of the one country that an IANA zone lies in; empty for ``UTC`` and the like."""
    from babel.core import get_global  # the locale data are needed for this alone

    found = str(get_global("zone_territories").get(timezone, ""))
    return found if len(found) == 2 and found.isalpha() and found != "ZZ" else ""


def _read(message: MessageView, zone: ZoneInfo, region: str) -> Proposals:
    if message.direction != "in":
        return Proposals()
    return propose(
        message.text,
        written=message.at.astimezone(zone).date(),
        subject=message.subject,
        language=guess_language(message.text),
        sender_name=message.sender.name,
        region=region,
        quoted=message.quoted,
        signature=message.signature,
    )


def _view(message_id: int, read: Proposals) -> ProposalsView:
    return ProposalsView(read, {name: message_id for name in _names() if getattr(read, name) is not None})


def _names() -> Sequence[str]:
    return [one.name for one in fields(Proposals) if one.name != "unsettled"]


def _refined(before: ProposalsView, later: ProposalsView) -> ProposalsView:
    """Two messages' proposals, the later in force."""
    values: dict[str, Any] = {name: getattr(before.read, name) for name in _names()}
    messages = dict(before.messages)
    stated = {name: getattr(later.read, name) for name in _names() if getattr(later.read, name) is not None}
    values |= dict.fromkeys(_given_up(before.read, later.read))
    for name, found in stated.items():
        if name in ("surname", "given") and before.read.surname is not None:
            continue
        values[name] = found
        messages[name] = later.messages[name]
    values = _completed(values, messages)
    return ProposalsView(Proposals(**values), {name: messages[name] for name in values if values[name] is not None})


def _given_up(before: Proposals, later: Proposals) -> Sequence[str]:
    """Earlier parts that no longer hold beside what a later message states."""
    gone: list[str] = []
    moved = later.arrival is not None and (before.arrival is None or before.arrival.value != later.arrival.value)
    if later.unsettled or moved or later.departure or later.period_from:
        gone += STAY
    elif later.nights:
        gone += ["departure", "nights"]
    fewer = later.adults and before.adults and later.adults.value != before.adults.value
    if fewer and later.children is None:
        gone.append("children")
    return gone


def _completed(values: dict[str, Any], messages: dict[str, int]) -> dict[str, Any]:
    """The departure that follows from an arrival of one message and the nights of another."""
    arrival, nights = values["arrival"], values["nights"]
    if arrival and nights and not values["departure"]:
        departure = arrival.value + timedelta(days=nights.value)
        messages["departure"] = messages["nights"]
        return values | {"departure": Found(departure, nights.words, nights.start, nights.end, nights.source)}
    return values
