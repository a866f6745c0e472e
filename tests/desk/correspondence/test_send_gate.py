"""The send gate between two agents on one store, and what each end of a send does to the turn (SPEC §1, §3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from crm_tui.data.tables import Memo
from crm_tui.desk.common import waiting
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, drafts, outbox, reading, replies
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, receive
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.correspondence.sending_views import DraftView
from crm_tui.desk.shifts import internal
from crm_tui.mail.smtp import Cause, Failed, Sent, Uncertain
from tests.desk.colleagues import colleague
from tests.desk.house import ADDRESS, NOW, come_in, mail
from tests.desk.sending import fence, pass_undo, reply, transmit, waiting_since


def begin(ctx: Context, message: int, text: str) -> DraftView:
    """Another agent begins to answer the same mail."""
    draft = replies.start(ctx, "reply", message)
    drafts.save(ctx, draft.id, draft.version, text=text)
    return drafts.get(ctx, draft.id)


def from_webmail(ctx: Context, text: str = "Yes, gladly.") -> None:
    """An answer that was written in another mail program, found in Sent."""
    raw = mail(
        sender=f"Hotel Sol <{ADDRESS}>",
        to="marta@example.org",
        subject="Re: Room in August",
        text=text,
        message_id="webmail@hotel.example",
        date=ctx.clock.now(),
        In_Reply_To="<m1@example.org>",
    )
    receive(ctx, Batch([Incoming(prepare(raw))], sent=True))


def test_of_two_replies_at_once_the_first_goes_and_the_second_is_held_with_its_text(ctx: Context) -> None:
    ours, message = reply(ctx)
    leo = colleague(ctx, "Leo")
    theirs = begin(leo, message, "We have a room.\n\nLeo")
    first = outbox.queue(leo, theirs.id, theirs.version)
    second = outbox.queue(ctx, ours.id, ours.version)
    assert (first.state, second.state) == ("queued", "held")
    [news] = second.news
    assert (news.who, news.agent, news.direction, news.state) == ("Leo", True, "out", "queued")
    assert news.text.startswith("We have a room.\n\nLeo"), "the whole text"
    pass_undo(ctx)
    assert transmit(leo, first.id, Sent("250")) == "sent", "the one that is held does not hold the first one up"
    [news] = outbox.get(ctx, second.id).news
    assert (news.state, news.at) == ("", ctx.clock.now())


def test_sending_anyway_does_not_hold_the_first_one_up(ctx: Context) -> None:
    ours, message = reply(ctx)
    leo = colleague(ctx, "Leo")
    theirs = begin(leo, message, "From Leo")
    first = outbox.queue(leo, theirs.id, theirs.version)
    second = outbox.queue(ctx, ours.id, ours.version)
    assert outbox.send_anyway(ctx, second.id).state == "queued"
    pass_undo(ctx)
    assert transmit(leo, first.id, Sent("250")) == "sent"
    assert transmit(ctx, second.id, Sent("250")) == "sent", "what was seen holds it no more"


def test_a_reply_that_waited_is_held_when_another_went_out_meanwhile(ctx: Context) -> None:
    ours, message = reply(ctx)
    leo = colleague(ctx, "Leo")
    theirs = begin(leo, message, "From Leo")
    first = outbox.queue(leo, theirs.id, theirs.version)
    pass_undo(ctx)
    assert transmit(leo, first.id, Failed(Cause.OFFLINE, "No connection", permanent=False)) == "queued"
    second = outbox.queue(ctx, ours.id, ours.version)
    outbox.send_anyway(ctx, second.id)
    assert transmit(ctx, second.id, Sent("250")) == "sent"
    pass_undo(ctx)
    assert delivery.job(leo, first.id) is None
    held = outbox.get(leo, first.id)
    assert (held.state, [news.who for news in held.news]) == ("held", ["Ana"])
    assert waiting.for_me(leo).held == 1
    assert waiting.for_me(ctx).held == 0


def test_a_mail_that_arrives_within_the_undo_window_holds_it_before_data(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    work = delivery.job(ctx, item.id)
    assert work is not None
    late = mail(text="Forget it\n\n> Yes", message_id="m2@x", In_Reply_To="<m1@example.org>", date=ctx.clock.now())
    come_in(ctx, late)
    assert not delivery.begin(ctx, work, 7, fence)
    assert [news.text for news in outbox.get(ctx, item.id).news] == ["Forget it\n\n> Yes"]


def test_a_reply_from_another_program_holds_too(ctx: Context) -> None:
    draft, _message = reply(ctx)
    from_webmail(ctx)
    held = outbox.queue(ctx, draft.id, draft.version)
    assert held.state == "held"
    assert [(news.direction, news.agent, news.text.strip()) for news in held.news] == [("out", False, "Yes, gladly.")]


def test_memos_and_internal_messages_hold_nothing(ctx: Context) -> None:
    draft, _message = reply(ctx)
    leo = colleague(ctx, "Leo")
    assert draft.conversation is not None
    internal.send(leo, "Ana", "Mind the dog", conversation=draft.conversation)
    with ctx.write() as tx:
        tx.connection.execute(insert(Memo).values(conversation_id=draft.conversation, text="dog", created_at=tx.now))
    assert outbox.queue(ctx, draft.id, draft.version).state == "queued"


def test_a_colleagues_reply_that_failed_is_held_or_was_taken_back_holds_nothing(ctx: Context) -> None:
    ours, message = reply(ctx)
    leo, mia = colleague(ctx, "Leo"), colleague(ctx, "Mia")
    theirs, third = begin(leo, message, "From Leo"), begin(mia, message, "From Mia")
    first = outbox.queue(leo, theirs.id, theirs.version)
    assert outbox.queue(mia, third.id, third.version).state == "held"
    pass_undo(ctx)
    assert transmit(leo, first.id, Failed(Cause.REFUSED, "550 no", permanent=True)) == "failed"
    assert outbox.queue(ctx, ours.id, ours.version).state == "queued", "neither of the two went out"


def test_what_held_it_was_taken_back(ctx: Context) -> None:
    ours, message = reply(ctx)
    leo = colleague(ctx, "Leo")
    theirs = begin(leo, message, "From Leo")
    first = outbox.queue(leo, theirs.id, theirs.version)
    second = outbox.queue(ctx, ours.id, ours.version)
    outbox.recall(leo, first.id)
    assert outbox.get(ctx, second.id).news == ()
    assert outbox.send_anyway(ctx, second.id).state == "queued"


@pytest.mark.parametrize("answer", ["send", "edit", "drop"])
def test_after_each_answer_nothing_is_lost_or_twice(ctx: Context, answer: str) -> None:
    ours, message = reply(ctx)
    leo = colleague(ctx, "Leo")
    theirs = begin(leo, message, "From Leo")
    outbox.queue(leo, theirs.id, theirs.version)
    held = outbox.queue(ctx, ours.id, ours.version)
    if answer == "send":
        assert outbox.send_anyway(ctx, held.id).state == "queued"
    elif answer == "edit":
        again = drafts.get(ctx, outbox.recall(ctx, held.id))
        assert again.text == "Yes, we have."
        assert outbox.queue(ctx, again.id, again.version).state == "queued", "what was shown is no news any more"
    else:
        outbox.drop(ctx, held.id)
        assert drafts.mine(ctx) == []
    assert drafts.mine(leo) == [], "the colleague's is on its way"


def test_the_turn_stays_open_until_a_reply_went_out(ctx: Context) -> None:
    draft, message = reply(ctx)
    assert draft.conversation is not None
    leo = colleague(ctx, "Leo")
    theirs = begin(leo, message, "From Leo")
    opened = waiting_since(ctx, draft.conversation)
    assert opened is not None
    item = outbox.queue(ctx, draft.id, draft.version)
    assert waiting_since(ctx, draft.conversation) == opened, "queued"
    outbox.recall(ctx, item.id)
    assert waiting_since(ctx, draft.conversation) == opened, "recalled"
    again = drafts.get(ctx, draft.id)
    item = outbox.queue(ctx, again.id, again.version)
    pass_undo(ctx)
    assert transmit(ctx, item.id, Failed(Cause.REFUSED, "550", permanent=True)) == "failed"
    assert waiting_since(ctx, draft.conversation) == opened, "failed"
    outbox.retry(ctx, item.id)
    held = outbox.queue(leo, theirs.id, theirs.version)
    assert held.state == "held"
    assert waiting_since(ctx, draft.conversation) == opened, "held"
    assert transmit(ctx, item.id, Sent("250")) == "sent"
    assert waiting_since(ctx, draft.conversation) is None


def test_what_may_have_gone_and_is_taken_back_leaves_the_turn_open(ctx: Context) -> None:
    draft, _message = reply(ctx)
    assert draft.conversation is not None
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    assert transmit(ctx, item.id, Uncertain("cut")) == "uncertain"
    assert waiting_since(ctx, draft.conversation) is not None
    outbox.recall(ctx, item.id, may_be_second=True)
    assert waiting_since(ctx, draft.conversation) is not None
    delivery.found_in_sent(ctx, item.id)
    assert waiting_since(ctx, draft.conversation) is None, "it did go out after all"


def test_a_reply_from_another_program_closes_the_turn_with_nobody_named(ctx: Context) -> None:
    conversation = next(iter(come_in(ctx, mail(date=NOW - timedelta(hours=2))).conversations))
    assert waiting_since(ctx, conversation) is not None
    from_webmail(ctx)
    assert waiting_since(ctx, conversation) is None
    assert [m.direction for m in reading.conversation(ctx, conversation).messages] == ["in", "out"]
