"""Two who want the same ticket at once: one of them comes first, and what the other does is whole too (SPEC §10).

The other acts exactly between what the one reads and what it writes; with processes: tests/faults/test_ticket_races.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from crm_tui.base.errors import Conflict
from crm_tui.data.columns import columns, table_of
from crm_tui.data.store import Store
from crm_tui.data.tables import Journal, TicketHand
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.conversations import triage
from crm_tui.desk.ticketing import stages, ticket_routing, tickets
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking
from crm_tui.desk.working import timers
from tests.desk.colleagues import colleague
from tests.desk.house import make_house
from tests.desk.worked import asks, columns_of, conversation_of, out_of_step, share_out, with_whom, works

_J = columns(Journal)


class Meanwhile:
    """A store at which somebody else is quicker: what they do comes after what was read, before what is written."""

    def __init__(self, store: Store, rival: Callable[[], object]) -> None:
        self._store = store
        self._rivals = [rival]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, **how: Any) -> Any:
        """As the store's, too late."""
        while self._rivals:
            self._rivals.pop()()
        return self._store.write(**how)


def beaten_by(rival: Callable[[], object], ctx: Context) -> Context:
    """The desk of one who reads before the rival acts, and writes after."""
    return replace(ctx, store=cast(Store, Meanwhile(ctx.store, rival)))


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Context]:
    made = make_house(tmp_path)
    yield made
    assert out_of_step(made) == []
    assert all(found.ok for found in checking.check(made))
    made.store.close()


def number_of(ctx: Context) -> int:
    assert ctx.actor.id is not None
    return ctx.actor.id


def told(ctx: Context, ticket: int) -> list[str]:
    """What the journal says of a ticket, in order."""
    query = select(_J.action).where(_J.entity == "ticket", _J.entity_id == ticket).order_by(_J.id)
    with ctx.store.connect() as connection:
        return list(connection.execute(query).scalars())


def seen_by(ctx: Context, ticket: int) -> set[int]:
    """Who opened a ticket while they had it."""
    hand = table_of(TicketHand)
    query = select(hand.c.agent_id).where(hand.c.ticket_id == ticket, hand.c.seen_at.is_not(None))
    with ctx.store.connect() as connection:
        return set(connection.execute(query).scalars())


def given(ctx: Context, who: Context, number: int = 1) -> tuple[int, int]:
    """A ticket that routing gave somebody, alone at work, with its conversation."""
    works(who)
    ticket = asks(ctx, number)
    share_out(ctx)
    assert with_whom(ctx)[ticket] == number_of(who)
    return ticket, conversation_of(ctx, ticket)


def test_given_away_while_it_is_being_opened_it_was_not_opened(ana: Context) -> None:
    leo, mia = colleague(ana, "Leo"), colleague(ana, "Mia")
    ticket, talk = given(ana, leo)
    late = beaten_by(lambda: tickets.give(ana, [ticket], "Mia"), leo)
    assert not tickets.opened(late, talk)
    row = columns_of(ana, ticket)
    assert (row.agent_id, row.pinned, row.how, row.seen_at) == (number_of(mia), True, "manual", None)
    assert seen_by(ana, ticket) == set()
    assert "open" not in told(ana, ticket)


def test_opened_while_it_is_being_given_away_z_gives_it_back_opened(ana: Context) -> None:
    leo, mia = colleague(ana, "Leo"), colleague(ana, "Mia")
    ticket, talk = given(ana, leo)
    late = beaten_by(lambda: tickets.opened(leo, talk), ana)
    assert tickets.give(late, [ticket], "Mia") == 1
    row = columns_of(ana, ticket)
    assert (row.agent_id, row.pinned, row.seen_at) == (number_of(mia), True, None)
    assert seen_by(ana, ticket) == {number_of(leo)}
    assert told(ana, ticket)[-2:] == ["open", "assign"]
    undo.undo(ana)
    row = columns_of(ana, ticket)
    assert (row.agent_id, row.seen_at is not None, row.how) == (number_of(leo), True, "automatic")


