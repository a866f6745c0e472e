"""What a guest's history shows: places and entries, frozen, display-safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from crm_tui.base.i18n import N_
from crm_tui.rules.money import Money


class EntryKind(StrEnum):
    """What an entry of a guest's history is."""

    MAIL = "mail"
    INQUIRY = "inquiry"
    RESERVATION = "reservation"
    PAYMENT = "payment"
    EVENT = "event"
    MEMO = "memo"
    INTERNAL = "internal"
    REMINDER = "reminder"
    FEEDBACK = "feedback"
    GIVEN = "given"
    CHANGE = "change"


KINDS = tuple(EntryKind)
"""All kinds; the place of one is its rank: what happened at the same instant is ordered by it."""

KIND_NAMES: Mapping[str, str] = {
    EntryKind.MAIL: N_("mail"),
    EntryKind.INQUIRY: N_("inquiries"),
    EntryKind.RESERVATION: N_("reservations"),
    EntryKind.PAYMENT: N_("payments"),
    EntryKind.EVENT: N_("events"),
    EntryKind.MEMO: N_("memos"),
    EntryKind.INTERNAL: N_("internal messages"),
    EntryKind.REMINDER: N_("reminders"),
    EntryKind.FEEDBACK: N_("feedback"),
    EntryKind.GIVEN: N_("what was given"),
    EntryKind.CHANGE: N_("changes"),
}


class Place(NamedTuple):
    """Where an entry stands: entries are ordered by it.

    Attributes:
        at: the instant as the store writes it, UTC; text that sorts in order of time.
        rank: of the kind, see :data:`KINDS`.
        number: of the thing; of a change its newest journal row.
    """

    at: str
    rank: int
    number: int

    @property
    def kind(self) -> EntryKind:
        """What stands there."""
        return KINDS[self.rank]

    @property
    def id(self) -> str:
        """Unique in its history, and the same when it is read again."""
        return f"{self.kind}{self.number}"

    @property
    def instant(self) -> datetime:
        """When, aware UTC."""
        return datetime.fromisoformat(self.at).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class GuestEntry:
    """One thing that happened with a guest.

    Attributes:
        place: where it stands, with its kind and its number.
        text: what it says on one line, in the agent's language; of an inquiry or a reservation what is wanted, where.
        who: the agent, or the guest who wrote; empty: the program by itself, or nobody in particular.
        whole: the text at full length, with its lines.
        dated: only the day is known, not the hour.
        type: of an event; of feedback and of what was given what it is about.
        status: of an inquiry or a reservation; ``in``, ``out`` or ``automatic`` of a mail; ``payment`` or ``refund``;
            ``positive`` or ``negative`` of feedback.
        first, last: the days of a stay; of a reminder ``first`` is the day it is due.
        adults, children: the party; None: not known.
        amount: a value, a budget, what was paid.
        code: of a reservation; of a payment that of its reservation.
        conversation, inquiry, reservation: where it leads.
        holder: of an inquiry or a reservation: the guest is its holder.
        done: a reminder that is done, feedback that is resolved.
        undone: it was taken back.
        mine: the agent may change it.
        version: of what may be changed.
    """

    place: Place
    text: str
    who: str = ""
    whole: str = ""
    dated: bool = False
    type: str = ""
    status: str = ""
    first: date | None = None
    last: date | None = None
    adults: int | None = None
    children: int = 0
    amount: Money | None = None
    code: str = ""
    conversation: int | None = None
    inquiry: int | None = None
    reservation: int | None = None
    holder: bool = False
    done: bool = False
    undone: bool = False
    mine: bool = False
    version: int = 0

    @property
    def kind(self) -> EntryKind:
        """What it is."""
        return self.place.kind

    @property
    def id(self) -> str:
        """That of its place."""
        return self.place.id

    @property
    def number(self) -> int:
        """Of the thing."""
        return self.place.number

    @property
    def at(self) -> datetime:
        """When, aware UTC."""
        return self.place.instant
