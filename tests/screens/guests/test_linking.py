"""From mail to guest with one key, as a person does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.screens.guests.form import GuestForm
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.widgets.dialogs import Ask, PickList
from crm_tui.widgets.forms import Form
from tests.desk.test_linking import SIGNED
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
        await press(pilot, "2", "enter", "L", *"lee", "enter")
        assert isinstance(app.screen, Ask)
        assert "Is ann@new.example an address of Ann Lee?" in screen_text(app)
        await press(pilot, "y")
        await until(pilot, lambda: f"Ann Lee · Guest {ann}" in screen_text(app))
        assert desk.guests.get(hotel.ctx, ann).emails == ("ann@old.example", "ann@new.example")
        assert desk.linking.who(hotel.ctx, talk).linked
