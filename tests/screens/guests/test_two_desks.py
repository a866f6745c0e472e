"""Two desks at the same guest: what one had half-written, and what the other did meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.client_base.linking import TakenIn
from crm_tui.desk.common.context import Actor
from crm_tui.screens.dialogs.event import EventBox
from crm_tui.screens.dialogs.memo import MemoBox
from crm_tui.screens.guests.form import GuestForm
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.widgets.dialogs import Ask
from crm_tui.widgets.forms import Form
from tests.desk.colleagues import colleague
from tests.screens.harness import Hotel, settled


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    return Hotel(tmp_path).open()


def test_a_sender_is_taken_in_once(hotel: Hotel) -> None:
    talk, _message = hotel.mail("Hi", account=hotel.account())
    values = {"surname": "Nowak", "emails": ["lucja@poczta.example"]}
    number = desk.linking.make(colleague(hotel.ctx, "Leo"), talk, values)
    with pytest.raises(TakenIn, match=f"Leo took this sender in: guest {number}, Nowak"):
        desk.linking.make(hotel.ctx, talk, values)
    assert len(desk.guests.listed(hotel.ctx)) == 1
    other = desk.linking.make(hotel.ctx, talk, values, known=[number])
    assert [one.id for one in desk.linking.who(hotel.ctx, talk).guests] == [other]


@pytest.mark.parametrize("key", ["o", "m"])
async def test_who_was_slower_with_a_sender_opens_the_guest_or_makes_another(hotel: Hotel, key: str) -> None:
    talk, _message = hotel.mail("Hi", account=hotel.account())
    new = desk.linking.propose(hotel.ctx, talk)
    app = hotel.at(GuestForm(values=new.values, proposed=new.proposed, conversation=talk))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot, lambda: bool(app.screen.query(Form)))
        number = desk.linking.make(colleague(hotel.ctx, "Leo"), talk, {"surname": "Nowak"})
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, Ask))
        assert len(desk.guests.listed(hotel.ctx)) == 1
        await pilot.press(key)
        await settled(pilot, lambda: len(app.results) == 1)
        assert app.went == ([f"guest {number}"] if key == "o" else [])
        assert len(desk.guests.listed(hotel.ctx)) == (1 if key == "o" else 2)


@pytest.mark.parametrize(("key", "text"), [("t", "theirs"), ("m", "one mine"), ("b", "theirs\n\none mine")])
async def test_a_kept_memo_shows_what_was_changed_since(hotel: Hotel, key: str, text: str) -> None:
    guest = desk.guests.create(hotel.ctx, {"surname": "A"})
    memo = desk.memos.add(hotel.ctx, "one", guest=guest)
    app = hotel.at(GuestScreen(guest))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, GuestScreen)
        (entry,) = [one for one in desk.guest_history.page(hotel.ctx, guest) if one.kind == "memo"]
        screen.change_memo(entry)
        await settled(pilot)
        await pilot.press(*" mine", "escape")
        await settled(pilot)
        desk.memos.edit(hotel.ctx, memo, 1, "theirs")
        (entry,) = [one for one in desk.guest_history.page(hotel.ctx, guest) if one.kind == "memo"]
        for answer in ("escape", key):
            screen.change_memo(entry)
            await settled(pilot, lambda: isinstance(app.screen, Ask))
            await pilot.press(answer)
            await settled(pilot)
        assert isinstance(app.screen, MemoBox)
        assert app.screen.area.text == text
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert desk.memos.get(hotel.ctx, memo).text == text


async def test_a_kept_event_shows_what_was_changed_since(hotel: Hotel) -> None:
    guest = desk.guests.create(hotel.ctx, {"surname": "A"})
    event = desk.events.add(hotel.ctx, guest, "call", "one")
    app = hotel.at(GuestScreen(guest))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, GuestScreen)
        screen.change_event(event, "A")
        await settled(pilot)
        await pilot.press(*" mine", "escape")
        await settled(pilot)
        leo = hotel.ctx.acting_as(Actor(1, "Leo", "admin"))
        desk.events.edit(leo, event, desk.events.get(hotel.ctx, event).version, text="refunded 50 EUR")
        screen.change_event(event, "A")
        await settled(pilot, lambda: isinstance(app.screen, Ask))
        await pilot.press("b")
        await settled(pilot)
        assert isinstance(app.screen, EventBox)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert desk.events.get(hotel.ctx, event).text == "refunded 50 EUR\n\none mine"
