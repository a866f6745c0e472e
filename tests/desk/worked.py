"""Timers, profiles and tickets for tests: who works, and what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, RoutingProfile, Ticket, Turn
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.ticketing import stages, ticket_routing
from crm_tui.desk.working import timers
from tests.desk.house import come_in, mail

_T = columns(Ticket)
_C = columns(Conversation)


def works(ctx: Context, *, desk: str = "") -> None:
    """The actor's timer runs."""
    timers.start(ctx, desk)


def stops(ctx: Context) -> None:
    """All the actor's timers stop."""
    timers.stop(ctx)


def pauses(ctx: Context) -> None:
    """The actor takes no new tickets."""
    timers.pause(ctx)


def resumes(ctx: Context) -> None:
    """The actor takes new tickets again."""
    timers.resume(ctx)


def takes(ctx: Context, *, stages: str = "", channels: str = "", any_at_all: bool = True) -> None:
    """The actor's routing profile."""
    with ctx.write() as tx:
        tx.connection.execute(table_of(RoutingProfile).delete().where(columns(RoutingProfile).agent_id == ctx.actor.id))
        values = {"agent_id": ctx.actor.id, "stages": stages, "channels": channels, "takes": any_at_all}
        tx.connection.execute(insert(RoutingProfile).values(**values))


def asks(ctx: Context, number: int, *, sender: str = "", minutes_ago: int = 120) -> int:
    """A guest asks something new; returns the ticket."""
    at = ctx.clock.now() - timedelta(minutes=minutes_ago)
    come_in(
        ctx,
        mail(
            message_id=f"q{number}@example.org",
            sender=sender or f"Guest {number} <guest{number}@example.org>",
            subject=f"Question {number}",
            date=at,
        ),
    )
    return newest(ctx)


def asks_again(ctx: Context, number: int, again: int = 1) -> int:
    """The guest writes once more in the same conversation; returns the ticket."""
    raw = mail(
        message_id=f"q{number}-{again}@example.org",
        sender=f"Guest {number} <guest{number}@example.org>",
        subject=f"Re: Question {number}",
        date=ctx.clock.now(),
        In_Reply_To=f"<q{number}@example.org>",
    )
    come_in(ctx, raw)
    return newest(ctx)


def share_out(ctx: Context) -> int:
    """What the engine does, until all is in order; returns how many tickets it changed."""
    engine = ctx.acting_as(ENGINE)
    stages.heed(engine, None)
    changed = 0
    while done := ticket_routing.step(engine):
        changed += done
        assert out_of_step(ctx) == []
    return changed


def newest(ctx: Context) -> int:
    """The ticket made last."""
    with ctx.store.connect() as connection:
        return int(connection.execute(select(_T.id).order_by(_T.id.desc()).limit(1)).scalar_one())


def columns_of(ctx: Context, ticket: int) -> Any:
    """A ticket's row."""
    with ctx.store.connect() as connection:
        return connection.execute(select(table_of(Ticket)).where(_T.id == ticket)).one()


def conversation_of(ctx: Context, ticket: int) -> int:
    """Which conversation it is about."""
    return int(columns_of(ctx, ticket).conversation_id)


def with_whom(ctx: Context) -> dict[int, int | None]:
    """Whose each open ticket is."""
    with ctx.store.connect() as connection:
        rows = connection.execute(select(_T.id, _T.agent_id).where(_T.done_at.is_(None), ~_T.gone).order_by(_T.id))
        return {row.id: row.agent_id for row in rows}


def out_of_step(ctx: Context) -> list[int]:
    """Open tickets that are not with whom their conversation is: must be none, whatever happened."""
    with ctx.store.connect() as connection:
        query = select(_T.id).join(Conversation, _C.id == _T.conversation_id)
        wrong = query.where(_T.done_at.is_(None), ~_T.gone, _T.agent_id.is_distinct_from(_C.assignee_id))
        return list(connection.execute(wrong).scalars())


def open_turns(ctx: Context) -> int:
    """How many turns wait for an answer."""
    with ctx.store.connect() as connection:
        return len(connection.execute(select(columns(Turn).id).where(columns(Turn).closed_at.is_(None))).all())
