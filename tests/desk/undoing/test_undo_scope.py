"""Taking back and scope: nothing comes to light, nothing stays hidden, and what others use stays (SPEC §4, §13)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Guest, Inquiry
from crm_tui.desk.common.context import Context
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking
from tests.desk.undoing.test_undo import another, conversations

_C = columns(Conversation)


def keep(ctx: Context, inquiry: int, **values: Any) -> None:
    """Change an inquiry as it stands now."""
    desk.inquiries.set(ctx, inquiry, desk.inquiries.get(ctx, inquiry).version, values)


def in_order(ctx: Context) -> None:
    """The scopes fit together."""
    assert [found.text for found in checking.check(ctx) if found.name == "scopes"] == ["in order"]


def scopes(ctx: Context) -> list[tuple[int | None, str]]:
    with ctx.store.connect() as connection:
        return [tuple(row) for row in connection.execute(select(_C.inquiry_id, _C.scope).order_by(_C.id))]


@pytest.fixture
def leo(ctx: Context) -> Context:
    return another(ctx)


@pytest.fixture
def inquiry(ctx: Context) -> int:
    return desk.inquiries.create(ctx, {}, guest={"surname": "Nowak"})


def test_a_conversation_does_not_go_back_into_what_became_hidden(ctx: Context, leo: Context, inquiry: int) -> None:
    ids = conversations(ctx, 1)
    desk.inquiries.link(ctx, inquiry, ids)
    desk.inquiries.unlink(leo, inquiry, ids)
    keep(ctx, inquiry, scope="me")
    last = undo.last(leo)
    assert last is not None
    assert "Room" not in last.text
    assert not last.conversations
    with pytest.raises(undo.Refused) as refused:
        undo.undo(leo)
    assert "Room" not in str(refused.value)
    assert scopes(ctx) == [(None, "")]
    in_order(ctx)


def test_back_in_its_inquiry_it_is_as_hidden_as_that_is_by_now(ctx: Context, leo: Context, inquiry: int) -> None:
    ids = conversations(ctx, 1)
    desk.inquiries.link(ctx, inquiry, ids)
    desk.inquiries.unlink(ctx, inquiry, ids)
    with leo.write() as tx:
        tx.connection.execute(update(table_of(Inquiry)).values(scope="a1"))
    undo.undo(ctx)
    assert scopes(ctx) == [(inquiry, "a1")]
    in_order(ctx)


def test_a_scope_put_back_hides_what_was_linked_meanwhile(ctx: Context, leo: Context, inquiry: int) -> None:
    keep(ctx, inquiry, scope="me")
    keep(ctx, inquiry, scope="everyone")
    ids = conversations(ctx, 1)
    desk.inquiries.link(leo, inquiry, ids)
    undo.undo(ctx)
    assert scopes(ctx) == [(inquiry, "a1")]
    with pytest.raises(NotFound):
        desk.memos.listed(leo, conversation=ids[0])
    in_order(ctx)


def test_taken_out_again_it_is_everyones(ctx: Context, leo: Context, inquiry: int) -> None:
    keep(ctx, inquiry, scope="me")
    ids = conversations(ctx, 1)
    desk.inquiries.link(ctx, inquiry, ids)
    assert scopes(ctx) == [(inquiry, "a1")]
    undo.undo(ctx)
    assert scopes(ctx) == [(None, "")]
    in_order(ctx)


def test_a_scope_put_back_reaches_what_was_merged(ctx: Context, inquiry: int) -> None:
    ids = conversations(ctx, 2)
    desk.inquiries.link(ctx, inquiry, ids)
    desk.splitting.merge(ctx, ids)
    keep(ctx, inquiry, scope="me")
    undo.undo(ctx)
    assert {scope for _inquiry, scope in scopes(ctx)} == {""}
    in_order(ctx)


def test_the_check_finds_what_differs(ctx: Context, inquiry: int) -> None:
    desk.inquiries.link(ctx, inquiry, conversations(ctx, 1))
    with ctx.write() as tx:
        tx.connection.execute(update(table_of(Conversation)).values(scope="a1"))
    (found,) = [one for one in checking.check(ctx) if one.name == "scopes"]
    assert not found.ok


@pytest.mark.parametrize("use", ["memo", "reminder", "internal", "link"])
def test_an_inquiry_that_others_work_with_stays(ctx: Context, leo: Context, inquiry: int, use: str) -> None:
    if use == "memo":
        desk.memos.add(leo, "Important", inquiry=inquiry)
    elif use == "reminder":
        desk.reminders.add(leo, "Call", "2026-07-09", inquiry=inquiry)
    elif use == "internal":
        desk.internal.send(leo, "Ana", "Please look", inquiry=inquiry)
    else:
        desk.inquiries.link(leo, inquiry, conversations(ctx, 1))
    with pytest.raises(undo.Refused, match=r"Leo worked with (inquiry 1|“Nowak”)"):
        undo.undo(ctx)
    assert desk.inquiries.get(ctx, inquiry).id == inquiry
    in_order(ctx)


def test_a_guest_that_another_inquiry_uses_stays(ctx: Context, leo: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Nowak"})
    desk.inquiries.create(leo, {}, guest=guest)
    with pytest.raises(undo.Refused, match="Leo worked with “Nowak”"):
        undo.undo(ctx)
    with ctx.store.connect() as connection:
        assert connection.execute(select(columns(Guest).archived_at)).scalars().all() == [None]


def test_what_a_hidden_inquiry_does_with_a_guest_is_not_told(ctx: Context, leo: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Nowak"})
    desk.inquiries.create(leo, {"scope": "me"}, guest=guest)
    with pytest.raises(undo.Refused) as refused:
        undo.undo(ctx)
    assert "Leo" not in str(refused.value)
    assert "inquiry" not in str(refused.value)


def test_an_inquiry_and_the_guest_made_with_it_go_together(ctx: Context, inquiry: int) -> None:
    undo.undo(ctx)
    with ctx.store.connect() as connection:
        assert connection.execute(select(columns(Guest).archived_at)).scalar_one() is not None
        assert connection.execute(select(columns(Inquiry).removed_at)).scalar_one() is not None


def test_no_conversation_goes_back_into_a_removed_inquiry(ctx: Context, leo: Context, inquiry: int) -> None:
    ids = conversations(ctx, 1)
    desk.inquiries.link(ctx, inquiry, ids)
    desk.inquiries.unlink(ctx, inquiry, ids)
    desk.inquiries.remove(leo, inquiry)
    with pytest.raises(undo.Refused, match="Leo changed inquiry 1"):
        undo.undo(ctx)
    assert scopes(ctx) == [(None, "")]


def test_the_guests_of_a_hidden_inquiry_are_not_changed(ctx: Context, leo: Context, inquiry: int) -> None:
    desk.inquiry_guests.add_new(ctx, inquiry, {"surname": "Kowalska"})
    keep(leo, inquiry, scope="me")
    with pytest.raises(undo.Refused) as refused:
        undo.undo(ctx)
    assert "Kowalska" not in str(refused.value)
    assert len(desk.inquiries.get(leo, inquiry).guests) == 2


def test_the_list_of_attributes_is_put_back_by_administrators_only(ctx: Context) -> None:
    number = desk.attributes.add(ctx, "VIP")
    desk.attributes.rename(ctx, number, 1, "Very important")
    with ctx.write() as tx:
        tx.connection.execute(update(table_of(Agent)).values(role="agent"))
    with pytest.raises(undo.Refused, match="admin"):
        undo.undo(ctx)
    assert [one.name for one in desk.attributes.listed(ctx)] == ["Very important"]


def test_what_is_hidden_is_passed_over_only_as_long_as_it_is(ctx: Context, leo: Context, inquiry: int) -> None:
    one, two = conversations(ctx, 2)
    desk.triage.star(leo, [one], starred=True)
    desk.triage.star(leo, [two], starred=True)
    desk.inquiries.link(ctx, inquiry, [two])
    keep(ctx, inquiry, scope="me")
    with pytest.raises(undo.Refused):
        undo.undo(leo)
    keep(ctx, inquiry, scope="everyone")
    assert undo.undo(leo).conversations == (two,)  # it is there again
    keep(ctx, inquiry, scope="me")
    assert undo.undo(leo).conversations == (one,)
    with pytest.raises(undo.NothingToUndo):
        undo.undo(leo)


def test_the_command_before_a_hidden_one_can_be_taken_back(ctx: Context, leo: Context, inquiry: int) -> None:
    one, two = conversations(ctx, 2)
    desk.triage.star(leo, [one], starred=True)
    desk.triage.star(leo, [two], starred=True)
    desk.inquiries.link(ctx, inquiry, [two])
    keep(ctx, inquiry, scope="me")
    with pytest.raises(undo.Refused):
        undo.undo(leo)
    assert undo.undo(leo).conversations == (one,)
    assert undo.last(leo) is None
    keep(ctx, inquiry, scope="everyone")
    assert undo.undo(leo).conversations == (two,)
