"""A guest's question is answered, from the list to the guest's server, with as few keys as UX.md allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.redact import Secret
from crm_tui.desk.common.views import ListQuery
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.mail.credentials import Credentials
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.outbox.notice import SentNotice
from crm_tui.widgets.dialogs import Ask
from crm_tui.widgets.forms.files import FilePicker, remember_folder
from tests.journeys.person import at_the_desk
from tests.screens.harness import Hotel
from tests.servers.smtp import Box, smtp_server

ADDRESS = "reception@miramar.example"


@pytest.fixture
def box() -> Iterator[Box]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def hotel(tmp_path: Path, box: Box) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path, draft_seconds=60).open()
    account = hotel.account(smtp_port=box.port, secret_kind="session")
    conversation, _message = hotel.mail("Czy jest wolny pokój w lipcu?\n\nŁucja", account=account)
    desk.triage.move(hotel.ctx, [conversation], "Inquiries")
    hotel.mail("Bonjour", sender="Marc <marc@poste.example>", number=2, subject="Prix", ago=timedelta(hours=1))
    yield hotel
    hotel.ctx.store.close()


def deliver(hotel: Hotel) -> int:
    """What the engine does when the undo time is over."""
    hotel.clock.advance(timedelta(seconds=11))
    lease = Lease(hotel.ctx)
    assert lease.tick()
    credentials = Credentials(memory={})
    credentials.hold(ADDRESS, Secret("x"))
    return OutboxWorker(hotel.ctx, lease, credentials, timeout=5, answer_timeout=5).step()


async def test_the_oldest_question_is_answered_and_put_on_the_waitlist(hotel: Hotel, box: Box) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("r")
        assert isinstance(person.app.screen, ComposeScreen)
        await person.write("Tak, mamy pokój.")
        await person.press("f6")
        assert person.app.screen.query(SentNotice)
        assert person.keys == 2, "at most 6 with a template and the waitlist"
        assert deliver(hotel) == 1
    (taken,) = box.wait_for(1)
    mail = message_from_bytes(taken.content, policy=policy.default)
    assert taken.recipients == ["lucja@poczta.example"]
    assert mail["In-Reply-To"] == "<m1@poczta.example>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Tak, mamy pokój.")
    answered = desk.reading.conversation(hotel.ctx, 1)
    assert answered.row.folder == "Waitlist"
    assert not answered.row.unanswered
    assert [message.direction for message in answered.messages] == ["in", "out"]


async def test_one_key_takes_the_answer_back_and_nothing_goes_out(hotel: Hotel, box: Box) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("r")
        await person.write("Too early")
        await person.press("ctrl+s")
        before = person.keys
        await person.press("z")
        assert person.keys - before == 1
        await person.until(lambda: isinstance(person.app.screen, ComposeScreen))
        screen = person.app.screen
        assert isinstance(screen, ComposeScreen)
        await person.until(lambda: "Too early" in screen.editor.text)
        assert deliver(hotel) == 0
    assert box.taken == []


async def test_the_answer_goes_with_a_file(hotel: Hotel, box: Box, tmp_path: Path) -> None:
    folder = tmp_path / "offers"
    folder.mkdir()
    (folder / "oferta.pdf").write_bytes(b"%PDF-1.4 offer")
    async with at_the_desk(hotel) as person:
        remember_folder(person.app, folder)
        await person.press("r")
        await person.write("W załączniku oferta.")
        await person.press("ctrl+s")
        assert isinstance(person.app.screen, Ask), "the forgotten file is asked about"
        await person.press("a")
        assert isinstance(person.app.screen, FilePicker)
        await person.press("enter", "ctrl+s")
        deliver(hotel)
    (taken,) = box.wait_for(1)
    mail = message_from_bytes(taken.content, policy=policy.default)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["oferta.pdf"]


async def test_a_draft_waits_while_another_conversation_is_looked_at(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("r")
        await person.write("Half a")
        await person.press("escape", "down", "r")
        screen = person.app.screen
        assert isinstance(screen, ComposeScreen)
        assert "Half a" not in screen.editor.text
        await person.press("escape", "up", "r")
        screen = person.app.screen
        assert isinstance(screen, ComposeScreen)
        assert screen.editor.text.startswith("Half a")
        assert "back as you left it" in person.seen()


async def test_closing_the_desk_in_the_middle_of_a_word_keeps_the_draft(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("r")
        await person.write("In the middle of a wo")
    (draft,) = desk.drafts.mine(hotel.ctx)
    assert draft.text.startswith("In the middle of a wo")


async def test_the_screens_hold_at_the_smallest_and_a_wide_terminal(hotel: Hotel) -> None:
    for size in ((80, 24), (150, 45)):
        async with at_the_desk(hotel, size) as person:
            await person.press("r")
            seen = person.seen()
            assert "Re: Pokój 2+1 w lipcu" in seen
            assert "^s Send" in seen
            assert ("Czy jest wolny pokój" in seen) is (size[0] > 100)
            await person.press("escape")


@pytest.mark.parametrize("mode", ["1", "2"])
async def test_what_is_typed_right_after_r_is_written_and_moves_nothing(hotel: Hotel, mode: str) -> None:
    """``e`` is Done, ``n`` a new mail, ``x`` and ``q`` more: none of them may act."""
    before = [row.folder for row in desk.folders.page(hotel.ctx, ListQuery("All")).rows]
    async with at_the_desk(hotel) as person:
        await person.press(mode)
        await person.burst("r", *"seen z! nq", "enter", *"Exex", "backspace", *"/ 1")
        await person.until(lambda: isinstance(person.app.screen, ComposeScreen))
        screen = person.app.screen
        assert isinstance(screen, ComposeScreen)
        assert screen.editor.text.startswith("seen z! nq\nExe/ 1\n")
        assert len(person.app.screen_stack) == 2
    assert [row.folder for row in desk.folders.page(hotel.ctx, ListQuery("All")).rows] == before
