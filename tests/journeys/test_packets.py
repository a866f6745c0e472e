"""Keys that a slow line brings in one packet act as if they had come one by one (UX: a slow SSH line is normal)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import open_context
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.mail.screen import MailScreen
from tests.journeys.person import Person, at_the_desk
from tests.screens.harness import Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    """Ana's desk with a colleague, templates and three guests who wrote."""
    made = Hotel(tmp_path / "home").open()
    desk.setup.add_agent(made.ctx, "Leo")
    desk.template_starter.add(made.ctx)
    account = made.account()
    for number in range(1, 4):
        sender = f"Guest {number} <guest{number}@mail.example>"
        made.mail("Hello", sender=sender, subject=f"Stay {number}", account=account, number=number,
                  ago=timedelta(hours=4 - number))  # fmt: skip
    made.ctx = open_context(made.home, made.settings, clock=made.clock, agent="Ana", env={})
    yield made
    made.ctx.store.close()


async def in_the_inbox(person: Person) -> MailScreen:
    await person.press("2")
    screen = person.at(MailScreen)
    assert screen is not None
    await person.until(lambda: screen.list.total == 3)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_a_template_is_picked_and_no_letter_of_its_name_reaches_the_mail(
    hotel: Hotel, size: tuple[int, int]
) -> None:
    async with at_the_desk(hotel, size) as person:
        await in_the_inbox(person)
        await person.burst("r", "ctrl+t", *"bank en", "enter")
        await person.until(lambda: isinstance(person.app.screen, ComposeScreen))
        screen = person.app.screen
        assert isinstance(screen, ComposeScreen)
        await person.until(lambda: "IBAN" in screen.editor.text or "bank" in screen.editor.text)
        assert not screen.editor.text.startswith("bank en")
        assert "Dear" in screen.editor.text


async def test_menus_take_the_letter_that_came_with_their_key(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        screen = await in_the_inbox(person)
        await person.burst("a", "l", "j", "s", "r")
        rows = {number: desk.reading.conversation(hotel.ctx, number).row for number in (1, 2, 3)}
        assert [rows[number].assignee for number in (1, 2, 3)] == ["", "", "Leo"]
        assert [rows[number].snoozed for number in (1, 2, 3)] == [False, True, False]
        assert person.app.screen is screen


async def test_a_memo_is_written_and_saved(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        screen = await in_the_inbox(person)
        await person.burst("c", *"She rings at ten, q z e w", "ctrl+s")
        assert [memo.text for memo in desk.memos.listed(hotel.ctx, conversation=3)] == ["She rings at ten, q z e w"]
        assert person.app.screen is screen
        assert desk.reading.conversation(hotel.ctx, 3).row.folder == "Inbox"


async def test_a_long_packet_of_letters_is_typed_at_once(hotel: Hotel) -> None:
    text = "".join("abcdefghi "[number % 10] for number in range(600))
    async with at_the_desk(hotel) as person:
        await in_the_inbox(person)
        await person.burst("r", *text)
        screen = person.app.screen
        assert isinstance(screen, ComposeScreen)
        assert screen.editor.text.replace("\n", "").startswith(text)
