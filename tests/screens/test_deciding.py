"""Deciding on the mail screen when something else happened in between: a colleague, a second thought, another guest."""

from __future__ import annotations

import pytest

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.dialogs.leader import LeaderMenu
from crm_tui.widgets.dialogs import Ask
from tests.desk.colleagues import colleague
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, settle, until


def told(app: DeskApp, words: str) -> bool:
    return any(words in one.message for one in app._notifications)


def newest(hotel: Hotel, place: str = "Inbox") -> ConversationRow:
    return desk.folders.page(hotel.ctx, ListQuery(place)).rows[0]


async def test_who_took_it_while_the_team_was_shown_keeps_it(morning: Hotel) -> None:
    leo = colleague(morning.ctx, "Leo")
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2", "a")
        assert isinstance(app.screen, LeaderMenu)
        number = newest(morning).id
        desk.triage.assign(leo, [number], "Leo", only_if={number: ""})
        under = app.screen_stack[0]
        await until(pilot, lambda: any(row.assignee == "Leo" for row in under.list.visible_rows()))  # type: ignore[attr-defined]
        await press(pilot, "a")
        await until(pilot, lambda: told(app, "Leo has"))
    assert newest(morning).assignee == "Leo"


async def test_giving_it_to_who_has_it_says_so(morning: Hotel) -> None:
    colleague(morning.ctx, "Leo")
    desk.triage.assign(morning.ctx, [newest(morning).id], "Leo")
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2", "a", "l")
        assert told(app, "Leo has it already.")


async def test_snoozing_again_on_an_empty_list_says_why_not(morning: Hotel) -> None:
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2")
        mail_screen(app).show_place("Snoozed")
        await settle(pilot)
        await press(pilot, "Z")
        assert told(app, "nothing here that could be snoozed again")


async def test_the_cursor_stands_on_what_came_back(morning: Hotel) -> None:
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2")
        rows = mail_screen(app).list
        first = rows.current
        assert first is not None
        await press(pilot, "e", "down", "down", "z")
        assert rows.current is not None
        assert rows.current.id == first.id


async def test_z_shows_a_split_conversation_whole_again(morning: Hotel) -> None:
    async with opened(morning, (150, 45), agent="Ana") as (app, pilot):
        await press(pilot, "2", "down")
        screen = mail_screen(app)
        assert screen.list.current is not None
        whole = screen.list.current
        assert whole.messages == 2
        await press(pilot, "enter", "J", "K", "y")
        shown = screen.reading.conversation
        assert shown is not None
        assert shown.row.id != whole.id
        assert "sender was not among the people" not in screen_text(app)
        await press(pilot, "z")
        shown = screen.reading.conversation
        assert shown is not None
        assert (shown.row.id, len(shown.messages)) == (whole.id, 2)
        assert screen.list.current is not None
        assert screen.list.current.id == whole.id


async def test_different_guests_become_one_conversation_only_after_a_yes(morning: Hotel) -> None:
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2", "space", "space", "M")
        assert isinstance(app.screen, Ask)
        assert "Hôtel du Lac and J. Martín become one conversation?" in screen_text(app)
        await press(pilot, "escape")
        assert mail_screen(app).list.total == 4
        await press(pilot, "M", "m")
        assert mail_screen(app).list.total == 3


async def test_the_same_guest_needs_no_question(morning: Hotel) -> None:
    morning.mail("And one more thing.", sender="M. Petit <m.petit@lac.example>", subject="Parking", number=9)
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2")
        rows = mail_screen(app).list
        for index in range(rows.total):
            row = rows.pages.get(index)
            if row is not None and row.counterpart.address == "m.petit@lac.example":
                rows.move_to(index)
                await press(pilot, "space")
        assert len(rows.marked) == 2
        await press(pilot, "M")
        assert mail_screen(app).list.total == 4


async def test_a_dropped_draft_comes_back_without_taking_the_keys(morning: Hotel) -> None:
    ctx = morning.ctx
    draft = desk.replies.start(ctx, "reply", desk.reading.conversation(ctx, newest(morning).id).messages[-1].id)
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2", "e")
        number = newest(morning, "Done").id
        desk.drafts.drop(ctx, draft.id)
        await press(pilot, "z")
        assert told(app, "It stands in Drafts.")
        await press(pilot, "z")
        assert mail_screen(app).list.current is not None
        assert desk.reading.conversation(ctx, number).row.folder == "Inbox"


async def test_z_pressed_once_more_is_no_letter_of_the_mail_that_was_called_back(
    morning: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = morning.ctx
    monkeypatch.setattr("crm_tui.screens.compose.screen.CALM", 60.0)  # a busy machine presses slowly
    draft = desk.replies.start(ctx, "reply", desk.reading.conversation(ctx, newest(morning).id).messages[-1].id)
    desk.outbox.queue(ctx, draft.id, draft.version)
    async with opened(morning, agent="Ana") as (app, pilot):
        await press(pilot, "2")
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        await pilot.press("z")
        screen = app.screen
        assert isinstance(screen, ComposeScreen)
        await until(pilot, lambda: not screen.editor.read_only)
        text = screen.editor.text
        await pilot.press("z", "z")
        assert screen.editor.text == text
        assert "z" not in screen.to.value
        await pilot.press("a", "z")
        await until(pilot, lambda: screen.editor.text == "az" + text)


async def test_the_title_has_room_for_what_waits(morning: Hotel) -> None:
    first = newest(morning).id
    desk.triage.no_answer_needed(morning.ctx, [first])
    async with opened(morning, (150, 45), agent="Ana") as (app, pilot):
        await press(pilot, "2")
        title = screen_text(app).splitlines()[1]
        assert "3 unanswered" in title
        assert "Sat 21 Nov 13:15" in title
        assert "13:15:" not in title
