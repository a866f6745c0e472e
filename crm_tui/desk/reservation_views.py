"""What screens and commands see of reservations: frozen values, safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from crm_tui.base.i18n import N_
from crm_tui.desk.inquiry_views import InquiryGuestView
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
    """A leg; times are those of the airports' clocks, ``YYYY-MM-DDTHH:MM`` or empty."""

    id: int
    number: str
    from_airport: str
    to_airport: str
    departs: str
    arrives: str


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
