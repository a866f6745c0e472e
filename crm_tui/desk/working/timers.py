"""Agents' timers: start, stop, pause intake, resume; heartbeats, and sessions that fell silent (SPEC §10).

A session belongs to a desk, or to nobody's (a command started it). Sessions of one agent may overlap: they count as their
union. A pause belongs to the agent; it ends with the last session. Nothing of this is undone by one key: a manager corrects
it (:mod:`crm_tui.desk.working.timer_corrections`). Every change is journaled; heartbeats are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, StoreError
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import IntakePause, TimerSession
from crm_tui.desk.common.context import ENGINE, Context, Transaction
from crm_tui.desk.conversations.snoozing import zone_in
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.working import timer_rows
from crm_tui.desk.working.timer_views import Duty, TimerView
from crm_tui.rules import working_time as rules
from crm_tui.rules.vocabulary import SessionEnd

_S = columns(TimerSession)
_P = columns(IntakePause)

LONGEST_DESK = 64


def start(ctx: Context, desk: str = "") -> int:
    """Start one's own timer on a desk; returns the session's number. One that runs there already goes on.

    Args:
        desk: names the running desk, which then beats (:func:`beat`); empty: a command, which gives no heartbeat.

    Raises:
        Forbidden: nobody in particular uses the desk.
        InvalidInput: no desk is called so.
    """
    if len(desk) > LONGEST_DESK:
        raise InvalidInput(_("That is not a desk."), field="desk")
    with ctx.write() as tx:
        me = _me(tx)
        _end_silent(tx, timer_rows.running(tx.connection, me))
        for row in timer_rows.running(tx.connection, me):
            if row.desk == desk:
                _touch(tx, row)
                return int(row.id)
        return _insert(tx, me, desk)


def stop(ctx: Context, desk: str | None = None) -> int:
    """Stop one's own timer; returns how many sessions ended.

    With the last session a pause ends, and tickets that were not opened go back to the queue.

    Args:
        desk: only the session of this desk; None: all of the agent's.

    Raises:
        Forbidden: nobody in particular uses the desk.
    """
    with ctx.write() as tx:
        me = _me(tx)
        _end_silent(tx, timer_rows.running(tx.connection, me))
        rows = [row for row in timer_rows.running(tx.connection, me) if desk is None or row.desk == desk]
        for row in rows:
            _end(tx, row, "stop", rules.stop_at(timer_rows.session(row), tx.now), SessionEnd.STOPPED)
        after_end(tx, rows)
    if rows:
        _give_rest_back(ctx, me)
    return len(rows)


def end_all(tx: Transaction, agent_id: int) -> None:
    """Stop the timers of an agent who leaves the team, within the command that takes them off it."""
    rows = timer_rows.running(tx.connection, agent_id)
    for row in rows:
        _end(tx, row, "stop", rules.stop_at(timer_rows.session(row), tx.now), SessionEnd.STOPPED)
    after_end(tx, rows)


def pause(ctx: Context) -> bool:
    """Take no new tickets for a while; work goes on. Returns False if that was so already.

    Raises:
        Conflict: the timer does not run.
        Forbidden: nobody in particular uses the desk.
    """
    with ctx.write() as tx:
        me = _me(tx)
        _end_silent(tx, timer_rows.running(tx.connection, me))
        rows = timer_rows.running(tx.connection, me)
        if not rows:
            raise Conflict(_("Your timer does not run: there is nothing to pause."), _("Start it first."))
        _touch(tx, *rows)
        if me in timer_rows.open_pauses(tx.connection, me):
            return False
        made = new_id(tx.connection.execute(insert(IntakePause).values(agent_id=me, paused_at=tx.now)))
        tx.journal("intake_pause", made, "pause", None, {"agent_id": me, "paused_at": plain(tx.now)})
        return True


def resume(ctx: Context) -> bool:
    """Take new tickets again; returns False if intake was not paused.

    Raises:
        Conflict: the timer does not run.
        Forbidden: nobody in particular uses the desk.
    """
    with ctx.write() as tx:
        me = _me(tx)
        _end_silent(tx, timer_rows.running(tx.connection, me))
        rows = timer_rows.running(tx.connection, me)
        if not rows:
            raise Conflict(_("Your timer does not run: there is nothing to resume."), _("Start it first."))
        _touch(tx, *rows)
        return _resume(tx, me, tx.now)


def beat(ctx: Context, desk: str) -> bool:
    """A sign of life of a desk at which somebody is working; returns whether its session runs.

    A desk that was silent for too long has lost its session: it ends at its last sign of life. If the clock was set back
    before the session began, it ends with what it has proved, and another one begins.
    """
    if ctx.readonly or ctx.actor.id is None or not desk:
        return False
    mine = (_S.agent_id == ctx.actor.id, _S.desk == desk, *timer_rows.RUNNING)
    with ctx.store.connect() as connection:
        row = connection.execute(select(table_of(TimerSession)).where(*mine)).first()
    if row is None:
        return False
    now = ctx.clock.now()
    if rules.forgotten(timer_rows.session(row), now):
        cap(ctx)
        return False
    if now < row.started_at:
        return _begin_again(ctx, row)
    with ctx.write(durable=False) as tx:
        return _touch(tx, row) > 0


def _begin_again(ctx: Context, row: Row[Any]) -> bool:
    with ctx.write() as tx:
        still = tx.connection.execute(
            select(table_of(TimerSession)).where(_S.id == row.id, *timer_rows.RUNNING)
        ).first()
        if still is None:
            return False
        _insert(tx, row.agent_id, row.desk)  # first, so that the agent never stops working
        _end(tx, still, "cap", rules.last_sign(timer_rows.session(still)), SessionEnd.CAPPED)
        return True


def cap(ctx: Context) -> int:
    """End the sessions that fell silent, where they were last heard of; returns how many. For the engine.

    Whatever is counted counts them so before: this writes it down, marks it, and gives the tickets back.
    """
    with ctx.store.connect() as connection:
        if not _silent(timer_rows.running(connection), ctx.clock.now()) and not _left_over(connection, ctx.clock.now()):
            return 0
    with ctx.acting_as(ENGINE).write() as tx:
        ended = _end_silent(tx, timer_rows.running(tx.connection))
        for agent_id in _left_over(tx.connection, tx.now):
            _resume(tx, agent_id, tx.now)
        return ended


def _left_over(connection: Any, now: datetime) -> list[int]:
    """Agents whose intake is paused though nothing of theirs runs."""
    pauses = timer_rows.open_pauses(connection)
    return sorted(pauses.keys() - timer_rows.duties(connection, now).keys()) if pauses else []


def state(ctx: Context, desk: str = "") -> TimerView:
    """How one's own timer stands, on this desk and on others.

    Args:
        desk: names this desk.
    """
    now = ctx.clock.now()
    me = ctx.actor.id
    if me is None:
        return TimerView(now)
    with ctx.store.connect() as connection:
        zone = zone_in(connection)
        part = rules.day_span(now.astimezone(zone).date(), zone)
        today = timer_rows.worked_in(connection, part, now, [me]).get(me)
        rows = [row for row in timer_rows.running(connection, me) if rules.running(timer_rows.session(row), now)]
        duty = timer_rows.duties(connection, now, me).get(me)
        capped = None if any(row.desk == desk for row in rows) else _capped_at(connection, me, desk, now)
    here = any(row.desk == desk for row in rows)
    return TimerView(
        now,
        running=duty is not None,
        here=here,
        intake=duty is not None and duty.intake,
        since=duty.since if duty else None,
        paused_since=duty.paused_since if duty else None,
        working_seconds=today.working_seconds if today else 0,
        invisible_seconds=today.invisible_seconds if today else 0,
        others=len(rows) - here,
        capped_at=capped,
    )


def _capped_at(connection: Any, agent_id: int, desk: str, now: datetime) -> datetime | None:
    """When this desk's newest session was ended for it; None if it was not."""
    if not desk:
        return None
    query = select(table_of(TimerSession)).where(_S.agent_id == agent_id, _S.desk == desk, _S.removed_at.is_(None))
    row = connection.execute(query.order_by(_S.id.desc()).limit(1)).first()
    if row is None:
        return None
    if rules.forgotten(timer_rows.session(row), now):
        return rules.last_sign(timer_rows.session(row))
    return row.stopped_at if row.ended == SessionEnd.CAPPED else None


