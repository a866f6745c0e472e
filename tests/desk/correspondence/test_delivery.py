"""What goes out, and what becomes of it (SPEC §5, QUALITY R1, R2)."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlalchemy import select, update

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal, OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import accounts, delivery, drafts, outbox, outbox_rows, reading, replies, sent_copies
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.parse import parse
from crm_tui.mail.smtp import Cause, Failed, Refusal, Sent, Uncertain
from tests.desk.house import add_account, come_in, mail
from tests.desk.sending import fence, job_after_undo, pass_undo, reply, transmit, waiting_since


def test_the_message_that_goes_out_is_right(ctx: Context) -> None:
    draft, _message = reply(
        ctx, to="Marta <marta@example.org>, bob@example.org", cc="c@example.org", bcc="h@example.org"
    )
    drafts.attach(ctx, draft.id, "menu.pdf", b"PDF")
    item = outbox.queue(ctx, draft.id, draft.version)
    work = job_after_undo(ctx, item)
    assert work.recipients == ("marta@example.org", "bob@example.org", "c@example.org", "h@example.org")
    assert b"h@example.org" not in work.source
    parsed = parse(work.source)
    assert parsed.in_reply_to == ("m1@example.org",)
    assert parsed.references == ("m1@example.org",)
    assert parsed.sender.address == "desk@hotel.example"
    assert parsed.sender.name == "Hotel Sol"
    assert [a.name for a in parsed.attachments] == ["menu.pdf"]
    assert parsed.message_id == work.message_id
    assert parsed.automatic == ""
    assert item.message is not None
    kept = parse(reading.source(ctx, item.message))
    assert [a.address for a in kept.bcc] == ["h@example.org"]


EVIL = [
    "=?utf-8?q?Hello=0D=0ABcc:_victim@example.org=0D=0A=0D=0Abody?=",
    "=?utf-8?b?SGkNCkJjYzogdmljdGltQGV4YW1wbGUub3Jn?=",
    "=?utf-8?q?Hello=E2=80=A8Bcc:_victim@example.org?=",
    "=?utf-8?q?Hello=C2=85Bcc:_victim@example.org=00=0B=0C?=",
    "Hello =?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0ABcc:_victim@example.org=3F=3D?=",
]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("place", ["subject", "sender", "typed"])
def test_nothing_foreign_can_put_headers_into_the_reply(ctx: Context, evil: str, place: str) -> None:
    add_account(ctx)
    changes: dict[str, Any] = {"subject": evil} if place == "subject" else {"sender": f"{evil} <marta@example.org>"}
    message = come_in(ctx, mail(**changes if place != "typed" else {})).message_ids[0]
    draft = replies.start(ctx, "reply", message)
    version = draft.version
    if place == "typed":
        typed = parse(mail(subject=evil)).subject + "\r\nBcc: victim@example.org\u2028Bcc: victim@example.org"
        version = drafts.save(ctx, draft.id, version, subject=typed)
    work = job_after_undo(ctx, outbox.queue(ctx, draft.id, version))
    assert work.recipients == ("marta@example.org",)
    fields = [name.lower() for name, _value in message_from_bytes(work.source).items()]
    assert sorted(fields) == sorted(
        ["date", "from", "to", "subject", "message-id", "in-reply-to", "references", "mime-version", "content-type"]
    )


def test_no_way_back_after_the_commit(ctx: Context) -> None:
    draft, _message = reply(ctx)
    work = job_after_undo(ctx, outbox.queue(ctx, draft.id, draft.version))
    assert delivery.begin(ctx, work, 7, fence)
    for attempt in (outbox.recall, outbox.drop, outbox.retry, outbox.send_anyway, outbox.mark_sent):
        with pytest.raises(Conflict):
            attempt(ctx, work.item)
    assert not delivery.begin(ctx, work, 8, fence), "two engines may not both send it"


def test_a_refusal_is_told_and_can_be_mended(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    refusal = Failed(Cause.RECIPIENT, "no such mailbox", True, "", (Refusal("marta@example.org", "550 gone", True),))
    assert transmit(ctx, item.id, refusal) == "failed"
    shown = outbox.items(ctx)
    assert [(one.state, one.error) for one in shown] == [("failed", "no such mailbox")]
    assert outbox.retry(ctx, item.id).state == "queued"
    assert delivery.due(ctx) == [item.id]
    assert transmit(ctx, item.id, refusal) == "failed"
    assert outbox.recall(ctx, item.id) == draft.id


def test_offline_is_tried_for_ever_with_pauses(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert isinstance(ctx.clock, FixedClock)
    for _try in range(60):
        ctx.clock.advance(timedelta(minutes=2))
        assert transmit(ctx, item.id, Failed(Cause.OFFLINE, "no connection", False)) == "queued"
        assert delivery.due(ctx) == []
    ctx.clock.advance(timedelta(minutes=2))
    assert transmit(ctx, item.id, Sent("250")) == "sent"


def test_a_temporary_refusal_is_given_up_in_the_end(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert isinstance(ctx.clock, FixedClock)
    states = []
    for _try in range(delivery.MOST_REFUSALS):
        ctx.clock.advance(timedelta(hours=2))
        states.append(transmit(ctx, item.id, Failed(Cause.REFUSED, "451 later", False)))
    assert states == ["queued"] * (delivery.MOST_REFUSALS - 1) + ["failed"]


def test_a_refused_login_stops_the_account_but_not_the_others(ctx: Context) -> None:

    draft, _message = reply(ctx)
    other = add_account(ctx, "two@hotel.example")
    first = outbox.queue(ctx, draft.id, draft.version)
    same = replies.new(ctx, to="a@example.org", account_id=draft.account)
    waiting = outbox.queue(ctx, same.id, same.version)
    free = replies.new(ctx, to="a@example.org", account_id=other)
    third = outbox.queue(ctx, free.id, free.version)
    pass_undo(ctx)
    assert transmit(ctx, first.id, Failed(Cause.LOGIN, "535 wrong password", False)) == "failed"
    assert delivery.due(ctx) == [third.id]
    assert draft.account is not None
    view = {one.id: one for one in accounts.list_accounts(ctx)}
    assert view[draft.account].state == "sending failed"
    assert "535" in view[draft.account].state_text
    assert view[other].state == "new"
    assert outbox.get(ctx, waiting.id).state == "queued"


def test_uncertain_is_never_sent_again_by_itself(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    assert transmit(ctx, item.id, Uncertain("cut")) == "uncertain"
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.advance(timedelta(days=30))
    assert delivery.due(ctx) == []
    with pytest.raises(Conflict):
        outbox.retry(ctx, item.id)
    assert outbox.retry(ctx, item.id, may_be_second=True).state == "queued"
    assert transmit(ctx, item.id, Uncertain("cut")) == "uncertain"
    assert outbox.mark_sent(ctx, item.id).state == "sent"
    assert item.conversation is not None
    assert waiting_since(ctx, item.conversation) is None


def test_left_over_by_a_killed_engine_is_uncertain(ctx: Context) -> None:
    draft, _message = reply(ctx)
    work = job_after_undo(ctx, outbox.queue(ctx, draft.id, draft.version))
    assert delivery.begin(ctx, work, 7, fence)
    assert delivery.recover(ctx) == [work.item]
    assert delivery.recover(ctx) == []
    assert outbox.get(ctx, work.item).state == "uncertain"
    assert delivery.settle(ctx, work, 7, Sent("250 late news from a paused engine")) == "sent"
    assert delivery.settle(ctx, work, 8, Failed(Cause.OFFLINE, "", False)) == "sent"


def test_a_lost_lease_sends_nothing(ctx: Context) -> None:
    draft, _message = reply(ctx)
    work = job_after_undo(ctx, outbox.queue(ctx, draft.id, draft.version))
    assert not delivery.begin(ctx, work, 7, lambda _connection: False)
    assert outbox.get(ctx, work.item).state == "queued"


def test_the_copy_found_in_sent_is_the_same_message(ctx: Context) -> None:
    draft, _message = reply(ctx, bcc="h@example.org")
    item = outbox.queue(ctx, draft.id, draft.version)
    work = job_after_undo(ctx, item)
    transmit(ctx, item.id, Sent("250"))
    assert item.message is not None
    for copy in (work.source, reading.source(ctx, item.message), b"Received: by x; today\r\n" + work.source):
        received = come_in(ctx, copy)
        assert list(received.message_ids) == [item.message]
        assert received.stored == frozenset()


def test_a_failed_copy_never_sends_again(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    transmit(ctx, item.id, Sent("250"))
    assert isinstance(ctx.clock, FixedClock)
    tries = 0
    while outbox.get(ctx, item.id).copy_state == "pending":
        ctx.clock.advance(timedelta(hours=2))
        assert [copy.item for copy in sent_copies.copies_due(ctx)] == [item.id]
        sent_copies.copy_failed(ctx, item.id, "over quota")
        tries += 1
    assert tries == len(sent_copies.COPY_PAUSES)
    assert delivery.due(ctx) == []
    shown = outbox.items(ctx)
    assert [(one.state, one.copy_state, one.copy_error) for one in shown] == [("sent", "failed", "over quota")]
    outbox.retry_copy(ctx, item.id)
    assert [copy.item for copy in sent_copies.copies_due(ctx)] == [item.id]
    assert delivery.due(ctx) == []
    sent_copies.copied(ctx, item.id)
    assert outbox.items(ctx) == []


def test_a_dead_server_lets_the_accounts_other_messages_wait_but_not_starve(ctx: Context) -> None:
    draft, _message = reply(ctx)
    other = add_account(ctx, "two@hotel.example")
    poison = outbox.queue(ctx, draft.id, draft.version)
    mates = [replies.new(ctx, to="a@example.org", account_id=draft.account) for _number in range(2)]
    second, third = (outbox.queue(ctx, one.id, one.version) for one in mates)
    free_draft = replies.new(ctx, to="a@example.org", account_id=other)
    free = outbox.queue(ctx, free_draft.id, free_draft.version)
    pass_undo(ctx)
    assert transmit(ctx, poison.id, Failed(Cause.OFFLINE, "cut", False)) == "queued"
    assert delivery.due(ctx) == [free.id]
    pass_undo(ctx)
    assert delivery.due(ctx) == [free.id, second.id, third.id, poison.id]


def test_why_it_is_uncertain_is_told_in_the_language_of_whoever_looks(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    transmit(ctx, item.id, Uncertain("cut"))
    for language in ("en", "pl"):  # the engine of one desk, then that of another
        monkeypatch.setattr(delivery, "_", lambda text, language=language: f"{language}: {text}")
        delivery.not_in_sent(ctx, item.id)
    version = outbox.get(ctx, item.id).version
    monkeypatch.setattr(outbox_rows, "_", lambda text: f"es: {text}")
    assert outbox.get(ctx, item.id).error == "es: It is not known whether the message was taken; it is not in Sent."
    delivery.not_in_sent(ctx, item.id)
    assert outbox.get(ctx, item.id).version == version
    with ctx.store.connect() as connection:
        told = select(table_of(Journal)).where(columns(Journal).action == "looked up")
        assert len(connection.execute(told).all()) == 1


def test_a_clock_set_back_delays_nothing_by_more_than_the_undo_window(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert delivery.heed_clock(ctx) == 0
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.advance(-timedelta(hours=3))
    assert delivery.heed_clock(ctx) == 1
    assert delivery.next_due(ctx) == 10
    assert delivery.due(ctx) == []
    pass_undo(ctx)
    assert delivery.due(ctx) == [item.id]


@pytest.mark.parametrize(("back", "seconds"), [(7000.0, 10), (7190.0, 10), (60.0, 3540), (0.0, 3600)])
def test_a_pause_is_not_lengthened_by_a_clock_set_back(ctx: Context, back: float, seconds: int) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.advance(timedelta(days=1))
    pause = 3600 if back < 7000 else 5
    with ctx.write() as tx:
        instant = tx.now + timedelta(seconds=pause + (7000 if pause == 5 else 0))
        tx.connection.execute(update(table_of(OutboxItem)).values(not_before=instant, attempts=1))
    delivery.heed_clock(ctx, back)
    assert delivery.next_due(ctx) == seconds
    assert outbox.get(ctx, item.id).state == "queued"


def test_a_refused_smtp_login_is_told_until_sending_works_whatever_imap_says(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    assert transmit(ctx, item.id, Failed(Cause.LOGIN, "535 wrong password", False)) == "failed"
    number = item.account or 0
    accounts.set_state(ctx, number, "ok", synced=True)
    accounts.set_state(ctx, number, "offline", "no network")
    accounts.set_state(ctx, number, "ok", synced=True)
    view = accounts.get(ctx, number)
    assert (view.state, view.state_text, view.synced_at) == ("sending failed", "535 wrong password", ctx.clock.now())
    outbox.retry(ctx, item.id)
    assert transmit(ctx, item.id, Sent("250")) == "sent"
    assert (accounts.get(ctx, number).state, accounts.get(ctx, number).state_text) == ("ok", "")


@pytest.mark.parametrize("way", ["mended", "changed", "imap refuses too"])
def test_a_refused_smtp_login_is_forgotten_when_the_account_is_mended(ctx: Context, way: str) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    transmit(ctx, item.id, Failed(Cause.LOGIN, "535 wrong password", False))
    number = item.account or 0
    if way == "mended":
        accounts.mend(ctx, number, Credentials(lambda: None, memory={}), None)
    elif way == "changed":
        accounts.change(ctx, number, accounts.get(ctx, number).version, user="other")
    else:
        accounts.set_state(ctx, number, "auth failed", "NO")
    assert accounts.get(ctx, number).state == ("auth failed" if way.startswith("imap") else "new")
    accounts.set_state(ctx, number, "ok", synced=True)
    assert accounts.get(ctx, number).state == "ok"
