"""Senders and guests: matched by address, said by an agent, made of an unknown sender."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from tests.desk.colleagues import colleague, keep_for
from tests.screens.harness import Hotel

SIGNED = """Buenos días,

quería una habitación doble para el 3 de diciembre, por favor.

Un saludo,

Marta Gómez Ruiz
Directora comercial
Logística Norte S.L.
C/ Mayor 12, 3º B
28013 Madrid
Tel. 91 123 45 67 | Móvil: +34 600 111 222 | Fax 91 123 45 68
www.logisticanorte.example
"""


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    return Hotel(tmp_path).open()


def test_a_sender_is_matched_by_address_whatever_its_case(hotel: Hotel) -> None:
    talk, _message = hotel.mail(SIGNED, sender="Marta <Marta@Norte.Example>")
    assert desk.linking.who(hotel.ctx, talk).guests == ()
    number = desk.guests.create(hotel.ctx, {"surname": "Gómez", "emails": ["other@x.example", "MARTA@norte.example"]})
    who = desk.linking.who(hotel.ctx, talk)
    assert ([one.id for one in who.guests], who.linked) == ([number], False)
    assert desk.notes.of_conversation(hotel.ctx, talk).guests[0].id == number
    assert desk.linking.who(hotel.ctx, talk).archived == ()


def test_what_an_unknown_sender_states_is_proposed_not_taken(hotel: Hotel) -> None:
    talk, _message = hotel.mail(SIGNED, sender="Marta Gómez <marta@norte.example>")
    new = desk.linking.propose(hotel.ctx, talk)
    assert new.values == {"surname": "Gómez", "given": "Marta", "emails": (("marta@norte.example", ""),)}
    assert new.proposed == {
        "surname": "Gómez Ruiz",
        "phones": (("+34 911 23 45 67", "work"), ("+34 600 11 12 22", "mobile")),
        "street": "C/ Mayor 12, 3º B",
        "postcode": "28013",
        "city": "Madrid",
        "country": "ES",
        "language": "es",
        "remarks": "Logística Norte S.L.\nwww.logisticanorte.example",
    }
    number = desk.linking.make(hotel.ctx, talk, {"surname": "Gómez Ruiz", "given": "Marta"})
    assert [one.id for one in desk.linking.who(hotel.ctx, talk).guests] == [number]
    assert desk.linking.who(hotel.ctx, talk).linked
    desk.undo.undo(hotel.ctx)
    assert desk.linking.who(hotel.ctx, talk).guests == ()
    assert desk.guests.listed(hotel.ctx) == []


def test_a_company_writes_under_its_own_name(hotel: Hotel) -> None:
    talk, _message = hotel.mail(SIGNED, sender="Logística Norte S.L. <info@norte.example>")
    new = desk.linking.propose(hotel.ctx, talk)
    assert (new.kind, new.values["surname"]) == ("company", "Logística Norte S.L.")
    assert new.proposed["contacts"] == (("Marta Gómez Ruiz", ""),)
    assert new.proposed["remarks"] == "www.logisticanorte.example"


def test_a_booking_sites_relay_is_nobodys_address(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hello", sender="Ann Lee via Booking.com <ann-1234567.lee@guest.booking.com>")
    assert "emails" not in desk.linking.propose(hotel.ctx, talk).values
    number = desk.guests.create(hotel.ctx, {"surname": "Lee"})
    with pytest.raises(InvalidInput):
        desk.linking.link(hotel.ctx, talk, number, add_address=True)
    desk.linking.link(hotel.ctx, talk, number)
    assert desk.linking.who(hotel.ctx, talk).guests[0].id == number


def test_of_two_who_share_an_address_the_agent_says_which(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", sender="Family <family@lee.example>")
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Ann", "emails": ["family@lee.example"]})
    bob = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Bob", "emails": ["family@lee.example"]})
    assert {one.id for one in desk.linking.who(hotel.ctx, talk).guests} == {ann, bob}
    desk.linking.link(hotel.ctx, talk, bob)
    assert [one.id for one in desk.linking.who(hotel.ctx, talk).guests] == [bob]
    desk.undo.undo(hotel.ctx)
    assert len(desk.linking.who(hotel.ctx, talk).guests) == 2
    desk.linking.link(hotel.ctx, talk, ann)
    assert desk.linking.unlink(hotel.ctx, talk)
    assert not desk.linking.unlink(hotel.ctx, talk)
    assert len(desk.linking.who(hotel.ctx, talk).guests) == 2


def test_linking_may_add_the_address_in_one_command(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", sender="Ann <ann@new.example>")
    other, _message = hotel.mail("Me again", sender="Ann <ann@new.example>", subject="Other", number=2)
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee", "emails": [{"address": "ann@old.example", "label": "work"}]})
    desk.linking.link(hotel.ctx, talk, ann, add_address=True)
    found = desk.guests.get(hotel.ctx, ann)
    assert (found.emails, found.email_labels) == (("ann@old.example", "ann@new.example"), ("work", ""))
    assert desk.linking.who(hotel.ctx, other).guests[0].id == ann
    desk.undo.undo(hotel.ctx)
    assert desk.guests.get(hotel.ctx, ann).emails == ("ann@old.example",)
    assert desk.linking.who(hotel.ctx, talk).guests == ()


def test_a_hidden_conversation_is_nobodys(hotel: Hotel) -> None:
    talk, _message = hotel.mail(SIGNED)
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee"})
    keep_for(hotel.ctx, talk, "a1")
    leo = colleague(hotel.ctx, "Leo")
    for ask in (
        lambda: desk.linking.who(leo, talk),
        lambda: desk.linking.propose(leo, talk),
        lambda: desk.linking.link(leo, talk, ann),
        lambda: desk.linking.unlink(leo, talk),
        lambda: desk.linking.make(leo, talk, {"surname": "X"}),
    ):
        with pytest.raises(NotFound):
            ask()
    assert len(desk.guests.listed(leo)) == 1


def test_a_sender_who_was_put_away_is_not_unknown(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", sender="Ann <ann@lee.example>")
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Ann", "emails": ["ann@lee.example"]})
    desk.guests.archive(hotel.ctx, [ann])
    for link in (False, True):
        if link:
            desk.guests.unarchive(hotel.ctx, [ann])
            desk.linking.link(hotel.ctx, talk, ann)
            desk.guests.archive(hotel.ctx, [ann])
        who = desk.linking.who(hotel.ctx, talk)
        assert ([one.id for one in who.guests], [one.id for one in who.archived]) == ([ann], [ann])
        assert desk.notes.of_conversation(hotel.ctx, talk).archived == (ann,)
    bob = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Bob", "emails": ["ann@lee.example"]})
    other, _message = hotel.mail("Hi", sender="Ann <ann@lee.example>", subject="Other", number=2)
    assert [one.id for one in desk.linking.who(hotel.ctx, other).guests] == [bob]
    assert desk.linking.who(hotel.ctx, other).archived == ()


@pytest.mark.parametrize(
    "sender",
    [
        "Booking.com <noreply@booking.example>",
        "Airbnb <no-reply@airbnb.example>",
        "Mail Delivery <mailer-daemon@x.example>",
        "Web form <wordpress@web.example>",
        "Hotel Miramar <reception@miramar.example>",
        "Ann via Booking.com <ann-1234567.lee@guest.booking.com>",
    ],
)
def test_an_address_that_is_nobodys_own_is_neither_proposed_nor_added(hotel: Hotel, sender: str) -> None:
    account = hotel.account()
    talk, _message = hotel.mail("Hello", sender=sender, account=account)
    new = desk.linking.propose(hotel.ctx, talk)
    assert "emails" not in {**new.values, **new.proposed}
    assert not desk.linking.who(hotel.ctx, talk).known
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee"})
    with pytest.raises(InvalidInput):
        desk.linking.link(hotel.ctx, talk, ann, add_address=True)
    desk.linking.link(hotel.ctx, talk, ann)
    other, _message = hotel.mail("Hello", sender=sender, account=account, subject="Another", number=2)
    assert other == talk or desk.linking.who(hotel.ctx, other).guests == ()
    if other == talk:
        desk.linking.unlink(hotel.ctx, talk)
    inquiry = desk.inquiries.get(hotel.ctx, desk.inquiries.from_conversation(hotel.ctx, other))
    assert desk.guests.get(hotel.ctx, inquiry.guests[0].id).emails == ()


def test_the_hotels_own_address_is_no_guests(hotel: Hotel) -> None:
    hotel.account(aliases="events@miramar.example")
    for address in ("Reception@Miramar.example", "events@miramar.example"):
        with pytest.raises(InvalidFields) as wrong:
            desk.guests.create(hotel.ctx, {"surname": "Own", "emails": [address]})
        assert "hotel's own address" in wrong.value.errors["emails"]
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee"})
    with pytest.raises(InvalidFields):
        desk.guests.set(hotel.ctx, ann, 1, {"emails": ["reception@miramar.example"]})


@pytest.mark.parametrize(
    "sender", ["Website <forms@web.example>", "Hotel Miramar <web@miramar.example>", "Shop <no-reply@shop.example>"]
)
def test_who_filled_in_a_web_form_is_proposed_from_reply_to(hotel: Hotel, sender: str) -> None:
    account = hotel.account()
    extra = "Reply-To: Real Guest <real@guest.example>\r\n"
    talk, _message = hotel.mail("I should like a room.", sender=sender, account=account, extra=extra)
    new = desk.linking.propose(hotel.ctx, talk)
    assert (new.values, new.answers_to) == ({}, "real@guest.example")
    stated = {name: new.proposed[name] for name in ("surname", "given", "emails")}
    assert stated == {"surname": "Guest", "given": "Real", "emails": (("real@guest.example", ""),)}
    assert desk.linking.who(hotel.ctx, talk).perhaps == ()
    number = desk.guests.create(hotel.ctx, {"surname": "Guest", "emails": ["real@guest.example"]})
    who = desk.linking.who(hotel.ctx, talk)
    assert (who.guests, [one.id for one in who.perhaps]) == ((), [number])


def test_a_persons_reply_to_is_not_taken_for_another_person(hotel: Hotel) -> None:
    extra = "Reply-To: Evil <evil@x.example>\r\n"
    talk, _message = hotel.mail("Hi", sender="Ann Lee <ann@lee.example>", account=hotel.account(), extra=extra)
    new = desk.linking.propose(hotel.ctx, talk)
    assert (new.values["emails"], new.answers_to) == ((("ann@lee.example", ""),), "")


def test_a_name_is_not_proposed_without_its_marks(hotel: Hotel) -> None:
    text = "Hi\n\nKind regards,\nLucja Nowak\nTel +48 600 111 222"
    talk, _message = hotel.mail(text, sender="Łucja Nowak <l@x.example>")
    new = desk.linking.propose(hotel.ctx, talk)
    assert new.values["given"] == "Łucja"
    assert not {"given", "surname"} & new.proposed.keys()
    talk, _message = hotel.mail(text, sender="LUCJA NOWAK <l2@x.example>", number=2, subject="b")
    assert desk.linking.propose(hotel.ctx, talk).proposed["surname"] == "Nowak"
    text = text.replace("Lucja", "Łucja")
    talk, _message = hotel.mail(text, sender="Lucja Nowak <l3@x.example>", number=3, subject="c")
    new = desk.linking.propose(hotel.ctx, talk)
    assert ("surname" in new.proposed, new.proposed["given"]) == (False, "Łucja")


def test_an_inquiry_is_the_guests_whom_an_agent_named(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", sender="Ann <ann@new.example>")
    bob = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Bob"})
    desk.linking.link(hotel.ctx, talk, bob)
    inquiry = desk.inquiries.get(hotel.ctx, desk.inquiries.from_conversation(hotel.ctx, talk))
    assert [one.id for one in inquiry.guests] == [bob]