def duties(ctx: Context) -> dict[int, Duty]:
    """Whose timers run now, by agent, and whether they take new tickets."""
    with ctx.store.connect() as connection:
        return timer_rows.duties(connection, ctx.clock.now())


# -- sessions -----------------------------------------------------------------------------------------------------------


def _me(tx: Transaction) -> int:
    if tx.actor.id is None:
        raise Forbidden(
            _("Nobody in particular uses this desk: there is no timer."), _("Say who you are with --agent.")
        )
    return tx.actor.id


def _insert(tx: Transaction, agent_id: int, desk: str) -> int:
    values = {"agent_id": agent_id, "desk": desk, "started_at": tx.now}
    made = new_id(tx.connection.execute(insert(TimerSession).values(**values, heartbeat_at=tx.now)))
    tx.journal("timer_session", made, "start", None, {name: plain(value) for name, value in values.items()})
    return made


def _touch(tx: Transaction, *rows: Row[Any]) -> int:
    """A sign of life; it never goes back."""
    touched = 0
    for row in rows:
        still = (_S.id == row.id, *timer_rows.RUNNING)
        sign = max(tx.now, row.heartbeat_at)
        touched += tx.connection.execute(
            update(table_of(TimerSession)).where(*still).values(heartbeat_at=sign)
        ).rowcount
    return touched


