"""What is others' stays: their mail, their files, notes about them; what is the person's goes from beside it (SPEC §6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select

from crm_tui import desk
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import (
    Draft,
    InquiryGuest,
    InternalMessage,
    Memo,
    MessageText,
    OutboxItem,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, outbox, replies
from crm_tui.desk.privacy import erasing
from crm_tui.desk.shifts import memos, reminders
from crm_tui.mail.smtp import Sent
from tests.desk.colleagues import colleague
from tests.desk.erasable import everything, holding
from tests.desk.house import add_account, come_in, mail
from tests.desk.sending import pass_undo, transmit

WORDS = ("Brzeczykowska", "zaneta.brz")


@pytest.fixture
def olga(ctx: Context) -> int:
    return desk.guests.create(ctx, {"surname": "Other", "given": "Olga", "email": "o@x.example"})


@pytest.fixture
def zaneta(ctx: Context) -> int:
    return desk.guests.create(ctx, {"surname": "Brzeczykowska", "given": "Zaneta", "email": "zaneta.brz@x.example"})


def letter(
    ctx: Context, text: str, number: int, account: int | None = None, *, zaneta: bool = False, **more: Any
) -> int:
    sender = "Zaneta Brzeczykowska <zaneta.brz@x.example>" if zaneta else "Olga Other <o@x.example>"
    raw = mail(sender=sender, text=text, message_id=f"l{number}@x", subject=f"s{number}", **more)
    return come_in(ctx, raw, account=account).message_ids[0]


def reply_to_both(ctx: Context, text: str) -> int:
    """A reply to Olga with Żaneta in Cc, queued; its item."""
    message = letter(ctx, "hello", 1, add_account(ctx))
    draft = replies.start(ctx, "reply", message)
    version = desk.drafts.save(ctx, draft.id, draft.version, text=text, to="o@x.example", cc="zaneta.brz@x.example")
    return outbox.queue(ctx, draft.id, version).id


def test_a_queued_message_to_several_is_a_draft_again(ctx: Context, olga: int, zaneta: int) -> None:
    item = reply_to_both(ctx, "Dear Zaneta Brzeczykowska and Olga")
    report = erasing.erase(ctx, zaneta)
    assert (report.counts["called_back"], report.counts["unsent"]) == (1, 0)
    pass_undo(ctx)
    assert delivery.job(ctx, item) is None
    [draft] = everything(ctx, Draft)
    assert (draft["to"], draft["cc"], draft["outbox_id"], draft["dropped_at"]) == ("o@x.example", "", None, None)
    assert draft["text"] == f"Dear {'▒' * 20} and Olga"
    assert holding(ctx.home.data, WORDS) == {}
    assert [finding for finding in desk.checking.check(ctx) if not finding.ok] == []


def test_a_queued_message_to_another_that_names_the_person_is_a_draft_again(
    ctx: Context, olga: int, zaneta: int
) -> None:
    message = letter(ctx, "hello", 1, add_account(ctx))
    draft = replies.start(ctx, "reply", message)
    text = "Dear Olga, Zaneta Brzeczykowska has room 4"
    version = desk.drafts.save(ctx, draft.id, draft.version, text=text)
    item = outbox.queue(ctx, draft.id, version)
    report = erasing.erase(ctx, zaneta)
    assert report.counts["called_back"] == 1
    pass_undo(ctx)
    assert delivery.job(ctx, item.id) is None
    assert holding(ctx.home.data, WORDS) == {}


def test_a_sent_message_to_several_loses_the_person_and_its_copy(ctx: Context, olga: int, zaneta: int) -> None:
    item = reply_to_both(ctx, "Dear Zaneta Brzeczykowska and Olga")
    pass_undo(ctx)
    assert transmit(ctx, item, Sent("250")) == "sent"
    pass_undo(ctx)
    erasing.erase(ctx, zaneta)
    [row] = everything(ctx, OutboxItem)
    assert (row["state"], row["recipients"], row["source"]) == ("sent", ["o@x.example"], b"")
    assert holding(ctx.home.data, WORDS) == {}


def test_mail_of_strangers_in_a_conversation_linked_by_hand_stays(ctx: Context, zaneta: int) -> None:
    raw = mail(sender="Agency <a@tour.example>", text="Smith room 1, Brzeczykowska room 2", message_id="ag@x")
    first = come_in(ctx, raw).message_ids[0]
    raw = mail(sender="Agency <a@tour.example>", text="Terms", message_id="ag2@x", In_Reply_To="<ag@x>")
    second = come_in(ctx, raw).message_ids[0]
    talk = desk.reading.message(ctx, first).conversation
    desk.linking.link(ctx, talk, zaneta)
    assert desk.guest_record.record(ctx, zaneta)["conversations"] == []
    report = erasing.erase(ctx, zaneta)
    assert report.counts["messages"] == 0
    texts = [desk.reading.message(ctx, one).text.strip() for one in (first, second)]
    assert texts == ["Smith room 1, ▒▒▒▒▒▒▒▒▒▒▒▒▒ room 2", "Terms"]
    assert desk.reading.conversation(ctx, talk).row.counterpart.address == "a@tour.example"


def test_mail_under_the_persons_name_goes_where_it_was_linked(ctx: Context, zaneta: int) -> None:
    raw = mail(sender="Zaneta Brzeczykowska <relay-7@portal.example>", text="I come", message_id="re@x")
    message = come_in(ctx, raw).message_ids[0]
    desk.linking.link(ctx, desk.reading.message(ctx, message).conversation, zaneta)
    erasing.erase(ctx, zaneta)
    assert desk.reading.message(ctx, message).text == "▒"


def test_notes_about_a_companion_stay(ctx: Context, olga: int, zaneta: int) -> None:
    message = letter(ctx, "A room for me and Olga", 1, zaneta=True)
    inquiry = desk.inquiries.from_conversation(ctx, desk.reading.message(ctx, message).conversation)
    with ctx.write() as tx:
        do = tx.connection.execute
        do(insert(InquiryGuest).values(inquiry_id=inquiry, guest_id=olga, holder=False))
        do(insert(Memo).values(inquiry_id=inquiry, guest_id=olga, text="Olga: no nuts", created_at=tx.now))
        at = {"created_at": tx.now, "updated_at": tx.now}
        remarks = "Olga needs a ramp, Brzeczykowska does not"
        booked = new_id(do(insert(Reservation).values(code="R9", status="confirmed", remarks=remarks, **at)))
        for guest in (zaneta, olga):
            do(insert(ReservationGuest).values(reservation_id=booked, guest_id=guest, holder=guest == zaneta))
    erasing.erase(ctx, zaneta)
    assert [row["text"] for row in everything(ctx, Memo)] == ["Olga: no nuts"]
    assert [row["remarks"] for row in everything(ctx, Reservation)] == ["Olga needs a ramp, ▒▒▒▒▒▒▒▒▒▒▒▒▒ does not"]


def test_words_about_the_person_beside_a_shared_conversation_go(ctx: Context, olga: int, zaneta: int) -> None:
    colleague(ctx, "Eva")
    account = add_account(ctx)
    message = letter(ctx, "hello", 1, account, zaneta=True)
    letter(ctx, "me too", 2, account, In_Reply_To="<l1@x>")
    talk = desk.reading.message(ctx, message).conversation
    memos.add(ctx, "Brzeczykowska is angry, Olga is not", conversation=talk)
    desk.internal.send(ctx, "Eva", "Brzeczykowska is angry", conversation=talk)
    reminders.add(ctx, "Call Brzeczykowska", date(2026, 7, 3), conversation=talk)
    draft = replies.start(ctx, "reply", message)
    to: dict[str, Any] = {"to": "zaneta.brz@x.example", "cc": "o@x.example"}
    desk.drafts.save(ctx, draft.id, draft.version, text="Dear Brzeczykowska", **to)
    erasing.erase(ctx, zaneta)
    assert holding(ctx.home.data, WORDS) == {}
    assert [row["text"] for row in everything(ctx, Memo)] == ["▒▒▒▒▒▒▒▒▒▒▒▒▒ is angry, Olga is not"]
    with ctx.store.connect() as connection:
        names = columns(Draft)
        assert connection.execute(select(names.to, names.cc, names.dropped_at)).one() == ("", "o@x.example", None)


@pytest.mark.parametrize(
    "more",
    [
        {"Reply_To": "Zaneta Brzeczykowska <zaneta.brz@x.example>"},
        {"References": "<abc.zaneta.brz@x.example>"},
        {"text": "word " * 41_000 + "Zaneta Brzeczykowska"},
        {"text": "Write to zaneta.brz@x.example-"},
    ],
)
def test_headers_and_the_end_of_long_texts_are_looked_at(
    ctx: Context, olga: int, zaneta: int, more: dict[str, Any]
) -> None:
    more = dict(more)
    text = more.pop("text", "see")
    letter(ctx, text, 1, None, **more)
    erasing.erase(ctx, zaneta)
    assert holding(ctx.home.data, WORDS) == {}


def with_file(text: str, *, html: bool = False, name: str = "contract.pdf") -> bytes:
    kind = b"text/html" if html else b"text/plain"
    return (
        b"From: Olga Other <o@x.example>\r\nTo: desk@hotel.example\r\nX-Seen: zaneta.brz@x.example\r\n"
        b"Subject: Scan\r\nMessage-ID: <k@x>\r\nDate: Wed, 01 Jul 2026 07:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: ' + kind + b"; charset=utf-8\r\n\r\n"
        + text.encode() + b'\r\n--b\r\nContent-Type: application/pdf; name="' + name.encode() + b'"\r\n'
        b'Content-Disposition: attachment; filename="' + name.encode() + b'"\r\n\r\n%PDF of \x00\xff Olga\r\n--b--\r\n'
    )  # fmt: skip


@pytest.mark.parametrize("html", [False, True])
def test_files_of_others_stay_though_their_mail_names_the_person(
    ctx: Context, olga: int, zaneta: int, *, html: bool
) -> None:
    text = "<p>As Zaneta <b>Brzecz</b>ykowska said</p>" if html else "As Zaneta Brzeczykowska said"
    message = come_in(ctx, with_file(text, html=html)).message_ids[0]
    position = desk.reading.message(ctx, message).attachments[0].position
    before = desk.reading.attachment(ctx, message, position)
    report = erasing.erase(ctx, zaneta)
    assert report.counts["mentions"] == 1
    assert [one.name for one in desk.reading.message(ctx, message).attachments] == ["contract.pdf"]
    assert desk.reading.attachment(ctx, message, position) == before
    source = desk.reading.source(ctx, message)
    assert source != b""
    assert not any(one.encode() in source for one in ("Brzecz", "zaneta.brz", "ykowska"))
    assert desk.reading.message(ctx, message).text.strip() == f"As {'▒' * 20} said"
    assert [finding for finding in desk.checking.check(ctx) if not finding.ok] == []


def test_a_forward_of_the_persons_words_loses_them(ctx: Context, zaneta: int) -> None:
    words = "I have a secret illness that nobody here shall ever know"
    message = letter(ctx, f"{words}\nmy secret trouble SECRETHEALTH", 1, add_account(ctx), zaneta=True)
    draft = replies.start(ctx, "forward", message)
    text = f"Please see, she says {words}\n\n> my secret trouble SECRETHEALTH\n> Yours"
    version = desk.drafts.save(ctx, draft.id, draft.version, to="doctor@clinic.example", text=text)
    item = outbox.queue(ctx, draft.id, version)
    pass_undo(ctx)
    assert transmit(ctx, item.id, Sent("250")) == "sent"
    pass_undo(ctx)
    erasing.erase(ctx, zaneta)
    assert holding(ctx.home.data, ("SECRETHEALTH", "secret illness", *WORDS)) == {}
    texts = [row["text"] for row in everything(ctx, MessageText)]
    assert any("Please see, she says" in one and "Yours" in one for one in texts)


def test_what_was_written_on_a_reservation_goes_with_its_only_guest(ctx: Context, olga: int, zaneta: int) -> None:
    colleague(ctx, "Leo")
    own = desk.reservations.create(ctx, {"code": "R-1"}, guests_of=[zaneta])
    both = desk.reservations.create(ctx, {"code": "R-2"}, guests_of=[zaneta, olga])
    for number in (own, both):
        memos.add(ctx, "Call Zaneta Brzeczykowska about the cot", reservation=number)
        desk.internal.send(ctx, "Leo", "Zaneta Brzeczykowska comes late", reservation=number)
    erasing.erase(ctx, zaneta)
    first, second = (one["text"] for one in everything(ctx, Memo))
    assert "cot" not in first
    assert second == f"Call {'▒' * 20} about the cot"
    texts = [one["text"] for one in everything(ctx, InternalMessage)]
    assert "late" not in texts[0]
    assert texts[1] == f"{'▒' * 20} comes late"
    assert holding(ctx.home.data, WORDS) == {}
