"""What one agent takes back never overwrites what another changed since (SPEC §13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.errors import Conflict
from crm_tui.desk import folders, reading, setup, triage
from crm_tui.desk.context import Actor, Context
from crm_tui.desk.views import ConversationRow, ListQuery
from tests.desk.house import add_account, come_in, mail, make_house


@pytest.fixture
def ana(tmp_path: Path) -> Context:
    """Ana's desk with two conversations: 1 and 2."""
    ctx = make_house(tmp_path)
    account = add_account(ctx)
    for number in (1, 2):
        come_in(ctx, mail(message_id=f"{number}@x", subject=f"Mail {number}"), account=account)
    return ctx


@pytest.fixture
def bob(ana: Context) -> Context:
    """The same desk in Bob's hands."""
    made = setup.add_agent(ana, "Bob")
    return ana.acting_as(Actor(made.id, made.name, made.role))


def row(ctx: Context, number: int) -> ConversationRow:
    return reading.conversation(ctx, number).row


def test_a_move_is_taken_back_only_where_it_still_stands(ana: Context, bob: Context) -> None:
    triage.move(ana, [1, 2], "Done")
    triage.move(bob, [2], "Booked")
    with pytest.raises(Conflict, match="Bob changed “Mail 2” since"):
        triage.put_back(ana, {1: "Inbox", 2: "Inbox"}, only_if="Done")
    assert (row(ana, 1).folder, row(ana, 2).folder) == ("Done", "Booked")
    assert triage.put_back(ana, {1: "Inbox"}, only_if="Done") == 1
    assert [one.id for one in folders.page(ana, ListQuery("Inbox")).rows] == [1]


def test_a_move_that_expects_another_place_moves_nothing(ana: Context, bob: Context) -> None:
    triage.move(bob, [1], "Spam")
    with pytest.raises(Conflict, match="Bob"):
        triage.move(ana, [1], "Done", only_if="Inbox")
    assert row(ana, 1).folder == "Spam"


def test_star_and_assignment_are_taken_back_only_where_they_still_stand(ana: Context, bob: Context) -> None:
    triage.star(ana, [1], starred=True)
    triage.assign(ana, [1], "Ana")
    triage.star(bob, [1], starred=False)
    triage.assign(bob, [1], "Bob")
    with pytest.raises(Conflict, match="Bob changed “Mail 1”"):
        triage.star(ana, [1], starred=False, only_if=True)
    with pytest.raises(Conflict, match="Bob changed “Mail 1”"):
        triage.assign(ana, [1], "", only_if="Ana")
    assert triage.assign(bob, [1], "", only_if="Bob") == 1
    assert triage.assign(bob, [1], "Ana", only_if="") == 1
