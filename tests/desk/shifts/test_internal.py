"""Internal messages: from one agent to another, about something that both may see (SPEC §1, §3, §4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.errors import Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Journal, Message
from crm_tui.desk.common.context import Context
from crm_tui.desk.conversations.merging import merge_in
from crm_tui.desk.shifts.internal import HiddenFromThem
from tests.desk.colleagues import colleague, keep_for
from tests.desk.house import come_in, mail, make_house


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Context]:
    ctx = make_house(tmp_path)
    yield ctx
    ctx.store.close()


@pytest.fixture
def leo(ana: Context) -> Context:
    return colleague(ana, "Leo")


@pytest.fixture
def conversation(ana: Context) -> int:
    return next(iter(come_in(ana, mail()).conversations))


def test_it_waits_for_its_recipient_until_read(ana: Context, leo: Context, conversation: int) -> None:
    number = desk.internal.send(ana, "leo", " Could you take this one? ", conversation=conversation)
    assert desk.internal.unread_count(leo) == 1
    assert desk.internal.unread_count(ana) == 0
    [view] = desk.internal.unread(leo)
    assert (view.id, view.sender, view.to, view.text) == (number, "Ana", "Leo", "Could you take this one?")
    assert (view.conversation, view.about, view.unread) == (conversation, "Marta Guest · Room in August", True)
    assert desk.internal.mark_read(ana, [number]) == 0, "only its recipient reads it"
    assert desk.internal.mark_read(leo, [number]) == 1
    assert desk.internal.mark_read(leo, [number]) == 0
    assert desk.internal.unread(leo) == []
    assert desk.internal.unread_count(leo) == 0


def test_it_is_no_answer_and_no_message(ana: Context, leo: Context, conversation: int) -> None:
    def state() -> tuple[object, ...]:
        names, mails = columns(Conversation), columns(Message)
        with ana.store.connect() as connection:
            row = connection.execute(select(names.waiting_since, names.message_count, names.last_at, names.preview))
            return (*row.one(), connection.execute(select(mails.id)).all())

    before = state()
    desk.internal.send(ana, "Leo", "Is the family room free?", conversation=conversation)
    assert state() == before


def test_unread_first_then_the_latest(ana: Context, leo: Context, conversation: int) -> None:
    numbers = [desk.internal.send(ana, "Leo", f"note {n}", conversation=conversation) for n in range(3)]
    desk.internal.mark_read(leo, numbers[2:])
    own = desk.internal.send(leo, "Ana", "done", conversation=conversation)
    assert [view.id for view in desk.internal.mine(leo)] == [numbers[0], numbers[1], own, numbers[2]]
    assert [view.text for view in desk.internal.listed(ana, conversation=conversation)] == [
        "note 0", "note 1", "note 2", "done",
    ]  # fmt: skip


def test_an_inquiry_shows_those_of_its_conversations(ana: Context, leo: Context, conversation: int) -> None:
    inquiry = keep_for(ana, conversation, "")
    desk.internal.send(ana, "Leo", "about the mail", conversation=conversation)
    desk.internal.send(leo, "Ana", "about the inquiry", inquiry=inquiry)
    assert [view.text for view in desk.internal.listed(ana, inquiry=inquiry)] == ["about the mail", "about the inquiry"]


def test_the_recipient_must_be_allowed_to_see_it(ana: Context, leo: Context, conversation: int) -> None:
    inquiry = keep_for(ana, conversation, f"a{ana.actor.id}")
    for about in ({"conversation": conversation}, {"inquiry": inquiry}):
        with pytest.raises(HiddenFromThem, match=f"Leo may not see this.*scope of inquiry {inquiry}") as caught:
            desk.internal.send(ana, "Leo", "look", **about)
        assert (caught.value.agent, caught.value.inquiry) == ("Leo", inquiry)
        with pytest.raises(NotFound):
            desk.internal.send(leo, "Ana", "what is this?", **about)
        with pytest.raises(NotFound):
            desk.internal.listed(leo, **about)
    assert desk.internal.unread_count(leo) == 0


def test_the_department_sees_it(ana: Context, conversation: int) -> None:
    mia = colleague(ana, "Mia", department="Groups")
    keep_for(ana, conversation, f"d{mia.actor.department}")
    with pytest.raises(NotFound):
        desk.internal.send(ana, "Mia", "yours", conversation=conversation)
    ben = ana.acting_as(replace(ana.actor, department=mia.actor.department))
    desk.internal.send(ben, "Mia", "yours", conversation=conversation)
    assert desk.internal.unread_count(mia) == 1


def test_what_was_hidden_since_keeps_its_text_only(ana: Context, leo: Context, conversation: int) -> None:
    desk.internal.send(ana, "Leo", "look", conversation=conversation)
    keep_for(ana, conversation, f"a{ana.actor.id}")
    [view] = desk.internal.unread(leo)
    assert (view.text, view.hidden, view.conversation, view.about) == ("look", True, None, "")


def test_what_cannot_be_sent_says_why(ana: Context, leo: Context, conversation: int) -> None:
    cases = (("Zoe", "hi", "to"), ("Ana", "hi", "to"), ("Leo", " \0 ", "text"))
    for to, text, field in cases:
        with pytest.raises(InvalidInput) as caught:
            desk.internal.send(ana, to, text, conversation=conversation)
        assert caught.value.field == field
    with pytest.raises(InvalidInput):
        desk.internal.send(ana, "Leo", "about what?")
    with pytest.raises(NotFound):
        desk.internal.send(ana, "Leo", "hi", conversation=4711)
    with pytest.raises(NotFound):
        desk.internal.send(ana, "Leo", "hi", inquiry=4711)
    with pytest.raises(Forbidden):
        desk.internal.send(replace(ana, readonly=True), "Leo", "hi", conversation=conversation)
    assert desk.internal.unread_count(leo) == 0


def test_hostile_text_is_kept_and_shown_harmless(ana: Context, leo: Context, conversation: int) -> None:
    desk.internal.send(ana, "Leo", "a\x1b]52;c;x\x07b\ud800\n‮c" + "x" * 200_000, conversation=conversation)
    [view] = desk.internal.unread(leo)
    assert "\x1b" not in view.text
    assert "\x07" not in view.text
    assert "\u202e" not in view.text
    assert view.text.endswith("x" * 200_000)


def test_other_desks_are_told_which_conversation_has_one(ana: Context, leo: Context, conversation: int) -> None:
    last = desk.changes.last(leo)
    number = desk.internal.send(ana, "Leo", "look", conversation=conversation)
    changes = desk.changes.since(leo, last)
    assert changes.ids == {"internal": {number}, "conversation": {conversation}}
    desk.internal.mark_read(leo, [number])
    assert desk.changes.since(ana, changes.last).ids == {"internal": {number}}


def test_the_journal_holds_no_text(ana: Context, leo: Context, conversation: int) -> None:
    desk.internal.send(ana, "Leo", "quite private", conversation=conversation)
    with ana.store.connect() as connection:
        names = columns(Journal)
        rows = connection.execute(select(names.before, names.after).where(names.entity == "internal")).all()
    assert rows
    assert "quite private" not in str(rows)


def test_what_was_said_of_a_half_holds_for_the_merged_whole(ana: Context, leo: Context, conversation: int) -> None:
    other = next(
        iter(come_in(ana, mail(message_id="m2@example.org", sender="Petra <petra@example.org>")).conversations)
    )
    desk.internal.send(ana, "Leo", "before", conversation=other)
    with ana.write() as tx:
        merge_in(tx, conversation, other)
    desk.internal.send(ana, "Leo", "after", conversation=other)
    assert [view.text for view in desk.internal.listed(leo, conversation=conversation)] == ["before", "after"]
    assert desk.internal.unread(leo)[-1].conversation == conversation
