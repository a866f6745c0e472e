"""What the form of a reservation asks of the desk. Everything here blocks: it is called in threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import language
from crm_tui.desk.stays.reservation_views import ReservationView

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.stays.booking import Offered


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a form begins with.

    Attributes:
        view: the reservation that is changed; None: a new one.
        offered: what is known of a new one.
        operators: the names of the tour operators.
        currency: the property's.
    """

    view: ReservationView | None
    offered: Offered | None
    operators: Sequence[str]
    currency: str


def load(ctx: Context, number: int | None, inquiry: int | None, conversation: int | None, guest: int | None) -> Loaded:
    """Read it; and what reading amounts needs is loaded here, so that typing does not wait for it.

    Raises:
        NotFound: what the form is about is not there.
    """
    from crm_tui.desk.stays.booking import BookedGuest, Offered
    from crm_tui.rules.money import exponent

    exponent("EUR")
    offered: Offered | None = None
    if inquiry is not None:
        offered = desk.booking.from_inquiry(ctx, inquiry)
    elif conversation is not None:
        offered = desk.booking.from_conversation(ctx, conversation)
    elif guest is not None:
        found = desk.guests.get(ctx, guest)
        company = found.kind == "company"
        people = () if company else (BookedGuest(found.id, found.name, True),)
        offered = Offered({"company": (found.id, found.name)} if company else {}, people)
    house = desk.setup.current_property(ctx)
    view = desk.reservations.get(ctx, number) if number is not None else None
    return Loaded(view, offered, desk.reservation_lists.operators(ctx), house.currency if house is not None else "")


def faults(values: Mapping[str, Any], today: date, view: ReservationView | None) -> dict[str, tuple[str, str]]:
    """What is wrong with a form: kind and sentence by field. Quick, no store: called while typing."""
    from crm_tui.desk.requests.inquiry_faults import sentence
    from crm_tui.rules.money import decimal_sign
    from crm_tui.rules.reservation_checks import FIELDS, check

    before: dict[str, Any] = {}
    if view is not None:
        before = {name: getattr(view, name) for name in ("arrival", "departure", "currency")}
        before["value"] = view.value.amount if view.value is not None else None
    given = {name: value for name, value in values.items() if name in FIELDS}
    found = check(given, today, before, decimal=decimal_sign(language())).faults.values()
    return {_field(fault.field): (fault.kind, sentence(fault)) for fault in found}


def _field(name: str) -> str:
    """The form has one field for an amount and its currency."""
    return "value" if name == "currency" else name
