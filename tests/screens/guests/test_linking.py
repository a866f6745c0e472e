"""From mail to guest with one key, as a person does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.screens.guests.form import GuestForm
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.widgets.dialogs import Ask, PickList
from crm_tui.widgets.forms import Form
from tests.desk.client_base.test_linking import SIGNED
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path).open()
    hotel.account()
    return hotel


async def test_an_unknown_sender_becomes_a_guest_with_what_the_signature_states(hotel: Hotel) -> None:
    talk, _message = hotel.mail(SIGNED, sender="Marta Gómez <marta@norte.example>")
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "enter")
        assert "not in the client base" in screen_text(app)
        await press(pilot, "G")
        assert isinstance(app.screen, GuestForm)
        form = app.screen.query_one(Form)
        assert form.fields["surname"].value == "Gómez"
        assert form.fields["phones"].value == ()
        assert "◂ Gómez Ruiz" in screen_text(app)
        assert "8 fields are read from the mail" in screen_text(app)
        await press(pilot, "ctrl+y")
        assert form.fields["surname"].value == "Gómez Ruiz"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
        await settle(pilot)
        (guest,) = desk.linking.who(hotel.ctx, talk).guests
        found = desk.guests.get(hotel.ctx, guest.id)
        assert (found.name, found.city, found.country, len(found.phones)) == ("Marta Gómez Ruiz", "Madrid", "ES", 2)
        await until(pilot, lambda: f"Marta Gómez Ruiz · Guest {guest.id}" in screen_text(app))
        await press(pilot, "z")
        await until(pilot, lambda: "not in the client base" in screen_text(app))


async def test_what_is_not_taken_over_is_not_saved(hotel: Hotel) -> None:
    talk, _message = hotel.mail(SIGNED, sender="Marta Gómez <marta@norte.example>")
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "G", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
        (guest,) = desk.linking.who(hotel.ctx, talk).guests
        found = desk.guests.get(hotel.ctx, guest.id)
        assert (found.name, found.phones, found.city) == ("Marta Gómez", (), "")


async def test_a_half_filled_form_of_a_sender_is_kept(hotel: Hotel) -> None:
    hotel.mail(SIGNED, sender="Marta Gómez <marta@norte.example>")
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "G", "end", *"X", "escape")
        assert isinstance(app.screen, MailScreen)
        await press(pilot, "G")
        fields = app.screen.query_one(Form).fields
        assert (fields["surname"].value, fields["given"].value) == ("GómezX", "Marta")


async def test_of_several_who_share_the_address_one_is_picked(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", sender="Family <family@lee.example>")
    for name in ("Ann", "Bob"):
        desk.guests.create(hotel.ctx, {"surname": "Lee", "given": name, "emails": ["family@lee.example"]})
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "enter")
        assert "they share the address" in screen_text(app)
        await press(pilot, "G")
        assert isinstance(app.screen, PickList)
        await press(pilot, *"bob", "enter")
        await until(pilot, lambda: len(desk.linking.who(hotel.ctx, talk).guests) == 1)
        assert desk.linking.who(hotel.ctx, talk).guests[0].name == "Bob Lee"


async def test_a_conversation_is_said_to_be_a_known_guests(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", sender="Ann <ann@new.example>")
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Ann", "emails": ["ann@old.example"]})
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "enter", "B", *"lee", "enter")
        assert isinstance(app.screen, Ask)
        assert "Is ann@new.example an address of Ann Lee?" in screen_text(app)
        await press(pilot, "y")
        await until(pilot, lambda: f"Ann Lee · Guest {ann}" in screen_text(app))
        assert desk.guests.get(hotel.ctx, ann).emails == ("ann@old.example", "ann@new.example")
        assert desk.linking.who(hotel.ctx, talk).linked


async def test_of_an_archived_guests_mail_the_profile_opens(hotel: Hotel) -> None:
    hotel.mail("Hi", sender="Ann <ann@lee.example>")
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Ann", "emails": ["ann@lee.example"]})
    desk.guests.archive(hotel.ctx, [ann])
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "enter")
        assert "archived: Ann Lee" in screen_text(app)
        await press(pilot, "G")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen))
        assert any("Ann Lee is archived" in one.message for one in app._notifications)
        await press(pilot, "A")
        await until(pilot, lambda: desk.guests.get(hotel.ctx, ann).archived_at is None)


async def test_who_filled_in_a_web_form_is_offered_and_nobody_vouches_for_it(hotel: Hotel) -> None:
    extra = "Reply-To: Real Guest <real@guest.example>\r\n"
    talk, _message = hotel.mail("A room, please", sender="Web <forms@web.example>", extra=extra)
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "G")
        assert isinstance(app.screen, GuestForm)
        fields = app.screen.query_one(Form).fields
        assert (fields["surname"].value, fields["emails"].value) == ("", ())
        assert "asks to answer real@guest.example, which nobody checked" in screen_text(app)
        await press(pilot, "ctrl+y", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
        (guest,) = desk.linking.who(hotel.ctx, talk).guests
        assert (guest.name, guest.email) == ("Real Guest", "real@guest.example")


async def test_an_address_that_is_nobodys_is_not_offered_to_a_guest(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", sender="Shop <noreply@shop.example>")
    ann = desk.guests.create(hotel.ctx, {"surname": "Lee", "given": "Ann"})
    async with opened(hotel, (120, 45)) as (app, pilot):
        await press(pilot, "2", "enter", "B", *"lee", "enter")
        await until(pilot, lambda: bool(desk.linking.who(hotel.ctx, talk).guests))
        assert isinstance(app.screen, MailScreen)
        assert desk.guests.get(hotel.ctx, ann).emails == ()


async def test_the_form_warns_of_an_address_that_is_nobodys(hotel: Hotel) -> None:
    async with opened(hotel, (120, 45)) as (app, pilot):
        app.push_screen(GuestForm(values={"surname": "Lee", "emails": (("noreply@shop.example", ""),)}))
        await settle(pilot)
        assert "nobody's own address" in screen_text(app)
