"""How long guests waited for an answer (SPEC §10, §12): closed turns by close time, averages are sums divided by turns."""

from __future__ import annotations

from typing import Any

from crm_tui.base.i18n import N_, _
from crm_tui.desk.common.words import said
from crm_tui.desk.reports import charts, people
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.desk.requests.inquiry_views import CHANNELS
from crm_tui.desk.working import metrics, metrics_queries
from crm_tui.desk.working.metrics_views import AgentFigures
from crm_tui.mail.text import display_text
from crm_tui.rules.reporting import Column, Kind, Record

_TIME = Kind.DURATION
COLUMNS = (
    Column("responses", N_("Answers"), Kind.COUNT),
    Column("response_seconds", N_("Waited"), _TIME, shown=False),
    Column("average", N_("Average"), _TIME, of=("response_seconds", "responses")),
    Column("response_seconds_working", N_("Waited, working hours"), _TIME, shown=False),
    Column("average_working", N_("Working hours"), _TIME, of=("response_seconds_working", "responses")),
    Column("before_responses", N_("Answers before booking"), Kind.COUNT, shown=False),
    Column("before_seconds", N_("Waited before booking"), _TIME, shown=False),
    Column("before_average", N_("Before booking"), _TIME, of=("before_seconds", "before_responses")),
    Column("before_seconds_working", N_("Waited before booking, working hours"), _TIME, shown=False),
    Column(
        "before_average_working",
        N_("Before booking, working hours"),
        _TIME,
        of=("before_seconds_working", "before_responses"),
        shown=False,
    ),
    Column("after_responses", N_("Answers after booking"), Kind.COUNT, shown=False),
    Column("after_seconds", N_("Waited after booking"), _TIME, shown=False),
    Column("after_average", N_("After booking"), _TIME, of=("after_seconds", "after_responses")),
    Column("after_seconds_working", N_("Waited after booking, working hours"), _TIME, shown=False),
    Column(
        "after_average_working",
        N_("After booking, working hours"),
        _TIME,
        of=("after_seconds_working", "after_responses"),
        shown=False,
    ),
    Column("first_responses", N_("First answers"), Kind.COUNT, shown=False),
    Column("first_response_seconds", N_("Waited for the first answer"), _TIME, shown=False),
    Column("first_average", N_("First answer"), _TIME, of=("first_response_seconds", "first_responses")),
    Column("first_response_seconds_working", N_("Waited for the first answer, working hours"), _TIME, shown=False),
    Column(
        "first_average_working",
        N_("First answer, working hours"),
        _TIME,
        of=("first_response_seconds_working", "first_responses"),
        shown=False,
    ),
)


def compute(asked: Asked) -> Found:
    """By the agent who sent the answer, by the day on which it was sent, or by channel."""
    if asked.by == "channel":
        columns = (Column("channel", N_("Channel")), *COLUMNS)
        return Found(columns, _by_channel(asked), chart=charts.rows(_("Average wait"), ["channel"], "average"))
    if asked.by == "day":
        rows, sums = people.by_day(asked)
        chart = charts.over_time(_("Average wait by day"), ("average", "average_working"), asked.period)
        return Found((people.DAY, *COLUMNS), rows, chart=chart, sums=sums)
    rows, sums = people.by_agent(asked, _("(not known)"), ("responses",))
    chart = charts.rows(_("Average wait"), ["agent"], "average")
    return Found((people.AGENT, *COLUMNS), rows, chart=chart, sums=sums)


def _by_channel(asked: Asked) -> list[Record]:
    part = metrics_queries.Part(0, *asked.instants)
    clock = metrics.house(asked.connection).clock([part])
    tallies = metrics_queries.turns_by_channel(asked.connection, part, clock, people.keys(asked))
    ordered = sorted(tallies.items(), key=lambda item: (-item[1]["responses"], item[0]))
    named = [
        (display_text(said(CHANNELS, channel)) or _("(not known)"), dict[str, Any](tally)) for channel, tally in ordered
    ]
    return [people.record(AgentFigures(**tally), channel=channel) for channel, tally in named]
