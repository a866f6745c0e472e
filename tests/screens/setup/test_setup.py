"""Setting a new desk up under a person's keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.screens.accounts.form import AccountScreen
from crm_tui.screens.setup.guesses import currency_choices, guess_agent, guess_currency, guess_zone, zone_choices
from crm_tui.screens.setup.screen import SetupScreen
from crm_tui.widgets.dialogs import Ask, fuzzy
from crm_tui.widgets.forms import Form
from tests.screens.harness import Desk, Hotel, settled

ENV = {"TZ": "Europe/Madrid", "USER": "ana"}


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path)
    yield hotel
    hotel.ctx.store.close()


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def form(app: Desk) -> Form:
    return app.screen.query_one(Form)


async def test_a_name_and_one_key_set_the_desk_up(hotel: Hotel) -> None:
    app = hotel.at(SetupScreen(ENV))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Hotel Miramar", "ctrl+s")
        assert isinstance(app.screen, Ask)
        assert "Hotel Miramar is set up" in str(app.screen.query_one("DialogTitle").render())
        await press(pilot, "n")
        assert app.ctx is not None
        assert (app.ctx.actor.name, app.ctx.actor.role) == ("Ana", "admin")
        assert app.status.property == "Hotel Miramar"
        assert app.results == [None]
        made = desk.setup.current_property(app.ctx)
    assert made is not None
    assert (made.name, made.timezone, made.currency) == ("Hotel Miramar", "Europe/Madrid", "EUR")


async def test_letters_are_text_here_and_the_footer_offers_none(hotel: Hotel) -> None:
    """Before there is a property there is nothing to search, and nowhere to go."""
    app = hotel.at(SetupScreen(ENV))
    async with app.run_test(size=(120, 24)) as pilot:
        await settled(pilot)
        for name in form(app).fields:
            form(app).fields[name].focus_control()
            await pilot.pause()
            offered = set(app.screen.active_bindings)
            assert not offered & {"slash", "g", "n", "z", "question_mark", "1"}
            assert "f1" in offered


def test_a_city_is_found_by_how_it_begins_and_only_present_currencies_are_offered() -> None:
    for letters, zone in (("mad", "Europe/Madrid"), ("lon", "Europe/London"), ("par", "Europe/Paris")):
        assert fuzzy(letters, zone_choices())[0][0].value == zone
    codes = [choice.value for choice in currency_choices()]
    assert codes[:5] == ["EUR", "PLN", "GBP", "USD", "CHF"]
    assert not set(codes) & {"DEM", "ESP", "PLZ", "FRF", "XAU"}
    assert len(codes) == len(set(codes))


async def test_zone_and_currency_are_found_by_a_few_letters(hotel: Hotel) -> None:
    app = hotel.at(SetupScreen({"USER": "root"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        form(app).fill({"property": "Biuro Podróży", "timezone": ""})
        form(app).fields["timezone"].focus_control()
        await press(pilot, *"wars", "enter")
        assert form(app).values()["timezone"] == "Europe/Warsaw"
        assert form(app).values()["currency"] == "PLN"
        form(app).fields["currency"].focus_control()
        await press(pilot, *"eur", "enter")
        assert form(app).values()["currency"] == "EUR"
        form(app).fields["languages"].focus_control()
        await press(pilot, "right", "right", "space")
        assert form(app).values()["languages"] == ("en", "pl")
        form(app).fill({"agent": "Łucja"})
        await press(pilot, "ctrl+s", "n")
        assert app.ctx is not None
        made = desk.setup.current_property(app.ctx)
    assert made is not None
    assert (made.currency, tuple(made.languages)) == ("EUR", ("en", "pl"))


async def test_what_is_missing_is_said_at_its_field(hotel: Hotel) -> None:
    app = hotel.at(SetupScreen(ENV))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+s")
        assert form(app).fields["property"].error == "Property is needed."
        form(app).fill({"property": "x" * 200})
        await press(pilot, "ctrl+s")
        assert "1 to 80 letters" in form(app).fields["property"].error
    assert desk.setup.current_property(hotel.ctx) is None


async def test_esc_stays_and_keeps_what_was_typed(hotel: Hotel) -> None:
    app = hotel.at(SetupScreen(ENV))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Mira", "escape")
        assert isinstance(app.screen, SetupScreen)
        assert form(app).values()["property"] == "Mira"


async def test_linking_an_account_is_the_next_step(hotel: Hotel) -> None:
    app = hotel.at(SetupScreen(ENV))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Hotel Miramar", "ctrl+s", "l")
        assert isinstance(app.screen, AccountScreen)
        await press(pilot, "escape")
        assert app.results == [None]


async def test_the_sample_hotel_is_opened_in_the_same_terminal(hotel: Hotel) -> None:
    runs: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> int:
        runs.append(command)
        return 0

    app = hotel.at(SetupScreen(ENV, run=run))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f9")
        assert isinstance(app.screen, SetupScreen)
    assert list(runs[0][1:]) == ["-m", "crm_tui", "demo", "--home", str(hotel.home.data / "demo")]


def test_this_machine_s_zone_is_proposed(tmp_path: Path) -> None:
    assert guess_zone({"TZ": ":Europe/Paris"}, tmp_path) == "Europe/Paris"
    assert guess_zone({}, tmp_path) == ""
    (tmp_path / "timezone").write_text("Europe/Warsaw\n")
    assert guess_zone({"TZ": "CET"}, tmp_path) == "Europe/Warsaw"
    (tmp_path / "timezone").unlink()
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/Atlantic/Canary")
    assert guess_zone({}, tmp_path) == "Atlantic/Canary"


def test_proposals_are_ones_that_exist() -> None:
    codes = {choice.value for choice in currency_choices()}
    zones = {choice.value for choice in zone_choices()}
    assert {guess_currency(zone) for zone in zones} - {""} <= codes
    assert guess_agent({"USER": "root"}) == ""
    assert guess_agent({"USER": "root", "SUDO_USER": "marta"}) == "Marta"
