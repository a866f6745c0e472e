"""How schedules and amounts are told on screens."""

from __future__ import annotations

from datetime import date

from crm_tui.base.i18n import _, language
from crm_tui.desk.money.money_views import KINDS, STATES, LineState, ScheduleView
from crm_tui.desk.stays.reservation_views import LINES
from crm_tui.rules.money import Money
from crm_tui.widgets.days import written
from crm_tui.widgets.styled import Part

STATE_LOOKS = {
    LineState.COVERED.value: ("✔", "good"),
    LineState.OVERDUE.value: ("!", "bad"),
    LineState.DUE.value: ("●", "warn"),
    LineState.OPEN.value: ("○", "muted"),
}
"""Sign and style of each state: never colour alone."""


def amount(money: Money) -> str:
    """An amount in the agent's language."""
    return money.written(language()) if money.currency else str(money.amount)


def line_kind(kind: str) -> str:
    """What a line is, in words."""
    return _(LINES.get(kind, kind))


def payment_kind(kind: str) -> str:
    """A payment or a refund, in words."""
    return _(KINDS.get(kind, kind))


def state_words(state: str) -> str:
    """How a line stands, in words."""
    return _(STATES[state])


def day_words(day: date) -> str:
    """A day, short."""
    return written(day)


def sums_parts(view: ScheduleView) -> list[Part]:
    """What was asked, what came, what is missing: one line."""
    parts: list[Part] = [(f" {_('Price')} {amount(view.price)} · {_('paid')} {amount(view.paid)}", "")]
    if view.missing_deposit.amount:
        parts.append((f" · Z {amount(view.missing_deposit)}", "warn"))
    if view.missing_balance.amount:
        parts.append((f" · D {amount(view.missing_balance)}", "warn"))
    if view.overpaid.amount:
        parts.append((" · " + _("overpaid {amount}").format(amount=amount(view.overpaid)), "accent"))
    if view.lines and not (view.missing_deposit.amount or view.missing_balance.amount):
        parts.append((" · " + _("all covered"), "good"))
    return parts


def differs_words(view: ScheduleView) -> str:
    """That the lines do not total the value; empty if they do."""
    if view.differs is None or view.value is None:
        return ""
    facts = {"price": amount(view.price), "value": amount(view.value)}
    return _("The lines total {price}, but the value is {value}.").format(**facts)