@pytest.mark.parametrize("command", ["assign", "give", "release", "take"])
def test_reassigned_while_the_assignee_answers_it_stays_answered(ana: Context, command: str) -> None:
    leo = colleague(ana, "Leo")
    colleague(ana, "Mia")
    ticket, talk = given(ana, leo)
    late = beaten_by(lambda: triage.no_answer_needed(leo, [talk]), ana)
    if command == "assign":
        triage.assign(late, [talk], "Mia")  # the conversation has no work left in it
    else:
        do = {"give": lambda: tickets.give(late, [ticket], "Mia")}
        do |= {"release": lambda: tickets.release(late, [ticket]), "take": lambda: tickets.take(late, [ticket])}
        with pytest.raises(Conflict, match="answered already"):
            do[command]()
    row = columns_of(ana, ticket)
    assert (row.agent_id, row.done_by, row.reason) == (number_of(leo), number_of(leo), "mark")


@pytest.mark.parametrize(
    "rival", ["opened", "given by hand", "taken", "pending", "answered", "receiver paused", "receiver stopped", "spam"]
)
def test_what_was_about_to_move_stays_where_somebody_was_quicker(ana: Context, rival: str) -> None:
    leo, mia = colleague(ana, "Leo"), colleague(ana, "Mia")
    works(leo)
    made = [asks(ana, number) for number in (1, 2)]
    share_out(ana)
    works(mia)
    talk = conversation_of(ana, made[0])
    quicker: dict[str, Callable[[], object]] = {
        "opened": lambda: [tickets.opened(leo, conversation_of(ana, one)) for one in made],
        "given by hand": lambda: tickets.give(ana, made, "Leo"),
        "taken": lambda: tickets.take(leo, made),
        "pending": lambda: tickets.set_pending(leo, made[:1]),
        "answered": lambda: triage.no_answer_needed(leo, [talk]),
        "receiver paused": lambda: timers.pause(mia),
        "receiver stopped": lambda: timers.stop(mia),
        "spam": lambda: triage.move(leo, [talk], "Spam"),
    }
    engine = ana.acting_as(ENGINE)
    stages.heed(engine, None)
    assert ticket_routing.step(beaten_by(quicker[rival], engine)) == 0
    assert {columns_of(ana, one).agent_id for one in made} == {number_of(leo)}
    share_out(ana)
    assert {columns_of(ana, one).agent_id for one in made} == {number_of(leo)}


@pytest.mark.parametrize("rival", ["taken", "given", "answered", "spam"])
def test_what_was_about_to_leave_the_queue_goes_to_who_was_quicker(ana: Context, rival: str) -> None:
    leo, mia = colleague(ana, "Leo"), colleague(ana, "Mia")
    works(leo)
    ticket = asks(ana, 1)
    talk = conversation_of(ana, ticket)
    stages.heed(ana.acting_as(ENGINE), None)
    quicker: dict[str, tuple[Callable[[], object], int | None]] = {
        "taken": (lambda: tickets.take(mia, [ticket]), number_of(mia)),
        "given": (lambda: tickets.give(ana, [ticket], "Ana"), number_of(ana)),
        "answered": (lambda: triage.no_answer_needed(mia, [talk]), None),
        "spam": (lambda: triage.move(mia, [talk], "Spam"), None),
    }
    act, whose = quicker[rival]
    assert ticket_routing.step(beaten_by(act, ana.acting_as(ENGINE))) == 0
    assert columns_of(ana, ticket).agent_id == whose


def test_moved_while_it_is_being_opened_it_was_not_opened(ana: Context) -> None:
    leo, mia = colleague(ana, "Leo"), colleague(ana, "Mia")
    works(leo)
    made = [asks(ana, number) for number in (1, 2)]
    share_out(ana)
    works(mia)
    late = beaten_by(lambda: share_out(ana), leo)
    assert not tickets.opened(late, conversation_of(ana, made[0]))
    row = columns_of(ana, made[0])
    assert (row.agent_id, row.seen_at) == (number_of(mia), None)
    assert seen_by(ana, made[0]) == set()


def test_two_who_take_it_at_once_are_one_who_has_it_and_one_who_is_told(ana: Context) -> None:
    leo, mia = colleague(ana, "Leo"), colleague(ana, "Mia")
    ticket = asks(ana, 1)
    with pytest.raises(Conflict, match="Mia has"):
        tickets.take(beaten_by(lambda: tickets.take(mia, [ticket]), leo), [ticket])
    assert columns_of(ana, ticket).agent_id == number_of(mia)
