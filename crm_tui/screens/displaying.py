"""One's own ticket is opened while its conversation lies on the screen, however it came to be there (SPEC §10)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import NotFound

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.screens.base import Shell


class Displays:
    """Mixin of screens that show a whole conversation: from now on its ticket does not move by itself.

    They call :meth:`ticket_displayed` whenever they show one, or show it anew: the guest may have written again, or the
    ticket may be given to whoever looks. A screen that another one covers shows nothing; it counts when it comes back.
    """

    if TYPE_CHECKING:
        is_current: bool
        is_mounted: bool
        shell: Shell
        ask: Any

    @property
    def displayed(self) -> int | None:
        """The conversation on this screen; None: none."""
        return None

    @property
    def unread(self) -> Sequence[int]:
        """The messages that count as read by that, where nothing else marks them."""
        return ()

    def ticket_displayed(self) -> None:
        """Whoever has the ticket sees it."""
        ctx, number = self.shell.ctx, self.displayed
        if ctx is not None and not ctx.readonly and number is not None and self.is_current:
            messages = self.unread
            self.ask(lambda ctx: _seen(ctx, number, messages), topic="displayed")

    def on_screen_resume(self) -> None:
        """It is to be seen again."""
        if self.is_mounted:
            self.ticket_displayed()


def _seen(ctx: Context, number: int, messages: Sequence[int]) -> None:
    """The actor displays a conversation, if they may still see it."""
    from crm_tui import desk

    with suppress(NotFound):
        desk.tickets.opened(ctx, number)
        if messages:
            desk.reading.mark_seen(ctx, messages)
