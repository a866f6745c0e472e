"""How many of the inquiries that came in were booked (SPEC §10, §12): the cohort of the period, converted whenever it was."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _
from crm_tui.desk.common.words import said
from crm_tui.desk.reports import charts, people
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.desk.requests.inquiry_views import CHANNELS
from crm_tui.desk.working import metrics
from crm_tui.rules.reporting import Column, Kind, Record

COLUMNS = (
    Column("eligible_inquiries", N_("Inquiries"), Kind.COUNT),
    Column("converted", N_("Booked"), Kind.COUNT),
    Column("conversion", N_("Conversion"), Kind.SHARE, of=("converted", "eligible_inquiries")),
)
_NOTE = N_("Inquiries that are spam, duplicates or merged away do not count; booked is what was ever confirmed.")


def compute(asked: Asked) -> Found:
    """By channel, by the agent who is credited, or by the day on which they came in."""
    if asked.by == "agent":
        rows, sums = people.by_agent(asked, _("(nobody)"), ("eligible_inquiries",))
        rows = [row for row in rows if row["eligible_inquiries"]]
        chart = charts.rows(_("Conversion"), ["agent"], "conversion")
        return Found((people.AGENT, *COLUMNS), rows, chart=chart, note=_(_NOTE), sums=sums)
    if asked.by == "day":
        rows, sums = people.by_day(asked)
        chart = charts.over_time(_("Conversion by day"), ("conversion",), asked.period)
        return Found((people.DAY, *COLUMNS), rows, chart=chart, note=_(_NOTE), sums=sums)
    chart = charts.rows(_("Conversion"), ["channel"], "conversion")
    return Found((Column("channel", N_("Channel")), *COLUMNS), _by_channel(asked), chart=chart, note=_(_NOTE))


def _by_channel(asked: Asked) -> list[Record]:
    return [
        {"channel": said(CHANNELS, one.key), "eligible_inquiries": one.eligible, "converted": one.converted}
        for one in metrics.conversion_by_channel(asked.ctx, asked.period)
    ]
