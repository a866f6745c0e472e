"""Around the screens: going places, help, palette, size, quitting, and what happens when something breaks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from crm_tui import desk
from crm_tui.base.errors import CrmError, StoreError
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.screens.dialogs.help import HelpScreen
from crm_tui.screens.dialogs.leader import LeaderMenu
from crm_tui.screens.dialogs.small import TooSmall
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.screens.start.screen import StartScreen
from crm_tui.widgets.dialogs import Ask
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, mail_screen, opened, press, screen_text, settle, until


async def test_modes_and_the_go_to_menu(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        mail_screen(app)
        await press(pilot, "1")
        assert type(app.screen) is StartScreen
        await press(pilot, "g")
        assert type(app.screen).__name__ == LeaderMenu.__name__
        text = screen_text(app)
        for line in ("i Inbox", "q Inquiries", "w Waitlist", "o Outbox", "a Accounts"):
            assert line in text
        await press(pilot, "w")
        assert mail_screen(app).query_shown.place == "Waitlist"
        await press(pilot, "g", "Z")
        mail_screen(app)


async def test_the_go_to_menu_shows_every_place_on_the_smallest_terminal(morning: Hotel) -> None:
    from crm_tui.screens import catalog

    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "g")
        text = screen_text(app)
        for place in catalog.PLACES:
            assert f" {place.letter} {place.label}" in text


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_a_click_picks_an_entry_of_the_go_to_menu(morning: Hotel, size: tuple[int, int]) -> None:
    for label, name in (("Tickets", "TicketsScreen"), ("Working time", "WorkingScreen"), ("Waitlist", "MailScreen")):
        async with opened(morning, size=size) as (app, pilot):
            await press(pilot, "g")
            menu = app.screen.query_one("#choices")
            lines = [menu.render_line(y).text for y in range(menu.size.height)]
            row = next(y for y, line in enumerate(lines) if f" {label} " in line)
            await pilot.click("#choices", offset=(lines[row].index(f" {label} ") + 2, row))
            await until(pilot, lambda app=app, name=name: type(app.screen).__name__ == name)  # type: ignore[misc]


async def test_places_opened_over_a_mode_do_not_hold_one_back(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        for keys in (("1",), ("2",), ("g", "w"), ("g", "o"), ("g", "a"), ("g", "d")):
            await press(pilot, "g", "d")
            assert type(app.screen).__name__ == "DraftsScreen"
            await press(pilot, *keys)
            if keys == ("1",):
                await until(pilot, lambda: isinstance(app.screen, StartScreen))
            elif keys in (("2",), ("g", "w")):
                await until(pilot, lambda: isinstance(app.screen, MailScreen))
            assert len(app.screen_stack) == (1 if keys[-1] in "12w" else 2)
        assert not app._notifications


async def test_what_would_be_lost_holds_one_back(morning: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_tui.screens.outbox.drafts import DraftsScreen

    monkeypatch.setattr(DraftsScreen, "unsaved", property(lambda _self: "Half a form."))
    async with opened(morning) as (app, pilot):
        await press(pilot, "g", "d", "1")
        assert isinstance(app.screen, DraftsScreen)
        assert [note.message for note in app._notifications] == ["That is open behind this screen: Esc leads there."]


async def test_remarks_go_when_one_goes_on_and_do_not_pile_up(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "f2", "f2")
        assert [note.message for note in app._notifications] == ["Colours: contrast"]
        await press(pilot, "2")
        assert not app._notifications


async def test_the_go_to_menu_counts_like_the_left_pane(morning: Hotel) -> None:
    from crm_tui.screens import side

    async with opened(morning) as (app, pilot):
        desk.triage.move(morning.ctx, [desk.folders.page(morning.ctx, ListQuery()).rows[0].id], "Done")
        await until(pilot, lambda: app.counts["Done"].total == 1)
        assert side.badge("Inbox", app.counts["Inbox"]) == "3"
        assert side.badge("Done", app.counts["Done"]) == ""
        await press(pilot, "g")
        text = screen_text(app)
        assert re.search(r" i Inbox +3 ", text)
        assert not re.search(r" e Done +\d", text)


async def test_help_shows_the_keys_of_the_screen_and_the_signs(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        text = screen_text(app)
        for words in (
            "Answer the sender",
            "Move to the Waitlist",
            "Search as you type",
        ):
            assert words in text
        await press(pilot, "pagedown", "pagedown")
        assert "waits for our answer" in screen_text(app)
        await press(pilot, "escape")
        mail_screen(app)


async def test_the_palette_finds_actions_by_name(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "ctrl+p")
        await pilot.press(*"waitl")
        await until(pilot, lambda: "Move to the Waitlist" in screen_text(app))
        await pilot.press("escape")
        await settle(pilot)
        await press(pilot, "ctrl+p")
        await pilot.press(*"go to starred")
        await until(pilot, lambda: "g *" in screen_text(app))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, MailScreen) and app.screen.query_shown.place == "Starred")


async def test_too_small_says_so_and_comes_back(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down")
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: isinstance(app.screen, TooSmall))
        await until(pilot, lambda: "60×20" in screen_text(app))
        assert "80×24" in screen_text(app)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: isinstance(app.screen, MailScreen))
        assert mail_screen(app).list.index == 1


async def test_started_too_small_it_opens_when_enlarged(morning: Hotel) -> None:
    app = desk_of(morning)
    async with app.run_test(size=(50, 12)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TooSmall))
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: isinstance(app.screen, StartScreen))


async def test_q_leaves_at_once_when_nothing_would_be_lost(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)
    assert morning.home.snapshot.exists()


async def test_q_asks_when_something_would_be_lost(morning: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MailScreen, "unsaved", property(lambda _self: "A message is being sent."))
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "q")
        assert isinstance(app.screen, Ask)
        assert "A message is being sent." in screen_text(app)
        await press(pilot, "n")
        mail_screen(app)
        await pilot.press("q", "y")
        await until(pilot, lambda: not app.is_running)


async def test_a_toast_goes_when_the_screen_changes_unless_it_was_told_just_now(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        app.tell("Just now")
        await press(pilot, "g")
        assert [told.message for told in app._notifications] == ["Just now"]
        await press(pilot, "escape")
        for told in app._notifications:
            told.raised_at -= 1
        await press(pilot, "1")
        assert not list(app._notifications)


async def test_the_next_start_shows_the_last_list_before_the_store_is_open(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2", "down")
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)
    import threading

    gate = threading.Event()
    again = desk_of(morning)
    opener: Callable[[], Context] = again._life._opener

    def slow() -> Context:
        gate.wait(10)
        return opener()

    again._life._opener = slow
    async with again.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(again.screen, MailScreen) and "Hôtel du Lac" in screen_text(again))
        assert "opening…" in screen_text(again)
        await pilot.press("down")
        assert mail_screen(again).list.index == 2
        gate.set()
        await until(pilot, lambda: again.ctx is not None)
        await settle(pilot)
        assert mail_screen(again).list.index == 2
        assert "opening…" not in screen_text(again)


SECRET = "canary-password-4711"


async def test_a_bug_in_a_handler_is_told_and_logged_without_values_and_the_desk_goes_on(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        screen = mail_screen(app)

        def broken() -> None:
            password = SECRET
            raise RuntimeError(f"no {password}")

        screen.call_later(broken)
        await until(pilot, lambda: bool(app._notifications))
        (note,) = app._notifications
        assert str(morning.home.log) in note.message
        assert SECRET not in note.message
        await press(pilot, "down", "down")
        assert screen.list.index == 2
        log = morning.home.log.read_text()
        assert "RuntimeError" in log
        assert "test_shell.py" in log
        assert SECRET not in log
        assert isinstance(app._exception, RuntimeError)
        app._exception = None  # the pilot would raise it again


async def test_an_expected_failure_is_a_sentence(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")

        def fails(_ctx: Context) -> None:
            raise CrmError("The disk is full; nothing was changed.", "Make room and try again.")

        mail_screen(app).ask(fails)
        await until(pilot, lambda: bool(app._notifications))
        assert [note.message for note in app._notifications] == [
            "The disk is full; nothing was changed. Make room and try again."
        ]
        assert "RuntimeError" not in (morning.home.log.read_text() if morning.home.log.exists() else "")


async def test_a_store_that_does_not_open_ends_the_desk_with_its_sentence(
    morning: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = desk_of(morning)

    def refuses() -> Context:
        raise StoreError("The store is of a newer version.", "Update the program.")

    app._life._opener = refuses
    said: list[str] = []
    monkeypatch.setattr(app, "_print_error_renderables", lambda: said.extend(map(str, app._exit_renderables)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 1
    assert said == ["The store is of a newer version. Update the program."]


async def test_themes_go_round(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        seen = [app.theme]
        for _theme in range(4):
            await press(pilot, "f2")
            seen.append(app.theme)
            assert "UNANSWERED" in screen_text(app)
        assert seen == ["desk-dark", "desk-light", "desk-contrast", "desk-16", "desk-dark"]


async def test_the_footer_shows_what_works_and_a_click_does_it(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        lines = screen_text(app).split("\n")
        assert "r Reply" in lines[-1]
        assert "^p Palette" in lines[-1]
        await pilot.click(offset=(lines[-1].index("g Go to"), len(lines) - 1))
        await settle(pilot)
        assert isinstance(app.screen, LeaderMenu)
