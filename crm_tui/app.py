"""The App: modes, themes, keymap and wiring. It declares; what is done stands in screens and desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.theme import Theme

from crm_tui.base.clock import Clock, SystemClock
from crm_tui.base.i18n import _
from crm_tui.base.paths import Home
from crm_tui.base.person import system_user
from crm_tui.base.settings import THEMES, Settings
from crm_tui.desk.common.views import AccountView, Changes, Count, SavedViewView
from crm_tui.desk.shifts.internal_views import Others
from crm_tui.mail.text import display_text
from crm_tui.screens import catalog
from crm_tui.screens.actions import ACTIONS
from crm_tui.screens.allowing import Allowing
from crm_tui.screens.base import DeskScreen, Guarded
from crm_tui.screens.curtain.locking import Locking
from crm_tui.screens.going import Going
from crm_tui.screens.key_order import KeyOrder
from crm_tui.screens.presence import attended
from crm_tui.screens.snapshot import Snapshot, opener_key
from crm_tui.screens.snapshot import load as load_snapshot
from crm_tui.screens.telling import Telling
from crm_tui.screens.wiring import DeskLife
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.background import Background
from crm_tui.widgets.header import DeskStatus
from crm_tui.widgets.sparing import Sparing
from crm_tui.widgets.stylesheet import DeskStylesheet
from crm_tui.widgets.themes import desk_themes
from crm_tui.widgets.tidying import Tidying

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

Opener = Callable[[], "Context"]

_SCREENS = Path(__file__).parent / "screens"


class DeskApp(Locking, Allowing, KeyOrder, Telling, Sparing, Tidying, Guarded, App[int]):
    """The desk.

    Args:
        home: where store, settings and logs live.
        settings: of this machine.
        opener: opens the store; called in a thread after the first frame.
        clock: tells the time everywhere.
        keymap: action id to keys, checked by :func:`crm_tui.widgets.keymap.load_keymap`.
        engine: runs sync and outbox until told to stop; ``None`` if another process does.
        agent, db: whom and which store the command line names; empty for the usual.
    """

    CSS_PATH = [_SCREENS / "desk.tcss", _SCREENS / "start" / "screen.tcss", _SCREENS / "mail" / "screen.tcss"]
    TITLE = "crm_tui"
    BINDINGS = bindings(ACTIONS)
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {lambda: catalog.load("crm_tui.screens.palette:ActionProvider")}

    def __init__(
        self,
        home: Home,
        settings: Settings,
        opener: Opener,
        *,
        clock: Clock | None = None,
        keymap: dict[str, str] | None = None,
        engine: Any = None,
        agent: str = "",
        db: str = "",
    ) -> None:
        self._theme_now: Theme | None = None
        self.who = opener_key(agent or settings.agent, system_user(), db)
        self.usual = not (agent or db)
        self.snapshot: Snapshot | None = load_snapshot(home.snapshot, self.who)
        known = {mode.id for mode in catalog.modes()}
        last = self.snapshot.mode if self.snapshot else ""
        self.DEFAULT_MODE = last if last in known else "start"  # type: ignore[misc]  # the first frame is this screen
        super().__init__()
        self.stylesheet = DeskStylesheet(variables=self.get_css_variables())
        self.home, self.settings, self.clock = home, settings, clock or SystemClock()
        self.background = Background()
        self.counts: dict[str, Count] = {}
        self.accounts: tuple[AccountView, ...] = ()
        self.views: tuple[SavedViewView, ...] = ()
        self.others = Others()
        self.status = DeskStatus(agent=display_text(settings.agent))
        self.zone: tzinfo = UTC
        self.ctx: Context | None = None
        self.engine = engine
        self._life = DeskLife(self, opener, engine)
        self._going = Going(self)
        self._offer_themes()
        for mode in catalog.modes():
            self.add_mode(mode.id, partial(self._make, mode.screen))
        self.start_locking()
        if keymap:
            self.set_keymap(keymap)
        self._take_over_snapshot()

    def _offer_themes(self) -> None:
        for theme in desk_themes():
            self.register_theme(theme)
        self.theme = self.settings.theme

    @property
    def current_theme(self) -> Theme:
        """The theme; Textual asks for each line that it paints, and would put the table of all together for it."""
        if self._theme_now is None or self._theme_now.name != self.theme:
            self._theme_now = super().current_theme
        return self._theme_now

    def _make(self, path: str) -> Screen[Any]:
        screen: Screen[Any] = catalog.load(path)()
        return screen

    def _take_over_snapshot(self) -> None:
        last = self.snapshot
        if last is None:
            return
        self.counts, self.accounts = dict(last.counts), last.accounts
        with suppress(Exception):
            self.zone = ZoneInfo(last.zone)
        self.status = replace(
            self.status,
            property=last.property,
            agent=last.agent or self.status.agent,
            synced_at=last.synced_at,
            accounts=len(last.accounts),
        )

    # Life

    def on_ready(self) -> None:
        """The first frame is painted: open the store. Sooner, its imports would take the processor from the frame."""
        self._life.check_size(self.size)
        self.screen_change_signal.subscribe(self, self._another_screen)
        self.set_timer(0.01, self._life.begin)

    def exit(self, result: int | None = None, return_code: int = 0, message: Any = None) -> None:
        """Keep the last list for the next start while its screen is still there, then leave."""
        if self.ctx is not None:
            self._life.snapshots.save()
        super().exit(result, return_code, message)

    def on_unmount(self) -> None:
        """Stop the threads."""
        self._life.end()

    async def on_event(self, event: events.Event) -> None:
        """Keys and the mouse tell that the agent is there, unless the desk is hidden: then it may be anybody."""
        if isinstance(event, events.Key | events.MouseDown | events.Paste) and not self.locked:
            self._life.timekeeper.pressed()
        await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the terminal is too small, and take it back when it is not."""
        self.call_later(self._life.check_size, event.size)  # Textual takes the new size over after this handler

    def _another_screen(self, screen: Screen[Any]) -> None:
        self.turn_page(screen)
        self.attend()

    def attend(self) -> None:
        """Tell the other desks what is open here."""
        self._life.beacon.show(attended(self.screen_stack))

    def changed(self, changes: Changes) -> None:
        """Something in the store changed: every screen that is mounted refreshes what it shows."""
        for screen in self.desk_screens():
            screen.desk_changed(changes)

    def desk_screens(self) -> list[DeskScreen[Any]]:
        """The screens of all modes that are mounted."""
        stacks = self._screen_stacks.values()
        return [screen for stack in stacks for screen in stack if isinstance(screen, DeskScreen) and screen.is_mounted]

    # Going

    def go(self, place_id: str) -> None:
        """Go to a place of the catalog, or to a saved view (``view:NUMBER``)."""
        if place_id.startswith("view:"):
            self._going.show_list(place_id)
        else:
            self._going.go(catalog.place(place_id))

    def show_folder(self, folder: str) -> None:
        """Show a folder or a saved view."""
        self._going.show_list(folder)

    def open_conversation(self, conversation_id: int, message_id: int | None = None) -> None:
        """Show a conversation on the mail screen."""
        self._going.on_mail(lambda screen: screen.open_conversation(conversation_id, message_id))

    def open_inquiry(self, inquiry_id: int) -> None:
        """Show an inquiry over the present screen."""
        self.push_screen(catalog.load(catalog.INQUIRY)(inquiry_id))

    def open_guest(self, guest_id: int) -> None:
        """Show a guest's profile over the present screen."""
        self.push_screen(catalog.load(catalog.GUEST)(guest_id))

    def open_reservation(self, reservation_id: int, beside: Callable[[int], int | None] | None = None) -> None:
        """Show a reservation over the present screen."""
        self.push_screen(catalog.load(catalog.RESERVATION)(reservation_id, beside))

    def write(
        self,
        kind: str,
        *,
        message_id: int | None = None,
        conversation_id: int | None = None,
        draft_id: int | None = None,
        undone: bool = False,
        to: str = "",
        reservation_id: int | None = None,
    ) -> None:
        """Open the compose screen."""
        make = catalog.load(catalog.COMPOSE)
        where = {"message_id": message_id, "conversation_id": conversation_id, "draft_id": draft_id}
        where["reservation_id"] = reservation_id
        self.push_screen(make(kind, **where, undone=undone, to=to))

    def sync_now(self) -> None:
        """Have the engine fetch mail now."""
        self._life.sync_now()

    # Actions

    def action_go(self, place_id: str) -> None:
        """Go to a place."""
        self.go(place_id)

    def action_go_to(self) -> None:
        """Show the go-to menu."""
        self._going.menu()

    def action_search(self) -> None:
        """Open the search box."""
        self.push_screen(catalog.load("crm_tui.screens.search.screen:SearchScreen")())

    def action_compose_new(self) -> None:
        """Write a new message."""
        self.write("new")

    def action_new_inquiry(self) -> None:
        """Take down an inquiry by phone or at the counter."""

        def taken_down(number: int | None) -> None:
            if number is not None:
                self.open_inquiry(number)

        self.push_screen(catalog.load(catalog.NEW_INQUIRY)(), taken_down)

    def action_sync_now(self) -> None:
        """Fetch mail now."""
        self.sync_now()

    def action_timer(self) -> None:
        """Start the timer of this desk, or stop it."""
        self._life.timekeeper.toggle()

    def action_intake(self) -> None:
        """Pause new tickets, or take them again."""
        self._life.timekeeper.toggle_intake()

    def action_undo(self) -> None:
        """Take the last command back."""
        self._life.undo()

    async def action_back(self) -> None:
        """Leave the screen on top, if another lies under it."""
        if len(self.screen_stack) > 1:
            await self.pop_screen()

    def action_show_help(self) -> None:
        """Show the keys of this screen."""
        from crm_tui.screens.dialogs.help import HelpScreen, keys_of

        signs = getattr(self.screen, "signs", None)
        self.push_screen(HelpScreen(keys_of(self.screen), signs() if signs else []))

    def action_next_theme(self) -> None:
        """The next theme."""
        from crm_tui.screens.settings.fields import CHOICE_WORDS

        self.theme = THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)] if self.theme in THEMES else THEMES[0]
        self.tell(_("Colours: {name}").format(name=_(CHOICE_WORDS[self.theme])))

    def action_quit_desk(self) -> None:
        """Close the desk; asks only if something would be lost."""
        self._life.quit()
