"""Deciding what becomes of mail, counted in keystrokes against UX.md's budget, from the list that the task starts in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import Actor, open_context
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.screens.start.screen import StartScreen
from tests.journeys.person import Person, at_the_desk
from tests.screens.harness import Hotel

GUESTS = ("Łucja Nowak <lucja@poczta.example>", "J. Martín <jm@correo.example>", "M. Petit <m.petit@lac.example>")


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    """Ana's desk with a colleague and a conversation of each guest; the first guest's is the oldest."""
    made = Hotel(tmp_path / "home").open()
    desk.setup.add_agent(made.ctx, "Leo")
    account = made.account()
    for number, sender in enumerate(GUESTS, 1):
        made.mail("Hello", sender=sender, subject=f"Stay {number}", account=account, number=number,
                  ago=timedelta(hours=4 - number))  # fmt: skip
    made.ctx = open_context(made.home, made.settings, clock=made.clock, agent="Ana", env={})
    yield made
    made.ctx.store.close()


@asynccontextmanager
async def in_the_inbox(hotel: Hotel, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Person, MailScreen]]:
    """The mail screen, no key pressed yet; the newest conversation, ``Stay 3``, has the cursor."""
    async with at_the_desk(hotel, size) as person:
        await person.press("2")
        screen = person.at(MailScreen)
        assert screen is not None
        await person.until(lambda: screen.list.total == 3 and screen.team is not None)
        person.keys = 0
        yield person, screen


def row(hotel: Hotel, number: int) -> ConversationRow:
    """A conversation as it is in the store."""
    return desk.reading.conversation(hotel.ctx, number).row


def subjects(screen: MailScreen) -> list[str]:
    """What the list shows."""
    return [one.subject for one in screen.list.visible_rows()]


async def test_a_colleague_gets_it_in_two_keys_and_oneself_too(hotel: Hotel) -> None:
    async with in_the_inbox(hotel) as (person, screen):
        await person.press("a", "l")
        assert person.keys <= 3
        assert row(hotel, 3).assignee == "Leo"
        assert screen.list.current is not None
        assert screen.list.current.assignee == "Leo"
        assert " Leo" in person.seen()
        await person.press("a", "a")
        assert row(hotel, 3).assignee == "Ana"
        await person.press("a", "x")
        assert row(hotel, 3).assignee == ""


@pytest.mark.parametrize(
    ("key", "place"),
    [("i", "Inquiries"), ("w", "Waitlist"), ("e", "Done"), ("exclamation_mark", "Spam")],
)
async def test_one_key_moves_it_and_one_takes_it_back(hotel: Hotel, key: str, place: str) -> None:
    async with in_the_inbox(hotel) as (person, screen):
        await person.press(key)
        assert person.keys == 1
        assert row(hotel, 3).folder == place
        await person.until(lambda: subjects(screen) == ["Stay 2", "Stay 1"])
        await person.press("z")
        assert person.keys == 2
        assert row(hotel, 3).folder == "Inbox"
        await person.until(lambda: subjects(screen) == ["Stay 3", "Stay 2", "Stay 1"])


async def test_snoozed_in_two_keys_and_again_in_one(hotel: Hotel) -> None:
    async with in_the_inbox(hotel) as (person, screen):
        await person.press("s", "l")
        assert person.keys == 2
        until = hotel.clock.now() + timedelta(hours=3)
        assert row(hotel, 3).snoozed_until == until
        await person.until(lambda: screen.list.total == 2)
        hotel.clock.instant = until
        desk.snoozing.wake_due(hotel.ctx)
        await person.until(lambda: screen.list.total == 3)
        await person.press("home")
        assert "◷ snooze over" in person.seen()
        await person.until(lambda: "Z snoozes it again" in person.seen())
        person.keys = 0
        await person.press("Z")
        assert person.keys == 1
        assert row(hotel, 3).snoozed_until == until + timedelta(hours=3)


async def test_a_day_is_typed_and_a_wrong_one_gets_a_sentence(hotel: Hotel) -> None:
    async with in_the_inbox(hotel) as (person, screen):
        await person.press("s", "d")
        await person.write("31.2.")
        await person.press("enter")
        assert "There is no such day." in person.seen()
        assert not row(hotel, 3).snoozed
        await person.press(*["backspace"] * 5)
        await person.write("24.12. 18:00")
        assert "Thu 24 Dec 2026 18:00" in person.seen()
        await person.press("enter")
        await person.until(lambda: row(hotel, 3).snoozed)
        assert f"{row(hotel, 3).snoozed_until:%Y-%m-%d %H:%M}" == "2026-12-24 17:00"
        screen.show_place("Snoozed")
        await person.until(lambda: "☾ 24 Dec 18:00" in person.seen())


async def test_everything_works_on_a_marked_set(hotel: Hotel) -> None:
    async with in_the_inbox(hotel) as (person, screen):
        await person.press("space", "space")
        assert "2 marked" in person.seen()
        await person.press("x")
        assert [row(hotel, number).unanswered for number in (1, 2, 3)] == [True, False, False]
        await person.press("z")
        assert row(hotel, 3).unanswered
        await person.press("home", "space", "space", "a", "l")
        assert [row(hotel, number).assignee for number in (1, 2, 3)] == ["", "Leo", "Leo"]
        await person.press("home", "space", "space", "asterisk")
        assert [row(hotel, number).starred for number in (1, 2, 3)] == [False, True, True]
        await person.press("home", "space", "space", "s", "r")
        assert [row(hotel, number).snoozed for number in (1, 2, 3)] == [False, True, True]
        await person.until(lambda: subjects(screen) == ["Stay 1"])
        for _time in range(3):
            await person.press("z")
        assert [row(hotel, number).assignee for number in (1, 2, 3)] == ["", "", ""]


def subject_read(screen: MailScreen) -> str:
    """What is being read."""
    return screen.reading.conversation.row.subject if screen.reading.conversation is not None else ""


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["one pane", "three panes"])
async def test_the_marked_ones_become_one_and_a_mail_is_split_off_again(hotel: Hotel, size: tuple[int, int]) -> None:
    async with in_the_inbox(hotel, size) as (person, screen):
        await person.press("space", "space", "M", "m")  # of different guests: it asks
        assert person.keys == 4
        await person.until(lambda: screen.list.total == 2)
        assert row(hotel, 2).messages == 2
        desk.undo.undo(hotel.ctx)
        assert (row(hotel, 2).messages, row(hotel, 3).messages) == (1, 1)
        desk.splitting.merge(hotel.ctx, [2, 3])
        screen.open_conversation(2, 3)
        await person.until(lambda: screen.pane == "reading" and screen.reading.position == (2, 2))
        person.keys = 0
        await person.press("y")
        assert person.keys == 1
        await person.until(lambda: subject_read(screen) == "Stay 3")
        assert row(hotel, 2).messages == 1
        screen._preview()  # as the cursor's rest on a row does
        await person.settle()
        assert subject_read(screen) == "Stay 3"


async def test_another_desk_was_faster_and_the_row_says_so(hotel: Hotel) -> None:
    async with in_the_inbox(hotel) as (person, screen):
        leo = hotel.ctx.acting_as(Actor(2, "Leo"))
        await person.press("a")
        desk.triage.assign(leo, [3], "Leo")
        await person.press("a")
        await person.until(lambda: any("Leo has “Stay 3” now" in note.message for note in person.app._notifications))
        assert row(hotel, 3).assignee == "Leo"
        await person.until(lambda: screen.list.current is not None and screen.list.current.assignee == "Leo")


async def test_the_effect_is_seen_before_the_store_has_answered_and_taken_back_if_it_refuses(hotel: Hotel) -> None:
    async with in_the_inbox(hotel) as (person, screen):
        with hotel.ctx.write():  # another command holds the store
            await person._pilot.press("e")
            assert subjects(screen) == ["Stay 2", "Stay 1"]
            assert row(hotel, 3).folder == "Inbox"
            await person._pilot.press("asterisk")
            assert screen.list.current is not None
            assert screen.list.current.starred
        await person.settle()
        assert (row(hotel, 3).folder, row(hotel, 2).starred) == ("Done", True)
        with hotel.ctx.write() as tx:
            await person._pilot.press("e")
            assert subjects(screen) == ["Stay 1"]
            tx.connection.exec_driver_sql("UPDATE conversation SET scope = 'a2' WHERE id = 2")
        await person.until(
            lambda: any("There is no conversation 2" in note.message for note in person.app._notifications)
        )


async def test_rows_of_the_start_screen_act_in_place(hotel: Hotel) -> None:
    async with at_the_desk(hotel, (120, 40)) as person:
        screen = person.at(StartScreen)
        assert screen is not None
        await person.until(lambda: screen.unanswered.list.total == 3 and screen.team is not None)
        person.keys = 0
        await person.press("a", "l", "x")  # the oldest is Leo's and needs no answer
        assert row(hotel, 1).assignee == "Leo"
        await person.until(lambda: [one.id for one in screen.unanswered.list.visible_rows()] == [2, 3])
        await person.press("w")
        await person.until(lambda: [one.id for one in screen.waitlist.list.visible_rows()] == [2])
        assert [one.id for one in screen.unanswered.list.visible_rows()] == [2, 3], "it still waits"
        await person.press("s", "t")
        await person.until(lambda: [one.id for one in screen.unanswered.list.visible_rows()] == [3])
        await person.until(lambda: screen.waitlist.list.total == 0)
        assert person.keys <= 6


async def test_a_hundred_quick_keys_decide_in_their_order(hotel: Hotel) -> None:
    """A fast hand: what is decided is what was pressed, in that order, though the store is slower."""
    for number in range(4, 24):
        hotel.mail("More", sender=f"g{number}@x.example", subject=f"Stay {number}", number=number,
                   ago=timedelta(minutes=60 - number))  # fmt: skip
    async with in_the_inbox_of(hotel, 23) as (person, screen):
        await person.burst(*["e", "w", "asterisk", "j"] * 7, "z", "z")
        await person.until(lambda: screen.list.settled)
        total = {place: desk.folders.total(hotel.ctx, ListQuery(place)) for place in ("Done", "Waitlist", "Starred")}
        assert total == {"Done": 7, "Waitlist": 6, "Starred": 6}


@asynccontextmanager
async def in_the_inbox_of(hotel: Hotel, total: int) -> AsyncIterator[tuple[Person, MailScreen]]:
    """The mail screen with so many conversations."""
    async with at_the_desk(hotel) as person:
        await person.press("2")
        screen = person.at(MailScreen)
        assert screen is not None
        await person.until(lambda: screen.list.total == total)
        yield person, screen
