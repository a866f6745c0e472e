"""What managers do to pauses of intake: correct, add and remove them, each with its reason (SPEC §10).

Invisible time is the union of pauses within working time: overlaps need no care, nor does a pause while no timer ran.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import IntakePause
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.working import timer_rows
from crm_tui.desk.working.corrected_rows import PAUSES, add_in, change_in, row_in
from crm_tui.desk.working.timer_corrections import check_times, must_manage, reason_of, sees_all
from crm_tui.desk.working.timer_views import PauseView

_P = columns(IntakePause)


def correct(
    ctx: Context, pause_id: int, version: int, paused: datetime, resumed: datetime | None, reason: str
) -> PauseView:
    """Say when a pause really began and ended; one that lasts and is ended lets new tickets come again.

    Args:
        version: that the manager started from.
        resumed: None leaves one that lasts lasting.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such pause.
        Conflict: it changed since.
        InvalidInput: no reason, an end before the start, an instant ahead, or more than a day; ``field`` names it.
    """
    with ctx.write() as tx:
        must_manage(tx)
        row = row_in(tx, PAUSES, pause_id, version)
        if resumed is None and row.resumed_at is not None:
            raise InvalidInput(_("Say when it ended."), field="stopped")
        check_times(tx, paused, resumed)
        change_in(tx, PAUSES, row, "correct", {"paused_at": paused, "resumed_at": resumed, **_by(tx, reason)})
        return _view(tx, pause_id)


def add(ctx: Context, agent: str, paused: datetime, resumed: datetime, reason: str) -> PauseView:
    """Write down a pause that nobody pressed a key for.

    Args:
        agent: whose, by name; who left too.

    Raises:
        Forbidden: the actor is no manager.
        InvalidInput: as :func:`correct`, or there is no such agent.
    """
    with ctx.write() as tx:
        must_manage(tx)
        whose = agent_named(tx.connection, agent, field="agent")
        check_times(tx, paused, resumed)
        values = {"agent_id": whose, "paused_at": paused, "resumed_at": resumed, **_by(tx, reason)}
        return _view(tx, add_in(tx, PAUSES, values))


def remove(ctx: Context, pause_id: int, version: int, reason: str) -> None:
    """Take a pause out of the count; one that lasts ends with it.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such pause.
        Conflict: it changed since.
        InvalidInput: no reason is given; ``field`` is ``reason``.
    """
    with ctx.write() as tx:
        must_manage(tx)
        row = row_in(tx, PAUSES, pause_id, version)
        ended = {"resumed_at": max(tx.now, row.paused_at)} if row.resumed_at is None else {}
        change_in(tx, PAUSES, row, "remove", {"removed_at": tx.now, **ended, **_by(tx, reason)})


def get(ctx: Context, pause_id: int) -> PauseView:
    """One pause.

    Raises:
        NotFound: there is none that the actor may see.
    """
    with ctx.store.connect() as connection:
        row = _found(connection, pause_id)
        if row is None or (row.agent_id != ctx.actor.id and not sees_all(connection, ctx.actor)):
            raise PAUSES.missing(pause_id)
        return timer_rows.pause_view(row, ctx.clock.now())


def _by(tx: Transaction, reason: str) -> dict[str, Any]:
    return {"note": reason_of(reason), "made_by": tx.actor.id}


def _found(connection: Connection, pause_id: int) -> Row[Any] | None:
    return connection.execute(timer_rows.PAUSES.where(_P.id == pause_id)).first()


def _view(tx: Transaction, pause_id: int) -> PauseView:
    row = _found(tx.connection, pause_id)
    assert row is not None
    return timer_rows.pause_view(row, tx.now)
