"""What managers do to working time: look at everybody's, correct, add and remove sessions, each with its reason (SPEC §10).

Agents see their own and change nothing. Every correction is journaled and can be taken back; overlaps need no care, as the
sessions of an agent count as their union.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.errors import Forbidden, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, TimerSession
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.common.permissions import Permission, require, require_in
from crm_tui.desk.conversations.snoozing import zone_in
from crm_tui.desk.histories.history_words import when
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.working import timer_rows, timers
from crm_tui.desk.working.corrected_rows import SESSIONS, add_in, change_in, row_in
from crm_tui.desk.working.timer_views import DayWorked, PauseView, SessionView, Timesheet, Worked
from crm_tui.mail.text import display_text
from crm_tui.rules import working_time as rules
from crm_tui.rules.days import DayFault
from crm_tui.rules.periods import Period
from crm_tui.rules.session_times import read_end, read_start
from crm_tui.rules.vocabulary import SessionEnd
from crm_tui.rules.working_time import Span

_S = columns(TimerSession)
_A = columns(Agent)

LONGEST = timedelta(hours=24)
"""No session that a manager writes down is longer."""
LONGEST_REASON = 200


# -- looking ------------------------------------------------------------------------------------------------------------


def sessions(ctx: Context, period: Period, agent: str | None = None) -> list[SessionView]:
    """The sessions of some days of the property, oldest first.

    Args:
        agent: whose, by name, or ``me``; None: all that the actor may see.

    Raises:
        Forbidden: another's, asked for by one who is no manager.
        InvalidInput: there is no such agent.
    """
    with ctx.store.connect() as connection:
        part = Span(*period.instants(zone_in(connection)))
        rows = timer_rows.sessions_in(connection, part, _whose(connection, ctx.actor, agent))
        return [timer_rows.session_view(row, ctx.clock.now()) for row in rows]


def pauses(ctx: Context, period: Period, agent: str | None = None) -> list[PauseView]:
    """The pauses of some days of the property, oldest first; as :func:`sessions`."""
    with ctx.store.connect() as connection:
        part = Span(*period.instants(zone_in(connection)))
        rows = timer_rows.pauses_in(connection, part, _whose(connection, ctx.actor, agent))
        return [timer_rows.pause_view(row, ctx.clock.now()) for row in rows]


def working(ctx: Context, period: Period) -> dict[int, Worked]:
    """Working and invisible time of some days of the property, by agent: of all that the actor may see."""
    with ctx.store.connect() as connection:
        part = Span(*period.instants(zone_in(connection)))
        return timer_rows.worked_in(connection, part, ctx.clock.now(), _whose(connection, ctx.actor, None))


def timesheets(ctx: Context, period: Period, agent: str | None = None) -> list[Timesheet]:
    """Working time day by day: of the team as it is, and of whoever else worked in these days.

    Raises:
        Forbidden, InvalidInput: as :func:`sessions`.
    """
    now = ctx.clock.now()
    with ctx.store.connect() as connection:
        zone = zone_in(connection)
        part = Span(*period.instants(zone))
        whose = _whose(connection, ctx.actor, agent)
        worked = timer_rows.worked_in(connection, part, now, whose)
        rows = [timer_rows.session_view(row, now) for row in timer_rows.sessions_in(connection, part, whose)]
        duties = timer_rows.duties(connection, now)
        query = select(_A.id, _A.name, _A.active).order_by(_A.active.desc(), _A.id)
        people = connection.execute(query if whose is None else query.where(_A.id.in_(sorted(whose)))).all()
    found: list[Timesheet] = []
    for person in people:
        if not person.active and person.id not in worked:
            continue
        mine = worked.get(person.id, Worked((), ()))
        own = [row for row in rows if row.agent_id == person.id]
        duty = duties.get(person.id)
        found.append(
            Timesheet(
                person.id,
                display_text(person.name),
                tuple(_days(period, zone, mine, own, now)),
                mine.working_seconds,
                mine.invisible_seconds,
                running=duty is not None,
                intake=duty is not None and duty.intake,
            )
        )
    return found


def _days(period: Period, zone: Any, worked: Worked, rows: Sequence[SessionView], now: datetime) -> list[DayWorked]:
    working_by = rules.by_day(worked.working, zone)
    invisible_by = rules.by_day(worked.invisible, zone)
    found: list[DayWorked] = []
    for day in period.days():
        span = rules.day_span(day, zone)
        marks = {row.ended for row in rows if _touches(row, span, now)}
        found.append(
            DayWorked(
                day,
                rules.total_seconds(working_by.get(day, ())),
                rules.total_seconds(invisible_by.get(day, ())),
                capped=SessionEnd.CAPPED in marks,
                corrected=SessionEnd.CORRECTED in marks,
            )
        )
    return found


def _touches(row: SessionView, span: Span, now: datetime) -> bool:
    return row.started < span.end and (row.started >= span.start or (row.stopped or now) > span.start)


def _whose(connection: Connection, actor: Actor, agent: str | None) -> Collection[int] | None:
    """The agents whose time is asked for; None: everybody's.

    Raises:
        Forbidden: another's, asked for by one who is no manager.
    """
    if agent == "me":
        agent = None
        if actor.id is not None:
            return [actor.id]
    number = agent_named(connection, agent, field="agent") if agent is not None else None
    if number is not None and number == actor.id:
        return [number]
    if number is not None:
        require_in(connection, actor, Permission.FIGURES)
        return [number]
    return None if sees_all(connection, actor) else [actor.id or 0]


def sees_all(connection: Connection, actor: Actor) -> bool:
    """Whether somebody may see everybody's working time, by what the team says now."""
    try:
        require_in(connection, actor, Permission.FIGURES)
    except Forbidden:
        return False
    return True


