"""The form of an inquiry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.requests.inquiry_views import InquiryQuery
from crm_tui.rules.money import Money, currency_of, minor_units, read
from crm_tui.screens.dialogs.versions import VersionsDialog
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.inquiries.fields import Heading
from crm_tui.screens.inquiries.form import InquiryForm
from crm_tui.screens.inquiries.guest_pick import GuestPick
from crm_tui.screens.inquiries.words import typed_amount
from tests.screens.inquiries.conftest import Desk
from tests.screens.inquiries.test_detail import shown
from tests.screens.opened import opened, press, screen_text, settle, until


def form_of(app: DeskApp) -> InquiryForm:
    """The form, which must be the screen shown."""
    assert isinstance(app.screen, InquiryForm)
    return app.screen


async def put(pilot: Pilot[int], app: DeskApp, name: str, text: str) -> None:
    """Type into a field and leave it."""
    field = form_of(app).form.fields[name]
    field.focus_control()
    await press(pilot, "home", "shift+end", "delete", *text)


async def test_only_the_surname_is_needed(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "N", "ctrl+s")
        assert "✕ Guest is needed." in screen_text(app)
        await press(pilot, *"Braun", "ctrl+s", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        await settle(pilot)
        number = desk.inquiries.page(busy.ctx, InquiryQuery(order="newest")).rows[0].id
        view = busy.view(number)
        assert (view.title, view.channel, view.handler, view.status) == ("Braun", "phone", "Ana", "new")
        assert f"Inquiry {number}" in screen_text(app)


async def test_a_guest_of_the_house_is_found_as_one_types(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "N", "p")
        assert isinstance(app.screen, GuestPick)
        await press(pilot, *"etit ma")
        assert "Marie Petit" in screen_text(app)
        assert "+33 1 42 68 53 00" in screen_text(app)
        await press(pilot, "enter", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        number = desk.inquiries.page(busy.ctx, InquiryQuery(order="newest")).rows[0].id
        assert busy.view(number).guests[0].id == busy.view(busy.phoned).guests[0].id


async def test_letters_typed_faster_than_the_list_opens_are_not_lost(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "N")
        await pilot.press(*"olga braun", "enter")
        await settle(pilot)
        form = form_of(app).form
        assert (form.fields["surname"].value, form.fields["given"].value) == ("braun", "olga")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("arrival", "31.2.", "There is no such day in the calendar."),
        ("arrival", "soon", "This is no day."),
        ("departure", "1.12.2026", "The departure must come after the arrival."),
        ("children", "-4", "This cannot be less than nothing: -4."),
        ("adults", "-1", "This cannot be less than nothing: -1."),
        ("budget", "900", "Say the currency too, like 900 EUR."),
        ("budget", "900 XYZ", "“XYZ” is no currency"),
        ("nights", "9", "9 nights do not agree with the dates, which leave 4."),
        ("planned_end", "1.1.2026", "The planned end cannot lie in the past."),
    ],
)
async def test_what_is_wrong_stands_at_its_field(busy: Desk, field: str, text: str, words: str) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "E")
        await put(pilot, app, field, text)
        await press(pilot, "tab")
        assert words in form_of(app).form.fields[field].error
        before = busy.view(busy.mailed)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, InquiryForm)
        assert busy.view(busy.mailed) == before


async def test_half_an_amount_is_no_fault_while_it_is_typed(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "E")
        await put(pilot, app, "budget", "900")
        assert not form_of(app).form.fields["budget"].error
        await press(pilot, *" EUR", "tab")
        assert not form_of(app).form.fields["budget"].error
        await press(pilot, "ctrl+s")
        view = busy.view(busy.mailed)
        assert str(view.budget) == "900.00 EUR"


async def test_days_are_read_back_in_words(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "E")
        await put(pilot, app, "valid_until", "5 dic")
        await press(pilot, "tab")
        assert "5 Dec 2026" in screen_text(app)
        assert "Sat, in 14 days" in screen_text(app)
        await press(pilot, "ctrl+s")
        assert busy.view(busy.phoned).valid_until == date(2026, 12, 5)


async def test_proposals_say_where_they_were_read_and_are_taken_over_with_one_key(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "E")
        text = screen_text(app)
        assert "◂ from the mail: “dos adultos”" in text
        assert "ctrl+y takes them over" in text
        await press(pilot, "ctrl+y")
        assert "◂" not in screen_text(app)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        view = busy.view(busy.mailed)
        assert view.proposed == {}
        assert (view.arrival, view.adults) == (date(2026, 12, 3), 2)


async def test_what_an_agent_writes_is_no_proposal_any_more(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "E")
        await put(pilot, app, "adults", "3")
        assert "“dos adultos”" not in screen_text(app)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        view = busy.view(busy.mailed)
        assert view.adults == 3
        assert "adults" not in view.proposed
        assert "arrival" in view.proposed


async def test_a_half_filled_form_is_kept(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "E")
        await put(pilot, app, "room", "suite 301")
        await press(pilot, "escape", "E")
        assert form_of(app).form.fields["room"].value == "suite 301"
        assert busy.view(busy.phoned).room == "family room"
        await press(pilot, "ctrl+s")
        assert busy.view(busy.phoned).room == "suite 301"


async def test_a_new_one_half_filled_is_kept_with_its_guest(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "N", *"petit m", "enter", "escape", "N")
        assert "Marie Petit" in screen_text(app)


async def test_saving_is_taken_back_with_one_key(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "E")
        await put(pilot, app, "room", "suite 301")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        await press(pilot, "z")
        await until(pilot, lambda: busy.view(busy.phoned).room == "family room")


async def test_two_who_change_the_same_fields_see_both_and_choose(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "E")
        mine: dict[str, Any] = {"room": "suite 301", "board": "breakfast", "destination": "Mallorca"}
        theirs = {"room": "double", "board": "all inclusive", "airport": "KRK"}
        for name, text in mine.items():
            await put(pilot, app, name, text)
        desk.inquiries.set(busy.leo, busy.phoned, busy.view(busy.phoned).version, theirs)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, VersionsDialog)
        text = screen_text(app)
        for words in ("Room", "double", "suite 301", "Board", "all inclusive", "breakfast", "Leo changed"):
            assert words in text
        for key in (
            "← theirs",
            "→ mine",
            "Space the other one",
            "t all theirs",
            "m all mine",
            "ctrl+s saves",
            "Esc back",
        ):
            assert key in text, "every key is told, on the smallest desk too"
        await press(pilot, "right", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        view = busy.view(busy.phoned)
        assert (view.room, view.board, view.destination, view.airport) == (
            "suite 301",
            "all inclusive",
            "Mallorca",
            "KRK",
        )


async def test_handler_and_scope_are_picked(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "E")
        form_of(app).form.fields["handler"].focus_control()
        await press(pilot, "l", "enter")
        form_of(app).form.fields["scope"].focus_control()
        await press(pilot, *"only me", "enter", "ctrl+s")
        view = busy.view(busy.mailed)
        assert (view.handler, view.scope.kind) == ("Leo", "me")


async def test_a_desk_that_only_reads_says_so_before_anything_is_typed(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana", readonly=True) as (app, pilot):
        await press(pilot, "N")
        assert not isinstance(app.screen, InquiryForm)
        assert any("read" in one.message for one in app._notifications)


async def test_nights_follow_the_dates_until_the_agent_writes_them(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "E")
        fields = form_of(app).form.fields
        assert (fields["arrival"].value, fields["departure"].value) == (date(2026, 12, 3), date(2026, 12, 7))
        await put(pilot, app, "arrival", "5.12.2026")
        await until(pilot, lambda: fields["nights"].value == "2")
        assert "counted from the dates" in screen_text(app)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        view = busy.view(busy.mailed)
        assert (view.arrival, view.departure, view.nights) == (date(2026, 12, 5), date(2026, 12, 7), 2)
        await press(pilot, "E")
        await put(pilot, app, "nights", "4")
        await press(pilot, "tab")
        assert form_of(app).form.fields["nights"].error, "what the agent writes stays, and is told not to fit"


async def test_a_new_one_shows_the_departure_worked_out_from_arrival_and_nights(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "N", *"Braun", "ctrl+s")
        fields = form_of(app).form.fields
        await put(pilot, app, "arrival", "28.12.2026")
        await put(pilot, app, "nights", "6")
        await until(pilot, lambda: fields["departure"].value == date(2027, 1, 3))
        assert "arrival and nights" in screen_text(app)
        await put(pilot, app, "arrival", "29.12.2026")
        await until(pilot, lambda: fields["departure"].value == date(2027, 1, 4))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        number = desk.inquiries.page(busy.ctx, InquiryQuery(order="newest")).rows[0].id
        view = busy.view(number)
        assert (view.arrival, view.departure, view.nights) == (date(2026, 12, 29), date(2027, 1, 4), 6)


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_the_help_stands_right_below_the_fields_and_an_error_moves_both_groups(
    busy: Desk, size: tuple[int, int]
) -> None:
    async with shown(busy, busy.mailed, size) as (app, pilot, _screen):
        await press(pilot, "E")
        form = form_of(app).form
        scroll, below = form.query_one(VerticalScroll), form.query_one(".form--help")
        assert below.region.y == scroll.region.bottom
        assert below.region.bottom < app.size.height - 1
        if size[0] > 100:
            assert scroll.max_scroll_y == 0
            await put(pilot, app, "adults", "-1")
            await press(pilot, "tab")
            assert form.fields["adults"].error
            heads = {str(one.render()): one.region.y for one in form.query(Heading)}
            assert heads["Offer"] == heads["Handling"]


@pytest.mark.parametrize(("language", "written"), [("en", "€900.00"), ("es", "900,00\xa0€"), ("pl", "900,00\xa0€")])
def test_an_amount_is_written_as_the_agent_writes_it_and_read_as_the_same(
    monkeypatch: pytest.MonkeyPatch, language: str, written: str
) -> None:
    monkeypatch.setattr("crm_tui.screens.inquiries.words.language", lambda: language)
    assert typed_amount(Money(90000, "EUR")) == written
    for currency in ("USD", "GBP", "PLN", "JPY"):
        number, read_currency = read(typed_amount(Money(123450, currency)))
        assert (minor_units(number, currency), currency_of(read_currency)) == (123450, currency)
