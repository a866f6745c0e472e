"""The outbox as an agent works it (SPEC §5)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal, OutboxItem, Turn
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence import delivery, drafts, outbox, reading, replies, writing
from crm_tui.mail.smtp import Sent
from tests.desk.house import NOW, add_account, come_in, mail
from tests.desk.sending import fence, job_after_undo, pass_undo, reply, transmit, transmit_after_undo, waiting_since


def test_a_reply_stands_in_its_conversation_at_once_and_closes_the_turn_when_accepted(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert item.state == "queued"
    assert item.conversation == draft.conversation
    assert item.conversation is not None
    view = reading.conversation(ctx, item.conversation)
    assert [(m.direction, m.state) for m in view.messages] == [("in", ""), ("out", "queued")]
    assert "Yes, we have." in view.messages[1].text
    assert waiting_since(ctx, item.conversation) is not None
    assert delivery.due(ctx) == []
    pass_undo(ctx)
    assert delivery.due(ctx) == [item.id]
    assert transmit(ctx, item.id, Sent("250 ok")) == "sent"
    view = reading.conversation(ctx, item.conversation)
    assert [(m.direction, m.state) for m in view.messages] == [("in", ""), ("out", "")]
    assert waiting_since(ctx, item.conversation) is None
    assert drafts.mine(ctx) == []
    with ctx.store.connect() as connection:
        turn = connection.execute(select(table_of(Turn))).one()
    assert (turn.reason, turn.agent_id, turn.closed_at) == ("reply", ctx.actor.id, ctx.clock.now())
    assert turn.closed_by == item.message


def test_recipients_are_frozen_when_queued(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    with pytest.raises(Conflict):
        drafts.save(ctx, draft.id, draft.version, to="other@example.org")
    assert job_after_undo(ctx, item).recipients == ("marta@example.org",)


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
@pytest.mark.parametrize("wrong", ["marta", "marta@", "@example.org", "a b@example.org", "a@b", "a..b@example.org"])
def test_a_wrong_address_is_named_with_its_field(ctx: Context, field: str, wrong: str) -> None:
    draft, _message = reply(ctx, **{field: wrong})
    with pytest.raises(InvalidInput) as caught:
        outbox.queue(ctx, draft.id, draft.version)
    assert caught.value.field == field
    assert outbox.items(ctx) == []
    assert drafts.get(ctx, draft.id).version == draft.version


def test_nobody_to_send_to(ctx: Context) -> None:
    draft, _message = reply(ctx, to=" , ")
    with pytest.raises(InvalidInput) as caught:
        outbox.queue(ctx, draft.id, draft.version)
    assert caught.value.field == "to"


def test_called_back_within_the_undo_window(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert outbox.recall(ctx, item.id) == draft.id
    again = drafts.get(ctx, draft.id)
    assert again.text == "Yes, we have."
    assert item.conversation is not None
    assert len(reading.conversation(ctx, item.conversation).messages) == 1
    pass_undo(ctx)
    assert delivery.due(ctx) == []
    second = outbox.queue(ctx, draft.id, again.version)
    pass_undo(ctx)
    assert transmit(ctx, second.id, Sent("250")) == "sent"
    with pytest.raises(Conflict):
        outbox.recall(ctx, second.id)
    with pytest.raises(Conflict):
        outbox.drop(ctx, second.id)


def test_called_back_while_the_engine_is_connecting(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    work = job_after_undo(ctx, item)
    outbox.recall(ctx, item.id)
    assert not delivery.begin(ctx, work, 7, fence)
    assert outbox.get(ctx, item.id).state == "recalled"


def test_held_when_something_arrived_since_the_reply_began(ctx: Context) -> None:
    draft, _message = reply(ctx)
    late = mail(
        subject="Re: Room in August",
        text="Forget it",
        message_id="m2@example.org",
        In_Reply_To="<m1@example.org>",
        date=NOW - timedelta(minutes=1),
    )
    come_in(ctx, late)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert item.state == "held"
    assert [(n.preview, n.direction) for n in item.news] == [("Forget it", "in")]
    pass_undo(ctx)
    assert delivery.due(ctx) == []
    assert outbox.send_anyway(ctx, item.id).state == "queued"
    assert transmit(ctx, item.id, Sent("250")) == "sent"


def test_held_when_something_arrives_within_the_undo_window_or_just_before_data(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    work = job_after_undo(ctx, item)
    come_in(ctx, mail(text="Wait", message_id="m2@x", In_Reply_To="<m1@example.org>", date=ctx.clock.now()))
    assert not delivery.begin(ctx, work, 7, fence)
    held = outbox.get(ctx, item.id)
    assert held.state == "held"
    assert [n.preview for n in held.news] == ["Wait"]
    assert outbox.recall(ctx, item.id) == draft.id


def test_held_when_a_colleague_answered(ctx: Context) -> None:
    draft, message = reply(ctx)
    other = ctx.acting_as(Actor(None, "Bea", "agent"))
    theirs = replies.start(other, "reply", message)
    first = outbox.queue(other, theirs.id, theirs.version)
    assert first.state == "queued"
    second = outbox.queue(ctx, draft.id, draft.version)
    assert second.state == "held"
    assert [n.direction for n in second.news] == ["out"]


def test_an_old_mail_that_is_only_now_synced_is_no_news(ctx: Context) -> None:
    draft, _message = reply(ctx)
    old = mail(text="older", message_id="m0@x", date=NOW - timedelta(days=9), References="<m1@example.org>")
    come_in(ctx, old)
    come_in(ctx, mail(text="old", message_id="m9@x", date=NOW - timedelta(days=3), In_Reply_To="<m1@example.org>"))
    assert outbox.queue(ctx, draft.id, draft.version).state == "queued"


@pytest.mark.parametrize("place", ["stay", "Waitlist", "Done"])
def test_after_sending_the_conversation_moves_on(ctx: Context, place: str) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version, after_send=place)
    assert item.conversation is not None
    assert reading.conversation(ctx, item.conversation).row.folder == "Inbox"
    pass_undo(ctx)
    transmit(ctx, item.id, Sent("250"))
    assert reading.conversation(ctx, item.conversation).row.folder == ("Inbox" if place == "stay" else place)


def test_a_new_message_makes_a_conversation_and_dropping_it_takes_it_away(ctx: Context) -> None:
    add_account(ctx)
    draft = replies.new(ctx, to="Leo <leo@example.org>", subject="Your stay")
    item = outbox.queue(ctx, draft.id, draft.version)
    assert item.conversation is not None
    row = reading.conversation(ctx, item.conversation).row
    assert (row.folder, row.counterpart.address, row.waiting_since) == ("Done", "leo@example.org", None)
    outbox.drop(ctx, item.id)
    from crm_tui.base.errors import NotFound

    with pytest.raises(NotFound):
        reading.conversation(ctx, item.conversation)
    assert folders.counts(ctx)["Done"].total == 0
    assert drafts.mine(ctx) == []
    assert outbox.items(ctx) == []


def test_a_forward_does_not_close_the_guests_turn(ctx: Context) -> None:
    add_account(ctx)
    message = come_in(ctx, mail()).message_ids[0]
    draft = replies.start(ctx, "forward", message)
    version = drafts.save(ctx, draft.id, draft.version, to="kitchen@hotel.example")
    item = outbox.queue(ctx, draft.id, version)
    pass_undo(ctx)
    transmit(ctx, item.id, Sent("250"))
    guest = reading.message(ctx, message).conversation
    assert item.conversation != guest
    assert waiting_since(ctx, guest) is not None


def test_the_answer_comes_back_into_the_conversation(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    work = job_after_undo(ctx, item)
    transmit(ctx, item.id, Sent("250"))
    come_in(ctx, mail(text="Thanks", message_id="t@x", In_Reply_To=f"<{work.message_id}>", date=ctx.clock.now()))
    assert item.conversation is not None
    assert [m.direction for m in reading.conversation(ctx, item.conversation).messages] == ["in", "out", "in"]


def test_every_step_is_in_the_journal(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    outbox.recall(ctx, item.id)
    second = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    transmit(ctx, second.id, Sent("250"))
    journal = columns(Journal)
    with ctx.store.connect() as connection:
        rows = connection.execute(
            select(journal.entity_id, journal.action).where(journal.entity == "outbox").order_by(journal.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        (item.id, "queue"),
        (item.id, "recall"),
        (second.id, "queue"),
        (second.id, "sending"),
        (second.id, "sent"),
    ]
    with ctx.store.connect() as connection:
        assert connection.execute(select(table_of(OutboxItem).c.version)).scalars().all() == [3, 4]


def test_what_was_seen_holds_nothing_up_again(ctx: Context) -> None:
    draft, _message = reply(ctx)
    come_in(ctx, mail(text="Wait", message_id="m2@x", In_Reply_To="<m1@example.org>", date=ctx.clock.now()))
    held = outbox.queue(ctx, draft.id, draft.version)
    assert held.state == "held"
    outbox.recall(ctx, held.id)
    again = outbox.queue(ctx, draft.id, draft.version)
    assert again.state == "queued", "the agent was shown it and edited the reply"
    outbox.recall(ctx, again.id)
    come_in(ctx, mail(text="More", message_id="m3@x", In_Reply_To="<m1@example.org>", date=ctx.clock.now()))
    assert [one.preview for one in outbox.news_of_draft(ctx, draft.id)] == ["More"]
    anyway = outbox.queue(ctx, draft.id, draft.version, despite_news=True)
    assert transmit_after_undo(ctx, anyway) == "sent"


def test_not_among_the_sent_before_it_is(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert "Sent" not in folders.counts(ctx)
    assert transmit_after_undo(ctx, item) == "sent"
    assert folders.counts(ctx)["Sent"].total == 1


def test_found_by_search_when_sent(ctx: Context) -> None:
    from crm_tui.desk.finding import search

    draft, _message = reply(ctx, text="We have the Zażółć suite.")
    item = outbox.queue(ctx, draft.id, draft.version)
    assert transmit_after_undo(ctx, item) == "sent"
    assert [hit.id for hit in search.search(ctx, "zazolc")] == [item.message]


def test_a_thread_that_turns_out_to_be_one_takes_drafts_and_outbox_along(ctx: Context) -> None:
    add_account(ctx)
    first = come_in(ctx, mail(message_id="a@x")).message_ids[0]
    second = come_in(ctx, mail(message_id="c@x", In_Reply_To="<b@x>")).message_ids[0]
    drafted = replies.start(ctx, "reply", second)
    queued_draft = replies.start(ctx.acting_as(Actor(None, "Bea")), "reply", second)
    item = outbox.queue(ctx, queued_draft.id, queued_draft.version)
    assert item.conversation != reading.message(ctx, first).conversation
    come_in(ctx, mail(message_id="b@x", In_Reply_To="<a@x>", date=NOW - timedelta(hours=3)))
    survivor = reading.message(ctx, first).conversation
    assert reading.message(ctx, second).conversation == survivor
    assert outbox.get(ctx, item.id).conversation == survivor
    assert [(found.id, found.conversation) for found in drafts.mine(ctx)] == [(drafted.id, survivor)]


def test_writers_of_one_draft_lose_nothing(ctx: Context) -> None:
    """Four windows, each adding its own marks to one draft: a stale save is refused and done again (QUALITY R3)."""
    add_account(ctx)
    draft = replies.new(ctx, text="")
    version = drafts.save(ctx, draft.id, draft.version, text="")
    assert version == 2

    def write(mark: str) -> None:
        for _time in range(15):
            while True:
                seen = drafts.get(ctx, draft.id)
                try:
                    drafts.save(ctx, draft.id, seen.version, text=seen.text + mark)
                    break
                except Conflict:
                    continue

    threads = [threading.Thread(target=write, args=(mark,)) for mark in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(drafts.get(ctx, draft.id).text) == sorted("abcd" * 15)


def test_a_file_added_while_the_message_is_built_is_not_left_out_silently(ctx: Context) -> None:
    draft, _message = reply(ctx)
    file = drafts.attach(ctx, draft.id, "a.txt", b"a")
    with ctx.store.connect() as connection:
        writing.check_files(connection, draft.id, (file.id,))
        with pytest.raises(Conflict):
            writing.check_files(connection, draft.id, ())
