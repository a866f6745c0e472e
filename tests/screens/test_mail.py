"""The mail screen: triage and reading, on a real store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.desk.common.views import ListQuery, MessageView, Person
from crm_tui.screens.dialogs.leader import LeaderMenu
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.widgets.dialogs import Ask
from crm_tui.widgets.message_sections import first_to_read
from tests.screens.harness import NOW, Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, until


def folder_of(hotel: Hotel, conversation_id: int) -> str:
    row = desk.folders.row(hotel.ctx, conversation_id)
    assert row is not None
    return row.folder


async def test_the_list_shows_newest_first_with_its_signs(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        screen = mail_screen(app)
        assert [row.counterpart.label for row in screen.list.visible_rows()] == [
            "Hôtel du Lac", "J. Martín", "Łucja Nowak", "Eve [red]",
        ]  # fmt: skip
        text = screen_text(app)
        assert "INBOX · 4 conversations · 4 unanswered" in text
        assert "J. Martín (2)" in text
        assert "50 min" in text
        assert "[Ticket#1] [@click=app.quit]x[/]" in text
        assert "Hotel Miramar · Ana" in text
        assert "✔ in step" in text
        assert "✔ reception@" in text


async def test_reading_folds_quotes_and_signature_and_unfolds_them(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down", "down", "enter")
        text = screen_text(app)
        assert "Łucja Nowak <lucja@poczta.example>" in text
        assert "szukamy pokoju dla dwóch osób" in text
        assert "quoted line" in text
        assert "we have two rooms left" not in text
        await press(pilot, "full_stop")
        assert "we have two rooms left" in screen_text(app)
        assert "+48 600 000 000" in screen_text(app)
        await press(pilot, "full_stop")
        assert "we have two rooms left" not in screen_text(app)


async def test_a_fold_opens_alone_by_enter_and_by_click(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down", "down", "enter", "right")
        assert mail_screen(app).reading._item is not None
        await press(pilot, "enter")
        opened_text = screen_text(app)
        assert ("+48 600" in opened_text) != ("two rooms left" in opened_text)
        lines = opened_text.split("\n")
        line = next(number for number, text in enumerate(lines) if "▸" in text and "line" in text)
        await pilot.click(offset=(lines[line].index("▸") + 3, line))
        await pilot.pause()
        assert "+48 600" in screen_text(app)
        assert "two rooms left" in screen_text(app)


async def test_opening_marks_read_and_u_takes_it_back(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down")
        screen = mail_screen(app)
        assert screen.list.current is not None
        assert screen.list.current.unread == 2
        number = screen.list.current.id
        await press(pilot, "enter")
        await until(pilot, lambda: screen.list.current is not None and screen.list.current.unread == 0)
        await press(pilot, "u")
        await until(pilot, lambda: screen.list.current is not None and screen.list.current.unread == 1)
        assert screen.list.current.id == number
        assert screen.pane == "list"


@pytest.mark.parametrize(
    ("keys", "folder"),
    [
        (["w"], "Waitlist"),
        (["e"], "Done"),
        (["i"], "Inquiries"),
        (["m", "b"], "Booked"),
        (["exclamation_mark"], "Spam"),
        (["m", "w"], "Waitlist"),
    ],
)
async def test_moving_and_taking_it_back(morning: Hotel, keys: list[str], folder: str) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down")
        screen = mail_screen(app)
        assert screen.list.current is not None
        moved, below = screen.list.current.id, screen.list.pages.get(2)
        await press(pilot, *keys)
        await until(pilot, lambda: screen.list.total == 3)
        assert folder_of(morning, moved) == folder
        assert screen.list.current == below
        await press(pilot, "z")
        await until(pilot, lambda: screen.list.total == 4)
        assert folder_of(morning, moved) == "Inbox"


async def test_marked_rows_move_together(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "space", "space", "e")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.list.total == 2)
        assert desk.folders.total(morning.ctx, ListQuery("Done")) == 2
        assert screen.list.marked == []
        await press(pilot, "z")
        await until(pilot, lambda: screen.list.total == 4)


async def test_star_and_filter_and_sort(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "asterisk")
        screen = mail_screen(app)
        await until(pilot, lambda: bool(screen.list.current and screen.list.current.starred))
        await press(pilot, "g", "asterisk")
        assert screen.list.total == 1
        await press(pilot, "g", "i", "f", "f")
        assert screen.query_shown.only == "unread"
        assert "only unread" in screen_text(app)
        await press(pilot, "escape", "o", "o")
        assert screen.query_shown.order == "waiting"
        row = screen.list.pages.get(0)
        assert row is not None
        assert row.counterpart.label == "Eve [red]"


async def test_one_pane_at_a_time_on_80_columns(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "2")
        screen = mail_screen(app)
        shown = [pane.display for pane in (screen.folders, screen.list.parent, screen.reading.parent)]  # type: ignore[union-attr]
        assert shown == [False, True, False]
        await press(pilot, "enter")
        assert screen.pane == "reading"
        await press(pilot, "escape")
        assert screen.pane == "list"
        await press(pilot, "escape")
        assert screen.pane == "tree"
        assert "Accounts" in screen_text(app)
        await press(pilot, "down", "enter")
        assert screen.query_shown.place == "Inquiries"
        assert "No open inquiries" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_from_the_folders_nothing_is_decided_about_a_row(morning: Hotel, size: tuple[int, int]) -> None:
    async with opened(morning, size=size) as (app, pilot):
        await press(pilot, "2", "escape")
        screen = mail_screen(app)
        assert screen.pane == "tree"
        assert "e Done" not in screen_text(app).splitlines()[-1]
        before = screen.list.total
        for key in ("i", "w", "b", "e", "exclamation_mark", "a", "s", "x", "asterisk", "y", "M", "c", "r", "J"):
            app.clear_notifications()
            await press(pilot, key)
            assert app.screen is screen, key
            assert any("Tab goes to the list" in told.message for told in app._notifications), key
        with pytest.raises(NotFound):
            desk.undo.undo(morning.ctx)
        await press(pilot, "escape", "e")
        assert screen.list.total == before - 1
        assert "e Done" in screen_text(app).splitlines()[-1]


async def test_three_panes_follow_the_cursor_without_marking_read(morning: Hotel) -> None:
    async with opened(morning, size=(160, 45)) as (app, pilot):
        await press(pilot, "2", "down")
        screen = mail_screen(app)
        await until(pilot, lambda: bool(screen.reading.conversation and screen.reading.conversation.row.messages == 2))
        assert "Sigo esperando." in screen_text(app)
        assert screen.list.current is not None
        assert screen.list.current.unread == 2


async def test_the_panes_follow_a_resize(morning: Hotel) -> None:
    async with opened(morning, size=(160, 45)) as (app, pilot):
        await press(pilot, "2")
        for width, classes in ((120, "-two-panes"), (90, "-one-pane"), (160, "-three-panes")):
            await pilot.resize_terminal(width, 30)
            await until(pilot, lambda wanted=classes: app.screen.has_class(wanted))  # type: ignore[misc]
            assert "INBOX" in screen_text(app)


async def test_the_reading_pane_that_a_resize_brings_shows_the_row_under_the_cursor(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "2", "down")
        await pilot.resize_terminal(200, 60)
        await until(pilot, lambda: "¿Tienen disponibilidad?" in screen_text(app))
        assert mail_screen(app).list.has_focus


@pytest.mark.parametrize(("read", "position"), [(0, 1), (1, 2), (3, 3)])
async def test_a_conversation_opens_at_its_first_unread_message_else_at_the_newest(
    morning: Hotel, read: int, position: int
) -> None:
    ids = [
        morning.mail("Line\n\n" * 30, subject="Long", number=50 + n, reply_to=49 + n if n else 0,
                     ago=timedelta(minutes=30 - n))[1]
        for n in range(3)
    ]  # fmt: skip
    desk.reading.mark_seen(morning.ctx, ids[:read])
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "2", "enter")
        reading = mail_screen(app).reading
        await until(pilot, lambda: reading.position == (position, 3))
        assert reading.scroll_offset.y == reading._sections.tops[position - 1]
        assert f"{position} of 3" in screen_text(app)


def test_unread_mail_that_we_answered_is_not_where_reading_goes_on() -> None:
    def view(number: int, direction: str) -> MessageView:
        return MessageView(
            number, 1, f"{number}@x", direction, "", Person("", "a@x"), (), (), (), "S", NOW, None, NOW, "", seen=False
        )

    messages = tuple(view(n, direction) for n, direction in enumerate(("in", "in", "out", "in", "in")))
    assert first_to_read(messages, None) == 3
    assert first_to_read(messages[:3], None) == 2
    assert first_to_read(messages, 1) == 1


async def test_late_answers_have_a_sign_of_their_own(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        lines = screen_text(app).split("\n")
        assert "●!" in next(line for line in lines if "Eve [red]" in line)
        assert "●?" in next(line for line in lines if "Hôtel du Lac" in line)


async def test_folding_is_offered_only_where_something_can_be_folded(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down", "down", "enter")
        assert ". Quotes" in screen_text(app)
        await press(pilot, "K")
        await until(pilot, lambda: "Sigo esperando" in screen_text(app) and ". Quotes" not in screen_text(app))


async def test_a_wrapped_quote_keeps_its_sign_on_every_line(morning: Hotel) -> None:
    quoted = "\n> ".join(["> " + "word " * 60, "short"])
    morning.mail(f"Yes.\n\nOn Mon, 16 Nov 2026 at 10:00, A <a@b.example> wrote:\n{quoted}", subject="Wide", number=60,
                 ago=timedelta(minutes=2))  # fmt: skip
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "2", "enter", "full_stop")
        await until(pilot, lambda: "word word" in screen_text(app))
        lines = [line.strip() for line in screen_text(app).split("\n") if "word word" in line]
        assert len(lines) > 3
        assert all(line.startswith("> word") for line in lines)


async def test_the_left_pane_marks_where_a_conversation_found_stands(morning: Hotel) -> None:
    row = desk.folders.page(morning.ctx, ListQuery()).rows[0]
    desk.triage.move(morning.ctx, [row.id], "Waitlist")
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        app.open_conversation(row.id)
        await until(pilot, lambda: mail_screen(app).reading.conversation is not None)
        assert mail_screen(app).folders.current == "Waitlist"
        await press(pilot, "escape")
        assert mail_screen(app).folders.current == "Inbox"


async def test_taking_back_speaks_of_one_and_of_several(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "space", "space", "e", "z")
        await until(
            pilot, lambda: any("2 conversations are back in Inbox" in note.message for note in app._notifications)
        )


async def test_a_look_at_the_accounts_reaches_the_header_though_nothing_changed(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        before = app.status.synced_at
        morning.clock.advance(timedelta(minutes=20))
        desk.accounts.set_state(morning.ctx, 1, "ok", synced=True)
        await until(pilot, lambda: app.status.synced_at != before)
        assert "✔ in step" in screen_text(app)


async def test_the_source_is_shown_safely(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "end", "enter", "v")
        await until(pilot, lambda: isinstance(app.screen, TextDialog))
        await pilot.pause()
        assert "Subject: [Ticket#1] [@click=app.quit]x[/]" in screen_text(app)
        await press(pilot, "escape")
        mail_screen(app)


async def test_new_mail_comes_in_while_one_looks(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down")
        screen = mail_screen(app)
        assert screen.list.current is not None
        under = screen.list.current.id
        from datetime import timedelta

        morning.mail("Hello!", sender="New Guest <new@guest.example>", subject="Tonight?", number=9, ago=timedelta(0))
        await until(pilot, lambda: screen.list.total == 5)
        assert screen.list.current.id == under
        assert "New Guest" in screen_text(app)


async def test_a_read_only_desk_says_so_and_changes_nothing(morning: Hotel) -> None:
    async with opened(morning, readonly=True) as (app, pilot):
        await press(pilot, "2", "e")
        assert desk.folders.total(morning.ctx, ListQuery("Inbox")) == 4
        assert "read only" in screen_text(app)
        assert any("read only" in note.message for note in app._notifications)


ATTACHED = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=XX\r\n\r\n--XX\r\nContent-Type: text/plain\r\n\r\nsee file\r\n"
    '--XX\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="../../o[b]ffer.pdf"\r\n\r\nPDF!\r\n--XX--'
)


async def test_attachments_are_saved_under_a_safe_name_and_opened_only_after_a_yes(
    morning: Hotel, tmp_path: Path
) -> None:
    from crm_tui.desk.correspondence.mailbox import Batch, Incoming
    from crm_tui.desk.correspondence.prepare import prepare

    raw = f"From: Ana <a@b.example>\r\nSubject: Offer\r\nDate: Sat, 21 Nov 2026 13:00:00 +0000\r\n{ATTACHED}".encode()
    desk.mailbox.receive(morning.ctx, Batch([Incoming(prepare(raw))]))
    target = tmp_path / "saved"
    program = tmp_path / "open.sh"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/opened\n')
    program.chmod(0o700)
    object.__setattr__(morning.settings, "downloads", str(target))
    object.__setattr__(morning.settings, "opener", str(program))
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "enter", "d")
        await until(pilot, lambda: target.is_dir() and any(target.iterdir()))
        (saved,) = target.iterdir()
        assert saved.parent == target
        assert saved.read_bytes().strip() == b"PDF!"
        await press(pilot, "right", "enter")
        assert isinstance(app.screen, LeaderMenu)
        await press(pilot, "o")
        assert isinstance(app.screen, Ask)
        await press(pilot, "n")
        assert not (tmp_path / "opened").exists()
        await press(pilot, "enter", "o", "y")
        await until(pilot, lambda: (tmp_path / "opened").exists() and bool((tmp_path / "opened").read_text()))
        assert Path((tmp_path / "opened").read_text()).name == saved.name
