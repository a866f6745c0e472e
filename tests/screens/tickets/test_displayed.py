"""What lies on the screen of its agent is opened (SPEC §10): also what becomes theirs, or a ticket again, while it lies there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.ticketing.ticket_views import TicketRow
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.screens.run.screen import RunScreen
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, settle, until

WAYS = ["mail", "run", "inquiry", "reply"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Hotel]:
    """A guest waits, and Leo has the ticket; Ana administers."""
    hotel = Hotel(tmp_path / "home").open()
    hotel.mail("?", account=hotel.account())
    desk.team.add(hotel.ctx, "Leo")
    desk.tickets.give(hotel.ctx, [ticket(hotel).id], "Leo")
    yield hotel
    hotel.ctx.store.close()


def ticket(hotel: Hotel) -> TicketRow:
    """The one that is open."""
    (row,) = desk.tickets.page(hotel.ctx, desk.tickets.TicketQuery()).rows
    return row


def leo(hotel: Hotel) -> Context:
    one = desk.team.find(hotel.ctx, "Leo")
    return hotel.ctx.acting_as(Actor(one.id, one.name, one.role))


def answered_and_asked_again(hotel: Hotel) -> None:
    """The turn ends, and the guest writes again: a new ticket, with Leo."""
    before = ticket(hotel).id
    desk.triage.no_answer_needed(leo(hotel), [1])
    hotel.clock.advance(timedelta(minutes=5))
    hotel.mail("And breakfast?", subject="Re: Pokój", number=2, reply_to=1, ago=timedelta())
    assert ticket(hotel).id != before
    assert (ticket(hotel).agent, ticket(hotel).seen_at) == ("Leo", None)


async def show(app: DeskApp, pilot: Pilot[Any], way: str) -> None:
    """Put the conversation on the screen."""
    if way == "mail":
        app.open_conversation(1)
        await until(pilot, lambda: isinstance(app.screen, MailScreen) and app.screen.pane == "reading")
    elif way == "run":
        await press(pilot, "2", "t")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
    elif way == "inquiry":
        assert app.ctx is not None
        app.open_inquiry(desk.inquiries.from_conversation(app.ctx, 1))
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
    else:
        await press(pilot, "2", "home", "r")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
    await settle(pilot)


@pytest.mark.parametrize("way", WAYS)
async def test_the_guest_writes_again_while_its_agent_looks(house: Hotel, way: str) -> None:
    async with opened(house, (80, 24), agent="Leo") as (app, pilot):
        await show(app, pilot, way)
        assert ticket(house).seen_at is not None
        answered_and_asked_again(house)
        await until(pilot, lambda: ticket(house).seen_at is not None)


@pytest.mark.parametrize("way", WAYS)
async def test_it_is_not_opened_by_a_screen_that_is_not_to_be_seen_until_it_is(house: Hotel, way: str) -> None:
    async with opened(house, (80, 24), agent="Leo") as (app, pilot):
        await show(app, pilot, way)
        mode = app.current_mode
        app.go("tickets")
        await settle(pilot)
        answered_and_asked_again(house)
        new = ticket(house).id
        await until(pilot, lambda: len(app.screen.list.pages) > 0 and app.screen.list.current.id == new)  # type: ignore[attr-defined]
        await settle(pilot)
        assert ticket(house).seen_at is None
        app.switch_mode(mode)
        await until(pilot, lambda: ticket(house).seen_at is not None)


async def test_what_is_given_to_who_looks_at_it_is_opened(house: Hotel) -> None:
    desk.tickets.release(house.ctx, [ticket(house).id])
    async with opened(house, (80, 24), agent="Leo") as (app, pilot):
        await show(app, pilot, "mail")
        assert ticket(house).state == "queued"
        desk.tickets.give(house.ctx, [ticket(house).id], "Leo")
        await until(pilot, lambda: ticket(house).seen_at is not None)


async def test_whoever_else_looks_opens_nothing(house: Hotel) -> None:
    async with opened(house, (80, 24), agent="Ana") as (app, pilot):
        await show(app, pilot, "mail")
        answered_and_asked_again(house)
        await until(pilot, lambda: len(mail_screen(app).reading.conversation.messages) == 2)  # type: ignore[union-attr]
        await settle(pilot)
        assert ticket(house).seen_at is None


async def test_a_row_under_the_cursor_of_a_wide_desk_is_no_opening(house: Hotel) -> None:
    async with opened(house, (160, 45), agent="Leo") as (app, pilot):
        await press(pilot, "2", "home")
        await until(pilot, lambda: mail_screen(app).reading.conversation is not None)
        answered_and_asked_again(house)
        await until(pilot, lambda: len(mail_screen(app).reading.conversation.messages) == 2)  # type: ignore[union-attr]
        await settle(pilot)
        assert ticket(house).seen_at is None
