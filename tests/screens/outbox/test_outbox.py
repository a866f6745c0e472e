"""Outbox and drafts under a person's keys, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.data.columns import columns
from crm_tui.data.tables import OutboxItem
from crm_tui.desk.correspondence.sending_views import OutboxView
from crm_tui.screens.outbox.drafts import DraftsScreen
from crm_tui.screens.outbox.screen import OutboxScreen
from crm_tui.widgets.dialogs import Ask
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from tests.screens.harness import Desk, Hotel, settled


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    hotel.account()
    yield hotel
    hotel.ctx.store.close()


def queued(hotel: Hotel, to: str = "Marc <marc@poste.example>", **state: Any) -> OutboxView:
    """A message in the outbox, in the state given."""
    from sqlalchemy import update

    draft = desk.replies.new(hotel.ctx, to=to, subject="Offer [/x]", text="Hello")
    item = desk.outbox.queue(hotel.ctx, draft.id, draft.version)
    if state:
        with hotel.ctx.write() as tx:
            tx.connection.execute(update(OutboxItem).where(columns(OutboxItem).id == item.id).values(**state))
    return desk.outbox.get(hotel.ctx, item.id)


def shown(app: Desk) -> str:
    """The rows and the detail as a person reads them."""
    rows = app.screen.query_one(Rows)
    lines = [str(rows.get_option_at_index(index).prompt) for index in range(rows.option_count)]
    return "\n".join([*lines, str(app.screen.query_one("#detail").render()), app.screen.query_one("#title", Line).text])


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_an_empty_outbox_says_what_fills_it(hotel: Hotel) -> None:
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Nothing is on its way." in shown(app)


async def test_a_queued_message_counts_down_and_enter_takes_it_back(hotel: Hotel) -> None:
    item = queued(hotel)
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "goes in 10 s" in shown(app)
        assert "Offer [/x]" in shown(app)
        hotel.clock.advance(timedelta(seconds=6))
        assert isinstance(app.screen, OutboxScreen)
        app.screen.tick()
        assert "goes in 4 s" in shown(app)
        await press(pilot, "enter")
    assert desk.outbox.get(hotel.ctx, item.id).state == "recalled"
    assert app.writes == [("reply", {"draft_id": item.draft})]


async def test_a_failed_one_shows_the_server_s_words_and_is_tried_again(hotel: Hotel) -> None:
    item = queued(hotel, state="failed", error="550 5.1.1 no such [/user]")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "550 5.1.1 no such [/user]" in shown(app)
        assert "1 needs you" in shown(app)
        await press(pilot, "y")
    assert desk.outbox.get(hotel.ctx, item.id).state == "queued"


async def test_an_uncertain_one_is_explained_and_never_sent_again_without_a_yes(hotel: Hotel) -> None:
    item = queued(hotel, state="uncertain")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "may have arrived" in shown(app)
        await press(pilot, "y")
        assert isinstance(app.screen, Ask)
        await press(pilot, "enter")
        assert desk.outbox.get(hotel.ctx, item.id).state == "uncertain"
        await press(pilot, "y")
        await press(pilot, "y")
    assert desk.outbox.get(hotel.ctx, item.id).state == "queued"


async def test_it_arrived_marks_it_as_sent(hotel: Hotel) -> None:
    item = queued(hotel, state="uncertain")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "u")
    assert desk.outbox.get(hotel.ctx, item.id).state == "sent"


async def test_a_failed_copy_is_tried_alone(hotel: Hotel) -> None:
    item = queued(hotel, state="sent", copy_state="failed", copy_error="mailbox full")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "mailbox full" in shown(app)
        await press(pilot, "y")
    after = desk.outbox.get(hotel.ctx, item.id)
    assert (after.state, after.copy_state) == ("sent", "pending")


async def test_dropping_asks_once_and_names_the_message(hotel: Hotel) -> None:
    item = queued(hotel, state="failed")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "delete")
        assert "Offer [/x]" in str(app.screen.query_one("DialogTitle").render())
        await press(pilot, "y")
        assert desk.outbox.get(hotel.ctx, item.id).state == "recalled"
        assert "Nothing is on its way." in shown(app)
    assert desk.drafts.mine(hotel.ctx) == []


async def test_the_same_row_stays_highlighted_when_others_come(hotel: Hotel) -> None:
    first = queued(hotel)
    queued(hotel, to="ana@hotel.example")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        assert app.screen.query_one(Rows).key == first.id
        queued(hotel, to="new@hotel.example")
        assert isinstance(app.screen, OutboxScreen)
        app.screen.desk_ready()
        await settled(pilot)
        assert app.screen.query_one(Rows).key == first.id
        assert app.screen.query_one(Rows).option_count == 3


async def test_what_makes_no_sense_is_dimmed(hotel: Hotel) -> None:
    queued(hotel, state="sending")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert [app.screen.check_action(name, ()) for name in ("edit", "again", "arrived", "drop")] == [None] * 4
        await press(pilot, "enter", "delete")
        assert isinstance(app.screen, OutboxScreen)


async def test_drafts_are_listed_continued_and_dropped(hotel: Hotel) -> None:
    draft = desk.replies.new(hotel.ctx, to="marc@poste.example", subject="Prix [/x]", text="Bonjour Marc")
    app = hotel.at(DraftsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Prix [/x]" in shown(app)
        assert "Bonjour Marc" in shown(app)
        await press(pilot, "enter")
        assert app.writes == [("new", {"draft_id": draft.id})]
        await press(pilot, "delete", "y")
        assert "No drafts." in shown(app)
    assert desk.drafts.mine(hotel.ctx) == []


async def test_editing_an_uncertain_one_asks_first(hotel: Hotel) -> None:
    item = queued(hotel, state="uncertain")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, Ask)
        assert "may have arrived" in str(app.screen.query_one("DialogTitle").render())
        await press(pilot, "n")
        assert desk.outbox.get(hotel.ctx, item.id).state == "uncertain"
        assert app.writes == []
        await press(pilot, "enter")
        await press(pilot, "y")
    assert desk.outbox.get(hotel.ctx, item.id).state == "recalled"
    assert app.writes == [("reply", {"draft_id": item.draft})]


async def test_dropping_an_uncertain_one_says_that_it_may_have_arrived(hotel: Hotel) -> None:
    item = queued(hotel, state="uncertain")
    app = hotel.at(OutboxScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "delete")
        await press(pilot, "y")
    assert desk.outbox.get(hotel.ctx, item.id).state == "recalled"
    assert item.conversation is not None
    assert [m.state for m in desk.reading.conversation(hotel.ctx, item.conversation).messages] == ["uncertain"]
