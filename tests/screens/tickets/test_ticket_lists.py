"""An agent's list, their own tickets and the queue below, goes to its end however long it is (SPEC §10)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from crm_tui import desk
from crm_tui.data.bulk import insert_rows
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Ticket, Turn
from crm_tui.desk.common.context import Context
from crm_tui.desk.ticketing.ticket_views import TicketRow
from crm_tui.rules.vocabulary import Stage
from crm_tui.screens.tickets.rows import Shown, source
from tests.desk.house import NOW, make_house

OWN, QUEUED = 620, 710
_T = columns(Ticket)
_C = columns(Conversation)


@pytest.fixture
def ana(tmp_path: Path) -> Context:
    """Ana has very many, and more wait for anybody."""
    ctx = make_house(tmp_path)
    numbers = range(1, OWN + QUEUED + 1)
    with ctx.write() as tx:
        marks = [{"first_at": at, "last_at": at, "waiting_since": at, "listed_at": at} for at in map(_when, numbers)]
        talks = [{"id": one, "subject": f"Q{one}", **mark} for one, mark in zip(numbers, marks, strict=True)]
        insert_rows(tx.connection, Conversation, talks)
        turns = [{"conversation_id": one, "opened_at": _when(one), "opened_by": one} for one in numbers]
        insert_rows(tx.connection, Turn, turns)
        own = update(table_of(Conversation)).where(_C.id % 2 == 1, _C.id <= 2 * OWN)
        tx.connection.execute(own.values(assignee_id=ctx.actor.id))
        late = update(table_of(Ticket)).where(_T.conversation_id % 3 == 0)
        tx.connection.execute(late.values(stage=Stage.AFTER_BOOKING.value))
    return ctx


def _when(number: int) -> object:
    return NOW - timedelta(minutes=number // 4)


def read(ctx: Context, shown: Shown, *, backwards: bool = False) -> list[TicketRow]:
    """The whole list, page by page."""
    listed = source(ctx, shown)
    rows: list[TicketRow] = []
    if backwards:
        while page := listed.before(rows[0] if rows else None, 100):
            rows = [*page, *rows]
    else:
        while page := listed.after(rows[-1] if rows else None, 100):
            rows += page
    assert listed.count() == len(rows)
    return rows


@pytest.mark.parametrize(
    ("shown", "own", "queued"),
    [
        (Shown(), OWN, QUEUED),
        (Shown(state="queued"), 0, QUEUED),
        (Shown(state="assigned"), OWN, 0),
        (Shown(stage=Stage.AFTER_BOOKING.value), 207, 236),
    ],
)
def test_it_goes_to_its_end(ana: Context, shown: Shown, own: int, queued: int) -> None:
    rows = read(ana, shown)
    assert [bool(row.agent_id) for row in rows] == [True] * own + [False] * queued
    assert [(row.created_at, row.id) for row in rows[:own]] == sorted((row.created_at, row.id) for row in rows[:own])
    assert [(row.created_at, row.id) for row in rows[own:]] == sorted((row.created_at, row.id) for row in rows[own:])
    assert [row.id for row in read(ana, shown, backwards=True)] == [row.id for row in rows]
    listed = source(ana, shown)
    places = range(0, len(rows), 97)
    assert [listed.index_of(rows[place]) for place in places] == list(places)
    assert [row.id for row in listed.at(own - own // 3, 100)] == [row.id for row in rows[own - own // 3 :][:100]]
    found = listed.find(rows[-1].id)
    assert found is not None
    assert found.id == rows[-1].id


def test_one_that_is_taken_goes_up(ana: Context) -> None:
    listed = source(ana, Shown())
    last = read(ana, Shown())[-1]
    desk.tickets.take(ana, [last.id])
    taken = listed.find(last.id)
    assert taken is not None
    assert taken.agent == "Ana"
    assert (listed.count(), listed.index_of(taken) < OWN + 1) == (OWN + QUEUED, True)
    assert [row.id for row in listed.before(last, 3)] == [row.id for row in read(ana, Shown())[-3:]]


def test_the_desks_lists_are_whole(ana: Context) -> None:
    assert (len(desk.tickets.mine(ana)), len(desk.tickets.queue(ana))) == (OWN, QUEUED)
    first = desk.tickets.queue(ana, limit=500)
    assert [row.id for row in (*first, *desk.tickets.queue(ana, after=first[-1].cursor))] == [
        row.id for row in desk.tickets.queue(ana)
    ]
