"""Reminders of payments: what is due, to whom, why not, by hand, who wants none (SPEC §8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.data.columns import columns
from crm_tui.data.tables import Reservation
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, outbox
from crm_tui.desk.stays import reservation_guests
from crm_tui.desk.texts import templates
from crm_tui.desk.undoing import undo
from crm_tui.desk.watchlists import gateway, notice_lists, notice_queue, notice_stops, notices
from crm_tui.desk.watchlists.gateway import Failed, Refused, Sent, Unknown
from crm_tui.desk.watchlists.notice_views import NoticeReason
from crm_tui.mail.credentials import Credentials
from tests.desk.bookings import pay
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, add_account, come_in, mail, make_house
from tests.desk.owing import TODAY, add_line, events, guest, held, owing, rows

ON = Settings(notices="sms or mail", notice_gateway="session", undo_seconds=0)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path, settings=ON)
    add_account(context)
    yield context
    context.store.close()


def clock(ctx: Context) -> FixedClock:
    assert isinstance(ctx.clock, FixedClock)
    return ctx.clock


def by_mail(ctx: Context, **more: Any) -> Context:
    return replace(ctx, settings=replace(ON, notices="mail", **more))


def run(ctx: Context) -> int:
    return notice_queue.queue_due(ctx, notices.settings_of(ctx), held)


def send(ctx: Context) -> list[str]:
    """What the engine does with a gateway that takes everything; returns the texts."""
    sent = []
    for number in notice_queue.waiting(ctx):
        job = notice_queue.begin(ctx, notices.settings_of(ctx), number, 1, held)
        if job is not None:
            sent.append(job.text)
            notice_queue.settle(ctx, number, 1, Sent())
    return sent


def reasons(ctx: Context) -> dict[str, str]:
    return {one.code: one.reason for one in notices.due_now(ctx)}


def test_what_is_due_is_named_with_guest_amount_channel_and_text(ctx: Context) -> None:
    owing(ctx, lines=(("deposit", -1, 5000), ("balance", 3, 7000), ("balance", 30, 9000)))
    [one] = notices.due_now(ctx)
    assert (one.code, one.reason, one.channel, one.address) == ("MIR-1", "", "sms", "+34600111222")
    assert (one.amount.amount, one.kind, one.due, one.overdue) == (12000, "deposit", TODAY - timedelta(days=1), True)
    assert "MIR-1" in one.text
    assert "120.00 EUR" in one.text
    assert "30/06/2026" in one.text
    assert one.text.startswith("Hotel:")


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Recordatorio de pago"), ("pl", "Przypomnienie"), ("fr", "Rappel"), ("xx", "Payment reminder")],
)
def test_the_text_is_in_the_guests_language(ctx: Context, language: str, words: str) -> None:
    owing(ctx, who=guest(ctx, language="" if language == "xx" else language))
    [one] = notices.due_now(by_mail(ctx))
    assert words in one.subject
    assert not one.reason
    assert "⟦" not in one.text
    shown = notices.draft(ctx, one.reservation, "sms")
    assert shown.size.parts <= 2
    assert language == "fr" or shown.size.plain
    assert not shown.gaps


def test_the_houses_own_text_stands_before_the_starters(ctx: Context) -> None:
    templates.create(
        ctx, name="Ours", language="en", category="payment sms", body="Pay {{ payment.missing }}, {{ guest.given }}"
    )
    owing(ctx)
    assert notices.due_now(ctx)[0].text == "Pay 120.00 EUR, Ana"


def test_a_text_with_gaps_or_faults_goes_nowhere(ctx: Context) -> None:
    templates.create(ctx, name="Ours", language="en", category="payment sms", body="Pay to {{ property.iban }}")
    owing(ctx)
    assert reasons(ctx) == {"MIR-1": f"{NoticeReason.EMPTY}: property.iban"}
    assert run(ctx) == 0


def test_covered_cancelled_and_paid_ones_are_told_and_not_sent(ctx: Context) -> None:
    covered, cancelled = owing(ctx, "MIR-1"), owing(ctx, "MIR-2", status="cancelled")
    owing(ctx, "MIR-3", due=4)
    pay(ctx, covered, TODAY, 12000)
    assert reasons(ctx) == {"MIR-1": NoticeReason.COVERED, "MIR-2": NoticeReason.CANCELLED}
    assert run(ctx) == 0
    assert cancelled not in {row.reservation_id for row in rows(ctx)}


def test_without_an_address_nobody_is_reminded(ctx: Context) -> None:
    owing(ctx, "MIR-1", who=guest(ctx, "A", email="", phone=""))
    owing(ctx, "MIR-2", who=guest(ctx, "B", email="", phone="+34971000111"))  # a landline
    owing(ctx, "MIR-3", who=guest(ctx, "C", phone="+34971000111"))
    owing(ctx, "MIR-4", who=guest(ctx, "D", phone="", email="noreply@portal.example"))
    found = {one.code: (one.reason, one.channel) for one in notices.due_now(ctx)}
    assert found["MIR-1"][0] in (NoticeReason.NO_PHONE, NoticeReason.NO_MAIL)
    assert found["MIR-2"] == (NoticeReason.NO_MOBILE, "sms")
    assert found["MIR-3"] == ("", "mail")
    assert found["MIR-4"] == (NoticeReason.AUTOMATIC, "mail")


def test_a_consent_never_given_stops_nothing_a_withdrawn_one_does(ctx: Context) -> None:
    owing(ctx, "MIR-1")
    no = guest(ctx, "No")
    guests.set_consent(ctx, no, "sms", given=True, source="form")
    guests.set_consent(ctx, no, "sms", given=False, source="phone")
    owing(ctx, "MIR-2", who=no)
    found = {one.code: (one.reason, one.channel) for one in notices.due_now(ctx)}
    assert found == {"MIR-1": ("", "sms"), "MIR-2": ("", "mail")}  # not by SMS: by mail
    sms = replace(ctx, settings=replace(ON, notices="sms"))
    assert reasons(sms)["MIR-2"] == NoticeReason.WITHDRAWN


def test_the_company_that_pays_is_reminded_instead_of_the_holder(ctx: Context) -> None:
    firm = guests.create(ctx, {"kind": "company", "surname": "Sol SL", "email": "pay@sol.example"})
    owing(ctx, company_id=firm)
    [one] = notices.due_now(by_mail(ctx))
    assert (one.guest, one.address) == (firm, "pay@sol.example")


def test_a_company_that_wants_none_does_not_leave_its_bill_to_the_holder(ctx: Context) -> None:
    firm = guests.create(ctx, {"kind": "company", "surname": "Sol SL", "email": "pay@sol.example"})
    number = owing(ctx, company_id=firm)
    notice_stops.stop(ctx, guest=firm)
    assert reasons(by_mail(ctx)) == {"MIR-1": NoticeReason.OPTED_OUT}
    assert run(by_mail(ctx)) == 0
    with pytest.raises(notices.NotWanted):
        notices.by_hand(ctx, number, "mail")
    notice_stops.start(ctx, guest=firm)
    guests.set_consent(ctx, firm, "mail", False, "by telephone")
    assert reasons(by_mail(ctx)) == {"MIR-1": NoticeReason.WITHDRAWN}


def test_a_company_without_an_address_leaves_the_reminder_to_the_holder(ctx: Context) -> None:
    firm = guests.create(ctx, {"kind": "company", "surname": "Sol SL"})
    owing(ctx, company_id=firm)
    [one] = notices.due_now(by_mail(ctx))
    assert (one.address, one.reason) == ("guestmir1@example.org", "")


def test_only_an_administrator_sets_the_gateway_up_and_switches_reminders_on(ctx: Context) -> None:
    credentials = Credentials(lambda: None, memory={})
    agent = colleague(ctx, "Leo")
    secret = Secret("json://user:canary-17@sms.example/send")
    for some in (replace(ctx, readonly=True), agent):
        for call in (
            lambda one: gateway.set_up(one, credentials, "session", secret=secret),
            lambda one: gateway.remove(one, credentials),
            lambda one: gateway.try_out(one, ON, credentials, "+34600111222"),
            lambda one: notices.switch(one, "mail"),
        ):
            with pytest.raises(Forbidden):
                call(some)
    assert not ctx.home.settings.exists()
    assert notices.switch(ctx, "mail").notices == "mail"


def test_mail_that_came_back_stops_reminders(ctx: Context) -> None:
    owing(ctx, who=guest(ctx, "Gone", phone=""))
    assert reasons(ctx) == {"MIR-1": ""}
    owner = by_mail(ctx)
    notices.by_hand(owner, rows_of(owner), "mail")
    [row] = rows(ctx)
    item = outbox.get(ctx, row.outbox_id)
    come_in(
        ctx,
        mail(
            sender="Mail Delivery System <mailer-daemon@hotel.example>",
            text="gone@example.org is unknown",
            message_id="b2@example.org",
            In_Reply_To=f"<{sent_id(ctx, row.outbox_id)}>",
        ),
    )
    assert item.recipients == ("gone@example.org",)
    mark_sent(ctx, row.outbox_id)
    clock(ctx).advance(timedelta(days=4))
    assert reasons(by_mail(ctx)) == {"MIR-1": NoticeReason.BOUNCED}


def rows_of(ctx: Context) -> int:
    return notices.due_now(ctx)[0].reservation


def sent_id(ctx: Context, item: int) -> str:
    from sqlalchemy import select

    from crm_tui.data.tables import OutboxItem

    with ctx.store.connect() as connection:
        return str(
            connection.execute(
                select(columns(OutboxItem).rfc_message_id).where(columns(OutboxItem).id == item)
            ).scalar_one()
        )


def mark_sent(ctx: Context, item: int, state: str = "sent") -> None:
    from crm_tui.desk.correspondence.outbox_rows import set_values

    with ctx.write() as tx:
        set_values(tx, item, state=state)


def test_a_server_that_refuses_the_address_stops_it(ctx: Context) -> None:
    from crm_tui.mail.smtp import Cause, Refusal
    from crm_tui.mail.smtp import Failed as NotSent

    owing(ctx, who=guest(ctx, phone=""))
    run(ctx)
    [row] = rows(ctx)
    work = delivery.job(ctx, row.outbox_id)
    assert work is not None
    refused = (Refusal("nowak@example.org", "550 no such user", permanent=True),)
    delivery.settle(ctx, work, 1, NotSent(Cause.RECIPIENT, "no", permanent=True, refused=refused))
    assert [row.state for row in rows(ctx)] == ["failed"]
    assert [(one.address, one.reason) for one in notice_stops.stops(ctx)] == [("nowak@example.org", "bounce")]
    clock(ctx).advance(timedelta(days=4))
    assert reasons(ctx) == {"MIR-1": NoticeReason.OPTED_OUT}


def test_opting_out_and_in_again_and_undo(ctx: Context) -> None:
    person = guest(ctx)
    owing(ctx, who=person)
    notice_stops.stop(ctx, guest=person)
    assert notice_stops.stop(ctx, guest=person) == notice_stops.stops(ctx)[0].id  # once
    assert reasons(ctx) == {"MIR-1": NoticeReason.OPTED_OUT}
    assert notice_stops.is_stopped(ctx, person)
    undo.undo(ctx)
    assert reasons(ctx) == {"MIR-1": ""}
    notice_stops.stop(ctx, address="+34 600 111 222")
    assert {one.channel for one in notices.due_now(ctx)} == {"mail"}  # the number only
    assert notice_stops.start(ctx, address="+34600111222") == 1
    assert {one.channel for one in notices.due_now(ctx)} == {"sms"}
    undo.undo(ctx)
    assert [one.address for one in notice_stops.stops(ctx)] == ["+34600111222"]
    with pytest.raises(InvalidInput):
        notice_stops.stop(ctx, address="nobody")


def test_the_cadence_through_days_and_one_a_line_a_day(ctx: Context) -> None:
    owing(ctx, due=3)
    days = []
    for offset in range(-1, 12):
        clock(ctx).instant = NOW + timedelta(days=offset)
        for _again in range(3):
            run(ctx)
            days += [offset for _text in send(ctx)]
    assert days == [0, 4, 6, 8, 10]
    assert [one.state for one in rows(ctx)] == ["sent"] * 5
    assert len(events(ctx)) == 5


def test_payment_in_between_ends_them(ctx: Context) -> None:
    number = owing(ctx, due=-1)
    run(ctx)
    pay(ctx, number, TODAY, 12000)
    assert send(ctx) == []
    assert [(row.state, row.error) for row in rows(ctx)] == [("dropped", NoticeReason.COVERED)]
    clock(ctx).advance(timedelta(days=2))
    assert run(ctx) == 0


def test_a_part_paid_meanwhile_stops_the_stale_text(ctx: Context) -> None:
    number = owing(ctx, due=-1)
    run(ctx)
    pay(ctx, number, TODAY, 2000)
    assert send(ctx) == []
    assert rows(ctx)[0].error == NoticeReason.CHANGED
    assert run(ctx) == 0  # still one a line a day
    clock(ctx).advance(timedelta(days=1))
    assert run(ctx) == 1
    assert "100.00 EUR" in send(ctx)[0]


def test_cancelled_and_opted_out_right_before_it_goes_out(ctx: Context) -> None:
    first, person = owing(ctx, "MIR-1", due=-1), guest(ctx)
    owing(ctx, "MIR-2", due=-1, who=person)
    assert run(ctx) == 2
    with ctx.write() as tx:
        tx.connection.execute(update(Reservation).where(columns(Reservation).id == first).values(status="cancelled"))
    notice_stops.stop(ctx, guest=person)
    assert send(ctx) == []
    assert {row.error for row in rows(ctx)} == {NoticeReason.CANCELLED, NoticeReason.OPTED_OUT}


def test_quiet_hours_of_the_property(ctx: Context) -> None:
    owing(ctx)
    clock(ctx).instant = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)  # 20:00 in Madrid
    assert reasons(ctx) == {"MIR-1": NoticeReason.QUIET}
    assert run(ctx) == 0
    shown = notices.preview(ctx)
    assert shown.at.isoformat() == "2026-07-02T09:00:00+02:00"
    assert [one.reason for one in shown.planned] == [""]
    clock(ctx).instant = datetime(2026, 7, 2, 6, 59, tzinfo=UTC)
    assert run(ctx) == 0
    clock(ctx).instant = datetime(2026, 7, 2, 7, 0, tzinfo=UTC)
    assert run(ctx) == 1


def test_what_was_queued_before_quiet_hours_waits_and_is_dropped_with_its_day(ctx: Context) -> None:
    owing(ctx, due=-1)
    run(ctx)
    clock(ctx).instant = datetime(2026, 7, 1, 19, 0, tzinfo=UTC)
    assert send(ctx) == []
    assert rows(ctx)[0].state == "queued"
    clock(ctx).instant = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    assert notice_queue.drop_stale(ctx, held) == 1
    assert run(ctx) == 1
    assert len(send(ctx)) == 1
    assert [row.state for row in rows(ctx)] == ["dropped", "sent"]


def test_one_mail_an_address_a_day_and_a_cap_for_all(ctx: Context) -> None:
    person, mails = guest(ctx), by_mail(ctx)
    for code in ("MIR-1", "MIR-2"):
        owing(ctx, code, due=-1, who=person)
    assert reasons(mails) == {"MIR-1": "", "MIR-2": NoticeReason.ADDRESS_TODAY}
    assert run(mails) == 1
    assert run(mails) == 0
    clock(ctx).advance(timedelta(days=1))
    assert run(mails) == 1  # the other one's turn is made good
    assert {row.reservation_id for row in rows(ctx)} == {1, 2}
    for code in ("MIR-3", "MIR-4", "MIR-5"):
        owing(ctx, code, due=-1)
    capped = by_mail(ctx, notice_day_limit=3)
    assert run(capped) == 2
    assert NoticeReason.LIMIT in reasons(capped).values()


def test_automatic_mail_says_so_and_goes_out_at_once(ctx: Context) -> None:
    owing(ctx)
    run(by_mail(ctx))
    [row] = rows(ctx)
    raw = source(ctx, row.outbox_id)
    assert b"Auto-Submitted: auto-generated" in raw
    assert row.outbox_id in delivery.due(replace(ctx, settings=replace(ON, undo_seconds=60)))
    assert outbox.get(ctx, row.outbox_id).recipients == ("guestmir1@example.org",)


def source(ctx: Context, item: int) -> bytes:
    from crm_tui.desk.correspondence.sent_copies import wire_source

    return wire_source(ctx, item)


def test_an_automatic_mail_is_taken_back_right_before_data(ctx: Context) -> None:
    number = owing(ctx)
    mails = by_mail(ctx)
    run(mails)
    [row] = rows(ctx)
    work = delivery.job(mails, row.outbox_id)
    assert work is not None
    pay(ctx, number, TODAY, 12000)
    assert not delivery.begin(mails, work, 1, held)
    assert [(one.state, one.error) for one in rows(ctx)] == [("dropped", NoticeReason.COVERED)]
    assert outbox.get(ctx, row.outbox_id).state == "recalled"


def test_by_hand_with_a_changed_text_and_taken_back(ctx: Context) -> None:
    number = owing(ctx, due=20)
    slow = replace(ctx, settings=replace(ON, undo_seconds=10))
    made = notices.by_hand(slow, number, "sms", "Please pay 120 EUR")
    assert notice_queue.waiting(slow) == []  # it can still be taken back
    undo.undo(slow)
    assert notice_lists.get(ctx, made).state == "dropped"
    notices.by_hand(ctx, number, "sms", "Please pay 120 EUR")
    assert send(ctx) == ["Please pay 120 EUR"]
    [told] = events(ctx)
    assert told.text == "+34600111222: Please pay 120 EUR"
    assert told.author_id == ctx.actor.id
    assert notice_lists.of_reservation(ctx, number)[0].agent == "Ana"


def test_by_hand_by_mail_is_a_persons_mail(ctx: Context) -> None:
    number = owing(ctx)
    notices.by_hand(ctx, number, "mail", "Hello", subject="About your booking")
    [row] = rows(ctx)
    assert b"Auto-Submitted" not in source(ctx, row.outbox_id)
    mark_sent(ctx, row.outbox_id)
    assert rows(ctx)[0].state == "sent"
    assert events(ctx)[0].text == "guestmir1@example.org: About your booking"
    assert reasons(ctx) == {"MIR-1": NoticeReason.TODAY}
    with ctx.store.connect() as connection:
        assert notice_lists.last_of(connection, [number])[number].channel == "mail"


def test_by_hand_asks_where_it_may_not_be_wanted(ctx: Context) -> None:
    person = guest(ctx)
    number = owing(ctx, who=person)
    notice_stops.stop(ctx, guest=person)
    with pytest.raises(notices.NotWanted, match="wants no reminders"):
        notices.by_hand(ctx, number, "sms")
    notices.by_hand(ctx, number, "sms", sure=True)
    assert len(send(ctx)) == 1
    with pytest.raises(notices.NotWanted, match="reminded today"):
        notices.by_hand(ctx, number, "mail")


def test_by_hand_refuses_what_makes_no_sense(ctx: Context) -> None:
    number = owing(ctx)
    with pytest.raises(InvalidInput, match="gateway"):
        notices.by_hand(replace(ctx, settings=Settings()), number, "sms")
    for text in ("", "x" * 1001, "Hello ⟦guest.name⟧"):
        with pytest.raises(InvalidInput):
            notices.by_hand(ctx, number, "sms", text)
    pay(ctx, number, TODAY, 12000)
    with pytest.raises(InvalidInput, match="Nothing is missing"):
        notices.draft(ctx, number, "sms")
    assert rows(ctx) == []


def test_what_the_gateway_answers(ctx: Context) -> None:
    owing(ctx, due=-1)
    run(ctx)
    settings = notices.settings_of(ctx)
    tries = 0
    while notice_queue.waiting(ctx):
        job = notice_queue.begin(ctx, settings, 1, 7, held)
        assert job is not None
        assert rows(ctx)[0].state == "sending"
        notice_queue.settle(ctx, 1, 7, Refused("429 slow down"))
        tries += 1
        clock(ctx).advance(timedelta(hours=1))
    assert tries == 6
    assert (rows(ctx)[0].state, rows(ctx)[0].error) == ("failed", "429 slow down")
    with pytest.raises(Conflict):
        notices.arrived(ctx, 1)
    notices.again(ctx, 1)
    assert notice_queue.begin(ctx, settings, 1, 7, held) is not None
    notice_queue.settle(ctx, 1, 7, Unknown("line broke"))
    with pytest.raises(Conflict, match="may have arrived"):
        notices.again(ctx, 1)
    assert notice_queue.waiting(ctx) == []
    notices.arrived(ctx, 1)
    assert rows(ctx)[0].state == "sent"
    assert len(events(ctx)) == 1


def test_a_failure_nobody_can_judge_is_not_tried_again(ctx: Context) -> None:
    owing(ctx, due=-1)
    run(ctx)
    assert notice_queue.begin(ctx, notices.settings_of(ctx), 1, 7, held)
    assert notice_queue.settle(ctx, 1, 7, Failed("500 broken")) == "failed"
    assert notice_queue.waiting(ctx) == []
    assert run(ctx) == 0


def test_an_engine_that_died_leaves_an_uncertain_one_behind(ctx: Context) -> None:
    owing(ctx, due=-1)
    run(ctx)
    assert notice_queue.begin(ctx, notices.settings_of(ctx), 1, 7, held)
    assert notice_queue.recover(ctx) == [1]
    assert rows(ctx)[0].state == "uncertain"
    assert run(ctx) == 0
    assert notice_queue.settle(ctx, 1, 8, Sent()) == "uncertain"  # another's
    assert notice_queue.settle(ctx, 1, 7, Sent()) == "sent"  # its own, late


def test_without_the_lease_nothing_happens(ctx: Context) -> None:
    owing(ctx, due=-1)
    settings = notices.settings_of(ctx)
    assert notice_queue.queue_due(ctx, settings, lambda _connection: False) == 0
    run(ctx)
    assert notice_queue.begin(ctx, settings, 1, 7, lambda _connection: False) is None
    assert rows(ctx)[0].state == "queued"


def test_a_line_that_came_later_waits_for_its_own_turn(ctx: Context) -> None:
    number = owing(ctx, due=-1)
    run(ctx)
    send(ctx)
    add_line(ctx, number, "balance", 3, 100, 5)
    assert run(ctx) == 0  # the guest was reminded today
    clock(ctx).instant = NOW + timedelta(days=2)
    assert run(ctx) == 1
    assert "121.00 EUR" in send(ctx)[0]


def test_off_sends_nothing_and_the_preview_says_so(ctx: Context) -> None:
    off = replace(ctx, settings=Settings())
    owing(off, due=-1)
    assert run(off) == 0
    shown = notices.preview(off)
    assert shown.holdup
    assert [one.reason for one in shown.planned] == [""]


def test_days_are_those_of_the_property(ctx: Context) -> None:
    owing(ctx, due=4)
    late = Settings(notices="sms", notice_gateway="session", notice_quiet_from="03:00", notice_quiet_until="03:00")
    clock(ctx).instant = datetime(2026, 7, 1, 21, 59, tzinfo=UTC)
    assert run(replace(ctx, settings=late)) == 0
    clock(ctx).instant = datetime(2026, 7, 1, 22, 0, tzinfo=UTC)  # midnight in Madrid
    assert run(replace(ctx, settings=late)) == 1
    assert rows(ctx)[0].day == date(2026, 7, 2)


def test_an_erased_guest_leaves_no_address_and_no_text(ctx: Context) -> None:
    from crm_tui.desk.privacy import erasing, guest_record

    person = guest(ctx, "Nowak")
    owing(ctx, "MIR-1", due=-1, who=person)
    owing(ctx, "MIR-2", due=-1, who=guest(ctx, "Other", phone="+34600999888"))
    run(ctx)
    send(ctx)
    notice_stops.stop(ctx, address="+34600111222")
    record = guest_record.record(ctx, person)
    assert [one["address"] for one in record["payment_reminders"]] == ["+34600111222"]
    assert record["payment_reminders"][0]["amount"] == "120.00"
    report = erasing.erase(ctx, person, "asked for it")
    assert report.counts["notices"] == 1
    first, other = rows(ctx)
    assert (first.address, first.state) == ("", "sent")
    assert "MIR-1" not in first.text
    assert other.address == "+34600999888"
    assert notice_stops.stops(ctx) == []
    clock(ctx).advance(timedelta(days=2))
    assert run(ctx) == 1  # only the other


def test_a_reminder_that_waits_is_not_sent_to_an_erased_guest(ctx: Context) -> None:
    from crm_tui.desk.privacy import erasing

    person = guest(ctx, "Nowak")
    owing(ctx, "MIR-1", due=-1, who=person)
    run(ctx)
    erasing.erase(ctx, person, "asked for it")
    assert send(ctx) == []
    assert rows(ctx)[0].state == "dropped"


def test_a_text_may_name_whatever_the_reservation_tells(ctx: Context) -> None:
    body = "{{ reservation.code }} {{ reservation.destination }} {{ payment.missing }}"
    templates.create(ctx, name="Ours", language="en", category="payment sms", body=body)
    owing(ctx, destination="Tenerife")
    [one] = notices.due_now(ctx)
    assert (one.text, one.reason) == ("MIR-1 Tenerife 120.00 EUR", "")


def test_a_clock_set_back_delays_nothing(ctx: Context) -> None:
    number = owing(ctx, due=20)
    notices.by_hand(replace(ctx, settings=replace(ON, undo_seconds=10)), number, "sms", "Please pay")
    clock(ctx).advance(timedelta(hours=-5))
    assert notice_queue.heed_clock(ctx) == 1
    assert notice_queue.waiting(ctx) == []
    clock(ctx).advance(timedelta(seconds=10))
    assert notice_queue.heed_clock(ctx) == 0
    assert send(ctx) == ["Please pay"]


def test_by_hand_stops_when_what_it_told_of_is_covered_though_more_is_owed(ctx: Context) -> None:
    number = owing(ctx, lines=(("deposit", 1, 3000), ("balance", 40, 7000)))
    notices.by_hand(ctx, number, "sms")
    pay(ctx, number, TODAY, 3000)
    assert send(ctx) == []
    assert [(row.state, row.error) for row in rows(ctx)] == [("dropped", NoticeReason.COVERED)]


def test_a_failed_one_is_not_sent_again_with_an_amount_that_is_no_longer_missing(ctx: Context) -> None:
    number = owing(ctx)
    run(ctx)
    (made,) = notice_queue.waiting(ctx)
    notice_queue.begin(ctx, ON, made, 1, held)
    notice_queue.settle(ctx, made, 1, Failed("500"))
    pay(ctx, number, TODAY, 5000)
    with pytest.raises(Conflict, match="missing"):
        notices.again(ctx, made)
    assert send(ctx) == []


def test_who_is_no_longer_to_pay_gets_no_reminder_that_waits(ctx: Context) -> None:
    number = owing(ctx)
    other = guest(ctx, "Kowal")
    run(ctx)
    reservation_guests.add(ctx, number, other)
    reservation_guests.set_holder(ctx, number, other)
    assert send(ctx) == []
    assert [row.state for row in rows(ctx)] == ["dropped"]