def _silent(rows: Iterable[Row[Any]], now: datetime) -> list[Row[Any]]:
    return [row for row in rows if rules.forgotten(timer_rows.session(row), now)]


def _end_silent(tx: Transaction, rows: Iterable[Row[Any]]) -> int:
    silent = _silent(rows, tx.now)
    for row in silent:
        _end(tx, row, "cap", rules.last_sign(timer_rows.session(row)), SessionEnd.CAPPED)
    after_end(tx, silent)
    return len(silent)


def _end(tx: Transaction, row: Row[Any], action: str, at: datetime, ended: SessionEnd) -> None:
    change = {"stopped_at": at, "ended": ended.value}
    where = (_S.id == row.id, *timer_rows.RUNNING)
    tx.connection.execute(update(table_of(TimerSession)).where(*where).values(**change, version=_S.version + 1))
    after = {**change, "stopped_at": plain(at)}
    tx.journal("timer_session", row.id, action, {"stopped_at": None, "ended": row.ended}, after)


def after_end(tx: Transaction, ended: Iterable[Row[Any]]) -> None:
    """What follows for the agents of sessions that ended, if nothing of theirs runs any more.

    A pause ends with the last session, not before it was made; tickets go back (SPEC §10).
    """
    for agent_id in sorted({row.agent_id for row in ended}):
        if any(rules.running(timer_rows.session(row), tx.now) for row in timer_rows.running(tx.connection, agent_id)):
            continue
        newest = select(_S.stopped_at).where(
            _S.agent_id == agent_id, _S.stopped_at.is_not(None), _S.removed_at.is_(None)
        )
        _resume(tx, agent_id, tx.connection.execute(newest.order_by(_S.stopped_at.desc()).limit(1)).scalar() or tx.now)
        _give_back(tx, agent_id)


def _give_back(tx: Transaction, agent_id: int) -> None:
    """What the agent did not open goes back to the queue (SPEC §10)."""
    from crm_tui.desk.ticketing import tickets

    tickets.agent_stopped(tx, agent_id)


def _give_rest_back(ctx: Context, agent_id: int) -> None:
    """Very many tickets go back by and by, so that nobody waits for it."""
    from crm_tui.desk.ticketing import ticket_routing

    with suppress(StoreError):  # the timer is stopped already; the engine does the rest
        ticket_routing.heed_rest(ctx, agent_id)


def _resume(tx: Transaction, agent_id: int, at: datetime) -> bool:
    row = timer_rows.open_pauses(tx.connection, agent_id).get(agent_id)
    if row is None:
        return False
    end = max(at, row.paused_at)
    tx.connection.execute(
        update(table_of(IntakePause)).where(_P.id == row.id).values(resumed_at=end, version=_P.version + 1)
    )
    tx.journal("intake_pause", row.id, "resume", {"resumed_at": None}, {"resumed_at": plain(end)})
    return True
