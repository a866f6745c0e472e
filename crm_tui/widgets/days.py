"""Days as people at a reception read them: ``12 Jul``, ``12–15 Jul, 3 n``."""

from __future__ import annotations

from datetime import date

from crm_tui.base.i18n import _, ngettext
from crm_tui.widgets.times import DAYS, MONTHS

NEAR = 300
"""A day that is closer than so many days needs no year: nobody takes it for one of another."""


def day(on: date, today: date) -> str:
    """Day and month; the year where it could be mistaken."""
    words = _("{day} {month}").format(day=on.day, month=_(MONTHS[on.month - 1]))
    return words if abs((on - today).days) < NEAR else f"{words} {on.year}"


def weekday(on: date) -> str:
    """``Sat``."""
    return _(DAYS[on.weekday()])


def full_day(on: date) -> str:
    """The whole of it: ``Sat 12 Jul 2026``."""
    return f"{_(DAYS[on.weekday()])} {on.day} {_(MONTHS[on.month - 1])} {on.year}"


def written(on: date) -> str:
    """A day as a form shows it and reads it again: ``12 Jul 2026``."""
    return f"{on.day} {_(MONTHS[on.month - 1])} {on.year}"


def distance(on: date, today: date) -> str:
    """How far away a day is, in words."""
    days = (on - today).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if days > 0:
        return ngettext("in {n} day", "in {n} days", days).format(n=days)
    return ngettext("{n} day ago", "{n} days ago", -days).format(n=-days)


def span(first: date | None, last: date | None, today: date) -> str:
    """From one day to another: the month once if it is the same; empty without either."""
    if first is None or last is None:
        one = first or last
        if one is None:
            return ""
        return (_("from {day}") if first else _("until {day}")).format(day=day(one, today))
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, today)}"
    start = day(first, today if first.year != last.year else first)
    return f"{start} – {day(last, today)}"


def short_span(first: date, last: date, today: date) -> str:
    """From one day to another in 20 cells at most: the year once, at the end, and only where it could be mistaken."""
    if first == last or (first.year, first.month) == (last.year, last.month):
        return day(last, today) if first == last else f"{first.day}–{day(last, today)}"
    return f"{day(first, first)} – {day(last, today)}"


def nights(count: int) -> str:
    """A number of nights, short: ``3 n``."""
    return _("{n} n").format(n=count)
