"""What is promised in the mail that is being written: one key makes a reminder of it (SPEC §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.timer import Timer
from textual.widgets import TextArea

from crm_tui.base.i18n import _
from crm_tui.screens.compose.sending import SendingScreen
from crm_tui.screens.outbox.notice import announce, seconds_left
from crm_tui.widgets.days import full_day

if TYPE_CHECKING:
    from crm_tui.desk.correspondence.sending_views import OutboxView
    from crm_tui.rules.promises import Promise

RESTED = 0.8
"""Seconds without a key after which the text is looked at."""


class Promises(SendingScreen):
    """Mixin of the compose screen."""

    _looking: Timer | None = None
    _offered: frozenset[str] = frozenset()
    _noted: frozenset[str] = frozenset()

    def promises(self) -> list[Promise]:
        """What the text promises and was not noted yet; not what it quotes."""
        from crm_tui.rules.promises import find

        today = self.shell.clock.now().astimezone(self.shell.zone).date()
        return [one for one in find(self.editor.text, today) if one.sentence not in self._noted]

    @on(TextArea.Changed)
    def _look_soon(self) -> None:
        if self._looking is not None:
            self._looking.stop()
        self._looking = self.set_timer(RESTED, self._look)

    def _look(self) -> None:
        """Say once of each promise that it can be noted."""
        fresh = [one for one in self.promises() if one.sentence not in self._offered]
        if fresh and self._stored is not None and not self._over:
            self._offered |= {one.sentence for one in fresh}
            words = _("A promise for {day}: ctrl+r makes a reminder of it.")
            self._say(words.format(day=full_day(fresh[0].day)))

    @property
    def _about(self) -> dict[str, int | None]:
        letter = self._stored
        if letter is None:
            return {}
        return {"conversation": letter.conversation, "reservation": letter.reservation}

    def action_note_promise(self) -> None:
        """A reminder of what is promised; without one found, of whatever the agent writes."""
        from crm_tui.screens import catalog
        from crm_tui.screens.reminders.promising import form_of

        found = self.promises()
        if not found:
            form = catalog.load(catalog.REMINDER_FORM)
            self.app.push_screen(form(**self._about, values={"promised": True}))
            return
        first = found[0]

        def made(number: int | None) -> None:
            if number is not None:
                self._noted |= {first.sentence}
                self._say(_("Noted for {day}.").format(day=full_day(first.day)))

        self.app.push_screen(form_of(first, self._about), made)

    def _offer_undo(self, item: OutboxView) -> None:
        """The line of what was sent says once what was promised in it and not noted."""
        left = self.promises()
        if not left:
            super()._offer_undo(item)
            return
        from crm_tui.screens.reminders.promising import offer

        words = offer(self.app, left[0], self._about)
        if seconds_left(item, self.shell.clock):
            self.app.call_later(announce, self.app, item, self.shell.clock, words)
        else:
            self.shell.tell(words)
