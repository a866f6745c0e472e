"""Periods as people ask for them, in the property's days; what is wrong with one is told in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone as zone_in
from crm_tui.desk.requests.inquiry_faults import sentence
from crm_tui.mail.text import display_text
from crm_tui.rules.days import DayFault
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.periods import Period, PeriodFault, read_between, read_period


def zone(ctx: Context) -> ZoneInfo:
    """The property's zone: where its days begin."""
    with ctx.store.connect() as connection:
        return zone_in(connection)


def today(ctx: Context) -> date:
    """The property's day."""
    return ctx.clock.now().astimezone(zone(ctx)).date()


def read(ctx: Context, text: str, *, field: str = "period") -> Period:
    """The period that ``text`` means: *today*, *last week*, *2026-05*, *1.5. .. 15.5.*; see :mod:`crm_tui.rules.periods`.

    Raises:
        InvalidInput: it is none, or it ends before it starts.
    """
    return _told(lambda: read_period(text, today(ctx)), field)


def between(ctx: Context, start: str, end: str = "") -> Period:
    """The period from one day to another, as ``--from`` and ``--to`` say; without an end, up to today.

    Raises:
        InvalidInput: one of them is no day, or the period ends before it starts.
    """
    return _told(lambda: read_between(start, end, today(ctx)), "to")


def _told(reading: Callable[[], Period], field: str) -> Period:
    try:
        return reading()
    except PeriodFault as fault:
        given = display_text(fault.given)[:80]
        if fault.kind == "order":
            raise InvalidInput(
                _("The period ends before it begins: {given}.").format(given=given),
                _("Write the earlier day first."),
                field,
            ) from None
        raise InvalidInput(
            _("“{given}” is no period.").format(given=given),
            _(
                "Write a name like today, week, last month or year, a month like 2026-05, or two days like 2026-05-01..2026-05-15."
            ),
            field,
        ) from None
    except DayFault as fault:
        raise InvalidInput(sentence(Fault(field, fault.kind, fault.given)), field=field) from None
    except OverflowError:
        raise InvalidInput(_("That lies too far away."), field=field) from None
