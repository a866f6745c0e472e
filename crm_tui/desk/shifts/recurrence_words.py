"""A recurrence in words, as it can also be typed (:mod:`crm_tui.rules.recurrence_words`), and what is wrong with one."""

from __future__ import annotations

from datetime import date

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, language, ngettext
from crm_tui.mail.text import display_text
from crm_tui.rules.recurrence import LAST_DAY, Recurrence, RecurrenceFault, read_rule
from crm_tui.rules.recurrence_words import read_recurrence


def read(text: str, today: date) -> Recurrence | None:
    """What an agent typed; None: it does not come back.

    Raises:
        InvalidInput: it is not understood; ``field`` is ``repeats``.
    """
    try:
        return read_recurrence(display_text(text), today)
    except RecurrenceFault as fault:
        raise InvalidInput(
            _sentence(fault), _("Write it like: every Monday, every 2 weeks, monthly on the 15th."), "repeats"
        ) from None


def _sentence(fault: RecurrenceFault) -> str:
    given = display_text(fault.given)[:60]
    texts = {
        "day": _("A month has no such day: {given}."),
        "number": _("{given}: that is too many, or none at all."),
        "until": _("{given}: until when? Write a day to come, like until 31.12."),
    }
    return texts.get(fault.kind, _("“{given}” does not say how it comes back.")).format(given=given)


def words_of(rule: str) -> str:
    """An RRULE in words; empty for none, and for one that another program wrote and this one does not know."""
    if not rule:
        return ""
    try:
        return words(read_rule(rule))
    except RecurrenceFault:
        return display_text(rule)


def words(found: Recurrence) -> str:
    """A recurrence in words."""
    text = {"daily": _daily, "weekly": _weekly, "monthly": _monthly, "yearly": _yearly}[found.every](found)
    if found.until is not None:
        text += " " + _("until {day}").format(day=found.until.isoformat())
    if found.times:
        text += " " + ngettext("{n} times", "{n} times", found.times).format(n=found.times)
    return text


def _daily(found: Recurrence) -> str:
    return ngettext("every day", "every {n} days", found.apart).format(n=found.apart)


def _weekly(found: Recurrence) -> str:
    if found.apart == 1 and found.weekdays == (0, 1, 2, 3, 4):
        return _("every workday")
    if not found.weekdays:
        return ngettext("every week", "every {n} weeks", found.apart).format(n=found.apart)
    days = ", ".join(_weekday(one) for one in found.weekdays)
    if found.apart == 1:
        return _("every {days}").format(days=days)
    return ngettext("every {n} week on {days}", "every {n} weeks on {days}", found.apart).format(
        n=found.apart, days=days
    )


def _monthly(found: Recurrence) -> str:
    often = ngettext("every month", "every {n} months", found.apart).format(n=found.apart)
    if found.day == LAST_DAY:
        return _("{often} on the last day").format(often=often)
    return _("{often} on the {day}.").format(often=often, day=found.day) if found.day else often


def _yearly(found: Recurrence) -> str:
    often = ngettext("every year", "every {n} years", found.apart).format(n=found.apart)
    if not found.month:
        return often
    from babel.dates import get_month_names

    month = get_month_names("wide", locale=language())[found.month]
    if found.day == LAST_DAY:
        return _("{often} on the last day of {month}").format(often=often, month=month)
    return _("{often} on {day} {month}").format(often=often, day=found.day, month=month)


def _weekday(number: int) -> str:
    from babel.dates import get_day_names

    return str(get_day_names("wide", locale=language())[number])
