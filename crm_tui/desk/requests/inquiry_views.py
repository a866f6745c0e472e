"""What screens and the command line get of inquiries, memos and reminders: frozen, display-safe, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from crm_tui.base.i18n import N_
from crm_tui.desk.client_base.guest_views import GuestRow
from crm_tui.desk.common.views import ConversationRow, Cursor
from crm_tui.desk.shifts.internal_views import InternalView as InternalView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import CLOSED, Channel, InquiryStatus

STATUSES: Mapping[str, str] = {
    InquiryStatus.NEW: N_("new"),
    InquiryStatus.IN_PROGRESS: N_("in progress"),
    InquiryStatus.OFFER_SENT: N_("offer sent"),
    InquiryStatus.WAITING: N_("waiting for guest"),
    InquiryStatus.BOOKED: N_("booked"),
    InquiryStatus.LOST: N_("lost"),
    InquiryStatus.CANCELLED: N_("cancelled"),
}
"""What the statuses are called; shown with ``words.said(STATUSES, status)``."""
CHANNELS: Mapping[str, str] = {
    Channel.DIRECT: N_("direct"),
    Channel.PHONE: N_("phone"),
    Channel.COUNTER: N_("counter"),
    Channel.WEBSITE: N_("website"),
    Channel.BOOKING: "Booking.com",
    Channel.AIRBNB: "Airbnb",
    Channel.EXPEDIA: "Expedia",
    Channel.OPERATOR: N_("tour operator"),
    Channel.OTHER: N_("other"),
}
FIELD_NAMES: Mapping[str, str] = {
    "status": N_("Status"),
    "lost_reason": N_("Reason"),
    "planned_end": N_("Planned end"),
    "handler": N_("Handler"),
    "scope": N_("Seen by"),
    "channel": N_("Channel"),
    "arrival": N_("Arrival"),
    "departure": N_("Departure"),
    "period_from": N_("Earliest arrival"),
    "period_to": N_("Latest departure"),
    "nights": N_("Nights"),
    "adults": N_("Adults"),
    "children": N_("Children's ages"),
    "room": N_("Room"),
    "destination": N_("Destination"),
    "board": N_("Board"),
    "budget": N_("Budget"),
    "budget_currency": N_("Currency of the budget"),
    "airport": N_("Departure airport"),
    "preferences": N_("Preferences"),
    "price": N_("Price"),
    "price_currency": N_("Currency of the price"),
    "valid_until": N_("Valid until"),
}
"""What the fields of an inquiry are called, in the order of the form."""


class ScopeView(NamedTuple):
    """Who may see an inquiry (SPEC §4).

    Attributes:
        value: as stored: empty everyone, ``a7``, ``d2``.
        kind: ``everyone``, ``me``, ``department`` (the agent's own), ``agent`` or ``other department``.
        name: of the agent or the department; empty for everyone.
        word: what ``inquiries.set`` takes for the same scope.
    """

    value: str = ""
    kind: str = "everyone"
    name: str = ""
    word: str = "everyone"


class InquiryGuestView(NamedTuple):
    """A guest of an inquiry; ``email`` and ``phone`` are the first ones, ``phone`` written internationally.

    ``away``: archived or erased, so nobody who can be made the holder.
    """

    id: int
    name: str
    email: str
    phone: str
    holder: bool
    kind: str = "person"
    version: int = 1
    language: str = ""
    away: bool = False


@dataclass(frozen=True, slots=True)
class InquiryView:
    """An inquiry with its guests and conversations.

    Attributes:
        handler: the agent's name, empty for nobody.
        children: an age each, None where it is unknown.
        budget, price: minor units and currency, None where nothing is said.
        proposed: fields filled in from the mail and not confirmed yet, to the words they were read from.
        guests: the holder first.
        conversations: the newest first.
        created_at, updated_at, closed_at: aware UTC instants; days are those of the property.
        title: whose it is, for headings.
    """

    id: int
    title: str
    status: str
    lost_reason: str
    planned_end: date | None
    handler: str
    handler_id: int | None
    scope: ScopeView
    channel: str
    arrival: date | None
    departure: date | None
    period_from: date | None
    period_to: date | None
    nights: int | None
    adults: int | None
    children: tuple[int | None, ...]
    room: str
    destination: str
    board: str
    budget: Money | None
    airport: str
    preferences: str
    price: Money | None
    valid_until: date | None
    proposed: Mapping[str, str]
    guests: tuple[InquiryGuestView, ...]
    conversations: tuple[ConversationRow, ...]
    created_at: datetime
    created_by: str
    updated_at: datetime
    closed_at: datetime | None
    version: int

    @property
    def holder(self) -> InquiryGuestView | None:
        """The holder; None if there is no guest yet."""
        return next((one for one in self.guests if one.holder), None)

    @property
    def closed(self) -> bool:
        """Whether it is booked, lost or cancelled."""
        return self.status in CLOSED


@dataclass(frozen=True, slots=True)
class InquiryQuery:
    """Which inquiries a list shows.

    Attributes:
        status: ``open``, ``all`` or a status.
        handler: empty for anybody's, ``me``, ``nobody``, or an agent's name.
        order: ``planned`` (by planned end, so the overdue first; without one last), ``newest``, or ``arrival``.
        text: words of a guest's name, mail address or telephone number.
    """

    status: str = "open"
    handler: str = ""
    order: str = "planned"
    text: str = ""


class InquiryRow(NamedTuple):
    """One line of a list.

    Attributes:
        children: how many.
        conversation: its newest conversation, None without one.
        unanswered: whether one of its conversations has an open turn; ``waiting_since``: since when the oldest of them is.
        scope: the stored word; empty for everyone.
    """

    id: int
    status: str
    title: str
    planned_end: date | None
    arrival: date | None
    departure: date | None
    period_from: date | None
    period_to: date | None
    nights: int | None
    adults: int | None
    children: int
    room: str
    destination: str
    handler: str
    scope: str
    conversation: int | None
    unanswered: bool
    created_at: datetime
    closed: bool
    cursor: Cursor
    waiting_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """A stretch of a list, in the list's order, and how long the list is."""

    rows: Sequence[InquiryRow]
    total: int


@dataclass(frozen=True, slots=True)
class MemoView:
    """An internal note, whole. ``mine``: the agent may change it (its author, a manager or an admin)."""

    id: int
    text: str
    author: str
    author_id: int | None
    created_at: datetime
    edited_at: datetime | None
    inquiry: int | None
    conversation: int | None
    guest: int | None
    mine: bool
    version: int
    reservation: int | None = None


@dataclass(frozen=True, slots=True)
class ReminderView:
    """A task with a due day of the property.

    Attributes:
        bucket: overdue, today, tomorrow or later.
        links: what it is about, as far as the agent may see it.
        rule: how it comes back, an RRULE; empty: once.
        repeats: the same in words.
        series: the first of its series; None: it is in none.
        promised: it was promised to the guest in a reply.
    """

    id: int
    title: str
    due: date
    bucket: str
    author: str
    assignee: str
    assignee_id: int | None
    department: str
    inquiry: int | None
    conversation: int | None
    guest: int | None
    created_at: datetime
    done_at: datetime | None
    done_by: str
    version: int
    department_id: int | None = None
    reservation: int | None = None
    links: tuple[ReminderLink, ...] = ()
    rule: str = ""
    repeats: str = ""
    series: int | None = None
    promised: bool = False


class ReminderLink(NamedTuple):
    """What a reminder is about. ``kind``: guest, reservation, inquiry or conversation; ``title``: what people call it."""

    kind: str
    id: int
    title: str


class NotesView(NamedTuple):
    """What agents keep beside a conversation, in short.

    Attributes:
        inquiry: the number of its inquiry, None without one; status, handler and planned end are the inquiry's.
        memos, reminders: how many there are on the conversation and on its inquiry; of reminders the open ones.
        overdue: how many of those reminders are overdue.
        memo: the newest memo's first words.
        guests: whose conversation it is; several who share the address, none of an unknown sender.
        archived: the numbers of those of them who were put away.
        sender: the address of the counterpart.
    """

    inquiry: int | None = None
    status: str = ""
    handler: str = ""
    planned_end: date | None = None
    closed: bool = False
    memos: int = 0
    reminders: int = 0
    overdue: int = 0
    memo: str = ""
    guests: tuple[GuestRow, ...] = ()
    sender: str = ""
    archived: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inquiry or self.memos or self.reminders)
