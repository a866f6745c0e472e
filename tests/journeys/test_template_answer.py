"""The next inquiry is answered with a template and waits for its guest, within the keystroke budget of UX.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from textual import events

from crm_tui import desk
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.templates.editor import TemplateEditor
from crm_tui.screens.templates.pick import TemplatePick
from crm_tui.screens.templates.screen import TemplatesScreen
from tests.journeys.person import Person, at_the_desk
from tests.journeys.test_answer import ADDRESS, deliver
from tests.screens.harness import Hotel
from tests.servers.smtp import Box, smtp_server

BUDGET = 6
POLISH = "Dzień dobry, czy mają Państwo wolny pokój w lipcu dla dwóch osób? Proszę o ofertę.\n\nŁucja"


@pytest.fixture
def box() -> Iterator[Box]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def hotel(tmp_path: Path, box: Box) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path, draft_seconds=60).open()
    account = hotel.account(ADDRESS, smtp_port=box.port, secret_kind="session")
    conversation, _message = hotel.mail(POLISH, account=account)
    desk.triage.move(hotel.ctx, [conversation], "Inquiries")
    hotel.mail("Bonjour", sender="Marc <marc@poste.example>", number=2, subject="Prix", ago=timedelta(hours=1))
    yield hotel
    hotel.ctx.store.close()


def writing(person: Person) -> ComposeScreen:
    screen = person.at(ComposeScreen)
    assert screen is not None
    return screen


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_a_template_and_the_waitlist_within_the_budget(hotel: Hotel, box: Box, size: tuple[int, int]) -> None:
    async with at_the_desk(hotel, size) as person:
        person.keys = 0
        await person.press("r", "ctrl+t")
        assert person.at(TemplatePick)
        assert "for a guest who writes Polish" in person.seen()
        await person.write("first")  # the agent's own words find the guest's language
        await person.press("enter")
        assert writing(person).editor.text.startswith("Dzień dobry,\n\ndziękujemy za zainteresowanie")
        assert writing(person).subject.value == "Re: Pokój 2+1 w lipcu"
        await person.press("f6")
        assert person.keys <= BUDGET
        assert deliver(hotel) == 1
    (taken,) = box.wait_for(1)
    body = message_from_bytes(taken.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    assert "pobytem w Hotel Miramar" in body.get_content()
    assert body.get_content().index("Z poważaniem") < body.get_content().index("> Dzień dobry")
    answered = desk.reading.conversation(hotel.ctx, 1)
    assert answered.row.folder == "Waitlist"
    assert not answered.row.unanswered


async def test_letters_typed_in_a_hurry_end_up_in_the_pick(hotel: Hotel) -> None:
    """No key waits for the desk: nothing may land in the mail."""
    async with at_the_desk(hotel) as person:
        await person.press("escape")
        person.app.write("reply", conversation_id=1)  # its letter is not there yet
        assert not writing(person).is_mounted
        for key in ("ctrl+t", *"thank", "enter"):
            person.app._driver.process_message(events.Key(key, key if len(key) == 1 else None))  # type: ignore[union-attr]
        await person.until(lambda: person.at(ComposeScreen) is not None and "wizyt" in writing(person).editor.text)
        text = writing(person).editor.text
        assert text.startswith("Dzień dobry,\n\ndziękujemy za wizytę")
        assert "thank" not in text


async def test_gaps_block_the_send_until_they_are_filled(hotel: Hotel, box: Box) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("r", "ctrl+t")
        await person.write("flight")
        assert "5 gaps to fill: reservation.code" in person.seen()
        await person.press("enter")
        for key in ("ctrl+s", "f6", "f7"):
            await person.press(key)
            assert "Not sent: reservation.flight," in str(writing(person).note.render())
        editor = writing(person).editor
        filled = 0
        while "⟦" in editor.text:
            await person.write("LO 123")  # the first gap is selected: typing fills it
            filled += 1
            await person.press("ctrl+s" if "⟦" in editor.text else "f6")
            assert filled < 10
        assert person.at(ComposeScreen) is None
        assert deliver(hotel) == 1
    assert len(box.wait_for(1)) == 1


async def test_a_new_mail_takes_the_templates_subject(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("n")
        await person.write("Marc Petit <marc@poste.example>")
        await person.press("ctrl+t")
        await person.write("premiere")
        await person.press("enter")
        screen = writing(person)
        assert screen.subject.value == "Merci pour votre message – Hotel Miramar"
        assert screen.editor.text.startswith("Bonjour Marc Petit,")


async def test_ctrl_z_takes_it_out_again_and_esc_puts_nothing_in(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("r")
        before = writing(person).editor.text
        await person.press("ctrl+t", "escape")
        assert writing(person).editor.text == before
        await person.press("ctrl+t", "enter")
        assert writing(person).editor.text != before
        await person.press("ctrl+z")
        assert writing(person).editor.text == before


async def test_a_template_is_written_at_the_desk_and_used(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t")
        assert person.at(TemplatesScreen)
        await person.press("plus")
        assert person.at(TemplateEditor)
        await person.write("Parking")
        await person.press("tab", "tab", "tab", "tab")
        await person.write("Free parking for ")
        await person.press("ctrl+t")
        await person.write("guest.sur")
        await person.press("enter")
        assert "Free parking for Nowak" in person.seen() or person.app.size.width < 110
        await person.press("ctrl+s")
        assert person.at(TemplatesScreen)
        await person.press("escape", "r", "ctrl+t")
        await person.write("parking")
        await person.press("enter")
        assert writing(person).editor.text.startswith("Free parking for Nowak")
