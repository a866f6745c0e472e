"""The guest editor, as a person uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.desk.client_base.guest_views import GuestView
from crm_tui.desk.common.context import Context
from crm_tui.screens.dialogs.versions import VersionsDialog
from crm_tui.screens.guests.form import GuestForm
from crm_tui.screens.inquiries.guest_pick import Picked
from crm_tui.widgets.dialogs import Ask
from crm_tui.widgets.forms import Form
from tests.desk.colleagues import colleague
from tests.screens.harness import Desk, Hotel, settled


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    return Hotel(tmp_path).open()


@asynccontextmanager
async def form(
    hotel: Hotel, *args: Any, size: tuple[int, int] = (120, 45), **options: Any
) -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    """The form, ready to be typed in."""
    app = hotel.at(GuestForm(*args, **options))
    async with app.run_test(size=size) as pilot:
        await settled(pilot, lambda: bool(app.screen.query(Form)) and app.screen.focused is not None)
        yield app, pilot


def text_of(app: Desk) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def only(ctx: Context) -> GuestView:
    (row,) = desk.guests.listed(ctx)
    return desk.guests.get(ctx, row.id)


def fields(app: Desk) -> dict[str, Any]:
    return app.screen.query_one(Form).fields


async def save(app: Desk, pilot: Pilot[None], results: int = 1) -> None:
    await pilot.press("ctrl+s")
    await settled(
        pilot,
        lambda: len(app.results) == results or bool(_errors(app)) or isinstance(app.screen, VersionsDialog | Ask),
    )


def _errors(app: Desk) -> dict[str, str]:
    return {name: one.error for form in app.screen.query(Form) for name, one in form.fields.items() if one.error}


async def test_a_new_person_by_keyboard_alone(hotel: Hotel) -> None:
    async with form(hotel) as (app, pilot):
        await pilot.press(*"Nowak", "tab", *"Łucja", "tab")
        await pilot.press("p", *"olish", "enter")  # the language, from its list
        await pilot.press("p", *"oland", "enter")  # the nationality
        await pilot.press(*"3.4.80", "tab")
        await pilot.press(
            *"Lucja@Poczta.Example", "tab", *"private", "tab", *"work@poczta.example", "tab", "tab", "tab"
        )
        await pilot.press(*"600 111 222", "tab", *"mobile")
        await settled(pilot)
        assert "46 years old" in text_of(app)
        await save(app, pilot)
        found = only(hotel.ctx)
        assert app.results == [found.id]
        assert (found.name, found.language, found.nationality) == ("Łucja Nowak", "pl", "PL")
        assert found.birth_date == date(1980, 4, 3)
        assert (found.emails, found.email_labels) == (("Lucja@poczta.example", "work@poczta.example"), ("private", ""))
        assert [(one.number, one.label) for one in found.phones] == [("+34600111222", "mobile")]
        assert not any(one.given for one in found.consents.values())


async def test_a_company_with_its_contacts_is_one_command(hotel: Hotel) -> None:
    known = desk.guests.create(hotel.ctx, {"surname": "Kowal", "given": "Jan"})
    async with form(hotel, kind="company") as (app, pilot):
        assert "New company" in text_of(app)
        assert not fields(app)["given"].display
        await pilot.press(*"Pol-Trans Sp. z o.o.")
        fields(app)["country"].value = "PL"
        fields(app)["postcode"].focus_control()
        await pilot.press(*"31147", "tab")
        assert fields(app)["postcode"].value == "31-147"
        fields(app)["tax_number"].focus_control()
        await pilot.press(*"123", "tab")
        assert "check digits" in text_of(app)
        await pilot.press(*"kowa")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press(*"director", "tab", *"Anna Lis")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        await save(app, pilot)
        assert app.results
        found = desk.guests.get(hotel.ctx, app.results[0])
        assert (found.kind, found.surname, found.postcode, found.tax_number) == (
            "company",
            "Pol-Trans Sp. z o.o.",
            "31-147",
            "123",
        )
        assert [(one.name, one.role) for one in found.contacts] == [("Jan Kowal", "director"), ("Anna Lis", "")]
        assert [one.id for one in desk.guests.get(hotel.ctx, known).companies] == [found.id]
        desk.undo.undo(hotel.ctx)
        assert [row.id for row in desk.guests.listed(hotel.ctx)] == [known]


async def test_what_is_wrong_stands_at_its_field_when_it_is_left(hotel: Hotel) -> None:
    async with form(hotel) as (app, pilot):
        fields(app)["emails"].focus_control()
        await pilot.press(*"nobody", "tab", "tab")
        assert "no mail address" in fields(app)["emails"].error
        await pilot.press("shift+tab", "shift+tab", "end", *"@lac.example")
        assert not fields(app)["emails"].error
        fields(app)["birth_date"].focus_control()
        await pilot.press(*"3.4.2030", "tab")
        assert "still to come" in fields(app)["birth_date"].error
        fields(app)["country"].value = "PL"
        fields(app)["postcode"].focus_control()
        await pilot.press(*"123", "tab")
        assert "00-950" in fields(app)["postcode"].error
        fields(app)["country"].value = ""
        await settled(pilot)
        assert not fields(app)["postcode"].error
        await save(app, pilot)
        assert "needed" in fields(app)["surname"].error
        assert desk.guests.listed(hotel.ctx) == []


async def test_entries_move_up_and_go_by_key(hotel: Hotel) -> None:
    async with form(hotel) as (app, pilot):
        fields(app)["emails"].value = (("a@x.example", "one"), ("b@x.example", "two"), ("c@x.example", ""))
        await settled(pilot)
        fields(app)["emails"].focus_control()
        await pilot.press("down", "down", "f6")
        await settled(pilot)
        assert [one for one, _label in fields(app)["emails"].value] == ["a@x.example", "c@x.example", "b@x.example"]
        await pilot.press("f6", "down", "f9")
        await settled(pilot)
        assert fields(app)["emails"].value == (("c@x.example", ""), ("b@x.example", "two"))


async def test_esc_keeps_what_was_typed(hotel: Hotel) -> None:
    async with form(hotel) as (app, pilot):
        await pilot.press(*"Now", "escape")
        await settled(pilot, lambda: app.results == [None])
        assert app.told == ["Not saved; it will be here when you come back."]
        app.push_screen(GuestForm(), app.results.append)
        await settled(pilot, lambda: bool(app.screen.query(Form)))
        assert fields(app)["surname"].value == "Now"


@pytest.fixture
def marta(hotel: Hotel) -> int:
    return desk.guests.create(
        hotel.ctx,
        {
            "surname": "Gómez",
            "given": "Marta",
            "emails": ["m@x.example"],
            "phones": ["+34 600 111 222"],
            "city": "Palma",
        },
    )


async def test_other_fields_of_two_desks_merge_without_a_word(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        desk.guests.set(leo, marta, 1, {"city": "Inca", "emails": ["m@x.example", "leo@x.example"]})
        fields(app)["given"].value = "Marta Luz"
        fields(app)["emails"].value = (("m@x.example", ""), ("ana@x.example", "work"))
        await save(app, pilot)
        found = only(hotel.ctx)
        assert (found.given, found.city) == ("Marta Luz", "Inca")
        assert set(found.emails) == {"m@x.example", "leo@x.example", "ana@x.example"}


async def test_the_same_field_shows_both_and_the_agent_chooses(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        desk.guests.set(leo, marta, 1, {"city": "Inca", "given": "Martina", "remarks": "quiet room"})
        desk.guests.set_consent(leo, marta, "mail", given=True, source="by phone")
        fields(app)["city"].value = "Sóller"
        fields(app)["given"].value = "Marta Luz"
        fields(app)["consents"].value = ("mail", "sms")
        fields(app)["source"].value = "form at the counter"
        await save(app, pilot)
        assert isinstance(app.screen, VersionsDialog)
        shown = text_of(app)
        assert all(word in shown for word in ("Leo", "Inca", "Sóller", "Martina", "Marta Luz"))
        assert "yes · 21 Nov · by phone · Leo" in shown
        assert "yes · form at the counter" in shown
        assert "SMS" not in shown.split("there now")[1].split("theirs")[0]
        first = "city" if shown.index("Inca") < shown.index("Martina") else "given"
        await pilot.press("right", "down", "right", "left", "down", "left", "ctrl+s")
        await settled(pilot, lambda: len(app.results) == 1)
        found = only(hotel.ctx)
        wanted = ("Sóller", "Martina") if first == "city" else ("Inca", "Marta Luz")
        assert (found.city, found.given) == wanted
        assert found.remarks == "quiet room"
        assert found.consents["sms"].source == "form at the counter"
        assert found.consents["mail"].source == "by phone"


async def test_a_kept_form_is_saved_against_what_it_began_from(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        fields(app)["city"].value = "Sóller"
        fields(app)["emails"].value = (("m@x.example", ""), ("ana@x.example", ""))
        await pilot.press("escape")
        await settled(pilot, lambda: len(app.results) == 1)
        changed = {"city": "Inca", "street": "Mayor 1", "emails": ["m@x.example", "leo@x.example"]}
        desk.guests.set(leo, marta, 1, changed)
        app.push_screen(GuestForm(marta), app.results.append)
        await settled(pilot, lambda: bool(app.screen.query(Form)))
        assert (fields(app)["city"].value, fields(app)["street"].value) == ("Sóller", "Mayor 1")
        fields(app)["street"].value = "Mayor 2"  # the agent sees what Leo wrote
        await save(app, pilot, 2)
        assert isinstance(app.screen, VersionsDialog)
        shown = text_of(app)
        assert "Inca" in shown
        assert "● Mayor" not in shown
        assert "E-mail" not in shown.split("there now")[1].split("theirs")[0]
        assert only(hotel.ctx).city == "Inca"
        await pilot.press("escape", "escape")  # back to the form, and away
        await settled(pilot, lambda: len(app.results) == 2)
        app.push_screen(GuestForm(marta), app.results.append)
        await settled(pilot, lambda: bool(app.screen.query(Form)))
        await save(app, pilot, 3)
        assert isinstance(app.screen, VersionsDialog)
        assert "Inca" in text_of(app)
        await pilot.press("t", "ctrl+s")
        await settled(pilot, lambda: len(app.results) == 3)
        found = only(hotel.ctx)
        assert (found.city, found.street) == ("Inca", "Mayor 2")
        assert set(found.emails) == {"m@x.example", "leo@x.example", "ana@x.example"}


async def test_a_kept_form_brings_back_no_consent_and_no_attribute(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    golf, vip, old = (desk.attributes.add(hotel.ctx, name) for name in ("golf", "vip", "old"))
    desk.guests.set(hotel.ctx, marta, 1, {"tag": [old]})
    desk.guests.set_consent(hotel.ctx, marta, "mail", given=True, source="web form")
    async with form(hotel, marta) as (app, pilot):
        fields(app)["tags"].value = (old, golf)
        fields(app)["consents"].value = ("mail", "sms")
        fields(app)["source"].value = "desk"
        await pilot.press("escape")
        await settled(pilot, lambda: app.results == [None])
        desk.guests.set_consent(leo, marta, "mail", given=False, source="withdrawn by phone")
        desk.guests.set_consent(leo, marta, "newsletter", given=True, source="told Leo")
        desk.guests.set(leo, marta, 1, {"tag": [vip], "untag": [old]})
        app.push_screen(GuestForm(marta), app.results.append)
        await settled(pilot, lambda: bool(app.screen.query(Form)))
        assert set(fields(app)["consents"].value) == {"sms", "newsletter"}
        await save(app, pilot, 2)
        found = only(hotel.ctx)
        assert {one for one, said in found.consents.items() if said.given} == {"sms", "newsletter"}
        assert {one.name for one in found.attributes} == {"golf", "vip"}


async def test_an_archived_guest_is_saved_against_what_the_form_shows(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        desk.guests.set(leo, marta, 1, {"city": "Inca"})
        await pilot.press("f8")
        await settled(pilot, lambda: bool(app.told))
        fields(app)["city"].value = "Sóller"
        await save(app, pilot)
        assert isinstance(app.screen, VersionsDialog)
        assert desk.guests.get(hotel.ctx, marta).city == "Inca"


async def test_what_goes_with_the_kind_is_named_first(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        fields(app)["kind"].value = "company"
        await save(app, pilot)
        assert isinstance(app.screen, Ask)
        assert "Given names: Marta" in text_of(app)
        await pilot.press("b")
        await settled(pilot)
        assert only(hotel.ctx).kind == "person"
        desk.guests.set(leo, marta, 1, {"birth_date": "1.2.1980", "passport": "P123"})
        await save(app, pilot)
        await pilot.press("s")
        await settled(pilot, lambda: isinstance(app.screen, Ask))
        shown = text_of(app)
        assert "Born: 1 Feb 1980" in shown
        assert "Passport: P123" in shown
        assert only(hotel.ctx).kind == "person"
        await pilot.press("s")
        await settled(pilot, lambda: len(app.results) == 1)
        assert (only(hotel.ctx).kind, only(hotel.ctx).passport) == ("company", "")


async def test_a_corrected_first_address_stays_the_first(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        desk.guests.set(leo, marta, 1, {"emails": ["marta@x.example"]})
        fields(app)["emails"].value = (("m@x.example", ""), ("work@y.example", "work"))
        await save(app, pilot)
        assert only(hotel.ctx).emails == ("marta@x.example", "work@y.example")


async def test_a_deleted_address_comes_back_only_if_it_is_chosen(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        desk.guests.set(leo, marta, 1, {"emails": []})
        fields(app)["emails"].value = (("m@x.example", "work"),)
        await save(app, pilot)
        assert isinstance(app.screen, VersionsDialog)
        assert "m@x.example (work)" in text_of(app)
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: len(app.results) == 1)
        assert only(hotel.ctx).emails == ()


async def test_consents_are_shown_and_chosen_by_channel(hotel: Hotel, marta: int) -> None:
    leo = colleague(hotel.ctx, "Leo")
    async with form(hotel, marta) as (app, pilot):
        desk.guests.set_consent(leo, marta, "mail", given=False, source="said no")
        desk.guests.set_consent(leo, marta, "sms", given=True, source="by phone")
        fields(app)["consents"].value = ("mail", "phone")
        fields(app)["source"].value = "desk"
        await save(app, pilot)
        shown = text_of(app)
        assert "Leo changed this guest" in shown
        assert "no · 21 Nov · said no · Leo" in shown
        assert "yes · desk" in shown
        assert "by phone" not in shown
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: len(app.results) == 1)
        assert {one for one, said in only(hotel.ctx).consents.items() if said.given} == {"sms", "phone"}


async def test_a_new_contact_whom_both_made_is_one_person(hotel: Hotel) -> None:
    leo = colleague(hotel.ctx, "Leo")
    firm = desk.guests.create(hotel.ctx, {"surname": "Firm", "kind": "company"})
    async with form(hotel, firm) as (app, pilot):
        desk.guests.set(leo, firm, 1, {"contacts": [{"name": "Anna Lis", "role": "boss"}]})
        fields(app)["contacts"].value = ((Picked(name="anna  lis"), "boss"), (Picked(name="Jan Kowal"), ""))
        await save(app, pilot)
        found = desk.guests.get(hotel.ctx, firm)
        assert [(one.name, one.role) for one in found.contacts] == [("Anna Lis", "boss"), ("Jan Kowal", "")]
        assert [row.name for row in desk.guests.listed(hotel.ctx)] == ["Firm", "Anna Lis", "Jan Kowal"]


async def test_how_it_was_said_needs_something_said(hotel: Hotel, marta: int) -> None:
    async with form(hotel, marta) as (app, pilot):
        fields(app)["source"].value = "signed form 12"
        await save(app, pilot)
        assert "nothing was" in fields(app)["source"].error
        assert app.results == []
        fields(app)["consents"].value = ("mail",)
        await save(app, pilot)
        assert only(hotel.ctx).consents["mail"].source == "signed form 12"


async def test_what_was_emptied_stays_empty_when_the_form_comes_back(hotel: Hotel) -> None:
    known = {"surname": "Nowak", "given": "Łucja", "emails": (("l@x.example", ""),)}
    talk, _message = hotel.mail("Hi", account=hotel.account())
    async with form(hotel, values=known, conversation=talk) as (app, pilot):
        fields(app)["given"].value = ""
        for count in (1, 2):
            await pilot.press("escape")
            await settled(pilot, lambda number=count: len(app.results) == number)  # type: ignore[misc]
            app.push_screen(GuestForm(values=known, conversation=talk), app.results.append)
            await settled(pilot, lambda: bool(app.screen.query(Form)))
            found = {name: field.value for name, field in fields(app).items()}
            assert (found["surname"], found["given"], found["emails"]) == ("Nowak", "", known["emails"])


async def test_a_saved_form_is_one_step_of_undo(hotel: Hotel, marta: int) -> None:
    number = desk.attributes.add(hotel.ctx, "regular")
    before = only(hotel.ctx)
    async with form(hotel, marta) as (app, pilot):
        fields(app)["given"].value = "Marta Luz"
        fields(app)["phones"].value = ()
        fields(app)["consents"].value = ("newsletter",)
        fields(app)["source"].value = "form at the counter"
        fields(app)["tags"].value = (number,)
        await save(app, pilot)
    found = only(hotel.ctx)
    assert found.consents["newsletter"].source == "form at the counter"
    assert [one.name for one in found.attributes] == ["regular"]
    desk.undo.undo(hotel.ctx)
    after = only(hotel.ctx)
    assert (after.given, after.phones, after.consents, after.attributes) == (
        before.given, before.phones, before.consents, before.attributes,
    )  # fmt: skip


async def test_consent_without_its_source_is_asked_for_at_the_field(hotel: Hotel, marta: int) -> None:
    async with form(hotel, marta) as (app, pilot):
        fields(app)["consents"].value = ("mail",)
        await save(app, pilot)
        assert "Say how" in fields(app)["source"].error
        assert not fields(app)["consents"].error
        assert not only(hotel.ctx).consents["mail"].given


async def test_a_holder_stays_a_person(hotel: Hotel, marta: int) -> None:
    number = desk.inquiries.create(hotel.ctx, {}, guest=marta)
    async with form(hotel, marta) as (app, pilot):
        fields(app)["kind"].value = "company"
        await save(app, pilot)
        await pilot.press("s")
        await settled(pilot, lambda: bool(_errors(app)))
        assert f"holder of inquiry {number}" in fields(app)["kind"].error
        assert only(hotel.ctx).kind == "person"


async def test_archived_and_taken_back_by_key(hotel: Hotel, marta: int) -> None:
    async with form(hotel, marta) as (app, pilot):
        await pilot.press("f8")
        await settled(pilot, lambda: bool(app.told))
        assert "archived" in text_of(app)
        assert desk.guests.listed(hotel.ctx) == []
        await pilot.press("f8")
        await settled(pilot, lambda: len(app.told) == 2)
        assert only(hotel.ctx).archived_at is None


@pytest.mark.parametrize(
    "name", ["X", "Ż" * 500, "‮evil\x1b[31m", "é́̂", "שלום עולם", "\x00NUL\x07", "[@click=app.quit]x[/]", "李"]
)
async def test_any_name_is_taken_and_shown_safely(hotel: Hotel, name: str) -> None:
    number = desk.guests.create(hotel.ctx, {"surname": name})
    async with form(hotel, number) as (app, pilot):
        fields(app)["remarks"].value = name
        await save(app, pilot)
        shown = text_of(app)
        assert not any(sign in shown for sign in "\x1b\x00\x07‮")
        assert app.results == [number]


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_the_last_field_is_reached_on_any_screen(hotel: Hotel, marta: int, size: tuple[int, int]) -> None:
    async with form(hotel, marta, size=size) as (app, pilot):
        fields(app)["reference"].focus_control()
        await settled(pilot, lambda: "Reference" in text_of(app))
        await pilot.press(*"X-1")
        await save(app, pilot)
        assert only(hotel.ctx).reference == "X-1"
