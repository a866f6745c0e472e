"""Who has how much in hand (SPEC §10): what the manager's screen shows beside the queue."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import RoutingProfile, Ticket
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.common.views import AgentView
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.staff import team
from crm_tui.desk.ticketing.ticket_agents import in_hand
from crm_tui.desk.ticketing.ticket_hands import open_ones
from crm_tui.desk.ticketing.ticket_views import AgentLoad
from crm_tui.desk.working import timer_rows
from crm_tui.desk.working.timer_views import Duty
from crm_tui.rules.departures import start_of_day

_T = columns(Ticket)
_P = columns(RoutingProfile)


def loads(ctx: Context) -> list[AgentLoad]:
    """Who has how much in hand: everybody in the team for managers and administrators, else the actor alone."""
    everyone = may(ctx, Permission.FIGURES)
    people = [one for one in team.agents(ctx) if everyone or one.id == ctx.actor.id]
    now = ctx.clock.now()
    with ctx.store.connect() as connection:
        duties, counts = timer_rows.duties(connection, now), _Counts(connection, now)
    return [_load(one, duties.get(one.id), counts) for one in people]


class _Counts:
    """The figures of everybody, each read in one query."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        seen = _T.seen_at.is_not(None)
        held = select(_T.agent_id, seen.label("seen"), func.count().label("all"), func.count(_T.flagged_at))
        rows = connection.execute(held.where(*in_hand()).group_by(_T.agent_id, seen)).all()
        self.held: dict[tuple[int, bool], tuple[int, int]] = {(row[0], bool(row[1])): (row[2], row[3]) for row in rows}
        waiting = (_T.pending_at.is_not(None), ~_T.aside, *open_ones())
        self.pending = _by(connection, _T.agent_id, *waiting)
        midnight = _midnight(now, zone(connection))
        self.done = _by(connection, _T.done_by, _T.done_at >= midnight, ~_T.gone, ~_T.aside)
        self.takes: dict[int, bool] = {
            row[0]: bool(row[1]) for row in connection.execute(select(_P.agent_id, _P.takes))
        }


def _by(connection: Connection, agent: Any, *conditions: Any) -> dict[int, int]:
    rows = connection.execute(select(agent, func.count()).where(*conditions).group_by(agent))
    return {row[0]: int(row[1]) for row in rows if row[0] is not None}


def _midnight(now: datetime, place: tzinfo) -> datetime:
    """When the property's day began."""
    return start_of_day(now.astimezone(place).date(), place)


def _load(one: AgentView, duty: Duty | None, counts: _Counts) -> AgentLoad:
    assigned, left = counts.held.get((one.id, False), (0, 0))
    opened, behind = counts.held.get((one.id, True), (0, 0))
    return AgentLoad(
        agent=one.name,
        id=one.id,
        running=duty is not None,
        intake=duty is not None and duty.intake,
        working_since=duty.since if duty is not None else None,
        takes=counts.takes.get(one.id, True),
        load=assigned + opened,
        assigned=assigned,
        opened=opened,
        pending=counts.pending.get(one.id, 0),
        flagged=left + behind,
        done_today=counts.done.get(one.id, 0),
    )
