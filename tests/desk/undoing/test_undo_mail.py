"""Undo of what is written, sent and read: drafts, the outbox, read marks, templates (SPEC §3, §5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, drafts, flags, outbox, reading
from crm_tui.desk.texts import templates
from crm_tui.desk.undoing import undo
from tests.building import NOON, make_mail, minutes, receive_mails
from tests.desk.house import come_in, mail
from tests.desk.sending import fence, job_after_undo, pass_undo, reply, transmit_after_undo, waiting_since
from tests.desk.undoing.test_undo import another


@pytest.fixture
def mails(ctx: Context, account_id: int, inbox_id: int) -> list[int]:
    """Three mails of three guests, UIDs 1 to 3."""
    raws = [make_mail(message_id=f"{n}@x", subject=f"S{n}", date=NOON + minutes(n)) for n in range(3)]
    return list(receive_mails(ctx, *raws, account_id=account_id, mailbox_id=inbox_id).message_ids)


def test_a_dropped_draft_comes_back_with_its_files(ctx: Context) -> None:
    draft, _message = reply(ctx, text="A long answer")
    drafts.attach(ctx, draft.id, "prices.txt", b"100")
    drafts.drop(ctx, draft.id)
    assert drafts.mine(ctx) == []
    for gone in (lambda: drafts.get(ctx, draft.id), lambda: drafts.attach(ctx, draft.id, "x", b"1")):
        with pytest.raises(NotFound):
            gone()
    view = undo.undo(ctx)
    assert (view.text, view.draft) == ("Your draft is back.", draft.id)
    again = drafts.get(ctx, draft.id)
    assert (again.text, [file.name for file in again.files]) == ("A long answer", ["prices.txt"])


def test_an_answer_begun_after_a_drop_is_a_new_draft(ctx: Context) -> None:
    draft, message = reply(ctx)
    drafts.drop(ctx, draft.id)
    assert desk.replies.start(ctx, "reply", message).id != draft.id


def test_what_was_left_unwritten_is_nothing_to_bring_back(ctx: Context) -> None:
    draft, _message = reply(ctx)
    drafts.drop(ctx, draft.id, untouched=True)
    assert undo.last(ctx) is None


def test_a_drop_is_kept_as_long_as_it_can_be_taken_back(ctx: Context) -> None:
    first, message = reply(ctx)
    drafts.drop(ctx, first.id)
    ctx.clock.advance(timedelta(days=undo.DAYS, hours=1))  # type: ignore[attr-defined]
    second = desk.replies.start(ctx, "reply", message)
    drafts.drop(ctx, second.id)
    with ctx.store.connect() as connection:
        left = connection.exec_driver_sql("SELECT id FROM draft").scalars().all()
    assert left == [second.id]


def test_a_queued_message_is_called_back(ctx: Context) -> None:
    draft, message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    view = undo.undo(ctx)
    assert view.draft == draft.id
    assert outbox.get(ctx, item.id).state == "recalled"
    assert waiting_since(ctx, reading.message(ctx, message).conversation) is not None
    assert drafts.get(ctx, draft.id).text == draft.text


def test_a_message_that_went_out_is_not_and_says_so(ctx: Context) -> None:
    draft, message = reply(ctx)
    desk.triage.move(ctx, [reading.message(ctx, message).conversation], "Waitlist")
    item = outbox.queue(ctx, draft.id, draft.version)
    assert transmit_after_undo(ctx, item) == "sent"
    with pytest.raises(undo.Refused, match="sent already"):
        undo.undo(ctx)
    assert outbox.get(ctx, item.id).state == "sent"


def test_while_a_message_is_being_sent_the_next_undo_tries_again(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert delivery.begin(ctx, job_after_undo(ctx, item), 7, fence)
    with pytest.raises(undo.Refused, match="being sent"):
        undo.undo(ctx)
    last = undo.last(ctx)
    assert last is not None
    assert "on its way" in last.text


def test_what_was_called_back_in_the_outbox_is_not_called_back_twice(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    outbox.recall(ctx, item.id)
    assert undo.last(ctx) is None


def test_a_message_dropped_from_the_outbox_gives_its_draft_back(ctx: Context) -> None:
    draft, _message = reply(ctx)
    item = outbox.queue(ctx, draft.id, draft.version)
    pass_undo(ctx)
    outbox.drop(ctx, item.id)
    assert drafts.mine(ctx) == []
    assert undo.undo(ctx).draft == draft.id
    assert [one.id for one in drafts.mine(ctx)] == [draft.id]
    assert undo.last(ctx) is None


def test_a_read_mark_comes_back_here_and_on_the_server(ctx: Context, inbox_id: int, mails: list[int]) -> None:
    reading.mark_seen(ctx, mails[:2], undoable=True)
    flags.told(ctx, [change[0] for change in flags.to_tell(ctx, inbox_id, 1)])
    undo.undo(ctx)
    assert [reading.message(ctx, one).seen for one in mails[:2]] == [False, False]
    assert [change[1:] for change in flags.to_tell(ctx, inbox_id, 1)] == [(1, "\\Seen", False), (2, "\\Seen", False)]
    assert undo.last(ctx) is None


@pytest.mark.usefixtures("inbox_id")
def test_a_read_mark_changed_by_another_stays(ctx: Context, mails: list[int]) -> None:
    reading.mark_seen(ctx, mails[:2], undoable=True)
    reading.mark_seen(another(ctx), mails[1:2], seen=False)
    with pytest.raises(undo.Refused, match="otherwise"):
        undo.undo(ctx)
    assert [reading.message(ctx, one).seen for one in mails[:2]] == [True, False]


def test_reading_alone_is_nothing_to_take_back(ctx: Context) -> None:
    reading.mark_seen(ctx, come_in(ctx, mail()).message_ids)
    assert undo.last(ctx) is None


def test_a_template_comes_back_word_for_word(ctx: Context) -> None:
    made = templates.create(ctx, name="Hello", language="en", body="Dear guest,")
    changed = templates.change(ctx, made.id, made.version, body="Hi,", name="Hi")
    templates.archive(ctx, made.id, changed.version)
    undo.undo(ctx)
    assert not templates.get(ctx, made.id).archived
    undo.undo(ctx)
    back = templates.get(ctx, made.id)
    assert (back.name, back.body) == ("Hello", "Dear guest,")
    undo.undo(ctx)
    assert templates.listed(ctx) == []
    assert templates.get(ctx, made.id).archived


def test_a_template_does_not_come_back_over_one_that_took_its_name(ctx: Context) -> None:
    made = templates.create(ctx, name="Hello", language="en", body="Dear guest,")
    templates.archive(ctx, made.id, made.version)
    templates.create(another(ctx), name="Hello", language="en", body="Hola")
    with pytest.raises(undo.Refused, match="place of “Hello”"):
        undo.undo(ctx)
    assert templates.get(ctx, made.id).archived
