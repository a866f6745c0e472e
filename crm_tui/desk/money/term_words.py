"""Terms and their lines in the agent's language, and as one types them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, language, ngettext
from crm_tui.desk.money import money_typed
from crm_tui.desk.money.money_views import ANCHORS, TermView
from crm_tui.desk.requests.inquiry_faults import sentence
from crm_tui.desk.stays.reservation_views import LINES
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.money import AmountFault, currency_of, decimal_sign, read, typed_units
from crm_tui.rules.schedule import ScheduleFault, TermLine
from crm_tui.rules.vocabulary import Anchor, LineKind

_SHARE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,4})?)\s*%?\s*")


def percent_words(hundredths: int) -> str:
    """A percentage: ``33.34 %``, in the agent's decimal sign."""
    text = f"{Decimal(hundredths) / 100:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text.replace('.', decimal_sign(language()))} %"


def share_words(line: TermView) -> str:
    """What a line is of: a percentage or an amount."""
    return line.amount.written(language()) if line.amount is not None else percent_words(line.percent or 0)


def when_words(anchor: str, days: int) -> str:
    """When a line is due: *30 days before arrival*."""
    if days == 0:
        words = {
            Anchor.BOOKING: _("at booking"),
            Anchor.ARRIVAL: _("on the day of arrival"),
            Anchor.DEPARTURE: _("on the day of departure"),
        }
        return words[Anchor(anchor)]
    if days < 0:
        words = {
            Anchor.BOOKING: ngettext("{n} day before booking", "{n} days before booking", -days),
            Anchor.ARRIVAL: ngettext("{n} day before arrival", "{n} days before arrival", -days),
            Anchor.DEPARTURE: ngettext("{n} day before departure", "{n} days before departure", -days),
        }
    else:
        words = {
            Anchor.BOOKING: ngettext("{n} day after booking", "{n} days after booking", days),
            Anchor.ARRIVAL: ngettext("{n} day after arrival", "{n} days after arrival", days),
            Anchor.DEPARTURE: ngettext("{n} day after departure", "{n} days after departure", days),
        }
    return words[Anchor(anchor)].format(n=abs(days))


def line_words(line: TermView) -> str:
    """A line of terms: *deposit 30 %, 7 days after booking*."""
    return _("{kind} {share}, {when}").format(
        kind=_(LINES[line.kind]), share=share_words(line), when=when_words(line.anchor, line.days)
    )


def lines_words(lines: Sequence[TermView]) -> str:
    """All lines, on one line."""
    return "; ".join(line_words(one) for one in lines)


def fault_words(fault: ScheduleFault) -> str:
    """Why terms make no schedule."""
    given = display_text(fault.given)
    if fault.kind == "percent":
        return _("The percentages total {given}; they must total 100 %.").format(given=percent_words(int(fault.given)))
    if fault.kind in ("kind", "anchor"):
        words = LINES if fault.kind == "kind" else ANCHORS
        return _("“{given}” is none of: {names}.").format(
            given=given, names=", ".join(_(one) for one in words.values())
        )
    texts = {
        "empty": _("There are no payment terms yet."),
        "line": _("A line is of a percentage or of an amount."),
        "amount": _("A line must be of more than nothing, and of at most 100 %."),
        "days": _("{given} days are too far.").format(given=given),
        "value": _("The reservation has no value yet."),
        "arrival": _("The terms go by the arrival, and that is not known yet."),
        "departure": _("The terms go by the departure, and that is not known yet."),
        "currency": _("The terms name an amount in {given}, which is not the reservation's currency.").format(
            given=given
        ),
    }
    return texts[fault.kind]


def read_line(kind: str, share: str, anchor: str, days: str, currency: str) -> TermLine:
    """A line of terms as it is typed: ``30 %`` or ``200 EUR``; ``-30`` days.

    Args:
        kind, anchor: a code, or its word in the agent's language.
        currency: of an amount without one.

    Raises:
        InvalidInput: something cannot be read; ``field`` says which: kind, share, anchor, days.
    """
    percent, amount, code = _share(share, currency)
    try:
        offset = int((days or "0").replace("−", "-").replace(" ", ""))
    except ValueError:
        raise InvalidInput(sentence(Fault("days", "number", days)), field="days") from None
    return TermLine(_word(kind, LINES, LineKind), percent, amount, _word(anchor, ANCHORS, Anchor), offset, code)


def _word(given: str, words: dict[str, str], known: type[LineKind] | type[Anchor]) -> str:
    wanted = fold_text(display_text(given)).strip()
    for code, word in words.items():
        if wanted and wanted in (code, fold_text(word), fold_text(_(word))):
            return code
    field = "kind" if known is LineKind else "anchor"
    raise InvalidInput(fault_words(ScheduleFault(field, given)), field=field)


def _share(text: str, currency: str) -> tuple[int | None, int | None, str]:
    found = _SHARE.fullmatch(text)
    if found is not None and "%" in text:
        try:
            hundredths = Decimal(found[1].replace(",", ".")) * 100
        except InvalidOperation:
            hundredths = Decimal(0)
        if hundredths != hundredths.to_integral_value():
            raise InvalidInput(_("A percentage has two decimals at most."), field="share")
        return int(hundredths), None, ""
    if "%" in text or not text.strip():
        raise InvalidInput(_("Write a percentage like 30 % or an amount like 200 EUR."), field="share")
    try:
        number, written = read(text)
        code = currency_of(written or currency)
        return None, typed_units(number, code, decimal_sign(language())), code
    except AmountFault as fault:
        kind = "no currency" if fault.kind == "currency" and not fault.given else fault.kind
        raise InvalidInput(sentence(Fault("share", kind, fault.given)), field="share") from None


def typed_share(line: TermView) -> str:
    """A line's share as one types it."""
    if line.amount is not None:
        return f"{money_typed.as_typed(line.amount)} {line.amount.currency}"
    return percent_words(line.percent or 0)
