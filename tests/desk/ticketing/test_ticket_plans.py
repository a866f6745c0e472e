"""No list of tickets, load, count or step of routing walks the tickets that are done: what SQLite says it will do (QUALITY §1)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from crm_tui import desk
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.ticketing import ticket_routing
from crm_tui.desk.ticketing.ticket_views import ORDERS, STATES, TicketQuery
from tests.desk.colleagues import colleague
from tests.desk.house import make_house
from tests.desk.worked import asks, conversation_of, works

OPEN = (
    "ix_ticket_open",
    "ix_ticket_open_pending_first",
    "ix_ticket_queue",
    "ix_ticket_agent",
    "ix_ticket_pending",
    "ix_ticket_conversation",
)


@pytest.fixture
def ana(tmp_path: Path) -> Context:
    """Two who work, one ticket that is opened and one that waits."""
    ctx = make_house(tmp_path)
    works(ctx)
    works(colleague(ctx, "Leo"))
    opened, waits = asks(ctx, 1), asks(ctx, 2)
    desk.tickets.take(ctx, [opened])
    desk.tickets.opened(ctx, conversation_of(ctx, opened))
    desk.tickets.set_pending(ctx, [waits], "?")
    asks(ctx, 3)
    return ctx


def ways_to_tickets(ctx: Context, work: Callable[[], object]) -> list[str]:
    """How SQLite finds the tickets of every statement that something runs."""
    found: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")) and "ticket" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            lines = [row[3] for row in cursor.fetchall()]
            found.extend(line for line in lines if line.split()[1:2] == ["ticket"])

    event.listen(ctx.store.engine, "before_cursor_execute", explain)
    try:
        work()
    finally:
        event.remove(ctx.store.engine, "before_cursor_execute", explain)
    assert found
    return found


def only_open_ones(lines: list[str]) -> list[str]:
    """The steps that would walk through what is done."""
    return [line for line in lines if not any(name in line for name in (*OPEN, "PRIMARY KEY"))]


def test_a_step_of_routing_reads_open_tickets_alone(ana: Context) -> None:
    engine = ana.acting_as(ENGINE)

    def all_of_it() -> None:
        while ticket_routing.step(engine):
            pass

    lines = ways_to_tickets(ana, all_of_it)
    assert only_open_ones(lines) == []
    assert any("ix_ticket_queue" in line for line in lines)
    assert any("ix_ticket_agent" in line for line in lines)


@pytest.mark.parametrize("agent", ["", "me", "nobody"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("state", [state for state in STATES if state != "done"])
def test_a_list_walks_open_tickets_alone(ana: Context, state: str, order: str, agent: str) -> None:
    query = TicketQuery(state, agent, order=order)
    cursor = ("2026-07-01 12:00:00.000000", 1)

    def read() -> None:
        desk.tickets.page(ana, query)
        desk.tickets.page(ana, query, after=cursor)
        desk.tickets.page(ana, query, last=True)
        desk.tickets.position(ana, query, cursor)

    assert only_open_ones(ways_to_tickets(ana, read)) == []


@pytest.mark.parametrize("work", [desk.tickets.counts, desk.tickets.mine, desk.tickets.queue])
def test_counts_and_short_lists(ana: Context, work: Callable[[Context], object]) -> None:
    assert only_open_ones(ways_to_tickets(ana, lambda: work(ana))) == []


def test_loads_walk_open_tickets_and_those_done_today(ana: Context) -> None:
    lines = ways_to_tickets(ana, lambda: desk.tickets.loads(ana))
    assert [line for line in only_open_ones(lines) if "ix_ticket_done" not in line] == []
