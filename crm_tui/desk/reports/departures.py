"""Whose flights left in a period, and who told them the times (SPEC §8, §12): the journeys and states of the watchlist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from crm_tui.base.i18n import N_, _
from crm_tui.data.bulk import CHUNK, chunks
from crm_tui.desk.common.words import said
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found, Link
from crm_tui.desk.watchlists.departure_rows import Watch, flown, rows_of_flown
from crm_tui.desk.watchlists.departure_views import DepartureRow
from crm_tui.desk.watchlists.departures import STATES
from crm_tui.rules.reporting import Column, Kind, Record
from crm_tui.rules.vocabulary import FlightState

EACH = (
    Column("day", N_("Day"), Kind.DAY),
    Column("time", N_("Leaves")),
    Column("flight", N_("Flight")),
    Column("from", N_("From")),
    Column("to", N_("To")),
    Column("reservation", N_("Code")),
    Column("holder", N_("Holder")),
    Column("operator", N_("Operator"), shown=False),
    Column("state", N_("State")),
    Column("informed_by", N_("Told by")),
    Column("informed_at", N_("Told"), Kind.INSTANT),
)
COUNTS = (
    Column("departures", N_("Departures"), Kind.COUNT),
    Column("informed", N_("Informed"), Kind.COUNT),
    Column("again", N_("Inform again"), Kind.COUNT),
    Column("to_inform", N_("To inform"), Kind.COUNT),
    Column("share", N_("Informed %"), Kind.SHARE, of=("informed", "departures")),
)


def compute(asked: Asked) -> Found:
    """Journeys by the day on which they begin at their airport; those of cancelled reservations are none."""
    watch = Watch(asked.connection, asked.ctx.clock.now(), asked.zone, asked.ctx.settings.flight_days)
    flights = flown(watch, asked.period.start, asked.period.end, asked.operator)
    asked.progress.step(_("Departures"), len(flights))
    found: list[DepartureRow] = []
    for done, chunk in enumerate(chunks(flights)):
        asked.check()
        asked.progress.count(done * CHUNK)
        found += [row for row in rows_of_flown(watch, chunk) if _fits(row, asked)]
    by_day = charts.over_time(_("Departures by day"), ("informed", "again", "to_inform"), asked.period, kind="stacked")
    if asked.by == "flight":
        days = charts.of_records((_GROUPS["day"][0], *COUNTS), partial(_counted, found, "day"), by_day)
        links = [Link("reservation", row.reservation) for row in found]
        return Found(EACH, [_record(row) for row in found], links, chart=days)
    chart = by_day if asked.by == "day" else charts.rows(_("Departures"), [asked.by], "departures")
    return Found((_GROUPS[asked.by][0], *COUNTS), _counted(found, asked.by), chart=chart)


def _fits(row: DepartureRow, asked: Asked) -> bool:
    wanted = asked.filters.get("status", "")
    told_by = asked.agent is None or row.informed_by == asked.agents.get(asked.agent, "")
    return told_by and (not wanted or row.state == wanted)


def _record(row: DepartureRow) -> Record:
    return {
        "day": _day(row),
        "time": row.local[11:16],
        "flight": row.number,
        "from": row.from_airport,
        "to": "–".join(row.airports[1:]),
        "reservation": row.code,
        "holder": row.holder,
        "operator": row.operator,
        "state": said(STATES, row.state),
        "informed_by": row.informed_by,
        "informed_at": row.informed_at,
    }


def _day(row: DepartureRow) -> date:
    return date.fromisoformat(row.local[:10])


_GROUPS: dict[str, tuple[Column, Callable[[DepartureRow], str | date]]] = {
    "day": (Column("day", N_("Day"), Kind.DAY), _day),
    "operator": (Column("operator", N_("Operator")), lambda row: row.operator or _("(none)")),
    "agent": (Column("agent", N_("Told by")), lambda row: row.informed_by or _("nobody")),
}


def _counted(found: Sequence[DepartureRow], by: str) -> list[Record]:
    key = _GROUPS[by][1]
    groups: dict[str | date, Counter[str]] = {}
    for row in found:
        groups.setdefault(key(row), Counter())[row.state] += 1
    if by == "day":
        ordered = sorted(groups.items(), key=lambda item: str(item[0]))
    else:
        ordered = sorted(groups.items(), key=lambda item: (-item[1].total(), str(item[0])))
    return [
        {
            by: word,
            "departures": states.total(),
            "informed": states[FlightState.INFORMED],
            "again": states[FlightState.AGAIN],
            "to_inform": states[FlightState.TO_INFORM],
        }
        for word, states in ordered
    ]
