"""How many of the inquiries that came in were booked (SPEC §10, §12): the cohort of the period, converted whenever it was."""

from __future__ import annotations

from collections.abc import Iterable

from crm_tui.base.i18n import N_, _
from crm_tui.desk.common.words import said
from crm_tui.desk.reports import charts, people
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.desk.requests.inquiry_views import CHANNELS
from crm_tui.desk.working import metrics
from crm_tui.desk.working.metrics_queries import Enquired
from crm_tui.mail.text import display_text
from crm_tui.rules.reporting import Column, Kind, Record, Value

COLUMNS = (
    Column("eligible_inquiries", N_("Inquiries"), Kind.COUNT),
    Column("converted", N_("Booked"), Kind.COUNT),
    Column("conversion", N_("Conversion"), Kind.SHARE, of=("converted", "eligible_inquiries")),
)
_NOTE = N_("Inquiries that are spam, duplicates or merged away do not count; booked is what was ever confirmed.")


def compute(asked: Asked) -> Found:
    """By channel, by the agent who is credited, or by the day on which they came in."""
    if asked.by == "agent":
        chart = charts.rows(_("Conversion"), ["agent"], "conversion")
        return Found((people.AGENT, *COLUMNS), _by_agent(asked), chart=chart, note=_(_NOTE))
    if asked.by == "day":
        chart = charts.over_time(_("Conversion by day"), ("conversion",), asked.period)
        return Found((people.DAY, *COLUMNS), _by_day(asked), chart=chart, note=_(_NOTE))
    chart = charts.rows(_("Conversion"), ["channel"], "conversion")
    return Found((Column("channel", N_("Channel")), *COLUMNS), _by_channel(asked), chart=chart, note=_(_NOTE))


def _found(asked: Asked, unit: str = "") -> list[Enquired]:
    """Those that are asked for; ``unit``: with the number of their day."""
    periods = asked.period.parts(unit) if unit else [asked.period]
    own = asked.members is not None and asked.members == {asked.ctx.actor.id}
    found = metrics.enquired(asked.ctx, periods, own=own)
    asked.check()
    return [one for one in found if asked.counts_agent(one.agent) and asked.counts_channel(one.channel)]


def _counted(name: str, value: Value, found: Iterable[Enquired]) -> Record:
    booked = [one.confirmed for one in found]
    return {name: value, "eligible_inquiries": len(booked), "converted": sum(booked)}


def _by_channel(asked: Asked) -> list[Record]:
    groups: dict[str, list[Enquired]] = {}
    for one in _found(asked):
        groups.setdefault(one.channel, []).append(one)
    ordered = sorted(groups, key=lambda one: (-len(groups[one]), one))
    return [_counted("channel", said(CHANNELS, display_text(one)), groups[one]) for one in ordered]


def _by_agent(asked: Asked) -> list[Record]:
    """Those with a name first, by it; nobody last."""
    groups: dict[int | None, list[Enquired]] = {}
    for one in _found(asked):
        groups.setdefault(one.agent, []).append(one)
    names = {number: _("(nobody)") if number is None else asked.agent_name(number) for number in groups}
    ordered = sorted(groups, key=lambda one: (one is None, names[one].casefold()))
    return [_counted("agent", names[one], groups[one]) for one in ordered]


def _by_day(asked: Asked) -> list[Record]:
    people.refuse_more_days(asked)
    days: dict[int, list[Enquired]] = {}
    for one in _found(asked, "day"):
        days.setdefault(one.part, []).append(one)
    return [_counted("day", day, days.get(number, ())) for number, day in enumerate(asked.period.days())]
