"""How an inquiry is told in a few words: status, days, party, money, who sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from rich.cells import cell_len

from crm_tui.base.i18n import _, language
from crm_tui.desk.common.words import said
from crm_tui.desk.requests.inquiry_views import CHANNELS, STATUSES, InquiryView, ScopeView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import InquiryStatus
from crm_tui.widgets.days import day, nights, span, written
from crm_tui.widgets.styled import Part

LOOKS: dict[str, tuple[str, str]] = {
    InquiryStatus.NEW: ("●", "key"),
    InquiryStatus.IN_PROGRESS: ("◐", "accent"),
    InquiryStatus.OFFER_SENT: ("↗", "accent"),
    InquiryStatus.WAITING: ("…", "muted"),
    InquiryStatus.BOOKED: ("✔", "good"),
    InquiryStatus.LOST: ("✕", "muted"),
    InquiryStatus.CANCELLED: ("–", "muted"),
}
"""Sign and style of each status; the words stand beside them where there is room."""

PROPOSED = "◂"
"""The sign of what was read in a mail and nobody has confirmed yet."""

HOLDER = "★"

STATUS_KEYS = {
    "n": InquiryStatus.NEW,
    "p": InquiryStatus.IN_PROGRESS,
    "o": InquiryStatus.OFFER_SENT,
    "w": InquiryStatus.WAITING,
    "b": InquiryStatus.BOOKED,
    "l": InquiryStatus.LOST,
    "c": InquiryStatus.CANCELLED,
}
"""The letters of the status menu."""


class Stay(Protocol):
    """What rows and views say about the days of a stay."""

    @property
    def arrival(self) -> date | None: ...
    @property
    def departure(self) -> date | None: ...
    @property
    def period_from(self) -> date | None: ...
    @property
    def period_to(self) -> date | None: ...
    @property
    def nights(self) -> int | None: ...


def status_word(status: str) -> str:
    """A status in the agent's language."""
    return said(STATUSES, status)


def status_parts(status: str, *, word: bool = True) -> list[Part]:
    """Sign and word of a status."""
    sign, style = LOOKS.get(status, ("?", "warn"))
    return [(f"{sign} {status_word(status)}" if word else sign, style)]


def channel_word(channel: str) -> str:
    """A channel in the agent's language."""
    return said(CHANNELS, channel)


def stay(one: Stay, today: date, width: int = 0) -> str:
    """The days of a stay: ``12–15 Jul, 3 n``; a flexible period has ``~`` before it. Empty if nothing is known.

    Args:
        width: cells that it must fit in; the nights are left out if it would not. 0: any.
    """
    if one.arrival or one.departure:
        count = (one.departure - one.arrival).days if one.arrival and one.departure else one.nights
        words = span(one.arrival, one.departure, today)
    else:
        count, words = one.nights, span(one.period_from, one.period_to, today)
        words = f"~ {words}" if words else ""
    whole = ", ".join(part for part in (words, nights(count) if count else "") if part)
    return words if width and words and cell_len(whole) > width else whole


def party(adults: int | None, children: int) -> str:
    """The party: ``2+1``; empty if unknown."""
    if adults is None and not children:
        return ""
    return f"{'?' if adults is None else adults}" + (f"+{children}" if children else "")


def ages(children: Sequence[int | None]) -> str:
    """The children's ages, as the form takes them: ``4, 7``; ``?`` where one is unknown."""
    return ", ".join("?" if age is None else str(age) for age in children)


def amount(money: Money | None) -> str:
    """An amount in the agent's way; empty without one."""
    return money.written(language()) if money is not None else ""


def typed_amount(money: Money | None) -> str:
    """An amount as a form shows it: in the agent's way where that is read as the same, else with the currency's code."""
    if money is None:
        return ""
    from crm_tui.rules.money import AmountFault, currency_of, decimal_sign, minor_units, plainly, read

    try:
        number, currency = read(amount(money))
        same = currency_of(currency) == money.currency and minor_units(number, money.currency) == money.amount
    except AmountFault:
        same = False
    return amount(money) if same else f"{plainly(money, decimal_sign(language()))} {money.currency}"


def scope_words(scope: ScopeView) -> str:
    """Who sees an inquiry, in one or two words."""
    words = {
        "everyone": _("everyone"),
        "me": _("only me"),
        "department": _("my department"),
    }.get(scope.kind)
    return words or _("only {name}").format(name=scope.name)


def plan_parts(planned_end: date | None, today: date, *, closed: bool = False, label: bool = False) -> list[Part]:
    """The planned end: a day, with ``!`` where it is over and the inquiry still open."""
    if planned_end is None:
        return []
    words = day(planned_end, today)
    if label:
        words = _("plan {day}").format(day=words)
    if closed:
        return [(words, "muted")]
    if planned_end < today:
        return [(f"! {words}", "warn strong")]
    return [(words, "accent" if planned_end == today else "")]


def said_value(view: InquiryView, name: str) -> str:
    """A field of an inquiry as it is read."""
    value = getattr(view, name)
    if isinstance(value, date):
        return written(value)
    if isinstance(value, Money):
        return amount(value)
    if name == "scope":
        return scope_words(view.scope)
    words = {"status": status_word, "channel": channel_word}.get(name)
    if words is not None:
        return words(str(value))
    return ages(value) if name == "children" else "" if value is None else str(value)


def named(number: int, title: str) -> str:
    """An inquiry in a sentence: its number and whose it is."""
    return _("inquiry {number} ({title})").format(number=number, title=title) if title else str(number)
