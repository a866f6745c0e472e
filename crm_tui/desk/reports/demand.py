"""Demand by night: what the calendar of the recall shows, and the reservations that have the night (SPEC §4, §12)."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.desk.requests import recall
from crm_tui.rules.reporting import Column, Kind, Record

COLUMNS = (
    Column("day", N_("Night"), Kind.DAY),
    Column("asked", N_("Asked for"), Kind.COUNT),
    Column("fixed", N_("Fixed dates"), Kind.COUNT),
    Column("flexible", N_("Flexible"), Kind.COUNT),
    Column("booked", N_("Booked inquiries"), Kind.COUNT),
    Column("reservations", N_("Reservations"), Kind.COUNT),
)


def compute(asked: Asked) -> Found:
    """A row for each night; an inquiry counts in each night that it asks for."""
    first, last = asked.period.start, asked.period.end
    counts = asked.counts_channel if asked.channel else None
    demand = recall.demand(asked.ctx, first, last, counts=counts)
    reserved = recall.reserved(asked.ctx, first, last, counts=counts)
    records: list[Record] = [
        {
            "day": day,
            "asked": one.fixed + one.flexible,
            "fixed": one.fixed,
            "flexible": one.flexible,
            "booked": one.booked,
            "reservations": reserved[day],
        }
        for day, one in demand.items()
    ]
    chart = charts.over_time(_("Asked for and reserved, by night"), ("asked", "reservations"), asked.period)
    return Found(COLUMNS, records, chart=chart, note=_("An inquiry counts in every night that it asks for."))