# -- correcting ---------------------------------------------------------------------------------------------------------


def correct(
    ctx: Context, session_id: int, version: int, started: datetime, stopped: datetime | None, reason: str
) -> SessionView:
    """Say when a session really began and ended.

    Args:
        version: that the manager started from.
        stopped: None leaves a session that runs running.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such session.
        Conflict: it changed since.
        InvalidInput: no reason, an end before the start, an instant ahead, or more than a day; ``field`` names it.
    """
    with ctx.write() as tx:
        must_manage(tx)
        row = row_in(tx, SESSIONS, session_id, version)
        if stopped is None and row.stopped_at is not None:
            raise InvalidInput(_("Say when it ended."), field="stopped")
        check_times(tx, started, stopped)
        silent = rules.forgotten(timer_rows.session(row), tx.now)
        if stopped is None and silent:
            raise InvalidInput(_("It does not run any more: say when it ended."), field="stopped")
        changed = {"started_at": started, "stopped_at": stopped, "ended": SessionEnd.CORRECTED.value if stopped else ""}
        change_in(tx, SESSIONS, row, "correct", {**changed, "note": reason_of(reason), "made_by": tx.actor.id})
        if row.stopped_at is None and stopped is not None:
            timers.after_end(tx, [row])
        return _view(tx, session_id)


def add(ctx: Context, agent: str, started: datetime, stopped: datetime, reason: str) -> SessionView:
    """Write down a session that no timer counted.

    Args:
        agent: whose, by name; who left too.

    Raises:
        Forbidden: the actor is no manager.
        InvalidInput: as :func:`correct`, or there is no such agent.
    """
    with ctx.write() as tx:
        must_manage(tx)
        whose = agent_named(tx.connection, agent, field="agent")
        check_times(tx, started, stopped)
        values = {
            "agent_id": whose,
            "started_at": started,
            "stopped_at": stopped,
            "ended": SessionEnd.CORRECTED.value,
            "note": reason_of(reason),
            "made_by": tx.actor.id,
        }
        return _view(tx, add_in(tx, SESSIONS, values, heartbeat_at=stopped))


def remove(ctx: Context, session_id: int, version: int, reason: str) -> None:
    """Take a session out of the count; one that runs ends with it.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such session.
        Conflict: it changed since.
        InvalidInput: no reason is given; ``field`` is ``reason``.
    """
    with ctx.write() as tx:
        must_manage(tx)
        row = row_in(tx, SESSIONS, session_id, version)
        changed: dict[str, Any] = {"removed_at": tx.now, "note": reason_of(reason), "made_by": tx.actor.id}
        if row.stopped_at is None:
            end = rules.stop_at(timer_rows.session(row), tx.now)
            changed |= {"stopped_at": end, "ended": SessionEnd.CORRECTED.value}
        change_in(tx, SESSIONS, row, "remove", changed)
        if row.stopped_at is None:
            timers.after_end(tx, [row])


