"""The figures of tickets in a table and in charts: one row an agent, one for the team (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crm_tui.base.i18n import _
from crm_tui.widgets.cells import fit
from crm_tui.widgets.chart import ChartData, ChartKind, Series, Unit
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.working.metrics_views import AgentFigures, Point
    from crm_tui.rules.periods import Period

NONE = "—"


MOST_BARS = 16
"""Pairs of bars of more days than these cannot be told apart."""
TEAM, NOBODY = 0, -1
"""Numbers of the rows that are of no agent."""


class FiguresRow(NamedTuple):
    """A line of the table; its number is the agent's, :data:`TEAM` or :data:`NOBODY`."""

    id: int
    figures: AgentFigures


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Attributes:
        title: over it.
        width: in cells, with a blank before it.
        value: what stands in it.
        since: columns of the list from which there is room for it.
    """

    title: str
    width: int
    value: Callable[[AgentFigures], str]
    since: int = 0


def columns() -> tuple[Column, ...]:
    """The columns, in the order they stand."""
    return (
        Column(_("received"), 10, lambda one: str(one.received)),
        Column(_("opened"), 8, lambda one: str(one.opened), 88),
        Column(_("done"), 7, lambda one: str(one.done)),
        Column(_("queue"), 7, lambda one: str(one.queue), 84),
        Column(_("pending"), 9, lambda one: str(one.pending)),
        Column(_("response"), 10, lambda one: lasted(one.average_response)),
        Column(_("before"), 10, lambda one: lasted(one.average_before), 108),
        Column(_("after"), 10, lambda one: lasted(one.average_after), 108),
        Column(_("in hours"), 10, lambda one: lasted(one.average_response_working), 118),
        Column(_("first"), 10, lambda one: lasted(one.average_first_response), 128),
        Column(_("worked"), 8, lambda one: clocked(one.working_seconds)),
        Column(_("paused"), 8, lambda one: clocked(one.invisible_seconds), 78),
        Column(_("booked"), 8, lambda one: share(one.conversion)),
    )


def lasted(seconds: float | None) -> str:
    """An average length of time, short; a dash where nothing was counted: ``14 min``, ``3 h 10``, ``52 h 05``."""
    return NONE if seconds is None else briefly(seconds)


def briefly(seconds: float) -> str:
    """A length of time in at most 9 cells, in whole seconds or the minutes that are over, as reports have it."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return _("{n} s").format(n=whole)
    minutes = whole // 60
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    return _("{h} h {m:02}").format(h=minutes // 60, m=minutes % 60)


def clocked(seconds: float) -> str:
    """Working time: ``3:12``; a dash for none."""
    minutes = int(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else NONE


def share(part: float | None) -> str:
    """Per cent; a dash of nothing."""
    return NONE if part is None else _("{n} %").format(n=round(part * 100))


class FiguresRowView:
    """Draws the table's rows."""

    def empty(self) -> Sequence[Part]:
        """Nobody is in the team."""
        return [(_("Nothing is known of this period."), "muted")]

    def parts(self, row: FiguresRow, width: int) -> list[Part]:
        """The name and the columns that there is room for."""
        one = row.figures
        shown = fitting(width)
        team = row.id == TEAM
        name = width - sum(column.width for column in shown) - 1
        label = _("Team") if team else _("nobody") if row.id == NOBODY else one.name
        return [
            (" " + fit(label, name - 1), "title" if team else "strong"),
            *((fit(column.value(one), column.width, right=True), "strong" if team else "") for column in shown),
            (" ", ""),
        ]


def fitting(width: int) -> list[Column]:
    """The columns that there is room for."""
    return [column for column in columns() if width >= column.since]


def head(width: int) -> list[Part]:
    """The line over the table."""
    shown = fitting(width)
    name = width - sum(column.width for column in shown) - 1
    return [(" " + fit(_("agent"), name - 1), "muted")] + [
        (fit(column.title, column.width, right=True), "muted") for column in shown
    ]


Rows = Sequence[FiguresRow]
Points = Sequence["Point"]


class Look(NamedTuple):
    """One of the charts: what it is called, and how it is made of the rows and of the days (or weeks, or months)."""

    title: str
    make: Callable[[Rows, Points], ChartData]


def looks() -> tuple[Look, ...]:
    """The charts, in the order that the key goes through them."""
    return (
        Look(_("Received and done"), _flow),
        Look(_("Response time before and after booking"), _times),
        Look(_("Done and pending, by agent"), _by_agent),
        Look(_("Response time, by agent"), _agent_times),
        Look(_("Working time, by agent"), _agent_work),
    )


def label_of(period: Period) -> str:
    """What stands below a part of the chart: ``3.12.``, ``12/2026``."""
    first = period.start
    return f"{first.month}/{first.year}" if len(period) > 7 else f"{first.day}.{first.month}."


def _flow(_rows: Rows, points: Points) -> ChartData:
    received = Series(_("received"), [float(one.figures.received) for one in points])
    done = Series(_("done"), [float(one.figures.done) for one in points])
    kind = ChartKind.LINES if len(points) > MOST_BARS else ChartKind.GROUPED
    return ChartData([label_of(one.period) for one in points], [received, done], kind)


def _times(_rows: Rows, points: Points) -> ChartData:
    series = [
        Series(_("before booking"), [one.figures.average_before for one in points]),
        Series(_("after booking"), [one.figures.average_after for one in points]),
    ]
    kind = ChartKind.LINES if len(points) > 2 else ChartKind.GROUPED
    return ChartData([label_of(one.period) for one in points], series, kind, Unit.SECONDS)


def _agents(rows: Rows) -> list[AgentFigures]:
    return [row.figures for row in rows if row.figures.agent_id is not None]


def _by_agent(rows: Rows, _points: Points) -> ChartData:
    agents = _agents(rows)
    done = Series(_("done"), [float(one.done) for one in agents])
    pending = Series(_("pending"), [float(one.pending) for one in agents])
    return ChartData([one.name for one in agents], [done, pending], ChartKind.ROWS)


def _agent_times(rows: Rows, _points: Points) -> ChartData:
    agents = _agents(rows)
    values = [one.average_response for one in agents]
    return ChartData([one.name for one in agents], [Series("", values)], ChartKind.ROWS, Unit.SECONDS)


def _agent_work(rows: Rows, _points: Points) -> ChartData:
    agents = _agents(rows)
    seen = Series(_("taking tickets"), [float(one.working_seconds - one.invisible_seconds) for one in agents])
    paused = Series(_("paused"), [float(one.invisible_seconds) for one in agents])
    return ChartData([one.name for one in agents], [seen, paused], ChartKind.ROWS, Unit.SECONDS)
