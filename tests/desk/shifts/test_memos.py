"""Memos and reminders: kept whole, for the team alone, never an answer and never in one (SPEC §1, §9)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Memo
from crm_tui.desk.common.context import Context
from crm_tui.desk.shifts.memos import LARGEST
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, add_account, come_in, mail

_C = columns(Conversation)


@pytest.fixture
def talk(ctx: Context) -> int:
    """A conversation with an unanswered mail."""
    come_in(ctx, mail(), account=add_account(ctx))
    with ctx.store.connect() as connection:
        return int(connection.execute(select(_C.id)).scalar_one())


def test_a_long_memo_is_kept_whole(ctx: Context, talk: int) -> None:
    text = "zażółć gęślą jaźń 🏖\n" * 10_000
    assert len(text.encode()) > 200_000
    number = desk.memos.add(ctx, text, conversation=talk)
    with ctx.store.connect() as connection:
        assert connection.execute(select(columns(Memo).text)).scalar_one() == text
    assert desk.memos.get(ctx, number).text == text


def test_what_is_no_memo_is_refused_and_nothing_is_cut(ctx: Context, talk: int) -> None:
    for text in ("", " \n", "x" * (LARGEST + 1)):
        with pytest.raises(InvalidInput) as caught:
            desk.memos.add(ctx, text, conversation=talk)
        assert caught.value.field == "text"
    with pytest.raises(InvalidInput):
        desk.memos.add(ctx, "on nothing")
    with pytest.raises(InvalidInput):
        desk.memos.add(ctx, "on both", conversation=talk, inquiry=1)
    with pytest.raises(NotFound):
        desk.memos.add(ctx, "hello", conversation=999)
    assert desk.memos.listed(ctx, conversation=talk) == []


def test_a_memo_is_stored_as_it_is_and_shown_safe(ctx: Context, talk: int) -> None:
    desk.memos.add(ctx, "\x1b[31mred\nline\u202e", conversation=talk)
    with ctx.store.connect() as connection:
        assert connection.execute(select(columns(Memo).text)).scalar_one() == "\x1b[31mred\nline\u202e"
    shown = desk.memos.listed(ctx, conversation=talk)[0].text
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\n" in shown


def test_what_no_store_takes_is_left_out_of_a_memo(ctx: Context, talk: int) -> None:
    """A byte of the command line that could not be decoded arrives as a surrogate."""
    number = desk.memos.add(ctx, "caf\udce9 \0open", conversation=talk)
    assert desk.memos.get(ctx, number).text == "caf? open"
    assert desk.memos.edit(ctx, number, 1, "caf\udce9 closed\0").text == "caf? closed"
    with pytest.raises(InvalidInput):
        desk.memos.edit(ctx, number, 2, "\0")


def test_a_memo_counts_as_no_answer(ctx: Context, talk: int) -> None:
    number = desk.inquiries.from_conversation(ctx, talk)
    before = desk.folders.row(ctx, talk)
    desk.memos.add(ctx, "called them, all settled", conversation=talk)
    desk.memos.add(ctx, "offer sent by post", inquiry=number)
    desk.internal.send(ctx, _leo(ctx), "please look", conversation=talk)
    after = desk.folders.row(ctx, talk)
    assert before is not None
    assert after is not None
    assert after.unanswered
    assert (after.waiting_since, after.messages, after.last_at) == (
        before.waiting_since,
        before.messages,
        before.last_at,
    )
    assert desk.folders.counts(ctx)["Inquiries"].unanswered == 1


def _leo(ctx: Context) -> str:
    return colleague(ctx, "Leo").actor.name


def test_a_memo_is_never_quoted(ctx: Context, talk: int) -> None:
    desk.memos.add(ctx, "SECRET of the house", conversation=talk)
    desk.memos.add(ctx, "SECRET of the guest", inquiry=desk.inquiries.from_conversation(ctx, talk))
    message = desk.reading.conversation(ctx, talk).messages[0].id
    for kind in ("reply", "reply_all", "forward"):
        draft = desk.replies.start(ctx, kind, message)
        assert "SECRET" not in repr(draft)


def test_an_inquiry_and_its_conversations_show_each_others_memos(ctx: Context, talk: int) -> None:
    number = desk.inquiries.from_conversation(ctx, talk)
    guest = desk.inquiries.get(ctx, number).guests[0].id
    desk.memos.add(ctx, "on the mail", conversation=talk)
    desk.memos.add(ctx, "on the inquiry", inquiry=number)
    desk.memos.add(ctx, "on the guest", guest=guest)
    both = ["on the mail", "on the inquiry"]
    assert [one.text for one in desk.memos.listed(ctx, inquiry=number)] == both
    assert [one.text for one in desk.memos.listed(ctx, conversation=talk)] == both
    assert [one.text for one in desk.memos.listed(ctx, guest=guest)] == ["on the guest"]


def test_the_author_or_a_manager_changes_a_memo(ctx: Context, talk: int) -> None:
    leo, mia = colleague(ctx, "Leo"), colleague(ctx, "Mia", "manager")
    number = desk.memos.add(leo, "first", conversation=talk)
    eva = colleague(ctx, "Eva")
    assert not desk.memos.get(eva, number).mine
    for call in (lambda: desk.memos.edit(eva, number, 1, "mine"), lambda: desk.memos.remove(eva, number)):
        with pytest.raises(Forbidden, match="Leo"):
            call()
    changed = desk.memos.edit(leo, number, 1, "second")
    assert (changed.text, changed.edited_at, changed.version) == ("second", NOW, 2)
    with pytest.raises(Conflict):
        desk.memos.edit(mia, number, 1, "third")
    desk.memos.remove(mia, number)
    assert desk.memos.listed(ctx, conversation=talk) == []
    undo.undo(mia)
    undo.undo(leo)
    assert [one.text for one in desk.memos.listed(ctx, conversation=talk)] == ["first"]
    undo.undo(leo)
    assert desk.memos.listed(ctx, conversation=talk) == []


def test_reminders_stand_by_their_day_and_are_done(ctx: Context, talk: int) -> None:
    number = desk.inquiries.from_conversation(ctx, talk)
    today = date(2026, 7, 1)
    for days, title in ((1, "tomorrow"), (-1, "overdue"), (5, "later"), (0, "today")):
        desk.reminders.add(ctx, title, today + timedelta(days=days), inquiry=number)
    desk.reminders.add(ctx, "on the mail", "2.7.", conversation=talk)
    found = desk.reminders.listed(ctx, inquiry=number)
    assert [one.title for one in found] == ["overdue", "today", "tomorrow", "on the mail", "later"]
    assert [one.bucket for one in found] == ["overdue", "today", "tomorrow", "tomorrow", "later"]
    assert {one.assignee for one in found} == {"Ana"}
    desk.reminders.done(ctx, found[0].id)
    assert (desk.reminders.get(ctx, found[0].id).done_by, len(desk.reminders.listed(ctx))) == ("Ana", 4)
    desk.reminders.reopen(ctx, found[0].id)
    undo.undo(ctx)
    undo.undo(ctx)
    assert len(desk.reminders.listed(ctx)) == 5
    for title, due, who, field in (
        ("", today, "", "title"),
        ("x", "31.2.2027", "", "due"),
        ("x", "soon", "", "due"),
        ("x", today, "Zoe", "assignee"),
    ):
        with pytest.raises(InvalidInput) as caught:
            desk.reminders.add(ctx, title, due, assignee=who)
        assert caught.value.field == field


def test_what_is_on_a_hidden_inquiry_is_hidden(ctx: Context, talk: int) -> None:
    leo = colleague(ctx, "Leo")
    number = desk.inquiries.from_conversation(ctx, talk)
    memo = desk.memos.add(ctx, "only for me", conversation=talk)
    reminder = desk.reminders.add(ctx, "call", "2026-07-02", inquiry=number)
    desk.inquiries.set(ctx, number, 1, {"scope": "me"})
    assert desk.reminders.listed(leo) == []
    for call in (
        lambda: desk.memos.get(leo, memo),
        lambda: desk.memos.remove(leo, memo),
        lambda: desk.memos.listed(leo, inquiry=number),
        lambda: desk.reminders.get(leo, reminder),
        lambda: desk.reminders.done(leo, reminder),
    ):
        with pytest.raises(NotFound):
            call()