def get(ctx: Context, session_id: int) -> SessionView:
    """One session.

    Raises:
        NotFound: there is none that the actor may see.
    """
    with ctx.store.connect() as connection:
        found = _found(connection, session_id, ctx.clock.now())
        if found is None or (found.agent_id != ctx.actor.id and not sees_all(connection, ctx.actor)):
            raise SESSIONS.missing(session_id)
        return found


def read_times(
    ctx: Context, started: str, stopped: str, before: SessionView | PauseView | None = None
) -> tuple[datetime, datetime | None]:
    """When a session or a pause began and ended, as people write it in the property's days and hours.

    Args:
        started, stopped: see :mod:`crm_tui.rules.session_times`; empty: as it was ``before``.

    Raises:
        InvalidInput: one is no time; ``field`` names it.
    """
    with ctx.store.connect() as connection:
        zone = zone_in(connection)
    now = ctx.clock.now()
    field, given = "started", started
    try:
        begins = before.started if before is not None and not started.strip() else read_start(started, now, zone)
        field, given = "stopped", stopped
        if before is not None and not stopped.strip():
            return begins, before.stopped
        return begins, read_end(stopped, begins, now, zone)
    except DayFault as fault:
        if fault.kind == "skipped":
            words = _("“{given}” was skipped: the clocks go forward.").format(given=display_text(given)[:60])
            raise InvalidInput(words, _("Write the hour before or after it."), field) from None
        words = _("“{given}” is no time.").format(given=display_text(given)[:60])
        raise InvalidInput(words, _("Write it like 2026-07-01T10:00 or yesterday 9:15."), field) from None


def must_manage(tx: Transaction) -> None:
    """Refuse whoever may not correct working time."""
    require(tx, Permission.CORRECT_TIME)


def reason_of(text: str) -> str:
    """A reason as it is kept.

    Raises:
        InvalidInput: none is given, or it is too long; ``field`` is ``reason``.
    """
    clean = display_text(" ".join(text.split()))
    if not clean:
        raise InvalidInput(_("A correction needs a reason."), _("Say in a few words why."), "reason")
    if len(clean) > LONGEST_REASON:
        raise InvalidInput(
            _("The reason must have at most {most} letters.").format(most=LONGEST_REASON), field="reason"
        )
    return clean


def check_times(tx: Transaction, started: datetime, stopped: datetime | None) -> None:
    """Refuse what no stretch of time can be.

    Raises:
        InvalidInput: an end before the start, an instant ahead, or more than a day; ``field`` names it.
    """
    zone = zone_in(tx.connection)
    for at, field in ((started, "started"), (stopped, "stopped")):
        if at is not None and at > tx.now:
            raise InvalidInput(_("{at} is still to come.").format(at=when(at, zone)), field=field)
    if stopped is None:
        return
    if stopped <= started:
        raise InvalidInput(
            _("It would end before it starts: {end} is not after {start}.").format(
                end=when(stopped, zone), start=when(started, zone)
            ),
            field="stopped",
        )
    if stopped - started > LONGEST:
        raise InvalidInput(_("No session is longer than a day."), _("Write it down as several."), "stopped")


def _found(connection: Connection, session_id: int, now: datetime) -> SessionView | None:
    maker = table_of(Agent).alias("maker")
    query = (
        select(table_of(TimerSession), _A.name.label("agent"), maker.c.name.label("maker"))
        .join(Agent, _A.id == _S.agent_id)
        .outerjoin(maker, maker.c.id == _S.made_by)
        .where(_S.id == session_id, _S.removed_at.is_(None))
    )
    row = connection.execute(query).first()
    return timer_rows.session_view(row, now) if row is not None else None


def _view(tx: Transaction, session_id: int) -> SessionView:
    found = _found(tx.connection, session_id, tx.now)
    assert found is not None
    return found
