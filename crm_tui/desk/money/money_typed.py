"""Amounts, days and methods as agents type them, or a sentence that says what is wrong with them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, language
from crm_tui.data.columns import columns
from crm_tui.data.tables import Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.storable import storable
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.money.money_views import METHODS
from crm_tui.desk.requests.inquiry_faults import sentence
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.money import LARGEST, AmountFault, Money, decimal_sign, plainly, read, typed_units

LONGEST_METHOD = 60
LONGEST_NOTE = 2000
_P = columns(Property)


def amount(given: str | int, currency: str, field: str = "amount") -> int:
    """Minor units above 0 of an amount in the reservation's currency, typed in the agent's format or in minor units.

    Raises:
        InvalidInput: it is no amount, nothing or less, too precise, or in another currency.
    """
    try:
        units = given if isinstance(given, int) else _read(given, currency)
        if units < 0:
            raise AmountFault("negative", str(given))
        if units > LARGEST:
            raise AmountFault("large", str(given))
    except AmountFault as fault:
        kind = "amount" if fault.kind == "currency" and not fault.given else fault.kind
        raise InvalidInput(sentence(Fault(field, kind, fault.given)), field=field) from None
    if not units:
        raise InvalidInput(_("The amount must be above nothing."), field=field)
    return units


def _read(text: str, currency: str) -> int:
    number, written = read(text)
    if written and written != currency:
        raise InvalidInput(
            _("This is in {given}, but the reservation is in {currency}.").format(given=written, currency=currency),
            _("Change it into {currency} first, or book it on another reservation.").format(currency=currency),
            "amount",
        )
    return typed_units(number, currency, decimal_sign(language()))


def as_typed(money: Money) -> str:
    """An amount as the agent would type it: what a field is filled with."""
    return plainly(money, decimal_sign(language()))


def past_day(given: date | str | None, today: date, field: str = "day") -> date:
    """A day on which something was paid; None or empty: today.

    Raises:
        InvalidInput: it is no day, or lies ahead or very far back.
    """
    found = some_day(given, today, field) if given else today
    if found > today:
        raise InvalidInput(_("A payment has happened: its day cannot lie ahead."), field=field)
    if found.year < today.year - 20:
        raise InvalidInput(_("That is more than twenty years ago."), field=field)
    return found


def some_day(given: date | str, today: date, field: str = "due") -> date:
    """A day, from words as well.

    Raises:
        InvalidInput: it is none.
    """
    if isinstance(given, date):
        return given
    try:
        return read_day_words(given, today)
    except DayFault as fault:
        raise InvalidInput(sentence(Fault(field, fault.kind, fault.given)), field=field) from None


def method(given: str) -> str:
    """How it was paid: the code of a known word in any of its spellings, else the text itself.

    Raises:
        InvalidInput: it is too long.
    """
    clean = line(given, "method", LONGEST_METHOD)
    wanted = fold_text(clean)
    for code, words in METHODS.items():
        if wanted in (code, fold_text(words), fold_text(_(words))):
            return code
    return clean


def line(given: str, field: str, longest: int) -> str:
    """A text on one line, as it is stored.

    Raises:
        InvalidInput: it is too long.
    """
    clean = " ".join(display_text(storable(given)).split())
    if len(clean) > longest:
        raise InvalidInput(sentence(Fault(field, "long", limit=longest)), field=field)
    return clean


def property_currency(connection: Connection) -> str:
    """The currency of the property."""
    return str(connection.execute(select(_P.currency).order_by(_P.id).limit(1)).scalar() or "")


def today_of(ctx: Context) -> date:
    """The property's day."""
    with ctx.store.connect() as connection:
        return ctx.clock.now().astimezone(zone(connection)).date()
