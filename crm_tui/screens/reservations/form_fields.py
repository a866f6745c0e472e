"""The fields of a reservation's form, in the order they are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.containers import Container, Vertical
from textual.widget import Widget

from crm_tui.base.i18n import N_, _
from crm_tui.desk.stays.reservation_views import STATUSES, ReservationView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import Channel, ReservationStatus
from crm_tui.screens.inquiries.fields import Heading, channels
from crm_tui.screens.inquiries.words import channel_word, typed_amount
from crm_tui.screens.reservations.people_field import CompanyField, PeopleField
from crm_tui.screens.reservations.words import status_word
from crm_tui.widgets.forms import Choice, DayField, LinesField, PickField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.stays.booking import BookedGuest

Judge = Callable[[str], Callable[[Any], str]]
"""Given a field's name, its check."""

NAMES = {
    "status": N_("Status"),
    "code": N_("Code"),
    "reference": N_("Reference"),
    "channel": N_("Channel"),
    "operator": N_("Operator"),
    "product": N_("Product"),
    "destination": N_("Destination"),
    "room": N_("Room"),
    "booked": N_("Booked on"),
    "arrival": N_("Arrival"),
    "departure": N_("Departure"),
    "adults": N_("Adults"),
    "children": N_("Children"),
    "value": N_("Value"),
    "company": N_("Company pays"),
    "guests": N_("Guests"),
    "remarks": N_("Remarks"),
}
"""What the fields are called."""


def people_of(view: ReservationView | None) -> tuple[BookedGuest, ...]:
    """The guests of a reservation as the form holds them."""
    from crm_tui.desk.stays.booking import BookedGuest

    return tuple(BookedGuest(one.id, one.name, one.holder) for one in view.guests) if view is not None else ()


def reservation_fields(view: ReservationView | None, today: Callable[[], date], judge: Judge) -> Widget:
    """The rows of the form; a wide desk has two groups beside each other."""
    pairs = ((_stay(view, today, judge), _source(view, today, judge)), (_money(view, judge), _notes(view)))
    return Container(
        *(Container(Vertical(*left), Vertical(*right), classes="pair") for left, right in pairs), id="groups"
    )


def _day(view: ReservationView | None, name: str, today: Callable[[], date], judge: Judge, help: str) -> DayField:
    value = getattr(view, name) if view else None
    return DayField(name, _(NAMES[name]), value, today=today, help=help, checks=(judge(name),))


def _line(view: ReservationView | None, name: str, judge: Judge, help: str = "", *, short: bool = False) -> TextField:
    stored = getattr(view, name) if view else None
    text = typed_amount(stored) if isinstance(stored, Money) else "" if stored is None else str(stored)
    return TextField(name, _(NAMES[name]), text, help=help, checks=(judge(name),), classes="-short" if short else None)


def _stay(view: ReservationView | None, today: Callable[[], date], judge: Judge) -> list[Widget]:
    write = _("Write 12.7., 12 jul, fri, tomorrow or +3; without a year it is the next one.")
    return [
        Heading(_("Stay or trip"), first=True),
        PeopleField(
            "guests", _(NAMES["guests"]), people_of(view), help=_("Letters find or add one; Enter shows them: h holder.")
        ),
        _day(view, "arrival", today, judge, write),
        _day(view, "departure", today, judge, _("The last day: of leaving, or of the way home.")),
        _line(view, "adults", judge, short=True),
        _line(view, "children", judge, _("How many."), short=True),
        _line(view, "room", judge, _("The property's room, such as 204.")),
        _line(view, "product", judge, _("What is booked of an operator, such as the hotel or the tour.")),
        _line(view, "destination", judge, _("Where to, if it is a trip.")),
    ]  # fmt: skip


def _source(view: ReservationView | None, today: Callable[[], date], judge: Judge) -> list[Widget]:
    status = view.status if view else ReservationStatus.CONFIRMED.value
    channel = view.channel if view else Channel.DIRECT.value
    return [
        Heading(_("Booking")),
        PickField("status", _(NAMES["status"]), _statuses, status, labels=status_word),
        PickField("channel", _(NAMES["channel"]), channels, channel, labels=channel_word),
        _line(view, "operator", judge, _("A tour operator; → takes the name that is offered, another name is added.")),
        _line(view, "code", judge, _("What people call it; without one it gets one.")),
        _line(view, "reference", judge, _("Its key in a booking system, if it has one.")),
        _day(view, "booked", today, judge, _("The day it was booked; payments may be due relative to it.")),
    ]


def _money(view: ReservationView | None, judge: Judge) -> list[Widget]:
    company = view.company if view else None
    return [
        Heading(_("Money")),
        _line(view, "value", judge, _("With its currency, such as 1200 EUR; alone it is in the house's.")),
        CompanyField("company", _(NAMES["company"]), company, help=_("Letters find it, Delete takes it off.")),
    ]


def _notes(view: ReservationView | None) -> list[Widget]:
    return [
        Heading(_("Notes")),
        LinesField("remarks", _(NAMES["remarks"]), view.remarks if view else "", help=_("For the house; never sent.")),
    ]


def _statuses() -> Sequence[Choice]:
    return [Choice(one, status_word(one)) for one in STATUSES]
