"""The history on the screen: what one sees, filters, turns round and opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.histories.history_views import HistoryEntry, HistoryKey
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.history.rows import HistoryRow, HistoryRowView
from crm_tui.screens.history.screen import HistoryScreen
from tests.desk.histories.test_history import memo
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    """A conversation that was moved, starred and commented on."""
    hotel = Hotel(tmp_path / "home").open()
    hotel.account()
    conversation, _message = hotel.mail("Have you a room?", ago=timedelta(days=1, hours=2))
    desk.triage.move(hotel.ctx, [conversation], "Inquiries")
    hotel.clock.advance(timedelta(minutes=20))
    memo(hotel.ctx, "called,\nwill ring back [@click=app.quit]x[/]", conversation_id=conversation)
    hotel.clock.advance(timedelta(minutes=10))
    return hotel


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_who_did_what_when(hotel: Hotel, size: tuple[int, int]) -> None:
    async with opened(hotel, size) as (app, pilot):
        await press(pilot, "2", "g", "q", "H")
        assert isinstance(app.screen, HistoryScreen)
        text = screen_text(app)
        for words in (
            "3 entries", "newest first", "today", "yesterday", "called, will ring back [@click=app",
            "moved from Inbox to Inquiries", "wrote: “Pokój 2+1 w lipcu”", "10 min", "2026",
        ):  # fmt: skip
            assert words in text, words
        await press(pilot, "escape")
        assert not isinstance(app.screen, HistoryScreen)


async def test_filter_and_order(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2", "g", "q", "H", "f")
        assert isinstance(app.screen, HistoryScreen)
        panel = app.screen.panel
        assert (panel.list.total, "only comments" in screen_text(app)) == (1, True)
        await press(pilot, "f")
        assert (panel.list.total, "only changes" in screen_text(app)) == (2, True)
        await press(pilot, "f", "o")
        entries = [row.entry.kind for row in panel.list.visible_rows()]
        assert entries == ["mail", "change", "memo"]
        assert panel.entry is not None
        assert panel.entry.kind == "memo"  # the same entry stays under the cursor


async def test_enter_shows_the_whole_text_or_the_mail(hotel: Hotel) -> None:
    async with opened(hotel, (80, 24)) as (app, pilot):
        await press(pilot, "2", "g", "q", "H", "enter")
        await until(pilot, lambda: isinstance(app.screen, TextDialog))
        assert "called," in screen_text(app)
        await press(pilot, "escape", "end", "enter")
        await until(pilot, lambda: "Have you a room?" in screen_text(app))


async def test_what_is_taken_back_is_marked_at_once(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2", "g", "q", "H", "z")
        await until(pilot, lambda: "taken back" in screen_text(app))
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)
        assert app.screen.panel.list.total == 3
        assert any("The memo “" in note.message and "gone again" in note.message for note in app._notifications)


def test_in_a_narrow_column_the_words_have_the_room() -> None:
    at = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    entry = HistoryEntry(HistoryKey(at, 0, 1, "c"), at, "Ana Kowalska", "moved from Inbox to Inquiries", "change")
    shell: Any = SimpleNamespace(clock=FixedClock(at + timedelta(minutes=5)), zone=UTC)
    view = HistoryRowView(shell)
    line = "".join(text for text, _look in view.parts(HistoryRow(entry, opens_day=True), 35))
    assert line == "  5 min · Ana moved from Inbox to …"
    assert cell_len(line) == 35
