"""Locking, hiding, signing in and changing hands: the App's side of the curtain (SPEC §13).

While the curtain is down the screens below stay as they are, in their own modes: no key, click or palette reaches them, what
opens by itself opens behind, and nothing is told. The engine goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.screen import Screen
from textual.widget import AwaitMount

from crm_tui.base import locked as notes
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.base.person import system_user
from crm_tui.base.redact import Secret
from crm_tui.screens import catalog

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.base.settings import Settings
    from crm_tui.desk.common.context import Context
    from crm_tui.screens.wiring import DeskLife
    from crm_tui.widgets.background import Background
    from crm_tui.widgets.header import DeskStatus

    _Base = App[Any]
else:
    _Base = object

CURTAIN = "curtain"
"""The mode of the curtain."""


def awake() -> float:
    """Seconds since some instant, those included in which the machine slept: a lid that was shut is nobody at the desk."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


KEPT = 3
"""So many remarks that came meanwhile are told when the curtain rises."""


class Locking(_Base):
    """Mixin of the App, before all others."""

    if TYPE_CHECKING:
        ctx: Context | None
        background: Background
        settings: Settings
        status: DeskStatus
        report: Any
        desk_screens: Any
        tell: Any
        attend: Any
        _life: DeskLife

    locked = False
    pinned = False
    """Whether the agent has a PIN, as far as is known; who raises the curtain is asked anew."""
    _behind = ""
    _remarks: list[tuple[str, dict[str, Any]]]
    _touched: float
    _whose = ""
    _way_in: Callable[[Secret | None], Context] | None = None

    def start_locking(self) -> None:
        """To be called when the App is made."""
        self._remarks, self._touched = [], awake()
        self.add_mode(CURTAIN, lambda: catalog.load("crm_tui.screens.curtain.screen:Curtain")())

    # What passes

    async def on_event(self, event: events.Event) -> None:
        """Somebody is there as long as keys and the mouse are used."""
        if isinstance(
            event, events.Key | events.Paste | events.MouseDown | events.MouseScrollDown | events.MouseScrollUp
        ):
            self.lock_if_idle()  # the first key after the machine slept, or after ctrl+z in another window, shows nothing
            self._touched = awake()
        await super().on_event(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No action of the desk while it is hidden."""
        if self.locked:
            return False
        allowed: bool | None = super().check_action(action, parameters)
        return allowed

    if not TYPE_CHECKING:  # Textual's own signature, with its overloads, holds

        def push_screen(
            self, screen: Any, callback: Any = None, *args: Any, mode: str | None = None, **named: Any
        ) -> Any:
            """What opens by itself while the desk is hidden opens behind the curtain."""
            if self.locked and mode is None and not _over_curtain(screen):
                mode = self._behind
            return super().push_screen(screen, callback, *args, mode=mode, **named)

        def notify(self, message: str, *, markup: bool = False, **named: Any) -> None:  # noqa: ARG002 -- never parsed
            """What is told while the desk is hidden is told when it shows again."""
            if self.locked:
                self._remarks = [*self._remarks, (message, named)][-KEPT:]
                return
            super().notify(message, markup=False, **named)

    def switch_mode(self, mode: str) -> AwaitMount:
        """Where the desk is when the curtain rises."""
        if self.locked and mode != CURTAIN:
            self._behind = mode
            return AwaitMount(self.screen, [])
        mounted: AwaitMount = super().switch_mode(mode)
        return mounted

    # Hiding

    def action_hide(self) -> None:
        """Hide everything at once."""
        self.lock()

    def lock_if_idle(self) -> None:
        """Hide everything if nobody pressed a key for so long."""
        minutes = self.settings.lock_minutes
        if minutes and not self.locked and awake() - self._touched >= 60 * minutes:
            self.lock()

    def lock(self) -> None:
        """Let the curtain fall; drafts are saved before. While the store is still opening it only hides."""
        if self.locked:
            return
        for screen in self.desk_screens():
            save = getattr(screen, "autosave", None)
            if save is not None:
                save()
        self._whose, self._way_in = self.status.agent, None
        if self.ctx is not None and self.ctx.actor.id is not None:
            notes.note(self.ctx.home, self.ctx.actor.id)
        self._fall()

    def opened_behind(self) -> None:
        """The store was opened while the curtain was down already: it waits for the one whose desk it is."""
        if self.locked and self.ctx is not None:
            self._whose = self.status.agent
            if self.ctx.actor.id is not None:
                notes.note(self.ctx.home, self.ctx.actor.id)
            self._refresh_curtain()

    def _fall(self) -> None:
        self.clear_notifications()
        if not self.locked:
            self._behind = self.current_mode
            self.locked = True
        self.switch_mode(CURTAIN)

    def rise(self, mode: str = "") -> None:
        """Raise the curtain; ``mode``: on this one, and not on the one that was left."""
        if not self.locked:
            return
        self._behind = mode or self._behind
        self.locked = False
        if self.ctx is not None and self.ctx.actor.id is not None:
            notes.forget(self.ctx.home, self.ctx.actor.id)
        self._way_in = None
        self._touched = awake()
        self.switch_mode(self._behind)
        self.attend()
        remarks, self._remarks = self._remarks, []
        for message, named in remarks:
            self.notify(message, markup=False, **named)

    def forget_remarks(self) -> None:
        """What came meanwhile is not for the one who has the desk now."""
        self._remarks = []

    async def make_modes_anew(self) -> None:
        """Close every screen of the desk behind the curtain."""
        for place in catalog.modes():
            make = self._modes[place.id]
            await self.remove_mode(place.id)
            self.add_mode(place.id, make)

    # The curtain asks

    @property
    def asks_pin(self) -> bool:
        """Whether a PIN is to be typed, as far as is known."""
        return self._way_in is not None or (self.pinned and self.ctx is not None)

    @property
    def curtain_words(self) -> tuple[str, str, str]:
        """Title, text and keys of the curtain."""
        title = self.status.property or "crm_tui"
        another = _("ctrl+g: another agent")
        if self._way_in is not None:
            return (
                title,
                _("PIN of {name}").format(name=self._whose),
                _("Enter: sign in · {another}").format(another=another),
            )
        if self.ctx is None or not self._whose:
            return (
                title,
                "" if self.ctx is None else _("The desk is hidden."),
                "" if self.ctx is None else _("Enter: back"),
            )
        text = _("The desk of {name} is locked. Mail and reminders go on.").format(name=self._whose)
        keys = _("PIN, then Enter · {another}") if self.pinned else _("Enter: show it again · {another}")
        return title, text, keys.format(another=another)

    def curtain_answered(self, secret: Secret | None) -> None:
        """Something was typed on the curtain."""
        way_in, ctx = self._way_in, self.ctx
        if way_in is not None:
            self._sign_in(lambda: way_in(secret))
        elif ctx is not None:
            self.background.submit(self, lambda: _prove(ctx, secret), lambda _done: self.rise(), self._stay)

    def _stay(self, error: Exception) -> None:
        if not isinstance(error, CrmError):
            self.report(error)
        if self.current_mode == CURTAIN:
            say = getattr(self.curtain, "say", None)
            if say is not None:
                say(str(error) if isinstance(error, CrmError) else _("That did not work. Try again."))

    @property
    def curtain(self) -> Screen[Any]:
        """The curtain, if it was ever down."""
        stack: list[Screen[Any]] = self._screen_stacks[CURTAIN]
        return stack[0]

    # Signing in

    def choose_who(self, names: list[str], way_in: Callable[[str, Secret | None], Context], *, leave: bool) -> None:
        """Ask who is at the keyboard, then for the PIN if that one has any.

        Args:
            way_in: the desk in the hands of the one named; raises ``NeedsPin`` where a PIN must be given.
            leave: whoever does not say leaves the desk; else the curtain stays as it was.
        """
        from crm_tui.widgets.dialogs import PickList
        from crm_tui.widgets.forms.choice import Choice

        def chosen(choice: Choice | None) -> None:
            if choice is not None:
                name = choice.value
                self.ask_pin(name, lambda secret: way_in(name, secret), at_once=True)
            elif leave and self.ctx is None:
                self.exit(return_code=1, message=_("Nobody said who they are."))

        if not self.locked:
            self._whose = ""
            self._fall()
        self.push_screen(PickList(_("Who are you?"), [Choice(name, name) for name in names]), chosen, mode=CURTAIN)

    def ask_pin(self, name: str, way_in: Callable[[Secret | None], Context], *, at_once: bool = False) -> None:
        """Let the curtain ask for the PIN of an agent; ``at_once``: try without one first."""
        self._whose, self._way_in = name, way_in
        if at_once:
            self._sign_in(lambda: way_in(None))
            return
        self._fall()
        self._refresh_curtain()

    def _sign_in(self, work: Callable[[], Context]) -> None:
        from crm_tui.desk.staff.sign_in import NeedsPin

        def refused(error: Exception) -> None:
            self._refresh_curtain()
            if not isinstance(error, NeedsPin):
                self._stay(error)

        self._life.take_hands(work, refused)

    def _refresh_curtain(self) -> None:
        show = getattr(self.curtain, "show", None) if self.locked else None
        if show is not None:
            show(self.curtain_words)

    def action_switch_agent(self) -> None:
        """Hand the desk to another agent, without closing it."""
        ctx, unproved = self.ctx, self.locked
        if ctx is None:
            return
        if not self.locked:
            unsaved = [screen.unsaved for screen in self.desk_screens() if screen.unsaved]
            if unsaved:
                self.tell(_("Finish or leave what is open first: {what}").format(what=" ".join(unsaved)), warning=True)
                return
            self.lock()

        def names() -> list[str]:
            from crm_tui import desk

            return [name for name, _pin in desk.sign_in.agents(ctx)]

        def way_in(name: str, secret: Secret | None) -> Context:
            from crm_tui import desk

            return desk.sign_in.switch(ctx, name, system_user(), secret, unproved=unproved)

        self.background.submit(
            self, names, lambda found: self.choose_who(found, way_in, leave=False), self._stay, "who"
        )


def _prove(ctx: Context, secret: Secret | None) -> None:
    from crm_tui import desk
    from crm_tui.desk.staff.sign_in import NeedsPin

    if ctx.actor.id is None or not desk.sign_in.has_pin(ctx):
        return
    if secret is None:
        raise NeedsPin(ctx.actor.name, _("Type it, then Enter."))
    desk.sign_in.check(ctx, ctx.actor.id, secret)


def _over_curtain(screen: Any) -> bool:
    from crm_tui.screens.dialogs.small import TooSmall

    return isinstance(screen, TooSmall)
