"""A period asked for: a letter for those with a name, or two days as one types them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from textual.app import App

from crm_tui.base.i18n import N_, _
from crm_tui.rules.days import DayFault
from crm_tui.rules.periods import Period, PeriodFault, named_period, read_period
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.widgets.days import full_day, short_span
from crm_tui.widgets.times import month_of

_NAMED = (
    ("t", "today", N_("today")),
    ("y", "yesterday", N_("yesterday")),
    ("w", "week", N_("this week")),
    ("W", "last week", N_("last week")),
    ("m", "month", N_("this month")),
    ("M", "last month", N_("last month")),
    ("a", "year", N_("this year")),
    ("A", "last year", N_("last year")),
)
_OWN = "own"
_DAY = timedelta(days=1)


def choose_period(
    app: App[Any], title: str, given: Period | None, today: date, done: Callable[[Period], object]
) -> None:
    """Ask for a period; ``done`` gets it, or nothing happens.

    Args:
        title: what it is asked for, as the menu's title.
        given: what stands in the line for other days.
    """
    choices = [Choice(key, _(label), name, words(named_period(name, today), today)) for key, name, label in _NAMED]
    choices.append(Choice("d", _("other days, from – to…"), _OWN))

    def typed(text: str | None) -> None:
        if text:
            done(read_period(text, today))

    def chosen(name: str | None) -> None:
        if name == _OWN:
            app.push_screen(_ask(title, given, today), typed)
        elif name:
            done(named_period(name, today))

    app.push_screen(LeaderMenu(title, choices), chosen)


def _ask(title: str, given: Period | None, today: date) -> AskLine:
    def judge(text: str) -> tuple[str, str]:
        if not text.strip():
            return "", _("Which days?")
        try:
            found = read_period(text, today)
        except PeriodFault as fault:
            return "", _("It ends before it starts.") if fault.kind == "order" else _("That is no period.")
        except (DayFault, OverflowError):
            return "", _("One of these days is none.")
        return f"{full_day(found.start)} – {full_day(found.end)}", ""

    shown = f"{_written(given.start)} – {_written(given.end)}" if given is not None else ""
    return AskLine(title, shown, hint=_("1.5. – 15.5., 2026-10, last week"), judge=judge)


def _written(day: date) -> str:
    """A day as one types it: read again whatever the language is."""
    return f"{day.day}.{day.month}.{day.year}"


def words(period: Period, today: date) -> str:
    """A period as short as it is clear: ``Sat 21 Nov 2026``, ``Nov 2026``, ``2026``, ``1–15 Nov``."""
    if period.start == period.end:
        return full_day(period.start)
    if period == named_period("year", period.start):
        return str(period.start.year)
    if period == named_period("month", period.start):
        return month_of(period.start)
    return short_span(period.start, period.end, today)


def neighbour(period: Period, by: int) -> Period:
    """The period before (-1) or after (1): beside a whole month, quarter or year stands another whole one.

    Raises:
        OverflowError: there are no such days.
    """
    for name in ("month", "quarter", "year"):
        if period == named_period(name, period.start):
            return named_period(name, period.start - _DAY if by < 0 else period.end + _DAY)
    span = _DAY * len(period) * by
    return Period(period.start + span, period.end + span)
