"""What each agent got, answered and has still, and the time it took (SPEC §10, §12)."""

from __future__ import annotations

from dataclasses import replace

from crm_tui.base.i18n import N_, _
from crm_tui.desk.reports import charts, people, response_times
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.rules.reporting import Column, Kind

_TIME = Kind.DURATION
RECEIVED = (
    Column("received", N_("Received"), Kind.COUNT, adds=False),
    Column("opened", N_("Opened"), Kind.COUNT, adds=False),
    Column("done", N_("Done"), Kind.COUNT),
)
STANDING = (Column("queue", N_("Queue"), Kind.COUNT), Column("pending", N_("Pending"), Kind.COUNT))
WORK = (
    Column("responses", N_("Answers"), Kind.COUNT),
    Column("response_seconds", N_("Waited"), _TIME, shown=False),
    Column("average", N_("Average"), _TIME, of=("response_seconds", "responses")),
    Column("working_seconds", N_("Working"), _TIME),
    Column("invisible_seconds", N_("Invisible"), _TIME),
    Column("eligible_inquiries", N_("Inquiries"), Kind.COUNT),
    Column("converted", N_("Booked"), Kind.COUNT),
    Column("conversion", N_("Conversion"), Kind.SHARE, of=("converted", "eligible_inquiries")),
)
_TIMES = tuple(
    replace(column, shown=False) for column in response_times.COLUMNS if column.name not in {one.name for one in WORK}
)
"""What the screen of figures shows as well, for files."""
_NEEDED = ("received", "done", "queue", "pending", "responses", "eligible_inquiries")


def compute(asked: Asked) -> Found:
    """By agent, or by day of the team or of one agent; what stands at the end of the period has no days."""
    if asked.by == "day":
        rows, sums = people.by_day(asked)
        chart = charts.over_time(_("Tickets by day"), ("received", "done"), asked.period, kind="grouped")
        return Found((people.DAY, *RECEIVED, *WORK, *_TIMES), rows, chart=chart, sums=sums)
    rows, sums = people.by_agent(asked, _("(nobody)"), _NEEDED)
    chart = charts.rows(_("Tickets done"), ["agent"], "done")
    note = _(
        "Queue and pending as they stood at the end of the period. What several agents had counts once in the total."
    )
    return Found((people.AGENT, *RECEIVED, *STANDING, *WORK, *_TIMES), rows, chart=chart, note=note, sums=sums)
