"""What is wrong with a share, a percentage or an amount on a folio, as a sentence."""

from __future__ import annotations

from crm_tui.base.errors import Conflict, CrmError, InvalidInput
from crm_tui.base.i18n import _, language
from crm_tui.desk.requests.inquiry_faults import sentence
from crm_tui.mail.text import display_text
from crm_tui.rules.folios import MOST, FolioFault
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.money import AmountFault, Money, currency_of, decimal_sign, read, typed_units


class NotSettled(Conflict):
    """A folio is to be closed and its balance is not nothing; ``sure`` closes it all the same."""


class ClosedFolio(Conflict):
    """A closed folio never changes; a posting on it is taken back by a reversal on another."""


def told(fault: FolioFault, amount: Money, field: str = "") -> CrmError:
    """The failure to raise for a fault; ``amount``: of the posting that it is about."""
    given = display_text(fault.given)[:40]
    if fault.kind == "closed":
        return no_open()
    if fault.kind in ("reversal", "reversed"):
        return Conflict(
            _("This posting was taken back already.")
            if fault.kind == "reversed"
            else _("This posting takes another back."),
            _("Post what is right as a new posting."),
        )
    if fault.kind in ("total", "sign") and given:
        given = str(Money(int(given), amount.currency))
    if fault.kind == "percents":
        given = f"{int(given) / 100:g}"
    texts = {
        "parts": _("A posting is split into 2 to {most} parts."),
        "nothing": _("{amount} cannot be split like that: a part would be nothing."),
        "sign": _("A part of {amount} cannot be {given}."),
        "total": _("The parts make up {given}, not {amount}."),
        "percent": _("“{given}” is no percentage that fits here."),
        "percents": _("The parts make up {given} %, not 100 %."),
    }
    text = texts[fault.kind].format(given=given, amount=amount, most=MOST)
    return InvalidInput(text, field=field or "parts")


def no_open() -> ClosedFolio:
    """All folios of a reservation are closed."""
    return ClosedFolio(_("All folios of this reservation are closed."), _("Make a new folio first."))


def read_amount(text: str, currency: str, *, field: str = "amount") -> Money:
    """The money of ``12,50``, ``-1.200,00 EUR`` or ``1,200.00``; without a currency it is of the one given.

    One lone sign with three digits behind it is read by the agent's format.

    Raises:
        InvalidInput: it is no amount, nothing, or there is no currency; ``field`` names where.
    """
    try:
        return _read(text, currency)
    except AmountFault as fault:
        raise InvalidInput(sentence(Fault(field, fault.kind, fault.given)), field=field) from None


def _read(text: str, currency: str) -> Money:
    clean = display_text(text).strip()
    below = clean[:1] in ("-", "−")
    number, named = read(clean[1:] if below else clean)
    if number[:1] in ("-", "−"):  # the currency stands before the sign
        below, number = True, number[1:]
    unit = named or (currency_of(currency) if currency else "")
    if not unit:
        raise AmountFault("no currency", number)
    amount = typed_units(number, unit, decimal_sign(language()))
    if not amount:
        raise AmountFault("amount", clean)
    return Money(-amount if below else amount, unit)
