"""Writing mail under a person's keys, on a real store."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.mail.markdown import markdown_parser, markdown_to_html
from crm_tui.screens.compose.dialogs import Preview, preview_markdown
from crm_tui.screens.compose.letter import Sent
from crm_tui.screens.compose.outside import outside_folder
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.outbox.notice import SentNotice
from crm_tui.widgets.dialogs import Ask
from tests.screens.harness import Desk, Hotel, settled

TEXT = "Dzień dobry,\n\nszukamy pokoju w lipcu. [/x] [@click=app.quit]\n\nŁucja"


@pytest.fixture
def hotel(tmp_path: Path) -> Any:
    hotel = Hotel(tmp_path, draft_seconds=60).open()
    hotel.account()
    yield hotel
    hotel.ctx.store.close()


def source(hotel: Hotel, item_id: int) -> Any:
    """The message as it will go over the wire, parsed."""
    from sqlalchemy import select

    from crm_tui.data.columns import columns
    from crm_tui.data.tables import OutboxItem

    with hotel.ctx.store.connect() as connection:
        raw = connection.execute(select(columns(OutboxItem).source).where(columns(OutboxItem).id == item_id)).scalar()
    return email.message_from_bytes(bytes(raw or b""), policy=email.policy.default)


def screen(app: Desk) -> ComposeScreen:
    assert isinstance(app.screen, ComposeScreen)
    return app.screen


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_a_reply_is_answered_with_the_text_and_one_key(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Good morning", "ctrl+s")
    (sent,) = app.results
    assert isinstance(sent, Sent)
    mail = source(hotel, sent.item.id)
    assert mail["To"] == "Łucja Nowak <lucja@poczta.example>"
    assert mail["Subject"] == "Re: Pokój 2+1 w lipcu"
    assert mail["In-Reply-To"] == "<m1@poczta.example>"
    body = mail.get_body(("plain",)).get_content()
    assert body.startswith("Good morning")
    assert "> szukamy pokoju w lipcu." in body


async def test_z_takes_it_back_and_opens_the_draft_again(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Soon", "ctrl+s")
        notice = app.screen.query_one(SentNotice)
        assert "z takes it back (10 s)" in str(notice.render())
        sent = app.results[0]
        app.action_undo()
        await settled(pilot, lambda: bool(app.writes))
        assert not app.screen.query(SentNotice)
    assert desk.outbox.get(hotel.ctx, sent.item.id).state == "recalled"
    (_kind, where) = app.writes[0]
    assert desk.drafts.get(hotel.ctx, where["draft_id"] or 0).text.startswith("Soon")


async def test_the_countdown_goes_by_itself(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+s")
        hotel.clock.advance(timedelta(seconds=7))
        app.screen.query_one(SentNotice).count()
        assert "(3 s)" in str(app.screen.query_one(SentNotice).render())
        hotel.clock.advance(timedelta(seconds=4))
        app.screen.query_one(SentNotice).count()
        await pilot.pause()
        assert not app.screen.query(SentNotice)


async def test_leaving_keeps_the_draft_and_coming_back_restores_it(hotel: Hotel) -> None:
    first, message = hotel.mail(TEXT)
    _other, second = hotel.mail("Bonjour", sender="Marc <marc@poste.example>", number=2, subject="Prix")
    for number, keys in ((message, "Half a word"), (second, "Un mot")):
        app = hotel.at(ComposeScreen("reply", message_id=number))
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await press(pilot, *keys, "escape")
        assert app.results == [None]
    app = hotel.at(ComposeScreen("reply", conversation_id=first))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert screen(app).editor.text.startswith("Half a word")
        assert "back as you left it" in str(screen(app).note.render())
    assert len(desk.drafts.mine(hotel.ctx)) == 2


async def test_a_reply_begun_and_left_without_a_word_leaves_nothing(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "escape")
    assert app.results == [None]
    assert desk.drafts.mine(hotel.ctx) == []


async def test_closing_the_desk_on_an_untouched_forward_leaves_nothing(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("forward", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert len(desk.drafts.mine(hotel.ctx)) == 1
        assert screen(app).to.line.has_focus
    assert desk.drafts.mine(hotel.ctx) == []


async def test_the_draft_is_saved_while_writing_and_at_the_end_of_the_desk(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"One")
        screen(app).autosave()
        await settled(pilot)
        assert desk.drafts.mine(hotel.ctx)[0].text.startswith("One")
        assert "Draft saved 13:05" in str(screen(app).note.render())
        await press(pilot, *" two")
    assert desk.drafts.mine(hotel.ctx)[0].text.startswith("One two")


async def test_what_is_no_address_is_said_at_its_field_and_nothing_goes_out(hotel: Hotel) -> None:
    app = hotel.at(ComposeScreen("new"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"nobody", "tab", *"Offer", "ctrl+s")
        assert screen(app).to.error == "This is no mail address: nobody."
        assert app.focused is screen(app).to.line
        screen(app).to.value = ""
        await press(pilot, "ctrl+s")
        assert screen(app).to.error == "Say who it is for."
    assert desk.outbox.items(hotel.ctx) == []


async def test_a_new_mail_completes_the_guest_s_address(hotel: Hotel) -> None:
    hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("new"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"luc")
        assert screen(app).to.suggestions.has_class("-open")
        await press(pilot, "enter", "tab", *"Offer", "tab", *"Hello", "ctrl+s")
    mail = source(hotel, app.results[0].item.id)
    assert (mail["To"], mail["Subject"]) == ("Łucja Nowak <lucja@poczta.example>", "Offer")


async def test_copies_are_folded_until_used(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert not screen(app).cc.display
        await press(pilot, "f3", *"boss@hotel.example", "tab", *"quiet@hotel.example", "ctrl+s")
    item = app.results[0].item
    mail = source(hotel, item.id)
    assert mail["Cc"] == "boss@hotel.example"
    assert mail["Bcc"] is None
    assert "quiet@hotel.example" in item.recipients


async def test_a_forgotten_attachment_is_asked_about_and_attached(hotel: Hotel, tmp_path: Path) -> None:
    _conversation, message = hotel.mail(TEXT)
    offer = tmp_path / "offer.pdf"
    offer.write_bytes(b"%PDF-1.4 " + b"x" * 3000)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Please see the attached offer", "ctrl+s")
        assert isinstance(app.screen, Ask)
        await press(pilot, "a")
        cast(Any, app.screen).dismiss(offer)  # the picker's own keys are tested with the form kit
        await settled(pilot)
        assert screen(app).files.has_class("-some")
        assert "offer.pdf" in str(screen(app).files.render())
        await press(pilot, "ctrl+s")
    mail = source(hotel, app.results[0].item.id)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["offer.pdf"]


async def test_an_attachment_is_removed_again(hotel: Hotel, tmp_path: Path) -> None:
    _conversation, message = hotel.mail(TEXT)
    (tmp_path / "offer.pdf").write_bytes(b"x")
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Hi")
        screen(app)._file_chosen(tmp_path / "offer.pdf")
        await settled(pilot, lambda: screen(app).files.region.height == 1)
        screen(app).files.focus()
        await settled(pilot, lambda: screen(app).files.has_focus)
        await pilot.press("delete")
        await settled(pilot, lambda: not screen(app).files.has_class("-some"))
    assert desk.drafts.mine(hotel.ctx)[0].files == ()


async def test_a_held_send_shows_what_is_new_and_can_go_anyway(hotel: Hotel) -> None:
    conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Yes")
        again, _id = hotel.mail(
            "One more child [/x]!", number=2, reply_to=1, ago=timedelta(0), subject="Re: Pokój 2+1 w lipcu"
        )
        assert again == conversation
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, Ask)
        shown = str(app.screen.query_one(".dialog--text").render())
        assert "Łucja Nowak" in shown
        assert "One more child [/x]!" in shown
        await press(pilot, "s")
    assert app.results[0].item.state == "queued"


@pytest.mark.parametrize(("key", "drafts"), [("e", 1), ("escape", 1), ("d", 0)])
async def test_a_held_send_can_be_edited_or_dropped(hotel: Hotel, key: str, drafts: int) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Yes")
        hotel.mail("One more child!", number=2, reply_to=1, ago=timedelta(0), subject="Re: Pokój 2+1 w lipcu")
        await press(pilot, "ctrl+s")
        await press(pilot, key)
        if drafts:
            await press(pilot, *"No, ")
            assert screen(app).editor.text.startswith("YesNo, ")
            await press(pilot, "escape")
    assert len(desk.drafts.mine(hotel.ctx)) == drafts
    assert desk.outbox.items(hotel.ctx) == []


async def test_what_arrives_while_writing_is_said_at_once(hotel: Hotel) -> None:
    from crm_tui.desk.common.views import Changes

    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Yes")
        hotel.mail("One more!", number=2, reply_to=1, ago=timedelta(0), subject="Re: Pokój 2+1 w lipcu")
        screen(app).desk_changed(Changes(1, {}, everything=True))
        await settled(pilot)
        assert "! 1 new message in this conversation: Łucja Nowak" in str(screen(app).note.render())
        await press(pilot, "escape")


async def test_another_sender_signs_with_another_signature(hotel: Hotel) -> None:
    other = hotel.account("groups@miramar.example", signature="Groups desk")
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert screen(app).account.display
        assert "-- \nAna\nHotel Miramar" in screen(app).editor.text
        screen(app).account.value = other
        await settled(pilot)
        assert "-- \nGroups desk\n" in screen(app).editor.text
        assert "Hotel Miramar" not in screen(app).editor.text
        await press(pilot, "ctrl+s")
    mail = source(hotel, app.results[0].item.id)
    assert mail["From"] == "Hotel Miramar <groups@miramar.example>"


async def test_f6_sends_and_moves_to_the_waitlist(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f6")
    assert app.results[0].after == "Waitlist"


async def test_the_quote_opens_in_the_editor_and_folds_again(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "> szukamy" not in screen(app).editor.text
        assert "quoted lines go along" in str(screen(app).fold.render())
        await press(pilot, "f4")
        assert "> szukamy" in screen(app).editor.text
        await press(pilot, "f4")
        assert "> szukamy" not in screen(app).editor.text


async def test_the_external_editor_gets_a_private_file_and_gives_the_text_back(hotel: Hotel, tmp_path: Path) -> None:
    _conversation, message = hotel.mail(TEXT)
    script = tmp_path / "editor.py"
    report = tmp_path / "report.json"
    script.write_text(
        "import json, os, pathlib, sys\n"
        "path = pathlib.Path(sys.argv[2])\n"
        "mode = oct(path.stat().st_mode & 0o777), oct(path.parent.stat().st_mode & 0o777)\n"
        "pathlib.Path(sys.argv[1]).write_text(json.dumps([str(path), mode, path.read_text()]))\n"
        "path.write_text('Written outside\\x1b[31m\\n' + path.read_text())\n"
    )
    import sys

    app = hotel.at(ComposeScreen("reply", message_id=message, env={"VISUAL": f"{sys.executable} {script} {report}"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Before", "ctrl+e")
        assert screen(app).editor.text.startswith("Written outside[31m\nBefore")
    path, mode, text = json.loads(report.read_text())
    assert mode == ["0o600", "0o700"]
    assert text.startswith("Before")
    assert not Path(path).exists()
    assert not Path(path).parent.exists()


async def test_an_editor_that_fails_leaves_the_text_alone(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message, env={"EDITOR": "false"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Mine", "ctrl+e")
        assert screen(app).editor.text.startswith("Mine")
        assert "ended with code 1" in str(screen(app).note.render())


async def test_what_an_editor_saved_counts_whatever_its_exit_code(hotel: Hotel, tmp_path: Path) -> None:
    _conversation, message = hotel.mail(TEXT)
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\necho "Saved before the end" > "$1"\nexit 3\n')
    script.chmod(0o700)
    app = hotel.at(ComposeScreen("reply", message_id=message, env={"EDITOR": str(script)}))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Mine", "ctrl+e")
        assert screen(app).editor.text == "Saved before the end"
        assert "code 3" in str(screen(app).note.render())


async def test_what_an_editor_saved_is_offered_again_after_a_kill(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    draft = desk.replies.start(hotel.ctx, "reply", message)
    folder = outside_folder(hotel.home, draft.id)
    folder.mkdir(parents=True)
    (folder / "reply.md").write_text("Typed for ten minutes")
    for answer, kept, text in (("escape", True, ""), ("t", False, "Typed for ten minutes")):
        app = hotel.at(ComposeScreen("reply", message_id=message))
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            assert isinstance(app.screen, Ask)
            await press(pilot, answer)
            assert folder.exists() is kept
            assert text in screen(app).editor.text
            await press(pilot, "escape")
    assert desk.drafts.get(hotel.ctx, draft.id).text == "Typed for ten minutes"


async def test_the_conversation_stands_beside_the_editor_where_there_is_room(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    for width, shown in ((80, False), (120, False), (132, True), (150, True)):
        app = hotel.at(ComposeScreen("reply", message_id=message))
        async with app.run_test(size=(width, 24)) as pilot:
            await settled(pilot)
            assert screen(app).aside.display is shown
            assert screen(app).editor.region.width >= 50
            assert not shown or screen(app).aside.region.width >= 50
            await press(pilot, "escape")


async def test_the_preview_shows_markdown_and_foreign_brackets_as_text(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"*Hi* [/x]", "f8")
        assert isinstance(app.screen, Preview)
        await press(pilot, "escape")
        assert isinstance(app.screen, ComposeScreen)


def test_the_preview_keeps_line_ends_and_takes_quotes_as_they_are() -> None:
    text = "*Hi*\nthere\n\n-- \nAna *\n\nOn Monday, X wrote:\n> # no heading\n> [a](b)"
    assert preview_markdown(text).split("\n") == [
        "*Hi*  ", "there  ", "", "\\-\\-   ", "Ana \\*  ", "", "On Monday\\, X wrote\\:  ", "> \\# no heading  ", "> \\[a\\]\\(b\\)  ",
    ]  # fmt: skip


def test_the_html_that_goes_out_keeps_the_lines_as_they_were_typed() -> None:
    text = "Hello\nthere\n\nAna\nHotel Miramar\n\nFrom: Marc\nSubject: Prix\n\n    four blanks are no code\n"
    html = markdown_to_html(text)
    for first, second in (("Hello", "there"), ("Ana", "Hotel Miramar"), ("From: Marc", "Subject: Prix")):
        assert f"{first}<br />\n{second}" in html
    assert "<code>" not in html
    shown = markdown_parser().render(preview_markdown(text))
    assert re.sub(r"\s+", " ", shown) in re.sub(r"\s+", " ", html), "the preview is what goes out"


async def test_what_keeps_a_mail_from_going_is_said_below_the_text_too(hotel: Hotel) -> None:
    app = hotel.at(ComposeScreen("new"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"nobody", "tab", *"Hi", "ctrl+s")
        assert "Not sent: This is no mail address: nobody." in str(screen(app).note.render())
        assert screen(app).to.line.has_focus


async def test_pasted_escape_sequences_never_reach_the_screen(hotel: Hotel) -> None:
    from textual import events

    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen(app).editor.post_message(events.Paste("a\x1b]52;c;eA==\x07b\r\nc"))
        screen(app).subject.line.post_message(events.Paste("s\x1b[2Jt"))
        await settled(pilot)
        assert screen(app).editor.text.startswith("a]52;c;eA==b\nc")
        assert "\x1b" not in screen(app).subject.line.value


async def test_a_letter_paints_one_line_and_not_the_whole_editor(hotel: Hotel) -> None:
    class Painted(dict[int, Any]):
        def __init__(self) -> None:
            super().__init__()
            self.lines: set[int] = set()

        def __setitem__(self, line: int, strip: Any) -> None:
            self.lines.add(line)
            super().__setitem__(line, strip)

    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, *"Hello")
        painted = Painted()
        painted.update(screen(app).editor._painted)
        screen(app).editor._painted = painted
        await press(pilot, "x")
        assert painted.lines == {0}
        await press(pilot, "shift+tab")
        assert painted.lines == {0}, "the cursor goes; nothing else of the text changes"
        await press(pilot, "escape")


async def test_dropping_asks_once_and_names_the_draft(hotel: Hotel) -> None:
    _conversation, message = hotel.mail(TEXT)
    app = hotel.at(ComposeScreen("reply", message_id=message))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Words", "f9")
        assert "Re: Pokój 2+1 w lipcu" in str(app.screen.query_one("DialogTitle").render())
        await press(pilot, "y")
    assert desk.drafts.mine(hotel.ctx) == []


async def test_without_an_account_it_says_so_and_leaves(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path).open()
    app = hotel.at(ComposeScreen("new"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
    assert app.results == [None]
    assert "no account to send from" in str(app.reports[0])
    with contextlib.closing(hotel.ctx.store):
        pass
