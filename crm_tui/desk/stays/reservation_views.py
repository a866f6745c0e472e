"""What screens and commands see of reservations: frozen values, safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from crm_tui.base.i18n import N_
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.requests.inquiry_views import InquiryGuestView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import LineKind, ReservationStatus

STATUSES = {
    ReservationStatus.OPTION.value: N_("option"),
    ReservationStatus.CONFIRMED.value: N_("confirmed"),
    ReservationStatus.CANCELLED.value: N_("cancelled"),
    ReservationStatus.COMPLETED.value: N_("completed"),
    ReservationStatus.NO_SHOW.value: N_("no-show"),
}
"""Each status in words, to be translated."""

LINES = {
    LineKind.DEPOSIT.value: N_("deposit"),
    LineKind.BALANCE.value: N_("balance"),
    LineKind.INSTALMENT.value: N_("instalment"),
}


class ReservationRow(NamedTuple):
    """A reservation in a list.

    Attributes:
        title: what is booked: product, destination or room.
        guest: the holder's name, else the paying company's.
        guests: how many.
    """

    id: int
    code: str
    status: str
    title: str
    arrival: date | None
    departure: date | None
    guest: str
    guests: int
    value: Money | None
    channel: str = ""
    operator: str = ""
    reference: str = ""


CURRENT, OPEN, EVERY = "current", "open", "all"
"""Which reservations a list shows beside those of one status: options and confirmed ones that have not ended; all options and
confirmed ones; all."""
ORDERS = ("arrival", "latest", "departure", "newest", "code")


@dataclass(frozen=True, slots=True)
class ReservationQuery:
    """Which reservations a list shows.

    Attributes:
        text: beginnings of words of code, reference, guests, company, destination, product, room or operator. Whoever looks
            for one by words means past ones too: ``current`` is then ``all``.
        status: :data:`CURRENT`, :data:`OPEN`, :data:`EVERY` or a status.
        channel, operator, destination: empty for any; words of the destination or their beginnings.
        arrival_from, arrival_to, departure_from, departure_to: the first and the last day of the stay or trip, inclusive.
        unpaid: only those of which something due is not covered.
        order: ``arrival`` (soonest first; without a day last), ``latest`` (the other way round), ``departure``, ``newest``
            (made last first) or ``code``.
    """

    text: str = ""
    status: str = CURRENT
    channel: str = ""
    operator: str = ""
    destination: str = ""
    arrival_from: date | None = None
    arrival_to: date | None = None
    departure_from: date | None = None
    departure_to: date | None = None
    unpaid: bool = False
    order: str = "arrival"

    @property
    def asked_status(self) -> str:
        """The status that is really asked for."""
        return EVERY if self.status == CURRENT and self.text.strip() else self.status

    @property
    def plain(self) -> bool:
        """Whether nothing is filtered; the order does not count."""
        return replace(self, order="arrival") == ReservationQuery()


class ReservationListRow(NamedTuple):
    """One line of the list.

    Attributes:
        guest: the holder's name, else the paying company's.
        guests: how many.
        title: what is booked.
        missing: what is not covered of all that is due, at any time; None where that is nothing.
        due: the earliest day of it.
    """

    id: int
    code: str
    status: str
    arrival: date | None
    departure: date | None
    guest: str
    guests: int
    adults: int | None
    children: int | None
    title: str
    value: Money | None
    missing: Money | None
    due: date | None
    channel: str
    operator: str
    cursor: Cursor
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ReservationPage:
    """A stretch of a list, in its order, and how long the list is."""

    rows: Sequence[ReservationListRow]
    total: int


@dataclass(frozen=True, slots=True)
class LineView:
    """A schedule line: what is due and when; ``reason``: why it is not as the terms say."""

    id: int
    kind: str
    due: date
    amount: Money
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """Money received, or given back (``kind`` refund); ``amount`` above nothing.

    Attributes:
        reversed_at: when it was taken back; ``reversal``: why.
        folio: the number of the row of the bill that it settles; None: the first.
        by: the agent who recorded it.
    """

    id: int
    kind: str
    day: date
    amount: Money
    method: str = ""
    reference: str = ""
    note: str = ""
    reversed_at: datetime | None = None
    reversal: str = ""
    folio: int | None = None
    by: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class FlightView:
    """A leg; times are those of the airports' clocks, ``YYYY-MM-DDTHH:MM`` or empty.

    Attributes:
        informed_at, informed_by: when the guests were told the times, and by whom; None: nobody told them.
        told_departs, told_arrives: the times that they were told.
    """

    id: int
    number: str
    from_airport: str
    to_airport: str
    departs: str
    arrives: str
    informed_at: datetime | None = None
    informed_by: str = ""
    told_departs: str = ""
    told_arrives: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class ReservationView:
    """A reservation, whole.

    Attributes:
        company: number and name of the company that pays; None: none does.
        inquiry: the one it came from, if the agent may see it.
        guests: the holder first.
        paid: payments less refunds; None without a currency.
    """

    id: int
    code: str
    reference: str
    status: str
    channel: str
    operator: str
    product: str
    destination: str
    room: str
    booked: date | None
    arrival: date | None
    departure: date | None
    adults: int | None
    children: int | None
    value: Money | None
    currency: str
    company: tuple[int, str] | None
    inquiry: int | None
    remarks: str
    guests: tuple[InquiryGuestView, ...]
    schedule: tuple[LineView, ...]
    payments: tuple[PaymentView, ...]
    flights: tuple[FlightView, ...]
    created_at: datetime
    created_by: str
    updated_at: datetime
    version: int

    @property
    def holder(self) -> InquiryGuestView | None:
        """The one whose reservation it is."""
        return next((one for one in self.guests if one.holder), None)

    @property
    def nights(self) -> int | None:
        """From the first day to the last."""
        return (self.departure - self.arrival).days if self.arrival and self.departure else None

    @property
    def title(self) -> str:
        """What is booked."""
        return " · ".join(part for part in (self.product, self.destination, self.room) if part)

    @property
    def paid(self) -> Money | None:
        """Payments less refunds; those taken back do not count."""
        if not self.currency:
            return None
        signs = {"payment": 1, "refund": -1}
        held = [one for one in self.payments if one.reversed_at is None]
        return Money(sum(signs[one.kind] * one.amount.amount for one in held), self.currency)
