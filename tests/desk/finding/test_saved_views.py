"""Searches that agents kept: their own, one name and one letter each, taken back like everything else (SPEC §3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Agent
from crm_tui.desk.common.context import ENGINE, Actor, Context
from crm_tui.desk.conversations import triage
from crm_tui.desk.finding import saved_views, search
from crm_tui.desk.groups import attributes
from crm_tui.desk.histories import history
from crm_tui.desk.staff import team
from crm_tui.desk.undoing import undo
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.house import add_account, come_in, mail, make_house


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    """Ana's desk with three mails in two conversations."""
    ctx = make_house(tmp_path)
    account = add_account(ctx)
    come_in(ctx, mail(), mail(message_id="m2@x", In_Reply_To="<m1@example.org>"), account=account)
    come_in(ctx, mail(message_id="m3@x", sender="Leo <leo@example.org>", subject="Suite"), account=account)
    return ctx


def names(ctx: Context) -> list[str]:
    return [view.name for view in saved_views.listed(ctx)]


def test_a_view_is_kept_and_opened(ctx: Context) -> None:
    made = saved_views.create(ctx, "Waits for us", "is:unanswered", key="w")
    view = saved_views.get(ctx, made)
    assert (view.name, view.query, view.key) == ("Waits for us", "is:unanswered", "w")
    assert saved_views.named(ctx, "WAITS for us") == view
    rows = saved_views.rows(ctx, view)
    assert sorted(row.hit.conversation for row in rows) == [1, 2]  # a conversation is one row
    assert all(row.conversation is not None and row.conversation.folder == "Inbox" for row in rows)
    triage.move(ctx, [1], "Done")
    assert {
        row.hit.conversation: row.conversation.folder for row in saved_views.rows(ctx, view) if row.conversation
    } == {
        1: "Done",
        2: "Inbox",
    }


def test_a_view_of_inquiries(ctx: Context) -> None:
    guest = add_guest(ctx, "Guest", "Marta")
    add_inquiry(ctx, guest, conversations=[1], channel="phone")
    add_inquiry(ctx, guest, channel="phone")
    view = saved_views.get(ctx, saved_views.create(ctx, "By phone", "channel:phone"))
    found = [(row.hit.kind, row.conversation.id if row.conversation else None) for row in saved_views.rows(ctx, view)]
    assert sorted(found, key=str) == [("inquiry", 1), ("inquiry", None), ("message", 1)]


def test_views_are_ones_own(ctx: Context) -> None:
    made = saved_views.create(ctx, "Mine", "suite", key="m")
    with ctx.write() as tx:
        leo = new_id(tx.connection.execute(insert(Agent).values(name="Leo", created_at=tx.now)))
    other = ctx.acting_as(Actor(leo, "Leo"))
    assert names(other) == []
    saved_views.create(other, "Mine", "room", key="m")
    with pytest.raises(NotFound):
        saved_views.remove(other, made, 1)
    with pytest.raises(NotFound):
        saved_views.change(other, made, 1, name="Stolen")
    with pytest.raises(NotFound):
        saved_views.shift(other, made, 1)
    assert names(ctx) == ["Mine"]
    assert saved_views.listed(ctx.acting_as(ENGINE)) == []
    with pytest.raises(Forbidden):
        saved_views.create(ctx.acting_as(ENGINE), "x", "suite")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "SUÍTES"}, "name"),
        ({"key": "s"}, "key"),
        ({"key": "ab"}, "key"),
        ({"query": "  "}, "query"),
        ({"query": "is:nothing"}, "query"),
        ({"query": "agent:nobody"}, "query"),
        ({"query": "x" * 1001}, "query"),
    ],
)
def test_what_cannot_be_kept(ctx: Context, values: dict[str, str], field: str) -> None:
    saved_views.create(ctx, "Suites", "suite", key="s")
    wanted = {"name": "Other", "query": "room", "key": "o"} | values
    with pytest.raises(InvalidInput) as caught:
        saved_views.create(ctx, **wanted)
    assert caught.value.field == field
    other = saved_views.create(ctx, "Other", "room")
    with pytest.raises(InvalidInput):
        saved_views.change(ctx, other, 1, **values)
    assert names(ctx) == ["Suites", "Other"]


def test_changed_ordered_and_put_away_and_all_of_it_back(ctx: Context) -> None:
    one, two = saved_views.create(ctx, "One", "suite"), saved_views.create(ctx, "Two", "room", key="2")
    saved_views.change(ctx, one, 1, name="First", query="suite is:unread", key="1")
    with pytest.raises(Conflict):
        saved_views.change(ctx, one, 1, name="Third")
    assert saved_views.shift(ctx, two, -1)
    assert not saved_views.shift(ctx, two, -1)
    assert names(ctx) == ["Two", "First"]
    saved_views.remove(ctx, two, saved_views.get(ctx, two).version)
    assert names(ctx) == ["First"]
    undo.undo(ctx)
    assert names(ctx) == ["Two", "First"]
    undo.undo(ctx)
    assert names(ctx) == ["First", "Two"]
    undo.undo(ctx)
    assert (saved_views.get(ctx, one).name, saved_views.get(ctx, one).query) == ("One", "suite")
    undo.undo(ctx)
    undo.undo(ctx)
    assert names(ctx) == []


def test_what_is_brought_back_does_not_stand_beside_another_of_its_name(ctx: Context) -> None:
    one = saved_views.create(ctx, "One", "suite", key="x")
    saved_views.remove(ctx, one, 1)
    with ctx.write() as tx:  # at another desk of hers, so that it is not what the undo takes back
        from crm_tui.data.tables import SavedView

        row = {"agent_id": tx.actor.id, "name": "one", "query": "room", "key": "x", "position": 1}
        tx.connection.execute(insert(SavedView).values(**row, created_at=tx.now))
    with pytest.raises(Conflict, match="called one already"):
        undo.undo(ctx)
    assert names(ctx) == ["one"]


def test_a_query_that_means_nothing_any_more_says_so(ctx: Context) -> None:
    number = attributes.add(ctx, "VIP")
    view = saved_views.get(ctx, saved_views.create(ctx, "Stars", "attr:vip"))
    attributes.rename(ctx, number, 1, "Regulars")
    with pytest.raises(search.QueryError, match="no attribute called vip"):
        saved_views.rows(ctx, view)


def test_tags_are_taken_back(ctx: Context) -> None:
    guest, number = add_guest(ctx, "Guest"), attributes.add(ctx, "VIP")
    attributes.tag(ctx, guest, number)
    undo.undo(ctx)
    assert attributes.of_guests(ctx, [guest]) == {}
    attributes.tag(ctx, guest, number)
    attributes.untag(ctx, guest, number)
    undo.undo(ctx)
    assert attributes.of_guests(ctx, [guest]) == {guest: ("VIP",)}
    told = [entry.text for entry in history.of_guest(ctx, guest)]
    assert {"tagged as VIP", "no longer tagged as VIP"} <= set(told)


def test_only_an_admin_keeps_the_list_of_attributes(ctx: Context) -> None:
    marta = team.add(ctx, "Marta", role="manager")
    agent = ctx.acting_as(Actor(marta.id, "Marta", "manager"))
    with pytest.raises(Forbidden):
        attributes.add(agent, "VIP")
    number = attributes.add(ctx, "VIP")
    with pytest.raises(Forbidden):
        attributes.rename(agent, number, 1, "x")
    with pytest.raises(InvalidInput):
        attributes.add(ctx, "víp")
    with pytest.raises(Conflict):
        attributes.rename(ctx, number, 7, "x")
