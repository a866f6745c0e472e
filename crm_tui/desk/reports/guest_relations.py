"""Praise and complaints of a period (SPEC §11, §12): the figures of :mod:`crm_tui.desk.quality.quality_reports`."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _
from crm_tui.desk.quality import quality_reports
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.quality import label, only, titled
from crm_tui.desk.reports.views import Found
from crm_tui.rules.reporting import Column, Kind, Record

COLUMNS = (
    Column("praise", N_("Praise"), Kind.COUNT),
    Column("complaints", N_("Complaints"), Kind.COUNT),
    Column("resolved", N_("Resolved"), Kind.COUNT),
    Column("open", N_("Open"), Kind.COUNT),
    Column("share", N_("Resolved %"), Kind.SHARE, of=("resolved", "complaints")),
    Column("resolution_seconds", N_("Time to settle"), Kind.DURATION, shown=False),
    Column("average", N_("Settled in"), Kind.DURATION, of=("resolution_seconds", "resolved")),
    Column("satisfaction_known", N_("Satisfaction known"), Kind.COUNT, shown=False),
    Column("satisfaction_sum", N_("Marks together"), Kind.COUNT, shown=False),
    Column("satisfaction", N_("Satisfaction"), Kind.NUMBER, of=("satisfaction_sum", "satisfaction_known")),
)


def compute(asked: Asked) -> Found:
    """By code, room, employee or month; feedback counts on the day on which it was said."""
    found = quality_reports.relations(asked.ctx, asked.period, asked.by, only(asked))
    records: list[Record] = [
        {
            asked.by: label(asked.by, one.label),
            "praise": one.positive,
            "complaints": one.negative,
            "resolved": one.resolved,
            "open": one.open,
            "resolution_seconds": int(one.seconds),
            "satisfaction_known": one.satisfied,
            "satisfaction_sum": one.satisfaction,
        }
        for one in found.rows
    ]
    if asked.by == "month":
        chart = charts.bars(_("Praise and complaints by month"), "month", ("praise", "complaints"))
    else:
        chart = charts.rows(_("Complaints"), [asked.by], "complaints")
    return Found((titled(asked.by), *COLUMNS), records, chart=chart)
