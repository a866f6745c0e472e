"""Uncertain messages given up, and whose messages may be changed by whom (SPEC §5, QUALITY R1, S18)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Account, Agent, Location, Mailbox, OutboxItem
from crm_tui.desk.common.context import ENGINE, Actor, Context
from crm_tui.desk.correspondence import accounts, delivery, drafts, outbox, reading, sent_copies
from crm_tui.desk.correspondence.sending_views import OutboxView
from crm_tui.mail.smtp import Cause, Failed, Sent, Uncertain
from tests.desk.house import add_account
from tests.desk.sending import fence, job_after_undo, pass_undo, reply, transmit, transmit_after_undo, waiting_since


def uncertain(ctx: Context) -> tuple[OutboxView, delivery.Job]:
    """A reply whose connection broke before the answer."""
    draft, _message = reply(ctx)
    work = job_after_undo(ctx, outbox.queue(ctx, draft.id, draft.version))
    assert delivery.begin(ctx, work, 7, fence)
    assert delivery.settle(ctx, work, 7, Uncertain("cut")) == "uncertain"
    return outbox.get(ctx, work.item), work


@pytest.mark.parametrize("way", [outbox.recall, outbox.drop])
def test_giving_up_an_uncertain_message_needs_a_word_and_keeps_it_on_record(ctx: Context, way: Any) -> None:
    item, _work = uncertain(ctx)
    with pytest.raises(Conflict):
        way(ctx, item.id)
    assert outbox.get(ctx, item.id).state == "uncertain"
    way(ctx, item.id, may_be_second=True)
    assert item.conversation is not None
    messages = reading.conversation(ctx, item.conversation).messages
    assert [(m.direction, m.state) for m in messages] == [("in", ""), ("out", "uncertain")]
    assert outbox.items(ctx) == []
    assert waiting_since(ctx, item.conversation) is not None


def test_an_uncertain_message_is_edited_and_sent_as_a_second_one(ctx: Context) -> None:
    item, _work = uncertain(ctx)
    draft = outbox.recall(ctx, item.id, may_be_second=True)
    version = drafts.save(ctx, draft, drafts.get(ctx, draft).version, text="Once more: yes.")
    second = outbox.queue(ctx, draft, version)
    assert second.state == "queued"
    assert transmit_after_undo(ctx, second) == "sent"
    assert item.conversation is not None
    messages = reading.conversation(ctx, item.conversation).messages
    assert [m.state for m in messages] == ["", "uncertain", ""]


@pytest.mark.parametrize("then", ["recall", "drop", "retry"])
def test_a_message_given_up_that_was_sent_after_all_counts_as_sent(ctx: Context, then: str) -> None:
    """The engine that lost its lease in the middle of a delivery learns the answer late."""
    item, work = uncertain(ctx)
    getattr(outbox, then)(ctx, item.id, may_be_second=True)
    assert delivery.settle(ctx, work, 8, Sent("250 of another")) in ("recalled", "queued")
    assert delivery.settle(ctx, work, 7, Sent("250 late")) == "sent"
    assert outbox.get(ctx, item.id).state == "sent"
    assert delivery.due(ctx) == []
    assert [copy.item for copy in sent_copies.copies_due(ctx)] == [item.id]
    assert item.conversation is not None
    assert [m.state for m in reading.conversation(ctx, item.conversation).messages] == ["", ""]
    assert waiting_since(ctx, item.conversation) is None


def test_a_message_given_up_that_was_refused_after_all_leaves_its_conversation(ctx: Context) -> None:
    item, work = uncertain(ctx)
    outbox.recall(ctx, item.id, may_be_second=True)
    assert delivery.settle(ctx, work, 7, Failed(Cause.REFUSED, "no", True)) == "recalled"
    assert item.conversation is not None
    assert [m.direction for m in reading.conversation(ctx, item.conversation).messages] == ["in"]


def test_a_message_given_up_that_a_sync_meets_in_sent_counts_as_sent(ctx: Context) -> None:
    item, _work = uncertain(ctx)
    outbox.recall(ctx, item.id, may_be_second=True)
    assert sent_copies.recalled_in_sent(ctx) == []
    with ctx.write() as tx:
        box = tx.connection.execute(
            insert(Mailbox).values(account_id=item.account, name="Sent", raw_name=b"Sent", role="sent")
        ).inserted_primary_key
        assert box is not None
        tx.connection.execute(insert(Location).values(mailbox_id=box[0], message_id=item.message, uid=1, uidvalidity=1))
    assert sent_copies.recalled_in_sent(ctx) == [item.id]
    delivery.found_in_sent(ctx, item.id)
    assert outbox.get(ctx, item.id).state == "sent"
    assert sent_copies.recalled_in_sent(ctx) == []


def colleagues(ctx: Context) -> dict[str, Context]:
    """The same desk in the hands of others."""
    names = {}
    with ctx.write() as tx:
        for name, role in (("Bea", "agent"), ("Carl", "manager"), ("Dora", "admin")):
            made = tx.connection.execute(insert(Agent).values(name=name, role=role, created_at=tx.now))
            names[name] = ctx.acting_as(Actor(new_id(made), name, role))
    return names | {"engine": ctx.acting_as(ENGINE)}


@pytest.mark.parametrize(
    "change",
    [
        lambda ctx, draft: drafts.save(ctx, draft.id, draft.version, text="x"),
        lambda ctx, draft: drafts.attach(ctx, draft.id, "a.txt", b"x"),
        lambda ctx, draft: drafts.detach(ctx, draft.id, 1),
        lambda ctx, draft: drafts.drop(ctx, draft.id),
        lambda ctx, draft: outbox.queue(ctx, draft.id, draft.version),
    ],
)
def test_a_draft_is_changed_by_its_writer_or_by_those_above(ctx: Context, change: Any) -> None:
    draft, _message = reply(ctx)
    others = colleagues(ctx)
    with pytest.raises(Forbidden, match="Ana"):
        change(others["Bea"], draft)
    assert drafts.get(ctx, draft.id) == draft
    change(others["Carl"], draft)


@pytest.mark.parametrize("state", ["queued", "failed", "held", "uncertain"])
@pytest.mark.parametrize("who", ["Carl", "Dora", "engine"])
def test_an_outgoing_message_is_changed_by_its_writer_or_by_those_above(ctx: Context, state: str, who: str) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    with ctx.write() as tx:
        tx.connection.execute(update(table_of(OutboxItem)).values(state=state))
    others = colleagues(ctx)
    ways: list[Any] = [
        lambda ctx: outbox.recall(ctx, item.id, may_be_second=True),
        lambda ctx: outbox.drop(ctx, item.id, may_be_second=True),
    ]
    ways += [lambda ctx: outbox.retry(ctx, item.id, may_be_second=True)] if state != "held" else []
    ways += [lambda ctx: outbox.send_anyway(ctx, item.id)] if state == "held" else []
    ways += [lambda ctx: outbox.mark_sent(ctx, item.id)] if state == "uncertain" else []
    for way in ways:
        with pytest.raises(Forbidden, match="Ana"):
            way(others["Bea"])
    assert outbox.get(ctx, item.id).state == state
    outbox.drop(others[who], item.id, may_be_second=True)
    assert outbox.items(ctx) == []


def test_a_failed_message_is_not_tried_again_from_an_account_that_is_switched_off(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    assert transmit(ctx, item.id, Failed(Cause.REFUSED, "no", True)) == "failed"
    with pytest.raises(Conflict, match="still in the outbox"):
        accounts.remove(ctx, item.account or 0)
    accounts.change(ctx, item.account or 0, accounts.get(ctx, item.account or 0).version, active=False)
    with pytest.raises(InvalidInput, match="switched off") as told:
        outbox.retry(ctx, item.id)
    assert "another sender" in told.value.hint
    assert outbox.get(ctx, item.id).state == "failed"
    other = add_account(ctx, "other@hotel.example")
    number = outbox.recall(ctx, item.id)
    version = drafts.save(ctx, number, drafts.get(ctx, number).version, account_id=other)
    assert outbox.queue(ctx, number, version).sender == "other@hotel.example"
    with ctx.write() as tx:
        tx.connection.execute(
            update(table_of(OutboxItem)).where(columns(OutboxItem).id == item.id).values(state="failed")
        )
        tx.connection.execute(delete(Account).where(columns(Account).id == item.account))
    with pytest.raises(InvalidInput, match="no longer linked"):
        outbox.retry(ctx, item.id)


def test_nobody_waits_for_what_an_account_switched_off_has_queued(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert delivery.next_due(ctx) == 10
    accounts.change(ctx, item.account or 0, accounts.get(ctx, item.account or 0).version, active=False)
    pass_undo(ctx)
    assert (delivery.due(ctx), delivery.next_due(ctx)) == ([], None)
