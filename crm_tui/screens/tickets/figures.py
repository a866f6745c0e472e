"""The figures of tickets in a table and in charts: one row an agent, one for the team (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from crm_tui.base.i18n import _
from crm_tui.widgets.cells import fit
from crm_tui.widgets.chart import ChartData, ChartKind, Series, Unit
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.metrics_views import AgentFigures

NONE = "—"


class FiguresRow(NamedTuple):
    """A line of the table; the team has number 0."""

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
        Column(_("pending"), 9, lambda one: str(one.pending)),
        Column(_("response"), 10, lambda one: lasted(one.response_seconds, one.responses)),
        Column(_("before"), 10, lambda one: lasted(one.before_response_seconds, one.before_responses), 98),
        Column(_("after"), 10, lambda one: lasted(one.after_response_seconds, one.after_responses), 98),
        Column(_("in hours"), 10, lambda one: lasted(one.response_seconds_working, one.responses), 108),
        Column(_("first"), 10, lambda one: lasted(one.first_response_seconds, one.first_responses), 118),
        Column(_("worked"), 8, lambda one: clocked(one.working_seconds)),
        Column(_("paused"), 8, lambda one: clocked(one.invisible_seconds), 78),
        Column(_("booked"), 8, lambda one: share(one.converted, one.eligible_inquiries)),
    )


def lasted(seconds: float, count: int) -> str:
    """An average length of time, short; a dash where nothing was counted: ``14 min``, ``3 h 10``, ``2 d 4 h``."""
    return NONE if not count else briefly(seconds / count)


def briefly(seconds: float) -> str:
    """A length of time in at most 9 cells."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("{n} s").format(n=round(seconds))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("{h} h {m:02}").format(h=hours, m=minutes)
    return _("{d} d {h} h").format(d=hours // 24, h=hours % 24)


def clocked(seconds: float) -> str:
    """Working time: ``3:12``; a dash for none."""
    minutes = int(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else NONE


def share(part: int, whole: int) -> str:
    """Per cent; a dash of nothing."""
    return _("{n} %").format(n=round(part * 100 / whole)) if whole else NONE


class FiguresRowView:
    """Draws the table's rows."""

    def empty(self) -> Sequence[Part]:
        """Nobody is in the team."""
        return [(_("Nothing is known of this period."), "muted")]

    def parts(self, row: FiguresRow, width: int) -> list[Part]:
        """The name and the columns that there is room for."""
        one = row.figures
        shown = fitting(width)
        team = row.id == 0
        name = width - sum(column.width for column in shown) - 1
        label = _("Team") if team else one.name
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


class Look(NamedTuple):
    """One of the charts: what it is called, and how it is made of agents' rows and days."""

    title: str
    make: Callable[[Sequence[FiguresRow], Sequence[tuple[date, AgentFigures]]], ChartData]


def looks() -> tuple[Look, ...]:
    """The charts, in the order that the key goes through them."""
    return (
        Look(_("Received and done, by day"), _flow),
        Look(_("Response time before and after booking, by day"), _times),
        Look(_("Done and pending, by agent"), _by_agent),
        Look(_("Response time, by agent"), _agent_times),
        Look(_("Working time, by agent"), _agent_work),
    )


def _day(day: date) -> str:
    return f"{day.day}.{day.month}."


def _flow(_rows: Sequence[FiguresRow], days: Sequence[tuple[date, AgentFigures]]) -> ChartData:
    received = Series(_("received"), [float(one.received) for _date, one in days])
    done = Series(_("done"), [float(one.done) for _date, one in days])
    return ChartData([_day(day) for day, _one in days], [received, done], ChartKind.GROUPED)


def _times(_rows: Sequence[FiguresRow], days: Sequence[tuple[date, AgentFigures]]) -> ChartData:
    before = [_average(one.before_response_seconds, one.before_responses) for _date, one in days]
    after = [_average(one.after_response_seconds, one.after_responses) for _date, one in days]
    series = [Series(_("before booking"), before), Series(_("after booking"), after)]
    kind = ChartKind.LINES if len(days) > 1 else ChartKind.GROUPED
    return ChartData([_day(day) for day, _one in days], series, kind, Unit.SECONDS)


def _agents(rows: Sequence[FiguresRow]) -> list[AgentFigures]:
    return [row.figures for row in rows if row.id]


def _by_agent(rows: Sequence[FiguresRow], _days: Sequence[tuple[date, AgentFigures]]) -> ChartData:
    agents = _agents(rows)
    done = Series(_("done"), [float(one.done) for one in agents])
    pending = Series(_("pending"), [float(one.pending) for one in agents])
    return ChartData([one.name for one in agents], [done, pending], ChartKind.ROWS)


def _agent_times(rows: Sequence[FiguresRow], _days: Sequence[tuple[date, AgentFigures]]) -> ChartData:
    agents = _agents(rows)
    values = [_average(one.response_seconds, one.responses) for one in agents]
    return ChartData([one.name for one in agents], [Series("", values)], ChartKind.ROWS, Unit.SECONDS)


def _agent_work(rows: Sequence[FiguresRow], _days: Sequence[tuple[date, AgentFigures]]) -> ChartData:
    agents = _agents(rows)
    seen = Series(_("taking tickets"), [float(one.working_seconds - one.invisible_seconds) for one in agents])
    paused = Series(_("paused"), [float(one.invisible_seconds) for one in agents])
    return ChartData([one.name for one in agents], [seen, paused], ChartKind.ROWS, Unit.SECONDS)


def _average(seconds: float, count: int) -> float | None:
    return seconds / count if count else None
