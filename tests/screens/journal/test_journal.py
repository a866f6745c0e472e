"""The journal under a person's keys: managers read and filter it, others are told why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.errors import Forbidden
from crm_tui.desk.common.context import Actor
from crm_tui.desk.histories import journal_seeking, journal_view
from crm_tui.screens.journal import screen as journal_screen
from crm_tui.screens.journal.filter import JournalFilter
from crm_tui.screens.journal.screen import JournalScreen
from crm_tui.screens.settings.screen import SettingsScreen
from crm_tui.screens.team.pin import PinScreen
from crm_tui.widgets.forms import Form
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.styled import Part
from tests.screens.harness import Hotel, settled
from tests.screens.opened import opened, press, screen_text, until


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path / "home").open()
    desk.team.add(hotel.ctx, "Leo")
    desk.guests.create(hotel.ctx, {"surname": "[@click=app.quit]Nowak"})
    return hotel


async def test_it_is_read_filtered_and_followed(hotel: Hotel) -> None:
    async with opened(hotel, agent="Ana") as (app, pilot):
        await press(pilot, "g", "j")
        assert isinstance(app.screen, JournalScreen)
        assert "guest 1 · [@click=app.quit]Nowak" in screen_text(app)
        first = app.screen.query_one(Rows).key
        desk.guests.create(hotel.ctx, {"surname": "Lis"})
        app.changed(desk.changes.since(hotel.ctx, 0))
        await press(pilot, "down")
        assert "guest 2 · Lis" in screen_text(app)
        assert app.screen.query_one(Rows).key != first
        await press(pilot, "f")
        assert isinstance(app.screen, JournalFilter)
        app.screen.query_one(Form).fill({"entity": "agent", "words": "leo"})
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, JournalScreen)
        text = screen_text(app)
        assert "agent 2 · Leo" in text
        assert "Nowak" not in text
        assert "1 entry" in text
        await press(pilot, "escape")
        assert isinstance(app.screen, JournalScreen)
        assert "Nowak" in screen_text(app)
        await press(pilot, "home", "H")
        assert "JOURNAL · 1 entry · guest 2" in screen_text(app)
        await press(pilot, "H", "A")
        assert "entries · Ana" in screen_text(app)
        await press(pilot, "escape")
        await press(pilot, "f")
        app.screen.query_one(Form).fill({"words": "nowhere"})
        await press(pilot, "ctrl+s")
        assert "Nothing fits this filter. f changes it, Esc shows all." in screen_text(app)
        await press(pilot, "f")
        app.screen.query_one(Form).fill({"number": "x"})
        await press(pilot, "ctrl+s")
        assert "That is not a number." in screen_text(app)


async def test_a_rare_word_is_looked_for_to_the_end(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, and it is said how far back it was looked; nobody has to ask for more."""
    monkeypatch.setattr(journal_seeking, "STRETCH", 10)
    monkeypatch.setattr(journal_view, "LOOK", 20)
    with hotel.ctx.write() as tx:
        for number in range(300):
            words = "Żółw" if number in (3, 290) else "Lis"
            tx.journal("guest", 1, "change", None, {"city": words})
    titles: list[str] = []
    plain = list_title

    def title(name: str, count: str, *, filtered: str = "") -> list[Part]:
        titles.append(count)
        return plain(name, count, filtered=filtered)

    monkeypatch.setattr(journal_screen, "list_title", title)
    async with opened(hotel, agent="Ana") as (app, pilot):
        await press(pilot, "g", "j", "f")
        app.screen.query_one(Form).fill({"words": "zolw"})
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: titles[-1] == "2 entries")
        assert any("the newest entry · looked back to" in one for one in titles)


async def test_an_agent_is_told_why_not(hotel: Hotel) -> None:
    async with opened(hotel, agent="Leo") as (app, pilot):
        await press(pilot, "g", "j")
        assert "Only a manager may read the journal" in screen_text(app)
        assert "Nowak" not in screen_text(app)
        await press(pilot, "f")
        assert isinstance(app.screen, JournalScreen)


async def test_what_concerns_everybody_is_not_offered_to_an_agent(hotel: Hotel) -> None:
    hotel.ctx = hotel.ctx.acting_as(Actor(2, "Leo"))
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        form = app.screen.query_one(Form)
        assert "theme" in form.fields
        assert "lock_minutes" not in form.fields
        assert "is set by an administrator" in str(app.screen.query_one("#note").render())
    assert app.ctx is not None
    with pytest.raises(Forbidden, match="Only an administrator may change this setting"):
        desk.preferences.save(app.ctx, {"theme": "desk-16", "lock_minutes": 0})
    assert not hotel.home.settings.exists()


async def test_a_pin_is_set_in_the_team(hotel: Hotel) -> None:
    async with opened(hotel, agent="Ana") as (app, pilot):
        await press(pilot, "g", "u", "P")
        assert isinstance(app.screen, PinScreen)
        await press(pilot, *"8371", "tab", *"8372", "ctrl+s")
        assert "The two are not the same" in screen_text(app)
        assert "8371" not in screen_text(app)
        app.screen.query_one(Form).fill({"again": "8371"})
        await press(pilot, "ctrl+s")
        assert desk.sign_in.has_pin(hotel.ctx)
        await press(pilot, "down", "P")
        assert "Reset the PIN of Leo" in screen_text(app)
