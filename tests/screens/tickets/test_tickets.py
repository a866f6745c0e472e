"""Mode 9 under the fingers: an agent's tickets and the queue, a manager's look at everybody's, figures, profiles, mail."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.common.context import Context
from crm_tui.desk.ticketing.ticket_views import TicketRow
from crm_tui.rules.periods import Period
from crm_tui.screens.dialogs.period import neighbour
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.screens.tickets.figures_screen import FiguresScreen
from crm_tui.screens.tickets.profile import ProfileScreen
from crm_tui.screens.tickets.rows import TEAM, Shown
from crm_tui.screens.tickets.screen import TicketsScreen
from crm_tui.widgets.forms import Form
from tests.screens.harness import NOW, Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, settle, until

MAILS = (
    ("Łucja Nowak <lucja@poczta.example>", "Pokój 2+1 w lipcu", 180),
    ("J. Martín <jm@correo.example>", "Disponibilidad 3–7/12", 120),
    ("Hôtel du Lac <m.petit@lac.example>", "Demande de prix", 50),
    ("Eve [red] <eve@evil.example>", "[@click=app.quit]x[/]", 2000),
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Hotel]:
    """Ana, who is admin, Leo and Marta; four guests wait, the last one for more than a day."""
    hotel = Hotel(tmp_path / "home").open()
    account = hotel.account()
    for number, (sender, subject, ago) in enumerate(MAILS, 1):
        hotel.mail("?", sender=sender, subject=subject, number=number, ago=timedelta(minutes=ago), account=account)
    for name in ("Leo", "Marta"):
        desk.team.add(hotel.ctx, name, role="agent")
    yield hotel
    hotel.ctx.store.close()


def of(hotel: Hotel, subject: str) -> TicketRow:
    rows = desk.tickets.page(hotel.ctx, desk.tickets.TicketQuery()).rows
    return next(row for row in rows if subject in row.subject)


def acting(hotel: Hotel, name: str) -> Context:
    one = next(one for one in desk.team.agents(hotel.ctx) if one.name == name)
    return hotel.ctx.acting_as(desk.context.Actor(one.id, one.name, one.role))


def tickets(app: DeskApp) -> TicketsScreen:
    assert isinstance(app.screen, TicketsScreen)
    return app.screen


def shown(app: DeskApp) -> list[tuple[str, str, str]]:
    """State, subject and agent of each row."""
    listed = tickets(app).list
    rows = [row for row in map(listed.pages.get, range(listed.total)) if row is not None]
    return [(row.state, row.subject, row.agent) for row in rows]


async def to(pilot: Pilot[Any], app: DeskApp, subject: str) -> None:
    """Put the cursor on a ticket."""
    await press(pilot, "home")
    for _row in range(tickets(app).list.total):
        current = tickets(app).list.current
        if current is not None and subject in current.subject:
            return
        await press(pilot, "down")
    raise AssertionError(subject)


async def test_an_agent_sees_what_is_theirs_then_the_queue(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    desk.tickets.give(house.ctx, [of(house, "Pokój").id], "Marta")
    async with opened(house, (80, 24), agent="Leo") as (app, pilot):
        await press(pilot, "9")
        assert [(state, agent) for state, _subject, agent in shown(app)] == [
            ("assigned", "Leo"), ("queued", ""), ("queued", "")
        ]  # fmt: skip
        assert shown(app)[1][1] == "[@click=app.quit]x[/]"  # the longest waiting first
        text = screen_text(app)
        assert "1 open" in text
        assert "Given by Ana." in text
        assert "Pokój" not in text
        await press(pilot, "down", "t")
        assert of(house, "[@click").agent == "Leo"
        assert "[@click=app.quit]x[/]" in screen_text(app)
        await press(pilot, "z")
        assert of(house, "[@click").agent == ""
        await press(pilot, "tab", "tab", "end")
        assert tickets(app).shown.place == "done"


async def test_it_waits_for_a_manager_with_a_note_and_goes_on(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    async with opened(house, (80, 24), agent="Leo") as (app, pilot):
        await press(pilot, "9", "P", "enter")
        assert "Say in a few words" in screen_text(app)
        await press(pilot, *"May I?", "enter")
        ticket = of(house, "Demande")
        assert (ticket.state, ticket.pending_note, ticket.pending_by) == ("pending", "May I?", "Leo")
        assert "“May I?”" in screen_text(app)
    async with opened(house, (110, 32), agent="Ana") as (app, pilot):
        await press(pilot, "9")
        assert shown(app)[0][:2] == ("pending", "Demande de prix")
        await press(pilot, "P")
        assert of(house, "Demande").state == "assigned"
        await press(pilot, "delete")
        assert of(house, "Demande").state == "queued"


async def test_a_manager_looks_without_opening_and_gives_marked_ones_on(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    async with opened(house, (150, 45), agent="Ana") as (app, pilot):
        await press(pilot, "9")
        await to(pilot, app, "Demande")
        await until(pilot, lambda: tickets(app).preview.conversation is not None)
        await until(pilot, lambda: "only a look" in screen_text(app))
        await press(pilot, "tab", "down", "end", "escape")
        talk = desk.reading.conversation(house.ctx, of(house, "Demande").conversation)
        assert [message.seen for message in talk.messages] == [False]
        assert of(house, "Demande").seen_at is None
        await press(pilot, "home", "space", "space", "a", "m")
        assert sorted(row[2] for row in shown(app)) == ["", "Leo", "Marta", "Marta"]
        board = tickets(app).board
        assert board is not None
        assert {one.agent: one.load for one in board.loads} == {"Ana": 0, "Leo": 1, "Marta": 2}
        await press(pilot, "shift+tab", "end")
        assert {row[2] for row in shown(app)} == {"Marta"}
        assert "MARTA · 2 tickets" in screen_text(app)


async def test_only_its_agent_opens_it(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    for name, opens in (("Ana", False), ("Leo", True)):
        async with opened(house, (80, 24), agent=name) as (app, pilot):
            await press(pilot, "9")
            await to(pilot, app, "Demande")
            await press(pilot, "enter")
            await until(pilot, lambda app=app: mail_screen(app).pane == "reading")  # type: ignore[misc]
            await settle(pilot)
            assert (of(house, "Demande").seen_at is not None) is opens
            text = screen_text(app)
            assert ("yours" in text) is opens
            assert "Leo" in text


async def test_a_reply_begun_on_a_list_opens_the_ticket_of_its_agent(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    for name, opens in (("Ana", False), ("Leo", True)):
        async with opened(house, (80, 24), agent=name) as (app, pilot):
            await press(pilot, "2", "home", "r")
            await until(pilot, lambda app=app: type(app.screen).__name__ == "ComposeScreen")  # type: ignore[misc]
            await settle(pilot)
            assert "Demande de prix" in screen_text(app)
            assert (of(house, "Demande").seen_at is not None) is opens


async def test_a_filter_says_so_and_goes_with_esc(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    async with opened(house, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "9", "f", "right", "ctrl+s")
        assert {row[0] for row in shown(app)} == {"queued"}
        assert "3 tickets · queued" in screen_text(app)
        await press(pilot, "escape")
        assert len(shown(app)) == 4
        await press(pilot, "o")
        assert shown(app)[0][1].startswith("[@click")
        assert "longest waiting first" in screen_text(app)


async def test_mail_that_comes_in_shows_without_moving_the_cursor(house: Hotel) -> None:
    async with opened(house, (110, 32), agent="Ana") as (app, pilot):
        await press(pilot, "9")
        await to(pilot, app, "Demande")
        house.mail("!", sender="New <new@guest.example>", subject="Late arrival", number=9, ago=timedelta(hours=9))
        await until(pilot, lambda: tickets(app).list.total == 5)
        await settle(pilot)
        current = tickets(app).list.current
        assert current is not None
        assert current.subject == "Demande de prix"


async def test_p_on_a_mail_asks_a_manager(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    async with opened(house, (80, 24), agent="Leo") as (app, pilot):
        app.open_conversation(of(house, "Demande").conversation)
        await until(pilot, lambda: isinstance(app.screen, MailScreen) and app.screen.pane == "reading")
        await settle(pilot)
        await press(pilot, "P", *"Too cheap?", "enter")
        assert of(house, "Demande").pending_note == "Too cheap?"
        await until(pilot, lambda: "“Too cheap?”" in screen_text(app))
        await press(pilot, "P")
        assert of(house, "Demande").pending_at is None
        await press(pilot, "z")
        assert of(house, "Demande").pending_note == "Too cheap?"


async def test_figures_are_those_of_the_desk_and_go_into_a_file(house: Hotel, tmp_path: Path) -> None:
    desk.tickets.take(house.ctx, [of(house, "Pokój").id])
    desk.triage.no_answer_needed(house.ctx, [of(house, "Pokój").conversation])
    async with opened(house, (110, 40), agent="Ana") as (app, pilot):
        await press(pilot, "9", "V")
        screen = app.screen
        assert isinstance(screen, FiguresScreen)
        await until(pilot, lambda: screen.found is not None and screen.chart.settled)
        assert screen.period is not None
        assert screen.found is not None
        found = desk.metrics.team(house.ctx, screen.period)
        assert screen.found.rows[0].figures == found.total
        assert {row.figures.name: row.figures for row in screen.found.rows if row.id > 0}["Ana"].done == 1
        assert "┤" in screen.chart.text
        await press(pilot, "V", "V")
        assert "Done and pending, by agent" in screen_text(app)
        await press(pilot, "D", "d", "home", "ctrl+k", *"2026-11-05..2026-11-01", "enter")
        assert "It ends before it starts." in screen_text(app)
        await press(pilot, "escape", "h")
        assert str(screen.period) == "2026-11-09..2026-11-15"
        await press(pilot, "l")
        assert str(screen.period) == "2026-11-16..2026-11-22"
        await press(pilot, "l")  # nothing is known of the week to come
        assert str(screen.period) == "2026-11-16..2026-11-22"
        await press(pilot, "X")
        file = tmp_path / "figures.csv"
        app.screen.query_one(Form).fields["path"].value = str(file)
        await press(pilot, "ctrl+s")
        await until(pilot, file.exists)
        names = [row[0] for row in csv.reader(file.open(encoding="utf-8"))]
        assert "Ana" in names


async def test_all_figures_of_the_row_are_told_at_every_size(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id, of(house, "Pokój").id], "Leo")
    async with opened(house, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "9", "V")
        screen = app.screen
        assert isinstance(screen, FiguresScreen)
        assert "All figures  the team" in screen_text(app)
        await press(pilot, "down", "down")
        await until(pilot, lambda: not screen.resting and screen.chart.settled)
        told = [" ".join(line.split()) for line in screen.panel.detail.text.splitlines()]
        assert told[0] == "response answers by clock in hours received 2 worked —"
        assert told[3] == "after booking 0 — — queue 2 booked 0"
        assert "All figures  Leo" in screen_text(app)
        assert not screen.chart.region.height
        await press(pilot, "V")
        await until(pilot, lambda: screen.chart.settled and bool(screen.chart.text))
        assert "Received and done  Leo" in screen_text(app)
        assert "2/6" in screen_text(app)
        await press(pilot, "V", "V", "V", "V", "V")
        assert "1/6" in screen_text(app)
        await pilot.resize_terminal(150, 45)  # there is room for both
        await until(pilot, lambda: screen.chart.settled and screen.chart.region.height == 16)
        await settle(pilot)
        assert all(
            words in screen_text(app) for words in ("Received and done  Leo", "1/5", "All figures  Leo", "conversion")
        )
        desk.triage.no_answer_needed(house.ctx, [of(house, "Pokój").conversation])
        await until(pilot, lambda: "queue 1" in " ".join(screen.panel.detail.text.split()))


async def test_figures_follow_what_happens_without_reading_the_days_again(
    house: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(house, (110, 40), agent="Ana") as (app, pilot):
        await press(pilot, "9", "V")
        screen = app.screen
        assert isinstance(screen, FiguresScreen)
        await until(pilot, lambda: screen.found is not None)

        def reads_all(*_asked: object, **_more: object) -> None:
            raise AssertionError("the period was read again")

        monkeypatch.setattr(desk.metrics, "team", reads_all)
        monkeypatch.setattr(desk.metrics, "series", reads_all)
        desk.triage.no_answer_needed(house.ctx, [of(house, "Pokój").conversation])

        def done() -> int:
            assert screen.found is not None
            return screen.found.rows[0].figures.done

        await until(pilot, lambda: done() == 1)
        assert screen.found is not None
        assert sum(point.figures.done for point in screen.found.points) == 1


async def test_an_agent_sees_only_their_own_figures(house: Hotel, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    async with opened(house, (80, 24), agent="Leo") as (app, pilot):
        await press(pilot, "9", "V")
        screen = app.screen
        assert isinstance(screen, FiguresScreen)
        await until(pilot, lambda: screen.found is not None)
        assert screen.found is not None
        assert [row.figures.name for row in screen.found.rows] == ["Leo"]
        await until(pilot, lambda: screen.chart.settled)
        assert all(words in screen_text(app) for words in ("Received and done", "All figures  Leo"))  # room for both
        await press(pilot, "X")
        app.screen.query_one(Form).fields["path"].value = str(file)
        await press(pilot, "ctrl+s")
        await until(pilot, file.exists)
        assert [row["agent"] for row in csv.DictReader(file.open(encoding="utf-8"))] == ["Leo"]
        await press(pilot, "escape", "T")
        assert isinstance(app.screen, TicketsScreen)  # no form for an agent


async def test_which_tickets_an_agent_takes_is_said_on_both_screens(house: Hotel) -> None:
    leo = acting(house, "Leo").actor.id
    assert leo is not None
    async with opened(house, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "9", "shift+tab", "end", "up", "T")
        assert isinstance(app.screen, ProfileScreen)
        await press(pilot, "space", "ctrl+s")
        assert desk.routing_profiles.get(house.ctx, leo).stages == ("before booking",)
        await press(pilot, "g", "u", "down", "T")
        assert isinstance(app.screen, ProfileScreen)
        await press(pilot, "right", "space", "ctrl+s")
        assert desk.routing_profiles.get(house.ctx, leo).stages == ("before booking", "after booking")


@pytest.mark.parametrize(
    ("given", "by", "found"),
    [
        ("2026-11-01..2026-11-30", -1, "2026-10-01..2026-10-31"),
        ("2026-01-01..2026-12-31", 1, "2027-01-01..2027-12-31"),
        ("2026-11-16..2026-11-22", 1, "2026-11-23..2026-11-29"),
        ("2026-11-21..2026-11-21", -1, "2026-11-20..2026-11-20"),
    ],
)
def test_the_period_beside(given: str, by: int, found: str) -> None:
    start, end = (NOW.date().fromisoformat(day) for day in given.split(".."))
    assert str(neighbour(Period(start, end), by)) == found


async def test_who_may_not_take_from_a_colleague_is_told_before_the_menu(house: Hotel) -> None:
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Marta")
    async with opened(house, (120, 30), agent="Leo") as (app, pilot):
        for keys in (("2", "home"), ("0", "9")):
            await press(pilot, *keys)
            here = app.screen
            if here.__class__ is MailScreen:
                await press(
                    pilot, *["down"] * [row.subject for row in here.list.visible_rows()].index("Demande de prix")
                )
            else:
                tickets(app).show(Shown(TEAM))  # as a manager sees them
                await settle(pilot)
                await to(pilot, app, "Demande")
            app.clear_notifications()
            await press(pilot, "a")
            assert app.screen is here
            assert any("Only a manager may take a ticket" in one.message for one in app._notifications)
