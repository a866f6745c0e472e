"""The one history of a guest is all there is, once each, in order, and nothing that is hidden (SPEC §6)."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation
from crm_tui.desk.client_base.guest_history_views import KINDS, EntryKind, GuestEntry, Place
from crm_tui.desk.common.context import Context
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.bookings import add_reservation, belongs, pay, set_columns, signpost
from tests.desk.common.test_plans import Plans
from tests.desk.house import NOW, add_account, come_in, mail, make_house
from tests.desk.requests.test_inquiry_plans import walks
from tests.desk.undoing.test_undo import another

ACTS = (*KINDS, "cancelled", "removed memo")


def texts(ctx: Context, guest: int, *kinds: EntryKind) -> list[str]:
    return [one.text for one in desk.guest_history.page(ctx, guest, kinds or KINDS)]


def act(ctx: Context, kind: str, guest: int, leo: str, number: int) -> Counter[EntryKind]:
    """Do one thing with the guest; what it adds to the history."""
    if kind == EntryKind.MAIL:
        letter = mail(sender=f"G <g{guest}@example.org>", message_id=f"{number}@x", subject=f"Mail {number}",
                      date=ctx.clock.now())  # fmt: skip
        come_in(ctx, letter)
    elif kind == EntryKind.INQUIRY:
        add_inquiry(ctx, guest)
    elif kind in (EntryKind.RESERVATION, "cancelled"):
        status = "cancelled" if kind == "cancelled" else "confirmed"
        add_reservation(ctx, f"R{number}", guest, status=status, booked=ctx.clock.now().date() - timedelta(days=3))
        return Counter([EntryKind.RESERVATION])
    elif kind == EntryKind.PAYMENT:
        pay(ctx, add_reservation(ctx, f"R{number}", guest), ctx.clock.now().date(), 100)
        return Counter([EntryKind.RESERVATION, EntryKind.PAYMENT])
    elif kind == EntryKind.EVENT:
        desk.events.add(ctx, guest, "call", f"Call {number}", at=ctx.clock.now() - timedelta(minutes=number))
    elif kind == EntryKind.MEMO:
        desk.memos.add(ctx, f"Memo {number}", guest=guest)
    elif kind == "removed memo":
        desk.memos.remove(ctx, desk.memos.add(ctx, f"Memo {number}", guest=guest))
        return Counter([EntryKind.CHANGE])
    elif kind == EntryKind.INTERNAL:
        desk.internal.send(ctx, leo, f"Look {number}", guest=guest)
    elif kind == EntryKind.FEEDBACK:
        desk.feedback.add(ctx, "negative", guest=guest, comment=f"Cold {number}")
    elif kind == EntryKind.GIVEN:
        things = desk.quality_items.listed(ctx)
        wine = things[0].id if things else desk.quality_items.add(ctx, "Wine", "18")
        desk.quality_costs.add(ctx, [(wine, 2)], guest=guest, occasion=f"Birthday {number}")
    elif kind == EntryKind.REMINDER:
        desk.reminders.add(ctx, f"Call {number}", "2030-01-01", guest=guest)
    else:
        desk.guests.set(ctx, guest, desk.guests.get(ctx, guest).version, {"city": f"City {number}"})
    return Counter([EntryKind(kind)])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.booleans()), max_size=25),
    st.integers(1, 30),
)
def test_the_history_is_the_union_of_all_that_happened_in_order(acts: list[tuple[str, int, bool]], limit: int) -> None:
    """Whatever happened in whatever order, on the guest or on one merged in later, and however it is read."""
    with tempfile.TemporaryDirectory() as directory:
        ctx = make_house(Path(directory))
        add_account(ctx)
        desk.team.add(ctx, "Leo")
        kept, gone, other = (desk.guests.create(ctx, {"surname": name}) for name in ("Nowak", "Nowakowa", "Else"))
        for guest in (kept, gone, other):
            version = desk.guests.get(ctx, guest).version
            desk.guests.set(ctx, guest, version, {"emails": [f"g{guest}@example.org"]})
        expected = Counter({EntryKind.CHANGE: 4})
        for number, (kind, hours, absorbed) in enumerate(acts):
            then = replace(ctx, clock=FixedClock(NOW + timedelta(hours=hours)))
            expected += act(then, kind, gone if absorbed else kept, "Leo", number)
            act(then, kind, other, "Leo", 1000 + number)
        signpost(ctx, gone, kept)
        places = desk.guest_history.keys(ctx, kept)
        assert Counter(place.kind for place in places) == expected
        assert len(set(places)) == len(places)
        assert places == sorted(places, reverse=True)
        assert desk.guest_history.keys(ctx, gone) == places  # its number leads to the survivor
        assert desk.guest_history.keys(ctx, kept, newest_first=False) == places[::-1]
        assert desk.guest_history.keys(ctx, kept, limit=limit) == places[:limit]
        for kind in KINDS:
            only = [place for place in places if place.kind == kind]
            assert desk.guest_history.keys(ctx, kept, [kind]) == only
        entries = desk.guest_history.entries(ctx, kept, places)
        assert [entry.place for entry in entries] == places
        assert all(entry.text or entry.kind in (EntryKind.INQUIRY, EntryKind.RESERVATION, EntryKind.PAYMENT)
                   for entry in entries)  # fmt: skip
        ctx.store.close()


def test_what_hangs_on_the_guests_inquiries_and_conversations_is_told(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", mails=["Marta@Example.org"])
    conversation = next(iter(come_in(ctx, mail(), account=add_account(ctx)).conversations))
    inquiry = add_inquiry(ctx, guest)
    desk.memos.add(ctx, "On the mail", conversation=conversation)
    desk.memos.add(ctx, "On the inquiry", inquiry=inquiry)
    desk.reminders.add(ctx, "Of the inquiry", "2026-08-01", inquiry=inquiry)
    another(ctx)
    desk.internal.send(ctx, "Leo", "Look", conversation=conversation)
    assert texts(ctx, guest, EntryKind.MEMO) == ["On the inquiry", "On the mail"]
    assert texts(ctx, guest, EntryKind.REMINDER) == ["Of the inquiry"]
    assert texts(ctx, guest, EntryKind.INTERNAL) == ["→ Leo: Look"]
    assert texts(ctx, guest, EntryKind.MAIL) == ["Room in August"]


def test_an_agents_word_whose_a_conversation_is_counts_more_than_its_address(ctx: Context) -> None:
    marta, other = add_guest(ctx, "Guest", "Marta", mails=["marta@example.org"]), add_guest(ctx, "Other")
    conversation = next(iter(come_in(ctx, mail(), account=add_account(ctx)).conversations))
    assert [one.id for one in desk.guest_mail.guests_of(ctx, conversation)] == [marta]
    belongs(ctx, conversation, other)
    assert [one.id for one in desk.guest_mail.guests_of(ctx, conversation)] == [other]
    assert texts(ctx, marta, EntryKind.MAIL) == []
    assert texts(ctx, other, EntryKind.MAIL) == ["Room in August"]


def test_a_shared_address_tells_both_and_a_stranger_nobody(ctx: Context) -> None:
    both = [add_guest(ctx, name, mails=["marta@example.org"]) for name in ("Guest", "Mate")]
    account = add_account(ctx)
    known = next(iter(come_in(ctx, mail(), account=account).conversations))
    strange = next(iter(come_in(ctx, mail(sender="x@else.example", message_id="2@x"), account=account).conversations))
    assert [one.id for one in desk.guest_mail.guests_of(ctx, known)] == both
    assert desk.guest_mail.guests_of(ctx, strange) == []
    with ctx.store.connect() as connection:
        assert desk.guest_mail.conversations_of(connection, ctx.actor, both) == [known]
        assert desk.guest_mail.conversations_of(connection, ctx.actor, []) == []


def test_nothing_hidden_is_told(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", mails=["marta@example.org"])
    conversation = next(iter(come_in(ctx, mail(), account=add_account(ctx)).conversations))
    inquiry = add_inquiry(ctx, guest, scope="a1", conversations=[conversation])
    desk.memos.add(ctx, "Hidden", inquiry=inquiry)
    desk.memos.add(ctx, "Hidden too", conversation=conversation)
    desk.reminders.add(ctx, "Hidden", "2026-08-01", inquiry=inquiry, guest=guest)
    desk.events.add(ctx, guest, "call", "Hidden", inquiry=inquiry)
    gone = desk.events.add(ctx, guest, "call", "Hidden and gone", inquiry=inquiry)
    desk.events.remove(ctx, gone)
    desk.feedback.add(ctx, "negative", comment="Hidden", conversation=conversation)
    desk.feedback.remove(ctx, desk.feedback.add(ctx, "negative", comment="Hidden", conversation=conversation))
    desk.memos.add(ctx, "For all", guest=guest)
    leo = another(ctx)
    mine = desk.guest_history.keys(ctx, guest)
    assert {place.kind for place in mine} == set(KINDS) - {
        EntryKind.RESERVATION, EntryKind.PAYMENT, EntryKind.INTERNAL, EntryKind.GIVEN}  # fmt: skip
    assert texts(leo, guest) == ["For all"]
    assert [one.text for one in desk.guest_history.entries(leo, guest, mine)] == ["For all"]
    with leo.store.connect() as connection:
        assert desk.guest_mail.conversations_of(connection, leo.actor, [guest]) == []
    assert desk.guest_profile.get(leo, guest).guest.inquiries == ()


def test_mail_that_was_merged_elsewhere_is_told_where_it_is(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", mails=["marta@example.org"])
    account = add_account(ctx)
    one = next(iter(come_in(ctx, mail(), account=account).conversations))
    two = next(iter(come_in(ctx, mail(message_id="2@x", subject="Again"), account=account).conversations))
    desk.splitting.merge(ctx, [one, two])
    found = desk.guest_history.page(ctx, guest, [EntryKind.MAIL])
    assert len(found) == 2
    assert len({entry.conversation for entry in found}) == 1


def test_a_change_that_was_taken_back_says_so(ctx: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Nowak"})
    desk.guests.set(ctx, guest, 1, {"city": "Gdynia"})
    desk.undo.undo(ctx)
    changed, made = desk.guest_history.page(ctx, guest)
    assert (changed.text, changed.undone, made.undone) == ("city: – → Gdynia", True, False)


def test_what_was_removed_is_told_as_removed(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    memo = desk.memos.add(ctx, "Wants a cot", guest=guest)
    event = desk.events.add(ctx, guest, "call", "Asked for a cot")
    desk.memos.remove(ctx, memo)
    desk.events.remove(ctx, event)
    assert texts(ctx, guest) == ["removed the event “Asked for a cot”", "removed the memo “Wants a cot”"]


def test_entries_tell_their_facts(ctx: Context) -> None:
    holder, mate = add_guest(ctx, "Nowak"), add_guest(ctx, "Petit")
    company = add_guest(ctx, "Firma", kind="company")
    stay = add_reservation(
        ctx, "M-7", holder, mate, company=company, status="cancelled", booked=date(2025, 3, 1), value=12345,
        currency="EUR", arrival=date(2025, 5, 1), departure=date(2025, 5, 4), adults=2, children=1, room="12",
    )  # fmt: skip
    pay(ctx, stay, date(2025, 3, 2), 5000, kind="refund", method="card")
    (paid, booked) = desk.guest_history.page(ctx, holder)
    assert (booked.code, booked.status, booked.dated, booked.holder) == ("M-7", "cancelled", True, True)
    assert booked.at == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert str(booked.amount) == "123.45 EUR"
    assert (paid.status, paid.code, str(paid.amount), paid.reservation) == ("refund", "M-7", "50.00 EUR", stay)
    assert not desk.guest_history.page(ctx, mate)[-1].holder
    assert [one.code for one in desk.guest_history.page(ctx, company, [EntryKind.RESERVATION])] == ["M-7"]


def test_a_merged_number_opens_the_survivors_profile(ctx: Context) -> None:
    one, two, three = (add_guest(ctx, name) for name in ("A", "B", "C"))
    signpost(ctx, three, two)
    signpost(ctx, two, one)
    found = desk.guest_profile.get(ctx, three)
    assert (found.guest.id, found.number, found.merged) == (one, three, 2)


def test_a_guest_in_numbers(ctx: Context) -> None:
    guest, mate = add_guest(ctx, "Nowak"), add_guest(ctx, "Petit")
    stays = [
        ("completed", date(2025, 8, 1), date(2025, 8, 9), 10000, "EUR"),
        ("confirmed", date(2026, 6, 1), date(2026, 6, 5), 20000, "EUR"),  # over by now
        ("confirmed", date(2026, 8, 1), date(2026, 8, 5), 3000, "PLN"),
        ("cancelled", date(2026, 9, 1), date(2026, 9, 5), 99999, "EUR"),
        ("option", date(2026, 7, 20), date(2026, 7, 25), 77777, "EUR"),
        ("no-show", date(2026, 2, 1), date(2026, 2, 5), 88888, "EUR"),
    ]
    for number, (status, first, last, value, currency) in enumerate(stays):
        add_reservation(ctx, f"M-{number}", guest, mate, status=status, arrival=first, departure=last, value=value,
                        currency=currency)  # fmt: skip
    set_columns(ctx, guest, passport_expiry=date(2027, 2, 4))
    found = desk.guest_profile.get(ctx, guest)
    assert (found.numbers.stays, found.numbers.last) == (2, date(2026, 6, 5))
    assert (found.numbers.coming, found.numbers.cancelled) == (date(2026, 7, 20), 2)
    assert [str(one) for one in found.numbers.values] == ["300.00 EUR", "30.00 PLN"]
    assert (found.passport.state, found.passport.back, found.passport.needed) == (
        "short", date(2026, 8, 5), date(2027, 2, 5))  # fmt: skip
    assert desk.guest_profile.get(ctx, mate).numbers.values == ()  # a companion did not pay
    less = replace(ctx, settings=replace(ctx.settings, passport_months=5))
    assert desk.guest_profile.get(less, guest).passport.state == "fine"


def test_no_statement_walks_a_table(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", mails=["marta@example.org"])
    conversation = next(iter(come_in(ctx, mail(), account=add_account(ctx)).conversations))
    with ctx.write() as tx:
        tx.connection.execute(
            update(table_of(Conversation)).where(columns(Conversation).id == conversation).values(starred=True)
        )
    desk.guests.set(ctx, guest, 1, {"city": "Gdynia"})
    desk.events.add(ctx, guest, "call", "")
    plans = Plans(ctx)
    view, entries = desk.guest_profile.opened(ctx, guest, 50)
    desk.guest_history.keys(ctx, guest)
    desk.guest_mail.guests_of(ctx, conversation)
    assert view.guest.id == guest
    assert len(entries) == 3
    big = ("conversation", "message", "guest", "guest_email", "inquiry", "reservation", "event", "memo", "reminder",
           "journal", "payment", "internal_message", "conversation_guest", "said", "feedback")  # fmt: skip
    assert len(plans.lines) > 50
    assert [line for line in walks(plans, *big) if "TEMP B-TREE" not in line] == []  # a guest's own entries are sorted


def test_entry_and_place_agree(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    desk.memos.add(ctx, "Memo", guest=guest)
    (place,) = desk.guest_history.keys(ctx, guest)
    assert isinstance(place, Place)
    (entry,) = desk.guest_history.entries(ctx, guest, [place, Place(place.at, place.rank, 999)])
    assert isinstance(entry, GuestEntry)
    assert (entry.id, entry.at, entry.kind) == (place.id, NOW, EntryKind.MEMO)


def test_a_trip_without_its_end_counts_from_the_day_it_begins(ctx: Context) -> None:
    today = NOW.date()
    guest = desk.guests.create(ctx, {"surname": "Lee", "passport_expiry": today + timedelta(days=120)})
    add_reservation(ctx, "R-1", guest, status="confirmed", arrival=today + timedelta(days=30), departure=None)
    passport = desk.guest_profile.get(ctx, guest).passport
    assert (passport.warns, passport.back) == (True, today + timedelta(days=30))
