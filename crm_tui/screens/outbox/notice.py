"""The line that counts down while a sent message can still be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.clock import Clock
from crm_tui.base.i18n import _, ngettext

if TYPE_CHECKING:
    from crm_tui.desk.correspondence.sending_views import OutboxView


def seconds_left(item: OutboxView, clock: Clock) -> int:
    """Whole seconds until a queued message goes out; 0 when it does."""
    left = (item.not_before - clock.now()).total_seconds()
    return max(0, int(left + 0.999))


def recipients_words(item: OutboxView) -> str:
    """Whom it goes to: the first, and how many more."""
    first = item.recipients[0] if item.recipients else _("nobody")
    more = len(item.recipients) - 1
    return (
        first
        if more < 1
        else ngettext("{first} and {n} more", "{first} and {n} more", more).format(first=first, n=more)
    )


class SentNotice(Static):
    """Above the footer: what was sent, and how long ``z`` takes it back. Goes by itself."""

    DEFAULT_CSS = """
    SentNotice {
        dock: bottom; height: 1; margin: 0 0 1 0; padding: 0 1; background: $success-muted; color: $text;
    }
    """

    def __init__(self, item: OutboxView, clock: Clock, offer: str = "") -> None:
        super().__init__("")
        self._offer = offer
        self._item = item
        self._clock = clock

    def on_mount(self) -> None:
        """Count."""
        self.set_interval(1, self.count)
        self.count()

    def count(self) -> None:
        """Show the seconds left; at the end, go."""
        left = seconds_left(self._item, self._clock)
        if left == 0:
            self.remove()
            return
        words = _("Sending to {who}").format(who=recipients_words(self._item))
        undo = ngettext("z takes it back ({n} s)", "z takes it back ({n} s)", left).format(n=left)
        offer = f"  · {self._offer}" if self._offer else ""
        self.update(Content.assemble(("✔ ", "bold"), words, "  ", (undo, "bold"), offer))


def announce(app: App[Any], item: OutboxView, clock: Clock, offer: str = "") -> None:
    """Show the line on the screen that is on top now; an older one goes. ``offer``: what else could be done now."""
    screen = app.screen
    screen.query(SentNotice).remove()
    if seconds_left(item, clock) > 0:
        screen.mount(SentNotice(item, clock, offer))


def withdraw(app: App[Any]) -> None:
    """Take the line away: the message was taken back."""
    for screen in app.screen_stack:
        screen.query(SentNotice).remove()
